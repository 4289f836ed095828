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

#[tokio::test]
async fn the_pdf_says_what_the_page_says_and_names_nobody() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let answer = finance.get(&format!("/financial/report.pdf?{}", month(&house))).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/pdf"));
    let stamp = closed(&house).format("%Y-%m");
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"test-financial-{stamp}.pdf\""));
    let said = crate::pdf::text(answer.bytes);
    for words in ["Financial report", "2,034.00", "1,234.00", "+100.00", "NORTH"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("Searchable") && !said.contains("Ana"), "{said}");
    assert_eq!(finance.get("/financial/report.pdf?month=soon").await.status, StatusCode::BAD_REQUEST);
}

fn json(answer: &crate::house::Answer) -> serde_json::Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn programs_get_exact_amounts_and_pay_by_name_only_as_finance() {
    let house = company().await;
    let mut finance = house.signed_in("finance@test").await;
    let it = json(&finance.get(&format!("/api/v1/analytics/dashboard?{}", month(&house))).await);
    assert_eq!((it["total"]["actual"].as_str(), it["total"]["difference"].as_str()), (Some("2034.00"), Some("100.00")));
    assert_eq!((it["sites"].as_array().map(Vec::len), it["kinds"][0]["actual"].as_str()), (Some(2), Some("2034.00")));
    let it = json(&finance.get(&format!("/api/v1/analytics/payroll?{}&q=searchable", month(&house))).await);
    assert_eq!((it["people"].as_array().map(Vec::len), it["found"]["total"].as_str()), (Some(1), Some("1234.00")));
    assert_eq!((it["unreconciled"].as_str(), it["next"].as_str()), (Some("0.00"), None));
    let mut executive = house.signed_in("executive@test").await;
    let it = json(&executive.get(&format!("/api/v1/analytics/payroll?{}", month(&house))).await);
    assert!(it["people"].is_null() && it["total"]["total"].as_str() == Some("2034.00"), "{it}");
    for nonsense in ["dashboard?month=soon", "payroll?cursor=7", "payroll?sort=pay", "placements?start_date=soon"] {
        let answer = finance.get(&format!("/api/v1/analytics/{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn placements_are_counted_priced_and_followed() {
    let house = company().await;
    let day = closed(&house);
    let (home, client) = (house.home(), house.test.client("=Cli & Co").await);
    sql(&house, format!("update sites set client_id = '{}' where id = '{home}'", client.0)).await;
    // Two jobs of ten days' search, one filled and one given up; one placement that brought 900.00 and cost 600.00.
    sql(
        &house,
        format!(
            "insert into jobs (org_id, id, ref, site_id, category, posted_at, closed_at, state) values
                 (current_org(), '{one}', 'J1', '{home}', 'guard', '{day} 10:00Z'::timestamptz - interval '10 days', '{day} 10:00Z', 'filled'),
                 (current_org(), gen_random_uuid(), 'J2', '{home}', 'guard', '{day} 10:00Z'::timestamptz - interval '10 days', '{day} 10:00Z', 'cancelled');
             insert into placements (org_id, id, ref, job_id, started_on, fee, cost, satisfaction)
                 values (current_org(), gen_random_uuid(), 'P1', '{one}', '{day}', 900, 600, 4)",
            one = uuid::Uuid::now_v7()
        ),
    )
    .await;
    let mut finance = house.signed_in("finance@test").await;
    let dates = format!("{}&to={day}", (day - Days::new(27)).format("from=%Y-%m-%d"));
    let page = finance.get(&format!("/financial/placements?{dates}")).await.body.replace('\u{a0}', " ");
    for said in [
        "50.0 %",
        "1 of 2 posted and closed since",
        "10.0",
        "900.00",
        "600.00",
        "+50.0 %",
        "=Cli &amp; Co",
        "4.0 of 5 by clients",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let file = finance.get(&format!("/financial/placements.csv?{dates}&table=clients")).await.body;
    assert!(file.contains("'=Cli & Co") && file.contains("900.00"), "{file}");
    let paper = finance.get(&format!("/financial/placements.pdf?{dates}")).await;
    assert_eq!((paper.status, paper.header("content-type")), (StatusCode::OK, "application/pdf"));
    let said = crate::pdf::text(paper.bytes).replace('\u{a0}', " ");
    for words in ["Placements", "50.0 %", "=Cli & Co", "guard", "900.00", "Stayed 30 days"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let dates = format!("start_date={}&end_date={day}", day - Days::new(27));
    let it = json(&finance.get(&format!("/api/v1/analytics/placements?{dates}")).await);
    assert_eq!((it["total"]["revenue"].as_str(), it["to_fill"]["median"].as_f64()), (Some("900.00"), Some(10.0)));
    let empty = finance.get("/financial/placements?from=2020-01-01&to=2020-01-31").await.body;
    assert!(empty.contains("No job and no placement in this time"), "{empty}");
    assert_eq!(
        finance.get(&format!("/financial/placements?site={}", house.rival.home())).await.status,
        StatusCode::NOT_FOUND
    );
}

/// Home's pay of 300 days up to the last complete one: the same week's shape, a slow wave, and noise that is always the same.
async fn with_a_past(house: &House) -> NaiveDate {
    let last = house.now.with_timezone(&house.test.organization().zone).date_naive() - Days::new(1);
    sql(
        house,
        format!(
            "insert into site_daily_costs (org_id, site_id, day, regular, overtime, premium, travel)
             select current_org(), '{}', d::date, round((1000 + 200 * sin(i / 40.0)) * (0.6 + 0.1 * extract(isodow from d)::int)
                 * (0.9 + 0.2 * (hashint4(i::int) & 1023) / 1023.0)), 0, 0, 0
             from generate_series(date '{last}' - 299, date '{last}', interval '1 day') with ordinality g (d, i)",
            house.home()
        ),
    )
    .await;
    last
}

#[tokio::test]
async fn the_month_that_runs_shows_its_forecast_with_its_quality_and_warns_before_the_budget_is_passed() {
    let house = House::with_everybody().await;
    let last = with_a_past(&house).await;
    let mut finance = house.signed_in("finance@test").await;
    let page = finance.get("/financial").await.body;
    assert!(page.contains("No forecast yet"), "{page}");
    for job in [Job::Models, Job::Predictions] {
        night::run(&house.db, house.test.organization(), job, house.now, &|_| {}).await.expect("the night");
    }
    let today = last + Days::new(1);
    let page = finance.get("/financial").await.body.replace('\u{a0}', " ");
    // On the first of a month the last complete day is in the one before, which is over.
    if today.day() > 1 {
        for said in [
            "By the forecast",
            "80 % band",
            "95 % band",
            "How good is this forecast?",
            "There is no budget to compare with",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let it = json(&finance.get("/api/v1/analytics/dashboard").await);
        let days = it["forecast"]["days"].as_array().map(Vec::len);
        assert_eq!((days, it["forecast"]["through"].as_str()), (Some(30), Some(last.to_string().as_str())), "{it}");
        assert!(it["forecast"]["quality"]["words"].is_string() && it["month_end"]["expected"].is_string(), "{it}");
        assert!(it["month_end"]["chance_over_budget"].is_null(), "there is no budget: {it}");
        let paper = finance.get("/financial/report.pdf").await;
        let told = crate::pdf::text(paper.bytes).replace('\u{a0}', " ");
        for said in ["The next 30 days", "By the forecast", "80 % band", "There is no budget to compare with"] {
            assert!(told.contains(said), "{said}: {told}");
        }
        let month = today.with_day(1).expect("the first");
        sql(
            &house,
            format!("insert into budgets values (current_org(), '{}', '{month}', 'regular', 1000)", house.home()),
        )
        .await;
        sql(&house, "update data_versions set version = version + 1".into()).await;
        let page = finance.get("/financial").await.body.replace('\u{a0}', " ");
        let warned = page.contains("More likely than not the month costs more than its budget");
        assert!(warned || page.contains("How likely the budget is passed cannot be said"), "{page}");
        let it = json(&finance.get("/api/v1/analytics/dashboard").await);
        let chance = it["month_end"]["chance_over_budget"].as_f64();
        assert_eq!(chance.is_some_and(|chance| chance > 0.5), warned, "{it}");
        let told = crate::pdf::text(finance.get("/financial/report.pdf").await.bytes).replace('\u{a0}', " ");
        assert_eq!(told.contains("More likely than not the month costs more than its budget"), warned, "{told}");
    }
    let before = last.with_day(1).expect("the first") - Days::new(1);
    let closed = finance.get(&format!("/financial?month={}", before.format("%Y-%m"))).await.body;
    assert!(!closed.contains("The next 30 days"), "a month that is over has nothing ahead");
    let it = json(&finance.get(&format!("/api/v1/analytics/dashboard?month={}", before.format("%Y-%m"))).await);
    assert!(it["forecast"].is_null() && it["month_end"].is_null(), "{it}");
}

#[tokio::test]
async fn programs_get_the_measures_of_jobs_and_matches_and_every_table_as_a_file() {
    let house = company().await;
    let (day, home) = (closed(&house), house.home());
    sql(
        &house,
        format!(
            "insert into jobs (org_id, id, ref, site_id, category, posted_at, closed_at, state)
                 values (current_org(), '{job}', 'J1', '{home}', 'guard', '{day} 08:00Z', '{day} 10:00Z', 'filled');
             insert into candidates values (current_org(), '{who}', 'C1', 'guard');
             insert into matches (org_id, id, ref, job_id, candidate_id, algorithm, version, score, rank, matched_at, shown, accepted)
                 select current_org(), gen_random_uuid(), 'M' || n, '{job}', '{who}', 'skills', (1 + n % 2)::text, 0.5, n, '{day} 09:00Z', n < 6,
                     case when n < 5 then n = 1 end
                 from generate_series(1, 6) n",
            job = uuid::Uuid::now_v7(),
            who = uuid::Uuid::now_v7()
        ),
    )
    .await;
    let mut finance = house.signed_in("finance@test").await;
    let dates = format!("start_date={}&end_date={day}", day - Days::new(27));
    let it = json(&finance.get(&format!("/api/v1/platform/metrics/matching?{dates}")).await);
    let total = &it["total"];
    assert_eq!([&total["proposed"], &total["shown"], &total["decided"], &total["taken"]], [6, 5, 4, 1], "{it}");
    assert_eq!(total["success_rate"].as_f64(), Some(0.25));
    assert!(it["as_of"].is_string(), "when it was made: {it}");
    // Of rank 1 one of one; ranks from 4 on are told together.
    assert_eq!((it["ranks"][0]["taken"].as_i64(), it["ranks"][3]["name"].as_str()), (Some(1), Some("4 and lower")));
    let page = finance.get(&format!("/financial/placements?from={}&to={day}", day - Days::new(27))).await.body;
    assert!(page.contains("Candidates for jobs") && page.contains("skills, version 2"), "{page}");
    assert!(page.contains("table=algorithms") && page.contains("table=ranks"), "each table as a file: {page}");
    let file = format!("/api/v1/platform/export/placements?from={}&to={day}&table=", day - Days::new(27));
    let algorithms = finance.get(&format!("{file}algorithms")).await.body;
    assert!(
        algorithms.contains("Algorithm,Proposed,Shown,Decided,Taken")
            && algorithms.contains("\"skills, version 2\",3,"),
        "{algorithms}"
    );
    let ranks = finance.get(&format!("{file}ranks")).await.body;
    assert!(ranks.contains("4 and lower,3,2,1,0"), "{ranks}");
    let book = finance
        .open(Request::get(format!("/financial/placements.xlsx?from={}&to={day}", day - Days::new(27))), "")
        .await;
    let book = book.into_body().collect().await.expect("a whole file").to_bytes();
    let names = Xlsx::new(Cursor::new(book.to_vec())).expect("a workbook").sheet_names();
    assert_eq!(names[1..], ["Job categories", "Clients", "Algorithms", "Ranks"]);
    assert_eq!(json(&finance.get(&format!("/api/v1/platform/metrics/jobs?{dates}")).await)["total"]["posted"], 1);
    for (what, says) in
        [("payroll", "Noor"), ("placements", "guard"), ("customers", "Segment"), ("revenue", "Net (ZAR)")]
    {
        let file = finance
            .get(&format!(
                "/api/v1/platform/export/{what}?{}",
                if what == "payroll" { month(&house) } else { format!("from={}&to={day}", day - Days::new(27)) }
            ))
            .await;
        assert_eq!(file.status, StatusCode::OK, "{what}: {}", file.body);
        assert!(
            file.header("content-type").starts_with("text/csv") && file.body.contains(says),
            "{what}: {}",
            file.body
        );
    }
    for wrong in ["revenue?format=pdf", "secrets", "revenue?table=payroll"] {
        assert_eq!(
            finance.get(&format!("/api/v1/platform/export/{wrong}")).await.status,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
}
