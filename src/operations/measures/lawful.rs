//! Whether rosters and shifts kept the rules.

use serde::{Deserialize, Serialize};

use super::sites_in;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::{Rate, SiteId};

/// Whether a site's rosters kept the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCompliance {
    /// Which site.
    pub site: SiteId,
    /// Rosters without any breach, of all.
    pub rosters: Rate,
    /// Shifts of the period that break a rule, in a roster or not.
    pub breaching_shifts: i64,
    /// Of so many shifts with a worker, on complete days.
    pub shifts: i64,
}

/// Whether the rosters and shifts of each site kept the rules, in the order of the sites' ids: out of the facts, which is what
/// the sums of the night are held against.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn compliance(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<SiteCompliance>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"with
           kept as (
               select r.site_id, count(*) as rosters, count(*) filter (where b.roster_id is null) as clean
               from rosters r
               left join (select distinct roster_id from shift_breaches where org_id = $1 and roster_id is not null) b on b.roster_id = r.id
               where r.org_id = $1 and r.first_day between $2 and $3 and r.confirmed_at is not null
               group by r.site_id
           ),
           broken as (
               select site_id, count(distinct shift_id) as n from shift_breaches
               where org_id = $1 and day between $2 and $3 group by site_id
           ),
           worked as (
               select site_id, sum(shifts_filled)::bigint as n from team_daily_metrics
               where org_id = $1 and day between $2 and $3 and shifts_filled > 0 group by site_id
           )
           select site_id as "site_id!", coalesce(rosters, 0) as "rosters!", coalesce(clean, 0) as "clean!",
               coalesce(b.n, 0) as "broken!", coalesce(w.n, 0) as "shifts!"
           from kept full join broken b using (site_id) full join worked w using (site_id)
           where $4::uuid[] is null or site_id = any ($4)
           order by site_id"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SiteCompliance {
            site: SiteId(row.site_id),
            rosters: Rate { hit: row.clean, of: row.rosters },
            breaching_shifts: row.broken,
            shifts: row.shifts,
        })
        .collect())
}

/// How many shifts of the period break which rule, most first. A shift that breaks two is in both.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn breaches_by_rule(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<(String, i64)>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select rule, count(*) as "shifts!" from shift_breaches
           where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4))
           group by rule order by count(*) desc, rule"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.rule, row.shifts)).collect())
}
