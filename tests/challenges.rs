//! Team challenges on a real Postgres: fair between large and small teams, settled once, and won by people.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::metrics::Period;
use muster::night::{self, Job};
use muster::notifications::inbox;
use muster::people::{Role, Scope, Sites};
use muster::recognition::{
    Challenge, Draft, Metric, State, Stopped, achievements, challenges_of, create_challenge, end_challenge, opponents,
};
use muster::testing::{self, World, date, moment};
use muster::units::{SiteId, UserId, WorkerId};
use muster::{Error, Result};
use uuid::Uuid;

fn noon(world: &World, day: NaiveDate) -> DateTime<Utc> {
    moment(world.organization().zone, day, "12:00")
}

fn days(first: &str, last: &str) -> Period {
    Period { first: date(first), last: date(last) }
}

fn own(site: SiteId) -> Scope {
    Scope { sites: Sites::Only(vec![site]), only_worker: None, names: true }
}

/// Nobody is competed with whose totals would tell of single people.
async fn staffed(world: &World, site: SiteId) {
    for nth in 0..5 {
        world.worker(&format!("Nr {nth}, {}", Uuid::now_v7())).at(site).await;
    }
}

async fn create(world: &World, user: UserId, host: SiteId, others: &[SiteId], days: Period) -> Result<Uuid> {
    let draft = Draft { name: "Spring".into(), metric: Metric::OnTime, days, host, others: others.to_vec() };
    for site in others {
        staffed(world, *site).await;
    }
    let mut tx = world.tx().await;
    let id = create_challenge(&mut tx, user, &own(host), draft, days.first, noon(world, days.first)).await?;
    tx.commit().await?;
    Ok(id)
}

async fn end(world: &World, user: UserId, scope: &Scope, id: Uuid, last: &str) -> Result<Stopped> {
    let mut tx = world.tx().await;
    let now = noon(world, date(last) + Days::new(1));
    let stopped = end_challenge(&mut tx, user, scope, id, date(last), now).await?;
    tx.commit().await?;
    Ok(stopped)
}

async fn night_after(world: &World, day: &str) {
    for job in [Job::WorkerDays, Job::Recognition] {
        let now = noon(world, date(day) + Days::new(1));
        night::run(world.db(), world.organization(), job, now, &|_| {}).await.unwrap();
    }
}

async fn seen_at(world: &World, site: SiteId, last: &str) -> Vec<Challenge> {
    challenges_of(&mut world.tx().await, site, date(last)).await.unwrap()
}

/// A worker's shifts, one a day from `first` on: so many, of which so many begin late, the first ones.
async fn shifts(world: &World, worker: WorkerId, site: SiteId, first: &str, (late, of): (u64, u64)) {
    for nth in 0..of {
        let shift = world.shift(worker).at(site).on_day(date(first) + Days::new(nth));
        shift.clocked_in(if nth < late { "06:30" } else { "05:58" }).await;
    }
}

/// Two weeks before and two weeks of the challenge from 16 March: HOME with three workers is on time 39 of 42 times, then
/// 42 of 42 (+7.14 points); SMALL with two is on time 14 of 28 times, then 21 of 28 (+25).
async fn two_teams(world: &World) -> (SiteId, SiteId, [WorkerId; 2]) {
    let (home, small) = (world.home(), world.site("SMALL").await);
    for (nth, name) in ["Ana", "Ben", "Cor"].into_iter().enumerate() {
        let worker = world.worker(name).await;
        shifts(world, worker, home, "2026-03-02", (u64::from(nth < 3), 14)).await;
        shifts(world, worker, home, "2026-03-16", (0, 14)).await;
    }
    let mut people = Vec::new();
    for (name, before, then) in [("Dan", 7, 0), ("Eva", 7, 7)] {
        let worker = world.worker(name).at(small).await;
        shifts(world, worker, small, "2026-03-02", (before, 14)).await;
        shifts(world, worker, small, "2026-03-16", (then, 14)).await;
        people.push(worker);
    }
    (home, small, [people[0], people[1]])
}

#[tokio::test]
async fn the_team_that_rose_most_wins_once_and_its_people_earn_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (home, small, [dan, _]) = two_teams(&world).await;
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    let tom = world.user("Tom", Role::Supervisor).looks_after(small).await;
    let dans_login = world.user("Dan", Role::Worker).is(dan).await;
    create(&world, sue, home, &[small], days("2026-03-16", "2026-03-29")).await.unwrap();

    night_after(&world, "2026-03-22").await;
    let running = &seen_at(&world, home, "2026-03-22").await[0];
    assert_eq!(running.state, State::Running { through: Some(date("2026-03-22")) });
    assert!(running.winners.is_empty(), "nobody has won before the end");

    for _ in 0..2 {
        night_after(&world, "2026-03-29").await;
    }
    let over = &seen_at(&world, small, "2026-03-29").await[0];
    assert_eq!((over.state, over.winners.as_slice()), (State::Settled, &[small][..]));
    let standings: Vec<_> = over.standings.iter().map(|it| (it.name.as_str(), it.now, it.before)).collect();
    let rate = |hit, of| muster::units::Rate { hit, of };
    assert_eq!(standings, [("SMALL", rate(21, 28), rate(14, 28)), ("HOME", rate(42, 42), rate(39, 42))]);
    let changes: Vec<f64> = over.standings.iter().filter_map(|it| it.change()).collect();
    assert!((changes[0] - 25.0).abs() < 1e-9 && (changes[1] - 100.0 * 3.0 / 42.0).abs() < 1e-9, "{changes:?}");

    // A fact of the challenge is corrected later: the prize stays as it was given.
    let mut tx = world.tx().await;
    sqlx::query("update attendance set clock_in = clock_in + interval '1 hour' where day >= '2026-03-16'")
        .execute(&mut *tx)
        .await
        .unwrap();
    muster::metrics::dirty::mark_everybody(&mut tx, days("2026-03-16", "2026-03-29")).await.unwrap();
    tx.commit().await.unwrap();
    night_after(&world, "2026-03-31").await;
    assert_eq!(seen_at(&world, small, "2026-03-31").await[0].standings, over.standings);

    // The quarter is over: its winners have earned it.
    let earned = achievements(&mut world.tx().await, dan, date("2026-04-01")).await.unwrap().earned;
    assert!(earned.iter().any(|it| it.code == "team-challenge-winner"), "{earned:?}");
    let mut tx = world.tx().await;
    let mut told = async |user| {
        let entries = inbox(&mut tx, user, 1).await.unwrap().entries;
        entries.into_iter().map(|it| it.text).filter(|text| text.contains("Spring")).collect::<Vec<_>>()
    };
    assert_eq!(told(sue).await, ["Spring is over: SMALL won."]);
    let invited = "Spring: a team challenge with your site begins on 16 March 2026.";
    assert_eq!(told(tom).await, ["Spring is over: SMALL won.", invited]);
    assert_eq!(told(dans_login).await, ["Your team won the challenge Spring."]);
}

#[tokio::test]
async fn a_challenge_settled_after_its_quarter_was_judged_still_counts() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (home, small, [dan, _]) = two_teams(&world).await;
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    night_after(&world, "2026-03-31").await;
    create(&world, sue, home, &[small], days("2026-03-16", "2026-03-29")).await.unwrap();
    night_after(&world, "2026-04-01").await;
    let earned = achievements(&mut world.tx().await, dan, date("2026-04-02")).await.unwrap().earned;
    assert!(earned.iter().any(|it| it.code == "team-challenge-winner"), "{earned:?}");
}

#[tokio::test]
async fn ended_early_it_counts_to_the_last_whole_day_and_before_that_it_is_off() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (home, small, _) = two_teams(&world).await;
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    let id = create(&world, sue, home, &[small], days("2026-03-16", "2026-05-01")).await.unwrap();
    let off = create(&world, sue, home, &[small], days("2026-03-24", "2026-04-20")).await.unwrap();
    night_after(&world, "2026-03-22").await;
    let foreign = end(&world, sue, &own(small), id, "2026-03-22").await;
    assert!(matches!(foreign, Err(Error::Forbidden(_))), "it is the host's to end");
    assert!(matches!(end(&world, sue, &own(home), Uuid::now_v7(), "2026-03-22").await, Err(Error::NotFound(_))));
    assert_eq!(end(&world, sue, &own(home), id, "2026-03-22").await.unwrap(), Stopped::Ended);
    assert_eq!(end(&world, sue, &own(home), off, "2026-03-22").await.unwrap(), Stopped::Cancelled);
    assert!(matches!(end(&world, sue, &own(home), id, "2026-03-22").await, Err(Error::Conflict(_))), "it is over");
    assert!(matches!(end(&world, sue, &own(home), off, "2026-03-22").await, Err(Error::NotFound(_))), "it is off");
    let seen = seen_at(&world, home, "2026-03-22").await;
    assert_eq!(seen.len(), 1, "what is off is not shown");
    assert_eq!((seen[0].state, seen[0].ended_early, seen[0].days.last), (State::Ended, true, date("2026-03-22")));
    night_after(&world, "2026-03-23").await;
    let seen = seen_at(&world, home, "2026-03-23").await;
    // Seven days against the seven before: HOME 21 of 21 both times; SMALL has but 14 shifts, too few to be judged.
    assert_eq!((seen[0].state, seen[0].winners.as_slice()), (State::Settled, &[home][..]), "{:?}", seen[0].standings);
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log order by at, id")
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap();
    let (made, ended) = ("made a team challenge", "ended a team challenge");
    assert_eq!(actions, [made, ended, ended, made]);
}

#[tokio::test]
async fn with_too_little_to_judge_nobody_wins() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (home, far) = (world.home(), world.site("FAR").await);
    let ana = world.worker("Ana").await;
    shifts(&world, ana, home, "2026-03-02", (5, 14)).await;
    shifts(&world, ana, home, "2026-03-16", (0, 14)).await;
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    create(&world, sue, home, &[far], days("2026-03-16", "2026-03-29")).await.unwrap();
    night_after(&world, "2026-03-29").await;
    let over = &seen_at(&world, home, "2026-03-29").await[0];
    assert_eq!((over.state, over.winners.len()), (State::Settled, 0));
    let news = inbox(&mut world.tx().await, sue, 1).await.unwrap().entries;
    assert_eq!(news[0].text, "Spring is over: nobody had enough to be judged by.");
}

#[tokio::test]
async fn a_challenge_waits_for_its_last_day_to_be_built() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (home, small, _) = two_teams(&world).await;
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    create(&world, sue, home, &[small], days("2026-03-16", "2026-03-29")).await.unwrap();
    night_after(&world, "2026-03-28").await;
    let now = noon(&world, date("2026-03-30"));
    night::run(world.db(), world.organization(), Job::Recognition, now, &|_| {}).await.unwrap();
    let waits = &seen_at(&world, home, "2026-03-29").await[0];
    assert_eq!(waits.state, State::Running { through: Some(date("2026-03-28")) });
}

#[tokio::test]
async fn it_is_made_for_an_own_site_against_sites_of_the_organization() {
    let db = testing::database().await;
    let (world, rival) = (testing::org(&db).await, testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await);
    let (home, far, small) = (world.home(), world.site("FAR").await, world.site("SMALL").await);
    staffed(&world, far).await;
    for nth in 0..4 {
        world.worker(&format!("Nr {nth} of four")).at(small).await;
    }
    let sue = world.user("Sue", Role::Supervisor).looks_after(home).await;
    let week = days("2026-03-16", "2026-03-22");
    let draft = |host, others| Draft { name: "Spring".into(), metric: Metric::Sla, days: week, host, others };
    let mut tx = world.tx().await;
    let now = noon(&world, week.first);
    let mut make = async |draft| create_challenge(&mut tx, sue, &own(home), draft, week.first, now).await;
    assert!(matches!(make(draft(far, vec![home])).await, Err(Error::Forbidden(_))));
    assert!(matches!(make(draft(home, vec![rival.home()])).await, Err(Error::Invalid(_))));
    assert!(matches!(make(draft(home, vec![SiteId(Uuid::now_v7())])).await, Err(Error::Invalid(_))));
    let few = make(draft(home, vec![far, small])).await;
    assert!(matches!(few, Err(Error::Invalid(text)) if text.contains("SMALL") && text.contains("fewer than 5")));
    assert!(make(draft(home, vec![far])).await.is_ok());
    let offered = opponents(&mut world.tx().await, home).await.unwrap();
    assert_eq!(offered.iter().map(|it| it.id).collect::<Vec<_>>(), [far], "the small one is not offered either");
}
