//! The organization's own customers: judged each week, told each morning.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::backtest::{Holdout, backtest};
use super::churn::RECENCY;
use super::customers::Ledger;
use super::worth::{SILENT_DAYS, worths};
use crate::database::OrgTx;
use crate::models::store::{Judged, keep_judged, latest};
use crate::{Error, Result};

/// Its name in the store.
pub const NAME: &str = "ltv";
/// Days of history that are looked at.
const DAYS: u64 = 3 * 365;
/// Same customers, same answer.
const SEED: u64 = 1;

/// Everybody's payments less refunds, by the day.
struct Payments {
    customers: Vec<Uuid>,
    ledgers: Vec<Ledger>,
    first: NaiveDate,
}

/// Judges by the last [`SILENT_DAYS`] days what would have been told before them, and writes it down. Returns whether there
/// was enough.
///
/// # Errors
/// [`Error::Database`].
pub async fn train(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<bool> {
    let Some(payments) = payments(tx, last).await? else { return Ok(false) };
    let first = payments.first;
    let judging = tokio::task::spawn_blocking(move || {
        let cutoff = last - Days::new(SILENT_DAYS as u64 - 1);
        backtest(&Holdout { ledgers: &payments.ledgers, first, last, cutoff, seed: SEED })
    });
    let report = match thought(judging.await)? {
        // Too few, or too short: there is nothing to say yet.
        Err(Error::Invalid(_)) => return Ok(false),
        report => report?,
    };
    let judged = Judged {
        name: NAME,
        at: now,
        first_day: first,
        last_day: last,
        size: i64::try_from(report.customers).unwrap_or(i64::MAX),
        features: json!([RECENCY, "days of purchase", "mean of a purchase", "share paid back"]),
        figures: serde_json::to_value(&report)?,
        parameters: json!({ "purchases": report.purchases, "lifetimes": report.lifetimes, "money": report.money }),
        shown: report.verdict.shown,
    };
    keep_judged(tx, &judged).await?;
    Ok(true)
}

/// Writes what each customer is expected to spend in a year, and the chance to be gone, beside what they spent. What the newest
/// back-test told no better than the simple answers is taken away, and so is all without one. Returns the rows written.
///
/// # Errors
/// [`Error::Database`].
pub async fn estimate(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    let figures = latest(tx, NAME).await?.map(|model| model.figures).unwrap_or_default();
    let [values, risks] = ["value_shown", "churn_shown"].map(|of| figures["verdict"][of].as_bool().unwrap_or(false));
    let payments = if values || risks { payments(tx, last).await? } else { None };
    let told = match payments {
        None => None,
        Some(it) => {
            let telling = tokio::task::spawn_blocking(move || {
                worths(&it.ledgers, (it.first, last), SEED).map(|told| (it.customers, told))
            });
            match thought(telling.await)? {
                Err(Error::Invalid(_)) => None,
                told => Some(told?),
            }
        }
    };
    let (mut ids, mut spend, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for (customer, worth) in told.into_iter().flat_map(|(customers, told)| customers.into_iter().zip(told)) {
        if let Some(worth) = worth {
            ids.push(customer);
            spend.push(values.then_some(worth.spend));
            silent.push(risks.then_some(worth.silent));
        }
    }
    let org = tx.org().0;
    let written = sqlx::query!(
        "update customer_analytics a
         set expected_margin = t.spend, churn_risk = t.silent, lifetime_value = a.paid - a.refunded + coalesce(t.spend, 0)
         from (select a.customer_id, round(u.spend::numeric, 2) as spend, round(u.silent::numeric, 4)::float8 as silent
               from customer_analytics a
               left join unnest($2::uuid[], $3::float8[], $4::float8[]) u (id, spend, silent) on u.id = a.customer_id
               where a.org_id = $1) t
         where a.org_id = $1 and a.customer_id = t.customer_id
           and (a.expected_margin, a.churn_risk) is distinct from (t.spend, t.silent)",
        org,
        &ids,
        &spend as &[Option<f64>],
        &silent as &[Option<f64>]
    )
    .execute(&mut **tx)
    .await?;
    // Who is a vip, and who is at risk, follows from it.
    Ok(written.rows_affected() + crate::commerce::rebuild_segments(tx, last).await?)
}

fn thought<T>(outcome: std::result::Result<T, tokio::task::JoinError>) -> Result<T> {
    outcome.map_err(|error| Error::io("telling what customers are worth")(std::io::Error::other(error)))
}

async fn payments(tx: &mut OrgTx, last: NaiveDate) -> Result<Option<Payments>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select o.customer_id as customer, m.day as "day!", sum(m.amount)::float8 as "amount!"
           from (
               select order_day, order_id, day, amount from payments where org_id = $1 and day between $2 and $3
               union all
               select order_day, order_id, day, -amount from refunds where org_id = $1 and day between $2 and $3
           ) m join orders o on o.org_id = $1 and o.day = m.order_day and o.id = m.order_id
           group by o.customer_id, m.day"#,
        org,
        last - Days::new(DAYS - 1),
        last
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(first) = rows.iter().map(|row| row.day).min() else { return Ok(None) };
    let mut all: BTreeMap<Uuid, Ledger> = BTreeMap::new();
    for row in rows {
        all.entry(row.customer).or_default().add(row.day, row.amount);
    }
    let (customers, ledgers) = all.into_iter().unzip();
    Ok(Some(Payments { customers, ledgers, first }))
}
