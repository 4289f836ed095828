//! How a run goes: asked for, begun, tried again, over, and in the end forgotten.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::JOB;
use crate::Result;
use crate::database::OrgTx;
use crate::queue::{Order, enqueue};
use crate::units::UserId;

/// How often a run is tried: over about four minutes; the numbers of a morning are no use in the afternoon.
pub(super) const TRIES: i32 = 6;
/// Days a run is kept.
pub const DAYS_KEPT: i64 = 365;

/// Writes a run down and puts its job into the queue. `None`: its slot was planned before.
pub(super) async fn begin(
    tx: &mut OrgTx,
    schedule: Uuid,
    slot: Option<DateTime<Utc>>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    let (org, run) = (tx.org(), Uuid::now_v7());
    let key = match slot {
        Some(slot) => format!("{schedule} {}", slot.format("%Y-%m-%dT%H:%MZ")),
        None => format!("{schedule} by hand {run}"),
    };
    let mut order = Order::new(JOB).keyed(key).tried(TRIES).with(json!({ "schedule": schedule, "run": run }));
    if let Some(by) = by {
        order = order.by(by);
    }
    let Some(job) = enqueue(tx, org, order, now).await? else { return Ok(None) };
    sqlx::query!(
        "insert into report_runs (org_id, id, schedule_id, job_id, slot, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7)",
        org.0,
        run,
        schedule,
        job.0,
        slot,
        by.map(|user| user.0),
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(Some(run))
}

/// Whether a run that was asked for by hand has not ended.
pub(super) async fn waits(tx: &mut OrgTx, schedule: Uuid) -> Result<bool> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from report_runs where org_id = $1 and schedule_id = $2 and slot is null and state in ('waiting', 'running')) as "waits!""#,
        org,
        schedule
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// What a run needs to know before it begins.
#[derive(Debug)]
pub(super) struct Begun {
    pub schedule: Uuid,
    pub slot: Option<DateTime<Utc>>,
    pub asked_at: DateTime<Utc>,
}

/// A try begins. `None`: it is over already.
pub(super) async fn started(tx: &mut OrgTx, id: Uuid, attempt: i32, now: DateTime<Utc>) -> Result<Option<Begun>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Begun,
        "update report_runs set state = 'running', started_at = $3, finished_at = null, attempts = $4
         where org_id = $1 and id = $2 and state <> 'done' returning schedule_id as schedule, slot, asked_at",
        org,
        id,
        now,
        attempt
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// This try failed; whether it was the last the queue knows.
pub(super) async fn stumbled(tx: &mut OrgTx, id: Uuid, error: &str) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update report_runs set state = 'waiting', error = $3 where org_id = $1 and id = $2 and state = 'running'",
        org,
        id,
        error
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is over.
pub(super) async fn finished(tx: &mut OrgTx, id: Uuid, note: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update report_runs set state = 'done', finished_at = $3, note = $4, error = null where org_id = $1 and id = $2",
        org,
        id,
        now,
        note
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a recipient got: the mail and what is in it, or why there is none.
#[derive(Debug, Default)]
pub(super) struct Got<'a> {
    pub mail: Option<Uuid>,
    pub period: Option<&'a str>,
    pub bytes: Option<usize>,
    /// Whether people stand in it by name.
    pub named: Option<bool>,
    pub refused: Option<&'a str>,
}

pub(super) async fn delivered(tx: &mut OrgTx, run: Uuid, user: UserId, got: Got<'_>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into report_deliveries (org_id, run_id, user_id, mail_id, period, bytes, refused, told, named)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        org,
        run,
        user.0,
        got.mail,
        got.period,
        got.bytes.and_then(|bytes| i64::try_from(bytes).ok()),
        got.refused,
        got.mail.is_none(),
        got.named
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets runs that were over long ago.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget_old(tx: &mut OrgTx, now: DateTime<Utc>) -> Result<u64> {
    let (org, before) = (tx.org().0, now - Duration::days(DAYS_KEPT));
    sqlx::query!(
        "delete from report_deliveries d using report_runs r
         where d.org_id = $1 and r.org_id = $1 and r.id = d.run_id and r.state in ('done', 'failed') and r.asked_at < $2",
        org,
        before
    )
    .execute(&mut **tx)
    .await?;
    let forgotten = sqlx::query!(
        "delete from report_runs where org_id = $1 and state in ('done', 'failed') and asked_at < $2",
        org,
        before
    )
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}
