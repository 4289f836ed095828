//! The list: who may leave, why, what could help, and who looked. Whoever sees names is written down with each of them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::card::Model;
use super::counts::Counts;
use super::{NAME, RiskBand, store};
use crate::database::OrgTx;
use crate::models::store as kept;
use crate::people::audit::{self, Viewer};
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// People on a page of the list.
pub const PAGE: usize = 25;
/// No list is turned further.
const LAST_PAGE: usize = 500;

/// The filter as it stands in the address; an empty field is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskFilter {
    /// `high`, `medium` or `low`; unless said, high and medium.
    pub band: Option<String>,
    /// A site's id; unless said, all of the scope.
    pub site: Option<String>,
    /// From 1.
    pub page: Option<String>,
}

/// Somebody who may leave.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskRow {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Job role.
    pub job_role: String,
    /// Home site.
    pub site: SiteId,
    /// Its name.
    pub site_name: String,
    /// Against the usual rate.
    pub band: RiskBand,
    /// That the worker leaves within 60 days, 0–1.
    pub probability: f64,
    /// What raises it most, strongest first, in words with the numbers.
    pub reasons: Vec<String>,
    /// What could help.
    pub step: String,
    /// Who looked before, newest first; each with the latest time.
    pub looked_at_by: Vec<LookedBy>,
}

/// Somebody who was shown the row before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedBy {
    /// Name.
    pub who: String,
    /// The last time.
    pub at: DateTime<Utc>,
}

/// Who may leave.
#[derive(Debug, Clone, PartialEq)]
pub struct AtRisk {
    /// How good the model is, or why nothing is shown.
    pub model: Model,
    /// The day it is seen from; `None` where nothing has been written yet.
    pub as_of: Option<NaiveDate>,
    /// People by band and site; without names, small groups are hidden.
    pub counts: Counts,
    /// Whether names are shown; without, there are no rows.
    pub names: bool,
    /// The page's people, the likeliest first.
    pub rows: Vec<RiskRow>,
    /// How many people the filter finds; 0 without names.
    pub total: i64,
    /// The page shown, from 1.
    pub page: usize,
}

impl AtRisk {
    /// Whether there is another page.
    #[must_use]
    pub fn more(&self) -> bool {
        self.total > (self.page * PAGE) as i64
    }
}

/// What has been understood of a filter.
pub(super) struct Asked {
    pub bands: Vec<String>,
    pub site: Option<SiteId>,
    pub page: usize,
}

impl Asked {
    /// How many of the people counted by site and band (low, medium, high) are asked for.
    fn count(&self, counted: &[(SiteId, String, [i64; 3])]) -> i64 {
        let there = counted.iter().filter(|(site, _, _)| self.site.is_none_or(|only| only == *site));
        let of_bands = |people: &[i64; 3]| -> i64 {
            let asked = |band: &RiskBand| self.bands.iter().any(|word| word == band.word());
            RiskBand::ALL.iter().zip(people).filter(|(band, _)| asked(band)).map(|(_, people)| people).sum()
        };
        there.map(|(_, _, people)| of_bands(people)).sum()
    }
}

impl RiskFilter {
    fn resolve(&self) -> Result<Asked> {
        let given =
            |field: &Option<String>| field.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let wrong = |field: &str, text: &str, choose: &str| {
            let shown: String = text.chars().take(30).collect();
            Error::Invalid(format!("‘{shown}’ is no {field}: choose {choose}."))
        };
        let bands = match given(&self.band) {
            None => vec![RiskBand::High, RiskBand::Medium],
            Some(word) => vec![RiskBand::of_word(&word).ok_or_else(|| wrong("band", &word, "high, medium or low"))?],
        };
        let site = given(&self.site).map(|id| id.parse().map_err(|_| wrong("site", &id, "one of the list")));
        let page = given(&self.page).map_or(Ok(1), |text| {
            let page = text.parse().ok().filter(|page| (1..=LAST_PAGE).contains(page));
            page.ok_or_else(|| wrong("page", &text, &format!("1 to {LAST_PAGE}")))
        })?;
        Ok(Asked {
            bands: bands.into_iter().map(|band| band.word().to_owned()).collect(),
            site: site.transpose()?,
            page,
        })
    }
}

/// Who of the viewer's scope may leave, as written this morning. With names, each row shown is written into the audit
/// log, once a day; without, there are only counts, and small groups are hidden.
///
/// # Errors
/// [`Error::Invalid`] for a filter that makes no sense, [`Error::Forbidden`] for a site out of scope; [`Error::Database`].
pub async fn at_risk(tx: &mut OrgTx, viewer: &Viewer, filter: &RiskFilter) -> Result<AtRisk> {
    let asked = filter.resolve()?;
    let scope = viewer.scope.narrowed_to(asked.site)?;
    let names = scope.names;
    let model = Model::of(kept::latest(tx, NAME).await?)?;
    let mut list =
        AtRisk { model, as_of: None, counts: Counts::default(), names, rows: Vec::new(), total: 0, page: asked.page };
    let Model::Trusted(_) = list.model else { return Ok(list) };
    let Some(as_of) = store::last_snapshot(tx).await? else { return Ok(list) };
    list.as_of = Some(as_of);
    // Of the whole scope also where one site is asked for, or what is hidden could be told by asking twice.
    tx.plan_each_time().await?;
    let counted = store::counts(tx, &viewer.scope.sites, as_of).await?;
    let total = asked.count(&counted);
    list.counts = if names { Counts::open(counted) } else { Counts::hidden(counted) };
    if !names {
        return Ok(list);
    }
    let mut rows = store::page(tx, &scope.sites, as_of, &asked).await?;
    let shown: Vec<WorkerId> = rows.iter().map(|row| row.worker).collect();
    let mut looks: HashMap<WorkerId, Vec<LookedBy>> = HashMap::new();
    for (worker, look) in store::looks(tx, &shown).await? {
        looks.entry(worker).or_default().push(look);
    }
    for row in &mut rows {
        row.looked_at_by = looks.remove(&row.worker).unwrap_or_default();
    }
    audit::looked_at_churn(tx, viewer, &shown).await?;
    (list.rows, list.total) = (rows, total);
    Ok(list)
}
