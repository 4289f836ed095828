//! `/client`: how do our sites fare? The read model of the client portal. A client sees the own sites and nobody's name, pay
//! or score: nothing of a person is read here at all.

pub mod figures;
mod incidents;
mod sites;
mod staffing;

pub use incidents::{Incident, Incidents, LISTED};
pub use sites::{Facts, SiteLine};
pub use staffing::Placed;

use chrono::NaiveDate;

use crate::database::OrgTx;
use crate::executive::{Facts as Sums, Health, HealthBand};
use crate::metrics::Period;
use crate::people::{Scope, Sites};
use crate::units::{ClientId, Rate, SiteId};
use crate::{Error, Result};

/// Weeks of trend.
pub const WEEKS: usize = 13;

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Portal {
    /// The client's name.
    pub client: String,
    /// All sites of the client, by name, for choosing one.
    pub choices: Vec<(SiteId, String)>,
    /// The one site it is about; `None`: all of them.
    pub site: Option<SiteId>,
    /// The days it is about.
    pub period: Period,
    /// The days it is compared with.
    pub previous: Period,
    /// Every site shown, by name.
    pub sites: Vec<SiteLine>,
    /// Week by week to the period's last day, oldest first: the first day, shifts filled, work in time.
    pub weeks: Vec<(NaiveDate, Rate, Rate)>,
    /// What happened.
    pub incidents: Incidents,
    /// Who was asked for, and placed, of the period and of the one before.
    pub placed: (Placed, Placed),
}

impl Portal {
    /// The sites together: the period's sums and those before.
    #[must_use]
    pub fn total(&self) -> (Facts, Facts) {
        self.sites.iter().fold(Default::default(), |(now, before), site| (now + site.now, before + site.before))
    }

    /// How well the client is served, on the scale of customer health.
    #[must_use]
    pub fn health(&self) -> Health {
        let sums = |facts: Facts| Sums {
            fill: facts.fill,
            sla: facts.sla,
            satisfaction: facts.satisfaction,
            ..Sums::default()
        };
        let (now, before) = self.total();
        Health::of(&sums(now), &sums(before))
    }

    /// How well the client is served, 0–100, and the word for it that a client reads: the bands of customer health.
    #[must_use]
    pub fn standing(&self) -> Option<(f64, &'static str)> {
        let score = self.health().score()?;
        let word = match HealthBand::of(score) {
            HealthBand::Healthy => "healthy",
            HealthBand::AtRisk => "at risk",
            HealthBand::Churning => "poor",
        };
        Some((score, word))
    }

    /// The name of one of the client's sites.
    #[must_use]
    pub fn name_of(&self, site: SiteId) -> Option<&str> {
        self.choices.iter().find(|(id, _)| *id == site).map(|(_, name)| name.as_str())
    }
}

/// The client a scope is about.
///
/// # Errors
/// [`Error::Forbidden`] for a scope of anything else: this read model is for clients alone.
pub fn client_of(scope: &Scope) -> Result<ClientId> {
    match scope.sites {
        Sites::OfClient(client) => Ok(client),
        _ => Err(Error::Forbidden("client portal")),
    }
}

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The days it is about.
    pub period: Period,
    /// The days it is compared with: those before, none in both.
    pub previous: Period,
    /// Incidents of later days are not counted as open; `None`: all that are open count.
    pub open_until: Option<NaiveDate>,
}

impl Asked {
    /// A period against as many days before it, with everything that is open.
    #[must_use]
    pub fn period(period: Period) -> Self {
        let previous = Period::ending(period.first - chrono::Days::new(1), period.days());
        Self { period, previous, open_until: None }
    }
}

/// The page for the client of a scope.
///
/// # Errors
/// [`Error::Forbidden`] for who is no client, and for a site that is not the client's; [`Error::Database`].
pub async fn portal(tx: &mut OrgTx, scope: &Scope, site: Option<SiteId>, asked: Asked) -> Result<Portal> {
    let Asked { period, previous, .. } = asked;
    let client = client_of(scope)?;
    let (name, choices) = sites::of_client(tx, client).await?;
    if site.is_some_and(|site| !choices.iter().any(|(id, _)| *id == site)) {
        return Err(Error::Forbidden("site"));
    }
    let shown: Vec<(SiteId, String)> =
        choices.iter().filter(|(id, _)| site.is_none_or(|site| site == *id)).cloned().collect();
    let ids: Vec<uuid::Uuid> = shown.iter().map(|(id, _)| id.0).collect();
    let sites = sites::lines(tx, &shown, asked).await?;
    let weeks = sites::weeks(tx, &ids, period.last).await?;
    let incidents = incidents::of(tx, &ids, asked).await?;
    let placed = (staffing::placed(tx, &ids, period).await?, staffing::placed(tx, &ids, previous).await?);
    Ok(Portal { client: name, choices, site, period, previous, sites, weeks, incidents, placed })
}
