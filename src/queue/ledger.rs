//! The ledger: one line per job that was asked for.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Order;
use super::worker::Meter;
use crate::Result;
use crate::database::{Database, GlobalTx};
use crate::units::{JobId, OrgId};

/// A job whose process dies again and again is given up after this many more starts than it has tries.
const DEATHS: i32 = 5;

/// A job as whoever does it must know it.
#[derive(Debug)]
pub(super) struct Begun {
    pub org: OrgId,
    pub job: String,
    pub slot: Option<NaiveDate>,
    pub payload: Value,
    pub attempt: i32,
    pub tries: i32,
}

impl Begun {
    /// Whether it killed whoever tried, too often.
    pub(super) fn is_deadly(&self) -> bool {
        self.attempt > self.tries + DEATHS
    }
}

/// Writes a new line. `false`: the key was there already.
pub(super) async fn enter(
    connection: &mut PgConnection,
    id: JobId,
    org: OrgId,
    order: &Order<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let entered = sqlx::query!(
        "insert into job_runs (id, job, org_id, slot, state, asked_at, asked_by, key, payload, lane, attempts, tries)
         values ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $9, 0, $10)
         on conflict (job, org_id, key) where key is not null do nothing",
        id.0,
        order.job,
        org.0,
        order.slot,
        now,
        order.by.map(|user| user.0),
        order.key,
        order.payload,
        order.lane,
        order.tries
    )
    .execute(connection)
    .await?;
    Ok(entered.rows_affected() == 1)
}

/// Opens a line again that was given up, and tells its lane.
pub(super) async fn reopen(connection: &mut PgConnection, org: OrgId, id: JobId) -> Result<Option<Option<String>>> {
    Ok(sqlx::query_scalar!(
        "update job_runs set state = 'queued', attempts = 0 where org_id = $1 and id = $2 and state = 'failed' returning lane",
        org.0,
        id.0
    )
    .fetch_optional(connection)
    .await?)
}

/// Somebody begins. `None`: it is done or given up already.
pub(super) async fn begin(connection: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> Result<Option<Begun>> {
    let row = sqlx::query!(
        r#"update job_runs set state = 'running', started_at = $2, finished_at = null, attempts = attempts + 1,
             done = null, of = null
           where id = $1 and state in ('queued', 'running')
           returning org_id as "org!", job, slot, payload, attempts, tries"#,
        id.0,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|it| Begun {
        org: OrgId(it.org),
        job: it.job,
        slot: it.slot,
        payload: it.payload,
        attempt: it.attempts,
        tries: it.tries,
    }))
}

/// It is done.
pub(super) async fn done(connection: &mut PgConnection, id: JobId, rows: u64, now: DateTime<Utc>) -> Result<()> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    sqlx::query!(
        "update job_runs set state = 'done', finished_at = $2, rows = $3, done = of where id = $1",
        id.0,
        now,
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// This try failed. `true`: it was the last.
pub(super) async fn failed(
    connection: &mut PgConnection,
    id: JobId,
    error: &str,
    give_up: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let state = sqlx::query_scalar!(
        "update job_runs set state = case when $4 or attempts >= tries then 'failed' else 'queued' end, finished_at = $2, error = $3
         where id = $1 and state = 'running' returning state",
        id.0,
        now,
        error,
        give_up
    )
    .fetch_optional(connection)
    .await?;
    Ok(state.as_deref() == Some("failed"))
}

/// It could not begin because something else goes on: no try of its own.
pub(super) async fn put_off(connection: &mut PgConnection, id: JobId, why: &str) -> Result<()> {
    sqlx::query!(
        "update job_runs set state = 'queued', attempts = greatest(attempts - 1, 0), error = $2 where id = $1 and state = 'running'",
        id.0,
        why
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How far it is.
pub(super) async fn progress(connection: &mut PgConnection, id: JobId, done: u64, of: u64) -> Result<()> {
    let number = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
    sqlx::query!(
        "update job_runs set done = $2, of = $3 where id = $1 and state = 'running'",
        id.0,
        number(done),
        number(of)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets lines of what was done more than 400 days ago; of what runs many times a day, more than 14 days ago.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_done(tx: &mut GlobalTx, org: OrgId, now: DateTime<Utc>) -> Result<u64> {
    let forgotten = sqlx::query!(
        "delete from job_runs where org_id = $1 and state = 'done' and asked_at < case when slot is null then $2::timestamptz else $3 end",
        org.0,
        now - Duration::days(14),
        now - Duration::days(400)
    )
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

/// A job that is done at once by whoever asks, past the queue: its line, which is closed when it ends.
#[derive(Debug)]
pub struct ByHand {
    id: JobId,
    db: Database,
    meter: Meter,
}

impl ByHand {
    /// Opens the line. The caller makes sure that no other does the same: lines that say 'running' and that nobody in the
    /// queue holds are of the dead, and are closed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn begin(db: &Database, org: OrgId, job: &str, now: DateTime<Utc>) -> Result<Self> {
        let mut tx = db.global().await?;
        sqlx::query!(
            "update job_runs r set state = 'failed', finished_at = $3, error = 'the process ended before the job did'
             where job = $1 and org_id = $2 and state = 'running'
               and not exists (select from graphile_worker._private_jobs j where j.key = r.id::text)",
            job,
            org.0,
            now
        )
        .execute(&mut *tx)
        .await?;
        let id = JobId(Uuid::now_v7());
        sqlx::query!(
            "insert into job_runs (id, job, org_id, state, asked_at, started_at, attempts, tries) values ($1, $2, $3, 'running', $4, $4, 1, 1)",
            id.0,
            job,
            org.0,
            now
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Self { id, db: db.clone(), meter: Meter::new(db, id) })
    }

    /// How far it is: `done` of `of`.
    pub fn progress(&self, done: u64, of: u64) {
        self.meter.says(done, of);
    }

    /// Closes the line.
    ///
    /// # Errors
    /// What the job failed of, else [`crate::Error::Database`].
    pub async fn end(self, outcome: Result<u64>, at: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.db.global().await?;
        match &outcome {
            Ok(rows) => done(&mut tx, self.id, *rows, at).await?,
            Err(cause) => {
                failed(&mut tx, self.id, &cause.to_string(), true, at).await?;
            }
        }
        tx.commit().await?;
        outcome
    }
}
