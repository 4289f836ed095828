//! How sites are staffed, whether lawfully, and what it costs and saves: sums for a scope and a period, divided once.
//!
//! Everything is read from what the night derived (team days, breaches, site costs) and from the rosters themselves, so
//! that each question takes a few milliseconds. A roster belongs to the period in which its first day lies, and counts
//! once it is confirmed.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::savings::{Baselines, MANUAL_HOURS, Planned, Savings, TARGET_MINUTES};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::{Scope, Sites};
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

/// A site's month in money, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteMonth {
    /// Which site.
    pub site: SiteId,
    /// First day of the month.
    pub month: NaiveDate,
    /// Which of its days are in the period: `Rate { hit: 12, of: 30 }`.
    pub days: Rate,
    /// What it cost on those days.
    pub actual: Costs,
    /// What the whole month may cost; `None` where no budget was given.
    pub budget: Option<Costs>,
}

/// Cost by kind, in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Regular pay.
    pub regular: i64,
    /// Overtime pay.
    pub overtime: i64,
    /// Premiums such as night and Sunday.
    pub premium: i64,
    /// Travel pay.
    pub travel: i64,
    /// Other than pay.
    pub other: i64,
}

impl Costs {
    /// All kinds together.
    #[must_use]
    pub fn total(self) -> i64 {
        self.regular + self.overtime + self.premium + self.travel + self.other
    }
}

impl std::ops::Add for Costs {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            regular: self.regular + other.regular,
            overtime: self.overtime + other.overtime,
            premium: self.premium + other.premium,
            travel: self.travel + other.travel,
            other: self.other + other.other,
        }
    }
}

impl SiteMonth {
    /// The budget's share for the days in the period, evenly over the month, in cents.
    #[must_use]
    pub fn budget_to_date(&self) -> Option<i64> {
        Some((self.budget?.total() as f64 * self.days.value()?).round() as i64)
    }
}

/// The sites of a scope; `None`: all of them.
async fn sites_in(tx: &mut OrgTx, scope: &Scope) -> Result<Option<Vec<Uuid>>> {
    let org = tx.org().0;
    Ok(match &scope.sites {
        Sites::All => None,
        Sites::Only(sites) => Some(sites.iter().map(|site| site.0).collect()),
        Sites::OfClient(client) => Some(
            sqlx::query_scalar!("select id from sites where org_id = $1 and client_id = $2", org, client.0)
                .fetch_all(&mut **tx)
                .await?,
        ),
    })
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

/// Whether the rosters and shifts of each site kept the rules, in the order of the sites' ids.
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

/// What savings are measured against: the organization's settings, or the defaults.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn baselines(tx: &mut OrgTx) -> Result<Baselines> {
    let org = tx.org().0;
    let set = sqlx::query!(
        r#"select manual_hours::float8 as "manual_hours!", target_minutes, (planner_rate * 100)::bigint as planner_rate_cents,
               manual_extra_percent::float8 as manual_extra_percent
           from roster_baselines where org_id = $1"#,
        org
    )
    .fetch_optional(&mut **tx)
    .await?;
    let measured = sqlx::query_scalar!(
        "select (avg(hourly_rate) * 100)::bigint from workers where org_id = $1 and left_on is null",
        org
    )
    .fetch_one(&mut **tx)
    .await?;
    let rate = set.as_ref().and_then(|set| set.planner_rate_cents);
    Ok(Baselines {
        manual_hours: set.as_ref().map_or(MANUAL_HOURS, |set| set.manual_hours),
        target_minutes: set.as_ref().map_or(TARGET_MINUTES, |set| i64::from(set.target_minutes)),
        planner_rate_cents: rate.or(measured),
        planner_rate_is_set: rate.is_some(),
        manual_extra_percent: set.and_then(|set| set.manual_extra_percent),
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

/// Actual cost and budget of each site and month that the period touches, by site and month.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn costs(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<SiteMonth>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select site_id as "site_id!", month as "month!", budgeted as "budgeted!", (regular * 100)::bigint as "regular!",
               (overtime * 100)::bigint as "overtime!", (premium * 100)::bigint as "premium!", (travel * 100)::bigint as "travel!",
               (other * 100)::bigint as "other!"
           from (
               select site_id, date_trunc('month', day)::date as month, false as budgeted, sum(regular) as regular,
                   sum(overtime) as overtime, sum(premium) as premium, sum(travel) as travel, 0 as other
               from site_daily_costs where org_id = $1 and day between $2 and $3 group by 1, 2
               union all
               select site_id, date_trunc('month', day)::date, false, 0, 0, 0, 0, sum(amount)
               from other_costs where org_id = $1 and day between $2 and $3 group by 1, 2
               union all
               select site_id, month, true, sum(case kind when 'regular' then amount else 0 end),
                   sum(case kind when 'overtime' then amount else 0 end), sum(case kind when 'premium' then amount else 0 end),
                   sum(case kind when 'travel' then amount else 0 end), sum(case kind when 'other' then amount else 0 end)
               from budgets where org_id = $1 and month between $5 and $3 group by 1, 2
           ) c where $4::uuid[] is null or site_id = any ($4)"#,
        org,
        period.first,
        period.last,
        sites.as_deref(),
        period.first - Days::new(u64::from(period.first.day0()))
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut months: BTreeMap<(SiteId, NaiveDate), SiteMonth> = BTreeMap::new();
    for row in rows {
        let (site, month) = (SiteId(row.site_id), row.month);
        let costs = Costs {
            regular: row.regular,
            overtime: row.overtime,
            premium: row.premium,
            travel: row.travel,
            other: row.other,
        };
        let entry = months.entry((site, month)).or_insert_with(|| SiteMonth {
            site,
            month,
            days: days_of(month, period),
            actual: Costs::default(),
            budget: None,
        });
        if row.budgeted {
            entry.budget = Some(costs);
        } else {
            entry.actual = entry.actual + costs;
        }
    }
    Ok(months.into_values().collect())
}

/// How many days of a month a period holds.
fn days_of(month: NaiveDate, period: Period) -> Rate {
    let last = month + Months::new(1) - Days::new(1);
    let held = Period { first: month.max(period.first), last: last.min(period.last) };
    let days = |period: Period| i64::try_from(period.days()).unwrap_or(0);
    Rate { hit: days(held), of: days(Period { first: month, last }) }
}
