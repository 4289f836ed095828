//! Who gets a connection when: some are kept warm for pages, and jobs, which hold theirs for long, never take those.
#![cfg(feature = "testing")]

use std::collections::BTreeSet;

use muster::database::{Database, GlobalTx};
use muster::testing::database;

async fn begun(db: &Database, times: usize) -> Vec<GlobalTx> {
    let mut all = Vec::new();
    for _ in 0..times {
        all.push(db.global().await.expect("a connection that is free"));
    }
    all
}

#[tokio::test]
async fn however_many_jobs_run_pages_have_connections_of_their_own() {
    let test = database().await;
    let db = Database::connect(test.url(), 6).await.unwrap();
    let jobs = begun(&db.behind_pages(), 4).await;
    let pages = begun(&db, 2).await;
    assert_eq!(db.connections().used(), 6);
    drop((jobs, pages));
    let all_for_pages = begun(&db, 6).await;
    assert_eq!(all_for_pages.len(), 6, "what jobs do not need, pages may have");
}

#[tokio::test]
async fn pages_one_after_another_stay_on_the_connections_that_are_warm() {
    let test = database().await;
    let db = Database::connect(test.url(), 6).await.unwrap();
    let mut served_by = BTreeSet::new();
    for _ in 0..20 {
        let mut page = db.global().await.unwrap();
        served_by.insert(process(&mut page).await);
        page.commit().await.unwrap();
    }
    assert!(served_by.len() <= 2, "a third of six, not {served_by:?}");
    let mut job = db.behind_pages().global().await.unwrap();
    assert!(!served_by.contains(&process(&mut job).await), "a job has one of the others");
}

async fn process(tx: &mut GlobalTx) -> i32 {
    sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut **tx).await.unwrap()
}

#[tokio::test]
async fn of_two_connections_none_is_kept_back() {
    let test = database().await;
    let db = Database::connect(test.url(), 2).await.unwrap();
    let jobs = begun(&db.behind_pages(), 2).await;
    assert_eq!(jobs.len(), 2);
    drop(jobs);
    assert_eq!(begun(&db, 2).await.len(), 2);
}
