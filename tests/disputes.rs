//! Rulings on disputes, on a real Postgres: by whom, how often, and what an upheld one does.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::disputes::{self, Fact, Ruling, disputes_of, file};
use muster::metrics::dirty::mark_everybody;
use muster::metrics::{Period, worker_sums};
use muster::night::{self, Job};
use muster::people::Role;
use muster::testing::{self, World, date, moment};
use muster::units::{UserId, WorkerId};
use muster::{Error, Result};
use uuid::Uuid;

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn filed(world: &World, user: UserId, worker: WorkerId, shift: Uuid) -> Uuid {
    let mut tx = world.tx().await;
    let now = noon(world, "2026-03-05");
    let dispute = file(&mut tx, user, worker, Fact::Shift, shift, "The gate was shut.", now).await.unwrap();
    tx.commit().await.unwrap();
    dispute
}

async fn rule(world: &World, user: UserId, dispute: Uuid, ruling: Ruling, reason: &str) -> Result<()> {
    let mut tx = world.tx().await;
    disputes::rule(&mut tx, user, dispute, ruling, reason, noon(world, "2026-03-06")).await?;
    tx.commit().await
}

#[tokio::test]
async fn a_worker_files_for_the_own_fact_once_and_within_90_days() {
    let db = testing::database().await;
    let (world, rival) = (testing::org(&db).await, testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await);
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let user = world.user("Ana", Role::Worker).is(ana).await;
    let late = world.shift(ana).on("2026-03-02").clocked_in("06:12").await.id;
    let others = world.shift(ben).on("2026-03-02").no_show().await.id;
    let stranger = rival.user("Ana", Role::Worker).await;
    let try_it = async |world: &World, user, fact, id, day: &str| {
        let mut tx = world.tx().await;
        file(&mut tx, user, ana, fact, id, "The gate was shut.", noon(world, day)).await
    };
    assert!(matches!(try_it(&world, user, Fact::Shift, others, "2026-03-05").await, Err(Error::NotFound(_))));
    assert!(matches!(try_it(&world, user, Fact::Task, late, "2026-03-05").await, Err(Error::NotFound(_))));
    assert!(matches!(try_it(&rival, stranger, Fact::Shift, late, "2026-03-05").await, Err(Error::NotFound(_))));
    assert!(matches!(try_it(&world, user, Fact::Shift, late, "2026-06-01").await, Err(Error::Conflict(_))));
    assert!(try_it(&world, user, Fact::Shift, late, "2026-05-31").await.is_ok());
    let in_time = world.shift(ana).on("2026-03-03").clocked_in("05:58").await.id;
    let to_come = world.shift(ana).on("2026-03-09").await.id;
    for harmless in [in_time, to_come] {
        assert!(matches!(try_it(&world, user, Fact::Shift, harmless, "2026-03-05").await, Err(Error::Invalid(_))));
    }
    filed(&world, user, ana, late).await;
    assert!(matches!(try_it(&world, user, Fact::Shift, late, "2026-03-05").await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn an_upheld_dispute_takes_the_fact_out_of_the_next_run_and_says_so() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let (user, boss) = (world.user("Ana", Role::Worker).is(ana).await, world.user("Sue", Role::Supervisor).await);
    let late = world.shift(ana).on("2026-03-02").clocked_in("06:12").await.id;
    let away = world.shift(ana).on("2026-03-03").no_show().await.id;
    let now = noon(&world, "2026-03-06");
    let night = async || night::run(world.db(), world.organization(), Job::WorkerDays, now, &|_| {}).await.unwrap();
    night().await;
    let (first, second) = (filed(&world, user, ana, late).await, filed(&world, user, ana, away).await);
    assert!(matches!(rule(&world, user, first, Ruling::Upheld, "I say so").await, Err(Error::Forbidden(_))));
    assert!(matches!(rule(&world, boss, first, Ruling::Upheld, " ").await, Err(Error::Invalid(_))));
    let nowhere = rule(&world, boss, Uuid::now_v7(), Ruling::Upheld, "why not").await;
    assert!(matches!(nowhere, Err(Error::NotFound(_))));
    rule(&world, boss, first, Ruling::Upheld, "The log of the gate agrees.").await.unwrap();
    rule(&world, boss, second, Ruling::Rejected, "No call was received.").await.unwrap();
    let again = rule(&world, boss, first, Ruling::Rejected, "on second thought").await;
    assert!(matches!(again, Err(Error::Conflict(_))));
    night().await;
    let days = Period { first: date("2026-03-02"), last: date("2026-03-03") };
    let sums = worker_sums(&mut world.tx().await, ana, days).await.unwrap();
    assert_eq!((sums.scheduled, sums.late_minutes, sums.ncns), (1, 0, 1));
    let reasons: Vec<String> =
        sqlx::query_scalar("select reason from restatements").fetch_all(&mut *world.tx().await).await.unwrap();
    assert_eq!(reasons, ["a dispute was upheld"]);
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log order by at, id")
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap();
    assert_eq!(actions, ["filed a dispute", "filed a dispute", "ruled on a dispute", "ruled on a dispute"]);
    let seen = disputes_of(&mut world.tx().await, ana, 10).await.unwrap();
    let rulings: Vec<_> = seen.iter().map(|it| (it.state.as_str(), it.ruling.as_deref())).collect();
    assert!(rulings.contains(&("upheld", Some("The log of the gate agrees."))), "{rulings:?}");
}

#[tokio::test]
async fn a_ruling_leaves_what_others_have_waiting_to_the_night() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let (user, boss) = (world.user("Ana", Role::Worker).is(ana).await, world.user("Sue", Role::Supervisor).await);
    let late = world.shift(ana).on("2026-03-02").clocked_in("06:12").await.id;
    world.shift(ben).on("2026-03-02").clocked_in("06:00").pay(100).await;
    let now = noon(&world, "2026-03-06");
    let night = async || night::run(world.db(), world.organization(), Job::WorkerDays, now, &|_| {}).await.unwrap();
    night().await;
    // Facts that came late: the day waits for the night, costs and all.
    sqlx::query("update shifts set pay_regular = 999 where worker_id = $1")
        .bind(ben.0)
        .execute(&mut db.owner().await)
        .await
        .unwrap();
    let mut tx = world.tx().await;
    mark_everybody(&mut tx, Period { first: date("2026-03-02"), last: date("2026-03-02") }).await.unwrap();
    tx.commit().await.unwrap();
    let dispute = filed(&world, user, ana, late).await;
    rule(&world, boss, dispute, Ruling::Upheld, "The log of the gate agrees.").await.unwrap();
    night::after_ruling(world.db(), world.organization(), ana, now).await.unwrap();
    let day = Period { first: date("2026-03-02"), last: date("2026-03-02") };
    assert_eq!(worker_sums(&mut world.tx().await, ana, day).await.unwrap().scheduled, 0, "the ruling counts at once");
    let waiting: Vec<Uuid> =
        sqlx::query_scalar("select worker_id from dirty_days").fetch_all(&mut *world.tx().await).await.unwrap();
    assert_eq!(waiting, [Uuid::nil()], "the day of everybody still waits");
    night().await;
    let cost: i64 = sqlx::query_scalar("select sum(regular)::bigint from site_daily_costs")
        .fetch_one(&mut *world.tx().await)
        .await
        .unwrap();
    assert_eq!(cost, 999 + 800, "the night derives the costs of the facts that came late");
}
