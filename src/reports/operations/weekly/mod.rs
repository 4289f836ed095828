//! The week that is over: how did it go against the week before, and which sites stand out?

mod layout;
pub mod words;

pub use layout::{document, figures};

use chrono::NaiveDate;

use super::course::{course, set_of};
use super::facts::{takings, work};
use super::{Course, SiteWork, Week, Work};
use crate::alignment::Set;
use crate::commerce::Amount;
use crate::database::OrgTx;
use crate::executive::{Comparison, Filter, Metric, sums};
use crate::metrics::Period;
use crate::metrics::dirty::through;
use crate::operations::measures::{active_workers, cost_by_day};
use crate::people::{Organization, Scope};
use crate::units::Rate;
use crate::{Error, Result};

/// A day of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// What was done.
    pub work: Work,
    /// What it cost, in cents.
    pub cost: i64,
    /// Net revenue; `None`: there are no orders on record.
    pub revenue: Option<Amount>,
}

/// All that the report says, before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Weekly {
    /// Which week.
    pub week: Week,
    /// Its days that are over: fewer than seven while it runs.
    pub period: Period,
    /// As many days of the week before.
    pub before: Period,
    /// Whose.
    pub organization: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// The last day the night has summed up.
    pub through: Option<NaiveDate>,
    /// The week, and the week before.
    pub work: [Work; 2],
    /// Site by site, the same.
    pub sites: Vec<SiteWork>,
    /// Day by day.
    pub days: Vec<Day>,
    /// People who did something, of those employed: the week, and the week before.
    pub active: [Rate; 2],
    /// What the week before cost, in cents.
    pub cost_before: i64,
    /// Net revenue of the week before; `None`: there are no orders on record.
    pub revenue_before: Option<Amount>,
    /// How the KPIs, alerts and data stand; `None`: not told.
    pub course: Option<Course>,
    /// Whether it is the platform's, which sees nothing of an organization's work.
    pub is_platform: bool,
    /// The sites by each rate.
    pub comparisons: Vec<Comparison>,
}

impl Weekly {
    /// Whether days of it are still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.period != self.week.period()
    }

    /// What it cost, in cents.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.days.iter().map(|day| day.cost).sum()
    }

    /// Its net revenue; `None`: there are no orders on record.
    #[must_use]
    pub fn revenue(&self) -> Option<Amount> {
        self.days.iter().map(|day| day.revenue).sum()
    }
}

/// Gathers a week, of all sites in scope.
///
/// # Errors
/// [`Error::Invalid`] for a week without a complete day yet, [`Error::Database`].
pub async fn weekly(tx: &mut OrgTx, scope: &Scope, org: &Organization, week: Week, last: NaiveDate) -> Result<Weekly> {
    let whole = week.period();
    if last < whole.first {
        let latest = Week::of(last);
        return Err(Error::Invalid(format!(
            "{} has no complete day yet. The latest week with one is {latest}.",
            week.name()
        )));
    }
    let period = Period { first: whole.first, last: whole.last.min(last) };
    let monday = week.previous().period().first;
    let before = Period { first: monday, last: monday + (period.last - period.first) };
    let mut periods = vec![period, before];
    periods.extend(period.iter().map(|day| Period { first: day, last: day }));
    let (total, sites) = work(tx, scope, &periods).await?;
    let costs = cost_by_day(tx, scope, Period { first: before.first, last: period.last }).await?;
    let cost = |day| costs.iter().find(|(found, _)| *found == day).map_or(0, |(_, costs)| costs.total());
    let takings = takings(tx, scope, period.last).await?;
    let taken = |day| {
        let found = takings.iter().find(|(found, _)| *found == day).map_or(Amount::ZERO, |(_, net)| *net);
        (!takings.is_empty()).then_some(found)
    };
    let work_of = |nth: usize| total.get(nth).copied().unwrap_or_default();
    let days = period.iter().enumerate().map(|(nth, day)| Day {
        day,
        work: work_of(nth + 2),
        cost: cost(day),
        revenue: taken(day),
    });
    Ok(Weekly {
        organization: org.name.clone(),
        currency: org.currency.clone(),
        through: through(tx).await?,
        work: [work_of(0), work_of(1)],
        sites,
        days: days.collect(),
        active: [active_workers(tx, scope, period).await?, active_workers(tx, scope, before).await?],
        cost_before: before.iter().map(cost).sum(),
        revenue_before: before.iter().map(taken).sum(),
        course: Some(course(tx, set_of(scope), period.last).await?),
        is_platform: set_of(scope) == Set::Product,
        comparisons: comparisons(tx, scope, period, last).await?,
        week,
        period,
        before,
    })
}

/// The sites side by side, as on the executive's page for the same days.
async fn comparisons(tx: &mut OrgTx, scope: &Scope, period: Period, last: NaiveDate) -> Result<Vec<Comparison>> {
    let filter =
        Filter { from: Some(period.first.to_string()), to: Some(period.last.to_string()), ..Filter::default() };
    let asked = filter.resolve(last)?.throughout();
    let sites = sums(tx, scope, &asked).await?.sites;
    Ok(Metric::RATES.map(|metric| Comparison::of(metric, &sites, scope.names)).into())
}
