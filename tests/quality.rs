//! The checks of the data: every planted fault is found, and none on clean data.
#![cfg(feature = "testing")]

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use muster::alignment::alerts::{self, Severity, checks, open_alerts};
use muster::alignment::quality::{self, Check, Quality, Settings, findings, latest, set_settings, settings};
use muster::people::{Organization, Role};
use muster::simulation::{Company, Plan, Scale, fill, found};
use muster::testing::{self, TestDatabase, World, date};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    "2026-03-18T06:00:00Z".parse().unwrap()
}

async fn look(db: &TestDatabase, org: &Organization) -> Quality {
    quality::run(db, org, now()).await.unwrap();
    latest(&mut db.org(org.id).await.unwrap()).await.unwrap().unwrap()
}

/// The checks that found something, with how many.
fn found_in(quality: &Quality) -> BTreeMap<&'static str, i64> {
    quality.checks.iter().filter(|it| it.tally.bad > 0).map(|it| (it.check.code(), it.tally.bad)).collect()
}

#[tokio::test]
async fn the_simulated_companies_are_clean() {
    let db = testing::database().await;
    for company in Company::ALL {
        let org = found(&db, company, now()).await.unwrap();
        let plan = Plan::new(company, Scale::Tiny, 1, date("2026-03-18"));
        fill(&db, &org, plan, now(), |_| {}).await.unwrap();
        let quality = look(&db, &org).await;
        assert_eq!(found_in(&quality), BTreeMap::new(), "{company:?}");
        assert_eq!((quality.score, quality.checks.len()), (Some(100.0), Check::ALL.len()));
        assert!(quality.checks.iter().all(|it| !it.broken));
    }
}

/// A company in which everything is as it should be, for eleven weeks; then one fault.
async fn company(db: &TestDatabase) -> World {
    let world = testing::org(db).await;
    let mut tx = world.tx().await;
    for table in ["attendance", "tasks", "orders"] {
        tx.ensure_partitions(table, date("2025-12-01"), date("2026-03-31")).await.unwrap();
    }
    tx.commit().await.unwrap();
    let ana = world.worker("Ana").rate(20).contracted(40).await;
    world.user("Ada", Role::Admin).await;
    for days in 1..=77 {
        let day = date("2026-03-18") - Days::new(days);
        let shift = world.shift(ana).on_day(day).clocked_in("06:00").await;
        if days < 30 {
            world.task(ana).of_shift(&shift).await;
        }
    }
    world
}

async fn run(world: &World, sql: &str) {
    let mut tx = world.tx().await;
    let sql = sql
        .replace("{org}", &format!("'{}'::uuid", world.org()))
        .replace("{site}", &format!("'{}'::uuid", world.home()));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

const CUSTOMER: &str =
    "insert into customers (org_id, id, ref) values ({org}, '00000000-0000-0000-0000-00000000000c', 'c')
     on conflict do nothing;";

/// Orders of one customer: so many, placed so many seconds apart.
fn orders(count: u32, seconds: u32, amount: &str) -> String {
    format!(
        "{CUSTOMER} insert into orders (org_id, day, id, ref, customer_id, amount, placed_at)
         select {{org}}, '2026-03-16', gen_random_uuid(), 'o' || n, '00000000-0000-0000-0000-00000000000c', {amount},
                '2026-03-16T09:00:00Z'::timestamptz + n * interval '{seconds} seconds' from generate_series(0, {count} - 1) n;"
    )
}

/// Plants a fault into a clean company: it is found, and nothing else is.
#[track_caller]
fn planted(check: Check, expected: i64, sql: String) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let db = testing::database().await;
        let world = company(&db).await;
        assert_eq!(found_in(&look(&db, world.organization()).await), BTreeMap::new(), "clean: {caller}");
        run(&world, &sql).await;
        let quality = look(&db, world.organization()).await;
        assert_eq!(found_in(&quality), BTreeMap::from([(check.code(), expected)]), "{caller}");
        let tally = quality.checks.iter().find(|it| it.check == check).unwrap().tally;
        assert!(quality.score.is_some_and(|score| score < 100.0) && tally.judged >= tally.bad);
        let rows = findings(&mut world.tx().await, check, 100, 0).await.unwrap();
        assert_eq!((rows.rows.len() as i64, rows.kept, rows.bad), (expected, expected, expected));
        assert!(rows.rows.iter().all(|row| !row.what.is_empty() && !row.what.contains("Ana")));
    }
}

#[tokio::test]
async fn orphans_are_found() {
    let stray = "update shifts set state = 'cancelled' where day = '2026-03-10'";
    planted(Check::StrayAttendance, 1, stray.into()).await;
    let task = "update tasks set shift_id = gen_random_uuid() where day = '2026-03-10'";
    planted(Check::StrayTasks, 1, task.into()).await;
    let paid = "insert into payments (org_id, id, ref, order_day, order_id, day, method, amount, paid_at)
         values ({org}, gen_random_uuid(), 'p', '2026-03-16', gen_random_uuid(), '2026-03-17', 'card', 5, now())";
    planted(Check::StrayMoney, 1, paid.into()).await;
    let left = "update workers set left_on = '2026-03-18';
         update shifts set day = '2026-03-20', starts_at = '2026-03-20T06:00:00Z', ends_at = '2026-03-20T14:00:00Z' where false;
         insert into shifts (org_id, id, ref, site_id, worker_id, day, starts_at, ends_at)
         select {org}, gen_random_uuid(), 'later', {site}, id, '2026-03-20', '2026-03-20T06:00:00Z', '2026-03-20T14:00:00Z' from workers";
    planted(Check::ShiftsOfLeavers, 1, left.into()).await;
}

#[tokio::test]
async fn duplicates_are_found() {
    let overlapping = "update attendance set clock_out = clock_in + interval '26 hours' where day = '2026-03-10'";
    planted(Check::OverlappingClockIns, 1, overlapping.into()).await;
    planted(Check::OrdersTwice, 1, orders(2, 40, "10")).await;
    let copy = "insert into workers (org_id, id, employee_number, name, job_role, home_site_id, hired_on, hourly_rate, weekly_hours)
         select org_id, gen_random_uuid(), 'copy', ' ANA', job_role, home_site_id, hired_on, hourly_rate, weekly_hours from workers";
    planted(Check::PeopleTwice, 1, copy.into()).await;
}

#[tokio::test]
async fn what_is_missing_is_found() {
    planted(Check::PeopleIncomplete, 1, "update workers set hourly_rate = null".into()).await;
    let account = "insert into users (org_id, id, name, role) values ({org}, gen_random_uuid(), 'Sue', 'supervisor')";
    planted(Check::AccountsIncomplete, 1, account.into()).await;
    planted(Check::ClockOutsMissing, 1, "update attendance set clock_out = null where day = '2026-03-10'".into()).await;
    planted(Check::AttendanceMissing, 1, "delete from attendance where day = '2026-02-21'".into()).await;
}

#[tokio::test]
async fn a_source_that_went_quiet_is_found() {
    // Paid long ago and not since: of the other sources each had something yesterday.
    let old =
        format!("{} update orders set day = '2026-02-28', placed_at = '2026-02-28T09:00:00Z'", orders(1, 60, "10"));
    planted(Check::Stale, 1, old).await;
}

#[tokio::test]
async fn what_cannot_be_is_found() {
    planted(
        Check::BackwardTimes,
        1,
        "update attendance set clock_out = clock_in - interval '1 hour' where day = '2026-03-10'".into(),
    )
    .await;
    let paid = format!(
        "{} insert into payments (org_id, id, ref, order_day, order_id, day, method, amount, paid_at)
         select org_id, gen_random_uuid(), 'p' || n, day, id, '2026-03-17', 'card', 10, now() from orders, generate_series(1, 2) n",
        orders(1, 60, "10")
    );
    planted(Check::Overpaid, 1, paid).await;
    // Of three orders one was never paid, one was paid in part and one in full; each got ten back.
    let refunded = format!(
        "{} insert into payments (org_id, id, ref, order_day, order_id, day, method, amount, paid_at)
             select org_id, gen_random_uuid(), 'p' || ref, day, id, '2026-03-17', 'card', case ref when 'o1' then 4 else 10 end, now()
             from orders where ref <> 'o0';
         insert into refunds (org_id, id, ref, order_day, order_id, day, amount, refunded_at)
             select org_id, gen_random_uuid(), 'r' || ref, day, id, '2026-03-17', 10, now() from orders",
        orders(3, 90, "10")
    );
    planted(Check::RefundedBeyond, 2, refunded).await;
}

#[tokio::test]
async fn a_burst_of_one_customer_is_found_down_to_its_rows() {
    planted(Check::Bursts, 25, orders(25, 2, "10 + n")).await;
}

#[tokio::test]
async fn a_day_imported_twenty_times_is_found() {
    let many = "insert into tasks (org_id, day, id, ref, site_id, worker_id, due_at)
         select {org}, '2026-03-12', gen_random_uuid(), 't' || n, {site}, (select id from workers), '2026-03-12T09:00:00Z' from generate_series(1, 40) n";
    let db = testing::database().await;
    let world = company(&db).await;
    for days in 30..=77 {
        let day = date("2026-03-18") - Days::new(days);
        run(&world, &format!("insert into tasks (org_id, day, id, ref, site_id, worker_id, due_at) select {{org}}, '{day}', gen_random_uuid(), 'd{day}', {{site}}, (select id from workers), '{day}T09:00:00Z'")).await;
    }
    assert_eq!(found_in(&look(&db, world.organization()).await), BTreeMap::new());
    run(&world, many).await;
    assert_eq!(found_in(&look(&db, world.organization()).await), BTreeMap::from([("daily-counts", 1)]));
    let found = findings(&mut world.tx().await, Check::DailyCounts, 10, 0).await.unwrap();
    assert_eq!((found.rows[0].source.as_str(), found.rows[0].day), ("tasks", Some(date("2026-03-12"))));
    run(&world, "insert into calendar_days (org_id, day, name, kind) values ({org}, '2026-03-12', 'Fair', 'event')")
        .await;
    assert_eq!(
        found_in(&look(&db, world.organization()).await),
        BTreeMap::new(),
        "a day that is special is not judged"
    );
}

#[tokio::test]
async fn a_check_that_breaks_is_left_out_of_the_score_and_is_an_alert_while_the_others_go_on() {
    let db = testing::database().await;
    let world = company(&db).await;
    sqlx::raw_sql("alter table refunds rename to elsewhere").execute(&mut db.owner().await).await.unwrap();
    let quality = look(&db, world.organization()).await;
    let broken: Vec<_> = quality.checks.iter().filter(|it| it.broken).map(|it| it.check).collect();
    assert_eq!(broken, [Check::StrayMoney, Check::Overpaid, Check::RefundedBeyond]);
    assert_eq!(quality.score, Some(100.0));
    alerts::run(&db, world.organization(), &checks(), now()).await.unwrap();
    let open = open_alerts(&mut world.tx().await).await.unwrap();
    assert_eq!(open.iter().map(|it| it.severity).collect::<Vec<_>>(), [Severity::Broken; 3]);
    assert!(open[0].title.starts_with("This check could not be made"), "{}", open[0].title);
}

#[tokio::test]
async fn bad_data_is_an_alert_by_the_thresholds_of_the_organization() {
    let db = testing::database().await;
    let world = company(&db).await;
    run(&world, "update workers set hourly_rate = null").await;
    look(&db, world.organization()).await;
    alerts::run(&db, world.organization(), &checks(), now()).await.unwrap();
    let open = open_alerts(&mut world.tx().await).await.unwrap();
    assert_eq!((open.len(), open[0].key.as_str(), open[0].severity), (1, "people-incomplete", Severity::Critical));

    let mut tx = world.tx().await;
    let user = world.user("Eve", Role::Admin).await;
    let strict = Settings { warning_below: 100, critical_below: 99, ..Settings::default() };
    set_settings(&mut tx, strict, user, now()).await.unwrap();
    assert_eq!(settings(&mut tx).await.unwrap(), strict);
    let wrong = Settings { critical_below: 100, ..strict };
    assert!(matches!(set_settings(&mut tx, wrong, user, now()).await, Err(muster::Error::Invalid(_))));
    tx.commit().await.unwrap();
    alerts::run(&db, world.organization(), &checks(), now()).await.unwrap();
    let keys: Vec<_> = open_alerts(&mut world.tx().await).await.unwrap().into_iter().map(|it| it.key).collect();
    assert!(keys.contains(&"score".to_owned()), "{keys:?}");
}

#[tokio::test]
async fn findings_are_those_of_the_newest_run_alone() {
    let db = testing::database().await;
    let world = company(&db).await;
    run(&world, "update workers set hourly_rate = null").await;
    look(&db, world.organization()).await;
    run(&world, "update workers set hourly_rate = 20").await;
    let quality = look(&db, world.organization()).await;
    assert_eq!(found_in(&quality), BTreeMap::new());
    let rows = findings(&mut world.tx().await, Check::PeopleIncomplete, 10, 0).await.unwrap();
    assert_eq!((rows.rows.len(), rows.bad, rows.made_at), (0, 0, Some(now())));
    assert_eq!(quality::runs(&mut world.tx().await, now()).await.unwrap().len(), 2);
    assert_ne!(quality.run, Uuid::nil());
}
