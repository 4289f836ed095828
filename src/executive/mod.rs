//! `/executive`: do things go well, where not, and what does it save? The read model of the page. Every big number is the
//! sum of the sites that its table shows, and nobody is named.

mod comparison;
mod facts;
pub mod figures;
mod filter;
mod goals;
mod health;
mod impact;
mod light;
mod metric;
mod numbers;
mod shown;
mod trends;

pub use comparison::{Compared, Comparison, Place, SiteRate};
pub use facts::{Client, Facts, Sample, SiteFacts};
pub use filter::{Asked, By, Compare, Filter, PAGE};
pub use goals::{Goal, Goals};
pub use health::{Health, HealthBand};
pub use impact::{Assumptions, Impact, ImpactLine, USUAL, impact, impact_of};
pub use light::Light;
pub use metric::{Better, Chance, Metric};
pub use numbers::{Amount, BigNumber, Kind, Line};
pub use trends::{TRENDS, Trend, trends_of};

use std::collections::BTreeSet;
use std::ops::Add;

use chrono::NaiveDate;

use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::measures;
use crate::operations::running::{self, Asking, BySite, Which};
use crate::operations::savings::Baselines;
use crate::people::{Scope, Sites};
use crate::units::Rate;
use crate::{Error, Result};

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Executive {
    /// What was asked for.
    pub asked: Asked,
    /// The six, in the order of [`Kind::ALL`].
    pub numbers: Vec<BigNumber>,
    /// What savings are measured against.
    pub baselines: Baselines,
    /// The fill rate of the period's last seven days, oldest first, 0–1.
    pub fill_days: Vec<(NaiveDate, Option<f64>)>,
    /// All sites by one metric.
    pub comparison: Comparison,
    /// The metric week by week, of the sites on this page.
    pub trends: Vec<Trend>,
    /// The kinds of sites that can be asked for.
    pub verticals: Vec<String>,
    /// What no-shows, lateness, overtime and leavers cost each site, the costliest first; `None`: the sites chosen are of fewer than five people all together.
    pub impact: Option<Vec<ImpactLine>>,
}

/// What a period adds up to: what the page and reports have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// Every site in scope, by name.
    pub sites: Vec<SiteFacts>,
    /// What savings are measured against.
    pub baselines: Baselines,
    /// The six, in the order of [`Kind::ALL`].
    pub numbers: Vec<BigNumber>,
}

/// Adds up what was asked for.
///
/// # Errors
/// [`Error::Database`].
pub async fn sums(tx: &mut OrgTx, scope: &Scope, asked: &Asked) -> Result<Sums> {
    let places = facts::places(tx, scope).await?;
    Ok(sums_of(tx, scope, places, asked, &[]).await?.0)
}

/// The sums, and the share of each of some days' shifts that had a worker, 0–1: what running sums tell is read at once.
async fn sums_of(
    tx: &mut OrgTx,
    scope: &Scope,
    places: Vec<facts::Place>,
    asked: &Asked,
    days: &[NaiveDate],
) -> Result<(Sums, Vec<Option<f64>>)> {
    let fill = Which::Only(Metric::FillRate.sums());
    let each = days.iter().map(|day| Period { first: *day, last: *day });
    let questions = [
        Asking { periods: facts::periods(asked).to_vec(), which: Which::All },
        Asking { periods: numbers::periods(asked), which: Which::Rosters },
        Asking { periods: each.collect(), which: fill },
    ];
    let answers: [BySite; 3] =
        running::answers(tx, scope.site_ids().as_deref(), &questions).await?.try_into().unwrap_or_default();
    let [all, rosters, filled] = answers;
    let sites = facts::sites(tx, scope, places, asked, all).await?;
    let baselines = measures::baselines(tx).await?;
    let numbers = numbers::six(tx, scope, asked, &sites, &rosters, baselines).await?;
    let filled = |nth: usize| filled.values().map(|days| Facts::from(&days[nth]).fill).fold(Rate::default(), Add::add);
    let fill_days = (0..days.len()).map(|nth| filled(nth).value()).collect();
    Ok((Sums { sites, baselines, numbers }, fill_days))
}

/// The page for a filter, given the last complete day.
///
/// # Errors
/// [`Error::Invalid`] for a filter that makes no sense, [`Error::Database`].
pub async fn executive(tx: &mut OrgTx, scope: &Scope, filter: &Filter, last_complete: NaiveDate) -> Result<Executive> {
    let asked = filter.resolve(last_complete)?;
    let (places, verticals) = places(tx, scope, filter).await?;
    let kept = || Sites::Only(places.iter().map(|place| place.id).collect());
    let scope = if filter.vertical().is_some() { Scope { sites: kept(), ..scope.clone() } } else { scope.clone() };
    let week: Vec<NaiveDate> = Period::ending(asked.period.last, 7).iter().collect();
    let (sums, filled) = sums_of(tx, &scope, places, &asked, &week).await?;
    let Sums { sites, baselines, numbers } = sums;
    let fill_days = week.into_iter().zip(filled).collect();
    // What the whole organization does is told however small it is; what a few of its people do, chosen by kind of site, is not.
    let few = |metric| filter.vertical().is_some() && !scope.names && comparison::of_few(metric, &sites);
    let comparison = match few(asked.metric) {
        true => Comparison::withheld(asked.metric),
        false => Comparison::of(asked.metric, &sites, scope.names),
    };
    let trends = trends::of(tx, &asked, &comparison).await?;
    let impact = (!few(Metric::NoShows)).then(|| impact(&sites, scope.names, USUAL));
    Ok(Executive { numbers, baselines, fill_days, comparison, trends, asked, verticals, impact })
}

/// The sites that are asked for, and the verticals that could be.
async fn places(tx: &mut OrgTx, scope: &Scope, filter: &Filter) -> Result<(Vec<facts::Place>, Vec<String>)> {
    let mut places = facts::places(tx, scope).await?;
    let verticals: BTreeSet<String> = places.iter().filter_map(|place| place.vertical.clone()).collect();
    if let Some(vertical) = filter.vertical() {
        if !verticals.contains(vertical) {
            let shown: String = vertical.chars().take(30).collect();
            return Err(Error::Invalid(format!("No site is of the kind ‘{shown}’.")));
        }
        places.retain(|place| place.vertical.as_deref() == Some(vertical));
    }
    Ok((places, verticals.into_iter().collect()))
}
