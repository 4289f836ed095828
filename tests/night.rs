//! The night end to end on a real Postgres: facts in, worker days, scores, teams and benchmarks out.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use muster::clock::Clock;
use muster::metrics::dirty::mark_worker;
use muster::metrics::{Period, worker_sums};
use muster::night::{self, Job, backfill};
use muster::queue::{JobState, drain, latest, line};
use muster::scoring::{Policy, benchmarks_of, judge, standing, window};
use muster::testing::{self, World, date, moment};
use muster::units::WorkerId;

/// Local noon of a day, after its night's jobs.
fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run_all(world.db(), world.organization(), noon(world, day), &|_| {}).await.unwrap();
}

async fn bpi(world: &World, worker: WorkerId, day: &str) -> Option<f64> {
    let mut tx = world.tx().await;
    muster::metrics::day_scores(&mut tx, worker, Period { first: date(day), last: date(day) })
        .await
        .unwrap()
        .first()
        .and_then(|it| it.bpi)
}

/// Every stored row of an organization's derived tables, as text: what 'the same bytes' means.
async fn derived(world: &World) -> Vec<String> {
    let mut rows = Vec::new();
    for table in [
        "worker_daily_metrics",
        "team_daily_metrics",
        "shift_breaches",
        "site_daily_costs",
        "site_running_sums",
        "site_week_people",
        "cohort_benchmarks",
        "worker_cohorts",
        "worker_streaks",
        "worker_achievements",
        "worker_careers",
    ] {
        let mut tx = world.tx().await;
        let sql = format!("select '{table} ' || t::text from {table} t order by 1");
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap();
        rows.extend(found);
    }
    rows
}

/// Six weeks of work by seven guards of unlike punctuality.
async fn six_weeks(world: &World) -> Vec<WorkerId> {
    let mut guards = Vec::new();
    for nth in 0..7u64 {
        let guard = world.worker(&format!("Guard {nth}")).job_role("guard").hired("2026-01-05").await;
        for week in 0..6u64 {
            for day in 0..4u64 {
                let on = date("2026-01-05") + Days::new(7 * week + day);
                let late = (nth + week + day) % 7 < nth;
                world
                    .shift(guard)
                    .on_day(on)
                    .clocked_in(if late { "06:20" } else { "05:58" })
                    .inside_geofence(true)
                    .await;
            }
        }
        guards.push(guard);
    }
    guards
}

#[tokio::test]
async fn a_day_is_summed_as_counted_by_hand() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").job_role("guard").hired("2025-01-01").await;
    world.requires_certification("First aid", Some("guard")).await;
    world.certification(ana, "First aid", "2025-06-01", Some("2026-03-03")).await;
    let early = world.shift(ana).on("2026-03-02").clocked_in("06:04").inside_geofence(true).await;
    world.shift(ana).on("2026-03-03").clocked_in("06:17").inside_geofence(false).await;
    world.shift(ana).on("2026-03-04").no_show().await;
    world.shift(ana).on("2026-03-05").called_in().await;
    world.shift(ana).on("2026-03-06").cancelled().await;
    world.task(ana).of_shift(&early).due("10:00").completed("09:30").passed_first_time(true).quality(80).await;
    world.task(ana).of_shift(&early).due("11:00").completed("11:30").passed_first_time(false).await;
    world.task(ana).of_shift(&early).due("12:00").await;
    world
        .tour(ana)
        .of_shift(&early)
        .checkpoint_visited("07:00", "07:09")
        .checkpoint_visited("07:20", "07:31")
        .checkpoint_missed("07:40")
        .incidents(1, 1)
        .await;
    night_of(&world, "2026-03-07").await;

    let mut tx = world.tx().await;
    let sums = worker_sums(&mut tx, ana, Period { first: date("2026-03-02"), last: date("2026-03-06") }).await.unwrap();
    assert_eq!((sums.scheduled, sums.attended, sums.on_time, sums.ncns, sums.late_minutes), (4, 2, 1, 1, 17));
    assert_eq!((sums.geofence_checked, sums.geofence_inside), (2, 1));
    assert_eq!((sums.tasks_due, sums.tasks_completed, sums.tasks_sla_judged, sums.tasks_sla_hit), (3, 2, 2, 1));
    assert_eq!(
        (sums.tasks_checked, sums.tasks_passed_first, sums.tasks_quality_n, sums.tasks_quality_sum),
        (2, 1, 1, 80)
    );
    assert_eq!(
        (sums.tours_planned, sums.checkpoints_planned, sums.checkpoints_visited, sums.checkpoints_on_time),
        (1, 3, 2, 1)
    );
    assert_eq!((sums.incidents_found, sums.incidents_missed), (1, 1));
    // Asked for on five days, current on the first two.
    assert_eq!((sums.certs_required, sums.certs_current), (5, 2));
}

#[tokio::test]
async fn a_night_shift_belongs_whole_to_the_day_it_starts_and_a_clock_in_before_midnight_is_not_late() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ben = world.worker("Ben").await;
    world.shift(ben).on("2026-03-02").hours("22:00", "06:00").clocked_in("21:55").await;
    world.shift(ben).on("2026-03-04").hours("00:00", "08:00").clocked_in("23:50").await;
    night_of(&world, "2026-03-06").await;
    let mut tx = world.tx().await;
    for day in ["2026-03-02", "2026-03-04"] {
        let sums = worker_sums(&mut tx, ben, Period { first: date(day), last: date(day) }).await.unwrap();
        assert_eq!(
            (sums.scheduled, sums.attended, sums.on_time, sums.late_minutes, sums.night_shifts),
            (1, 1, 1, 0, 1),
            "{day}"
        );
    }
}

#[tokio::test]
async fn a_shift_that_still_runs_is_left_out_and_built_when_it_has_ended() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ben = world.worker("Ben").await;
    world.shift(ben).on("2026-03-02").clocked_in("06:00").await;
    world.shift(ben).on("2026-03-03").hours("22:00", "06:00").clocked_in("22:00").await;
    let sums = async || {
        let mut tx = world.tx().await;
        worker_sums(&mut tx, ben, Period { first: date("2026-03-03"), last: date("2026-03-03") })
            .await
            .unwrap()
            .scheduled
    };
    let two_in_the_night = moment(world.organization().zone, date("2026-03-04"), "02:00");
    night::run(world.db(), world.organization(), Job::WorkerDays, two_in_the_night, &|_| {}).await.unwrap();
    assert_eq!(sums().await, 0);
    night_of(&world, "2026-03-04").await;
    assert_eq!(sums().await, 1);
}

#[tokio::test]
async fn approved_leave_leaves_what_is_scheduled() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-02").clocked_in("06:00").await;
    world.shift(ana).on("2026-03-03").no_show().await;
    world.leave(ana, "2026-03-03", "2026-03-04").await;
    night_of(&world, "2026-03-05").await;
    let mut tx = world.tx().await;
    let sums = worker_sums(&mut tx, ana, Period { first: date("2026-03-02"), last: date("2026-03-04") }).await.unwrap();
    assert_eq!((sums.scheduled, sums.ncns), (1, 0));
}

#[tokio::test]
async fn where_attendance_is_not_recorded_nobody_is_absent() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    world.shift(ana).on("2026-03-02").await;
    world.work_order(ana).on("2026-03-02").opened("08:00").due("12:00").resolved("11:00").await;
    night_of(&world, "2026-03-05").await;
    let mut tx = world.tx().await;
    let sums = worker_sums(&mut tx, ana, Period { first: date("2026-03-02"), last: date("2026-03-02") }).await.unwrap();
    assert_eq!((sums.scheduled, sums.ncns, sums.orders_sla_hit, sums.orders_time_score), (0, 0, 1, 1_000_000));
}

#[tokio::test]
async fn the_stored_score_of_a_day_is_the_window_that_ends_with_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let guards = six_weeks(&world).await;
    night_of(&world, "2026-02-20").await;
    for day in ["2026-01-07", "2026-01-12", "2026-02-05", "2026-02-19"] {
        for guard in &guards {
            let mut tx = world.tx().await;
            let judged = judge(&window(&mut tx, *guard, Period::window(date(day))).await.unwrap(), &Policy::default());
            assert_eq!(bpi(&world, *guard, day).await, judged.bpi(), "{day}");
        }
    }
    assert_eq!(bpi(&world, guards[0], "2026-01-07").await, None, "three shifts are not enough");
}

#[tokio::test]
async fn any_order_of_runs_gives_the_same_rows() {
    let db = testing::database().await;
    let (at_once, bit_by_bit) =
        (testing::org(&db).await, testing::org_named(&db, "other", chrono_tz::Africa::Johannesburg).await);
    six_weeks(&at_once).await;
    six_weeks(&bit_by_bit).await;
    night_of(&at_once, "2026-02-20").await;
    for day in date("2026-01-08").iter_days().take_while(|day| *day <= date("2026-02-20")) {
        night_of(&bit_by_bit, &day.to_string()).await;
    }
    let scores = async |world: &World| {
        let mut tx = world.tx().await;
        let rows: Vec<(String, NaiveDate, Option<f64>, i32)> = sqlx::query_as(
            "select w.name, m.day, m.bpi, m.on_time from worker_daily_metrics m join workers w on w.org_id = m.org_id and w.id = m.worker_id order by 1, 2",
        )
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        rows
    };
    assert_eq!(scores(&at_once).await, scores(&bit_by_bit).await);

    let before = derived(&at_once).await;
    night_of(&at_once, "2026-02-20").await;
    backfill(at_once.db(), at_once.organization(), 30, noon(&at_once, "2026-02-20"), &|_| {}).await.unwrap();
    night::run(at_once.db(), at_once.organization(), Job::Recognition, noon(&at_once, "2026-02-20"), &|_| {})
        .await
        .unwrap();
    assert_eq!(derived(&at_once).await, before, "a second run changes nothing");
}

#[tokio::test]
async fn a_backfill_that_dies_half_way_and_runs_again_gives_the_same_rows() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    six_weeks(&world).await;
    night_of(&world, "2026-02-20").await;
    let before = derived(&world).await;
    let mut tx = world.tx().await;
    for day in date("2026-01-05").iter_days().take(46) {
        sqlx::query("insert into dirty_days (org_id, day, worker_id) values ($1, $2, $3)")
            .bind(world.org().0)
            .bind(day)
            .bind(uuid::Uuid::nil())
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    // One chunk lands, the next dies before its commit.
    let (last, now) = (date("2026-02-19"), noon(&world, "2026-02-20"));
    let mut first = world.tx().await;
    muster::scoring::build_next(&mut first, last, now).await.unwrap().unwrap();
    first.commit().await.unwrap();
    let mut second = world.tx().await;
    muster::scoring::build_next(&mut second, last, now).await.unwrap().unwrap();
    drop(second);
    night_of(&world, "2026-02-20").await;
    assert_eq!(derived(&world).await, before);
}

#[tokio::test]
async fn a_corrected_fact_restates_its_day_and_every_score_whose_window_holds_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let guards = six_weeks(&world).await;
    night_of(&world, "2026-02-20").await;
    let (ana, ben) = (guards[6], guards[5]);
    let before = (
        bpi(&world, ana, "2026-01-20").await,
        bpi(&world, ana, "2026-02-10").await,
        bpi(&world, ben, "2026-02-10").await,
    );
    let mut tx = world.tx().await;
    sqlx::query("update attendance set clock_in = (select starts_at from shifts where id = attendance.id) where worker_id = $1 and day = '2026-01-21'")
        .bind(ana.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    mark_worker(&mut tx, ana.0, date("2026-01-21")).await.unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-02-20").await;
    let after = (
        bpi(&world, ana, "2026-01-20").await,
        bpi(&world, ana, "2026-02-10").await,
        bpi(&world, ben, "2026-02-10").await,
    );
    assert_eq!(after.0, before.0, "a day before it keeps its score");
    assert!(after.1 > before.1, "a day after it is judged again");
    assert_eq!(after.2, before.2, "other people's days are left alone");
    let restated: Vec<(uuid::Uuid, NaiveDate)> =
        sqlx::query_as("select worker_id, day from restatements").fetch_all(&mut *world.tx().await).await.unwrap();
    assert_eq!(restated, [(ana.0, date("2026-01-21"))]);
}

#[tokio::test]
async fn an_upheld_dispute_takes_its_fact_out_of_the_sums() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let ana = world.worker("Ana").await;
    let user = world.user("Sue", muster::people::Role::Supervisor).await;
    let shift = world.shift(ana).on("2026-03-02").clocked_in("06:40").await;
    world.shift(ana).on("2026-03-03").clocked_in("06:00").await;
    let mut tx = world.tx().await;
    sqlx::query(
        "insert into disputes (org_id, id, worker_id, fact, fact_id, day, note, filed_by, filed_at, state, ruled_by, ruled_at)
         values ($1, $2, $3, 'shift', $4, '2026-03-02', 'gate was shut', $5, now(), 'upheld', $5, now())",
    )
    .bind(world.org().0)
    .bind(uuid::Uuid::now_v7())
    .bind(ana.0)
    .bind(shift.id)
    .bind(user.0)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    night_of(&world, "2026-03-05").await;
    let sums = worker_sums(&mut world.tx().await, ana, Period { first: date("2026-03-02"), last: date("2026-03-03") })
        .await
        .unwrap();
    assert_eq!((sums.scheduled, sums.on_time, sums.late_minutes), (1, 1, 0));
}

#[tokio::test]
async fn benchmarks_compare_seven_guards_and_never_four() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let guards = six_weeks(&world).await;
    let mut cleaners = Vec::new();
    for nth in 0..4 {
        let cleaner = world.worker(&format!("Cleaner {nth}")).job_role("cleaner").hired("2026-01-05").await;
        for day in 0..20 {
            world.shift(cleaner).on_day(date("2026-01-19") + Days::new(day)).clocked_in("06:00").await;
        }
        cleaners.push(cleaner);
    }
    night_of(&world, "2026-02-20").await;
    let mut tx = world.tx().await;
    let day = date("2026-02-19");
    let marks = benchmarks_of(&mut tx, guards[0], day).await.unwrap();
    assert_eq!((marks["bpi"].n, marks["bpi"].week), (7, date("2026-02-15")));
    assert!(marks["on_time"].p25 <= marks["on_time"].p50 && marks["on_time"].p50 <= marks["on_time"].p75);
    let first = standing(&mut tx, guards[0], day, 100.0).await.unwrap().unwrap();
    assert_eq!((first.cohort.as_str(), first.n), ("guard", 7));
    assert!((first.percentile - 100.0 * 6.5 / 7.0).abs() < 1e-9, "six below and oneself: {}", first.percentile);
    assert!(benchmarks_of(&mut tx, cleaners[0], day).await.unwrap().is_empty());
    assert_eq!(standing(&mut tx, cleaners[0], day, 90.0).await.unwrap(), None);
}

/// An instance looks at the timetable and does what is due.
async fn look(world: &World, day: &str, time: &str) -> u64 {
    let clock = Clock::fixed(moment(world.organization().zone, date(day), time));
    night::plan(world.db(), clock.now()).await.unwrap();
    drain(night::hands(world.db(), clock)).await.unwrap()
}

#[tokio::test]
async fn a_slot_runs_once_and_a_failed_one_is_tried_again_later() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    six_weeks(&world).await;
    look(&world, "2026-02-20", "01:59").await;
    assert_eq!(look(&world, "2026-02-20", "01:59").await, 0);
    let mut owner = db.owner().await;
    sqlx::raw_sql("alter table worker_daily_metrics rename to elsewhere").execute(&mut owner).await.unwrap();
    assert_eq!(look(&world, "2026-02-20", "02:00").await, 2, "the others go on");
    sqlx::raw_sql("alter table elsewhere rename to worker_daily_metrics").execute(&mut owner).await.unwrap();
    let last = async || {
        let mut tx = world.db().global().await.unwrap();
        latest(&mut tx, world.org(), Some("worker-days"), 9).await.unwrap()
    };
    let failed = last().await;
    assert_eq!((failed.len(), failed[0].state, failed[0].attempts), (1, JobState::Queued, 1));
    assert!(failed[0].error.as_ref().is_some_and(|error| error.contains("worker_daily_metrics")), "{failed:?}");
    assert_eq!(look(&world, "2026-02-20", "02:01").await, 0, "not before its pause has passed");
    let mut owner = db.owner().await;
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()").execute(&mut owner).await.unwrap();
    let before = last().await;
    let again = look(&world, "2026-02-20", "02:02").await;
    assert!((1..=2).contains(&again), "what failed, no more: {again}");
    assert_eq!(before.len(), 1);
    let done = last().await;
    assert_eq!((done.len(), done[0].state, done[0].attempts), (1, JobState::Done, 2));
    assert_eq!(look(&world, "2026-02-20", "03:30").await, 2, "those of half past two, and no more");
    look(&world, "2026-02-21", "01:59").await;
    assert_eq!(look(&world, "2026-02-21", "02:00").await, 2, "and the next day again");
}

#[test]
fn predictions_are_there_before_the_coaching_queue_is_made() {
    let line = |job: Job| night::TIMETABLE.iter().position(|(it, ..)| *it == job).expect("a line of the timetable");
    let hour = |job: Job| night::TIMETABLE[line(job)].1.parse::<chrono::NaiveTime>().unwrap();
    assert!(line(Job::Predictions) < line(Job::Coaching), "when both are due, jobs are done in this order");
    assert!(hour(Job::Predictions) <= hour(Job::Coaching));
    assert_eq!(night::TIMETABLE[line(Job::Predictions)].2, None, "each day, as the queue");
}

#[tokio::test]
async fn a_job_is_late_two_hours_after_its_time_until_it_is_done() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let late = async |time: &str| {
        let now = moment(world.organization().zone, date("2026-02-20"), time);
        let mut tx = world.db().global().await.unwrap();
        let late = night::late(&mut tx, world.organization(), now).await.unwrap();
        late.into_iter().map(|it| it.job).collect::<Vec<_>>()
    };
    assert!(late("02:59").await.is_empty());
    assert!(late("03:59").await.contains(&Job::Commerce) && !late("03:59").await.contains(&Job::WorkerDays));
    assert!(late("04:00").await.contains(&Job::WorkerDays));
    look(&world, "2026-02-20", "04:00").await;
    assert!(late("04:30").await.is_empty());
}

/// How many jobs a weekday has.
fn on(day: Weekday) -> u64 {
    night::TIMETABLE.iter().filter(|(.., only)| only.is_none_or(|only| only == day)).count() as u64
}

#[tokio::test]
async fn instances_that_look_at_once_put_each_slot_there_once() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let noon = noon(&world, "2026-02-20");
    // Of several times a day the newest alone: what was missed is not made up for.
    let newest = night::WITHIN_A_DAY.len() as u64;
    let put = futures_util::future::join_all((0..8).map(|_| night::plan(world.db(), noon))).await;
    assert_eq!(put.into_iter().map(Result::unwrap).sum::<u64>(), on(Weekday::Fri) + newest, "a Friday's jobs");
}

#[tokio::test]
async fn a_night_with_a_change_of_the_clocks_has_one_slot_of_each_job() {
    let db = testing::database().await;
    let world = testing::org_named(&db, "new-york", chrono_tz::America::New_York).await;
    world.without_reports().await;
    for (first, hours) in [("2026-03-07T05:00:00Z", 47), ("2026-10-31T04:00:00Z", 49)] {
        let first: DateTime<Utc> = first.parse().unwrap();
        let mut put = 0;
        for half_hour in 0..2 * hours {
            put += night::plan(&db, first + TimeDelta::minutes(30 * half_hour)).await.unwrap();
        }
        let within: usize = night::WITHIN_A_DAY.iter().map(|(_, times)| times.split(", ").count()).sum();
        let both = on(Weekday::Sat) + on(Weekday::Sun) + 2 * within as u64;
        assert_eq!(put, both, "a Saturday and the Sunday on which the clocks change");
    }
}

#[tokio::test]
async fn a_job_by_hand_and_the_one_of_the_queue_keep_out_of_each_others_way() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let now = noon(&world, "2026-02-20");
    let mut tx = world.db().global().await.unwrap();
    let asked = night::ask(&mut tx, world.org(), Job::Coaching, None, now).await.unwrap().unwrap();
    assert_eq!(night::ask(&mut tx, world.org(), Job::Coaching, None, now).await.unwrap(), None, "it waits already");
    tx.commit().await.unwrap();
    let mut other = world.db().global().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtext('coaching'), hashtext($1))")
        .bind(world.org().to_string())
        .execute(&mut *other)
        .await
        .unwrap();
    let hands = || night::hands(world.db(), Clock::fixed(now));
    drain(hands()).await.unwrap();
    let line = async || line(&mut world.db().global().await.unwrap(), world.org(), asked).await.unwrap();
    let waits = line().await;
    assert_eq!((waits.state, waits.attempts), (JobState::Queued, 0), "to wait for another is no try");
    other.commit().await.unwrap();
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()")
        .execute(&mut db.owner().await)
        .await
        .unwrap();
    drain(hands()).await.unwrap();
    assert_eq!(line().await.state, JobState::Done);
}
