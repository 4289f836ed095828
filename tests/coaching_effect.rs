//! Did it work, on a real Postgres: a simulated company through intake and the nightly jobs, and a small one by hand.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::coaching::effect::{DidItWork, Estimate, LeftOut, effect};
use muster::night::{self, Job};
use muster::people::{Scope, Sites};
use muster::scoring::sunday_on_or_before;
use muster::simulation::{Company, Plan, Scale, fill, found};
use muster::testing::{World, date};
use muster::units::{SiteId, WorkerId};
use uuid::Uuid;

fn today() -> NaiveDate {
    date("2026-03-18")
}

fn now() -> DateTime<Utc> {
    "2026-03-18T06:00:00Z".parse().unwrap()
}

fn scope(sites: Sites) -> Scope {
    Scope { sites, only_worker: None, names: false }
}

#[tokio::test]
async fn what_was_planted_in_the_demo_company_is_found_again() {
    let db = muster::testing::database().await;
    let org = found(&db, Company::Demo, now()).await.unwrap();
    // Eighteen weeks: eight before the first conversation, a month after the last that counts, and five between.
    let plan = Plan::new(Company::Demo, Scale::Small, 1, today()).begun(today() - Days::new(126));
    let (_, simulation) = fill(&db, &org, plan, now(), |_| {}).await.unwrap();
    // Without statistics of the tables just filled the jobs take minutes.
    sqlx::query("analyze").execute(&mut db.owner().await).await.unwrap();
    for job in [Job::WorkerDays, Job::Benchmarks] {
        night::run(&db, &org, job, now(), &|_| {}).await.unwrap();
    }
    let mut tx = db.org(org.id).await.unwrap();
    let answer = effect(&mut tx, &scope(Sites::All), today()).await.unwrap();
    let DidItWork::Measured { estimate, .. } = answer else { panic!("{answer:?}") };
    let planted = simulation.truths()["coaching_effect"]["points"].as_f64().unwrap();
    assert!(estimate.low <= planted && planted <= estimate.high && estimate.low > 0.0, "{estimate:?}");
    assert!(estimate.conversations >= 10 && estimate.colleagues >= 20, "{estimate:?}");
}

/// The stored BPI of a worker around a conversation on `held`, and the cohort of its week.
async fn stood(world: &World, worker: WorkerId, held: NaiveDate, [earlier, before, after]: [f64; 3]) {
    let (org, week) = (world.org().0, sunday_on_or_before(held));
    let mut tx = world.tx().await;
    tx.ensure_partitions("worker_daily_metrics", held - Days::new(31), held + Days::new(31)).await.unwrap();
    for (day, bpi) in [(held - Days::new(29), earlier), (held - Days::new(1), before), (held + Days::new(30), after)] {
        sqlx::query!(
            "insert into worker_daily_metrics (org_id, day, worker_id, site_id, bpi) values ($1, $2, $3, $4, $5)",
            org,
            day,
            worker.0,
            world.home().0,
            bpi
        )
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    for (week, bpi) in [(week - Days::new(28), earlier), (week, before)] {
        sqlx::query!(
            "insert into worker_cohorts (org_id, week, worker_id, job_role, vertical, tenure, pattern, shifts, bpi)
             values ($1, $2, $3, 'guard', 'retail', '<1y', 'day', 20, $4)",
            org,
            week,
            worker.0,
            bpi
        )
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn talked_with(world: &World, worker: WorkerId, held: NaiveDate) {
    let (org, id) = (world.org().0, Uuid::now_v7());
    let mut tx = world.tx().await;
    sqlx::query!(
        "insert into coaching_sessions (org_id, id, ref, worker_id, state, completed_on) values ($1, $2, $3, $4, 'completed', $5)",
        org,
        id,
        id.to_string(),
        worker.0,
        held
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn answer(world: &World, sites: Sites, today: NaiveDate) -> DidItWork {
    effect(&mut world.tx().await, &scope(sites), today).await.unwrap()
}

/// `coached` guards who went 70, 60, 68 around a conversation on `held`, and twenty who went 70, 60, 62 without one.
async fn guards(world: &World, coached: usize, held: NaiveDate) -> Vec<WorkerId> {
    let mut guards = Vec::new();
    for nth in 0..coached + 20 {
        let guard = world.worker(&format!("Guard {nth}")).await;
        let after = if nth < coached { 68.0 } else { 62.0 };
        stood(world, guard, held, [70.0, 60.0, after]).await;
        if nth < coached {
            talked_with(world, guard, held).await;
        }
        guards.push(guard);
    }
    guards
}

#[tokio::test]
async fn what_the_coached_gained_is_set_against_what_their_colleagues_gained() {
    let db = muster::testing::database().await;
    let world = muster::testing::org(&db).await;
    let held = date("2026-01-14");
    guards(&world, 12, held).await;
    let expected = |estimate: Estimate| {
        (estimate.conversations, estimate.colleagues, estimate.coached_change, estimate.peers_change, estimate.gain)
    };
    match answer(&world, Sites::All, today()).await {
        DidItWork::Measured { estimate, left_out } => {
            assert_eq!(expected(estimate), (12, 5, 8.0, 2.0, 6.0));
            assert_eq!(left_out, LeftOut::default());
        }
        other => panic!("{other:?}"),
    }
    let home = Sites::Only(vec![world.home()]);
    assert!(matches!(answer(&world, home, today()).await, DidItWork::Measured { .. }));
    let elsewhere = Sites::Only(vec![SiteId(Uuid::now_v7())]);
    assert_eq!(answer(&world, elsewhere, today()).await, DidItWork::TooEarly { waiting: 0 });
    let other = muster::testing::org_named(&db, "other", chrono_tz::Africa::Johannesburg).await;
    assert_eq!(answer(&other, Sites::All, today()).await, DidItWork::TooEarly { waiting: 0 });
}

#[tokio::test]
async fn a_conversation_counts_when_its_thirtieth_day_is_over() {
    let db = muster::testing::database().await;
    let world = muster::testing::org(&db).await;
    let held = date("2026-01-14");
    guards(&world, 12, held).await;
    assert_eq!(answer(&world, Sites::All, held + Days::new(30)).await, DidItWork::TooEarly { waiting: 12 });
    assert!(matches!(answer(&world, Sites::All, held + Days::new(31)).await, DidItWork::Measured { .. }));
}

#[tokio::test]
async fn what_is_left_out_is_counted_by_reason() {
    let db = muster::testing::database().await;
    let world = muster::testing::org(&db).await;
    let held = date("2026-01-14");
    let guards = guards(&world, 9, held).await;
    // A second conversation of a series, one that is young, one of a newcomer without scores, one of somebody far below all.
    talked_with(&world, guards[0], held + Days::new(20)).await;
    talked_with(&world, guards[9], date("2026-03-10")).await;
    talked_with(&world, world.worker("Newcomer").await, held).await;
    let alone = world.worker("Alone").await;
    stood(&world, alone, held, [40.0, 30.0, 35.0]).await;
    talked_with(&world, alone, held).await;
    let left_out = LeftOut { waiting: 1, unscored: 1, unmatched: 1 };
    assert_eq!(answer(&world, Sites::All, today()).await, DidItWork::TooFew { have: 9, need: 10, left_out });
}
