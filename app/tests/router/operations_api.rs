//! The next 48 hours for programs: numbers that equal their lists, a shift added once, offered and accepted.

use axum::http::{Request, StatusCode};
use chrono::Duration;
use serde_json::{Value, json};

use crate::house::{Answer, House, Visitor};
use crate::operations::shift;

const API: &str = "/api/v1/operational";

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

async fn read(visitor: &mut Visitor, path: &str) -> Value {
    let answer = visitor.get(&format!("{API}/{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    body(&answer)
}

async fn send(visitor: &mut Visitor, path: &str, key: &str, sent: &Value) -> Answer {
    let request = Request::post(format!("{API}/{path}"))
        .header("origin", "https://muster.test")
        .header("content-type", "application/json");
    let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
    visitor.send(request, &sent.to_string()).await
}

fn tomorrow(house: &House) -> Value {
    let at = |hours| {
        let local = (house.now + Duration::hours(hours)).with_timezone(&house.test.organization().zone);
        local.format("%Y-%m-%dT%H:%M:%S").to_string()
    };
    json!({ "site": house.home(), "starts": at(20), "ends": at(28) })
}

#[tokio::test]
async fn a_number_equals_its_list_for_every_scope() {
    let house = House::with_everybody().await;
    let north = house.test.site("NORTH").await;
    shift(&house, house.home(), None, 5).await;
    shift(&house, north, None, 30).await;
    shift(&house, north, Some(house.worker), 40).await;
    for (who, site, shifts) in [
        ("scheduler", String::new(), 3),
        ("scheduler", north.to_string(), 2),
        ("executive", house.home().to_string(), 1),
        ("supervisor", String::new(), 1),
    ] {
        let mut visitor = house.signed_in(&format!("{who}@test")).await;
        let numbers = read(&mut visitor, &format!("next-48-hours?site={site}")).await;
        assert_eq!(numbers["shifts"], shifts, "{who} {site}: {numbers}");
        assert_eq!(numbers["at_risk"], Value::Null, "no model is no number");
        for (list, number) in [("shifts", "shifts"), ("open", "open"), ("there", "there")] {
            let listed = read(&mut visitor, &format!("shifts?show={list}&site={site}")).await;
            assert_eq!(listed["total"], numbers[number], "{who} {site} {list}");
            assert_eq!(listed["items"].as_array().map(Vec::len), listed["total"].as_u64().map(|n| n as usize));
        }
        let free = read(&mut visitor, &format!("available?site={site}")).await;
        assert_eq!(free["total"], numbers["available"], "{who} {site}");
    }
    let mut farai = house.signed_in("supervisor@test").await;
    for path in ["next-48-hours", "shifts", "available", "certifications"] {
        let answer = farai.get(&format!("{API}/{path}?site={north}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let answer = farai.get(&format!("{API}/shifts?show=certifications")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_shift_is_added_once_however_often_it_is_sent_then_offered_and_accepted() {
    let house = House::with_everybody().await;
    let mut scheduler = house.signed_in("scheduler@test").await;
    let new = tomorrow(&house);
    let first = send(&mut scheduler, "shifts", "monday-1", &new).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = send(&mut scheduler, "shifts", "monday-1", &new).await;
    assert_eq!((again.status, body(&again)), (StatusCode::CREATED, body(&first)));
    let mut other = new.clone();
    other["ends"] = tomorrow(&house)["starts"].clone();
    other["starts"] = json!("2026-01-01T00:00:00");
    assert_eq!(send(&mut scheduler, "shifts", "monday-1", &other).await.status, StatusCode::CONFLICT);
    assert_eq!(send(&mut scheduler, "shifts", " ", &new).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(read(&mut scheduler, "next-48-hours").await["open"], 1);
    let somebody_else = send(&mut house.signed_in("admin@test").await, "shifts", "monday-1", &new).await;
    assert_ne!(body(&somebody_else), body(&first), "another user's key is another");
    assert_eq!(send(&mut scheduler, "shifts", "", &new).await.status, StatusCode::CREATED);
    assert_eq!(read(&mut scheduler, "next-48-hours").await["open"], 3);

    let id = body(&first)["id"].as_str().expect("an id").to_owned();
    let candidates = read(&mut scheduler, &format!("shifts/{id}/candidates")).await;
    assert_eq!(candidates["candidates"][0]["name"], "Ana", "{candidates}");
    let to = json!({ "to": [house.worker] });
    let offered = send(&mut scheduler, &format!("shifts/{id}/offers"), "", &to).await;
    assert_eq!((offered.status, body(&offered)), (StatusCode::OK, json!({ "to": ["Ana"] })));
    let twice = send(&mut scheduler, &format!("shifts/{id}/offers"), "", &to).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.body.contains("Once is enough"), "{}", twice.body);

    let mut ana = house.signed_in("worker@test").await;
    let offers = read(&mut ana, "offers").await;
    let offer = offers[0]["id"].as_str().expect("an offer").to_owned();
    let mut farai = house.signed_in("supervisor@test").await;
    let not_mine = send(&mut farai, &format!("offers/{offer}/answer"), "", &json!({ "accept": true })).await;
    assert_eq!(not_mine.status, StatusCode::NOT_FOUND);
    let yes = send(&mut ana, &format!("offers/{offer}/answer"), "", &json!({ "accept": true })).await;
    assert_eq!((yes.status, body(&yes)), (StatusCode::OK, json!({ "accepted": true })));
    let late = send(&mut ana, &format!("offers/{offer}/answer"), "", &json!({ "accept": false })).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let filled = read(&mut scheduler, "shifts").await;
    let of = filled["items"].as_array().expect("shifts").iter().find(|it| it["id"] == id.as_str()).expect("it");
    assert_eq!((&of["standing"], &of["worker_name"]), (&json!("filled"), &json!("Ana")));
}

#[tokio::test]
async fn who_reads_alone_changes_nothing() {
    let house = House::with_everybody().await;
    let open = shift(&house, house.home(), None, 20).await;
    let mut executive = house.signed_in("executive@test").await;
    let refused = send(&mut executive, "shifts", "", &tomorrow(&house)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let to = json!({ "to": [house.worker] });
    let refused = send(&mut executive, &format!("shifts/{open}/offers"), "", &to).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let north = house.test.site("NORTH").await;
    let away = shift(&house, north, None, 20).await;
    let mut farai = house.signed_in("supervisor@test").await;
    let refused = send(&mut farai, &format!("shifts/{away}/offers"), "", &to).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(read(&mut executive, "next-48-hours").await["open"], 2);
}
