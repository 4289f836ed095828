//! Which worker-days must be computed again because of what an import changed. Never exact at the price of millions of
//! rows: where many workers of a day are concerned, the nil worker stands for all of them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::rules::{Rules, Touch};
use crate::Result;
use crate::database::OrgTx;
use crate::people::Organization;

/// From how many changed rows on a day (or spans of days) everybody's day is computed again.
const MANY: i64 = 50;

/// Where the statements of [`Rules::follow`] put the worker-days they moved.
pub(super) const CREATE_MOVED: &str = "create temp table _moved (day date, worker_id uuid) on commit drop";

/// Counts in `_days` how many rows touch which day, as they were and as they are; empty where days do not matter.
pub(super) async fn count_days(tx: &mut OrgTx, rules: &Rules, changed: u64) -> Result<()> {
    let touched = touched(rules, changed);
    let touched = touched.unwrap_or_else(|| "select null::date as day, null::uuid as worker_id where false".into());
    tx.run(format!(
        "create temp table _days on commit drop as
         select day, count(*) > {MANY} or count(worker_id) < count(*) as everybody from ({touched}) t
         where day is not null group by day"
    ))
    .await?;
    Ok(())
}

/// The worker-days that new and changed rows touch, for a table whose rows touch one each.
fn touched(rules: &Rules, changed: u64) -> Option<String> {
    if let Touch::Commerce { days, .. } = &rules.touch {
        return Some(touched_by_orders(days, changed));
    }
    let Touch::Day { day, worker } = &rules.touch else { return None };
    let (day, worker) = (at_row(day), at_row(worker));
    let mut touched = format!("select {day} as day, {worker} as worker_id from _row r where not r._same");
    if changed > 0 {
        touched += " union all select r._was_day, r._was_worker from _row r where r._found and not r._same";
    }
    Some(touched)
}

/// The days of orders and money that new and changed rows touch.
fn touched_by_orders(days: &[&str], changed: u64) -> String {
    let now = days
        .iter()
        .map(|day| format!("select {} as day, null::uuid as worker_id from _row r where not r._same", at_row(day)));
    let before = (0..days.len())
        .filter(|_| changed > 0)
        .map(|nth| format!("select r._was_day_{nth}, null::uuid from _row r where r._found and not r._same"));
    now.chain(before).collect::<Vec<_>>().join(" union all ")
}

fn at_row(sql: &str) -> String {
    sql.replace("@.", "r.")
}

/// Marks the days that the rows of `_row` and `_moved` touch, as they were and as they are.
pub(super) async fn mark(
    tx: &mut OrgTx,
    rules: &Rules,
    changed: u64,
    org: &Organization,
    now: DateTime<Utc>,
) -> Result<()> {
    if let Touch::Commerce { customer, .. } = &rules.touch {
        return mark_orders(tx, *customer).await;
    }
    let today = now.with_timezone(&org.zone).date_naive();
    if let Some(touched) = touched(rules, changed) {
        return mark_days(tx, &touched, today).await;
    }
    match &rules.touch {
        Touch::Span { first, last, worker, .. } => {
            mark_spans(tx, [first, last, worker].map(|sql| at_row(sql)), today).await
        }
        Touch::Nothing | Touch::Day { .. } | Touch::Commerce { .. } => Ok(()),
    }
}

/// Days of orders and money, and the customers who ordered, or did before the correction.
async fn mark_orders(tx: &mut OrgTx, customer: Option<&str>) -> Result<()> {
    let days =
        "insert into dirty_commerce_days (org_id, day) select current_org(), day from _days on conflict do nothing";
    tx.run(days.into()).await?;
    if let Some(customer) = customer {
        tx.run(format!(
            "insert into dirty_customers (org_id, customer_id)
             select current_org(), {} from _row r where not r._same
             union select current_org(), r._was_customer from _row r where r._found and not r._same
             on conflict do nothing",
            at_row(customer)
        ))
        .await?;
    }
    Ok(())
}

async fn mark_days(tx: &mut OrgTx, touched: &str, today: NaiveDate) -> Result<()> {
    tx.run(format!(
        "insert into dirty_days (org_id, day, worker_id)
         select current_org(), day, '{nil}'::uuid from _days where everybody and day <= '{today}'
         union
         select current_org(), day, coalesce(worker_id, '{nil}'::uuid) from _moved where day <= '{today}'
         on conflict do nothing",
        nil = Uuid::nil(),
    ))
    .await?;
    let calm: bool = sqlx::query_scalar(AssertSqlSafe("select exists (select from _days where not everybody)"))
        .fetch_one(&mut **tx)
        .await?;
    if calm {
        tx.run(format!(
            "insert into dirty_days (org_id, day, worker_id)
             select distinct current_org(), t.day, t.worker_id from ({touched}) t join _days d on d.day = t.day
             where not d.everybody and t.day <= '{today}' on conflict do nothing"
        ))
        .await?;
    }
    Ok(())
}

/// Spans reach back only to the first day that was ever computed: earlier ones are computed when somebody asks for them.
async fn mark_spans(tx: &mut OrgTx, [first, last, worker]: [String; 3], today: NaiveDate) -> Result<()> {
    let floor: Option<NaiveDate> =
        sqlx::query_scalar!("select min(day) from worker_daily_metrics").fetch_one(&mut **tx).await?;
    let Some(floor) = floor else { return Ok(()) };
    tx.run(format!(
        "create temp table _span on commit drop as
         select greatest(first, '{floor}') as first, least(last, '{today}') as last, worker_id from (
             select {first} as first, {last} as last, {worker} as worker_id from _row r where not r._same and r._moves
             union all
             select r._was_first, r._was_last, r._was_worker from _row r where r._found and not r._same and r._moves
         ) s where first <= '{today}' and last >= '{floor}'"
    ))
    .await?;
    let spans: i64 = sqlx::query_scalar(AssertSqlSafe("select count(*) from _span")).fetch_one(&mut **tx).await?;
    let spans_of_everybody =
        "select min(first) as first, max(last) as last, null::uuid as worker_id from _span having count(*) > 0";
    let spans_as_they_are = "select first, last, worker_id from _span";
    let source = if spans > MANY { spans_of_everybody } else { spans_as_they_are };
    tx.run(format!(
        "insert into dirty_days (org_id, day, worker_id)
         select distinct current_org(), d::date, coalesce(s.worker_id, '{nil}'::uuid)
         from ({source}) s cross join generate_series(s.first, s.last, interval '1 day') d
         on conflict do nothing",
        nil = Uuid::nil(),
    ))
    .await?;
    Ok(())
}
