//! The page of jobs: what runs when, run one now, try one again; and whether the probe looks at the queue.

use axum::http::StatusCode;
use muster::clock::Clock;
use muster::night;
use muster::queue::{Hands, Order, drain, enqueue};

use crate::house::House;

const PAGE: &str = "/admin/jobs";

#[tokio::test]
async fn the_timetable_is_there_before_anything_ran_and_says_so() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get(PAGE).await.body;
    for text in
        ["Worker and team days", "each day 02:00", "Sun 03:00", "never ran yet", "Nothing waits", "Nothing ran yet"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(admin.get("/admin").await.body.contains("href=\"/admin/jobs\""));
}

#[tokio::test]
async fn a_job_is_run_by_hand_once_however_often_it_is_clicked_and_it_is_on_record() {
    let house = House::with_everybody().await;
    let mut admin = house.signed_in("admin@test").await;
    let answer = admin.post("/fn/run_job", "job=coaching").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, PAGE));
    assert!(admin.get(PAGE).await.body.contains("Coaching queue is in the queue."));
    admin.post("/fn/run_job", "job=coaching").await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("waits in the queue already") && page.contains("by admin@test"));
    admin.post("/fn/run_job", "job=everything").await;
    assert!(admin.get(PAGE).await.body.contains("is not a job"));
    for other in ["supervisor@test", "hr@test", "executive@test"] {
        assert_eq!(house.signed_in(other).await.post("/fn/run_job", "job=models").await.status, StatusCode::FORBIDDEN);
    }

    assert_eq!(drain(night::hands(&house.db, Clock::fixed(house.now))).await.unwrap(), 1);
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("Nothing waits") && page.contains("done, "), "{page}");
    let mut tx = house.test.tx().await;
    let noted: Vec<String> =
        sqlx::query_scalar("select action from audit_log where record = 'job'").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(noted, ["ran a job"]);
}

#[tokio::test]
async fn a_job_that_was_given_up_is_shown_with_its_error_and_tried_again_by_its_own_organization_only() {
    let house = House::with_everybody().await;
    let mut tx = house.db.global().await.unwrap();
    let order = Order::new("fragile").tried(1);
    let foreign = enqueue(&mut tx, house.rival.org(), order.clone(), house.now).await.unwrap().unwrap();
    let own = enqueue(&mut tx, house.test.org(), order.tried(2), house.now).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let hands = || {
        let hands = Hands::new((*house.db).clone(), Clock::fixed(house.now));
        hands.can("fragile", |_| async { Err(muster::Error::Invalid("the <b>door</b> is shut".into())) })
    };
    drain(hands()).await.unwrap();
    let mut admin = house.signed_in("admin@test").await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("waits to be tried again") && page.contains("1 of 2"), "{page}");
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now()")
        .execute(&mut house.db.owner().await)
        .await
        .unwrap();
    drain(hands()).await.unwrap();

    let page = admin.get(PAGE).await.body;
    assert!(page.contains("given up") && page.contains("the &lt;b&gt;door&lt;/b&gt; is shut"));
    assert!(page.contains(&own.to_string()) && !page.contains(&foreign.to_string()));
    admin.post("/fn/retry_job", &format!("id={foreign}")).await;
    assert!(admin.get(PAGE).await.body.contains("This job is not one that was given up"));
    admin.post("/fn/retry_job", &format!("id={own}")).await;
    let page = admin.get(PAGE).await.body;
    assert!(page.contains("It is in the queue again.") && page.contains("0 of 2"), "{page}");
    assert_eq!(admin.post("/fn/retry_job", "id=none").await.header("location"), PAGE);
}

#[tokio::test]
async fn an_instance_is_not_ready_while_jobs_are_overdue_and_nobody_works_the_queue() {
    let house = House::with_everybody().await;
    assert_eq!(house.visitor().get("/ready").await.status, StatusCode::OK);
    let mut tx = house.db.global().await.unwrap();
    enqueue(&mut tx, house.test.org(), Order::new("anything"), house.now).await.unwrap();
    tx.commit().await.unwrap();
    let mut owner = house.db.owner().await;
    let long_ago = "update graphile_worker._private_jobs set run_at = now() - interval '1 hour'";
    sqlx::raw_sql(long_ago).execute(&mut owner).await.unwrap();
    let answer = house.visitor().get("/ready").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("no instance works the queue"));
    let page = house.signed_in("admin@test").await.get(PAGE).await.body;
    assert!(page.contains("no instance works the queue"));
    sqlx::raw_sql("select graphile_worker.worker_heartbeat('somebody')").execute(&mut owner).await.unwrap();
    assert_eq!(house.visitor().get("/ready").await.status, StatusCode::OK);
}
