//! What each worker's score is drawn towards: the cohorts' stored distributions.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::ranking::{Prior, Unranked};
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// By worker, what the benchmark week in force on `day` says; who is not in it has nobody to be compared with.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn priors(
    tx: &mut OrgTx,
    workers: &[WorkerId],
    day: NaiveDate,
) -> Result<HashMap<WorkerId, Result<Prior, Unranked>>> {
    let org = tx.org().0;
    let ids: Vec<Uuid> = workers.iter().map(|worker| worker.0).collect();
    let rows = sqlx::query!(
        r#"select c.worker_id as "worker_id!", b.mean, b.prior_strength, b.within_variance
           from unnest($2::uuid[]) w (id)
           cross join lateral (
               select worker_id, week, cohort from worker_cohorts
               where org_id = $1 and worker_id = w.id and week <= $3 and week > $3::date - 28 order by week desc limit 1) c
           join cohort_benchmarks b on b.org_id = $1 and b.cohort = c.cohort and b.metric = 'bpi' and b.week = c.week"#,
        org,
        &ids,
        day
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let prior = row.prior_strength.zip(row.within_variance);
            let prior = prior.map(|(strength, within)| Prior { mean: row.mean, strength, within });
            (WorkerId(row.worker_id), prior.ok_or(Unranked::NoMoreThanChance))
        })
        .collect())
}
