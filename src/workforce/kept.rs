//! The page of the whole organization, worked out ahead by the night.

use chrono::{DateTime, NaiveDate, Utc};

use super::filter::Filter;
use super::summary::{Summary, summarize};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;

/// Works out the page as it opens without a filter and keeps it. Others that were kept are let go.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep(tx: &mut OrgTx, last_complete: NaiveDate, today: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let asked = Filter::default().resolve(last_complete)?;
    let summary = summarize(tx, asked.period, asked.before, today, now).await?;
    let body = serde_json::to_value(&summary)?;
    let org = tx.org().0;
    sqlx::query!("delete from workforce_summaries where org_id = $1", org).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into workforce_summaries (org_id, first_day, last_day, made_at, body) values ($1, $2, $3, $4, $5)",
        org,
        asked.period.first,
        asked.period.last,
        now,
        body
    )
    .execute(&mut **tx)
    .await?;
    Ok(1)
}

/// The summary kept of a period; `None`: none, or one that another version wrote.
pub(super) async fn kept(tx: &mut OrgTx, period: Period) -> Result<Option<Summary>> {
    let org = tx.org().0;
    let body = sqlx::query_scalar!(
        r#"select body::text as "body!" from workforce_summaries
           where org_id = $1 and first_day = $2 and last_day = $3"#,
        org,
        period.first,
        period.last
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}
