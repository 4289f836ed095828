//! Streaks and kudos on a real Postgres: facts in, nights run, streaks out; thanks given and refused.
#![cfg(feature = "testing")]

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::Error;
use muster::metrics::dirty::mark_worker;
use muster::night::{self, Job};
use muster::people::Role;
use muster::recognition::{Category, Giver, StreakKind, colleagues, give_kudos, kudos_received, streaks};
use muster::testing::{self, World, date, moment};
use muster::units::{UserId, WorkerId};

fn at(world: &World, day: &str, time: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), time)
}

/// Runs the jobs of the night after `day`.
async fn night_after(world: &World, day: NaiveDate) {
    let now = at(world, &(day + Days::new(1)).to_string(), "12:00");
    for job in [Job::WorkerDays, Job::Recognition] {
        night::run(world.db(), world.organization(), job, now, &|_| {}).await.unwrap();
    }
}

/// Current, since, best, end of the best.
type Seen = (i32, Option<NaiveDate>, i32, Option<NaiveDate>);

async fn streak(world: &World, worker: WorkerId, kind: StreakKind) -> Option<Seen> {
    let all = streaks(&mut world.tx().await, worker).await.unwrap();
    let it = all.into_iter().find(|it| it.kind == kind)?.streak;
    Some((it.current, it.since, it.best, it.best_ended))
}

async fn rows(world: &World) -> Vec<String> {
    let mut rows = Vec::new();
    for table in ["worker_streaks", "worker_careers", "worker_achievements"] {
        let sql = format!(
            "select '{table} ' || w.name || (to_jsonb(t) - 'org_id' - 'worker_id')::text from {table} t
             join workers w on w.id = t.worker_id order by 1"
        );
        let found: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *world.tx().await).await.unwrap();
        rows.extend(found);
    }
    rows
}

#[tokio::test]
async fn a_worker_s_streaks_are_as_counted_by_hand() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let first = world.shift(ana).on("2026-03-02").clocked_in("06:02").await;
    world.tour(ana).of_shift(&first).checkpoint("07:00").checkpoint("07:20").await;
    // A no-show on the 3rd, days off until a night shift on the 5th, leave on the 6th, and a good day on the 9th.
    world.shift(ana).on("2026-03-03").no_show().await;
    world.shift(ana).on("2026-03-05").hours("22:00", "06:00").clocked_in("21:50").await;
    world.shift(ana).on("2026-03-06").no_show().await;
    world.leave(ana, "2026-03-06", "2026-03-08").await;
    let last = world.shift(ana).on("2026-03-09").clocked_in("06:00").await;
    world.task(ana).of_shift(&last).due("10:00").completed("09:00").await;
    night_after(&world, date("2026-03-10")).await;
    let march = |day: u32| NaiveDate::from_ymd_opt(2026, 3, day);
    assert_eq!(streak(&world, ana, StreakKind::OnTime).await, Some((2, march(5), 2, None)));
    assert_eq!(streak(&world, ana, StreakKind::ZeroNcns).await, Some((2, march(5), 2, None)));
    assert_eq!(streak(&world, ana, StreakKind::PerfectPatrol).await, Some((1, march(2), 1, None)));
    assert_eq!(streak(&world, ana, StreakKind::SlaHit).await, Some((1, march(9), 1, None)));
    let before = rows(&world).await;
    night_after(&world, date("2026-03-10")).await;
    assert_eq!(rows(&world).await, before, "a second run counts nothing twice");
}

/// Five weeks of two guards: four days of work, three off, now and then late or away.
async fn five_weeks(world: &World) -> [WorkerId; 2] {
    let guards = [world.worker("Ana").await, world.worker("Ben").await];
    for (nth, guard) in (0..).zip(guards) {
        for day in (0..35u64).filter(|day| day % 7 < 4) {
            let shift = world.shift(guard).on_day(date("2026-02-02") + Days::new(day));
            match (day + nth) % 11 {
                3 => shift.no_show().await,
                7 => shift.clocked_in("06:30").await,
                _ => shift.hours("22:00", "06:00").clocked_in("21:58").await,
            };
        }
    }
    guards
}

#[tokio::test]
async fn night_by_night_and_at_once_give_the_same_rows() {
    let db = testing::database().await;
    let zone = chrono_tz::Africa::Johannesburg;
    let (nightly, at_once) = (testing::org(&db).await, testing::org_named(&db, "other", zone).await);
    let [ana, _] = five_weeks(&nightly).await;
    five_weeks(&at_once).await;
    let last = date("2026-03-09");
    for day in date("2026-02-02").iter_days().take_while(|day| *day <= last) {
        // At two in the night yesterday's night shift still runs; the next night sees it whole.
        let now = at(&nightly, &(day + Days::new(1)).to_string(), "02:00");
        for job in [Job::WorkerDays, Job::Recognition] {
            night::run(nightly.db(), nightly.organization(), job, now, &|_| {}).await.unwrap();
        }
    }
    night_after(&at_once, last).await;
    night_after(&nightly, last).await;
    assert_eq!(rows(&nightly).await, rows(&at_once).await);

    // An old day is put right: the streak that it broke is whole again.
    let before = streak(&nightly, ana, StreakKind::ZeroNcns).await.unwrap();
    let mut tx = nightly.tx().await;
    sqlx::query("update attendance set called_in = true where worker_id = $1 and day = '2026-02-16'")
        .bind(ana.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    mark_worker(&mut tx, ana.0, date("2026-02-16")).await.unwrap();
    tx.commit().await.unwrap();
    night_after(&nightly, last).await;
    let after = streak(&nightly, ana, StreakKind::ZeroNcns).await.unwrap();
    assert!(after.2 > before.2, "{before:?} {after:?}");
}

#[tokio::test]
async fn a_streak_whose_only_day_is_gone_is_gone_too() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-02").clocked_in("06:00").await;
    night_after(&world, date("2026-03-03")).await;
    assert!(streak(&world, ana, StreakKind::OnTime).await.is_some());
    let mut tx = world.tx().await;
    sqlx::query("update shifts set state = 'cancelled'").execute(&mut *tx).await.unwrap();
    mark_worker(&mut tx, ana.0, date("2026-03-02")).await.unwrap();
    tx.commit().await.unwrap();
    night_after(&world, date("2026-03-03")).await;
    assert_eq!(streak(&world, ana, StreakKind::OnTime).await, None);
}

async fn give(world: &World, user: UserId, from: WorkerId, to: WorkerId, day: &str) -> Result<(), Error> {
    let giver = Giver { user, worker: Some(from) };
    let mut tx = world.tx().await;
    let (now, zone) = (at(world, day, "12:00"), world.organization().zone);
    give_kudos(&mut tx, &giver, to, Category::Teamwork, "Thank you for the hand", now, zone).await?;
    tx.commit().await
}

#[tokio::test]
async fn kudos_reach_the_colleague_with_name_and_words() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let user = world.user("Ana", Role::Worker).is(ana).await;
    give(&world, user, ana, ben, "2026-03-02").await.unwrap();
    let received = kudos_received(&mut world.tx().await, ben, 10).await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!((received[0].from.as_str(), received[0].category), ("Ana", Category::Teamwork));
    assert_eq!(received[0].day, date("2026-03-02"));
    assert!(kudos_received(&mut world.tx().await, ana, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_thanks_active_colleagues_of_the_own_site_only() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let ben = world.worker("Ben").await;
    let gone = world.worker("Cor").left("2026-02-01").await;
    let far = world.site("FAR").await;
    let elsewhere = world.worker("Dan").at(far).await;
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let giver = Giver { user, worker: Some(ana) };
    let names: Vec<_> = colleagues(&mut world.tx().await, &giver, date("2026-03-02")).await.unwrap();
    assert_eq!(names.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Ben"]);
    for stranger in [gone, elsewhere] {
        assert!(matches!(give(&world, user, ana, stranger, "2026-03-02").await, Err(Error::NotFound(_))));
    }
    assert!(matches!(give(&world, user, ana, ana, "2026-03-02").await, Err(Error::Invalid(_))));
    // A supervisor without a worker record thanks the people of the own sites.
    let boss = world.user("Eva", Role::Supervisor).looks_after(far).await;
    let giver = Giver { user: boss, worker: None };
    let ids: BTreeSet<_> =
        colleagues(&mut world.tx().await, &giver, date("2026-03-02")).await.unwrap().iter().map(|it| it.id).collect();
    assert_eq!(ids, BTreeSet::from([elsewhere]));
    assert_ne!(ids, BTreeSet::from([ben]));
}

#[tokio::test]
async fn the_sixth_of_a_day_and_the_second_within_a_week_are_refused() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let mut others = Vec::new();
    for nth in 0..6 {
        others.push(world.worker(&format!("Worker {nth}")).await);
    }
    for other in &others[..5] {
        give(&world, user, ana, *other, "2026-03-02").await.unwrap();
    }
    assert!(matches!(give(&world, user, ana, others[5], "2026-03-02").await, Err(Error::Conflict(_))));
    give(&world, user, ana, others[5], "2026-03-03").await.unwrap();
    assert!(matches!(give(&world, user, ana, others[0], "2026-03-08").await, Err(Error::Conflict(_))));
    give(&world, user, ana, others[0], "2026-03-09").await.unwrap();
}

#[tokio::test]
async fn a_double_click_gives_once() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let (one, two) =
        tokio::join!(give(&world, user, ana, ben, "2026-03-02"), give(&world, user, ana, ben, "2026-03-02"));
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(kudos_received(&mut world.tx().await, ben, 10).await.unwrap().len(), 1);
}
