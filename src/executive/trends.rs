//! Small multiples: the metric of each site week by week, all ending with the period.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::comparison::Comparison;
use super::facts::{Facts, scores};
use super::filter::{Asked, PAGE};
use super::metric::Metric;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::running::{self, Which};
use crate::units::{Rate, SiteId};

/// How many weeks.
pub const TRENDS: usize = 12;

/// A site's trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Which site.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// Each week of seven days to the period's last, oldest first.
    pub weeks: [Rate; TRENDS],
}

/// Of the sites on the page, in its order.
pub(super) async fn of(tx: &mut OrgTx, asked: &Asked, comparison: &Comparison) -> Result<Vec<Trend>> {
    let ordered = comparison.ordered(asked.by, asked.descending);
    let page = ordered.into_iter().skip((asked.page - 1) * PAGE).take(PAGE);
    let shown: Vec<(SiteId, String)> = page.filter_map(|site| Some((site.place.site()?, site.name.clone()))).collect();
    trends_of(tx, asked.metric, asked.period.last, shown).await
}

/// A metric week by week, of the sites given and in their order, up to a day.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn trends_of(
    tx: &mut OrgTx,
    metric: Metric,
    last: NaiveDate,
    sites: Vec<(SiteId, String)>,
) -> Result<Vec<Trend>> {
    let ids: Vec<Uuid> = sites.iter().map(|(id, _)| id.0).collect();
    let weeks: Vec<Period> =
        (0..TRENDS as u64).rev().map(|back| Period::ending(last - Days::new(7 * back), 7)).collect();
    if metric == Metric::Bpi {
        let days: Vec<NaiveDate> = weeks.iter().map(|week| week.last).collect();
        let scores = scores(tx, Some(&ids), &days).await?;
        let rate = |site, day| scores.get(&(site, day)).map(|sample| sample.rate).unwrap_or_default();
        let trend = |(site, name)| Trend { site, name, weeks: std::array::from_fn(|nth| rate(site, days[nth])) };
        return Ok(sites.into_iter().map(trend).collect());
    }
    let sums = running::in_periods(tx, Some(&ids), &weeks, Which::Only(metric.sums())).await?;
    let rate = |site, nth: usize| {
        let week = sums.get(&site).and_then(|weeks| weeks.get(nth));
        week.map(|week| metric.of(&Facts::from(week)).rate).unwrap_or_default()
    };
    let trend = |(site, name)| Trend { site, name, weeks: std::array::from_fn(|nth| rate(site, nth)) };
    Ok(sites.into_iter().map(trend).collect())
}
