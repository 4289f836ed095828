//! Everything the page says about the whole organization in a period.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::certified::Certified;
use super::leaving::Leaving;
use super::monitor::{Dimension, Monitor};
use super::part::{Part, SiteLine, sites_of};
use super::person::Measure;
use super::reliable::{MostReliable, most_reliable};
use super::store::{self, TrendPoint};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::SiteId;

/// What is said about everybody, or about the people of one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scoped {
    /// The period.
    pub part: Part,
    /// Four weeks by four weeks, oldest first.
    pub trend: Vec<TrendPoint>,
    /// Who left, who stays.
    pub leaving: Leaving,
    /// Who is reliable.
    pub reliable: MostReliable,
}

/// Everything about the whole organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// When it was worked out.
    pub made_at: DateTime<Utc>,
    /// Everybody.
    pub all: Scoped,
    /// The sites that may be broken out.
    pub sites: Vec<SiteLine>,
    /// How many may not.
    pub hidden_sites: usize,
    /// Each dimension by each measure.
    pub monitors: Vec<Monitor>,
    /// How certifications stand, by site.
    pub certified: Vec<(SiteId, Certified)>,
}

impl Summary {
    /// One dimension by one measure.
    #[must_use]
    pub fn monitor(&self, by: Dimension, of: Measure) -> Option<&Monitor> {
        self.monitors.iter().find(|monitor| monitor.by == by && monitor.of == of)
    }
}

/// Works it out from the weeks.
pub(super) async fn summarize(
    tx: &mut OrgTx,
    period: Period,
    before: Period,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Summary> {
    let people = store::people(tx, period, None).await?;
    let all = scoped(tx, &people, period, before, None).await?;
    let (sites, hidden_sites) = sites_of(&people, period.days());
    let monitors = Dimension::ALL
        .into_iter()
        .flat_map(|by| Measure::ALL.map(|of| (by, of)))
        .map(|(by, of)| Monitor::of(by, of, &people))
        .collect();
    Ok(Summary { made_at: now, all, sites, hidden_sites, monitors, certified: store::certified(tx, today).await? })
}

/// What is said about these people, those of `site` or everybody.
pub(super) async fn scoped(
    tx: &mut OrgTx,
    people: &[super::Person],
    period: Period,
    before: Period,
    site: Option<SiteId>,
) -> Result<Scoped> {
    let earlier = store::people(tx, before, site).await?;
    let since = store::records_since(tx).await?;
    Ok(Scoped {
        part: Part::of(people, &earlier, period.days()),
        trend: store::trend(tx, period.last, site).await?,
        leaving: Leaving::of(&store::employments(tx, site).await?, since, period),
        reliable: most_reliable(people),
    })
}
