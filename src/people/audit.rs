//! The audit log: who did or looked at what.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::units::UserId;

/// The action written when somebody opens a named worker's scores; the worker's own page lists these.
pub const LOOKED_AT_SCORE: &str = "looked at score";

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
