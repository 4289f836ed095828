//! A worker disputes an own fact, and nobody else's.

use axum::http::{Request, StatusCode};
use chrono::Days;
use muster::night::{self, Job};
use muster::people::Role;
use serde_json::json;
use uuid::Uuid;

use crate::house::{House, Visitor};

const NOTE: &str = "The gate was shut until ten past.";

async fn filed(house: &House) -> i64 {
    sqlx::query_scalar("select count(*) from disputes").fetch_one(&mut house.db.owner().await).await.unwrap()
}

/// Files it by the form; what the page then says.
async fn file(visitor: &mut Visitor, fact: &str, note: &str) -> String {
    let form = format!("fact=shift&fact_id={fact}&note={note}");
    let answer = visitor.post("/fn/file_dispute", &form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    assert!(answer.header("location").starts_with("/me"), "{}", answer.header("location"));
    let page = visitor.get("/me").await;
    assert_eq!(page.status, StatusCode::OK);
    page.body
}

#[tokio::test]
async fn an_own_late_is_disputed_once_and_the_page_says_so_once() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let day = house.now.date_naive() - Days::new(3);
    let late = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(file(&mut visitor, &late.id.to_string(), NOTE).await.contains("Your dispute is filed"));
    assert!(!visitor.get("/me").await.body.contains("Your dispute is filed"), "a message is shown once");
    assert!(file(&mut visitor, &late.id.to_string(), NOTE).await.contains("You have disputed this already"));
    assert_eq!(filed(&house).await, 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_note_is_said_and_the_note_is_not_lost() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    let day = house.now.date_naive() - Days::new(3);
    let late = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    assert!(file(&mut visitor, &late.id.to_string(), "no").await.contains("Say in a few words"));
    let page = file(&mut visitor, &late.id.to_string(), "a%00note with what no database keeps").await;
    assert!(page.contains("a character that is not text"), "it says what is wrong");
    assert!(page.contains("anote with what no database keeps"), "and what was typed is still there");
    assert_eq!(filed(&house).await, 0);
}

#[tokio::test]
async fn a_fact_of_a_colleague_or_of_another_company_does_not_exist() {
    let house = House::new().await;
    house.add(Role::Worker).await;
    house.add(Role::Admin).await;
    let day = house.now.date_naive() - Days::new(3);
    let colleague = house.test.worker("Ben").await;
    let colleagues = house.test.shift(colleague).on_day(day).clocked_in("06:31").await;
    let rivals = house.rival.shift(house.rivals_worker).on_day(day).clocked_in("06:31").await;
    let own = house.test.shift(house.worker).on_day(day).clocked_in("06:31").await;
    let mut visitor = house.signed_in("worker@test").await;
    for fact in [colleagues.id.to_string(), rivals.id.to_string(), Uuid::now_v7().to_string(), "seven".into()] {
        let page = file(&mut visitor, &fact, NOTE).await;
        assert!(page.contains("That is not among what is recorded for you"), "{fact}");
    }
    let mut admin = house.signed_in("admin@test").await;
    file(&mut admin, &own.id.to_string(), NOTE).await;
    assert_eq!(filed(&house).await, 0, "an admin without a worker's record disputes nothing");
}

/// A company with one dispute of a late arrival, scored, and everybody signed up.
async fn with_a_dispute() -> (House, Uuid) {
    let house = House::with_everybody().await;
    let today = house.now.with_timezone(&house.test.organization().zone).date_naive();
    let mut late = None;
    for ago in 1..=28 {
        let clock_in = if ago == 8 { "06:31" } else { "06:00" };
        let shift = house.test.shift(house.worker).on_day(today - Days::new(ago)).clocked_in(clock_in).await;
        late = (ago == 8).then_some(shift.id).or(late);
    }
    night(&house).await;
    let mut ana = house.signed_in("worker@test").await;
    file(&mut ana, &late.expect("a late arrival").to_string(), NOTE).await;
    let id = sqlx::query_scalar("select id from disputes").fetch_one(&mut house.db.owner().await).await.unwrap();
    (house, id)
}

async fn night(house: &House) {
    for job in [Job::WorkerDays, Job::Recognition, Job::Coaching] {
        night::run(&house.db, house.test.organization(), job, house.now, &|_| {}).await.unwrap();
    }
}

/// Rules by the form; what the page then says.
async fn rule(visitor: &mut Visitor, dispute: Uuid, ruling: &str, reason: &str) -> String {
    let form = format!("dispute={dispute}&ruling={ruling}&reason={reason}");
    let answer = visitor.post("/fn/rule_dispute", &form).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.body);
    visitor.get(answer.header("location")).await.body
}

async fn text(house: &House, sql: &'static str) -> String {
    let value: Option<String> = sqlx::query_scalar(sql).fetch_one(&mut house.db.owner().await).await.unwrap();
    value.unwrap_or_default()
}

const ON_TIME: &str = "select current::text from worker_streaks where kind = 'on_time'";
const LAST_BPI: &str = "select round(bpi::numeric, 6)::text from worker_daily_metrics order by day desc limit 1";
const LATE: &str = "select sum(late_minutes)::text from worker_daily_metrics";

#[tokio::test]
async fn an_upheld_dispute_restates_score_streak_and_queue_before_the_page_is_back() {
    let (house, dispute) = with_a_dispute().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let page = farai.get("/disputes").await.body;
    assert!(page.contains("Ana") && page.contains(NOTE) && page.contains("31 minutes"), "{page}");
    let before = (text(&house, ON_TIME).await, text(&house, LAST_BPI).await, text(&house, LATE).await);
    assert_eq!((before.0.as_str(), before.2.as_str()), ("7", "31"));
    let said = rule(&mut farai, dispute, "upheld", "The+log+of+the+gate+agrees.").await;
    assert!(said.contains("computed again") && said.contains("Nothing to rule on"), "{said}");
    let after = (text(&house, ON_TIME).await, text(&house, LAST_BPI).await, text(&house, LATE).await);
    assert_eq!((after.0.as_str(), after.2.as_str()), ("27", "0"), "the streak is whole without the disputed day");
    let points = |text: &str| text.parse::<f64>().unwrap();
    assert!(points(&after.1) > points(&before.1), "{} after {}", after.1, before.1);
    let marked = text(&house, "select reason from restatements where reason = 'a dispute was upheld'").await;
    assert_eq!(marked, "a dispute was upheld");
    let own = house.signed_in("worker@test").await.get("/me").await.body;
    assert!(own.contains("upheld: taken out of your score") && own.contains("The log of the gate agrees."), "{own}");
    let upheld = farai.get("/disputes?state=upheld").await.body;
    assert!(upheld.contains("The supervisor") && upheld.contains("The log of the gate agrees."));
}

#[tokio::test]
async fn what_is_computed_at_once_is_what_the_night_would_have_computed() {
    let (house, dispute) = with_a_dispute().await;
    let mut farai = house.signed_in("supervisor@test").await;
    rule(&mut farai, dispute, "upheld", "The+gate+was+shut.").await;
    let all = "select string_agg(t::text, '|' order by t::text) from (select day, bpi, scheduled, late_minutes from worker_daily_metrics) t";
    let (scores, streaks) = (
        text(&house, all).await,
        text(&house, "select string_agg(s::text, '|' order by kind) from worker_streaks s").await,
    );
    sqlx::query("insert into dirty_days select org_id, day, worker_id from worker_daily_metrics")
        .execute(&mut house.db.owner().await)
        .await
        .unwrap();
    night(&house).await;
    assert_eq!(text(&house, all).await, scores);
    assert_eq!(text(&house, "select string_agg(s::text, '|' order by kind) from worker_streaks s").await, streaks);
}

#[tokio::test]
async fn once_ruled_on_either_way_a_dispute_leaves_the_queue_at_once() {
    for ruling in ["rejected", "upheld"] {
        let (house, dispute) = with_a_dispute().await;
        // A dispute alone does not bring anybody into the queue; an expired certificate does.
        let expired = (house.now.date_naive() - Days::new(3)).to_string();
        house.test.certification(house.worker, "First aid", "2025-01-01", Some(&expired)).await;
        night(&house).await;
        let mut farai = house.signed_in("supervisor@test").await;
        let queue = farai.get("/coaching").await.body;
        assert!(queue.contains("Open dispute"), "{ruling}: {queue}");
        rule(&mut farai, dispute, ruling, "The+camera+shows+it.").await;
        let queue = farai.get("/coaching").await.body;
        assert!(!queue.contains("Open dispute") && queue.contains("class=\"entry-name\""), "{ruling}: {queue}");
        night(&house).await;
        assert!(!farai.get("/coaching").await.body.contains("Open dispute"), "{ruling}: nor the next morning");
    }
}

#[tokio::test]
async fn a_rejected_dispute_changes_no_score_and_gives_its_reason() {
    let (house, dispute) = with_a_dispute().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let before = text(&house, LAST_BPI).await;
    let said = rule(&mut farai, dispute, "rejected", "no").await;
    assert!(said.contains("Give the reason in a few words") && said.contains(">no</textarea>"), "{said}");
    let said = rule(&mut farai, dispute, "maybe", "The+camera+shows+it.").await;
    assert!(said.contains("Choose to uphold or to reject"), "{said}");
    let said = rule(&mut farai, dispute, "rejected", "The+camera+shows+it.").await;
    assert!(said.contains("Rejected. The fact stays"), "{said}");
    assert_eq!(text(&house, LAST_BPI).await, before);
    let own = house.signed_in("worker@test").await.get("/me").await.body;
    assert!(own.contains("The camera shows it."));
    let again = rule(&mut farai, dispute, "upheld", "On+second+thought.").await;
    assert!(again.contains("The supervisor has ruled on this dispute already: rejected"), "{again}");
}

#[tokio::test]
async fn nobody_rules_on_the_own_facts_and_who_only_reads_does_not_rule() {
    let (house, dispute) = with_a_dispute().await;
    let mut hr = house.signed_in("hr@test").await;
    let page = hr.get("/disputes").await.body;
    assert!(page.contains(NOTE) && !page.contains("Uphold"), "hr reads");
    for role in ["hr", "executive", "admin"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        rule(&mut visitor, dispute, "upheld", "I+say+so.").await;
    }
    let mut executive = house.signed_in("executive@test").await;
    let page = executive.get("/disputes").await.body;
    assert!(page.contains("Disputes by state") && !page.contains("Ana") && !page.contains(NOTE));
    sqlx::query("update users set worker_id = $1 where role = 'supervisor'")
        .bind(house.worker.0)
        .execute(&mut house.db.owner().await)
        .await
        .unwrap();
    let mut farai = house.signed_in("supervisor@test").await;
    assert!(farai.get("/disputes").await.body.contains("another supervisor rules on it"));
    let said = rule(&mut farai, dispute, "upheld", "I+was+on+time.").await;
    assert!(said.contains("nobody on the own facts"), "{said}");
    assert_eq!(text(&house, "select state from disputes").await, "open");
}

#[tokio::test]
async fn a_dispute_of_another_site_or_company_does_not_exist_for_a_supervisor() {
    let (house, dispute) = with_a_dispute().await;
    let north = house.test.site("NORTH").await;
    sqlx::query("update workers set home_site_id = $1 where id = $2")
        .bind(north.0)
        .bind(house.worker.0)
        .execute(&mut house.db.owner().await)
        .await
        .unwrap();
    let mut farai = house.signed_in("supervisor@test").await;
    assert!(farai.get("/disputes").await.body.contains("Nothing to rule on"));
    let said = rule(&mut farai, dispute, "upheld", "I+say+so.").await;
    assert!(said.contains("not among yours"), "{said}");
    assert_eq!(farai.get(&format!("/disputes?site={north}")).await.status, StatusCode::FORBIDDEN);
    for query in ["state=maybe", "site=x", "page=0", "state=open&state=open"] {
        assert_eq!(farai.get(&format!("/disputes?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(text(&house, "select state from disputes").await, "open");
}

const LIST: &str = "/api/v1/performance/disputes";

/// Rules as a program does; the status and the body.
async fn rule_by_api(
    visitor: &mut Visitor,
    dispute: &str,
    body: &serde_json::Value,
) -> (StatusCode, serde_json::Value) {
    let request = Request::post(format!("{LIST}/{dispute}/ruling"))
        .header("origin", "https://muster.test")
        .header("content-type", "application/json");
    let answer = visitor.send(request, &body.to_string()).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

async fn listed_by_api(visitor: &mut Visitor, query: &str) -> serde_json::Value {
    let answer = visitor.get(&format!("{LIST}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_program_reads_what_the_page_shows_and_rules_once() {
    let (house, dispute) = with_a_dispute().await;
    let mut farai = house.signed_in("supervisor@test").await;
    let open = listed_by_api(&mut farai, "").await;
    let first = &open["disputes"][0];
    assert_eq!((first["name"].as_str(), first["note"].as_str()), (Some("Ana"), Some(NOTE)), "{open}");
    let late = json!({ "label": "Late", "text": "31 minutes" });
    assert!(first["recorded"].as_array().unwrap().contains(&late), "{open}");
    let id = dispute.to_string();
    for wrong in [json!({ "ruling": "maybe", "reason": "The gate." }), json!({ "ruling": "upheld", "reason": "no" })] {
        assert_eq!(rule_by_api(&mut farai, &id, &wrong).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let before = text(&house, LAST_BPI).await;
    let ruling = json!({ "ruling": "upheld", "reason": "The log of the gate agrees." });
    let (status, said) = rule_by_api(&mut farai, &id, &ruling).await;
    assert_eq!((status, said), (StatusCode::OK, json!({ "state": "upheld", "followed": true })));
    assert_ne!(text(&house, LAST_BPI).await, before, "the score has followed");
    let (status, said) = rule_by_api(&mut farai, &id, &ruling).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(said["detail"].as_str().unwrap().contains("The supervisor has ruled on this dispute already: upheld"));
    assert_eq!(listed_by_api(&mut farai, "?state=open").await["disputes"], json!([]));
    let upheld = listed_by_api(&mut farai, &format!("?state=upheld&site={}", house.home())).await;
    assert_eq!(upheld["disputes"][0]["ruling"], "The log of the gate agrees.");
}

#[tokio::test]
async fn a_program_reads_and_rules_on_no_more_than_its_user() {
    let (house, dispute) = with_a_dispute().await;
    let (id, ruling) = (dispute.to_string(), json!({ "ruling": "upheld", "reason": "I say so." }));
    let mut farai = house.signed_in("supervisor@test").await;
    for nowhere in [Uuid::now_v7().to_string(), "seven".into()] {
        assert_eq!(rule_by_api(&mut farai, &nowhere, &ruling).await.0, StatusCode::NOT_FOUND, "{nowhere}");
    }
    for role in ["hr", "executive", "admin", "worker"] {
        let mut visitor = house.signed_in(&format!("{role}@test")).await;
        assert_eq!(rule_by_api(&mut visitor, &id, &ruling).await.0, StatusCode::FORBIDDEN, "{role}");
    }
    let mut executive = house.signed_in("executive@test").await;
    let counted = listed_by_api(&mut executive, "").await;
    assert_eq!((&counted["disputes"], &counted["counts"][0]["disputes"]), (&json!(null), &json!(1)));
    let north = house.test.site("NORTH").await;
    assert_eq!(farai.get(&format!("{LIST}?site={north}")).await.status, StatusCode::FORBIDDEN);
    for query in ["state=maybe", "site=x", "cursor=7"] {
        assert_eq!(farai.get(&format!("{LIST}?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    sqlx::query("update workers set home_site_id = $1 where id = $2")
        .bind(north.0)
        .bind(house.worker.0)
        .execute(&mut house.db.owner().await)
        .await
        .unwrap();
    assert_eq!(rule_by_api(&mut farai, &id, &ruling).await.0, StatusCode::NOT_FOUND, "of another site now");
    assert_eq!(text(&house, "select state from disputes").await, "open");
}
