//! The demo goes through intake like any file: nothing is refused, a second run adds nothing, a later day goes on.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::intake::{Source, Table, load};
use muster::metrics::{Period, Selection};
use muster::operations::{days, measures};
use muster::people::{Scope, Sites};
use muster::simulation::{Company, Filled, Plan, Scale, Simulation, fill, found};
use muster::testing::TestDatabase;
use muster::units::Rate;

fn today() -> NaiveDate {
    "2026-03-18".parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-03-18T06:00:00Z".parse().unwrap()
}

/// Fills a company at the smallest scale as of `today`.
async fn fill_on(db: &TestDatabase, company: Company, seed: u64, today: NaiveDate) -> Filled {
    let org = found(db, company, now()).await.expect("a demo company");
    let plan = Plan::new(company, Scale::Tiny, seed, today);
    fill(db, &org, plan, now(), |_| {}).await.expect("a filled company").0
}

/// Rows of each fact table, and the last business day with attendance.
async fn facts(db: &TestDatabase) -> (Vec<i64>, Option<NaiveDate>) {
    let mut owner = db.owner().await;
    let mut counts = Vec::new();
    for table in Table::ALL {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        counts.push(sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap());
    }
    (counts, sqlx::query_scalar("select max(day) from attendance").fetch_one(&mut owner).await.unwrap())
}

#[tokio::test]
async fn both_companies_load_without_a_rejected_row_or_a_finding() {
    let db = muster::testing::database().await;
    for company in Company::ALL {
        assert_eq!(fill_on(&db, company, 1, today()).await, Filled::Anew);
    }
    let mut owner = db.owner().await;
    let rejected: i64 =
        sqlx::query_scalar("select sum(rows_rejected)::bigint from imports").fetch_one(&mut owner).await.unwrap();
    let findings: Vec<String> =
        sqlx::query_scalar("select finding from import_findings").fetch_all(&mut owner).await.unwrap();
    assert_eq!((rejected, findings), (0, Vec::new()));
    let (counts, last) = facts(&db).await;
    // Nobody is coached within the first eight weeks.
    let full =
        |(table, rows): (Table, &i64)| *rows > 0 || table == Table::CoachingSessions || Table::GROWTH.contains(&table);
    assert!(Table::ALL.into_iter().zip(&counts).all(full), "{counts:?}");
    assert_eq!(last, Some(today() - Days::new(1)));
}

/// What the executive's page is about must show in the demo: some rosters break a rule, most do not; planning costs less.
#[tokio::test]
async fn the_demo_has_something_to_say_on_staffing_compliance_and_cost() {
    let db = muster::testing::database().await;
    let org = found(&db, Company::Demo, now()).await.expect("a demo company");
    let plan = Plan::new(Company::Demo, Scale::Small, 1, today());
    let simulation = Simulation::new(plan);
    // Only what is asked about: all of it would take a minute.
    for table in [
        Table::Clients,
        Table::Sites,
        Table::Workers,
        Table::Requirements,
        Table::Certifications,
        Table::Budgets,
        Table::OtherCosts,
        Table::Rosters,
        Table::Shifts,
    ] {
        let mut file = Vec::new();
        simulation.write(table, plan.first_day, &mut file).unwrap();
        let source = Source::new(table, table.name(), std::io::Cursor::new(file));
        assert_eq!(load(&db, &org, source, now()).await.unwrap().rejected, 0, "{table}");
    }
    let mut tx = db.org(org.id).await.unwrap();
    let all = Selection { days: Period { first: plan.first_day, last: plan.last_planned() }, workers: None };
    days::rebuild(&mut tx, &all).await.unwrap();
    let everything = Scope { sites: Sites::All, only_worker: None, names: false };
    let sites = measures::compliance(&mut tx, &everything, all.days).await.unwrap();
    let kept = sites.iter().map(|site| site.rosters).reduce(std::ops::Add::add).and_then(Rate::value).unwrap();
    assert!((0.7..0.95).contains(&kept), "{kept:.3} of the rosters break no rule");
    let rules: Vec<String> = measures::breaches_by_rule(&mut tx, &everything, all.days)
        .await
        .unwrap()
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    for rule in ["certification", "rest", "weekly_hours", "overtime_hours"] {
        assert!(rules.iter().any(|broken| broken == rule), "{rule} is never broken: {rules:?}");
    }
    assert_eq!(rules.len(), 4, "{rules:?}");
    let saved = measures::savings(&mut tx, &everything, all.days).await.unwrap();
    assert!(
        saved.hours() > Some(100.0) && saved.roster_cents() > Some(0) && saved.priced == saved.rosters,
        "{saved:?}"
    );
    let month = Period { first: "2026-02-01".parse().unwrap(), last: "2026-02-28".parse().unwrap() };
    let costs = measures::costs(&mut tx, &everything, month).await.unwrap();
    let actual: i64 = costs.iter().map(|site| site.actual.total()).sum();
    let budget: i64 = costs.iter().filter_map(|site| Some(site.budget?.total())).sum();
    let used = actual as f64 / budget as f64;
    assert!((0.9..1.1).contains(&used), "{used:.3} of the budget is used");
    let over =
        costs.iter().filter(|site| site.budget.is_some_and(|budget| site.actual.total() > budget.total())).count();
    assert!(over > 0 && over < costs.len(), "{over} of {} sites are over their budget", costs.len());
}

#[tokio::test]
async fn filling_again_changes_nothing_and_a_later_day_goes_on() {
    let db = muster::testing::database().await;
    assert_eq!(fill_on(&db, Company::Demo, 1, today()).await, Filled::Anew);
    let before = facts(&db).await;
    assert_eq!(fill_on(&db, Company::Demo, 1, today()).await, Filled::Already);
    assert_eq!(facts(&db).await, before);
    let later = today() + Days::new(3);
    assert_eq!(fill_on(&db, Company::Demo, 1, later).await, Filled::ToppedUp { from: today() });
    let after = facts(&db).await;
    assert_eq!(after.1, Some(today() + Days::new(2)));
    assert!(after.0.iter().zip(&before.0).all(|(after, before)| after >= before), "{before:?} → {:?}", after.0);
}

#[tokio::test]
async fn topping_up_ends_where_filling_at_once_would() {
    let (slowly, once) = (muster::testing::database().await, muster::testing::database().await);
    let later = today() + Days::new(10);
    fill_on(&slowly, Company::Demo, 1, today()).await;
    fill_on(&slowly, Company::Demo, 1, later).await;
    let org = found(&once, Company::Demo, now()).await.unwrap();
    let first_day = Plan::new(Company::Demo, Scale::Tiny, 1, today()).first_day;
    let plan = Plan::new(Company::Demo, Scale::Tiny, 1, later).begun(first_day);
    fill(&once, &org, plan, now(), |_| {}).await.unwrap();
    assert_eq!(facts(&slowly).await, facts(&once).await);
}

#[tokio::test]
async fn an_organization_that_holds_something_else_is_left_alone() {
    let db = muster::testing::database().await;
    fill_on(&db, Company::Rival, 1, today()).await;
    let before = facts(&db).await;
    assert_eq!(fill_on(&db, Company::Rival, 2, today() + Days::new(5)).await, Filled::LeftAlone);
    assert_eq!(facts(&db).await, before);
}

#[tokio::test]
async fn a_real_organization_of_that_name_is_refused() {
    let db = muster::testing::database().await;
    muster::testing::org_named(&db, "demo", chrono_tz::Africa::Johannesburg).await;
    assert!(found(&db, Company::Demo, now()).await.is_err());
}
