//! What every answer carries.

use axum::http::{Method, Request, StatusCode};
use muster::people::Role;

use crate::house::House;

const EVERYWHERE: [(&str, &str); 3] =
    [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("x-frame-options", "DENY")];

#[tokio::test]
async fn every_answer_has_the_security_headers_and_a_request_id() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut inside = house.signed_in("worker@test").await;
    let mut outside = house.visitor();
    for path in
        ["/me", "/executive", "/sign-in", "/nowhere", "/health", "/ready", "/pkg/x.css", "/api/v1/performance/me"]
    {
        for visitor in [&mut inside, &mut outside] {
            let answer = visitor.get(path).await;
            for (name, value) in EVERYWHERE {
                assert_eq!(answer.header(name), value, "{name} of {path}");
            }
            assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
            let policy = answer.header("content-security-policy");
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{path}: {policy}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn private_pages_are_never_stored() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    for path in ["/me", "/executive", "/sign-in", "/api/v1/nothing", "/"] {
        assert_eq!(visitor.get(path).await.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn scripts_run_only_with_the_nonce_of_their_page() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = visitor.get("/me").await;
        let policy = answer.header("content-security-policy").to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(nonce.len() >= 16, "{nonce}");
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("application/json"), "<script{tag}>");
        }
        assert!(!answer.body.contains(" style=\"") && !answer.body.contains("<style"), "no inline style");
        assert!(!answer.body.contains(" onclick=") && !answer.body.contains("javascript:"));
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let house = House::new().await;
    let body = format!("email={}", "x".repeat(2 << 20));
    let answer = house.visitor().post("/sign-in", &body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn other_methods_are_refused_and_change_nothing() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request =
            Request::builder().method(method.clone()).uri("/sign-out").header("origin", "https://muster.test");
        assert_eq!(visitor.send(request, "").await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(visitor.get("/me").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn what_the_router_refuses_by_itself_is_a_page_too() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    let large = format!("email={}", "x".repeat(2 << 20));
    let json = Request::post("/sign-in").header("content-type", "application/json").header("accept", "text/html");
    for (answer, status, text) in [
        (visitor.get("/sign-out").await, StatusCode::METHOD_NOT_ALLOWED, "use its buttons"),
        (visitor.post("/sign-in", &large).await, StatusCode::PAYLOAD_TOO_LARGE, "larger than 1 MB"),
        (visitor.send(json, "{}").await, StatusCode::UNSUPPORTED_MEDIA_TYPE, "did not arrive"),
    ] {
        assert_eq!(answer.status, status);
        assert!(answer.body.contains("<h1") && answer.body.contains(text), "{}", answer.body);
    }
    assert_eq!(visitor.get("/sign-out").await.header("allow"), "POST");
}

#[tokio::test]
async fn without_its_database_every_page_says_that_it_is_busy_and_nothing_hangs() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let mut visitor = house.signed_in("worker@test").await;
    house.db.close().await;
    for path in ["/me", "/", "/api/v1/performance/me"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {}", answer.body);
        assert_eq!(answer.header("retry-after"), "5", "{path}");
        assert!(answer.body.contains("Busy for a moment"), "{path}: {}", answer.body);
    }
    assert_eq!(visitor.get("/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(visitor.get("/health").await.status, StatusCode::OK, "the process lives");
    let answer = house.visitor().sign_in("worker@test", "gate-seven-opens-at-six").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}
