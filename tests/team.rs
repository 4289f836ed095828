//! A site's team on a real Postgres: tiles, spread, roster, who does best, who may see it, and what the audit log keeps.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use muster::Error;
use muster::me::{Filter, looks};
use muster::night::{self, Job};
use muster::people::{Role, Scope, Sites};
use muster::scoring::{Band, Unranked};
use muster::team::{RosterFilter, Team, TopPerformers, Viewer, sites, team, top_performers, work_days, worker_of};
use muster::testing::{self, World, date, moment};
use muster::units::{SiteId, WorkerId};

const LAST: &str = "2026-03-29";

fn monday(world: &World) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-30"), "09:00")
}

/// A supervisor of the home site, or somebody who sees all sites without names.
async fn viewer(world: &World, role: Role) -> Viewer {
    let user = world.user(role.word(), role).looks_after(world.home()).await;
    let names = matches!(role, Role::Supervisor | Role::Hr);
    let sites = if role == Role::Supervisor { Sites::Only(vec![world.home()]) } else { Sites::All };
    Viewer { user, worker: None, scope: Scope { sites, only_worker: None, names }, now: monday(world) }
}

async fn shown(world: &World, viewer: &Viewer) -> Team {
    let mut tx = world.tx().await;
    let (filter, roster) = (Filter::default(), RosterFilter::default());
    let team = team(&mut tx, viewer, world.home(), &filter, &roster, date(LAST)).await.unwrap();
    tx.commit().await.unwrap();
    team
}

async fn refused(world: &World, viewer: &Viewer, site: SiteId) -> Error {
    let (filter, roster) = (Filter::default(), RosterFilter::default());
    team(&mut world.tx().await, viewer, site, &filter, &roster, date(LAST)).await.unwrap_err()
}

async fn best(world: &World, viewer: &Viewer, limit: usize) -> TopPerformers {
    let mut tx = world.tx().await;
    top_performers(&mut tx, viewer, world.home(), &Filter::default(), limit, date(LAST)).await.unwrap()
}

/// Four shifts a week for eight weeks; the nth guard comes late on every nth of them, the first never.
async fn guards(world: &World, count: usize) -> Vec<WorkerId> {
    let mut guards = Vec::new();
    for nth in 0..count {
        let guard = world.worker(&format!("Guard {nth}")).await;
        for (shift, day) in date("2026-02-02").iter_days().take(56).enumerate().filter(|(day, _)| day % 7 < 4) {
            let late = nth > 0 && shift % (nth + 1) == 0;
            let shift = world.shift(guard).on_day(day).clocked_in(if late { "06:40" } else { "05:55" }).await;
            let task = world.task(guard).of_shift(&shift);
            if late {
                task.await
            } else {
                task.completed("11:00").await
            };
        }
        guards.push(guard);
    }
    guards
}

async fn nights(world: &World) {
    for job in [Job::WorkerDays, Job::Benchmarks] {
        night::run(world.db(), world.organization(), job, monday(world), &|_| {}).await.unwrap();
    }
}

#[tokio::test]
async fn the_tiles_are_the_sums_of_the_roster_and_the_bars_are_its_bands() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    guards(&world, 6).await;
    world.worker("Newcomer").hired("2026-03-27").await;
    world.incident(None).on("2026-03-10").await;
    world.incident(None).on("2026-02-10").await;
    nights(&world).await;
    let supervisor = viewer(&world, Role::Supervisor).await;
    let team = shown(&world, &supervisor).await;
    let (health, roster) = (team.health.unwrap(), team.roster.unwrap());
    let sum = |of: fn(&muster::team::Member) -> i64| roster.rows.iter().map(|row| of(&row.member)).sum::<i64>();
    assert_eq!((health.now.attendance().hit, health.now.attendance().of), (96, 96));
    assert_eq!(health.now.attendance().of, sum(|member| member.shifts));
    assert_eq!(health.now.attendance().hit, sum(|member| member.attended));
    assert_eq!(health.now.on_time_rate().hit, sum(|member| member.on_time));
    assert_eq!((health.now.headcount, health.previous.headcount, roster.team), (7, 6, 7));
    assert_eq!((health.now.open_incidents, health.previous.open_incidents), (2, 1));
    let spread = team.histogram.unwrap();
    assert_eq!((spread.n, spread.unscored, health.median.unwrap().n), (6, 1, 6));
    for band in Band::ALL {
        let people = roster.rows.iter().filter(|row| row.member.band() == Some(band)).count();
        assert_eq!(spread.in_band(band), people as i64, "{band:?}");
    }
    let mut scores: Vec<f64> = roster.rows.iter().filter_map(|row| row.member.bpi).collect();
    scores.sort_by(f64::total_cmp);
    assert!((health.median.unwrap().bpi - f64::midpoint(scores[2], scores[3])).abs() < 1e-9);
    assert_eq!(team.trend.len(), 56, "the days there are of the 90");
    assert_eq!(roster.rows[0].trend.len(), 8, "a point a week");
}

/// A week's benchmark of everybody: mean 75, prior strength 10 shifts, variance 400.
async fn benchmark(world: &World, guards: &[WorkerId], strength: Option<f64>) {
    let mut tx = world.tx().await;
    for guard in guards {
        sqlx::query(
            "insert into worker_cohorts (org_id, week, worker_id, job_role, vertical, tenure, pattern, cohort, shifts)
             values ($1, '2026-03-29', $2, 'guard', 'security', '3y+', 'day', 'guard', 0)",
        )
        .bind(world.org().0)
        .bind(guard.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    sqlx::query(
        "insert into cohort_benchmarks (org_id, week, cohort, metric, n, mean, sd, p10, p25, p50, p75, p90, prior_strength, within_variance)
         values ($1, '2026-03-29', 'guard', 'bpi', 9, 75, 9, 60, 70, 75, 80, 90, $2, 400)",
    )
    .bind(world.org().0)
    .bind(strength)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// A worker with a stored score that rests on so many shifts.
async fn scored(world: &World, name: &str, bpi: f64, shifts: i32) -> WorkerId {
    let worker = world.worker(name).await;
    let mut tx = world.tx().await;
    tx.ensure_partitions("worker_daily_metrics", date(LAST), date(LAST)).await.unwrap();
    sqlx::query("insert into worker_daily_metrics (org_id, day, worker_id, site_id, scheduled, attended, bpi) values ($1, $2, $3, $4, $5, $5, $6)")
        .bind(world.org().0)
        .bind(date(LAST))
        .bind(worker.0)
        .bind(world.home().0)
        .bind(shifts)
        .bind(bpi)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    worker
}

#[tokio::test]
async fn the_best_are_those_of_whom_enough_is_known() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let mut guards = Vec::new();
    for (name, bpi, shifts) in [
        ("Five of 100", 100.0, 5),
        ("Four of 100", 100.0, 4),
        ("Twenty of 95", 95.0, 20),
        ("Good", 80.0, 20),
        ("Fair", 60.0, 20),
    ] {
        guards.push(scored(&world, name, bpi, shifts).await);
    }
    benchmark(&world, &guards, Some(10.0)).await;
    let supervisor = viewer(&world, Role::Supervisor).await;
    let top = best(&world, &supervisor, 5).await;
    // (20·95 + 10·75)/30 = 88.33 is before (5·100 + 10·75)/15 = 83.33; of four ranked the better half is listed.
    let listed: Vec<(&str, f64)> =
        top.people.iter().map(|it| (it.name.as_str(), (it.ranked.score * 100.0).round() / 100.0)).collect();
    assert_eq!(listed, [("Twenty of 95", 88.33), ("Five of 100", 83.33)]);
    assert_eq!((top.ranked, top.too_few_shifts, top.unranked), (4, 1, None));
    // 1.6449 · √(400/15) = 8.49
    let interval = top.people[1].ranked;
    assert!(
        (interval.high - interval.score - 8.494).abs() < 0.001 && (interval.score - interval.low - 8.494).abs() < 0.001
    );
    assert_eq!(best(&world, &supervisor, 1).await.people.len(), 1);
    let mut tx = world.tx().await;
    let too_long = top_performers(&mut tx, &supervisor, world.home(), &Filter::default(), 21, date(LAST)).await;
    assert!(matches!(too_long, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn without_a_cohort_or_a_difference_nobody_is_ranked_and_it_says_why() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let guards = [scored(&world, "Ana", 90.0, 20).await, scored(&world, "Ben", 60.0, 20).await];
    let supervisor = viewer(&world, Role::Supervisor).await;
    let top = best(&world, &supervisor, 5).await;
    assert_eq!((top.people.len(), top.unranked), (0, Some(Unranked::FewToCompare)));
    benchmark(&world, &guards, None).await;
    let top = best(&world, &supervisor, 5).await;
    assert_eq!((top.people.len(), top.unranked), (0, Some(Unranked::NoMoreThanChance)));
}

#[tokio::test]
async fn the_night_stores_the_variance_that_intervals_need() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    guards(&world, 12).await;
    nights(&world).await;
    let stored: Vec<(String, Option<f64>)> = sqlx::query_as(
        "select metric, within_variance from cohort_benchmarks where org_id = $1 and cohort = 'guard' and week = '2026-03-29'",
    )
    .bind(world.org().0)
    .fetch_all(&mut *world.tx().await)
    .await
    .unwrap();
    assert!(stored.iter().any(|(metric, within)| metric == "bpi" && within.is_some_and(|within| within > 0.0)));
    assert!(stored.iter().all(|(metric, within)| metric == "bpi" || within.is_none()));
}

#[tokio::test]
async fn without_names_nobody_is_named_and_small_groups_have_no_figures() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    for nth in 0..4 {
        scored(&world, &format!("Guard {nth}"), 80.0, 20).await;
    }
    let mut tx = world.tx().await;
    muster::metrics::rebuild_teams(&mut tx, muster::metrics::Period::window(date(LAST))).await.unwrap();
    tx.commit().await.unwrap();
    let executive = viewer(&world, Role::Executive).await;
    let four = shown(&world, &executive).await;
    assert!(four.health.is_none() && four.top.is_none() && four.roster.is_none() && four.histogram.is_none());
    assert!(four.trend.iter().all(|point| point.quartiles.is_none()));
    scored(&world, "Guard 4", 80.0, 20).await;
    let mut tx = world.tx().await;
    muster::metrics::rebuild_teams(&mut tx, muster::metrics::Period::window(date(LAST))).await.unwrap();
    tx.commit().await.unwrap();
    let five = shown(&world, &executive).await;
    assert_eq!(five.health.unwrap().median.unwrap().n, 5);
    assert_eq!(five.histogram.unwrap().in_band(Band::Strong), 5);
    assert!(five.top.is_none() && five.roster.is_none());
    let mut tx = world.tx().await;
    let named = top_performers(&mut tx, &executive, world.home(), &Filter::default(), 5, date(LAST)).await;
    assert!(matches!(named, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_site_that_is_not_yours_is_refused_and_one_that_is_not_there_is_not_found() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Lisbon).await;
    let other = world.site("OTHER").await;
    let elsewhere = world.worker("Elsewhere").at(other).await;
    let supervisor = viewer(&world, Role::Supervisor).await;
    for site in [other, rival.home(), SiteId(uuid::Uuid::now_v7())] {
        assert!(matches!(refused(&world, &supervisor, site).await, Error::Forbidden(_)));
    }
    let hr = viewer(&world, Role::Hr).await;
    for site in [rival.home(), SiteId(uuid::Uuid::now_v7())] {
        assert!(matches!(refused(&world, &hr, site).await, Error::NotFound(_)));
    }
    let mut tx = world.tx().await;
    let here = worker_of(&mut tx, &supervisor, world.home(), elsewhere).await;
    assert!(matches!(here, Err(Error::NotFound(_))), "a worker of another site");
    assert!(matches!(worker_of(&mut tx, &supervisor, other, elsewhere).await, Err(Error::Forbidden(_))));
    assert!(worker_of(&mut tx, &hr, other, elsewhere).await.is_ok());
    let lists: Vec<usize> = vec![
        sites(&mut tx, &supervisor, muster::metrics::Period::window(date(LAST))).await.unwrap().len(),
        sites(&mut tx, &hr, muster::metrics::Period::window(date(LAST))).await.unwrap().len(),
    ];
    assert_eq!(lists, [1, 2]);
}

#[tokio::test]
async fn each_look_at_a_named_score_is_kept_once_a_day_and_shown_to_the_worker() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = scored(&world, "Ana", 80.0, 20).await;
    let unscored = world.worker("Ben").await;
    let supervisor = viewer(&world, Role::Supervisor).await;
    let seen = async |worker| looks(&mut world.tx().await, worker, 10).await.unwrap().len();
    shown(&world, &supervisor).await;
    shown(&world, &supervisor).await;
    assert_eq!((seen(ana).await, seen(unscored).await), (1, 0), "once, and only where there is a score to see");
    let hr = viewer(&world, Role::Hr).await;
    shown(&world, &hr).await;
    assert_eq!(seen(ana).await, 2, "each who looks");
    let tomorrow = Viewer { now: supervisor.now + Duration::days(1), ..supervisor.clone() };
    shown(&world, &tomorrow).await;
    assert_eq!(seen(ana).await, 3, "and each day");
    let herself = Viewer { worker: Some(ana), ..viewer(&world, Role::Hr).await };
    shown(&world, &herself).await;
    assert_eq!(seen(ana).await, 3, "but not a look at oneself");
    let mut tx = world.tx().await;
    worker_of(&mut tx, &supervisor, world.home(), ana).await.unwrap();
    worker_of(&mut tx, &supervisor, world.home(), ana).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(seen(ana).await, 5, "each opening of the own page of a worker");
}

#[tokio::test]
async fn the_days_of_work_are_as_recorded_newest_first() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-23").clocked_in("05:58").await;
    world.shift(ana).on("2026-03-24").clocked_in("06:20").await;
    world.shift(ana).on("2026-03-25").no_show().await;
    nights(&world).await;
    let period = muster::metrics::Period::window(date(LAST));
    let days = work_days(&mut world.tx().await, ana, period, 2).await.unwrap();
    let seen: Vec<(NaiveDate, i32, i32, i32)> =
        days.iter().map(|it| (it.day, it.ncns, it.late_minutes, it.on_time)).collect();
    let first = date("2026-03-23");
    assert_eq!(seen, [(first + Days::new(2), 1, 0, 0), (first + Days::new(1), 0, 20, 0)]);
}
