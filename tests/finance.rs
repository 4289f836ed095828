//! The month in money on a real Postgres, worked out by hand: cost, budget, where it is heading, and who was paid what.
#![cfg(feature = "testing")]

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, Utc};
use muster::database::{Database, Topic};
use muster::executive::Light;
use muster::exports::xlsx;
use muster::finance::{
    Asked, Course, Filter, Month, PAY_COLUMNS, Payroll, Planned, SITE_COLUMNS, Wanted, mark, month, payroll, sheets,
};
use muster::metrics::{Period, Selection};
use muster::night::{self, Job};
use muster::operations::measures::Costs;
use muster::people::audit::Viewer;
use muster::people::{Role, Scope, Sites, User};
use muster::testing::{World, database, date, moment, org};
use muster::units::{SiteId, UserId};
use muster::{Error, Result};

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

async fn night_of(world: &World, day: &str) {
    night::run(world.db(), world.organization(), Job::WorkerDays, noon(world, day), &|_| {}).await.unwrap();
}

fn all() -> Scope {
    Scope { sites: Sites::All, only_worker: None, names: true }
}

fn asked(filter: &Filter, columns: &[&'static str]) -> Asked {
    filter.resolve(columns, date("2026-03-10"), date("2026-03-11")).unwrap()
}

async fn sql(world: &World, sql: &'static str) {
    let mut tx = world.tx().await;
    sqlx::raw_sql(sql).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// On 11 March ten of 31 days are over. Ana works at home and once at North, where Cleo works with overtime; Ben does not
/// come. Home may cost 3,410.00; North has no budget. Three more days are planned, one shift of them nobody's.
async fn company(db: &Database) -> (World, SiteId) {
    let world = org(db).await;
    let north = world.site("NORTH").await;
    let (ana, ben) = (world.worker("Ana").await, world.worker("Ben").await);
    let cleo = world.worker("Cleo").at(north).await;
    for day in ["2026-02-10", "2026-02-11"] {
        world.shift(ana).on(day).pay(400).clocked_in("06:00").await;
    }
    for day in ["2026-03-02", "2026-03-03"] {
        world.shift(ana).on(day).clocked_in("06:00").await;
    }
    world.shift(ana).on("2026-03-04").at(north).pay(100).clocked_in("06:00").await;
    world.shift(ben).on("2026-03-05").no_show().await;
    world.shift(cleo).on("2026-03-05").at(north).pay(500).overtime(60).clocked_in("06:00").await;
    world.shift(ana).on("2026-03-11").await;
    world.shift(None).on("2026-03-12").await;
    world.shift(cleo).on("2026-03-13").at(north).pay(500).await;
    sql(
        &world,
        "update shifts set pay_overtime = 75.25, pay_premium = 10.10, pay_travel = 5.05 where overtime_minutes > 0;
         insert into budgets select org_id, id, '2026-03-01', k, a from sites, (values ('regular', 3100), ('other', 310)) v (k, a) where code = 'HOME';
         insert into other_costs select org_id, gen_random_uuid(), 'O1', id, '2026-03-03', 'radios', 31 from sites where code = 'HOME';",
    )
    .await;
    night_of(&world, "2026-03-11").await;
    (world, north)
}

async fn month_of(world: &World, scope: &Scope, filter: &Filter) -> Result<Month> {
    month(&mut world.tx().await, scope, &asked(filter, &SITE_COLUMNS)).await
}

async fn finance_user(world: &World) -> UserId {
    world.user("Farai", Role::Finance).await
}

async fn payroll_of(world: &World, user: UserId, scope: Scope, filter: &Filter) -> Result<Payroll> {
    let viewer = Viewer { user, worker: None, scope, now: noon(world, "2026-03-11") };
    let mut tx = world.tx().await;
    let found = payroll(&mut tx, &viewer, &asked(filter, &PAY_COLUMNS)).await?;
    tx.commit().await?;
    Ok(found)
}

#[tokio::test]
async fn the_month_by_hand() {
    let db = database().await;
    let (world, north) = company(&db).await;
    let it = month_of(&world, &all(), &Filter::default()).await.unwrap();
    assert_eq!(it.course, Course { over: 10, planned: 3, days: 31 });
    let home = it.lines.iter().find(|line| line.site == Some(world.home())).unwrap();
    assert_eq!(home.actual, Costs { regular: 160_000, other: 3_100, ..Costs::default() }, "a no-show is not paid");
    assert_eq!(home.to_date, Some(Costs { regular: 100_000, other: 10_000, ..Costs::default() }), "10 of 31 days");
    assert_eq!(home.difference, Some(53_100));
    assert_eq!(home.planned, Planned { shifts: 1, unfilled: 1, pay: 80_000, other: 0 });
    assert_eq!(home.run_rate, Some(505_610), "163.10 a day");
    assert_eq!(home.expected, Some(163_100 + 80_000 + 20 * 16_000 + 21 * 310));
    assert_eq!((home.against, home.light()), (Some(569_610 - 341_000), Light::OffTarget));
    assert_eq!((home.shifts, home.per_shift()), (2, Some(80_000)));
    let north = it.lines.iter().find(|line| line.site == Some(north)).unwrap();
    let paid = Costs { regular: 60_000, overtime: 7_525, premium: 1_010, travel: 505, other: 0 };
    assert_eq!((north.actual, north.budget, north.light()), (paid, None, Light::NoData));
    assert_eq!(north.expected, Some(69_040 + 50_000 + 124_272));
    assert_eq!(it.total.actual.total(), 163_100 + 69_040);
    assert_eq!((it.total.difference, it.total.against), (home.difference, home.against), "of what has a budget");
    assert_eq!(it.before.map(Costs::total), Some(40_000), "the 11th of February is not over in March");
    let days: Vec<_> = it.days.iter().map(|(day, cents)| (day.to_string(), *cents)).collect();
    let expected = [("2026-03-02", 80_000), ("2026-03-03", 83_100), ("2026-03-04", 10_000), ("2026-03-05", 59_040)];
    assert_eq!(days, expected.map(|(day, cents)| (day.to_owned(), cents)));
    assert_eq!(
        days.iter().map(|(_, cents)| cents).sum::<i64>(),
        it.total.actual.total(),
        "the chart ends where the tile is"
    );
}

#[tokio::test]
async fn what_is_booked_for_later_is_not_spent_yet() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let before = month_of(&world, &all(), &Filter::default()).await.unwrap();
    sql(
        &world,
        "insert into other_costs select org_id, gen_random_uuid(), 'O2', id, '2026-03-30', 'insurance', 6000 from sites where code = 'HOME'",
    )
    .await;
    let it = month_of(&world, &all(), &Filter::default()).await.unwrap();
    assert_eq!(it.total.actual, before.total.actual, "the tile is still where the chart ends");
    assert_eq!(it.total.run_rate, before.total.run_rate);
    // Of the mean day 21 times 3.10 were expected.
    assert_eq!(it.total.expected.zip(before.total.expected).map(|(now, then)| now - then), Some(600_000 - 6_510));
}

#[tokio::test]
async fn a_site_that_is_planned_further_ahead_takes_no_pay_from_the_others() {
    let db = database().await;
    let (world, north) = company(&db).await;
    let home = Filter { site: Some(world.home().to_string()), ..Filter::default() };
    let alone = month_of(&world, &all(), &home).await.unwrap();
    let cleo = world.worker("Dora").at(north).await;
    world.shift(cleo).on("2026-03-30").at(north).pay(500).await;
    world.shift(None).on("2026-03-31").at(north).await;
    night_of(&world, "2026-03-11").await;
    let it = month_of(&world, &all(), &Filter::default()).await.unwrap();
    assert_eq!(it.course.planned, 20, "to the last shift that somebody has");
    let line = it.lines.iter().find(|line| line.site == Some(world.home())).unwrap();
    assert_eq!(line.expected, alone.total.expected, "its row says what its page says");
}

#[tokio::test]
async fn one_site_is_the_page_of_that_site() {
    let db = database().await;
    let (world, north) = company(&db).await;
    let one = Filter { site: Some(north.to_string()), ..Filter::default() };
    let it = month_of(&world, &all(), &one).await.unwrap();
    assert_eq!((it.lines.len(), it.total.actual.total(), it.total.budget), (1, 69_040, None));
    assert_eq!(it.days.iter().map(|(_, cents)| cents).sum::<i64>(), 69_040);
    assert_eq!(it.sites.len(), 2, "the others can still be chosen");
    let home_only = Scope { sites: Sites::Only(vec![world.home()]), ..all() };
    assert!(matches!(month_of(&world, &home_only, &one).await, Err(Error::Forbidden(_))));
    let it = month_of(&world, &home_only, &Filter::default()).await.unwrap();
    assert_eq!((it.total.actual.total(), it.sites.len()), (163_100, 1), "totals are of the own sites too");
    let nowhere = Filter { site: Some(uuid::Uuid::now_v7().to_string()), ..Filter::default() };
    assert!(matches!(month_of(&world, &all(), &nowhere).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_month_without_facts_is_empty_and_no_error() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let long_ago = Filter { month: Some("2024-02".into()), ..Filter::default() };
    let it = month_of(&world, &all(), &long_ago).await.unwrap();
    assert!(it.lines.is_empty() && it.days.is_empty() && it.impact.is_empty());
    let user = finance_user(&world).await;
    let paid = payroll_of(&world, user, all(), &long_ago).await.unwrap();
    assert_eq!((paid.all.people, paid.by_sites, paid.slips), (0, 0, Some(Vec::new())));
}

#[tokio::test]
async fn the_payroll_is_the_pay_of_the_sites_to_the_last_hundredth() {
    let db = database().await;
    let (world, north) = company(&db).await;
    let user = finance_user(&world).await;
    let paid = payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    let slips = paid.slips.as_ref().unwrap();
    let totals: Vec<_> =
        slips.iter().map(|slip| (slip.worker.name.as_str(), slip.paid.shifts, slip.paid.pay.pay())).collect();
    assert_eq!(
        totals,
        [("Ana", 3, 170_000), ("Cleo", 1, 59_040)],
        "the largest sum first, and nobody who was not paid"
    );
    assert_eq!(slips[1].paid.overtime_minutes, 60);
    assert_eq!((paid.all.pay.pay(), paid.by_sites, paid.unreconciled()), (229_040, 229_040, 0));
    let one = Filter { site: Some(north.to_string()), ..Filter::default() };
    let paid = payroll_of(&world, user, all(), &one).await.unwrap();
    assert_eq!(
        (paid.all.people, paid.all.pay.pay(), paid.unreconciled()),
        (2, 69_040, 0),
        "Ana’s day at North is North’s"
    );
}

#[tokio::test]
async fn the_payroll_of_every_site_one_by_one_is_that_of_all_sites() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = finance_user(&world).await;
    let of_all = payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    let every = Sites::Only(of_all.sites.iter().map(|(site, _)| *site).collect());
    let named = payroll_of(&world, user, Scope { sites: every, ..all() }, &Filter::default()).await.unwrap();
    assert_eq!((named.slips, named.roles, named.all), (of_all.slips, of_all.roles, of_all.all), "Ana is one person");
}

#[tokio::test]
async fn whoever_does_other_work_now_is_paid_with_those_from_the_next_night_on() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = finance_user(&world).await;
    sql(&world, "update workers set job_role = 'Dog handler' where name in ('Ana', 'Cleo')").await;
    night_of(&world, "2026-03-11").await;
    let paid = payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    assert_eq!((paid.roles[0].name.as_str(), paid.roles[0].paid.people), ("Dog handler", 2));
}

#[tokio::test]
async fn people_are_found_by_part_of_a_name_or_number_and_sorted() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = finance_user(&world).await;
    let names = async |q: &str, sort: &str, order: &str| {
        let text = |text: &str| Some(text.to_owned());
        let filter = Filter { q: text(q), sort: text(sort), order: text(order), ..Filter::default() };
        let paid = payroll_of(&world, user, all(), &filter).await.unwrap();
        let slips = paid.slips.unwrap();
        assert_eq!(paid.found.people, slips.len() as i64);
        assert_eq!(paid.found.pay.pay(), slips.iter().map(|slip| slip.paid.pay.pay()).sum::<i64>());
        slips.into_iter().map(|slip| slip.worker.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("", "name", "desc").await, "Cleo Ana");
    assert_eq!(names("", "overtime", "desc").await, "Cleo Ana");
    assert_eq!(names("", "shifts", "asc").await, "Cleo Ana");
    assert_eq!(names("LEO", "total", "").await, "Cleo");
    assert_eq!(names("%", "total", "").await, "", "a sign is a sign");
}

#[tokio::test]
async fn who_sees_no_names_gets_roles_and_nobodys_pay() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = world.user("Eve", Role::Executive).await;
    let nameless = Scope { names: false, ..all() };
    let paid = payroll_of(&world, user, nameless.clone(), &Filter::default()).await.unwrap();
    assert_eq!(paid.slips, None);
    assert_eq!(paid.roles.iter().map(|role| role.paid.pay.pay()).sum::<i64>(), 229_040);
    let looking = Filter { q: Some("Ana".into()), ..Filter::default() };
    assert!(matches!(payroll_of(&world, user, nameless, &looking).await, Err(Error::Invalid(_))));
}

async fn looks(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from audit_log where action = 'looked at pay'")
        .fetch_one(&mut *world.tx().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_look_at_somebodys_pay_is_written_down_once_a_day() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = finance_user(&world).await;
    for _ in 0..2 {
        payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    }
    assert_eq!(looks(&world).await, 2, "Ana and Cleo");
}

#[tokio::test]
async fn a_payroll_left_behind_by_a_night_that_was_killed_is_made_by_the_next() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let user = finance_user(&world).await;
    sql(&world, "update shifts set pay_regular = 900 where day = '2026-03-02'").await;
    // What the night commits chunk by chunk, before it is killed.
    let mut tx = world.tx().await;
    let day = Period { first: date("2026-03-02"), last: date("2026-03-02") };
    muster::operations::days::rebuild(&mut tx, &Selection { days: day, workers: None }).await.unwrap();
    mark(&mut tx, day).await.unwrap();
    tx.commit().await.unwrap();
    let paid = payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    assert_eq!(paid.unreconciled(), -10_000, "the page says so");
    night_of(&world, "2026-03-11").await;
    let paid = payroll_of(&world, user, all(), &Filter::default()).await.unwrap();
    assert_eq!((paid.unreconciled(), paid.all.pay.pay()), (0, 239_040));
}

#[tokio::test]
async fn what_the_night_rewrites_counts_a_new_version_and_a_night_run_twice_changes_no_amount() {
    let db = database().await;
    let (world, _) = company(&db).await;
    let first = month_of(&world, &all(), &Filter::default()).await.unwrap();
    let version = world.db().version(world.org(), &[Topic::Costs]).await.unwrap();
    night_of(&world, "2026-03-11").await;
    assert!(world.db().version(world.org(), &[Topic::Costs]).await.unwrap() > version);
    assert_eq!(month_of(&world, &all(), &Filter::default()).await.unwrap(), first);
    let undone = world.tx().await.rewrote(Topic::Costs).await;
    assert!(undone.is_ok());
    assert_eq!(
        world.db().version(world.org(), &[Topic::Staffing]).await.unwrap(),
        0,
        "a transaction left behind counts nothing"
    );
}

fn wanted(world: &World, user: User, scope: Scope) -> Wanted {
    Wanted {
        db: world.db().clone(),
        user,
        scope,
        asked: asked(&Filter::default(), &PAY_COLUMNS),
        now: noon(world, "2026-03-11"),
    }
}

#[tokio::test]
async fn the_workbook_read_again_is_the_page() {
    let db = database().await;
    let (world, _) = company(&db).await;
    sql(&world, "update workers set name = '=cmd()' where name = 'Cleo'").await;
    let user = User {
        id: finance_user(&world).await,
        org: world.organization().clone(),
        name: "Farai".into(),
        role: Role::Finance,
        worker: None,
        client: None,
        sites: Vec::new(),
        theme: "system".into(),
        unread: 0,
    };
    let it = month_of(&world, &all(), &Filter::default()).await.unwrap();
    let (head, tables) = sheets(&wanted(&world, user.clone(), all()), None, "month.xlsx").await.unwrap();
    let bytes = xlsx(head, tables).whole().await.unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sites = book.worksheet_range("Sites").unwrap();
    let column = |range: &calamine::Range<Data>, name: &str| {
        (0..range.get_size().1)
            .find(|nth| range[(0, *nth)].to_string().starts_with(name))
            .unwrap_or_else(|| panic!("{name}"))
    };
    let spent = column(&sites, "Actual");
    let cents = |cell: &Data| match cell {
        Data::Float(value) => (value * 100.0).round() as i64,
        Data::Int(value) => value * 100,
        other => panic!("{other:?} is no number"),
    };
    let in_file: i64 = (1..sites.get_size().0).map(|row| cents(&sites[(row, spent)])).sum();
    assert_eq!(in_file, it.total.actual.total());
    assert_eq!(sites.get_size().0 - 1, it.lines.len());
    let payroll = book.worksheet_range("Payroll").unwrap();
    let pay = column(&payroll, "Pay (");
    let paid: Vec<i64> = (1..payroll.get_size().0).map(|row| cents(&payroll[(row, pay)])).collect();
    assert_eq!(paid, [170_000, 59_040]);
    assert_eq!(payroll[(2, 0)], Data::String("=cmd()".into()), "words, not a formula");
    assert_eq!(book.worksheet_formula("Payroll").unwrap().used_cells().count(), 0);
    assert_eq!(looks(&world).await, 2, "a file is a look at each of them");
    let nameless = Scope { names: false, ..all() };
    let refused = sheets(&wanted(&world, user.clone(), nameless.clone()), Some("payroll"), "x.csv").await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let (_, tables) = sheets(&wanted(&world, user, nameless), None, "month.xlsx").await.unwrap();
    assert!(tables.iter().all(|table| table.sheet.name != "Payroll"));
}
