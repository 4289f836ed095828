//! The executive's quarter: did it go well, where not, what did it save? The numbers are those of `/executive` for the
//! same days, from the same expressions; sites and clients are named, people never.

mod layout;
mod words;

pub use layout::document;
pub use words::{Summary, summary};

use chrono::NaiveDate;

use crate::database::OrgTx;
use crate::executive::{
    Amount, Asked, BigNumber, Compare, Comparison, Filter, Kind, Metric, SiteFacts, Sums, Trend, sums, trends_of,
};
use crate::metrics::{Period, Quarter};
use crate::operations::measures;
use crate::operations::savings::{Baselines, Savings};
use crate::people::{Organization, Scope};
use crate::units::SiteId;
use crate::{Error, Result};

/// A quarter, and how much of it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub quarter: Quarter,
    /// Its complete days.
    pub period: Period,
}

impl Span {
    /// The part of a quarter that is over, given the last complete day.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a quarter without a complete day yet, with the latest that has one.
    pub fn of(quarter: Quarter, last_complete: NaiveDate) -> Result<Self> {
        let whole = quarter.period();
        if last_complete < whole.first {
            let latest = Quarter::of(last_complete);
            return Err(Error::Invalid(format!(
                "{} has no complete day yet. The latest quarter with one is {} ({latest}).",
                quarter.name(),
                latest.name()
            )));
        }
        Ok(Self { quarter, period: Period { last: whole.last.min(last_complete), ..whole } })
    }

    /// Whether days of it are still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.period != self.quarter.period()
    }
}

/// One of the six, with both that it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The quarter's, with the quarter before.
    pub it: BigNumber,
    /// That of the same days of the year before.
    pub last_year: Amount,
}

/// What planning with Muster saved: site by site, as the number is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Saved {
    /// Rosters made with Muster and confirmed.
    pub rosters: i64,
    /// Of those, how many whose planning minutes were recorded.
    pub timed: i64,
    /// The hours saved, at the planner's rate, in cents.
    pub time_cents: Option<i64>,
    /// What the rosters would have cost by hand less what they cost, in cents.
    pub roster_cents: Option<i64>,
}

/// All that the report says, before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarterly {
    /// Which quarter.
    pub span: Span,
    /// What it is compared with: the quarter before, or as many days.
    pub previous: Period,
    /// The same dates a year before.
    pub last_year: Period,
    /// Whose.
    pub organization: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// The one site it is about; `None`: all in scope.
    pub site: Option<String>,
    /// The six, in the order of [`Kind::ALL`].
    pub numbers: Vec<Number>,
    /// What savings are measured against.
    pub baselines: Baselines,
    /// What they are made of.
    pub saved: Saved,
    /// The sites by each rate, in the order of [`Metric::RATES`].
    pub comparisons: Vec<Comparison>,
    /// The fill rate of each site, week by week.
    pub trends: Vec<Trend>,
}

impl Quarterly {
    /// One of the six.
    #[must_use]
    pub fn number(&self, kind: Kind) -> Option<&Number> {
        self.numbers.iter().find(|number| number.it.kind == kind)
    }

    /// Its name, and its days.
    #[must_use]
    pub fn period_name(&self) -> String {
        let days = crate::charts::period(self.span.period.first, self.span.period.last);
        format!("{}: {days}", self.span.quarter.name())
    }

    /// What the quarter before is called, or the days in its place.
    #[must_use]
    pub fn previous_name(&self) -> String {
        match self.span.is_open() {
            true => format!("the {} days before", self.previous.days()),
            false => self.span.quarter.previous().name(),
        }
    }

    /// What the year before is called.
    #[must_use]
    pub fn last_year_name(&self) -> String {
        let quarter = self.span.quarter.last_year();
        if self.span.is_open() { format!("the same days of {}", quarter.name()) } else { quarter.name() }
    }
}

fn asked(span: Span, compare: &str, last_complete: NaiveDate) -> Result<Asked> {
    let filter = Filter {
        from: Some(span.period.first.to_string()),
        to: Some(span.period.last.to_string()),
        compare: Some(compare.into()),
        ..Filter::default()
    };
    Ok(filter.resolve(last_complete)?.throughout())
}

/// Gathers a quarter: all sites in scope, or one of them.
///
/// # Errors
/// [`Error::Invalid`] for a quarter that has not begun, [`Error::Forbidden`] for a site outside the scope,
/// [`Error::NotFound`] for one that is not there, [`Error::Database`].
pub async fn quarterly(
    tx: &mut OrgTx,
    scope: &Scope,
    org: &Organization,
    (quarter, site): (Quarter, Option<SiteId>),
    last_complete: NaiveDate,
) -> Result<Quarterly> {
    let scope = scope.narrowed_to(site)?;
    let span = Span::of(quarter, last_complete)?;
    let (now, year) = (asked(span, "previous", last_complete)?, asked(span, "last_year", last_complete)?);
    debug_assert_eq!((now.compare, year.compare), (Compare::Previous, Compare::LastYear));
    let Sums { sites, baselines, numbers } = sums(tx, &scope, &now).await?;
    let before = sums(tx, &scope, &year).await?.numbers;
    let name = match site {
        Some(site) => Some(sites.iter().find(|one| one.id == site).ok_or(Error::NotFound("site"))?.name.clone()),
        None => None,
    };
    let numbers = numbers.into_iter().zip(before).map(|(it, year)| Number { it, last_year: year.before }).collect();
    let comparisons = Metric::RATES.map(|metric| Comparison::of(metric, &sites, scope.names)).into();
    let with_shifts = |site: &&SiteFacts| site.now.fill.of > 0;
    let drawn = sites.iter().filter(with_shifts).map(|site| (site.id, site.name.clone())).collect();
    let trends = trends_of(tx, Metric::FillRate, span.period.last, drawn).await?;
    Ok(Quarterly {
        span,
        previous: now.before,
        last_year: year.before,
        organization: org.name.clone(),
        currency: org.currency.clone(),
        site: name,
        numbers,
        saved: saved(tx, &scope, span.period, baselines).await?,
        baselines,
        comparisons,
        trends,
    })
}

async fn saved(tx: &mut OrgTx, scope: &Scope, period: Period, baselines: Baselines) -> Result<Saved> {
    let sites = measures::planned_by_site(tx, scope, period).await?;
    let each = sites.into_iter().map(|(_, planned)| Savings::of(baselines, &[planned]));
    let either = |a: Option<i64>, b: Option<i64>| match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
    Ok(each.fold(Saved::default(), |sum, site| Saved {
        rosters: sum.rosters + site.rosters,
        timed: sum.timed + site.timed,
        time_cents: either(sum.time_cents, site.time_cents()),
        roster_cents: either(sum.roster_cents, site.roster_cents()),
    }))
}

#[cfg(test)]
pub(in crate::reports) mod samples;
