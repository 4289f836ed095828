//! Whether the machinery is well: the page, REST, and what Prometheus reads at its own address.

use app::server::App;
use app::shell::Site;
use app::system::watched;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use muster::clock::Clock;
use muster::database::Database;
use muster::night;
use muster::queue::{Order, drain, enqueue};
use serde_json::Value;
use tower::ServiceExt;

use crate::house::House;

const HEALTH: &str = "/api/v1/operational/system-health";

async fn watch(app: &App, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = watched(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn state_of<'a>(health: &'a Value, code: &str) -> &'a str {
    let parts = health["parts"].as_array().expect("parts");
    let part = parts.iter().find(|part| part["code"] == code);
    part.and_then(|part| part["state"].as_str()).unwrap_or("missing")
}

#[tokio::test]
async fn each_part_is_told_with_its_state_as_word_and_shape() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get("/admin/system").await.body;
    for part in ["Database", "Migrations", "Queue", "Jobs of the timetable", "Mail", "Disk", "This instance"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("<span aria-hidden=\"true\">●</span> <!>fine") && page.contains("Version 0."), "{page}");
    assert!(page.contains("POST /sign-in"), "routes stand there by their pattern");
    let mut platform = house.signed_in("platform@test").await;
    let page = platform.get("/admin/system").await.body;
    assert!(
        page.contains("Queue") && !page.contains("Jobs of the timetable"),
        "whose jobs and mails are its own affair"
    );
}

#[tokio::test]
async fn programs_read_the_same_and_what_is_late_or_failed_is_told() {
    let house = House::with_everybody().await;
    let mut executive = house.signed_in("executive@test").await;
    let health: Value = serde_json::from_str(&executive.get(HEALTH).await.body).unwrap();
    // On a busy machine it may answer slowly.
    assert!(["fine", "warning"].contains(&state_of(&health, "database")), "{health}");
    assert_eq!(state_of(&health, "migrations"), "fine");
    assert_eq!(state_of(&health, "mail"), "unknown", "none was sent: that is no proof");
    assert_eq!(state_of(&health, "queue"), "fine");

    let mut tx = house.db.global().await.unwrap();
    enqueue(&mut tx, house.test.org(), Order::new("unheard of").tried(1), house.now).await.unwrap();
    tx.commit().await.unwrap();
    drain(night::hands(&house.db, Clock::fixed(house.now))).await.unwrap();
    let health: Value = serde_json::from_str(&executive.get(HEALTH).await.body).unwrap();
    assert_eq!((state_of(&health, "queue"), health["state"].as_str()), ("warning", Some("warning")));
    for other in ["hr@test", "supervisor@test"] {
        assert_eq!(house.signed_in(other).await.get(HEALTH).await.status, StatusCode::FORBIDDEN, "{other}");
    }
}

#[tokio::test]
async fn without_a_database_it_answers_still_and_says_so() {
    let house = House::new().await;
    let gone = Database::connect(house.db.url(), 1).await.unwrap();
    gone.close().await;
    let app = App::new(gone, Clock::fixed(house.now), Site::open(&house.site_root).unwrap(), 0);
    let (status, body) = watch(&app, "/system-health").await;
    let health: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, state_of(&health, "database")), (StatusCode::OK, "critical"));
    assert_eq!((state_of(&health, "queue"), state_of(&health, "migrations")), ("unknown", "unknown"));
    let (status, figures) = watch(&app, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(figures.contains("muster_database_up 0") && !figures.contains("muster_queue_jobs"), "{figures}");
}

#[tokio::test]
async fn a_database_that_hangs_does_not_hang_the_answer() {
    let house = House::new().await;
    let slow = Database::connect(house.db.url(), 1).await.unwrap();
    // The one connection is taken, and is not given back.
    let _taken = slow.global().await.unwrap();
    let app = App::new(slow, Clock::fixed(house.now), Site::open(&house.site_root).unwrap(), 0);
    let begun = std::time::Instant::now();
    let (_, body) = watch(&app, "/system-health").await;
    let health: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(state_of(&health, "database"), "critical");
    assert!(body.contains("no answer within 2 s") && begun.elapsed().as_secs() < 8, "{body}");
}

#[tokio::test]
async fn prometheus_reads_routes_by_their_pattern_and_never_an_id() {
    let house = House::with_everybody().await;
    let app = house.app();
    let mut hr = house.visitor_of(app.clone());
    hr.sign_in("hr@test", crate::house::PASSWORD).await;
    hr.get(&format!("/team/{}", house.home())).await;
    hr.get("/nowhere/1234").await;
    let (_, figures) = watch(&app, "/metrics").await;
    for line in [
        "muster_http_requests_total{method=\"GET\",route=\"/team/{site}\",status=\"2xx\"} 1",
        "muster_http_requests_total{method=\"GET\",route=\"(no route)\",status=\"4xx\"} 1",
        "muster_http_request_duration_seconds_count{method=\"GET\",route=\"/team/{site}\"} 1",
        "muster_http_in_flight 0",
        "muster_database_up 1",
        "muster_database_connections{state=\"most\"} 8",
        "muster_queue_jobs{state=\"waiting\"} 0",
        "muster_cache_hits_total 0",
        "muster_events_dropped_total 0",
        "muster_build_info{version=\"",
    ] {
        assert!(figures.contains(line), "{line}: {figures}");
    }
    assert!(figures.ends_with("# EOF\n"));
    assert!(!figures.contains(&house.home().to_string()) && !figures.contains("1234"));
    assert_eq!(hr.get("/metrics").await.status, StatusCode::NOT_FOUND, "the pages' own address has none");
}

#[tokio::test]
async fn jobs_of_the_process_are_counted() {
    let house = House::with_everybody().await;
    let app = house.app();
    let mut tx = house.test.tx().await;
    night::ask(&mut tx, house.test.org(), night::Job::Coaching, None, house.now).await.unwrap();
    enqueue(&mut tx, house.test.org(), Order::new("unheard of").tried(1), house.now).await.unwrap();
    tx.commit().await.unwrap();
    drain(night::hands(&house.db, Clock::fixed(house.now)).counted(app.meter.jobs.clone())).await.unwrap();
    let (_, figures) = watch(&app, "/metrics").await;
    for line in [
        "muster_jobs_total{job=\"coaching\",outcome=\"done\"} 1",
        "muster_jobs_total{job=\"unheard of\",outcome=\"failed\"} 1",
        "muster_job_seconds_total{job=\"coaching\"}",
    ] {
        assert!(figures.contains(line), "{line}: {figures}");
    }
}

#[tokio::test]
async fn anybody_may_ask_which_muster_this_is_and_learns_nothing_of_whose() {
    let house = House::with_everybody().await;
    let answer = house.visitor().get("/status").await;
    let status: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(status["name"], "Muster");
    assert!(status["api"]["areas"].as_array().unwrap().contains(&"operational".into()));
    assert!(!answer.body.contains("test"), "{}", answer.body);
}
