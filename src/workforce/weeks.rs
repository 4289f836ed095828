//! Worker days → worker weeks: what the page adds up.

use chrono::Days;

use super::filter::monday;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Selection;

/// Replaces the weeks that the selected days lie in by what the days and the offers say. The same days always give the same rows. Returns how many rows were written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, selection: &Selection) -> Result<u64> {
    let org = tx.org().0;
    let first = monday(selection.days.first);
    let last = monday(selection.days.last) + Days::new(6);
    let workers = selection.workers.as_deref();
    sqlx::query!(
        "delete from worker_weeks where org_id = $1 and week between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))",
        org,
        first,
        last,
        workers
    )
    .execute(&mut **tx)
    .await?;
    let written = sqlx::query!(
        "insert into worker_weeks (org_id, worker_id, week, days, minutes, overtime, worked, nights, weekends, scheduled, attended,
             on_time, offered, answered, accepted)
         select $1, m.worker_id, m.week, m.days, m.minutes, m.overtime, m.worked, m.nights, m.weekends, m.scheduled, m.attended,
             m.on_time, coalesce(o.offered, 0), coalesce(o.answered, 0), coalesce(o.accepted, 0)
         from (
             select worker_id, date_trunc('week', day)::date as week, count(*) as days,
                 sum(minutes_regular + minutes_overtime) as minutes, sum(minutes_overtime) as overtime,
                 count(*) filter (where minutes_regular + minutes_overtime > 0) as worked,
                 count(*) filter (where minutes_regular + minutes_overtime > 0 and night_shifts > 0) as nights,
                 count(*) filter (where minutes_regular + minutes_overtime > 0 and extract(isodow from day) >= 6) as weekends,
                 sum(scheduled) as scheduled, sum(attended) as attended, sum(on_time) as on_time
             from worker_daily_metrics
             where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))
             group by 1, 2
         ) m
         left join (
             select worker_id, date_trunc('week', day)::date as week, count(*) as offered, count(answered_at) as answered,
                 count(*) filter (where accepted) as accepted
             from shift_offers
             where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))
             group by 1, 2
         ) o on o.worker_id = m.worker_id and o.week = m.week",
        org,
        first,
        last,
        workers
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(written)
}
