//! KPIs on a real Postgres: what the night keeps of each day, how it agrees with the pages it rests on, and who sets targets.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, Utc};
use muster::Error;
use muster::alignment::{
    Alignment, Band, Kpi, Set, State, Target, alignment_of, course_of, keeper, reset_target, set_target, targets,
};
use muster::executive::{Filter, Kind, Light, executive};
use muster::finance::{self, SITE_COLUMNS, month};
use muster::metrics::Period;
use muster::metrics::dirty::mark_everybody;
use muster::night::{self, Job};
use muster::people::{Role, Scope, Sites, User, make_platform, user_of_id};
use muster::testing::{World, database, date, moment, org, org_named};
use sqlx::AssertSqlSafe;

const LAST: &str = "2026-03-31";

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn run(world: &World, job: Job, day: &str) -> u64 {
    night::run(world.db(), world.organization(), job, noon(world, day), &|_| {}).await.unwrap()
}

async fn night_of(world: &World, day: &str) -> u64 {
    run(world, Job::WorkerDays, day).await;
    run(world, Job::Kpis, day).await
}

async fn sql(world: &World, sql: &str) {
    let mut tx = world.tx().await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

fn everything() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: true }
}

async fn workforce(world: &World, last: &str) -> Alignment {
    alignment_of(&mut world.tx().await, Set::Workforce, date(last), 90).await.unwrap()
}

fn value(it: &Alignment, kpi: Kpi) -> Option<f64> {
    it.rows.iter().find(|row| row.standing.kpi == kpi).unwrap().standing.value()
}

fn fraction(it: &Alignment, kpi: Kpi) -> (f64, f64) {
    let fraction = it.rows.iter().find(|row| row.standing.kpi == kpi).unwrap().standing.fraction.unwrap();
    (fraction.numerator, fraction.denominator)
}

/// Two sites from 5 January on. Each Monday Ana works at home and Ben at EAST, who does not come in the weeks of March; a shift
/// at EAST is nobody's on the second Monday of March. Ana has a task each time, late from 16 March on. Home may cost 3,100.00
/// in March, EAST has no budget. Nobody patrols.
async fn company(world: &World) {
    let east = world.site("EAST").await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").at(east).await);
    for day in date("2026-01-05").iter_days().step_by(7).take(13) {
        let text = day.to_string();
        world.shift(ana).on_day(day).pay(500).clocked_in("05:55").await;
        let shift = world.shift(ben).on_day(day).at(east).pay(300);
        let _ = if day >= date("2026-03-01") { shift.no_show().await } else { shift.clocked_in("05:55").await };
        let at = if day >= date("2026-03-16") { "16:00" } else { "11:00" };
        world.task(ana).on(&text).assigned("08:00").sla(240).completed(at).await;
    }
    world.shift(None).on("2026-03-09").at(east).await;
    world.roster().from("2026-03-02").await;
    sql(
        world,
        "insert into budgets select org_id, id, '2026-03-01', 'regular', 3100 from sites where code = 'HOME';
         insert into other_costs select org_id, gen_random_uuid(), code, id, '2026-03-03', 'radios', 31 from sites;",
    )
    .await;
    night_of(world, "2026-04-01").await;
}

#[tokio::test]
async fn each_value_is_worked_out_by_hand() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = workforce(&world, LAST).await;
    assert_eq!(it.day, Some(date(LAST)));
    // The 28 days from 4 March: the Mondays 9, 16, 23 and 30.
    assert_eq!(fraction(&it, Kpi::Attendance), (4.0, 8.0));
    assert_eq!(fraction(&it, Kpi::FillRate), (8.0, 9.0));
    assert_eq!(fraction(&it, Kpi::Sla), (1.0, 4.0));
    // The roster began on 2 March, before these days.
    assert_eq!(value(&it, Kpi::Compliance), None);
    assert_eq!(value(&it, Kpi::Coverage), None);
    // Home in March: five shifts of 500.00 and radios; of 3,100.00 the month is over.
    assert_eq!(fraction(&it, Kpi::CostAgainstBudget), (253_100.0, 310_000.0));
    let missing = it.rows.iter().filter_map(|row| row.standing.missing.as_deref()).collect::<Vec<_>>();
    assert_eq!(missing, ["No confirmed roster began in these 28 days.", "No checkpoint was planned in these 28 days."]);
    // 20 × 100·0.5/0.95 + 20 × 100·(8/9)/0.95 + 20 × 100·0.25/0.90 + 15 × 100, of the 75 that are left.
    let by_hand = (20.0 * 50.0 / 0.95 + 20.0 * (800.0 / 9.0) / 0.95 + 20.0 * 25.0 / 0.9 + 1_500.0) / 75.0;
    assert!((it.score.unwrap() - by_hand).abs() < 1e-9, "{:?} {by_hand}", it.score);
    assert_eq!(it.band(), Some(Band::AtRisk));
    let urgent: Vec<Kpi> = it.actions().iter().map(|action| action.kpi).collect();
    assert_eq!(urgent, [Kpi::Sla, Kpi::Attendance, Kpi::FillRate]);
}

#[tokio::test]
async fn a_value_is_what_the_executive_sees_for_the_same_days() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    for last in [LAST, "2026-03-29", "2026-03-02", "2026-02-10", "2026-01-05"] {
        let period = Period::window(date(last));
        let it = workforce(&world, last).await;
        for kpi in Set::Workforce.kpis() {
            let Some(metric) = kpi.metric() else { continue };
            let filter = Filter {
                from: Some(period.first.to_string()),
                to: Some(period.last.to_string()),
                metric: Some(metric.code().into()),
                ..Filter::default()
            };
            let page = executive(&mut world.tx().await, &everything(), &filter, date(LAST)).await.unwrap();
            let rate = page.comparison.total;
            assert_eq!(value(&it, kpi), rate.value(), "{kpi:?} {last}");
            if rate.of > 0 {
                assert_eq!(fraction(&it, kpi), (rate.hit as f64, rate.of as f64), "{kpi:?} {last}");
            }
        }
    }
}

#[tokio::test]
async fn the_cost_is_what_finance_sees_for_the_same_month() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    // Two Mondays and the radios by 10 March, five and the radios by the end; of 3,100.00 as many days of 31.
    for (last, actual, days) in [("2026-03-01", 0.0, 1.0), ("2026-03-10", 103_100.0, 10.0), (LAST, 253_100.0, 31.0)] {
        let (numerator, denominator) = fraction(&workforce(&world, last).await, Kpi::CostAgainstBudget);
        assert_eq!(numerator, actual, "{last}");
        assert!((denominator - 310_000.0 * days / 31.0).abs() < 1e-6, "{last}: {denominator}");
    }
    let asked = finance::Filter::default().resolve(&SITE_COLUMNS, date(LAST), date(LAST)).unwrap();
    let page = month(&mut world.tx().await, &everything(), &asked).await.unwrap();
    let line = page.lines.iter().find(|line| line.budget.is_some()).unwrap();
    let (actual, budget) = (line.actual.total() as f64, line.to_date.unwrap().total() as f64);
    assert_eq!(fraction(&workforce(&world, LAST).await, Kpi::CostAgainstBudget), (actual, budget));
    assert_eq!(value(&workforce(&world, "2026-02-20").await, Kpi::CostAgainstBudget), None, "no budget for February");
}

#[tokio::test]
async fn a_trend_compares_the_same_length_at_other_dates() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let it = workforce(&world, LAST).await;
    let row = it.rows.iter().find(|row| row.standing.kpi == Kpi::Attendance).unwrap();
    let found: Vec<_> =
        row.trend.iter().map(|then| (then.day, then.value.map(|value| (800.0 * value).round()))).collect();
    // No-shows of Ben on the Mondays of March, of eight shifts in each 28 days: 24 March has those of 2, 9, 16 and 23.
    let expected = [
        ("2026-03-24", Some(400.0)),
        ("2026-03-17", Some(500.0)),
        ("2026-03-01", Some(800.0)),
        ("2026-01-30", Some(800.0)),
        ("2025-12-31", None),
    ];
    assert_eq!(found, expected.map(|(day, value)| (date(day), value)));
    for then in row.trend {
        let alone = workforce(&world, &then.day.to_string()).await;
        let own = alone.day.filter(|day| *day == then.day).and_then(|_| value(&alone, Kpi::Attendance));
        assert_eq!(own, then.value, "what was the value of that day");
    }
    let changes = row.trend.map(|then| then.change.map(|change| (800.0 * change).round()));
    assert_eq!(changes, [Some(0.0), Some(-100.0), Some(-400.0), Some(-400.0), None]);
}

#[tokio::test]
async fn rebuilding_changes_only_what_was_restated() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    assert_eq!(run(&world, Job::Kpis, "2026-04-01").await, 0, "the same facts give the same rows");
    let before = workforce(&world, "2026-03-31").await;
    // A shift of 20 March comes late: the values of the 12 days that hold it change.
    let cid = world.worker("Cid").await;
    world.shift(cid).on("2026-03-20").pay(100).clocked_in("05:55").await;
    let mut tx = world.tx().await;
    mark_everybody(&mut tx, Period { first: date("2026-03-20"), last: date("2026-03-20") }).await.unwrap();
    tx.commit().await.unwrap();
    let changed = night_of(&world, "2026-04-01").await;
    assert_eq!(changed, 3 * 12, "attendance, fill and cost of twelve days");
    let after = workforce(&world, LAST).await;
    assert_eq!(fraction(&after, Kpi::Attendance), (5.0, 9.0));
    assert_eq!(fraction(&after, Kpi::Sla), fraction(&before, Kpi::Sla));
}

#[tokio::test]
async fn before_the_first_night_there_is_no_day_and_no_score() {
    let db = database().await;
    let world = org(&db).await;
    let it = workforce(&world, LAST).await;
    assert_eq!((it.day, it.score, it.missing()), (None, None, 6));
    assert!(it.actions().is_empty() && it.course.is_empty());
    assert_eq!(run(&world, Job::Kpis, "2026-04-01").await, 0, "without facts nothing is kept");
}

#[tokio::test]
async fn the_product_is_judged_in_the_platforms_own_organization() {
    let db = database().await;
    let (world, platform) = (org(&db).await, org_named(&db, "platform", chrono_tz::Africa::Johannesburg).await);
    let of = async |world: &World| keeper(world.db(), Set::Product, world.org()).await.unwrap();
    assert_eq!(of(&world).await, world.org(), "without a platform there is nobody else");
    let mut tx = db.global().await.unwrap();
    make_platform(&mut tx, platform.org()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(of(&world).await, platform.org());
    assert_eq!(keeper(world.db(), Set::Workforce, world.org()).await.unwrap(), world.org());
    // Two signed up long enough ago and one of them was back a week later; both had a roster at once.
    sql(
        &platform,
        "insert into signups (org_id, id, ref, started_at, signed_up_at, onboarded_at, first_roster_at)
         select current_org(), gen_random_uuid(), r, '2026-03-02T08:00Z', '2026-03-02T08:05Z', '2026-03-02T10:00Z', '2026-03-02T09:00Z'
         from unnest(array['a', 'b']) r;
         insert into signup_activity (org_id, signup_id, day, users, active_users)
         select org_id, id, '2026-03-09', 3, 2 from signups where ref = 'a';",
    )
    .await;
    run(&world, Job::Kpis, "2026-04-01").await;
    run(&platform, Job::Kpis, "2026-04-01").await;
    let product =
        async |world: &World| alignment_of(&mut world.tx().await, Set::Product, date(LAST), 90).await.unwrap();
    assert_eq!(product(&world).await.day, None, "it is no other organization’s affair");
    let it = product(&platform).await;
    assert_eq!(it.day, Some(date(LAST)));
    assert_eq!(fraction(&it, Kpi::D7Retention), (1.0, 2.0));
    assert_eq!((value(&it, Kpi::Activation), value(&it, Kpi::Conversion)), (Some(1.0), Some(1.0)));
    assert_eq!((value(&it, Kpi::LtvToCac), value(&it, Kpi::Growth)), (None, None));
    // Nobody invited anybody: 0 of weight 5; the others are beyond their targets with 20, 15 and 10.
    assert_eq!((value(&it, Kpi::Viral), it.score), (Some(0.0), Some(90.0)));
    assert_eq!(it.rows[0].trend[4].day, date("2025-12-31"));
    let all = Period { first: date("2025-01-01"), last: date(LAST) };
    let kept = course_of(&mut platform.tx().await, Kpi::Churn, all).await.unwrap();
    assert_eq!(kept.len(), 91, "the trend has its days from the first night on");
    assert_eq!(run(&platform, Job::Kpis, "2026-04-01").await, 0, "measured again it is the same");
}

#[tokio::test]
async fn each_organization_has_its_own_values() {
    let db = database().await;
    let world = org(&db).await;
    let rival = org_named(&db, "rival", chrono_tz::America::New_York).await;
    company(&world).await;
    assert_eq!(workforce(&rival, LAST).await.day, None);
    let all = Period { first: date("2026-01-01"), last: date(LAST) };
    assert!(course_of(&mut rival.tx().await, Kpi::Attendance, all).await.unwrap().is_empty());
    let own = course_of(&mut world.tx().await, Kpi::Attendance, all).await.unwrap();
    assert_eq!(
        (own[0].day, own.last().unwrap().day),
        (date(LAST), date("2026-01-05")),
        "newest first, from the first day"
    );
    assert_eq!(own.len() as i64, (date(LAST) - date("2026-01-05")).num_days() + 1);
}

async fn user(world: &World, role: Role) -> User {
    let id = world.user(&format!("The {role}"), role).await;
    user_of_id(world.db(), world.org(), id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_target_that_is_set_judges_every_day_and_is_in_the_audit_log() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let admin = user(&world, Role::Admin).await;
    let now = noon(&world, "2026-04-01");
    let easy = Target { target: 0.5, weight: 40.0, warning: 0.4, critical: 0.3 };
    let mut tx = world.tx().await;
    set_target(&mut tx, &admin, Kpi::Attendance, easy, now).await.unwrap();
    tx.commit().await.unwrap();
    let it = workforce(&world, LAST).await;
    let row = &it.rows[0];
    assert_eq!((row.standing.target, row.standing.is_own_target), (easy, true));
    assert_eq!((row.standing.score(), row.standing.state()), (Some(100.0), State::Fine));
    assert!(it.score > Some(70.0), "{:?}", it.score);
    let mut tx = world.tx().await;
    reset_target(&mut tx, &admin, Kpi::Attendance, now).await.unwrap();
    reset_target(&mut tx, &admin, Kpi::Attendance, now).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.tx().await;
    assert!(!targets(&mut tx).await.unwrap().is_own(Kpi::Attendance));
    let log: Vec<(String, Option<serde_json::Value>, serde_json::Value)> =
        sqlx::query_as("select action, before, after from audit_log where record = 'kpi' order by at, id")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    let actions: Vec<&str> = log.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["set target", "reset target"], "what was not changed is not noted");
    let before = log[0].1.as_ref().map(|before| &before["target"]);
    assert_eq!((before, &log[0].2["target"]), (Some(&0.95.into()), &0.5.into()));
}

#[tokio::test]
async fn the_target_of_a_kpi_is_the_one_the_executives_tile_is_judged_by() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let admin = user(&world, Role::Admin).await;
    let fill = async || {
        let page = executive(&mut world.tx().await, &everything(), &Filter::default(), date(LAST)).await.unwrap();
        let tile = page.numbers.into_iter().find(|number| number.kind == Kind::FillRate).unwrap();
        (tile.target, tile.light, tile.now.value().unwrap())
    };
    let (target, light, value) = fill().await;
    assert_eq!(target, Some(Kpi::FillRate.default_target().target));
    assert_ne!(light, Some(Light::NoData));
    let strict = Target { target: value + 0.002, weight: 20.0, warning: value + 0.0015, critical: value + 0.001 };
    for (asked, expected) in [
        (strict, Light::OffTarget),
        (Target { warning: value - 0.01, critical: value - 0.02, ..strict }, Light::Watch),
        (Target { target: value, warning: value - 0.01, critical: value - 0.02, ..strict }, Light::OnTarget),
    ] {
        let mut tx = world.tx().await;
        set_target(&mut tx, &admin, Kpi::FillRate, asked, noon(&world, "2026-04-01")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(fill().await, (Some(asked.target), Some(expected), value));
    }
}

#[tokio::test]
async fn nonsense_and_what_is_not_ones_own_is_not_set() {
    let db = database().await;
    let world = org(&db).await;
    let (admin, platform) = (user(&world, Role::Admin).await, user(&world, Role::Platform).await);
    let now = noon(&world, "2026-04-01");
    let mut tx = world.tx().await;
    let upside_down = Target { target: 0.5, weight: 10.0, warning: 0.6, critical: 0.3 };
    let refused = set_target(&mut tx, &admin, Kpi::Attendance, upside_down, now).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let refused = set_target(&mut tx, &admin, Kpi::Churn, Kpi::Churn.default_target(), now).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let refused = reset_target(&mut tx, &platform, Kpi::Attendance, now).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    set_target(&mut tx, &platform, Kpi::Churn, Kpi::Churn.default_target(), now).await.unwrap();
}

#[tokio::test]
async fn where_the_night_has_not_been_the_newest_day_stands() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let later = date(LAST) + Days::new(5);
    let it = workforce(&world, &later.to_string()).await;
    assert_eq!(it.day, Some(date(LAST)));
    assert_eq!(it.score, workforce(&world, LAST).await.score);
}
