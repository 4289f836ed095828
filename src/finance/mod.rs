//! `/financial`: does the month keep within its money, where not, and what was each person paid? The read model of the page, of
//! its payroll and of its files. Every total is the sum of the rows it stands over; money is whole hundredths.

mod ahead;
mod amount;
pub mod figures;
mod filter;
mod month;
mod payroll;
mod rebuild;
mod sheets;
mod to_date;

pub use ahead::{Ahead, MonthEnd};
pub use amount::{amount, decimal, share, signed_amount};
pub use filter::{Asked, Filter, PAGE, PAY_COLUMNS, SITE_COLUMNS, whole};
pub use month::{Course, KINDS, Line, Planned};
pub use payroll::{Paid, PaidWorker, Payroll, RolePay, Slip, payroll};
pub use rebuild::{mark, rebuild};
pub use sheets::{SHEETS, Wanted, sheets};
pub use to_date::{ToDate, to_date};

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::database::{OrgTx, Topic};
use crate::executive::{ImpactLine, USUAL, impact_of};
use crate::metrics::Period;
use crate::operations::measures::{Costs, SiteMonth, cost_by_day, costs};
use crate::operations::running::{Sums, Which, in_periods};
use crate::people::{Scope, sites_in};
use crate::units::SiteId;
use crate::{Error, Result};

/// What the page rests on.
pub const TOPICS: [Topic; 1] = [Topic::Costs];

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Month {
    /// Its first day.
    pub month: NaiveDate,
    /// How far it is.
    pub course: Course,
    /// Each site with any cost, budget or plan, by name.
    pub lines: Vec<Line>,
    /// All of them together.
    pub total: Line,
    /// What the same days of the month before cost, by kind; `None`: nothing is over yet.
    pub before: Option<Costs>,
    /// What each day that is over cost, oldest first.
    pub days: Vec<(NaiveDate, i64)>,
    /// The days ahead by the forecast, for a month that has not ended.
    pub ahead: Option<Ahead>,
    /// What no-shows, lateness, overtime and leavers cost each site, the costliest first.
    pub impact: Vec<ImpactLine>,
    /// The sites of the scope by name.
    pub sites: Vec<(SiteId, String)>,
}

impl Month {
    /// The name of the site asked for.
    #[must_use]
    pub fn site_name(&self, site: SiteId) -> &str {
        self.sites.iter().find(|(id, _)| *id == site).map_or("another site", |(_, name)| name)
    }
}

/// The month that was asked for; its order and page do not matter.
///
/// # Errors
/// [`Error::Forbidden`] for a site outside the scope, [`Error::NotFound`] for none of the organization, [`Error::Database`].
pub async fn month(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<Month> {
    let (scope, sites) = narrowed(tx, scope, asked).await?;
    // What is booked for days that have not come is in the plan, and in no sum of what was spent.
    let known = asked.over.unwrap_or(Period { first: asked.month, last: asked.month });
    let months = costs(tx, &scope, known).await?;
    let months: HashMap<SiteId, SiteMonth> = months.into_iter().map(|it| (it.site, it)).collect();
    let sums = sums(tx, &scope, asked).await?;
    let (course, planned) = planned(tx, &scope, asked).await?;
    let days = match asked.over {
        Some(over) => cost_by_day(tx, &scope, over).await?,
        None => Vec::new(),
    };
    let before = match asked.before() {
        Some(before) => Some(cost_by_day(tx, &scope, before).await?.into_iter().map(|(_, costs)| costs).sum()),
        None => None,
    };
    let line = |(site, name): &(SiteId, String)| {
        let month = months.get(site);
        let actual = month.filter(|_| asked.over.is_some()).map_or_else(Costs::default, |it| it.actual);
        let shifts = sums.get(site).map_or(0, |sums| sums.paid_shifts);
        let (plan, reach) = planned.get(site).copied().unwrap_or_default();
        let course = Course { planned: reach, ..course };
        (month.is_some() || plan != Planned::default())
            .then(|| Line::of((*site, name.clone()), (actual, shifts), month.and_then(|it| it.budget), plan, course))
    };
    let narrowed = |site: &SiteId| asked.site.is_none_or(|only| only == *site);
    let lines: Vec<Line> = sites.iter().filter(|(site, _)| narrowed(site)).filter_map(line).collect();
    let ahead = ahead::ahead(tx, &scope, (asked.month, asked.site), &lines, course).await?;
    Ok(Month {
        month: asked.month,
        course,
        total: Line::total(&lines),
        lines,
        before,
        days: days.into_iter().map(|(day, costs)| (day, costs.total())).collect(),
        ahead,
        impact: impact(&sites, &sums),
        sites,
    })
}

/// The scope narrowed to the site asked for, and the names of all its sites.
async fn narrowed(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<(Scope, Vec<(SiteId, String)>)> {
    let sites = sites_in(tx, scope).await?;
    let scope = scope.narrowed_to(asked.site)?;
    if asked.site.is_some_and(|site| !sites.iter().any(|(id, _)| *id == site)) {
        return Err(Error::NotFound("site"));
    }
    Ok((scope, sites))
}

async fn sums(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<HashMap<SiteId, Sums>> {
    let Some(over) = asked.over else { return Ok(HashMap::new()) };
    let found = in_periods(tx, scope.site_ids().as_deref(), &[over], Which::All).await?;
    Ok(found.into_iter().filter_map(|(site, sums)| Some((site, *sums.first()?))).collect())
}

/// Nobody is named here, so what happened at a site of a few people is told of such sites together.
fn impact(sites: &[(SiteId, String)], sums: &HashMap<SiteId, Sums>) -> Vec<ImpactLine> {
    let found = sites.iter().filter_map(|(site, name)| {
        let sums = sums.get(site)?;
        let people = if sums.staffed_days > 0 { sums.people / sums.staffed_days } else { 0 };
        Some((*site, name.as_str(), people, sums))
    });
    impact_of(found, false, USUAL)
}

/// What is planned for the rest of the month, by site, with how many days of it that reaches; and the course of the month, planned
/// as far as any site is.
async fn planned(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<(Course, HashMap<SiteId, (Planned, i64)>)> {
    let (over, days) = asked.days();
    let from = asked.over.map_or(asked.month, |over| over.last + Days::new(1));
    let (org, sites) = (tx.org().0, scope.site_ids());
    let rows = sqlx::query!(
        r#"select site_id as "site_id!", sum(shifts)::bigint as "shifts!", sum(unfilled)::bigint as "unfilled!",
               (sum(pay) * 100)::bigint as "pay!", (sum(other) * 100)::bigint as "other!",
               coalesce(max(day - $2::date + 1) filter (where shifts > 0), 0) as "reach!"
           from (
               select site_id, day, shifts, unfilled, pay, 0 as other from site_planned_costs
               where org_id = $1 and day between $2 and $3
               union all
               select site_id, day, 0, 0, 0, amount from other_costs where org_id = $1 and day between $2 and $3
           ) p where $4::uuid[] is null or site_id = any ($4) group by site_id"#,
        org,
        from,
        whole(asked.month).last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let planned: HashMap<SiteId, (Planned, i64)> = rows
        .into_iter()
        .map(|row| {
            let plan = Planned { shifts: row.shifts, unfilled: row.unfilled, pay: row.pay, other: row.other };
            (SiteId(row.site_id), (plan, row.reach.into()))
        })
        .collect();
    let reach = planned.values().map(|(_, reach)| *reach).max().unwrap_or(0);
    Ok((Course { over, planned: reach, days }, planned))
}
