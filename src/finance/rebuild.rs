//! Facts → what each person was paid in a month, and what the days ahead are planned to cost: derived by the night.

use chrono::{Days, NaiveDate};

use super::filter::{first_of, whole};
use crate::Result;
use crate::database::{OrgTx, Topic};
use crate::metrics::{Period, records_shifts};

/// How far ahead planned days are kept: to the end of any month that runs.
const AHEAD: Days = Days::new(31);

/// Notes that the costs of these days were rewritten, in the transaction that does it: the payroll of their months is due.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark(tx: &mut OrgTx, days: Period) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "insert into months_to_pay (org_id, month)
         select $1, m::date from generate_series($2::date, $3::date, interval '1 month') m on conflict do nothing",
        org,
        first_of(days.first),
        first_of(days.last)
    )
    .execute(&mut **tx)
    .await?;
    tx.rewrote(Topic::Costs).await
}

/// Does what is due, up to the last complete day, and replaces what is planned after it. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    let due: Vec<NaiveDate> = sqlx::query_scalar!("delete from months_to_pay where org_id = $1 returning month", org)
        .fetch_all(&mut **tx)
        .await?;
    let mut rows = planned(tx, last).await?;
    for month in due {
        rows += pay(tx, Period { last: whole(month).last.min(last), first: month }).await?;
        rows += totals(tx, month).await?;
    }
    rows += roles(tx).await?;
    tx.rewrote(Topic::Costs).await?;
    Ok(rows)
}

/// Of the same shifts as the sites' costs: where attendance is recorded, those to which somebody came.
async fn pay(tx: &mut OrgTx, days: Period) -> Result<u64> {
    let records_attendance = records_shifts(tx).await?;
    let org = tx.org().0;
    sqlx::query!("delete from worker_monthly_pay where org_id = $1 and month = $2", org, days.first)
        .execute(&mut **tx)
        .await?;
    let written = sqlx::query!(
        "insert into worker_monthly_pay
             (org_id, month, site_id, worker_id, shifts, minutes, overtime_minutes, regular, overtime, premium, travel)
         select $1, $2, s.site_id, s.worker_id, count(*), sum(extract(epoch from s.ends_at - s.starts_at) / 60)::bigint,
             sum(s.overtime_minutes), sum(s.pay_regular), sum(s.pay_overtime), sum(s.pay_premium), sum(s.pay_travel)
         from shifts s
         left join attendance a on a.org_id = s.org_id and a.day = s.day and a.id = s.id and a.day between $2 and $3
         where s.org_id = $1 and s.day between $2 and $3 and s.worker_id is not null and s.state = 'planned'
           and (a.clock_in is not null or not $4)
         group by s.site_id, s.worker_id",
        org,
        days.first,
        days.last,
        records_attendance
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// What each worker was paid in a month, at all sites.
async fn totals(tx: &mut OrgTx, month: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!("delete from worker_monthly_totals where org_id = $1 and month = $2", org, month)
        .execute(&mut **tx)
        .await?;
    let written = sqlx::query!(
        "insert into worker_monthly_totals
             (org_id, month, worker_id, shifts, minutes, overtime_minutes, regular, overtime, premium, travel)
         select org_id, month, worker_id, sum(shifts), sum(minutes), sum(overtime_minutes), sum(regular), sum(overtime), sum(premium), sum(travel)
         from worker_monthly_pay where org_id = $1 and month = $2 group by org_id, month, worker_id",
        org,
        month
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

/// What the people of each job role were paid, in every month: a worker's role may be another since last night.
async fn roles(tx: &mut OrgTx) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!("delete from job_role_monthly_pay where org_id = $1", org).execute(&mut **tx).await?;
    let written = sqlx::query!(
        "insert into job_role_monthly_pay
             (org_id, month, job_role, people, shifts, minutes, overtime_minutes, regular, overtime, premium, travel)
         select t.org_id, t.month, w.job_role, count(*), sum(t.shifts), sum(t.minutes), sum(t.overtime_minutes), sum(t.regular),
             sum(t.overtime), sum(t.premium), sum(t.travel)
         from worker_monthly_totals t join workers w on w.org_id = t.org_id and w.id = t.worker_id
         where t.org_id = $1 group by t.org_id, t.month, w.job_role",
        org
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}

async fn planned(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    sqlx::query!("delete from site_planned_costs where org_id = $1", org).execute(&mut **tx).await?;
    let written = sqlx::query!(
        "insert into site_planned_costs (org_id, day, site_id, shifts, unfilled, pay)
         select $1, s.day, s.site_id, count(s.worker_id), count(*) - count(s.worker_id),
             coalesce(sum(s.pay_regular + s.pay_overtime + s.pay_premium + s.pay_travel) filter (where s.worker_id is not null), 0)
         from shifts s where s.org_id = $1 and s.day > $2 and s.day <= $3 and s.state = 'planned'
         group by s.day, s.site_id",
        org,
        last,
        last + AHEAD
    )
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected())
}
