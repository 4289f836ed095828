//! Rebuilding worker days out of facts: delete, sum, insert, in the caller's transaction.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Period, Sums};
use crate::Result;
use crate::database::OrgTx;

/// Which worker days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The business days.
    pub days: Period,
    /// Of these workers; `None`: of everybody.
    pub workers: Option<Vec<Uuid>>,
}

/// Replaces the selected worker days by what the facts say, with shifts, tasks and tours that had ended by `now`.
/// The scores of the new rows are empty until [`crate::scoring::rebuild`] has judged them. The same facts always give
/// the same rows. Where the sums of a day that was there before change, a restatement says so.
/// Returns how many rows there are now.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, selection: &Selection, now: DateTime<Utc>) -> Result<u64> {
    let org = tx.org().0;
    let Period { first, last } = selection.days;
    let workers = selection.workers.as_deref();
    let records_attendance = super::read::records_shifts(tx).await?;
    tx.run(
        "create temp table if not exists day_sums (like worker_daily_metrics including defaults) on commit drop".into(),
    )
    .await?;
    tx.run("truncate day_sums".into()).await?;
    sqlx::query(AssertSqlSafe(include_str!("worker_days.sql")))
        .bind(org)
        .bind(first)
        .bind(last)
        .bind(workers)
        .bind(now)
        .bind(records_attendance)
        .execute(&mut **tx)
        .await?;
    note_restatements(tx, selection, now).await?;
    sqlx::query!(
        "delete from worker_daily_metrics where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))",
        org,
        first,
        last,
        workers
    )
    .execute(&mut **tx)
    .await?;
    let built: Option<(NaiveDate, NaiveDate)> =
        sqlx::query_as::<_, (Option<NaiveDate>, Option<NaiveDate>)>("select min(day), max(day) from day_sums")
            .fetch_one(&mut **tx)
            .await
            .map(|(first, last)| first.zip(last))?;
    let Some((first, last)) = built else { return Ok(0) };
    tx.ensure_partitions("worker_daily_metrics", first, last).await?;
    tx.run("insert into worker_daily_metrics select * from day_sums order by worker_id, day".into()).await
}

async fn note_restatements(tx: &mut OrgTx, selection: &Selection, now: DateTime<Utc>) -> Result<()> {
    let list =
        |table: &str| Sums::COLUMNS.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ");
    let (old, new) = (list("m"), list("d"));
    let sql = format!(
        "insert into restatements (org_id, worker_id, day, at, reason)
         select m.org_id, m.worker_id, m.day, $5, 'facts arrived late or were corrected'
         from worker_daily_metrics m
         left join day_sums d on d.worker_id = m.worker_id and d.day = m.day
         where m.org_id = $1 and m.day between $2 and $3 and ($4::uuid[] is null or m.worker_id = any ($4))
           and ({old}) is distinct from ({new}) on conflict do nothing"
    );
    let org = tx.org().0;
    sqlx::query(AssertSqlSafe(sql))
        .bind(org)
        .bind(selection.days.first)
        .bind(selection.days.last)
        .bind(selection.workers.as_deref())
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
