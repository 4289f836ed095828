//! Team days, costs and rosters → running sums, and worker days → the people of a week so far.

use chrono::{Datelike, Days, NaiveDate};
use sqlx::AssertSqlSafe;

use super::super::days;
use super::Sums;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{Period, rebuild_teams};

/// How far back rosters are looked at each night: their shifts may break a rule since, or somebody confirmed them late.
const ROSTERS_BACK: u64 = 42;
/// Days whose team days are built in one statement when a company is summed for the first time.
const FIRST_TIME: u64 = 31;

/// Replaces the running sums that the days given change, theirs and those of all later days, and the people of their
/// weeks. Rows that say the same already are left alone. The same facts always give the same rows.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, days: Period) -> Result<u64> {
    one_at_a_time(tx).await?;
    let kept = kept(tx).await?;
    let first = match kept {
        Some(kept) => days.first.min(kept.last + Days::new(1)),
        None => first_time(tx, days).await?,
    };
    let last = kept.map_or(days.last, |kept| kept.last.max(days.last));
    let written = sums(tx, Period { first, last }).await?;
    let people_first = if kept.is_some() { days.first } else { first };
    Ok(written + people(tx, Period { first: people_first, last: days.last }, last).await?)
}

/// Looks at the rosters of the last weeks again, once the breaches of their shifts are up to date.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn reconcile(tx: &mut OrgTx) -> Result<u64> {
    one_at_a_time(tx).await?;
    let Some(kept) = kept(tx).await? else { return Ok(0) };
    let first = Period::ending(kept.last, ROSTERS_BACK).first.max(kept.first);
    sums(tx, Period { first, last: kept.last }).await
}

/// Two instances must not sum the same days at once: the second waits, then finds them as they are.
async fn one_at_a_time(tx: &mut OrgTx) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('running-sums'), hashtext($1))")
        .bind(tx.org().to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The days that have rows.
async fn kept(tx: &mut OrgTx) -> Result<Option<Period>> {
    let org = tx.org().0;
    let found =
        sqlx::query!("select min(day) as first, max(day) as last from site_running_sums where org_id = $1", org)
            .fetch_one(&mut **tx)
            .await?;
    Ok(found.first.zip(found.last).map(|(first, last)| Period { first, last }))
}

/// The first day to sum where nothing has been summed yet; rosters may begin before any shift is on record. What an
/// earlier version has built is built again up to the days given: it lacks what is summed here.
async fn first_time(tx: &mut OrgTx, days: Period) -> Result<NaiveDate> {
    let org = tx.org().0;
    let built = sqlx::query_scalar!(
        "select least((select min(day) from team_daily_metrics where org_id = $1),
                      (select min(first_day) from rosters where org_id = $1 and confirmed_at is not null))",
        org
    )
    .fetch_one(&mut **tx)
    .await?;
    let first = built.unwrap_or(days.first).min(days.first);
    let mut from = first;
    while from < days.first {
        let step = Period { first: from, last: (from + Days::new(FIRST_TIME - 1)).min(days.first - Days::new(1)) };
        rebuild_teams(tx, step).await?;
        days::costs(tx, step).await?;
        from = step.last + Days::new(1);
    }
    Ok(first)
}

async fn sums(tx: &mut OrgTx, days: Period) -> Result<u64> {
    let org = tx.org().0;
    let written = sqlx::query_as::<_, (NaiveDate, i64)>(AssertSqlSafe(sums_sql()));
    let written = written.bind(org).bind(days.first).bind(days.last).fetch_all(&mut **tx).await?;
    let days: Vec<NaiveDate> = written.iter().map(|(day, _)| *day).collect();
    sqlx::query!("select from turn_site_columns('site_running_sums', '', $1, $2)", org, &days)
        .execute(&mut **tx)
        .await?;
    Ok(written.iter().map(|(_, rows)| rows.unsigned_abs()).sum())
}

/// The running sums of days $2..$3, on top of those of the day before; only rows that are not there or say something else
/// are written: which days, and how many rows of each, is the answer.
fn sums_sql() -> String {
    let list = |each: &dyn Fn(&str, &str) -> String| {
        Sums::COLUMNS.iter().map(|(name, day)| each(name, day)).collect::<Vec<_>>().join(", ")
    };
    let names = list(&|name, _| name.to_owned());
    let sums =
        list(&|name, day| format!("(coalesce(b.{name}, 0) + sum(coalesce({day}, 0)) over so_far)::bigint as {name}"));
    let (fresh, stored) = (list(&|name, _| format!("f.{name}")), list(&|name, _| format!("k.{name}")));
    let set = list(&|name, _| format!("{name} = excluded.{name}"));
    format!(
        "with begun as (
             select r.site_id, r.first_day as day, count(*) as rosters,
                 count(*) filter (where not exists (select from shift_breaches b where b.org_id = $1 and b.roster_id = r.id)) as clean,
                 count(*) filter (where algorithm <> 'manual') as made,
                 count(planning_minutes) filter (where algorithm <> 'manual') as timed,
                 sum(planning_minutes) filter (where algorithm <> 'manual') as minutes,
                 sum(cost) filter (where algorithm <> 'manual') as cost,
                 sum(filled_minutes) filter (where algorithm <> 'manual') as work_minutes,
                 sum(cost) filter (where algorithm = 'manual') as manual_cost,
                 sum(filled_minutes) filter (where algorithm = 'manual') as manual_work_minutes
             from rosters r where r.org_id = $1 and r.first_day between $2 and $3 and r.confirmed_at is not null
             group by r.site_id, r.first_day
         ),
         fresh as (
             select d.day, s.id as site_id, {sums}
             from sites s
             cross join (select generate_series($2::date, $3::date, interval '1 day')::date as day) d
             left join team_daily_metrics t on t.org_id = $1 and t.site_id = s.id and t.day = d.day and t.day between $2 and $3
             left join site_daily_costs c on c.org_id = $1 and c.site_id = s.id and c.day = d.day and c.day between $2 and $3
             left join begun r on r.site_id = s.id and r.day = d.day
             left join site_running_sums b on b.org_id = $1 and b.site_id = s.id and b.day = $2::date - 1
             where s.org_id = $1
             window so_far as (partition by s.id order by d.day)
         ),
         written as (
         insert into site_running_sums (org_id, day, site_id, {names})
         select $1, f.day, f.site_id, {fresh} from fresh f
         left join site_running_sums k on k.org_id = $1 and k.day = f.day and k.site_id = f.site_id and k.day between $2 and $3
         where k.site_id is null or ({stored}) is distinct from ({fresh})
         order by f.day, f.site_id
         on conflict (org_id, day, site_id) do update set {set}
         returning day
         )
         select day, count(*) from written group by day"
    )
}

/// The people of the weeks that the days lie in, up to `until`.
async fn people(tx: &mut OrgTx, days: Period, until: NaiveDate) -> Result<u64> {
    let org = tx.org().0;
    let first = days.first - Days::new(u64::from(days.first.weekday().num_days_from_monday()));
    let last = (days.last + Days::new(u64::from(6 - days.last.weekday().num_days_from_monday()))).min(until);
    sqlx::query!("delete from site_week_people where org_id = $1 and day between $2 and $3", org, first, last)
        .execute(&mut **tx)
        .await?;
    let written = sqlx::query!(
        "insert into site_week_people (org_id, day, site_id, employed, active)
         select $1, d::date, site_id, count(*), count(*) filter (where active)
         from (
             select site_id, day,
                 bool_or(attended > 0 or tasks_due > 0 or tours_planned > 0 or orders_closed > 0) over week as active,
                 coalesce(lead(day) over week - 1, least($3, day + 7 - extract(isodow from day)::integer)) as until
             from worker_daily_metrics where org_id = $1 and day between $2 and $3
             window week as (partition by worker_id, day - extract(isodow from day)::integer order by day)
         ) w cross join generate_series(day, until, interval '1 day') d
         group by d::date, site_id order by d::date, site_id",
        org,
        first,
        last
    )
    .execute(&mut **tx)
    .await?;
    let days: Vec<NaiveDate> = Period { first, last }.iter().collect();
    sqlx::query!("select from turn_site_columns('site_week_people', 'week_', $1, $2)", org, &days)
        .execute(&mut **tx)
        .await?;
    Ok(written.rows_affected())
}
