//! `/executive`: what it shows to whom, what its address may say, and where it leads.

use axum::http::StatusCode;
use chrono::Days;
use muster::night;
use muster::people::Role;
use muster::testing::{date, moment};

use crate::house::{House, Visitor};

/// A house on a Monday morning.
async fn monday() -> House {
    let mut house = House::new().await;
    house.now = moment(house.test.organization().zone, date("2026-03-30"), "09:00");
    house
}

/// Four weeks of six people at home, a roster for each, and Otto alone at another site of a client.
async fn a_month(house: &House) {
    let client = house.test.client("Mill").await;
    let other = house.test.site("OTHER").of(client).await;
    let mut workers = vec![house.worker];
    for name in ["Ben", "Cid", "Dia", "Eli", "Fay"] {
        workers.push(house.test.worker(name).await);
    }
    let otto = house.test.worker("Otto").at(other).await;
    for week in 0..4 {
        let monday = date("2026-03-02") + Days::new(7 * week);
        for day in monday.iter_days().take(4) {
            for worker in &workers {
                house.test.shift(*worker).on_day(day).clocked_in("05:55").await;
            }
            house.test.shift(otto).on_day(day).at(other).clocked_in("05:55").await;
        }
        house.test.shift(None).on_day(monday).at(other).await;
        house.test.roster().from(&monday.to_string()).took(20).costs(4_000, 100).await;
    }
    night::run_all(house.test.db(), house.test.organization(), house.now, &|_| {}).await.unwrap();
}

async fn open(visitor: &mut Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say '{words}': {page}");
}

#[tokio::test]
async fn an_executive_reads_six_numbers_and_compares_the_sites() {
    let house = monday().await;
    house.add(Role::Executive).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("executive@test").await;
    let page = open(&mut visitor, "/executive").await;
    for words in [
        "Cost saved this month",
        "Hours saved this week",
        "Compliance rate",
        "Fill rate",
        "Active workers this week",
        "Customer health",
        "112 of 116 shifts filled",
        "on target",
        "target 95.0",
        "Savings are measured against planning by hand: 6.0 hours for a roster",
        "id=\"sites-funnel\"",
        "id=\"sites-bars\"",
        "Fill rate week by week",
        "2 of 2\u{a0}sites",
    ] {
        says(&page, words);
    }
    says(&page, &format!("<a href=\"/team/{}\">HOME</a>", house.home()));
    for name in ["Ana", "Ben", "Otto"] {
        assert!(!page.contains(&format!(">{name}<")), "nobody is named");
    }
    assert!(!page.contains("style=\""), "no style in the page");
}

#[tokio::test]
async fn the_address_says_what_is_shown() {
    let house = monday().await;
    house.add(Role::Admin).await;
    a_month(&house).await;
    let mut visitor = house.signed_in("admin@test").await;
    let people = open(&mut visitor, "/executive?metric=attendance&compare=last_year").await;
    says(&people, "Sites by attendance");
    says(&people, "1 site of fewer than five people");
    says(&people, "2 Mar – 29 Mar 2025".replace(' ', "\u{a0}").replace("\u{a0}–\u{a0}", " – ").as_str());
    let parts = open(&mut visitor, "/executive?show=active_workers").await;
    says(&parts, "Active workers this week: what it is made of");
    says(&parts, "All together");
    says(&parts, "6 of 6");
    let health = open(&mut visitor, "/executive?show=customer_health").await;
    says(&health, ">Mill<");
    let place = |page: &str, name: &str| {
        let table = page.split("<table class=\"data\"").nth(1).expect("a table").to_owned();
        table.find(&format!(">{name}</a>")).expect("in the table")
    };
    let best = open(&mut visitor, "/executive?sort=rate&order=desc").await;
    assert!(place(&best, "HOME") < place(&best, "OTHER"));
    let worst = open(&mut visitor, "/executive?sort=rate&order=asc").await;
    assert!(place(&worst, "HOME") > place(&worst, "OTHER"));
}

#[tokio::test]
async fn nonsense_is_answered_and_not_asked() {
    let house = monday().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    for nonsense in [
        "metric=password",
        "compare=budget",
        "show=salaries",
        "sort=name;drop",
        "order=up",
        "page=0",
        "page=x",
        "from=2026-03-02&to=2026-03-01",
        "from=soon",
        "metric=sla&metric=attendance",
    ] {
        let answer = visitor.get(&format!("/executive?{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn an_empty_company_is_told_why_there_is_nothing() {
    let house = monday().await;
    house.add(Role::Executive).await;
    let mut visitor = house.signed_in("executive@test").await;
    for path in ["/executive", "/executive?show=cost_saved", "/executive?page=7", "/executive?metric=compliance"] {
        let page = open(&mut visitor, path).await;
        says(&page, "Nothing to compare in this time");
        says(&page, "no data");
        says(&page, "No roster was made with Muster in this time");
    }
}

#[tokio::test]
async fn only_executives_and_admins_come_in() {
    let house = House::with_everybody().await;
    for role in Role::ALL {
        let expected = if matches!(role, Role::Executive | Role::Admin) { 200 } else { 403 };
        let answer = house.signed_in(&format!("{role}@test")).await.get("/executive").await;
        assert_eq!(answer.status.as_u16(), expected, "{role}");
    }
}
