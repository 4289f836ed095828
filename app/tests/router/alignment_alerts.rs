//! Alerts, data quality and webhooks by page, form, file and API: who reads, who may act, and what is on record.

use axum::http::StatusCode;
use muster::alignment::alerts::{self, Check, Kind, Level, Reading};
use muster::alignment::quality;
use muster::people::Role;
use serde_json::Value;
use uuid::Uuid;

use crate::house::House;

const PAGE: &str = "/alignment";

/// An alert that is open.
async fn opened(house: &House, title: &'static str, level: Level) -> Uuid {
    let reading = Reading::plain(Kind::Budget, title, title, level).saying("It is so & so.");
    let check = Check::new(Kind::Budget, move |_, _, _| {
        let reading = reading.clone();
        async move { Ok(vec![reading]) }
    });
    alerts::run(&house.db, house.test.organization(), &[check], house.now).await.unwrap();
    let open = alerts::open_alerts(&mut house.test.tx().await).await.unwrap();
    open.into_iter().find(|alert| alert.title == title).unwrap().id
}

async fn audited(house: &House, record: &str) -> Vec<String> {
    let mut tx = house.test.tx().await;
    let noted = sqlx::query_scalar("select action from audit_log where record = $1 order by id").bind(record);
    noted.fetch_all(&mut *tx).await.unwrap()
}

#[tokio::test]
async fn an_admin_acknowledges_and_mutes_and_an_executive_reads() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get(PAGE).await.body.contains("Nothing is off course"));
    let id = opened(&house, "October <b>budget</b>", Level::Critical).await;

    let mut executive = house.signed_in("executive@test").await;
    let page = executive.get(PAGE).await.body;
    assert!(
        page.contains("October &lt;b&gt;budget") && page.contains("Critical") && page.contains("It is so &amp; so.")
    );
    assert!(!page.contains("/fn/acknowledge_alert"), "an executive reads");
    executive.post("/fn/acknowledge_alert", &format!("alert={id}&note=mine")).await;
    assert_eq!(audited(&house, "alert").await, [""; 0], "and changes nothing");

    let page = admin.get(PAGE).await.body;
    assert!(page.contains("/fn/acknowledge_alert") && page.contains("/fn/mute_alert"));
    let answer = admin.post("/fn/acknowledge_alert", &format!("alert={id}&note=%3Ci%3Eon+it")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "/alignment#alerts"));
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("Acknowledged by The admin") && page.contains("&lt;i&gt;on it"), "{page}");
    admin.post("/fn/mute_alert", &format!("alert={id}&until=2001-01-01")).await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("from today on") && page.contains("value=\"2001-01-01\""), "what was typed is there again");
    let until = (house.now + chrono::Duration::days(5)).date_naive();
    admin.post("/fn/mute_alert", &format!("alert={id}&until={until}")).await;
    assert!(admin.get(PAGE).await.body.contains("No mails until"));
    admin.post("/fn/mute_alert", &format!("alert={id}&until=")).await;
    assert!(!admin.get(PAGE).await.body.contains("No mails until 2"));
    assert_eq!(audited(&house, "alert").await, ["acknowledged an alert", "muted an alert", "muted an alert"]);
    assert!(admin.get("/alignment/alerts").await.body.contains("still open"));
    assert!(admin.get("/alignment/alerts?page=9").await.body.contains("There is no such page"));
    admin.post("/fn/mute_alert", "alert=none&until=").await;
    assert!(admin.get(PAGE).await.status == StatusCode::OK);
}

#[tokio::test]
async fn alerts_and_data_quality_are_read_by_programs() {
    let house = House::with_everybody().await;
    opened(&house, "October", Level::Warning).await;
    quality::run(&house.db, house.test.organization(), house.now).await.unwrap();
    let mut executive = house.signed_in("executive@test").await;
    let answer = executive.get("/api/v1/operational/kpi-alerts").await;
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((body["days"].as_i64(), body["total"].as_i64()), (Some(7), Some(1)));
    assert_eq!(
        (body["items"][0]["kind"].as_str(), body["items"][0]["severity"].as_str()),
        (Some("budget"), Some("warning"))
    );
    let answer = executive.get("/api/v1/operational/data-quality?days=7").await;
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["course"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["latest"]["checks"].as_array().map(Vec::len), Some(quality::Check::ALL.len()));
    for nonsense in ["kpi-alerts?days=0", "data-quality?days=many", "kpi-alerts?cursor=x"] {
        let answer = executive.get(&format!("/api/v1/operational/{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn findings_are_read_down_to_the_rows_by_page_and_file_and_not_by_the_rival() {
    let house = House::with_everybody().await;
    for nth in 0..60 {
        house.test.worker(&format!("Worker {nth}")).await;
    }
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get(PAGE).await.body.contains("The data was not looked through yet"));
    quality::run(&house.db, house.test.organization(), house.now).await.unwrap();
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("/alignment/quality/people-incomplete") && page.contains("of 100"), "{page}");
    let check = "/alignment/quality/people-incomplete";
    let page = admin.get(check).await.body.replace('\u{a0}', " ");
    assert!(page.contains("61 bad rows") && page.contains("no hourly rate") && page.contains("?page=2"));
    assert!(!page.contains("Worker 7"), "no names");
    let second = admin.get(&format!("{check}?page=2")).await.body;
    assert_eq!(second.matches("no hourly rate").count(), 11);
    let file = admin.get("/alignment/quality.csv?check=people-incomplete").await;
    assert_eq!(file.body.matches("no hourly rate").count(), 61);
    assert_eq!(admin.get("/alignment/quality/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/alignment/quality.csv?check=nothing").await.status, StatusCode::NOT_FOUND);
    assert!(admin.get("/alignment/quality/bursts").await.body.contains("Nothing was found"));

    let rivals = quality::latest(&mut house.rival.tx().await).await.unwrap();
    assert_eq!(rivals, None);
}

#[tokio::test]
async fn an_admin_sets_what_the_checks_hold_to() {
    let house = House::new().await;
    house.add(Role::Admin).await;
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get("/admin").await.body.contains("href=\"/admin/quality\""));
    let form = "warning_below=90&critical_below=70&days=14&stale_hours=48&burst=10&robust_z=";
    admin.post("/fn/set_data_quality", &format!("{form}5.5")).await;
    let page = admin.get("/admin/quality").await.body;
    assert!(page.contains("Kept.") && page.contains("value=\"90\"") && page.contains("value=\"5.5\""), "{page}");
    admin.post("/fn/set_data_quality", &format!("{form}many")).await;
    let page = admin.get("/admin/quality").await.body;
    assert!(page.contains("is not a number that fits") && page.contains("value=\"many\""), "{page}");
    admin
        .post(
            "/fn/set_data_quality",
            &form.replace("critical_below=70", "critical_below=95").replace("robust_z=", "robust_z=6"),
        )
        .await;
    assert!(admin.get("/admin/quality").await.body.contains("Critical is at a lower score"));
    assert_eq!(audited(&house, "data quality").await, ["set the checks of the data"]);
}

#[tokio::test]
async fn an_admin_adds_pauses_tries_and_removes_an_address_and_its_secret_is_shown_once() {
    let house = House::new().await;
    house.add(Role::Admin).await;
    let mut admin = house.signed_in("admin@test").await;
    assert!(admin.get("/admin/webhooks").await.body.contains("Nobody else is told"));
    for (url, why) in [("http://example.com", "https"), ("https://192.168.0.1/", "not a public"), ("x", "such as")] {
        admin.post("/fn/add_webhook", &format!("url={url}&opened=true")).await;
        let page = admin.get("/admin/webhooks").await.body;
        assert!(page.contains(why) && page.contains(&format!("value=\"{url}\"")), "{url}: {page}");
    }
    admin.post("/fn/add_webhook", "url=https://example.com/hook").await;
    assert!(admin.get("/admin/webhooks").await.body.contains("Choose at least one"));
    admin.post("/fn/add_webhook", "url=https://example.com/hook&opened=true&closed=true").await;
    let page = admin.get("/admin/webhooks").await.body;
    assert!(page.contains("signed with muster_") && page.contains("https://example.com/hook"));
    let page = admin.get("/admin/webhooks").await.body;
    assert!(!page.contains("muster_") && page.contains("An alert opens, An alert is over"), "{page}");

    let id: Uuid = sqlx::query_scalar("select id from webhooks").fetch_one(&mut *house.test.tx().await).await.unwrap();
    admin.post("/fn/test_webhook", &format!("id={id}")).await;
    assert!(admin.get("/admin/webhooks").await.body.contains("A test is on its way"));
    admin.post("/fn/pause_webhook", &format!("id={id}&active=false")).await;
    assert!(admin.get("/admin/webhooks").await.body.contains("paused"));
    admin.post("/fn/test_webhook", &format!("id={id}")).await;
    assert!(admin.get("/admin/webhooks").await.body.contains("Resume it first"));
    admin.post("/fn/pause_webhook", &format!("id={id}&active=true")).await;
    admin.post("/fn/remove_webhook", &format!("id={id}")).await;
    assert!(admin.get("/admin/webhooks").await.body.contains("Nobody else is told"));
    assert_eq!(
        audited(&house, "webhook").await,
        ["added a webhook", "tried a webhook", "paused a webhook", "resumed a webhook", "removed a webhook"]
    );
}
