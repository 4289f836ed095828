//! What is noted of the product's own use, through the real router: by whom, what, and that it never stands in anybody's way.

use std::time::{Duration, Instant};

use app::product::Recorder;
use axum::http::{Request, StatusCode, header};
use muster::database::Database;
use muster::people::Role;
use serde_json::{Value, json};
use sqlx::{Connection, Row};

use crate::house::{Answer, House, Visitor};

/// Somebody signed in who agreed, with the recorder of the house.
async fn agreed(house: &House, email: &str) -> (Visitor, Recorder) {
    let (mut visitor, events) = house.visitor_and_events();
    visitor.sign_in(email, crate::house::PASSWORD).await;
    visitor.post("/fn/choose_consent", "purpose=product-analytics&agreed=true").await;
    (visitor, events)
}

/// Names and properties of what was noted, in its order.
async fn noted(house: &House) -> Vec<(String, Value)> {
    let sql = "select name, properties from analytics_events where user_id is not null order by at, id";
    let rows = sqlx::query(sql).fetch_all(&mut *house.test.tx().await).await.unwrap();
    rows.into_iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn names(house: &House) -> Vec<String> {
    noted(house).await.into_iter().map(|(name, _)| name).collect()
}

async fn track(visitor: &mut Visitor, body: &Value) -> Answer {
    let request = Request::post("/api/v1/events")
        .header(header::CONTENT_TYPE, "application/json")
        .header("origin", "https://muster.test")
        .header("sec-fetch-site", "same-origin");
    visitor.send(request, &body.to_string()).await
}

#[tokio::test]
async fn pages_filters_files_and_buttons_are_noted_by_pattern_and_never_with_a_query() {
    let house = House::with_everybody().await;
    let (mut hr, events) = agreed(&house, "hr@test").await;
    let site = house.home();
    hr.get(&format!("/team/{site}")).await;
    hr.get(&format!("/people?site={site}")).await;
    hr.get("/people/export.csv").await;
    hr.post("/fn/choose_theme", "theme=dark").await;
    hr.get("/nowhere").await;
    events.flush().await;
    let noted = noted(&house).await;
    let expected = [
        // The consent itself is the first thing that was agreed to.
        ("feature_clicked", json!({ "feature": "choose_consent" })),
        ("dashboard_viewed", json!({ "page": "/team/{site}" })),
        ("dashboard_viewed", json!({ "page": "/people" })),
        ("filter_used", json!({ "page": "/people" })),
        ("export_triggered", json!({ "page": "/people/export.csv", "format": "csv" })),
        ("feature_clicked", json!({ "feature": "choose_theme" })),
    ];
    assert_eq!(noted, expected.map(|(name, said)| (name.to_owned(), said)));
    let sql = "select count(*) filter (where strpos(e::text, $1) > 0), count(distinct visit), max(subnet::text), count(page_load_ms)
               from analytics_events e where user_id is not null";
    let row = sqlx::query(sql).bind(site.to_string()).fetch_one(&mut *house.test.tx().await).await.unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (0, 1), "no id of a site, and one visit");
    assert_eq!((row.get::<String, _>(2), row.get::<i64, _>(3)), ("192.0.2.0/24".into(), 2));
    let cookie = hr.cookie.clone().unwrap();
    let visit: String = sqlx::query_scalar("select max(visit) from analytics_events")
        .fetch_one(&mut *house.test.tx().await)
        .await
        .unwrap();
    let session = cookie.split_once('=').unwrap().1;
    assert!(!visit.is_empty() && visit != muster::people::fingerprint(session)[..visit.len()]);
}

#[tokio::test]
async fn of_who_has_not_agreed_nothing_is_noted() {
    let house = House::with_everybody().await;
    let (mut visitor, events) = house.visitor_and_events();
    visitor.sign_in("finance@test", crate::house::PASSWORD).await;
    visitor.get("/financial").await;
    visitor.get("/privacy").await;
    let answer = track(&mut visitor, &json!({ "events": [{ "name": "help", "properties": { "page": "/me" } }] })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    assert_eq!(serde_json::from_str::<Value>(&answer.body).unwrap(), json!({ "taken": 0, "agreed": false }));
    events.flush().await;
    assert_eq!(names(&house).await, [""; 0]);
}

#[tokio::test]
async fn what_a_browser_sends_is_taken_whole_or_refused_with_every_reason() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let (mut visitor, events) = agreed(&house, "worker@test").await;
    let good = json!({ "events": [
        { "name": "help", "properties": { "page": "/me", "topic": "bpi" } },
        { "name": "dashboard_viewed", "properties": { "page": "/me" }, "page_load_ms": 812 },
    ] });
    let answer = track(&mut visitor, &good).await;
    assert_eq!(serde_json::from_str::<Value>(&answer.body).unwrap(), json!({ "taken": 2, "agreed": true }));
    let bad = json!({ "events": [
        { "name": "help", "properties": { "page": "/me" } },
        { "name": "mouse_moved" },
        { "name": "help", "properties": { "page": "/me", "topic": "ana@example.com" } },
    ] });
    let answer = track(&mut visitor, &bad).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.header("content-type").starts_with("application/problem+json"));
    let said = serde_json::from_str::<Value>(&answer.body).unwrap()["detail"].as_str().unwrap().to_owned();
    assert!(
        said.contains("Nothing was taken. Event 2: 'mouse_moved'")
            && said.contains("Event 3: 'topic' looks like an e-mail"),
        "{said}"
    );
    assert_eq!(track(&mut visitor, &json!({ "events": [] })).await.status, StatusCode::BAD_REQUEST);
    events.flush().await;
    assert_eq!(names(&house).await, ["feature_clicked", "help", "dashboard_viewed"]);
}

#[tokio::test]
async fn a_database_that_does_not_take_events_neither_slows_nor_fails_a_request_and_they_arrive_once() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let (mut visitor, events) = agreed(&house, "worker@test").await;
    events.flush().await;
    let mut owner = house.db.owner().await;
    let mut lock = owner.begin().await.unwrap();
    sqlx::query("lock table analytics_events in access exclusive mode").execute(&mut *lock).await.unwrap();
    let begun = Instant::now();
    for _ in 0..3 {
        assert_eq!(visitor.get("/notifications").await.status, StatusCode::OK);
    }
    // A batch would wait ten seconds for the lock.
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    lock.rollback().await.unwrap();
    events.flush().await;
    assert_eq!(names(&house).await, ["feature_clicked", "dashboard_viewed", "dashboard_viewed", "dashboard_viewed"]);
    assert_eq!(events.dropped(), 0);
}

#[tokio::test]
async fn a_database_that_is_gone_costs_the_events_and_nothing_else() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    agreed(&house, "worker@test").await;
    let gone = Database::connect(house.db.url(), 1).await.unwrap();
    gone.close().await;
    let events = Recorder::new(gone);
    let mut visitor = house.visitor_noting(events.clone());
    visitor.sign_in("worker@test", crate::house::PASSWORD).await;
    assert_eq!(visitor.get("/privacy").await.status, StatusCode::OK);
    events.flush().await;
    assert_eq!(events.dropped(), 1, "counted, and forgotten");
}
