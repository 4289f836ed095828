//! The audit log: who did or looked at what.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Scope;
use crate::Result;
use crate::database::OrgTx;
use crate::units::{UserId, WorkerId};

/// The action written when somebody opens a named worker's scores; the worker's own page lists these.
pub const LOOKED_AT_SCORE: &str = "looked at score";
/// The action written when somebody is shown how likely a named worker leaves; the worker's own page lists these too.
pub const LOOKED_AT_CHURN: &str = "looked at churn risk";
/// The action written when somebody is shown what a named worker was paid; the worker's own page lists these too.
pub const LOOKED_AT_PAY: &str = "looked at pay";

/// Who looks, and when: what the audit log keeps.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The user.
    pub user: UserId,
    /// The worker the user is; a look at oneself is not kept.
    pub worker: Option<WorkerId>,
    /// What the user may see of what is looked at.
    pub scope: Scope,
    /// When.
    pub now: DateTime<Utc>,
}

/// Adds a line to the audit log.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn record(
    tx: &mut OrgTx,
    user: UserId,
    action: &str,
    record: &str,
    id: Option<Uuid>,
    after: Option<serde_json::Value>,
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into audit_log (org_id, id, at, user_id, action, record, record_id, after) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        org,
        Uuid::now_v7(),
        now,
        user.0,
        action,
        record,
        id,
        after
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A change that somebody made.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// What was done.
    pub action: &'a str,
    /// To what kind of record.
    pub record: &'a str,
    /// To which one.
    pub id: Option<Uuid>,
    /// How it was; nothing where it is new.
    pub before: Option<serde_json::Value>,
    /// How it is now; nothing where it is gone.
    pub after: Option<serde_json::Value>,
}

/// Adds a change to the audit log, with how it was before and how it is now.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn changed(tx: &mut OrgTx, user: UserId, change: Change<'_>, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into audit_log (org_id, id, at, user_id, action, record, record_id, before, after)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        org,
        Uuid::now_v7(),
        now,
        user.0,
        change.action,
        change.record,
        change.id,
        change.before,
        change.after
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that a user looked at the scores of these workers, each once per day of the organization, in one statement.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looked_at(tx: &mut OrgTx, user: UserId, workers: &[WorkerId], now: DateTime<Utc>) -> Result<()> {
    looked(tx, user, LOOKED_AT_SCORE, workers, now).await
}

/// Notes that a user was shown how likely each of these workers leaves, once per day of the organization.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looked_at_churn(tx: &mut OrgTx, viewer: &Viewer, workers: &[WorkerId]) -> Result<()> {
    let others: Vec<WorkerId> = workers.iter().copied().filter(|worker| viewer.worker != Some(*worker)).collect();
    looked(tx, viewer.user, LOOKED_AT_CHURN, &others, viewer.now).await
}

/// Notes that a user was shown what each of these workers was paid, once per day of the organization.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looked_at_pay(tx: &mut OrgTx, viewer: &Viewer, workers: &[WorkerId]) -> Result<()> {
    let others: Vec<WorkerId> = workers.iter().copied().filter(|worker| viewer.worker != Some(*worker)).collect();
    looked(tx, viewer.user, LOOKED_AT_PAY, &others, viewer.now).await
}

async fn looked(tx: &mut OrgTx, user: UserId, action: &str, workers: &[WorkerId], now: DateTime<Utc>) -> Result<()> {
    if workers.is_empty() {
        return Ok(());
    }
    let org = tx.org().0;
    sqlx::query!(
        "insert into audit_log (org_id, id, at, user_id, action, record, record_id)
         select $1, t.id, $2, $3, $4, 'worker', t.worker from unnest($5::uuid[], $6::uuid[]) t (id, worker)
         where not exists (
             select from audit_log a join organizations o on o.id = a.org_id
             where a.org_id = $1 and a.record = 'worker' and a.record_id = t.worker and a.user_id = $3 and a.action = $4
               and a.at >= date_trunc('day', $2::timestamptz at time zone o.time_zone) at time zone o.time_zone)",
        org,
        now,
        user.0,
        action,
        &workers.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &workers.iter().map(|worker| worker.0).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
