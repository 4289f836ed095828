//! The queue on a real Postgres: each job once, whoever dies; tried again after growing pauses; seen by whoever looks.
#![cfg(feature = "testing")]

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use muster::clock::Clock;
use muster::database::Database;
use muster::queue::{self, Hands, Held, JobState, Line, Order, Pace, drain, enqueue, retry};
use muster::testing::{self, TestDatabase, World};
use muster::units::{JobId, OrgId};
use muster::{Error, Result};
use serde_json::json;
use sqlx::Connection;

/// Where a process that works the queue for a test finds it.
const WHERE: &str = "MUSTER_TEST_QUEUE";
/// How soon the dead are known to be dead.
const QUICK: Pace = Pace { heartbeat: Duration::from_millis(200), silence: Duration::from_secs(1) };

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn hands(db: &Database) -> Hands {
    Hands::new(db.clone(), Clock::fixed(now()))
}

async fn asked(db: &Database, org: OrgId, order: Order<'_>) -> Option<JobId> {
    let mut tx = db.global().await.unwrap();
    let id = enqueue(&mut tx, org, order, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn line(db: &Database, org: OrgId, id: JobId) -> Line {
    queue::line(&mut db.global().await.unwrap(), org, id).await.unwrap()
}

/// A table whose rows are the effects: nothing in it keeps one from being had twice.
async fn effects(db: &TestDatabase) {
    let sql = "create table effects (nth bigint not null); grant select, insert on effects to muster_app";
    sqlx::raw_sql(sql).execute(&mut db.owner().await).await.unwrap();
}

async fn nths(db: &TestDatabase) -> Vec<i64> {
    sqlx::query_scalar("select nth from effects order by nth").fetch_all(&mut db.owner().await).await.unwrap()
}

/// Adds a row, in one transaction with the end of the job.
async fn count(db: Database, held: Held) -> Result<u64> {
    let mut tx = db.org(held.org).await?;
    let (nth, slow) = (held.payload["nth"].as_i64(), held.payload["slow"] == true && held.attempt == 1);
    sqlx::query("insert into effects (nth) values ($1)").bind(nth).execute(&mut *tx).await?;
    if slow {
        // Its process is killed here.
        sqlx::query("select pg_sleep(60)").execute(&mut *tx).await?;
    }
    held.end_with(&mut tx, 1).await?;
    tx.commit().await?;
    Ok(1)
}

fn counting(db: &Database) -> Hands {
    let own = db.clone();
    hands(db).can("count", move |held| count(own.clone(), held))
}

#[tokio::test]
#[ignore = "the process that the test below starts twice"]
async fn an_instance_works_the_queue() {
    let Ok(url) = std::env::var(WHERE) else { return };
    let db = Database::connect(&url, 6).await.unwrap();
    queue::work(counting(&db), QUICK, std::future::pending()).await.unwrap();
}

fn instance(db: &TestDatabase) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["an_instance_works_the_queue", "--exact", "--ignored"])
        .env(WHERE, db.url())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Asks until there is an answer, a minute at most.
async fn eventually<T>(db: &TestDatabase, sql: &'static str) -> T
where
    T: Send + Unpin + sqlx::Type<sqlx::Postgres> + for<'r> sqlx::Decode<'r, sqlx::Postgres>,
{
    let mut owner = db.owner().await;
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    for _ in 0..1_200 {
        tick.tick().await;
        if let Some(answer) = sqlx::query_scalar(sql).fetch_optional(&mut owner).await.unwrap() {
            owner.close().await.unwrap();
            return answer;
        }
    }
    panic!("a minute is over without an answer to: {sql}");
}

#[tokio::test]
async fn two_instances_do_a_thousand_jobs_once_each_though_one_is_killed_half_way() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    effects(&db).await;
    let mut tx = world.db().global().await.unwrap();
    for nth in 1..=1_000i64 {
        let rank = i16::from(nth >= 500) + i16::from(nth > 500);
        let order = Order::new("count").with(json!({ "nth": nth, "slow": nth == 500 })).ranked(rank);
        enqueue(&mut tx, world.org(), order, now()).await.unwrap().unwrap();
    }
    tx.commit().await.unwrap();

    let mut instances = [instance(&db), instance(&db)];
    let dead: i32 = eventually(
        &db,
        "select (w.metadata ->> 'pid')::integer from graphile_worker._private_jobs j
         join graphile_worker._private_workers w on w.id = j.locked_by join job_runs r on r.id::text = j.key
         join pg_stat_activity a on a.datname = current_database() and a.query like '%pg_sleep(60)%' and a.pid <> pg_backend_pid()
         where r.payload ->> 'slow' = 'true' limit 1",
    )
    .await;
    let killed =
        instances.iter_mut().find(|it| i64::from(it.id()) == i64::from(dead)).expect("one of the two holds it");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let done_by_then = nths(&db).await.len();

    let _: bool =
        eventually(&db, "select true where (select count(*) from job_runs where state = 'done') = 1000").await;
    for mut it in instances {
        it.kill().ok();
        it.wait().unwrap();
    }
    assert_eq!(nths(&db).await, (1..=1_000).collect::<Vec<i64>>(), "each effect once");
    assert!((400..1_000).contains(&done_by_then), "killed half-way: {done_by_then}");
    let twice: Vec<i64> =
        sqlx::query_scalar("select (payload ->> 'nth')::bigint from job_runs where attempts > 1 order by 1")
            .fetch_all(&mut db.owner().await)
            .await
            .unwrap();
    assert!(twice.contains(&500), "the job of the dead was taken over: {twice:?}");
    assert!(twice.len() <= 2, "and nothing else was begun twice: {twice:?}");
    let left: i64 = sqlx::query_scalar("select count(*) from graphile_worker._private_jobs")
        .fetch_one(&mut db.owner().await)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_job_asked_for_twice_with_a_key_is_done_once_even_later() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let other = testing::org_named(&db, "other", chrono_tz::UTC).await;
    effects(&db).await;
    let order = || Order::new("count").keyed("2026-03-01").with(json!({ "nth": 7 }));
    let (first, second) = tokio::join!(asked(&db, world.org(), order()), asked(&db, world.org(), order()));
    assert!(first.is_some() ^ second.is_some(), "{first:?} {second:?}");
    assert!(asked(&db, other.org(), order()).await.is_some(), "another organization's key is another key");
    assert_eq!(drain(counting(&db)).await.unwrap(), 2);
    assert_eq!(asked(&db, world.org(), order()).await, None, "not after it is done either");
    assert_eq!(drain(counting(&db)).await.unwrap(), 0);
    assert_eq!(nths(&db).await, [7, 7]);
}

/// The seconds until a job is tried again; then lets them pass.
async fn pause(db: &TestDatabase, id: JobId) -> f64 {
    let mut owner = db.owner().await;
    let seconds: f64 = sqlx::query_scalar(
        "select extract(epoch from run_at - now())::float8 from graphile_worker._private_jobs where key = $1",
    )
    .bind(id.to_string())
    .fetch_one(&mut owner)
    .await
    .unwrap();
    sqlx::query("update graphile_worker._private_jobs set run_at = now() where key = $1")
        .bind(id.to_string())
        .execute(&mut owner)
        .await
        .unwrap();
    seconds
}

#[tokio::test]
async fn a_failing_job_is_tried_again_after_growing_pauses_then_given_up_seen_and_tried_by_hand() {
    let db = testing::database().await;
    let org = testing::org(&db).await.org();
    let mended = Arc::new(AtomicBool::new(false));
    let fragile = || {
        let mended = Arc::clone(&mended);
        hands(&db).can("fragile", move |held: Held| {
            let mended = mended.load(Ordering::SeqCst);
            async move {
                match (mended, held.attempt) {
                    (true, _) => Ok(3),
                    (false, 2) => panic!("worse than failing"),
                    (false, nth) => Err(Error::Invalid(format!("failed for the {nth}. time"))),
                }
            }
        })
    };
    let id = asked(&db, org, Order::new("fragile").tried(4)).await.unwrap();
    let mut pauses = Vec::new();
    for attempt in 1..=3 {
        assert_eq!(drain(fragile()).await.unwrap(), 1);
        let line = line(&db, org, id).await;
        assert_eq!((line.state, line.attempts, line.tries), (JobState::Queued, attempt, 4));
        assert!(line.error.is_some() && line.next_try.is_some());
        assert_eq!(drain(fragile()).await.unwrap(), 0, "not before its time");
        pauses.push(pause(&db, id).await);
    }
    assert!(pauses[0] > 1.0 && pauses.windows(2).all(|pair| pair[1] > 2.0 * pair[0]), "{pauses:?}");
    assert_eq!(drain(fragile()).await.unwrap(), 1);
    let given_up = line(&db, org, id).await;
    assert_eq!((given_up.state, given_up.attempts), (JobState::Failed, 4));
    assert_eq!(given_up.error.as_deref(), Some("failed for the 4. time"));
    let mut tx = db.global().await.unwrap();
    assert_eq!(queue::open(&mut tx, org, 10).await.unwrap(), [given_up]);
    assert_eq!(queue::health(&mut tx, now()).await.unwrap().failed, 1);
    drop(tx);
    assert_eq!(drain(fragile()).await.unwrap(), 0, "nobody tries it by itself");

    mended.store(true, Ordering::SeqCst);
    let mut tx = db.global().await.unwrap();
    assert!(retry(&mut tx, org, id).await.unwrap());
    assert!(!retry(&mut tx, org, id).await.unwrap(), "it waits already");
    tx.commit().await.unwrap();
    assert_eq!(drain(fragile()).await.unwrap(), 1);
    let done = line(&db, org, id).await;
    assert_eq!((done.state, done.rows), (JobState::Done, Some(3)));
    assert!(queue::open(&mut db.global().await.unwrap(), org, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_job_that_was_taken_over_leaves_no_effect_and_the_taker_keeps_it() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    effects(&db).await;
    let id = asked(&db, world.org(), Order::new("count").with(json!({ "nth": 1 }))).await.unwrap();
    let (own, url) = (db.clone(), db.url().to_owned());
    let slow = hands(&db).can("count", move |held: Held| {
        let (own, url) = (own.clone(), url.clone());
        async move {
            let mut owner = sqlx::PgConnection::connect(&url).await?;
            sqlx::query("update graphile_worker._private_jobs set locked_by = 'another'").execute(&mut owner).await?;
            count(own, held).await
        }
    });
    drain(slow).await.unwrap();
    assert_eq!(nths(&db).await, [0i64; 0]);
    let kept: String = sqlx::query_scalar("select locked_by from graphile_worker._private_jobs where key = $1")
        .bind(id.to_string())
        .fetch_one(&mut db.owner().await)
        .await
        .unwrap();
    assert_eq!(kept, "another");
    assert_eq!(line(&db, world.org(), id).await.state, JobState::Running);
}

#[tokio::test]
async fn an_order_is_there_if_and_only_if_the_transaction_it_was_given_in_lasts() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let mut tx = world.db().global().await.unwrap();
    enqueue(&mut tx, world.org(), Order::new("count"), now()).await.unwrap().unwrap();
    drop(tx);
    assert!(queue::latest(&mut db.global().await.unwrap(), world.org(), None, 10).await.unwrap().is_empty());
    assert_eq!(drain(counting(&db)).await.unwrap(), 0);
}

/// Does the jobs named and tells in which order, and how far each says it is.
async fn order_of(world: &World, jobs: &[(&str, i16)]) -> Vec<String> {
    for (job, rank) in jobs {
        asked(world.db(), world.org(), Order::new(job).in_lane("one after the other", *rank)).await.unwrap();
    }
    let done = Arc::new(std::sync::Mutex::new(Vec::new()));
    let hands = jobs.iter().fold(hands(world.db()), |hands, (job, _)| {
        let done = Arc::clone(&done);
        hands.can(job, move |held: Held| {
            done.lock().unwrap().push(held.job.clone());
            async move { Ok(0) }
        })
    });
    drain(hands).await.unwrap();
    let done = done.lock().unwrap();
    done.clone()
}

#[tokio::test]
async fn the_jobs_of_a_lane_are_done_by_rank_one_after_the_other() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    assert_eq!(order_of(&world, &[("last", 3), ("first", 1), ("second", 2)]).await, ["first", "second", "last"]);
}

#[tokio::test]
async fn a_queue_is_stuck_when_something_is_overdue_and_nobody_is_at_work() {
    let db = testing::database().await;
    let org = testing::org(&db).await.org();
    asked(&db, org, Order::new("count")).await.unwrap();
    let health = async || queue::health(&mut db.global().await.unwrap(), now()).await.unwrap();
    assert!((health().await.waiting, health().await.is_stuck()) == (1, false), "it has only just been asked for");
    let mut owner = db.owner().await;
    sqlx::raw_sql("update graphile_worker._private_jobs set run_at = now() - interval '1 hour'")
        .execute(&mut owner)
        .await
        .unwrap();
    assert!(health().await.is_stuck());
    sqlx::raw_sql("select graphile_worker.worker_heartbeat('somebody')").execute(&mut owner).await.unwrap();
    assert!(!health().await.is_stuck(), "somebody is at work");
}

#[tokio::test]
async fn a_queue_in_which_nothing_waits_is_asked_seldom_and_what_comes_is_taken_at_once() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let done = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&done);
    let hands = hands(&db).can("wink", move |_| {
        seen.store(true, Ordering::SeqCst);
        async { Ok(1) }
    });
    // Whoever asks without a pause asks some thousand times in a second.
    let worked =
        tokio::time::timeout(Duration::from_secs(1), queue::work(hands.clone(), QUICK, std::future::pending()));
    assert!(worked.await.is_err(), "it works until it is stopped");
    let asked_for: i64 = eventually(
        &db,
        "select xact_commit + xact_rollback from pg_stat_database where datname = current_database() and xact_commit > 0",
    )
    .await;
    assert!(asked_for < 200, "{asked_for} transactions in a second of nothing to do");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(queue::work(hands, QUICK, async {
        let _ = stopped.await;
    }));
    asked(&db, world.org(), Order::new("wink")).await.unwrap();
    let _: i64 =
        eventually(&db, "select count(*) from job_runs where job = 'wink' and state = 'done' having count(*) = 1")
            .await;
    assert!(done.load(Ordering::SeqCst));
    stop.send(()).unwrap();
    working.await.unwrap().unwrap();
}
