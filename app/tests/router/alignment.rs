//! `/alignment` and a KPI in depth: what each role reads there, and the same for programs.

use axum::http::{Request, StatusCode};
use chrono::Days;
use http_body_util::BodyExt;
use muster::night::{self, Job};
use muster::people::Role;
use muster::people::accounts::{NewUser, create_user};
use muster::testing::{date, moment};
use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::house::{House, PASSWORD, Visitor};

const API: &str = "/api/v1/operational";

/// A house on the first of April.
async fn april() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-04-01"), "09:00");
    for role in [Role::Executive, Role::Admin, Role::Platform, Role::Supervisor] {
        house.add(role).await;
    }
    house
}

/// Eight weeks of six people at home, of whom one does not come in the last two, and Otto alone at another site. Patrols are
/// not recorded, and the month has a budget.
async fn company(house: &House) {
    let other = house.test.site("OTHER").await;
    let mut team = vec![house.worker];
    for name in ["Ben", "Cid", "Dia", "Eli", "Fay"] {
        team.push(house.test.worker(name).await);
    }
    let otto = house.test.worker("Otto").at(other).await;
    for week in 0..8 {
        let day = date("2026-02-06") + Days::new(7 * week);
        for (nth, worker) in team.iter().enumerate() {
            let shift = house.test.shift(*worker).on_day(day).pay(100);
            let _ = if nth == 0 && week > 5 { shift.no_show().await } else { shift.clocked_in("05:55").await };
        }
        house.test.shift(otto).on_day(day).at(other).pay(100).clocked_in("05:55").await;
    }
    let home = house.home();
    let mut tx = house.test.tx().await;
    let sql = format!("insert into budgets values (current_org(), '{home}', '2026-03-01', 'regular', 1000)");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await.expect("a budget");
    tx.commit().await.expect("commit");
    for job in [Job::WorkerDays, Job::Kpis] {
        night::run(house.test.db(), house.test.organization(), job, house.now, &|_| {}).await.expect("the night");
    }
}

async fn open(visitor: &mut Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    // Between two texts stands a mark that is nothing to read.
    answer.body.replace('\u{a0}', " ").replace("<!>", "")
}

async fn read(visitor: &mut Visitor, path: &str) -> Value {
    let answer = visitor.get(&format!("{API}/{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say '{words}': {page}");
}

#[tokio::test]
async fn an_executive_reads_the_score_every_kpi_and_what_comes_first() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let page = open(&mut visitor, "/alignment").await;
    for words in [
        "as of 31 Mar 2026",
        "on track",
        "It rests on 3 of 6 KPIs",
        "How is this computed?",
        "Cost against budget",
        "at most 100.0 %",
        "No checkpoint was planned in these 28 days.",
        "D7 since 24 Mar",
        "Work the coaching queue",
        "data-refresh",
        "Active users",
        "Proposals applied",
        "href=\"/alignment/attendance\"",
    ] {
        says(&page, words);
    }
    // 26 of 28 shifts, and the state is a word and a shape.
    says(&page, "92.9 %");
    says(&page, "<span aria-hidden=\"true\">● </span>fine");
    says(&page, "<span aria-hidden=\"true\">○ </span>no data");
    assert!(!page.contains("retention") && !page.contains("Viral"), "the business is the platform’s affair");
    assert!(!page.contains("See the jobs"), "an executive runs none");
    for name in ["Ana", "Ben", "Otto"] {
        assert!(!page.contains(&format!(">{name}<")), "nobody is named");
    }
    assert!(!page.contains("style=\""), "no style in the page");
    says(&open(&mut visitor, "/executive").await, "Operational alignment");
}

#[tokio::test]
async fn the_table_sorts_by_the_address_and_what_has_no_value_comes_last() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("admin@test").await;
    let order = |page: &str| {
        let table =
            page.split("id=\"kpis\"").nth(1).expect("the table").split("</table>").next().expect("its end").to_owned();
        let mut found: Vec<(usize, &str)> = ["attendance", "fill_rate", "sla", "compliance", "coverage", "cost"]
            .into_iter()
            .map(|code| (table.find(&format!("href=\"/alignment/{code}\"")).expect("a row"), code))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
    };
    let page = open(&mut visitor, "/alignment").await;
    assert_eq!(order(&page), ["attendance", "fill_rate", "sla", "compliance", "coverage", "cost"]);
    let page = open(&mut visitor, "/alignment?sort=score&order=asc").await;
    assert_eq!(order(&page), ["cost", "attendance", "fill_rate", "sla", "compliance", "coverage"]);
    let page = open(&mut visitor, "/alignment?sort=score&order=desc").await;
    assert_eq!(order(&page), ["fill_rate", "attendance", "cost", "sla", "compliance", "coverage"]);
    for nonsense in ["sort=password", "sort=kpi&order=up", "sort=kpi&sort=score"] {
        assert_eq!(visitor.get(&format!("/alignment?{nonsense}")).await.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn before_the_first_night_it_says_when_the_values_come() {
    let house = april().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = open(&mut admin, "/alignment").await;
    says(&page, "No KPI has been computed yet");
    says(&page, "02:30");
    says(&page, "href=\"/admin/jobs\"");
    says(&open(&mut admin, "/alignment/attendance").await, "It has not been computed yet");
}

#[tokio::test]
async fn values_of_an_earlier_day_say_so() {
    let mut house = april().await;
    company(&house).await;
    house.now += chrono::Duration::days(3);
    let page = open(&mut house.signed_in("executive@test").await, "/alignment").await;
    says(&page, "The newest values are those of 31 Mar 2026");
}

#[tokio::test]
async fn the_platform_sees_the_business_and_nothing_of_the_workforce() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("platform@test").await;
    let page = open(&mut visitor, "/alignment").await;
    says(&page, "Muster as a business, over all organizations");
    assert!(!page.contains("Attendance"), "no organization’s workforce");
    assert_eq!(visitor.get("/alignment/attendance").await.status, StatusCode::NOT_FOUND);
    assert_eq!(open(&mut visitor, "/alignment/churn").await.matches("<h1").count(), 1);
    let status = read(&mut visitor, "kpi-status").await;
    assert_eq!((&status["set"], status["kpis"].as_array().map(Vec::len)), (&"product".into(), Some(8)));
    let mut executive = house.signed_in("executive@test").await;
    assert_eq!(executive.get("/alignment/churn").await.status, StatusCode::NOT_FOUND);
    assert_eq!(executive.get("/alignment/password").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_not_is_told_so_and_another_company_sees_its_own() {
    let house = april().await;
    company(&house).await;
    let mut supervisor = house.signed_in("supervisor@test").await;
    for path in ["/alignment", "/alignment/attendance", &format!("{API}/alignment-score")] {
        assert_eq!(supervisor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let new = NewUser {
        name: "Rita".into(),
        email: "executive@rival".into(),
        role: Role::Executive,
        worker: None,
        client: None,
        sites: Vec::new(),
    };
    create_user(&house.db, house.rival.org(), &new, PASSWORD, house.now).await.expect("a free e-mail");
    let mut rita = house.signed_in("executive@rival").await;
    says(&open(&mut rita, "/alignment").await, "No KPI has been computed yet");
    assert_eq!(read(&mut rita, "alignment-score").await["score"], Value::Null);
}

#[tokio::test]
async fn a_kpi_in_depth_shows_its_thresholds_what_it_is_made_of_and_its_sites() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let page = open(&mut visitor, "/alignment/attendance").await;
    for words in [
        "26 shifts attended, of 28 shifts scheduled",
        "Attendance, day by day",
        "Target 95<",
        "Warning below 92<",
        "Critical below 88<",
        "D7, 24 Mar 2026",
        "All together",
        "2 of the smallest sites together",
        "/executive?from=2026-03-04&amp;to=2026-03-31&amp;metric=attendance",
        "Days 1 to 30 of 54, newest first",
    ] {
        says(&page, words);
    }
    assert!(!page.contains(">HOME</a>"), "what few others do could be told by what is missing");
    let page = open(&mut visitor, "/alignment/fill_rate").await;
    says(&page, &format!("<a href=\"/team/{}?from=", house.home()));
    says(&open(&mut visitor, "/alignment/attendance?page=2").await, "Days 31 to 54 of 54");
    assert_eq!(visitor.get("/alignment/attendance?page=0").await.status, StatusCode::BAD_REQUEST);
    let page = open(&mut visitor, "/alignment/cost").await;
    // Four weeks of March, of whom Ana came twice; 1,000.00 of the month are over.
    says(&page, "2,200.00 cost of the month so far, of 1,000.00 budget of the month so far");
    says(&page, "■ </span>critical");
    says(&page, "/financial?month=2026-03");
    says(&open(&mut visitor, "/alignment/coverage").await, "No checkpoint was planned in these 28 days.");
}

#[tokio::test]
async fn the_days_of_a_kpi_are_a_file_with_numbers_to_count_on() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    says(&open(&mut visitor, "/alignment/attendance").await, "href=\"/alignment/values.csv?kpi=attendance\"");
    let file = visitor.get("/alignment/values.csv?kpi=attendance").await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(file.header("content-type").starts_with("text/csv"));
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("Day,"), "{}", lines[0]);
    assert!(lines[1].starts_with("2026-03-31,26,28,92.857"), "the newest first, as the page has it: {}", lines[1]);
    // A day without anything to judge says why, and has no nought.
    let missing = visitor.get("/alignment/values.csv?kpi=coverage").await.body;
    says(&missing, "2026-03-31,,,,No checkpoint was planned");
    for unknown in ["secret", "d7_retention"] {
        let answer = visitor.get(&format!("/alignment/values.csv?kpi={unknown}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_numbers_for_programs_are_those_of_the_page() {
    let house = april().await;
    company(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let score = read(&mut visitor, "alignment-score?days=7").await;
    assert_eq!((&score["set"], &score["day"]), (&"workforce".into(), &"2026-03-31".into()));
    assert_eq!((&score["kpis"], &score["missing"]), (&6.into(), &3.into()));
    assert_eq!(score["course"].as_array().map(Vec::len), Some(7));
    assert_eq!(score["course"][6]["value"], score["score"]);
    assert_eq!(score["trend"][0]["date"], "2026-03-24");
    let status = read(&mut visitor, "kpi-status").await;
    let attendance = &status["kpis"][0];
    assert_eq!((&attendance["numerator"], &attendance["denominator"]), (&26.0.into(), &28.0.into()));
    assert_eq!((&attendance["state"], &attendance["unit"]), (&"fine".into(), &"share".into()));
    assert_eq!(attendance["course"].as_array().map(Vec::len), Some(30), "a month unless said");
    let known = status["kpis"].as_array().expect("KPIs").iter().filter(|kpi| !kpi["score"].is_null());
    let (sum, weights) = known.fold((0.0, 0.0), |(sum, weights), kpi| {
        let (weight, score) = (kpi["weight"].as_f64().expect("a weight"), kpi["score"].as_f64().expect("a score"));
        (sum + weight * score, weights + weight)
    });
    assert!((score["score"].as_f64().expect("a score") - sum / weights).abs() < 1e-9);
    let now = read(&mut visitor, "real-time-metrics").await;
    assert_eq!((&now["set"], &now["active_users_1h"]), (&"workforce".into(), &1.into()), "who asks is there: {now}");
    let request = Request::get(format!("{API}/real-time-metrics")).header("accept", "text/event-stream");
    let mut stream = visitor.open(request, "").await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let frame = stream.body_mut().frame().await.expect("an event at once").expect("a whole frame");
    let told = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
    assert!(told.contains("event: metrics") && told.contains("\"active_users_1h\":1"), "{told}");
    let actions = read(&mut visitor, "priority-actions").await;
    assert_eq!(actions["actions"][0]["code"], "cost", "critical and twice its budget");
    for nonsense in ["0", "366", "many", "-1"] {
        let answer = visitor.get(&format!("{API}/kpi-status?days={nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}
