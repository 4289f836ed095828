//! The coaching queue on a real Postgres: signals out of facts, entries that are never doubled, steps of supervisors.
#![cfg(feature = "testing")]

use chrono::{DateTime, Duration, Utc};
use muster::coaching::{
    self, Action, Code, Entry, Evidence, Filter, Kind, Page, Resolved, Shown, State, act, counts, page, priority, undo,
};
use muster::disputes;
use muster::night::{self, Job};
use muster::people::{Permission, Role, User};
use muster::testing::{self, World, date, moment};
use muster::units::{SiteId, WorkerId};
use muster::{Error, Result};

/// 07:00 of a day, local time.
fn morning(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "07:00")
}

/// The night and morning before a day.
async fn morning_of(world: &World, day: &str) {
    night::run_all(world.db(), world.organization(), morning(world, day), &|_| {}).await.unwrap();
}

async fn user(world: &World, name: &str, role: Role, sites: &[SiteId]) -> User {
    let mut user = world.user(name, role);
    for site in sites {
        user = user.looks_after(*site);
    }
    let (id, org, sites) = (user.await, world.organization().clone(), sites.to_vec());
    User { id, org, name: name.into(), role, worker: None, client: None, sites, theme: "system".into(), unread: 0 }
}

async fn supervisor(world: &World, name: &str, sites: &[SiteId]) -> User {
    user(world, name, Role::Supervisor, sites).await
}

async fn queue(world: &World, user: &User, shown: Shown, day: &str) -> Page {
    let scope = user.scope(Permission::Coaching).unwrap();
    let last = date(day).pred_opt().unwrap();
    let mut tx = world.tx().await;
    page(&mut tx, &scope, &Resolved { shown, page: 1, ..Resolved::default() }, user.worker, last).await.unwrap()
}

async fn only(world: &World, user: &User, day: &str) -> Entry {
    let mut page = queue(world, user, Shown::Open, day).await;
    assert_eq!(page.entries.len(), 1, "{:?}", page.entries);
    page.entries.remove(0)
}

async fn done(world: &World, user: &User, entry: &Entry, action: Action, now: DateTime<Utc>) -> Result<coaching::Done> {
    let scope = user.scope(Permission::Coaching).unwrap();
    let mut tx = world.tx().await;
    let done = act(&mut tx, user, &scope, (entry.id, entry.version), &action, now).await?;
    tx.commit().await?;
    Ok(done)
}

/// Ana worked every day of February but missed the shift of the 20th without a call.
async fn one_missed_shift(world: &World) -> WorkerId {
    let ana = world.worker("Ana").await;
    for day in 1..=28 {
        let shift = world.shift(ana).on(&format!("2026-02-{day:02}"));
        if day == 20 {
            shift.no_show().await
        } else {
            shift.clocked_in("06:00").await
        };
    }
    ana
}

#[tokio::test]
async fn a_missed_shift_is_suggested_with_its_day_and_the_priority_anybody_can_repeat() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let entry = only(&world, &farai, "2026-03-01").await;
    let missed = entry.signals.iter().find(|it| it.code() == Code::NoShow).unwrap();
    assert_eq!(missed.evidence, Evidence::NoShow { days: vec![date("2026-02-20")], scheduled: 28 });
    // One missed shift 0.6; the long streaks it ended 0.2: 100·(1 − 0.52·0.84).
    assert!(entry.signals.iter().any(|it| it.code() == Code::BrokenStreak) == (entry.signals.len() == 2));
    assert_eq!(entry.priority, priority(&entry.signals));
    assert!((entry.priority - if entry.signals.len() == 2 { 56.32 } else { 48.0 }).abs() < 1e-9);
    assert_eq!((entry.state, entry.kind, entry.name.as_str()), (State::Suggested, Kind::Help, "Ana"));
    assert!(entry.talking_points[0].contains("20"), "{:?}", entry.talking_points);
}

#[tokio::test]
async fn a_streak_of_twenty_days_that_ended_is_a_signal_and_a_shorter_one_is_not() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    for (name, broken_on) in [("Ana", 21), ("Ben", 20)] {
        let worker = world.worker(name).await;
        for day in 1..=28 {
            let shift = world.shift(worker).on(&format!("2026-02-{day:02}"));
            if day == broken_on {
                shift.no_show().await
            } else {
                shift.clocked_in("06:00").await
            };
        }
    }
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let page = queue(&world, &farai, Shown::Open, "2026-03-01").await;
    let of = |name: &str| {
        let entry = page.entries.iter().find(|it| it.name == name).unwrap();
        entry.signals.iter().map(|it| it.code()).collect::<Vec<_>>()
    };
    assert_eq!(of("Ana"), [Code::NoShow, Code::BrokenStreak]);
    assert_eq!(of("Ben"), [Code::NoShow]);
    let order: Vec<&str> = page.entries.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(order, ["Ana", "Ben"], "56.32 before 48");
}

#[tokio::test]
async fn the_same_morning_twice_and_the_next_mornings_list_nobody_twice() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let first = only(&world, &farai, "2026-03-01").await;
    let again = night::run(world.db(), world.organization(), Job::Coaching, morning(&world, "2026-03-01"), &|_| {});
    assert_eq!(again.await.unwrap(), 0, "a second run changes nothing");
    morning_of(&world, "2026-03-02").await;
    morning_of(&world, "2026-03-05").await;
    let entry = only(&world, &farai, "2026-03-05").await;
    assert_eq!((entry.id, entry.version, entry.suggested_on), (first.id, 1, date("2026-03-01")));
    assert_eq!(entry.judged_on, date("2026-03-05"));
}

#[tokio::test]
async fn a_suggestion_settles_by_itself_when_its_signals_have_left_the_window() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    for day in 1..=25 {
        world.shift(ana).on(&format!("2026-03-{day:02}")).clocked_in("06:00").await;
    }
    morning_of(&world, "2026-03-26").await;
    assert!(queue(&world, &farai, Shown::Open, "2026-03-26").await.entries.is_empty());
    let closed = queue(&world, &farai, Shown::Closed, "2026-03-26").await;
    assert_eq!(closed.entries[0].state, State::Lapsed);
}

#[tokio::test]
async fn what_was_snoozed_comes_back_only_for_something_new_or_worse() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let entry = only(&world, &farai, "2026-03-01").await;
    let snooze = |reason: &str| Action::Snooze { reason: reason.into() };
    done(&world, &farai, &entry, snooze("on leave this week"), morning(&world, "2026-03-01")).await.unwrap();
    morning_of(&world, "2026-03-02").await;
    morning_of(&world, "2026-03-03").await;
    assert!(queue(&world, &farai, Shown::Open, "2026-03-03").await.entries.is_empty(), "nothing is new");
    assert_eq!(queue(&world, &farai, Shown::Snoozed, "2026-03-03").await.entries[0].id, entry.id);

    world.shift(ana).on("2026-03-03").no_show().await;
    morning_of(&world, "2026-03-04").await;
    let back = only(&world, &farai, "2026-03-04").await;
    assert_eq!((back.id, back.state, back.version), (entry.id, State::Suggested, 3), "the same entry, worse");

    done(&world, &farai, &back, snooze("still on leave"), morning(&world, "2026-03-04")).await.unwrap();
    morning_of(&world, "2026-03-05").await;
    assert!(queue(&world, &farai, Shown::Open, "2026-03-05").await.entries.is_empty(), "snoozed twice stays snoozed");
}

#[tokio::test]
async fn a_conversation_goes_from_planned_to_held_and_the_worker_has_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let now = morning(&world, "2026-03-01");
    let entry = only(&world, &farai, "2026-03-01").await;
    let schedule = Action::Schedule { on: date("2026-03-02"), agenda: "The shift of 20 February".into() };
    done(&world, &farai, &entry, schedule, now).await.unwrap();
    let entry = only(&world, &farai, "2026-03-01").await;
    let session = entry.session.clone().unwrap();
    assert_eq!(
        (session.scheduled_for, session.agenda.as_str()),
        (Some(date("2026-03-02")), "The shift of 20 February")
    );
    done(&world, &farai, &entry, Action::Start, now).await.unwrap();
    let entry = only(&world, &farai, "2026-03-01").await;
    let complete = Action::Complete {
        notes: "The bus did not come.".into(),
        agreed_actions: "Call in before six.".into(),
        follow_up_on: Some(date("2026-03-20")),
    };
    done(&world, &farai, &entry, complete, now).await.unwrap();
    assert!(queue(&world, &farai, Shown::Open, "2026-03-01").await.entries.is_empty());

    let mut tx = world.tx().await;
    let sessions = coaching::sessions_of(&mut tx, ana, 10).await.unwrap();
    let held = &sessions[0];
    assert_eq!((sessions.len(), held.state.as_str(), held.coach.as_deref()), (1, "completed", Some("Farai")));
    assert_eq!((held.completed_on, held.notes.as_str()), (Some(date("2026-03-01")), "The bus did not come."));
    let steps: Vec<String> =
        coaching::steps(&mut tx, entry.id).await.unwrap().into_iter().map(|step| step.step).collect();
    assert_eq!(steps, ["suggested", "scheduled", "started", "completed"]);
    drop(tx);
    morning_of(&world, "2026-03-02").await;
    assert!(queue(&world, &farai, Shown::Open, "2026-03-02").await.entries.is_empty(), "held is held");
}

#[tokio::test]
async fn of_two_supervisors_who_act_at_once_one_wins_and_the_other_is_told_who() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    let lerato = supervisor(&world, "Lerato", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let now = morning(&world, "2026-03-01");
    let entry = only(&world, &farai, "2026-03-01").await;
    let dismiss = |reason: &str| Action::Dismiss { reason: reason.into() };
    let (one, other) = tokio::join!(
        done(&world, &farai, &entry, Action::Start, now),
        done(&world, &lerato, &entry, dismiss("the roster was wrong"), now)
    );
    let (won, told) = if one.is_ok() { (one, other) } else { (other, one) };
    won.unwrap();
    let Err(Error::Conflict(told)) = told else { panic!("{told:?}") };
    assert!(told.contains("was first") && told.contains("Nothing was changed"), "{told}");
    let mut tx = world.tx().await;
    assert_eq!(coaching::steps(&mut tx, entry.id).await.unwrap().len(), 2, "suggested, and the one that won");
}

#[tokio::test]
async fn a_step_is_taken_back_within_ten_seconds_by_who_took_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    let lerato = supervisor(&world, "Lerato", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let now = morning(&world, "2026-03-01");
    let first = only(&world, &farai, "2026-03-01").await;
    let schedule = Action::Schedule { on: date("2026-03-02"), agenda: "The missed shift".into() };
    let took = done(&world, &farai, &first, schedule, now).await.unwrap();
    let undone = async |user: &User, after: i64| {
        let scope = user.scope(Permission::Coaching).unwrap();
        let mut tx = world.tx().await;
        let done = undo(&mut tx, user, &scope, (took.item, took.version), now + Duration::seconds(after)).await?;
        tx.commit().await?;
        Ok::<_, Error>(done)
    };
    assert!(matches!(undone(&lerato, 3).await, Err(Error::Forbidden(_))));
    let Err(Error::Conflict(late)) = undone(&farai, 11).await else { panic!("11 seconds are too late") };
    assert!(late.contains("too late"), "{late}");
    undone(&farai, 9).await.unwrap();
    let entry = only(&world, &farai, "2026-03-01").await;
    assert_eq!((entry.state, entry.session.is_none()), (State::Suggested, true));
    assert!(matches!(undone(&farai, 9).await, Err(Error::Conflict(_))), "once is enough");
    let mut tx = world.tx().await;
    assert!(coaching::sessions_of(&mut tx, ana, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_entry_of_another_site_or_the_own_one_is_not_to_be_worked_on() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    let north = world.site("NORTH").await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    let stranger = supervisor(&world, "Stranger", &[north]).await;
    let mut herself = farai.clone();
    herself.worker = Some(ana);
    morning_of(&world, "2026-03-01").await;
    let now = morning(&world, "2026-03-01");
    let entry = only(&world, &farai, "2026-03-01").await;
    assert!(queue(&world, &stranger, Shown::Open, "2026-03-01").await.entries.is_empty());
    assert!(queue(&world, &herself, Shown::Open, "2026-03-01").await.entries.is_empty());
    assert!(matches!(done(&world, &stranger, &entry, Action::Start, now).await, Err(Error::NotFound(_))));
    assert!(matches!(done(&world, &herself, &entry, Action::Start, now).await, Err(Error::Forbidden(_))));
    let filter = Filter { site: Some(world.home().to_string()), ..Filter::default() }.resolve().unwrap();
    let scope = stranger.scope(Permission::Coaching).unwrap();
    let mut tx = world.tx().await;
    let asked = page(&mut tx, &scope, &filter, None, date("2026-02-28")).await;
    assert!(matches!(asked, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn an_open_dispute_and_an_expired_certification_add_to_the_priority() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = one_missed_shift(&world).await;
    world.certification(ana, "First aid", "2025-01-01", Some("2026-02-15")).await;
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    let now = morning(&world, "2026-03-01");
    morning_of(&world, "2026-03-01").await;
    let before = only(&world, &farai, "2026-03-01").await;
    let mut tx = world.tx().await;
    let period = muster::metrics::Period { first: date("2026-02-20"), last: date("2026-02-20") };
    let fact = disputes::disputable_facts(&mut tx, ana, period, now, 5).await.unwrap().remove(0);
    disputes::file(&mut tx, user, ana, fact.fact, fact.id, "I was ill and called in", now).await.unwrap();
    coaching::rebuild_worker(&mut tx, ana, date("2026-02-28"), now).await.unwrap();
    tx.commit().await.unwrap();
    let entry = only(&world, &farai, "2026-03-01").await;
    let codes: Vec<Code> = entry.signals.iter().map(|it| it.code()).collect();
    assert!(codes.contains(&Code::Dispute) && codes.contains(&Code::Certification), "{codes:?}");
    // The dispute takes away another 0.24 of what was calm.
    assert!((entry.priority - (100.0 - (100.0 - before.priority) * 0.76)).abs() < 1e-9);
}

#[tokio::test]
async fn who_rose_ten_points_is_praised_and_praise_is_done_in_one_step() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    for (month, clock_in) in [("2026-01", "06:40"), ("2026-02", "06:00")] {
        for day in 1..=28 {
            world.shift(ana).on(&format!("{month}-{day:02}")).clocked_in(clock_in).await;
        }
    }
    let farai = supervisor(&world, "Farai", &[world.home()]).await;
    morning_of(&world, "2026-03-01").await;
    let page = queue(&world, &farai, Shown::Open, "2026-03-01").await;
    assert!(page.entries.is_empty(), "praise is no help: {:?}", page.entries);
    let praise = &page.praise[0];
    assert!(matches!(praise.signals[0].evidence, Evidence::Rise { .. }), "{:?}", praise.signals);
    let said = Action::Complete { notes: "Well done!".into(), agreed_actions: String::new(), follow_up_on: None };
    done(&world, &farai, praise, said, morning(&world, "2026-03-01")).await.unwrap();
    assert!(queue(&world, &farai, Shown::Open, "2026-03-01").await.praise.is_empty());
}

#[tokio::test]
async fn others_see_counts_without_names_and_small_sites_together() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    one_missed_shift(&world).await;
    for name in ["Ben", "Cato", "Dineo", "Ebo"] {
        world.worker(name).await;
    }
    let tiny = world.site("TINY").await;
    world.worker("Fay").at(tiny).await;
    morning_of(&world, "2026-03-01").await;
    let hr = user(&world, "Hanna", Role::Hr, &[]).await;
    let scope = hr.scope(Permission::Coaching).unwrap();
    let mut tx = world.tx().await;
    let counted = counts(&mut tx, &scope, None, date("2026-03-01")).await.unwrap();
    assert_eq!(counted.len(), 1, "one person of a tiny site is nobody's business: {counted:?}");
    assert_eq!((counted[0].site.as_deref(), counted[0].people), (Some("HOME"), 5));
    assert_eq!(counted[0].of(State::Suggested), 1);
    let filter = Resolved { page: 1, ..Resolved::default() };
    assert!(matches!(page(&mut tx, &scope, &filter, None, date("2026-02-28")).await, Err(Error::Forbidden(_))));
}
