//! Reading worker days: windows of sums, and the stored scores.

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{Period, Sums};
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// Whether the organization records attendance at all. Where it does not, other work stands in for shifts.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn records_shifts(tx: &mut OrgTx) -> Result<bool> {
    let org = tx.org().0;
    let any = sqlx::query_scalar!("select exists (select from attendance where org_id = $1)", org)
        .fetch_one(&mut **tx)
        .await?;
    Ok(any.unwrap_or(false))
}

/// `sum(a)::bigint, sum(b)::bigint, …` over all columns of [`Sums`], each 0 when there is no row.
pub(crate) fn sum_list() -> String {
    Sums::COLUMNS.iter().map(|column| format!("coalesce(sum({column}), 0)::bigint")).collect::<Vec<_>>().join(", ")
}

/// Reads the columns of [`Sums`] that start at `offset`.
pub(crate) fn read_sums(row: &sqlx::postgres::PgRow, offset: usize) -> Result<Sums, sqlx::Error> {
    let mut values = [0; Sums::COLUMNS.len()];
    for (i, value) in values.iter_mut().enumerate() {
        *value = row.try_get(offset + i)?;
    }
    Ok(Sums::from_array(values))
}

/// One worker's sums over a period.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn worker_sums(tx: &mut OrgTx, worker: WorkerId, period: Period) -> Result<Sums> {
    let sql = format!(
        "select {} from worker_daily_metrics where org_id = $1 and worker_id = $2 and day between $3 and $4",
        sum_list()
    );
    let org = tx.org().0;
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(org)
        .bind(worker.0)
        .bind(period.first)
        .bind(period.last)
        .fetch_one(&mut **tx)
        .await?;
    Ok(read_sums(&row, 0)?)
}

/// The sums of every worker over a period, ordered by worker.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn window_sums(tx: &mut OrgTx, period: Period) -> Result<Vec<(Uuid, Sums)>> {
    let sql = format!(
        "select worker_id, {} from worker_daily_metrics where org_id = $1 and day between $2 and $3 group by worker_id order by worker_id",
        sum_list()
    );
    let org = tx.org().0;
    let rows =
        sqlx::query(AssertSqlSafe(sql)).bind(org).bind(period.first).bind(period.last).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, read_sums(row, 1)?))).collect()
}

/// The BPI stored for a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayScore {
    /// The day the window ends with.
    pub day: NaiveDate,
    /// 0–100; `None`: not enough to judge.
    pub bpi: Option<f64>,
}

/// The stored BPI of each day of a period, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn day_scores(tx: &mut OrgTx, worker: WorkerId, period: Period) -> Result<Vec<DayScore>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        DayScore,
        "select day, bpi from worker_daily_metrics where org_id = $1 and worker_id = $2 and day between $3 and $4 order by day",
        org,
        worker.0,
        period.first,
        period.last
    )
    .fetch_all(&mut **tx)
    .await?)
}
