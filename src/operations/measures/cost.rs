//! What sites cost, and what they may cost.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::sites_in;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::{Rate, SiteId};

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
    /// What was paid to people.
    #[must_use]
    pub fn pay(self) -> i64 {
        self.regular + self.overtime + self.premium + self.travel
    }

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

impl std::iter::Sum for Costs {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), std::ops::Add::add)
    }
}

impl SiteMonth {
    /// The budget's share for the days in the period, evenly over the month, in cents.
    #[must_use]
    pub fn budget_to_date(&self) -> Option<i64> {
        Some((self.budget?.total() as f64 * self.days.value()?).round() as i64)
    }
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

/// What the sites of a scope paid to people in a period, in cents.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn pay_of_sites(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<i64> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let cents = sqlx::query_scalar!(
        r#"select (coalesce(sum(regular + overtime + premium + travel), 0) * 100)::bigint as "cents!"
           from site_daily_costs where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4))"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    );
    Ok(cents.fetch_one(&mut **tx).await?)
}

/// What the sites of a scope cost together on each day that cost anything, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn cost_by_day(tx: &mut OrgTx, scope: &Scope, period: Period) -> Result<Vec<(NaiveDate, Costs)>> {
    let (org, sites) = (tx.org().0, sites_in(tx, scope).await?);
    let rows = sqlx::query!(
        r#"select day as "day!", (sum(regular) * 100)::bigint as "regular!", (sum(overtime) * 100)::bigint as "overtime!",
               (sum(premium) * 100)::bigint as "premium!", (sum(travel) * 100)::bigint as "travel!",
               (sum(other) * 100)::bigint as "other!"
           from (
               select day, regular, overtime, premium, travel, 0 as other from site_daily_costs
               where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4))
               union all
               select day, 0, 0, 0, 0, amount from other_costs
               where org_id = $1 and day between $2 and $3 and ($4::uuid[] is null or site_id = any ($4))
           ) c group by day order by day"#,
        org,
        period.first,
        period.last,
        sites.as_deref()
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = rows.into_iter().map(|row| {
        let costs = Costs {
            regular: row.regular,
            overtime: row.overtime,
            premium: row.premium,
            travel: row.travel,
            other: row.other,
        };
        (row.day, costs)
    });
    Ok(days.collect())
}

/// How many days of a month a period holds.
fn days_of(month: NaiveDate, period: Period) -> Rate {
    let last = month + Months::new(1) - Days::new(1);
    let held = Period { first: month.max(period.first), last: last.min(period.last) };
    let days = |period: Period| i64::try_from(period.days()).unwrap_or(0);
    Rate { hit: days(held), of: days(Period { first: month, last }) }
}
