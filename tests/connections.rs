//! Who gets a connection when: some are kept warm for pages, and jobs, which hold theirs for long, never take those.
#![cfg(feature = "testing")]

use std::collections::BTreeSet;

use muster::database::{Database, GlobalTx, OrgTx, Plans};
use muster::testing::{database, org};

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

async fn name(tx: &mut OrgTx) -> String {
    sqlx::query_scalar("select name from organizations where id = $1")
        .bind(tx.org().0)
        .fetch_one(&mut **tx)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_page_is_of_one_moment_and_changes_nothing() {
    let db = database().await;
    let world = org(&db).await;
    for plans in [Plans::Usual, Plans::Once, Plans::EachTime] {
        let mut page = world.db().snapshot(world.org(), plans).await.unwrap();
        let was = name(&mut page).await;
        let rename = "update organizations set name = $2 where id = $1";
        let mut other = world.db().global().await.unwrap();
        let renamed = format!("{was}, renamed");
        sqlx::query(rename).bind(world.org().0).bind(&renamed).execute(&mut *other).await.unwrap();
        other.commit().await.unwrap();
        assert_eq!(name(&mut page).await, was, "what others commit meanwhile is not seen");
        let refused = sqlx::query(rename).bind(world.org().0).bind("mine").execute(&mut *page).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("read-only")));
        drop(page);
        let mut next = world.db().snapshot(world.org(), plans).await.unwrap();
        assert_eq!(name(&mut next).await, renamed);
        let mode: String = sqlx::query_scalar("show plan_cache_mode").fetch_one(&mut *world.tx().await).await.unwrap();
        assert_eq!(mode, "auto", "the next on the connection plans as usual");
    }
}
