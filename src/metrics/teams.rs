//! Rebuilding a site's days out of its workers' days and its shifts.

use sqlx::AssertSqlSafe;

use super::Period;
use crate::Result;
use crate::database::OrgTx;

/// Replaces the team days of a period by what the worker days and shifts say. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_teams(tx: &mut OrgTx, days: Period) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!(
        "delete from team_daily_metrics where org_id = $1 and day between $2 and $3",
        org,
        days.first,
        days.last
    )
    .execute(&mut **tx)
    .await?;
    let written = sqlx::query(AssertSqlSafe(include_str!("team_days.sql")))
        .bind(org)
        .bind(days.first)
        .bind(days.last)
        .execute(&mut **tx)
        .await?;
    Ok(written.rows_affected())
}
