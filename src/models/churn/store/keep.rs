//! What was estimated, as it is kept: of each month the latest day, for two years.

use chrono::{Datelike, Days, Months, NaiveDate};
use uuid::Uuid;

use super::super::predict::Estimate;
use crate::Result;
use crate::database::OrgTx;

/// Estimates older than this are forgotten.
const KEPT_MONTHS: u32 = 24;

/// Forgets what was estimated earlier in the month of `day`, and what is older than is kept.
pub(in super::super) async fn forget_month(tx: &mut OrgTx, day: NaiveDate) -> Result<()> {
    let first = day - Days::new(u64::from(day.day0()));
    sqlx::query!(
        "delete from churn_risks where org_id = $1 and (snapshot_on between $2 and $3 or snapshot_on < $4)",
        tx.org().0,
        first,
        first + Months::new(1) - Days::new(1),
        first - Months::new(KEPT_MONTHS)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes down the estimates of `day` by a version of the model.
pub(in super::super) async fn keep(
    tx: &mut OrgTx,
    day: NaiveDate,
    version: i32,
    estimates: &[Estimate],
) -> Result<u64> {
    let workers: Vec<Uuid> = estimates.iter().map(|it| it.worker.0).collect();
    let probabilities: Vec<f64> = estimates.iter().map(|it| it.probability).collect();
    let bands: Vec<String> = estimates.iter().map(|it| it.band.word().to_owned()).collect();
    let steps: Vec<String> = estimates.iter().map(|it| it.step.clone()).collect();
    // Arrays of arrays must be square in SQL; as JSON they need not be.
    let words: Vec<serde_json::Value> = estimates
        .iter()
        .map(|it| serde_json::json!({ "causes": it.causes.iter().map(|cause| cause.code()).collect::<Vec<_>>(), "reasons": it.reasons }))
        .collect();
    let written = sqlx::query!(
        "insert into churn_risks (org_id, worker_id, snapshot_on, version, probability, band, causes, reasons, step)
         select $1, e.worker, $2, $3, e.probability, e.band,
                array(select jsonb_array_elements_text(e.words -> 'causes')), array(select jsonb_array_elements_text(e.words -> 'reasons')), e.step
           from unnest($4::uuid[], $5::float8[], $6::text[], $7::jsonb[], $8::text[]) e (worker, probability, band, words, step)",
        tx.org().0,
        day,
        version,
        &workers,
        &probabilities,
        &bands,
        &words,
        &steps
    );
    Ok(written.execute(&mut **tx).await?.rows_affected())
}
