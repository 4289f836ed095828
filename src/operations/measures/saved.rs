//! What planning with Muster saved, and against what.

use super::sites_in;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::savings::{Baselines, MANUAL_HOURS, Planned, Savings, TARGET_MINUTES};
use crate::people::Scope;
use crate::units::SiteId;

/// What savings are measured against: the organization's settings, or the defaults.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn baselines(tx: &mut OrgTx) -> Result<Baselines> {
    let org = tx.org().0;
    let known = sqlx::query!(
        r#"select b.manual_hours::float8 as "manual_hours?", b.target_minutes as "target_minutes?",
               (b.planner_rate * 100)::bigint as "planner_rate_cents?", b.manual_extra_percent::float8 as "manual_extra_percent?",
               case when b.planner_rate is null then
                   (select (avg(hourly_rate) * 100)::bigint from workers where org_id = $1 and left_on is null) end as measured
           from (values ($1::uuid)) o (org_id) left join roster_baselines b on b.org_id = o.org_id"#,
        org
    )
    .fetch_one(&mut **tx)
    .await?;
    let rate = known.planner_rate_cents;
    Ok(Baselines {
        manual_hours: known.manual_hours.unwrap_or(MANUAL_HOURS),
        target_minutes: known.target_minutes.map_or(TARGET_MINUTES, i64::from),
        planner_rate_cents: rate.or(known.measured),
        planner_rate_is_set: rate.is_some(),
        manual_extra_percent: known.manual_extra_percent,
    })
}

/// Hours and money saved by the rosters of the period that were not made by hand.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn savings(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Savings> {
    let baselines = baselines(tx).await?;
    let planned: Vec<Planned> = planned_by_site(tx, scope, period).await?.into_iter().map(|(_, site)| site).collect();
    Ok(Savings::of(baselines, &planned))
}

/// The rosters of the period that were not made by hand, of each site, with what the site's work costs by hand.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn planned_by_site(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<(SiteId, Planned)>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select site_id, count(*) filter (where made) as "rosters!", count(planning_minutes) filter (where made) as "timed!",
               coalesce(sum(planning_minutes) filter (where made), 0)::bigint as "minutes!",
               coalesce(sum(cost * 100) filter (where made), 0)::bigint as "cost_cents!",
               coalesce(sum(filled_minutes) filter (where made), 0)::bigint as "work_minutes!",
               coalesce(sum(cost * 100) filter (where algorithm = 'manual'), 0)::bigint as "manual_cost_cents!",
               coalesce(sum(filled_minutes) filter (where algorithm = 'manual'), 0)::bigint as "manual_work_minutes!"
           from (
               select *, algorithm <> 'manual' and first_day >= $2 as made from rosters
               where org_id = $1 and first_day <= $3 and (first_day >= $2 or algorithm = 'manual') and confirmed_at is not null
                 and ($4::uuid[] is null or site_id = any ($4))
           ) r group by site_id order by site_id"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let planned = Planned {
                rosters: row.rosters,
                timed: row.timed,
                minutes: row.minutes,
                cost_cents: row.cost_cents,
                work_minutes: row.work_minutes,
                manual_cost_cents: row.manual_cost_cents,
                manual_work_minutes: row.manual_work_minutes,
            };
            (SiteId(row.site_id), planned)
        })
        .collect())
}
