//! `/executive/report.pdf`: who gets it, what it is called, and what is said to who asks for what there is not.

use axum::http::StatusCode;
use muster::people::Role;
use muster::testing::{date, moment};

use crate::house::House;

async fn april() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-04-02"), "12:00");
    house
}

#[tokio::test]
async fn an_executive_takes_the_quarter_along_with_one_click() {
    let house = april().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    let page = visitor.get("/executive").await.body;
    assert!(page.contains("<form method=\"get\" action=\"/executive/report.pdf\""), "{page}");
    assert!(page.contains("<option value=\"2026-Q2\">Q2 2026, so far</option>"), "{page}");
    assert!(page.contains("<option value=\"2026-Q1\" selected>Q1 2026</option>"), "{page}");
    let answer = visitor.get("/executive/report.pdf?quarter=2026-Q1").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"test-2026-Q1.pdf\"");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(answer.body.starts_with("%PDF-1."));
    let of_home = visitor.get(&format!("/executive/report.pdf?quarter=2026-Q1&site={}", house.home())).await;
    assert_eq!(of_home.header("content-disposition"), "attachment; filename=\"test-2026-Q1-home.pdf\"");
}

#[tokio::test]
async fn a_quarter_that_cannot_be_had_is_answered_in_words() {
    let house = april().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    for (query, status, words) in [
        ("", StatusCode::BAD_REQUEST, "add ?quarter=2026-Q3 to the address"),
        ("?quarter=2026-Q7", StatusCode::BAD_REQUEST, "‘2026-Q7’ is no quarter: write it as 2026-Q3."),
        (
            "?quarter=2027-Q1",
            StatusCode::BAD_REQUEST,
            "Q1 2027 has no complete day yet. The latest quarter with one is Q2 2026",
        ),
        ("?quarter=2026-Q1&quarter=2026-Q2", StatusCode::BAD_REQUEST, "does not work as asked"),
        ("?quarter=2026-Q1&site=x", StatusCode::NOT_FOUND, "There is nothing here"),
        ("?quarter=2026-Q1&site=00000000-0000-0000-0000-000000000000", StatusCode::NOT_FOUND, "There is nothing here"),
    ] {
        let answer = visitor.get(&format!("/executive/report.pdf{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.body.contains(words), "{query}: {}", answer.body);
        assert!(answer.header("content-type").starts_with("text/html"), "{query}");
    }
}

#[tokio::test]
async fn only_executives_and_admins_get_it() {
    let house = House::with_everybody().await;
    let quarter = muster::metrics::Quarter::of(house.now.date_naive()).previous();
    for role in Role::ALL {
        let expected = if matches!(role, Role::Executive | Role::Admin) { 200 } else { 403 };
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        let answer = visitor.get(&format!("/executive/report.pdf?quarter={quarter}")).await;
        assert_eq!(answer.status.as_u16(), expected, "{role}");
    }
}
