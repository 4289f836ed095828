//! Facts → which shift breaks which rule, and what each site's day cost: derived by the night and for dirty days.

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use sqlx::AssertSqlSafe;

use super::roster::Rules;
use super::running;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, Selection, records_shifts};

/// A shift is at most 36 hours long, and its rest shorter than a day: so far ahead it can break a rule of another.
const REACH: Days = Days::new(3);
/// How far ahead the shifts that are planned are judged, in days from today.
const AHEAD: u64 = 35;

/// Replaces what is derived of the selected days by what the facts say, and the breaches of the days that hang on them:
/// the rest of their week and the days right after. The same facts always give the same rows.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, selection: &Selection) -> Result<u64> {
    let Period { first, last } = selection.days;
    let sunday = last + Days::new(u64::from(6 - last.weekday().num_days_from_monday()));
    let judged = Period { first, last: sunday.max(last + REACH) };
    let written = breaches(tx, judged, selection.workers.as_deref()).await? + costs(tx, selection.days).await?;
    Ok(written + running::rebuild(tx, selection.days).await?)
}

/// Judges the shifts planned from `today` on, and with them the rosters of the last weeks.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_ahead(tx: &mut OrgTx, today: NaiveDate) -> Result<u64> {
    let ahead = breaches(tx, Period { first: today, last: today + Days::new(AHEAD) }, None).await?;
    Ok(ahead + running::reconcile(tx).await?)
}

async fn breaches(tx: &mut OrgTx, judged: Period, workers: Option<&[uuid::Uuid]>) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!(
        "delete from shift_breaches where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or worker_id = any ($4))",
        org,
        judged.first,
        judged.last,
        workers
    )
    .execute(&mut **tx)
    .await?;
    // A shift that was moved or given to somebody else since.
    sqlx::query!(
        "delete from shift_breaches b using shifts s
         where b.org_id = $1 and s.org_id = $1 and s.id = b.shift_id and s.day between $2 and $3
           and ($4::uuid[] is null or s.worker_id = any ($4)) and (b.day <> s.day or b.worker_id <> s.worker_id)",
        org,
        judged.first,
        judged.last,
        workers
    )
    .execute(&mut **tx)
    .await?;
    let monday = judged.first - Days::new(u64::from(judged.first.weekday().num_days_from_monday()));
    let limits = Rules::new(Tz::UTC);
    let minutes = |minutes: i64| i32::try_from(minutes).unwrap_or(i32::MAX);
    let written = sqlx::query(AssertSqlSafe(include_str!("breaches.sql")))
        .bind(org)
        .bind(judged.first)
        .bind(judged.last)
        .bind(workers)
        .bind(monday.min(judged.first - REACH))
        .bind(minutes(limits.rest_minutes))
        .bind(minutes(limits.ordinary_minutes + limits.overtime_minutes))
        .bind(minutes(limits.overtime_minutes))
        .execute(&mut **tx)
        .await?;
    Ok(written.rows_affected())
}

/// Where attendance is recorded, only shifts to which somebody came cost money, as in the worker days.
pub(super) async fn costs(tx: &mut OrgTx, days: Period) -> Result<u64> {
    let records_attendance = records_shifts(tx).await?;
    let org = tx.org().0;
    sqlx::query!(
        "delete from site_daily_costs where org_id = $1 and day between $2 and $3",
        org,
        days.first,
        days.last
    )
    .execute(&mut **tx)
    .await?;
    let written = sqlx::query!(
        "insert into site_daily_costs (org_id, site_id, day, regular, overtime, premium, travel, shifts, overtime_shifts, pay_squares)
         select $1, s.site_id, s.day, sum(s.pay_regular), sum(s.pay_overtime), sum(s.pay_premium), sum(s.pay_travel),
             count(*), count(*) filter (where s.overtime_minutes > 0),
             sum(round((s.pay_regular + s.pay_overtime + s.pay_premium + s.pay_travel) ^ 2))
         from shifts s
         left join attendance a on a.org_id = s.org_id and a.day = s.day and a.id = s.id and a.day between $2 and $3
         where s.org_id = $1 and s.day between $2 and $3 and s.worker_id is not null and s.state = 'planned'
           and (a.clock_in is not null or not $4)
         group by s.site_id, s.day",
        org,
        days.first,
        days.last,
        records_attendance
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}
