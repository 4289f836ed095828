//! The read model of `/people`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::certified::{Certified, Held};
use super::filter::{Asked, Filter, PAGE};
use super::kept;
use super::part::SiteLine;
use super::summary::{Scoped, Summary, scoped, summarize};
use super::{monitor::Monitor, store};
use crate::database::OrgTx;
use crate::people::audit::{self, Viewer};
use crate::people::sites_in;
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// What was asked for.
    pub asked: Asked,
    /// When it was worked out.
    pub made_at: DateTime<Utc>,
    /// The names of all sites.
    pub names: HashMap<SiteId, String>,
    /// Sites that may be looked at by themselves, by name.
    pub choices: Vec<(SiteId, String)>,
    /// Everybody, or the people of the site asked for; `None`: too few of them to be looked at by themselves.
    pub scoped: Option<Scoped>,
    /// The sites beside each other.
    pub sites: Vec<SiteLine>,
    /// How many are not broken out.
    pub hidden_sites: usize,
    /// The comparison asked for, of the whole organization.
    pub monitor: Option<Monitor>,
    /// Each comparison without its lines, how many groups it has, and how many of them stand out.
    pub monitors: Vec<(Monitor, usize, usize)>,
    /// How the certifications stand, of the site or of all.
    pub certified: Certified,
    /// A page of those that stand as asked for, and how many there are.
    pub held: Option<(Vec<Held>, i64)>,
    /// The names of the most reliable; empty where people are not named.
    pub reliable: HashMap<WorkerId, String>,
}

/// The page for a filter, given the last complete day and the organization's local date. A look at named people's figures is noted in the audit log.
///
/// # Errors
/// [`Error::Invalid`] for a filter that makes no sense, [`Error::NotFound`] for a site that is not there,
/// [`Error::Database`].
pub async fn overview(
    tx: &mut OrgTx,
    viewer: &Viewer,
    filter: &Filter,
    last_complete: NaiveDate,
    today: NaiveDate,
) -> Result<Overview> {
    let asked = filter.resolve(last_complete)?;
    let names: HashMap<SiteId, String> = sites_in(tx, &viewer.scope).await?.into_iter().collect();
    if asked.site.is_some_and(|site| !names.contains_key(&site)) {
        return Err(Error::NotFound("site"));
    }
    let summary = summary_of(tx, &asked, today, viewer.now).await?;
    let mut choices: Vec<(SiteId, String)> =
        summary.sites.iter().filter_map(|line| Some((line.site, names.get(&line.site)?.clone()))).collect();
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    let monitor = summary.monitor(asked.by, asked.of).cloned();
    let (certified, held) = certifications(tx, viewer.scope.names, &asked, &summary, today).await?;
    let Summary { made_at, all, sites, hidden_sites, monitors, .. } = summary;
    let scoped = match asked.site {
        None => Some(all),
        Some(site) if choices.iter().any(|(choice, _)| *choice == site) => {
            let people = store::people(tx, asked.period, Some(site)).await?;
            Some(scoped(tx, &people, asked.period, asked.before, Some(site)).await?)
        }
        Some(_) => None,
    };
    let reliable = named(tx, viewer, scoped.as_ref()).await?;
    let monitors = monitors
        .into_iter()
        .map(|monitor| {
            let (compared, standing_out) = (monitor.lines.len(), monitor.standing_out());
            (Monitor { lines: Vec::new(), ..monitor }, compared, standing_out)
        })
        .collect();
    Ok(Overview {
        asked,
        made_at,
        names,
        choices,
        scoped,
        sites,
        hidden_sites,
        monitor,
        monitors,
        certified,
        held,
        reliable,
    })
}

/// What was kept of the period, else a fresh look at it.
pub(super) async fn summary_of(tx: &mut OrgTx, asked: &Asked, today: NaiveDate, now: DateTime<Utc>) -> Result<Summary> {
    match kept::kept(tx, asked.period).await? {
        Some(summary) => Ok(summary),
        None => summarize(tx, asked.period, asked.before, today, now).await,
    }
}

/// How certifications stand; where they are listed, counts and list are of the same moment.
async fn certifications(
    tx: &mut OrgTx,
    names: bool,
    asked: &Asked,
    summary: &Summary,
    today: NaiveDate,
) -> Result<(Certified, Option<(Vec<Held>, i64)>)> {
    let Some(standing) = asked.certs else { return Ok((sum_of(&summary.certified, asked.site), None)) };
    let place = (PAGE as i64, (asked.list as i64 - 1) * PAGE as i64);
    let held = store::standing(tx, standing, asked.site, today, place, names).await?;
    let fresh = store::certified(tx, today).await?;
    Ok((sum_of(&fresh, asked.site), Some(held)))
}

fn sum_of(certified: &[(SiteId, Certified)], site: Option<SiteId>) -> Certified {
    let mut sum = Certified::default();
    for (_, one) in certified.iter().filter(|(other, _)| site.is_none_or(|site| site == *other)) {
        for (sum, one) in sum.0.iter_mut().zip(one.0) {
            *sum += one;
        }
    }
    sum
}

/// The names of the most reliable, for who may see them; the look is noted.
async fn named(tx: &mut OrgTx, viewer: &Viewer, scoped: Option<&Scoped>) -> Result<HashMap<WorkerId, String>> {
    let Some(scoped) = scoped.filter(|_| viewer.scope.names) else { return Ok(HashMap::new()) };
    let workers: Vec<WorkerId> = scoped.reliable.people.iter().map(|it| it.worker).collect();
    let others: Vec<WorkerId> = workers.iter().copied().filter(|worker| viewer.worker != Some(*worker)).collect();
    audit::looked_at(tx, viewer.user, &others, viewer.now).await?;
    store::names(tx, &workers).await
}
