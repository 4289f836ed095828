//! May everybody work where they are sent, are hours kept, is each incident seen to, and was each change written down? The
//! read model of `/compliance` and of the auditor's export. Each number is the sum of the list it opens.

mod alerts;
pub mod figures;
mod filter;
pub mod hours;
pub mod incidents;
mod matrix;
mod people;
mod rebuild;
mod sheets;
pub mod standing;
pub mod trail;

pub use alerts::{Alert, RunningOut, running_out};
pub use filter::{Asked, COLUMNS, Filter, PAGE, Section};
pub use hours::{Breach, Rule, SiteHours, Week};
pub use incidents::{Incident, SiteIncidents, State};
pub use matrix::{Matrix, matrix, sum};
pub use people::{Holding, Which};
pub use rebuild::rebuild;
pub use sheets::{Ready, SHEETS, Wanted, note_export, sheets};
pub use standing::{Counts, Kind, Standing};
pub use trail::{Change, Gap};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;

use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{Rate, SiteId};
use crate::{Error, Result};

/// Rosters without a breach, at least: as on `/executive`.
pub const TARGET: f64 = 0.95;
/// An incident open for longer than so many days is old.
pub const OLD_DAYS: i64 = 30;

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub page: usize,
    /// Rows of a page.
    pub rows: usize,
}

impl Part {
    fn bounds(part: Option<Self>) -> (Option<i64>, i64) {
        let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        part.map_or((None, 0), |part| (Some(n(part.rows)), n(part.page.saturating_sub(1).saturating_mul(part.rows))))
    }
}

/// The rows of a page, and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Of how many.
    pub total: i64,
}

/// Everything above the lists: each number of it opens one.
#[derive(Debug, Clone, PartialEq)]
pub struct Compliance {
    /// What was asked for.
    pub asked: Asked,
    /// The names of the scope's sites.
    pub names: BTreeMap<SiteId, String>,
    /// What is asked for and how it stands today.
    pub matrix: Matrix,
    /// Rosters of the period without a breach, and of the period before.
    pub rosters: (Rate, Rate),
    /// Shifts of the period and their breaches, site by site.
    pub hours: Vec<SiteHours>,
    /// Shifts that broke a rule of working time in the period before, of all with a worker.
    pub hours_before: Rate,
    /// Incidents site by site.
    pub incidents: Vec<SiteIncidents>,
    /// Changes of the period, and how many were written down.
    pub changes: Vec<Change>,
    /// What runs out before a planned shift: the page asked for where that is shown, else the first.
    pub alerts: Listed<Alert>,
    /// The list asked for.
    pub list: List,
}

/// The list of a section, as far as the page shows it.
#[derive(Debug, Clone, PartialEq)]
pub enum List {
    /// Those of the sections whose tables are whole already.
    Nothing,
    /// Whose is to be seen to.
    People(Listed<Holding>),
    /// Weeks, and shifts that break a rule.
    Hours(Vec<Week>, Listed<Breach>),
    /// Incidents.
    Incidents(Listed<Incident>),
    /// Changes that were not written down.
    Trail(Listed<Gap>),
}

/// Adds up what a site's shifts broke.
#[must_use]
pub fn hours_of(sites: &[SiteHours]) -> (Rate, Rate, Rate) {
    sites.iter().fold(Default::default(), |(any, hours, papers): (Rate, Rate, Rate), site| {
        let rate = |hit| Rate { hit, of: site.shifts };
        (any + rate(site.breaking), hours + rate(site.hours), papers + rate(site.papers))
    })
}

impl Compliance {
    /// Changes written down, of all.
    #[must_use]
    pub fn written(&self) -> Rate {
        self.changes.iter().fold(Rate::default(), |sum, change| sum + change.written)
    }

    /// The name of a site.
    #[must_use]
    pub fn site(&self, site: SiteId) -> &str {
        self.names.get(&site).map_or("another site", String::as_str)
    }
}

/// The page for what was asked, as of `now`, on the clock of the organization in `zone`.
///
/// # Errors
/// [`Error::Forbidden`] for a site outside the scope, [`Error::NotFound`] for none of the organization, [`Error::Database`].
pub async fn compliance(
    tx: &mut OrgTx,
    scope: &Scope,
    asked: Asked,
    (zone, now): (Tz, DateTime<Utc>),
) -> Result<Compliance> {
    let names: BTreeMap<SiteId, String> = crate::people::sites_in(tx, scope).await?.into_iter().collect();
    let scope = &scope.narrowed_to(asked.site)?;
    if asked.site.is_some_and(|site| !names.contains_key(&site)) {
        return Err(Error::NotFound("site"));
    }
    let (period, before) = (asked.period, asked.period.previous());
    let part = |section| Part { page: if asked.show == section { asked.page } else { 1 }, rows: PAGE };
    let [kept, kept_before] = hours::kept(tx, scope, [period, before]).await?;
    let moments = trail::moments(period, zone);
    Ok(Compliance {
        names,
        matrix: matrix(tx, scope, asked.kind, asked.today).await?,
        rosters: (kept.rosters, kept_before.rosters),
        hours: kept.sites,
        hours_before: hours_of(&kept_before.sites).1,
        incidents: incidents::by_site(tx, scope, period, now).await?,
        changes: trail::changes(tx, scope, moments).await?,
        alerts: alerts(tx, scope, &asked, part(Section::Alerts)).await?,
        list: list(tx, scope, &asked, part(asked.show), (zone, now)).await?,
        asked,
    })
}

async fn list(
    tx: &mut OrgTx,
    scope: &Scope,
    asked: &Asked,
    part: Part,
    (zone, now): (Tz, DateTime<Utc>),
) -> Result<List> {
    Ok(match asked.show {
        Section::Alerts | Section::Matrix => List::Nothing,
        Section::People => {
            let which = Which::to_act_on(scope, asked.kind, asked.standing, asked.today);
            List::People(listed(people::each(tx, &which, Some(part)), |it| it.total).await?)
        }
        Section::Hours => List::Hours(
            hours::by_week(tx, scope, asked.period).await?,
            listed(hours::each(tx, scope, asked.period, asked.rule, Some(part)), |it| it.total).await?,
        ),
        Section::Incidents => {
            let which = (asked.period, asked.state);
            List::Incidents(listed(incidents::each(tx, scope, which, now, Some(part)), |it| it.total).await?)
        }
        Section::Trail => {
            let moments = trail::moments(asked.period, zone);
            List::Trail(listed(trail::gaps(tx, scope, moments, Some(part)), |it| it.total).await?)
        }
    })
}

async fn alerts(tx: &mut OrgTx, scope: &Scope, asked: &Asked, part: Part) -> Result<Listed<Alert>> {
    listed(alerts::each(tx, scope, asked.kind, asked.today, Some(part)), |it| it.total).await
}

async fn listed<T>(rows: BoxStream<'_, Result<T>>, total: impl Fn(&T) -> i64) -> Result<Listed<T>> {
    let rows: Vec<T> = rows.try_collect().await?;
    Ok(Listed { total: rows.first().map_or(0, total), rows })
}
