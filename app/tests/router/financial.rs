//! `/financial`, its payroll and its files as each role gets them.

use std::io::Cursor;

use axum::http::{Request, StatusCode, header};
use calamine::{Reader, Xlsx};
use chrono::{Datelike, Days, NaiveDate};
use http_body_util::BodyExt;
use muster::night::{self, Job};
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use sqlx::AssertSqlSafe;

use crate::house::{House, PASSWORD, Visitor};

/// The last day of the month before today's: a month that is closed.
fn closed(house: &House) -> NaiveDate {
    let today = house.now.with_timezone(&house.test.organization().zone).date_naive();
    today - Days::new(u64::from(today.day()))
}

fn month(house: &House) -> String {
    closed(house).format("month=%Y-%m").to_string()
}

async fn sql(house: &House, sql: String) {
    let mut tx = house.test.tx().await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await.expect("a statement");
    tx.commit().await.expect("commit");
}

async fn night_of(house: &House) {
    night::run(&house.db, house.test.organization(), Job::WorkerDays, house.now, &|_| {}).await.expect("the night");
}

/// Ana was paid 800.00 at home and Noor 1,234.00 at NORTH in the month that is closed; home had a budget of 700.00.
async fn company() -> House {
    let house = House::with_everybody().await;
    let day = closed(&house);
    let north = house.test.site("NORTH").await;
    let noor = house.test.worker("Noor <b>Searchable</b>").at(north).await;
    house.test.shift(house.worker).on_day(day).clocked_in("06:00").await;
    house.test.shift(noor).on_day(day).at(north).pay(1234).clocked_in("06:00").await;
    let (home, first) = (house.home(), day.with_day(1).expect("the first"));
    sql(&house, format!("insert into budgets values (current_org(), '{home}', '{first}', 'regular', 700)")).await;
    night_of(&house).await;
    house
}

#[tokio::test]
async fn finance_reads_the_month_site_by_site_and_each_total_is_the_sum() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get(&format!("/financial?{}", month(&house))).await.body.replace('\u{a0}', " ");
    for said in
        ["2,034.00", "1,234.00", "800.00", "700.00", "+100.00", "off target", "100.00 above the budget", "As of "]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("1 site has no budget for this month"), "{page}");
    assert!(!page.contains("Searchable") && !page.contains("Ana"), "nobody is named on the month: {page}");
    let home = house.home();
    let one = finance.get(&format!("/financial?{}&site={home}", month(&house))).await.body;
    assert!(one.contains("800.00") && !one.contains("1,234.00"), "{one}");
    for query in ["month=2026-13", "month=soon", "sort=pay", "page=0", "order=up", "site=a&site=b", "q=Ana"] {
        assert_eq!(finance.get(&format!("/financial?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(finance.get("/financial?site=home").await.status, StatusCode::NOT_FOUND);
    assert_eq!(finance.get(&format!("/financial?site={}", house.rival.home())).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn finance_finds_people_on_the_payroll_and_the_others_see_job_roles() {
    let house = company().await;
    let payroll = format!("/financial/payroll?{}", month(&house));
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get(&payroll).await.body;
    assert!(page.contains("Ana") && page.contains("Noor &lt;b&gt;Searchable"), "{page}");
    assert!(page.contains("It must be nought, and is."), "{page}");
    let found = finance.get(&format!("{payroll}&q=searchable")).await.body;
    assert!(found.contains("1,234.00") && !found.contains(">Ana<"), "{found}");
    let nobody = finance.get(&format!("{payroll}&q=%25")).await.body;
    assert!(nobody.contains("Nobody of this name or number was paid"), "{nobody}");
    for role in ["executive", "admin"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        for path in [payroll.clone(), format!("/financial?{}", month(&house))] {
            let page = visitor.get(&path).await.body;
            assert!(
                page.contains("2,034.00") && !page.contains("Searchable") && !page.contains("Ana"),
                "{role}: {page}"
            );
        }
        assert_eq!(visitor.get(&format!("{payroll}&q=ana")).await.status, StatusCode::BAD_REQUEST, "{role}");
        let file = format!("/financial/export.csv?{}&table=payroll", month(&house));
        assert_eq!(visitor.get(&file).await.status, StatusCode::FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn a_worker_sees_who_looked_at_the_own_pay() {
    let house = company().await;
    house.signed_in("finance@test").await.get(&format!("/financial/payroll?{}", month(&house))).await;
    let page = house.signed_in("worker@test").await.get("/api/v1/performance/me/looks").await.body;
    assert!(page.contains("The finance") && page.contains("pay"), "{page}");
}

#[tokio::test]
async fn what_is_kept_is_given_until_the_night_rewrites_it_and_to_nobody_else() {
    let house = company().await;
    let path = format!("/financial?{}", month(&house));
    let mut finance = house.signed_in("finance@test").await;
    assert!(finance.get(&path).await.body.contains("2,034.00"));
    let day = closed(&house);
    sql(&house, format!("update shifts set pay_regular = 900 where day = '{day}' and pay_regular = 800")).await;
    sql(&house, format!("update site_daily_costs set regular = 900 where day = '{day}' and regular = 800")).await;
    assert!(finance.get(&path).await.body.contains("2,034.00"), "as it is kept");
    sql(&house, format!("insert into dirty_days values (current_org(), '{day}', '{}')", uuid::Uuid::nil())).await;
    night_of(&house).await;
    assert!(finance.get(&path).await.body.contains("2,134.00"), "made anew");
    let new = NewUser {
        name: "Rival".into(),
        email: "finance@rival".into(),
        role: Role::Finance,
        worker: None,
        client: None,
        sites: Vec::new(),
    };
    create_user(&house.db, house.rival.org(), &new, PASSWORD, house.now).await.expect("a user");
    let mut rival = house.signed_in("finance@rival").await;
    let page = rival.get(&path).await.body;
    assert!(
        page.contains("No cost, budget or plan") && !page.contains("2,134.00") && !page.contains("NORTH"),
        "{page}"
    );
    let paid = rival.get(&format!("/financial/payroll?{}", month(&house))).await.body;
    assert!(paid.contains("Nobody was paid"), "{paid}");
}

async fn bytes(visitor: &mut Visitor, path: &str) -> (String, Vec<u8>) {
    let answer = visitor.open(Request::get(path).header(header::ACCEPT, "text/html"), "").await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let name = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("a name").to_owned();
    (name, answer.into_body().collect().await.expect("a whole file").to_bytes().to_vec())
}

#[tokio::test]
async fn the_files_hold_what_the_page_shows() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let (name, body) = bytes(&mut finance, &format!("/financial/export.xlsx?{}", month(&house))).await;
    let stamp = closed(&house).format("%Y-%m");
    assert_eq!(name, format!("attachment; filename=\"test-financial-{stamp}.xlsx\""));
    let book = Xlsx::new(Cursor::new(body)).expect("a workbook");
    let sheets = ["About", "Sites", "Kinds of cost", "Days", "When it goes wrong", "Payroll by job role", "Payroll"];
    assert_eq!(book.sheet_names(), sheets);
    let csv = finance.get(&format!("/financial/export.csv?{}&table=payroll", month(&house))).await.body;
    assert!(csv.contains("Ana,") && csv.contains(",800.00") && csv.lines().count() == 3, "{csv}");
    assert_eq!(finance.get("/financial/export.csv?table=secrets").await.status, StatusCode::BAD_REQUEST);
    let exported: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'exported' and record = 'finance'")
            .fetch_one(&mut *house.test.tx().await)
            .await
            .expect("the log");
    assert_eq!(exported, 2);
}

#[tokio::test]
async fn a_company_without_facts_is_told_what_to_do() {
    let house = House::with_everybody().await;
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get("/financial").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("No cost, budget or plan") && page.body.contains("imported"), "{}", page.body);
    assert!(finance.get("/financial/payroll").await.body.contains("Nobody was paid"));
}
