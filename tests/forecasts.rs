//! Forecasts of the organization's own days, and what its customers are worth, on a real Postgres: kept, shown only when good, and
//! read with the month's budget.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::alignment::alerts;
use muster::finance::{Filter, Month, SITE_COLUMNS, month};
use muster::intake::{Source, Table, load};
use muster::models::forecast::{Forecast, Kind, estimate, newest, train};
use muster::models::{latest, ltv};
use muster::people::{Scope, Sites};
use muster::testing::{World, database, date, moment, org};
use sqlx::AssertSqlSafe;

const LAST: &str = "2026-03-10";

fn now(world: &World) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-11"), "06:00")
}

async fn sql(world: &World, sql: impl Into<String>) {
    let mut tx = world.tx().await;
    sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Pay of 400 days of the home site up to [`LAST`]: a weekly shape that drifts, with noise that is the same each time.
async fn drifting(world: &World) {
    sql(
        world,
        "insert into site_daily_costs (org_id, site_id, day, regular, overtime, premium, travel)
         select s.org_id, s.id, d::date,
             round((1000 + 300 * sin(n / 40.0)) * (array[0.5, 1, 1, 1, 1, 1.2, 0.7])[1 + extract(dow from d)::int]
                 * (0.9 + 0.2 * (hashint4(n) & 1023) / 1023.0)), 0, 0, 0
         from sites s, generate_series(date '2026-03-10' - 399, date '2026-03-10', interval '1 day') with ordinality g (d, i),
             lateral (select i::int as n) n
         where s.code = 'HOME'",
    )
    .await;
}

async fn told(world: &World, kind: Kind) -> Option<Forecast> {
    newest(&mut world.tx().await, kind, None).await.unwrap()
}

async fn estimated(world: &World, kind: Kind) -> u64 {
    let mut tx = world.tx().await;
    let rows = estimate(&mut tx, kind, date(LAST)).await.unwrap();
    tx.commit().await.unwrap();
    rows
}

async fn trained(world: &World, kind: Kind) -> bool {
    let mut tx = world.tx().await;
    let done = train(&mut tx, kind, date(LAST), now(world)).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn march(world: &World) -> Month {
    let filter = Filter { month: Some("2026-03".into()), ..Filter::default() };
    let asked = filter.resolve(&SITE_COLUMNS, date(LAST), date("2026-03-11")).unwrap();
    let scope = Scope { sites: Sites::All, only_worker: None, names: true };
    month(&mut world.tx().await, &scope, &asked).await.unwrap()
}

#[tokio::test]
async fn a_forecast_is_shown_once_it_was_better_than_the_week_before_on_the_own_days() {
    let db = database().await;
    let world = org(&db).await;
    drifting(&world).await;
    assert_eq!(told(&world, Kind::Pay).await, None, "nothing was told yet");
    // The whole organization and its one site.
    assert_eq!(estimated(&world, Kind::Pay).await, 2);
    let unjudged = told(&world, Kind::Pay).await.unwrap();
    assert_eq!((unjudged.outlook, unjudged.verdict), (None, None), "not shown before it was judged");
    assert!(trained(&world, Kind::Pay).await);
    let judged = told(&world, Kind::Pay).await.unwrap();
    let (outlook, verdict) = (judged.outlook.unwrap(), judged.verdict.unwrap());
    let [own, naive] = verdict.mase.map(Option::unwrap);
    assert!(own < naive, "{verdict:?}");
    assert_eq!((judged.through, verdict.through), (date(LAST), date(LAST)));
    assert_eq!((outlook.days.len(), outlook.days[0].day), (30, date("2026-03-11")));
    // Sundays cost half of a weekday.
    let sunday = outlook.days.iter().find(|it| it.day == date("2026-03-15")).unwrap();
    let monday = outlook.days.iter().find(|it| it.day == date("2026-03-16")).unwrap();
    assert!((0.4..0.6).contains(&(sunday.point / monday.point)), "{sunday:?} {monday:?}");
    assert_eq!(estimated(&world, Kind::Pay).await, 2, "again, in place of what was there");
    assert_eq!(told(&world, Kind::Pay).await.unwrap().outlook.unwrap(), outlook, "the same days tell the same");
}

#[tokio::test]
async fn what_is_no_better_than_the_week_before_is_kept_back_and_too_few_days_say_nothing() {
    let db = database().await;
    let world = org(&db).await;
    sql(
        &world,
        "insert into site_daily_costs select s.org_id, s.id, d::date, 100, 0, 0, 0 from sites s,
             generate_series(date '2026-03-10' - 199, date '2026-03-10', interval '1 day') d where s.code = 'HOME'",
    )
    .await;
    assert!(trained(&world, Kind::Pay).await);
    estimated(&world, Kind::Pay).await;
    let kept = told(&world, Kind::Pay).await.unwrap();
    assert_eq!(kept.outlook, None);
    assert!(kept.verdict.unwrap().words.contains("every week is like the one before"));
    assert!(!trained(&world, Kind::Revenue).await, "there is no revenue");
    assert_eq!(estimated(&world, Kind::Revenue).await, 0);
    assert_eq!(march(&world).await.ahead.unwrap().month, None);
}

#[tokio::test]
async fn the_month_says_how_likely_it_passes_its_budget() {
    let db = database().await;
    let world = org(&db).await;
    drifting(&world).await;
    trained(&world, Kind::Pay).await;
    estimated(&world, Kind::Pay).await;
    sql(&world, "insert into other_costs select org_id, gen_random_uuid(), 'O1', id, '2026-03-03', 'radios', 310 from sites where code = 'HOME'").await;
    let without = march(&world).await;
    let end = without.ahead.as_ref().unwrap().month.unwrap();
    assert_eq!((end.chance_over, end.alarming()), (None, false), "no budget, no chance");
    // Ten of 31 days are over: what was paid, 310.00 else and the mean of that for 21 days, and the forecast of 21 days.
    let outlook = without.ahead.as_ref().unwrap().forecast.outlook.as_ref().unwrap();
    let expected = without.total.actual.total() + 31_000 * 21 / 10 + (outlook.total(21) * 100.0).round() as i64;
    assert_eq!(end.total, expected);
    let [(low, high), (lower, higher)] = end.bands.map(Option::unwrap);
    assert!(lower <= low && low < end.total && end.total < high && high <= higher, "{end:?}");
    let chance = async |budget: i64| {
        let budget = format!(
            "delete from budgets; insert into budgets select org_id, id, '2026-03-01', 'regular', {}.{:02} from sites where code = 'HOME'",
            budget / 100,
            budget % 100
        );
        sql(&world, budget).await;
        let end = march(&world).await.ahead.unwrap().month.unwrap();
        (end.chance_over.unwrap(), end.alarming())
    };
    let ample = chance(higher + 100).await;
    let budgets = async || {
        alerts::run(world.db(), world.organization(), &alerts::checks(), now(&world)).await.unwrap();
        let open = alerts::open_alerts(&mut world.tx().await).await.unwrap();
        open.into_iter().filter(|alert| alert.kind == alerts::Kind::Budget).map(|alert| alert.title).collect::<Vec<_>>()
    };
    assert_eq!(budgets().await, Vec::<String>::new(), "within the budget there is nothing to tell");
    let (even, scarce) = (chance(end.total).await, chance(lower - 100).await);
    assert_eq!(budgets().await, ["The budget of March 2026"]);
    assert!(scarce.0 > 0.9 && scarce.1, "{scarce:?}");
    assert!((0.2..0.8).contains(&even.0), "{even:?}");
    assert!(ample.0 < 0.1 && !ample.1, "{ample:?}");
}

#[tokio::test]
async fn a_closed_month_has_nothing_ahead() {
    let db = database().await;
    let world = org(&db).await;
    drifting(&world).await;
    estimated(&world, Kind::Pay).await;
    let filter = Filter { month: Some("2026-02".into()), ..Filter::default() };
    let asked = filter.resolve(&SITE_COLUMNS, date(LAST), date("2026-03-11")).unwrap();
    let scope = Scope { sites: Sites::All, only_worker: None, names: true };
    assert_eq!(month(&mut world.tx().await, &scope, &asked).await.unwrap().ahead, None);
}

/// Eighty customers over two years: half come each week, a quarter each month, a quarter stopped a year ago.
async fn customers(world: &World) {
    let mut files = [
        String::from("ref,name\n"),
        String::from("ref,customer,amount,placed_at,completed_at\n"),
        String::from("ref,order_ref,method,amount,paid_at\n"),
    ];
    let first = date("2024-03-11");
    let mut nth = 0_u32;
    for who in 0..80_u32 {
        files[0] += &format!("C{who},\n");
        let (every, until) = match who % 4 {
            0 | 1 => (7, 730),
            2 => (30, 730),
            _ => (7, 365),
        };
        let mut day = u64::from(who % 60);
        while day < until {
            let at = first + chrono::Days::new(day);
            let amount = 20 + (who * 7 + nth) % 30;
            files[1] += &format!("O{nth},C{who},{amount},{at} 09:00,{at} 10:00\n");
            files[2] += &format!("P{nth},O{nth},card,{amount},{at} 09:05\n");
            nth += 1;
            day += every + u64::from(nth * 5 % 4);
        }
    }
    for (table, file) in [Table::Customers, Table::Orders, Table::Payments].into_iter().zip(files) {
        let source = Source::new(table, format!("{table}.csv"), std::io::Cursor::new(file.into_bytes()));
        let summary = load(world.db(), world.organization(), source, now(world)).await.unwrap();
        assert_eq!(summary.rejected, 0, "{table}: {:?}", summary.reasons);
    }
    muster::commerce::rebuild(world.db(), world.organization(), date(LAST), |_, _| {}).await.unwrap();
}

#[tokio::test]
async fn customers_are_worth_what_they_paid_and_will_spend_where_the_model_was_better() {
    let db = database().await;
    let world = org(&db).await;
    customers(&world).await;
    let value = async |who: &str| {
        let mut tx = world.tx().await;
        let row: (Option<f64>, Option<f64>, bool) = sqlx::query_as(
            "select expected_margin::float8, churn_risk, lifetime_value = paid - refunded + coalesce(expected_margin, 0)
             from customer_analytics a join customers c on c.org_id = a.org_id and c.id = a.customer_id where c.ref = $1",
        )
        .bind(who)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        row
    };
    let estimated = async || {
        let mut tx = world.tx().await;
        ltv::estimate(&mut tx, date(LAST)).await.unwrap();
        tx.commit().await.unwrap();
    };
    estimated().await;
    assert_eq!(value("C0").await, (None, None, true), "no model was judged yet");
    let mut tx = world.tx().await;
    assert!(ltv::train(&mut tx, date(LAST), now(&world)).await.unwrap());
    tx.commit().await.unwrap();
    let figures = latest(&mut world.tx().await, ltv::NAME).await.unwrap().unwrap().figures;
    assert!(figures["verdict"]["value_shown"].is_boolean() && figures["spend"]["ratio"].as_f64().unwrap() > 0.0);
    // Whatever came of it on these few, what the verdict says is what is shown.
    let say = |shown: bool| {
        format!(
            "update models set figures = jsonb_set(jsonb_set(figures, '{{verdict,value_shown}}', '{shown}'), '{{verdict,churn_shown}}', '{shown}')"
        )
    };
    sql(&world, say(true)).await;
    estimated().await;
    let (weekly, monthly, gone) = (value("C0").await, value("C2").await, value("C3").await);
    assert!(weekly.2 && monthly.2 && gone.2, "lifetime value is the sum of its parts");
    let spend = |it: (Option<f64>, Option<f64>, bool)| it.0.unwrap();
    assert!(spend(weekly) > 2.0 * spend(monthly) && spend(monthly) > spend(gone), "{weekly:?} {monthly:?} {gone:?}");
    assert!(gone.1.unwrap() > 0.6 && weekly.1.unwrap() < 0.3, "{weekly:?} {gone:?}");
    sql(&world, say(false)).await;
    estimated().await;
    assert_eq!(value("C0").await, (None, None, true), "taken away again");
}
