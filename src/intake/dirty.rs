//! Which worker-days must be computed again because of what an import changed. Never exact at the price of millions of
//! rows: where many workers of a day are concerned, the nil worker stands for all of them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use super::rules::{Rules, Touch};
use crate::Result;
use crate::database::OrgTx;
use crate::people::Organization;

/// From how many changed rows on a day (or spans of days) everybody's day is computed again.
const MANY: i64 = 50;

/// Where the statements of [`Rules::follow`] put the worker-days they moved.
pub(super) const CREATE_MOVED: &str = "create temp table _moved (day date, worker_id uuid) on commit drop";

/// Marks the days that the rows of `_row` and `_moved` touch, as they were and as they are.
pub(super) async fn mark(
    tx: &mut OrgTx,
    rules: &Rules,
    changed: u64,
    org: &Organization,
    now: DateTime<Utc>,
) -> Result<()> {
    let today = now.with_timezone(&org.zone).date_naive();
    match &rules.touch {
        Touch::Nothing => Ok(()),
        Touch::Day { day, worker } => mark_days(tx, [at_row(day), at_row(worker)], changed, today).await,
        Touch::Span { first, last, worker, .. } => {
            mark_spans(tx, [at_row(first), at_row(last), at_row(worker)], today).await
        }
    }
}

fn at_row(sql: &str) -> String {
    sql.replace("@.", "r.")
}

async fn mark_days(tx: &mut OrgTx, [day, worker]: [String; 2], changed: u64, today: NaiveDate) -> Result<()> {
    let mut touched = format!("select {day} as day, {worker} as worker_id from _row r where not r._same");
    if changed > 0 {
        touched += " union all select r._was_day, r._was_worker from _row r where r._found and not r._same
                     union all select day, worker_id from _moved";
    }
    tx.run(format!(
        "create temp table _busy on commit drop as
         select day from ({touched}) t where day <= '{today}' group by day having count(*) > {MANY} or bool_or(worker_id is null)"
    ))
    .await?;
    tx.run(format!(
        "insert into dirty_days (org_id, day, worker_id)
         select current_org(), day, '00000000-0000-0000-0000-000000000000'::uuid from _busy
         union
         select current_org(), t.day, t.worker_id from ({touched}) t
         where t.day <= '{today}' and not exists (select from _busy b where b.day = t.day)
         on conflict do nothing"
    ))
    .await?;
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
         select distinct current_org(), d::date, coalesce(s.worker_id, '00000000-0000-0000-0000-000000000000'::uuid)
         from ({source}) s cross join generate_series(s.first, s.last, interval '1 day') d
         on conflict do nothing"
    ))
    .await?;
    Ok(())
}
