//! Who runs what: one row per run. A run holds a lock while it lives, so that a dead one is known and taken over.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

use super::Job;
use crate::Result;
use crate::database::{Database, GlobalTx};
use crate::units::OrgId;

/// A failed slot is tried again this often, after 5, 10, 20 and 40 minutes.
const TRIES: i64 = 5;

/// A run in progress. Its lock goes when it ends, when this is dropped or when its process dies.
#[derive(Debug)]
pub struct Running {
    id: Uuid,
    db: Database,
    lock: GlobalTx,
}

/// Enters a run, or `None` when the slot is taken, done, failed too often, or waits for its next try.
pub(super) async fn begin(
    db: &Database,
    job: Job,
    org: OrgId,
    slot: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Option<Running>> {
    let mut lock = db.global().await?;
    let free: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext($1), hashtext($2))")
        .bind(job.name())
        .bind(org.to_string())
        .fetch_one(&mut *lock)
        .await?;
    if !free {
        return Ok(None);
    }
    let mut tx = db.global().await?;
    // We hold the lock, so whoever wrote 'running' is dead.
    sqlx::query!(
        "update job_runs set state = 'failed', finished_at = $3, error = 'the process ended before the job did'
         where job = $1 and org_id = $2 and state = 'running'",
        job.name(),
        org.0,
        now
    )
    .execute(&mut *tx)
    .await?;
    if let Some(slot) = slot {
        let past = sqlx::query!(
            r#"select count(*) filter (where state = 'failed') as "failed!", bool_or(state = 'done') as done, max(finished_at) as last
               from job_runs where job = $1 and org_id = $2 and slot = $3"#,
            job.name(),
            org.0,
            slot
        )
        .fetch_one(&mut *tx)
        .await?;
        let wait = Duration::minutes(5 << (past.failed - 1).clamp(0, 6));
        let waiting = past.failed > 0 && past.last.is_some_and(|last| now < last + wait);
        if past.done == Some(true) || past.failed >= TRIES || waiting {
            tx.commit().await?;
            lock.commit().await?;
            return Ok(None);
        }
    }
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into job_runs (id, job, org_id, slot, state, started_at) values ($1, $2, $3, $4, 'running', $5)",
        id,
        job.name(),
        org.0,
        slot,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(Running { id, db: db.clone(), lock }))
}

impl Running {
    pub(super) async fn done(self, rows: u64, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.db.global().await?;
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        sqlx::query!(
            "update job_runs set state = 'done', finished_at = $2, rows = $3 where id = $1",
            self.id,
            at,
            rows
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.release().await
    }

    pub(super) async fn failed(self, error: &str, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.db.global().await?;
        sqlx::query!(
            "update job_runs set state = 'failed', finished_at = $2, error = $3 where id = $1",
            self.id,
            at,
            error
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.release().await
    }

    /// Lets go of the lock before saying so: a dropped transaction is rolled back only some time later, and the same job
    /// run again at once would be told that it runs already.
    async fn release(self) -> Result<()> {
        self.lock.commit().await
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The job's name.
    pub job: String,
    /// The local date it ran for; `None`: by hand.
    pub slot: Option<NaiveDate>,
    /// running, done or failed.
    pub state: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Rows written.
    pub rows: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
}

/// The latest runs of an organization, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn latest_runs(tx: &mut GlobalTx, org: OrgId, limit: i64) -> Result<Vec<Run>> {
    Ok(sqlx::query_as!(
        Run,
        "select job, slot, state, started_at, finished_at, rows, error from job_runs where org_id = $1 order by started_at desc, id desc limit $2",
        org.0,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}
