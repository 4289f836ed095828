//! How many shifts had a worker, and how many people did something.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::sites_in;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::{Rate, SiteId};

/// How many shifts of a site had a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFill {
    /// Which site.
    pub site: SiteId,
    /// Filled of all that were not cancelled.
    pub filled: Rate,
}

/// How many shifts of a day had a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFill {
    /// Which business day.
    pub day: NaiveDate,
    /// Filled of all that were not cancelled.
    pub filled: Rate,
}

/// The fill rate of each site that had shifts, in the order of their ids. Add them up for all.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn fill_by_site(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<SiteFill>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select site_id, sum(shifts_filled)::bigint as "filled!", sum(shifts_total)::bigint as "total!"
           from team_daily_metrics
           where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4)) and shifts_total > 0
           group by site_id order by site_id"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let site = |id, hit, of| SiteFill { site: SiteId(id), filled: Rate { hit, of } };
    Ok(rows.into_iter().map(|row| site(row.site_id, row.filled, row.total)).collect())
}

/// The fill rate of each day that had shifts, in their order: for a trend.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn fill_by_day(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<DayFill>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select day, sum(shifts_filled)::bigint as "filled!", sum(shifts_total)::bigint as "total!"
           from team_daily_metrics
           where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4)) and shifts_total > 0
           group by day order by day"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let day = |day, hit, of| DayFill { day, filled: Rate { hit, of } };
    Ok(rows.into_iter().map(|row| day(row.day, row.filled, row.total)).collect())
}

/// Workers of the scope's sites who did something in the period, of those employed on some day of it.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn active_workers(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Rate> {
    let sites = active_by_site(tx, scope, period).await?;
    Ok(sites.into_iter().map(|(_, active)| active).fold(Rate::default(), |sum, active| sum + active))
}

/// The same for each site, in the order of their ids. Who changed sites counts where the last day was.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn active_by_site(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<(SiteId, Rate)>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select site_id as "site_id!", count(*) as "employed!", count(*) filter (where active) as "active!" from (
               select (array_agg(site_id order by day desc))[1] as site_id,
                   bool_or(attended > 0 or tasks_due > 0 or tours_planned > 0 or orders_closed > 0) as active
               from worker_daily_metrics
               where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4))
               group by worker_id) w
           group by site_id order by site_id"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SiteId(row.site_id), Rate { hit: row.active, of: row.employed })).collect())
}
