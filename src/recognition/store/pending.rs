//! The days that were built since recognition last looked.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// Days that were built again.
#[derive(Debug, Clone)]
pub(in crate::recognition) struct Pending {
    /// Whose; `None`: everybody's.
    pub worker: Option<Uuid>,
    pub days: Period,
}

/// Two instances must not follow the same days at once.
pub(in crate::recognition) async fn one_at_a_time(tx: &mut OrgTx) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('follow-days'), hashtext($1))")
        .bind(tx.org().to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes what is pending up to `last`, of everybody or of one worker alone; a transaction that is not committed leaves it
/// there.
pub(in crate::recognition) async fn take(tx: &mut OrgTx, of: Option<Uuid>, last: NaiveDate) -> Result<Vec<Pending>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        "delete from recognition_pending where org_id = $1 and last_day <= $2 and ($3::uuid is null or worker_id = $3)
         returning worker_id, first_day, last_day",
        org,
        last,
        of
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Pending {
            worker: (!row.worker_id.is_nil()).then_some(row.worker_id),
            days: Period { first: row.first_day, last: row.last_day },
        })
        .collect())
}

/// Has a day looked at again, of everybody.
pub(in crate::recognition) async fn add(tx: &mut OrgTx, day: NaiveDate) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into recognition_pending (org_id, worker_id, first_day, last_day) values ($1, $2, $3, $3) on conflict do nothing",
        org,
        Uuid::nil(),
        day
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
