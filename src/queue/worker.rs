//! Who does the work: the library takes a job and calls us; we do it and close its line.

use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use graphile_worker::sql::complete_job::complete_job;
use graphile_worker::{
    IntoTaskHandlerResult, Job, LocalQueueConfig, RefetchDelayConfig, TaskHandler, Worker, WorkerContext,
    WorkerOptions, WorkerRecoveryConfig, WorkerShutdownConfig,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use tokio::sync::watch;

use super::ledger::{self, Begun};
use super::tally::Tally;
use super::{SCHEMA, TASK, refused};
use crate::clock::Clock;
use crate::database::Database;
use crate::units::{JobId, OrgId};
use crate::{Error, Result};

/// How many jobs an instance does at a time.
const AT_A_TIME: usize = 2;
/// How often a queue in which nothing waits is asked; what is put into it is announced, and taken at once.
const ASKED_EVERY: Duration = Duration::from_secs(2);
/// Jobs an instance claims in one go, and for how long it keeps one that it could not begin.
const CLAIMED: (usize, Duration) = (4, Duration::from_secs(5));
/// The library's own connections: one listens, one claims, one tells that we live.
const CONNECTIONS: u32 = 3;
/// How often progress is written at most.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);
/// How long a queue that cannot be reached is left alone.
const BREATH: Duration = Duration::from_secs(5);

type Deed = Arc<dyn Fn(Held) -> BoxFuture<'static, Result<u64>> + Send + Sync>;

/// What an instance can do: one deed per job name.
#[derive(Clone)]
pub struct Hands {
    db: Database,
    clock: Clock,
    deeds: HashMap<String, Deed>,
    done: Arc<AtomicU64>,
    tally: Tally,
}

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hands").field("jobs", &self.deeds.keys()).finish_non_exhaustive()
    }
}

impl Hands {
    /// Can do nothing yet.
    #[must_use]
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock, deeds: HashMap::new(), done: Arc::default(), tally: Tally::default() }
    }

    /// Counts into this tally.
    #[must_use]
    pub fn counted(self, tally: Tally) -> Self {
        Self { tally, ..self }
    }

    /// Can do this job too; the deed tells how many rows it wrote.
    #[must_use]
    pub fn can<F>(mut self, job: &str, deed: impl Fn(Held) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<u64>> + Send + 'static,
    {
        self.deeds.insert(job.to_owned(), Arc::new(move |held| deed(held).boxed()));
        self
    }
}

/// How soon a dead instance is known to be dead.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often an instance says that it lives.
    pub heartbeat: Duration,
    /// Who said nothing for so long is dead, and its jobs are taken over.
    pub silence: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(10), silence: Duration::from_secs(60) }
    }
}

/// Works until told to stop; a job that is not done five seconds later is left to the next.
///
/// # Errors
/// [`Error::Queue`] when the queue cannot be reached at the start. Later it is tried again and again.
pub async fn work(hands: Hands, pace: Pace, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    let stop = stop.boxed().shared();
    loop {
        let worker = worker(&hands, Some(pace), stop.clone()).await;
        let ended = match worker {
            Ok(worker) => worker.run().await.map_err(refused),
            Err(cause) => Err(cause),
        };
        if stop.peek().is_some() {
            return Ok(());
        }
        if let Err(cause) = ended {
            tracing::error!(%cause, "the queue could not be worked; it is tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(BREATH) => {}
            () = stop.clone() => return Ok(()),
        }
    }
}

/// Works until nothing waits that is due, and tells how many jobs were tried.
///
/// # Errors
/// [`Error::Queue`].
pub async fn drain(hands: Hands) -> Result<u64> {
    let worker = worker(&hands, None, std::future::pending()).await?;
    worker.run_once().await.map_err(refused)?;
    Ok(hands.done.load(Ordering::SeqCst))
}

async fn worker(hands: &Hands, pace: Option<Pace>, stop: impl Future<Output = ()> + Send + 'static) -> Result<Worker> {
    // Without such a pause the library (0.14.1) asks again at once, for ever: the end of each fetch wakes the next.
    let pause = RefetchDelayConfig::builder().duration(ASKED_EVERY).threshold(0).max_abort_threshold(1).build();
    let local_queue = LocalQueueConfig::builder().size(CLAIMED.0).ttl(CLAIMED.1).refetch_delay(pause).build();
    let shutdown = WorkerShutdownConfig::default().listen_os_shutdown_signals(false).shutdown_signal(stop);
    let mut options = WorkerOptions::default()
        .worker_shutdown(shutdown)
        .database(hands.db.own_pool(CONNECTIONS).await?)
        .schema(SCHEMA)
        .concurrency(AT_A_TIME)
        .local_queue(local_queue)
        .poll_interval(ASKED_EVERY)
        .add_extension(hands.clone())
        .define_job::<Errand>();
    if let Some(pace) = pace {
        let recovery = WorkerRecoveryConfig::default()
            .heartbeat_interval(pace.heartbeat)
            .sweep_interval(pace.heartbeat)
            .sweep_threshold(pace.silence)
            .recovery_delay(Duration::ZERO);
        options = options.worker_recovery(recovery);
    }
    options.init().await.map_err(refused)
}

/// What the library carries: which line of the ledger.
#[derive(Debug, Serialize, Deserialize)]
struct Errand {
    id: JobId,
}

impl TaskHandler for Errand {
    const IDENTIFIER: &'static str = TASK;

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(hands) = ctx.get_ext::<Hands>().cloned() else {
            return Err("nobody is here to do it".to_owned());
        };
        let claim = Claim { job: ctx.job().clone(), worker: ctx.worker_id().to_owned() };
        perform(&hands, claim, self.id).await.map_err(|cause| cause.to_string())
    }
}

/// That a job is this worker's.
#[derive(Debug, Clone)]
struct Claim {
    job: Job,
    worker: String,
}

impl Claim {
    /// Whether it still is, for the rest of the transaction. `None`: nobody's, it is done.
    async fn holds(&self, connection: &mut PgConnection) -> Result<Option<bool>> {
        let by = sqlx::query_scalar!(
            "select locked_by from graphile_worker._private_jobs where id = $1 for update",
            self.job.id()
        )
        .fetch_optional(connection)
        .await?;
        Ok(by.map(|by| by.as_deref() == Some(self.worker.as_str())))
    }

    async fn complete(&self, connection: &mut PgConnection) -> Result<()> {
        complete_job(connection, &self.job, &self.worker, SCHEMA).await.map_err(refused)
    }
}

/// A job in somebody's hands.
#[derive(Debug)]
pub struct Held {
    /// Which line of the ledger.
    pub id: JobId,
    /// Whose.
    pub org: OrgId,
    /// What.
    pub job: String,
    /// The local date of a timed job.
    pub slot: Option<NaiveDate>,
    /// What is known about it.
    pub payload: Value,
    /// Which try: 1 is the first.
    pub attempt: i32,
    /// The moment it began.
    pub now: DateTime<Utc>,
    claim: Claim,
    begun: Instant,
    meter: Meter,
}

impl Held {
    /// How far it is: `done` of `of`.
    pub fn progress(&self, done: u64, of: u64) {
        self.meter.says(done, of);
    }

    /// Ends the job in the transaction of its effect: both last, or neither. The way for an effect that must not be had
    /// twice. After it the transaction is committed, and the deed returns the same rows.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another instance took it over because this one seemed dead: the transaction must not be
    /// committed.
    pub async fn end_with(&self, connection: &mut PgConnection, rows: u64) -> Result<()> {
        end(connection, &self.claim, self.id, rows, self.now + self.begun.elapsed()).await
    }
}

async fn end(connection: &mut PgConnection, claim: &Claim, id: JobId, rows: u64, at: DateTime<Utc>) -> Result<()> {
    if claim.holds(connection).await? != Some(true) {
        return Err(Error::Conflict("another instance has taken this job over".into()));
    }
    ledger::done(connection, id, rows, at).await?;
    claim.complete(connection).await
}

async fn perform(hands: &Hands, claim: Claim, id: JobId) -> Result<()> {
    let now = hands.clock.now();
    let mut tx = hands.db.global().await?;
    let Some(begun) = ledger::begin(&mut tx, id, now).await? else {
        // Done or given up: the library lets go of it.
        return tx.commit().await;
    };
    tx.commit().await?;
    let clock = Instant::now();
    let outcome = if begun.is_deadly() {
        Err(Error::Queue("whoever tried this died of it, again and again".into()))
    } else {
        attempt(hands, &claim, id, &begun, now, clock).await
    };
    hands.done.fetch_add(1, Ordering::SeqCst);
    hands.tally.add(&begun.job, outcome.is_ok(), clock.elapsed());
    close(hands, &claim, id, &begun, outcome, now + clock.elapsed()).await
}

async fn attempt(
    hands: &Hands,
    claim: &Claim,
    id: JobId,
    begun: &Begun,
    now: DateTime<Utc>,
    clock: Instant,
) -> Result<u64> {
    let Some(deed) = hands.deeds.get(&begun.job) else {
        return Err(Error::Queue(format!("nobody here knows how to do '{}'", begun.job)));
    };
    let held = Held {
        id,
        org: begun.org,
        job: begun.job.clone(),
        slot: begun.slot,
        payload: begun.payload.clone(),
        attempt: begun.attempt,
        now,
        claim: claim.clone(),
        begun: clock,
        meter: Meter::new(&hands.db, id),
    };
    AssertUnwindSafe(deed(held)).catch_unwind().await.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(Error::Queue(format!("it panicked: {}", words.unwrap_or("without a word"))))
    })
}

/// Closes the line, as far as the job is still ours. What it returns decides what the library does with its row: an error
/// makes it wait for the next try, and leaves the row of whoever took it over alone.
async fn close(
    hands: &Hands,
    claim: &Claim,
    id: JobId,
    begun: &Begun,
    outcome: Result<u64>,
    at: DateTime<Utc>,
) -> Result<()> {
    let mut tx = hands.db.global().await?;
    match claim.holds(&mut tx).await? {
        Some(true) => {}
        None => return Ok(()),
        Some(false) => return Err(Error::Conflict("another instance has taken this job over".into())),
    }
    let cause = match outcome {
        Ok(rows) => {
            ledger::done(&mut tx, id, rows, at).await?;
            claim.complete(&mut tx).await?;
            return tx.commit().await;
        }
        Err(cause) => cause,
    };
    if let Error::Conflict(why) = &cause {
        ledger::put_off(&mut tx, id, why).await?;
        tx.commit().await?;
        return Err(cause);
    }
    let over = ledger::failed(&mut tx, id, &cause.to_string(), begun.is_deadly(), at).await?;
    tracing::error!(job = begun.job, org = %begun.org, attempt = begun.attempt, over, %cause, "job failed");
    if over {
        claim.complete(&mut tx).await?;
    }
    tx.commit().await?;
    if over { Ok(()) } else { Err(cause) }
}

/// Writes progress, at most once a second, while the job goes on.
#[derive(Debug)]
pub(super) struct Meter {
    says: watch::Sender<(u64, u64)>,
}

impl Meter {
    pub(super) fn new(db: &Database, id: JobId) -> Self {
        let (says, mut hears) = watch::channel((0, 0));
        let db = db.clone();
        tokio::spawn(async move {
            while hears.changed().await.is_ok() {
                let (done, of) = *hears.borrow_and_update();
                let written = async {
                    let mut tx = db.global().await?;
                    ledger::progress(&mut tx, id, done, of).await?;
                    tx.commit().await
                };
                if let Err(cause) = written.await {
                    tracing::debug!(%cause, "progress could not be written");
                }
                tokio::time::sleep(WRITTEN_EVERY).await;
            }
        });
        Self { says }
    }

    pub(super) fn says(&self, done: u64, of: u64) {
        self.says.send_replace((done, of));
    }
}
