//! Achievements on a real Postgres: each rule's SQL at its threshold, what a rebuild gives and takes, what a worker sees.
#![cfg(feature = "testing")]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use muster::recognition::{self, Tier, achievements, check_definitions, definitions};
use muster::testing::{self, World, date};
use muster::units::{SiteId, WorkerId};
use muster::{Error, Result};
use uuid::Uuid;

/// A worker day as metrics would have stored it, with these columns and zeros.
async fn day(world: &World, worker: WorkerId, site: SiteId, day: NaiveDate, columns: &[(&str, f64)]) {
    let mut tx = world.tx().await;
    tx.ensure_partitions("worker_daily_metrics", day, day).await.unwrap();
    let names: String = columns.iter().map(|(name, _)| format!(", {name}")).collect();
    let values: String = columns.iter().map(|(_, value)| format!(", {value}")).collect();
    let sql = format!(
        "insert into worker_daily_metrics (org_id, day, worker_id, site_id{names}) values ($1, $2, $3, $4{values})"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(world.org().0)
        .bind(day)
        .bind(worker.0)
        .bind(site.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// The days from `first` to `last` were built (again), of one worker or of everybody.
async fn built(world: &World, worker: Option<WorkerId>, first: &str, last: &str) {
    execute(
        world,
        format!(
            "insert into recognition_pending values (current_org(), '{}', '{first}', '{last}')",
            worker.map_or(Uuid::nil(), |worker| worker.0)
        ),
    )
    .await;
}

async fn execute(world: &World, sql: String) {
    let mut tx = world.tx().await;
    tx.run(sql).await.unwrap();
    tx.commit().await.unwrap();
}

async fn rebuild(world: &World, last: &str) -> Result<u64> {
    let mut tx = world.tx().await;
    let rows = recognition::rebuild(&mut tx, date(last)).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn codes(world: &World, worker: WorkerId) -> BTreeSet<String> {
    let found: Vec<String> = sqlx::query_scalar("select code from worker_achievements where worker_id = $1")
        .bind(worker.0)
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap();
    found.into_iter().collect()
}

async fn awards(world: &World) -> Vec<String> {
    sqlx::query_scalar("select t::text from worker_achievements t order by 1")
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap()
}

const WORKED: &[(&str, f64)] = &[("scheduled", 1.0), ("attended", 1.0), ("on_time", 1.0)];

/// Ana does in the first quarter of 2026 just what every achievement asks for.
async fn just_enough(world: &World) -> WorkerId {
    let (home, ana) = (world.home(), world.worker("Ana").hired("2025-12-20").await);
    let strong: &[(&str, f64)] = &[
        ("bpi", 70.0),
        ("score_attendance", 75.0),
        ("score_tasks", 80.0),
        ("score_patrol", 76.0),
        ("score_safety", 90.0),
    ];
    let work: &[(&str, f64)] = &[
        ("checkpoints_planned", 50.0),
        ("checkpoints_visited", 49.0),
        ("tasks_sla_judged", 60.0),
        ("tasks_sla_hit", 58.0),
        ("orders_sla_judged", 40.0),
        ("orders_sla_hit", 39.0),
        ("tasks_quality_n", 5.0),
        ("tasks_quality_sum", 450.0),
        ("orders_quality_n", 5.0),
        ("orders_quality_sum", 450.0),
        ("orders_rated", 10.0),
        ("orders_rating_sum", 45.0),
        ("incidents_found", 19.0),
        ("incidents_missed", 1.0),
    ];
    for on in date("2025-12-20").iter_days().take_while(|on| *on <= date("2026-03-31")) {
        let more = match on.to_string().as_str() {
            "2026-02-28" => &[("bpi", 60.0)],
            "2026-03-10" => work,
            "2026-03-31" => strong,
            _ => &[],
        };
        day(world, ana, home, on, &[WORKED, more].concat()).await;
    }
    for nth in 0..20 {
        let on = date("2026-03-01") + chrono::Days::new(nth);
        let clock_in = if nth == 7 { "05:33" } else { "05:30" };
        world.shift(ana).on_day(on).hours("05:30", "13:30").clocked_in(clock_in).await;
    }
    for nth in 0..10 {
        let resolved = if nth < 5 { "10:00" } else { "10:01" };
        world.work_order(ana).on("2026-03-05").opened("08:00").due("12:00").resolved(resolved).await;
    }
    world.certification(ana, "First aid", "2025-04-01", Some("2026-03-25")).await;
    world.certification(ana, "First aid", "2026-03-11", None).await;
    let mut others = Vec::new();
    for name in ["Cor", "Dan", "Eva"] {
        let other = world.worker(name).hired("2026-02-01").await;
        world.mentoring(ana, other, "2026-02-01").await;
        for nth in 0..5 {
            day(world, other, home, date("2026-02-01") + chrono::Days::new(nth), WORKED).await;
        }
        world.kudos(ana, other, "2026-03-02").await;
        others.push(other);
    }
    world.kudos(others[0], ana, "2026-01-02").await;
    world.kudos(others[1], ana, "2026-03-02").await;
    world.kudos(others[2], ana, "2026-03-31").await;
    ana
}

/// Ben misses every one of them by a little.
async fn not_quite(world: &World) -> WorkerId {
    let far = world.site("FAR").await;
    let ben = world.worker("Ben").at(far).hired("2025-12-20").await;
    let called_in: &[(&str, f64)] = &[("scheduled", 1.0)];
    for (nth, on) in date("2026-02-09").iter_days().take_while(|on| *on <= date("2026-03-31")).enumerate() {
        let more: &[(&str, f64)] = match on.to_string().as_str() {
            "2026-02-28" => &[("bpi", 60.1)],
            "2026-03-11" => &[
                ("checkpoints_planned", 39.0),
                ("checkpoints_visited", 39.0),
                ("tasks_sla_judged", 19.0),
                ("tasks_sla_hit", 19.0),
                ("tasks_quality_n", 9.0),
                ("tasks_quality_sum", 900.0),
                ("orders_rated", 9.0),
                ("orders_rating_sum", 45.0),
                ("incidents_found", 4.0),
            ],
            "2026-03-31" => &[
                ("bpi", 70.0),
                ("score_attendance", 74.9),
                ("score_tasks", 80.0),
                ("score_patrol", 76.0),
                ("score_safety", 90.0),
            ],
            _ => &[],
        };
        // Every Monday called in; 39 of the other days worked.
        let worked = if nth % 7 == 0 || nth > 45 { called_in } else { WORKED };
        day(world, ben, far, on, &[worked, more].concat()).await;
    }
    for nth in 0..20 {
        let on = date("2026-03-01") + chrono::Days::new(nth);
        let clock_in = if nth < 2 { "05:36" } else { "05:30" };
        world.shift(ben).at(far).on_day(on).hours("05:30", "13:30").clocked_in(clock_in).await;
    }
    for _ in 0..9 {
        world.work_order(ben).on("2026-03-05").opened("08:00").due("12:00").resolved("09:00").await;
    }
    world.certification(ben, "First aid", "2025-04-01", Some("2026-03-25")).await;
    world.certification(ben, "First aid", "2026-03-12", None).await;
    for (name, left_out) in [("Fay", false), ("Gus", false), ("Hal", true)] {
        let other = world.worker(name).at(far).hired("2026-02-01").await;
        world.mentoring(ben, other, "2026-02-01").await;
        for nth in 0..5 {
            let columns = if left_out && nth == 0 { &[("scheduled", 1.0), ("ncns", 1.0)] } else { WORKED };
            day(world, other, far, date("2026-02-01") + chrono::Days::new(nth), columns).await;
        }
        if !left_out {
            world.kudos(ben, other, "2026-03-02").await;
        }
        if name == "Fay" {
            world.kudos(other, ben, "2026-03-03").await;
            world.kudos(other, ben, "2026-03-13").await;
        }
    }
    ben
}

/// Two public holidays, the cohort's mark, and a challenge that the home site won.
async fn surroundings(world: &World, workers: [WorkerId; 2]) {
    execute(world, "insert into calendar_days values (current_org(), '2026-01-01', 'New Year', 'holiday'), (current_org(), '2026-03-21', 'Human Rights Day', 'holiday')".into()).await;
    for worker in workers {
        execute(world, format!("insert into worker_cohorts values (current_org(), '2026-03-29', '{worker}', 'guard', 'security', '<1y', 'day', 'guard', 20, 70)")).await;
    }
    execute(world, "insert into cohort_benchmarks values (current_org(), '2026-03-29', 'guard', 'bpi', 12, 60, 5, 50, 55, 60, 65, 70)".into()).await;
    let (challenge, site) = (Uuid::now_v7(), world.home());
    execute(world, format!("insert into team_challenges values (current_org(), '{challenge}', 'On time in March', 'on_time', '2026-03-01', '2026-03-28')")).await;
    execute(world, format!("insert into team_challenge_winners values (current_org(), '{challenge}', '{site}')")).await;
}

#[tokio::test]
async fn each_achievement_is_earned_with_just_enough_and_not_with_a_little_less() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (just_enough(&world).await, not_quite(&world).await);
    surroundings(&world, [ana, ben]).await;
    // The cohort's mark is just above Ben.
    execute(
        &world,
        format!("update worker_daily_metrics set bpi = 69.9 where worker_id = '{ben}' and day = '2026-03-31'"),
    )
    .await;
    built(&world, None, "2025-12-20", "2026-03-31").await;
    rebuild(&world, "2026-03-31").await.unwrap();
    let all: BTreeSet<String> = definitions().unwrap().into_iter().map(|it| it.code).collect();
    let missing: Vec<_> = all.difference(&codes(&world, ana).await).cloned().collect();
    assert!(missing.is_empty(), "Ana has not earned {missing:?}");
    assert_eq!(codes(&world, ben).await, BTreeSet::new());

    let before = awards(&world).await;
    built(&world, None, "2025-12-20", "2026-03-31").await;
    rebuild(&world, "2026-03-31").await.unwrap();
    assert_eq!(awards(&world).await, before, "a second run awards nothing twice");

    // The 10th of March turns out to have been missed: what rested on it is taken back, the rest stays.
    execute(
        &world,
        format!(
            "update worker_daily_metrics set attended = 0, on_time = 0 where worker_id = '{ana}' and day = '2026-03-10'"
        ),
    )
    .await;
    built(&world, Some(ana), "2026-03-10", "2026-03-10").await;
    rebuild(&world, "2026-03-31").await.unwrap();
    let taken: Vec<String> = all.difference(&codes(&world, ana).await).cloned().collect();
    assert_eq!(taken, ["perfect-quarter"]);
    let months: Vec<NaiveDate> =
        sqlx::query_scalar("select period from worker_achievements where code = 'perfect-month' order by 1")
            .fetch_all(&mut *world.tx().await)
            .await
            .unwrap();
    assert_eq!(months, ["2025-12-01", "2026-01-01", "2026-02-01"].map(date), "of the months March is taken back");

    let seen = achievements(&mut world.tx().await, ana, date("2026-04-01")).await.unwrap();
    let century = seen.earned.iter().find(|it| it.code == "century-of-shifts").unwrap();
    assert_eq!((century.evidence.as_str(), century.tier, century.times), ("100 shifts worked", Tier::Silver, 1));
    assert_eq!(century.earned_on, date("2026-03-30"), "the hundredth day after one was missed");
    assert!(seen.next.iter().all(|it| it.code != "century-of-shifts"), "what is earned for ever is not next");
    assert!(seen.earned.is_sorted_by_key(|it| std::cmp::Reverse(it.earned_on)));
}

#[tokio::test]
async fn a_period_is_judged_when_it_has_ended_and_progress_shows_before() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").hired("2025-01-01").await;
    for on in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        day(&world, ana, world.home(), date(on), WORKED).await;
        built(&world, None, on, on).await;
        rebuild(&world, on).await.unwrap();
    }
    assert_eq!(codes(&world, ana).await, BTreeSet::new(), "nothing is earned in the first days");
    let seen = achievements(&mut world.tx().await, ana, date("2026-03-05")).await.unwrap();
    assert_eq!(seen.earned, []);
    let first = &seen.next[0];
    assert_eq!((first.code.as_str(), first.so_far.as_str()), ("perfect-week", "3 of 3 shifts attended"));
    assert_eq!((first.progress, first.until), (1.0, Some(date("2026-03-08"))));
    assert!(seen.next.is_sorted_by(|a, b| a.progress >= b.progress));
    let century = seen.next.iter().find(|it| it.code == "century-of-shifts").unwrap();
    assert!((century.progress - 0.03).abs() < 1e-9 && century.until.is_none());
    assert!(seen.next.iter().all(|it| it.code != "first-month"), "the first 30 days are long over");
    built(&world, None, "2026-03-08", "2026-03-08").await;
    rebuild(&world, "2026-03-08").await.unwrap();
    assert_eq!(codes(&world, ana).await, BTreeSet::from(["perfect-week".to_owned()]));
}

#[tokio::test]
async fn a_stored_rule_that_the_program_does_not_know_stops_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    check_definitions(&db).await.unwrap();
    check_definitions(&db).await.unwrap();
    execute(&world, "update achievements set threshold = 0.5 where code = 'patrol-pro'".into()).await;
    check_definitions(&db).await.unwrap();
    let threshold: f64 = sqlx::query_scalar("select threshold from achievements where code = 'patrol-pro'")
        .fetch_one(&mut *world.tx().await)
        .await
        .unwrap();
    assert!((threshold - 0.98).abs() < 1e-9, "the program's definition counts");
    execute(&world, "insert into achievements (org_id, code, name, tier, rule, threshold, window_kind, description, position) values (current_org(), 'charm', 'Charm', 'gold', 'charm', 1, 'month', 'Smiled.', 26)".into()).await;
    match check_definitions(&db).await {
        Err(Error::Misconfigured(why)) => {
            assert_eq!(why, "'charm' is not a rule of an achievement that this program knows")
        }
        other => panic!("{other:?}"),
    }
    built(&world, None, "2026-03-02", "2026-03-02").await;
    assert!(matches!(rebuild(&world, "2026-03-02").await, Err(Error::Misconfigured(_))));
}
