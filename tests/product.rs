//! Product events, an organization's days with the product, and the product as a business.
#![cfg(feature = "testing")]

use std::io::Cursor;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use muster::database::Database;
use muster::intake::{Source, Table, load};
use muster::metrics::Period;
use muster::night::{self, Job};
use muster::people::{Organization, Role, make_platform, platform_organization};
use muster::privacy::{self, Purpose};
use muster::product::visitor::Device;
use muster::product::{self, Event, Parts, record};
use muster::simulation::{Filled, Growth, fill_growth, found_platform};
use muster::testing::{self, World, date, moment};
use muster::units::UserId;
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

const ZONE: chrono_tz::Tz = chrono_tz::Africa::Johannesburg;

fn at(day: &str, time: &str) -> DateTime<Utc> {
    moment(ZONE, date(day), time)
}

/// A page opened by somebody.
fn event(world: &World, user: UserId, at: DateTime<Utc>, page: &str, visit: &str) -> Event {
    Event {
        id: Uuid::now_v7(),
        org: world.org(),
        user,
        day: at.with_timezone(&ZONE).date_naive(),
        at,
        name: "dashboard_viewed",
        properties: json!({ "page": page }).as_object().cloned().unwrap(),
        visit: Some(visit.into()),
        device: Device::Phone,
        browser: "firefox",
        subnet: Some("203.0.113.0/24".into()),
        page_load_ms: Some(40),
    }
}

async fn agrees(world: &World, user: UserId, when: DateTime<Utc>) {
    let mut tx = world.tx().await;
    privacy::agree(&mut tx, user, Purpose::ProductAnalytics, when).await.unwrap();
    tx.commit().await.unwrap();
}

async fn count(world: &World, what: &str) -> i64 {
    let sql = AssertSqlSafe(format!("select count(*) from {what}"));
    sqlx::query_scalar(sql).fetch_one(&mut *world.tx().await).await.unwrap()
}

/// A world that is the platform as well.
async fn platform(db: &Database) -> World {
    let world = testing::org_named(db, "platform", chrono_tz::UTC).await;
    let mut tx = db.global().await.unwrap();
    make_platform(&mut tx, world.org()).await.unwrap();
    tx.commit().await.unwrap();
    world
}

async fn import(world: &World, table: Table, file: &str) {
    // Indented in the test, not in the file.
    let file: Vec<&str> = file.lines().map(str::trim).collect();
    let file = file.join("\n") + "\n";
    let source = Source::new(table, table.name(), Cursor::new(file.into_bytes()));
    let summary = load(world.db(), world.organization(), source, at("2026-03-02", "12:00")).await.unwrap();
    assert_eq!(summary.rejected, 0, "{table}: {:?}", summary.reasons);
}

#[tokio::test]
async fn an_event_is_written_once_and_of_nobody_who_has_not_agreed() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (agreed, silent) = (world.user("Ana", Role::Worker).await, world.user("Ben", Role::Worker).await);
    agrees(&world, agreed, at("2026-03-02", "08:00")).await;
    let now = at("2026-03-02", "09:00");
    let before = event(&world, agreed, at("2026-03-02", "07:59"), "/me", "a");
    let batch = [
        event(&world, agreed, now, "/me", "a"),
        event(&world, silent, now, "/me", "b"),
        event(&world, agreed, now, "/team", "a"),
        before,
    ];
    assert_eq!(record(&db, &batch).await.unwrap(), 2, "what was done before she agreed is not noted either");
    assert_eq!(record(&db, &batch).await.unwrap(), 0, "a batch that comes twice is there once");
    assert_eq!(count(&world, "analytics_events").await, 2);

    let mut tx = world.tx().await;
    let row = sqlx::query("select subnet::text, device, properties from analytics_events order by id limit 1")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!((row.get::<String, _>(0), row.get::<String, _>(1)), ("203.0.113.0/24".into(), "phone".into()));
    privacy::withdraw(&mut tx, agreed, Purpose::ProductAnalytics, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        record(&db, &[event(&world, agreed, now, "/me", "a")]).await.unwrap(),
        0,
        "taken back is taken back at once"
    );
}

#[tokio::test]
async fn many_organizations_are_summed_at_once_and_none_waits_for_another_that_waits_for_it() {
    let db = testing::database().await;
    platform(&db).await;
    let mut worlds = Vec::new();
    for nth in 0..8 {
        worlds.push(testing::org_named(&db, &format!("org-{nth}"), ZONE).await);
    }
    // Each has firsts in months that no table has yet.
    let last = date("2026-03-01");
    let now = at("2026-03-02", "03:00");
    let sums = worlds.iter().map(|it| product::rebuild(it.db(), it.organization(), last, now));
    for outcome in futures_util::future::join_all(sums).await {
        outcome.unwrap();
    }
    for world in &worlds {
        assert_eq!(count(world, "analytics_events where name = 'signup_completed'").await, 1);
        assert_eq!(count(world, "analytics_events where name = 'first_site_added'").await, 1);
    }
}

#[tokio::test]
async fn the_database_itself_keeps_no_whole_address() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let user = world.user("Ana", Role::Worker).await;
    let now = at("2026-03-02", "09:00");
    agrees(&world, user, now).await;
    for subnet in ["203.0.113.77/32", "2001:db8:1:2::/64"] {
        let whole = Event { subnet: Some(subnet.into()), ..event(&world, user, now, "/me", "a") };
        assert!(record(&db, &[whole]).await.is_err(), "{subnet}");
    }
    assert_eq!(count(&world, "analytics_events").await, 0);
}

#[tokio::test]
async fn a_day_with_the_product_is_summed_as_counted_by_hand_and_again_to_the_same_bytes() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (ana, ben) = (world.user("Ana", Role::Admin).await, world.user("Ben", Role::Admin).await);
    for user in [ana, ben] {
        agrees(&world, user, at("2026-02-01", "08:00")).await;
    }
    let events = [
        event(&world, ana, at("2026-02-16", "09:00"), "/team", "a"),
        event(&world, ana, at("2026-02-16", "09:10"), "/team", "a"),
        event(&world, ana, at("2026-02-16", "09:25"), "/me", "a"),
        event(&world, ben, at("2026-02-16", "23:50"), "/me", "b"),
        // After midnight.
        event(&world, ben, at("2026-02-17", "00:10"), "/me", "b"),
    ];
    record(&db, &events).await.unwrap();
    // Generated and confirmed on 16 February.
    world.roster().costs(1_200, 60).await;
    world.worker("New").hired("2026-02-16").await;
    let run = async |day: &str| {
        night::run(&db, world.organization(), Job::ProductDays, at(day, "02:30"), &|_| {}).await.unwrap();
        let sql = "select coalesce(string_agg(m::text, E'\n' order by day), '') from analytics_daily_metrics m";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&mut *world.tx().await).await.unwrap()
    };
    let first = run("2026-02-20").await;
    let mut tx = world.tx().await;
    let row = sqlx::query(
        "select array[events, active_users, sessions, session_seconds::int, features_used, errors, acts, rosters, rosters_clean, workers_added],
                cost_scheduled, (select count(*) from dirty_product_days) from analytics_daily_metrics where day = '2026-02-16'",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    assert_eq!(row.get::<Vec<i32>, _>(0), [4, 2, 2, 25 * 60, 2, 0, 1, 1, 1, 1]);
    assert_eq!((row.get::<Decimal, _>(1), row.get::<i64, _>(2)), (Decimal::from(1_200), 0));
    drop(tx);
    assert_eq!(run("2026-02-20").await, first);

    // A roster that is imported later changes its day, however long ago that is.
    run("2026-04-20").await;
    world.roster().from("2026-03-09").costs(800, 40).await;
    run("2026-04-20").await;
    assert_eq!(
        count(&world, "analytics_daily_metrics where day = '2026-02-23' and rosters = 1 and cost_scheduled = 800")
            .await,
        1
    );
}

#[tokio::test]
async fn the_firsts_of_an_organization_are_noted_once_and_without_a_user() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    world.worker("Ana").await;
    world.roster().await;
    // The organization signed up on 1 January 2025.
    for _ in 0..2 {
        night::run(&db, world.organization(), Job::ProductDays, at("2026-03-01", "02:30"), &|_| {}).await.unwrap();
    }
    let sql = "select string_agg(name, ' ' order by name) from analytics_events where user_id is null and visit is null and subnet is null";
    let names: String = sqlx::query_scalar(sql).fetch_one(&mut *world.tx().await).await.unwrap();
    assert_eq!(
        names,
        "first_roster_generated first_site_added first_worker_added onboarding_completed signup_completed"
    );
}

#[tokio::test]
async fn events_are_kept_for_24_months_and_their_months_are_dropped() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let user = world.user("Ana", Role::Worker).await;
    agrees(&world, user, at("2023-01-01", "08:00")).await;
    for day in ["2024-01-31", "2024-02-15", "2024-02-16", "2026-02-10"] {
        record(&db, &[event(&world, user, at(day, "09:00"), "/me", "a")]).await.unwrap();
    }
    night::run(&db, world.organization(), Job::Housekeeping, at("2026-02-16", "04:00"), &|_| {}).await.unwrap();
    let days: Vec<NaiveDate> = sqlx::query_scalar("select day from analytics_events order by day")
        .fetch_all(&mut *world.tx().await)
        .await
        .unwrap();
    assert_eq!(days, [date("2024-02-16"), date("2026-02-10")]);
    let months: Vec<String> = sqlx::query_scalar(
        "select right(c.relname, 6) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'analytics_events'::regclass order by 1",
    )
    .fetch_all(&mut db.owner().await)
    .await
    .unwrap();
    assert_eq!(months, ["202402", "202602", "202603", "202604"], "January 2024 is gone, and there is room ahead");
    let other =
        sqlx::query("select drop_expired_partitions('attendance', '2026-02-16')").execute(&mut *world.tx().await).await;
    assert!(other.is_err(), "no other table loses its months");
}

/// Three sign-ups and a form that was left, on days that can be counted.
async fn a_small_business(world: &World) {
    import(
        world,
        Table::Signups,
        "ref,channel,started_at,signed_up_at,onboarded_at,first_roster_at
         A,search,2026-01-10T08:00:00Z,2026-01-10T09:00:00Z,2026-01-10T20:00:00Z,2026-01-11T08:59:00Z
         B,search,2026-01-10T08:00:00Z,2026-01-10T09:00:00Z,,2026-01-11T09:01:00Z
         C,invite,2026-01-20T08:00:00Z,2026-01-20T09:00:00Z,2026-02-20T09:00:00Z,
         D,search,2026-01-20T08:00:00Z,,,",
    )
    .await;
    import(
        world,
        Table::SignupActivity,
        "signup,day,users,active_users,rosters
         A,2026-01-10,4,1,0
         A,2026-01-16,4,2,1
         A,2026-02-11,5,2,1
         B,2026-01-15,1,1,0
         B,2026-01-19,1,1,0
         C,2026-01-28,2,1,0",
    )
    .await;
    import(
        world,
        Table::Subscriptions,
        "ref,signup,tier,mrr,started_at,upgraded_at,cancelled_at
         A1,A,starter,50,2026-01-12T12:00:00Z,2026-02-05T12:00:00Z,
         A2,A,professional,150,2026-02-05T12:00:00Z,,
         B1,B,starter,50,2026-01-12T12:00:00Z,,2026-02-01T12:00:00Z
         C1,C,starter,50,2026-02-10T12:00:00Z,,",
    )
    .await;
    import(world, Table::Invites, "ref,signup,sent_at,accepted_at\n1,A,2026-02-01T10:00:00Z,2026-02-03T10:00:00Z\n2,A,2026-02-01T10:00:00Z,2026-02-20T10:00:00Z\n3,A,2026-01-02T10:00:00Z,").await;
    import(
        world,
        Table::MarketingSpend,
        "day,channel,amount\n2026-02-01,search,60\n2026-02-11,events,40\n2026-01-01,search,999",
    )
    .await;
}

fn parts(numerator: i64, denominator: i64) -> Parts {
    Parts { numerator: numerator.into(), denominator: denominator.into() }
}

#[tokio::test]
async fn the_kpis_of_a_small_business_are_as_worked_by_hand() {
    let db = testing::database().await;
    let none = product::kpis(&db, date("2026-02-11")).await.unwrap();
    assert!(none.iter().all(|kpi| kpi.parts.is_err_and(|why| why.0.contains("no platform"))));
    let world = platform(&db).await;
    a_small_business(&world).await;
    let kpis = product::kpis(&db, date("2026-02-11")).await.unwrap();
    let of = |code: &str| kpis.iter().find(|kpi| kpi.code == code).unwrap().parts;
    // A on day 6 and C on day 8 were there; B came on days 5 and 9.
    assert_eq!(of("d7_retention"), Ok(parts(2, 3)));
    // Only A and B are 32 days old, and A was there on its 32nd.
    assert_eq!(of("d30_retention"), Ok(parts(1, 2)));
    // A's roster came a minute before the day was over, B's a minute after.
    assert_eq!(of("activation"), Ok(parts(1, 3)));
    // C is onboarded later; D left the form.
    assert_eq!(of("signup_conversion"), Ok(parts(1, 4)));
    // On 12 January A and B began with 50 each; B has gone, C has come, A pays 150.
    assert_eq!(of("growth_mom"), Ok(parts(100, 100)));
    assert_eq!(of("churn"), Ok(parts(1, 2)));
    // Two of three users' worth of invites in the month: 1 accepted by then; users 5 of A, 1 of B, 2 of C.
    assert_eq!(of("viral_coefficient"), Ok(parts(1, 8)));
    // 200 of 2 customers × 0.8 / 0.5 = 160; 100 for one new customer.
    assert_eq!(of("ltv_cac"), Ok(parts(160, 100)));
    let earlier = product::kpis(&db, date("2026-01-12")).await.unwrap();
    assert!(earlier.iter().find(|kpi| kpi.code == "d7_retention").unwrap().parts.is_err(), "nobody was seven days old");
}

#[tokio::test]
async fn the_platform_is_told_counts_of_its_organizations_and_of_no_demo() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let user = world.user("Ana", Role::Admin).await;
    let house = platform(&db).await;
    let early = at("2025-01-02", "09:00");
    agrees(&world, user, early).await;
    record(&db, &[event(&world, user, early, "/me", "a")]).await.unwrap();
    let run = async |org: &Organization| {
        night::run(&db, org, Job::ProductDays, at("2025-01-05", "02:30"), &|_| {}).await.unwrap()
    };
    for _ in 0..2 {
        run(world.organization()).await;
        run(house.organization()).await;
    }
    let told: String = sqlx::query_scalar("select string_agg(concat_ws(' ', s.ref, a.day, a.users, a.active_users), ';') from signups s join signup_activity a on a.signup_id = s.id")
        .fetch_one(&mut *house.tx().await)
        .await
        .unwrap();
    assert_eq!(told, "test 2025-01-02 1 1", "and the platform does not tell itself");
    assert_eq!(count(&world, "signups").await, 0, "nobody else knows");
    let demo = found_platform(&db, early).await.unwrap();
    assert!(demo.is_none(), "a demo leaves a real platform alone");
}

#[tokio::test]
async fn there_is_one_platform() {
    let db = testing::database().await;
    let (world, other) = (platform(&db).await, testing::org(&db).await);
    let mut tx = db.global().await.unwrap();
    assert!(make_platform(&mut tx, other.org()).await.is_err());
    make_platform(&mut tx, world.org()).await.unwrap();
    assert_eq!(platform_organization(&mut tx).await.unwrap().unwrap().id, world.org());
}

#[tokio::test]
async fn the_simulated_platform_has_all_eight_kpis_and_goes_on_with_its_history() {
    let db = testing::database().await;
    let now = at("2026-03-02", "12:00");
    let org = found_platform(&db, now).await.unwrap().unwrap();
    let today = date("2026-03-02");
    assert_eq!(fill_growth(&db, &org, Growth::new(1, today), now).await.unwrap(), Filled::Anew);
    assert_eq!(fill_growth(&db, &org, Growth::new(1, today), now).await.unwrap(), Filled::Already);
    let before = product::kpis(&db, date("2026-03-01")).await.unwrap();
    for kpi in &before {
        assert!(kpi.parts.is_ok(), "{kpi:?}");
    }
    let value = |code: &str| before.iter().find(|kpi| kpi.code == code).unwrap().parts.unwrap().value();
    let between = |code: &str, least: &str, most: &str| {
        let (value, range) = (value(code), least.parse().unwrap()..=most.parse().unwrap());
        assert!(range.contains(&value), "{code} is {value}");
    };
    between("d7_retention", "0.18", "0.45");
    between("activation", "0.22", "0.5");
    between("churn", "0.005", "0.15");
    between("ltv_cac", "1", "15");
    // Many days at once are the days one by one.
    let days = Period { first: date("2026-02-20"), last: date("2026-03-01") };
    let sums = product::sums_of(&mut db.org(org.id).await.unwrap(), "UTC", days).await.unwrap();
    assert_eq!(
        sums.iter().map(|sums| sums.day).collect::<Vec<_>>(),
        days.first.iter_days().take(10).collect::<Vec<_>>()
    );
    for sums in &sums {
        assert_eq!(product::measure(sums), product::kpis(&db, sums.day).await.unwrap());
    }
    let late = today + Days::new(10);
    let later = now + TimeDelta::days(10);
    assert!(matches!(fill_growth(&db, &org, Growth::new(2, late), later).await.unwrap(), Filled::LeftAlone));
    assert!(matches!(fill_growth(&db, &org, Growth::new(1, late), later).await.unwrap(), Filled::ToppedUp { .. }));
    assert_eq!(product::kpis(&db, date("2026-03-01")).await.unwrap(), before, "the past stays as it was");
}

#[tokio::test]
async fn what_goes_on_right_now_is_counted_for_one_and_for_all() {
    let db = testing::database().await;
    let (world, house) = (testing::org(&db).await, platform(&db).await);
    let user = world.user("Ana", Role::Admin).await;
    let now = at("2026-03-02", "12:00");
    agrees(&world, user, at("2026-03-01", "12:00")).await;
    let minutes = |ago: i64| event(&world, user, now - TimeDelta::minutes(ago), "/me", "a");
    record(&db, &[minutes(1), minutes(4), minutes(6)]).await.unwrap();
    import(&house, Table::Signups, "ref,started_at,signed_up_at\nA,2026-03-01T08:00:00Z,2026-03-01T08:10:00Z").await;
    import(
        &house,
        Table::Subscriptions,
        "ref,signup,tier,mrr,started_at\nA1,A,starter,49,2026-03-02T08:00:00Z\nA0,A,starter,20,2026-03-01T08:00:00Z",
    )
    .await;
    let own = product::live(&db, world.org(), now).await.unwrap();
    assert_eq!((own.events, own.events_a_minute(), own.subscriptions, own.revenue), (2, 0.4, None, Decimal::ZERO));
    let all = product::live_everywhere(&db, now).await.unwrap();
    assert_eq!((all.events, all.subscriptions, all.revenue), (2, Some(1), Decimal::from(49)));
}
