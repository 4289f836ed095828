//! The queue as a supervisor reads it, a worker's conversations, and the counts that others see.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::read;
use super::{Kind, Signal, State, words};
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// Entries on one page.
pub const PAGE: i64 = 25;

/// Which entries are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// What waits for somebody.
    #[default]
    Open,
    /// What was put off.
    Snoozed,
    /// What was held, dismissed or settled by itself, latest first.
    Closed,
}

impl Shown {
    /// All, as tabs.
    pub const ALL: [Self; 3] = [Self::Open, Self::Snoozed, Self::Closed];

    /// The word for it in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "To do",
            Self::Snoozed => "Snoozed",
            Self::Closed => "Done and dismissed",
        }
    }

    pub(super) fn holds(self, state: State) -> bool {
        match self {
            Self::Open => state.is_open(),
            Self::Snoozed => state == State::Snoozed,
            Self::Closed => matches!(state, State::Completed | State::Dismissed | State::Lapsed),
        }
    }

    fn states(self) -> Vec<String> {
        State::ALL.into_iter().filter(|state| self.holds(*state)).map(|state| state.word().to_owned()).collect()
    }
}

/// The filter of an address, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// A site's id.
    pub site: Option<String>,
    /// A word of [`Shown`].
    pub show: Option<String>,
    /// A word of [`State`], to see one of the open states only.
    pub state: Option<String>,
    /// The page, from 1.
    pub page: Option<String>,
}

/// A filter that has been understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resolved {
    /// One site, or all of the scope.
    pub site: Option<SiteId>,
    /// Which entries.
    pub shown: Shown,
    /// One state only.
    pub state: Option<State>,
    /// The page, from 1.
    pub page: i64,
}

impl Filter {
    /// Understands what was typed; an empty field is none.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field.
    pub fn resolve(&self) -> Result<Resolved> {
        let given = |field: &Option<String>| field.clone().filter(|text| !text.trim().is_empty());
        let site = given(&self.site)
            .map(|text| text.trim().parse().map(SiteId))
            .transpose()
            .map_err(|_| Error::Invalid("The address names a site that cannot be one.".into()))?;
        let shown = match given(&self.show) {
            None => Shown::Open,
            Some(word) => Shown::ALL
                .into_iter()
                .find(|it| it.word() == word)
                .ok_or_else(|| Error::Invalid(format!("'{word}' cannot be shown; choose open, snoozed or closed.")))?,
        };
        let state = given(&self.state).map(|word| word.parse()).transpose()?;
        let page = match given(&self.page) {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=100_000).contains(page))
                .ok_or_else(|| Error::Invalid(format!("'{text}' is not a page; pages count from 1.")))?,
        };
        Ok(Resolved { site, shown, state, page })
    }
}

/// A conversation, planned or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// scheduled, in_progress, completed.
    pub state: String,
    /// The day it is planned for.
    pub scheduled_for: Option<NaiveDate>,
    /// What to talk about.
    pub agenda: String,
    /// The day it was held.
    pub completed_on: Option<NaiveDate>,
    /// What was said.
    pub notes: String,
    /// Who does what.
    pub agreed_actions: String,
    /// When to look at it again.
    pub follow_up_on: Option<NaiveDate>,
    /// With whom; `None`: imported without a name.
    pub coach: Option<String>,
    /// help or praise; `None`: imported.
    pub kind: Option<String>,
}

/// An entry of the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// Its version: an action names it.
    pub version: i32,
    /// Whose it is.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Job role.
    pub job_role: String,
    /// The home site.
    pub site: String,
    /// The home site's id.
    pub site_id: SiteId,
    /// Help or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// 0–100.
    pub priority: f64,
    /// The reasons with their evidence.
    pub signals: Vec<Signal>,
    /// What to talk about.
    pub talking_points: Vec<String>,
    /// Today's BPI.
    pub bpi: Option<f64>,
    /// First listed on.
    pub suggested_on: NaiveDate,
    /// Last judged on.
    pub judged_on: NaiveDate,
    /// The last step's time.
    pub changed_at: DateTime<Utc>,
    /// Who took it; `None`: the morning job.
    pub changed_by: Option<String>,
    /// Why it was put off or dismissed.
    pub reason: Option<String>,
    /// The conversation, once one is planned.
    pub session: Option<Session>,
}

impl Entry {
    pub(super) fn with_points(mut self) -> Self {
        self.talking_points = words::talking_points(self.kind, &self.signals);
        self
    }
}

/// Entries of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// Praise, not paged: its own short list. Empty unless the open entries are shown.
    pub praise: Vec<Entry>,
    /// Help, most urgent first.
    pub entries: Vec<Entry>,
    /// How many there are in all.
    pub total: i64,
    /// Which page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
    /// How many are shown by each tab, praise among them.
    pub tabs: Vec<(Shown, i64)>,
}

/// The queue in a scope that shows names, without the own entry of `own`.
///
/// # Errors
/// [`Error::Forbidden`] for a site outside the scope or a scope without names, [`Error::NotFound`] for an unknown site.
pub async fn page(
    tx: &mut OrgTx,
    scope: &Scope,
    filter: &Resolved,
    own: Option<WorkerId>,
    last: NaiveDate,
) -> Result<Page> {
    if !scope.names {
        return Err(Error::Forbidden("coaching is between a worker and the supervisor"));
    }
    let scope = narrowed(tx, scope, filter.site).await?;
    let states = filter.state.map_or_else(|| filter.shown.states(), |state| vec![state.word().to_owned()]);
    let latest_first = filter.shown == Shown::Closed;
    let ask = read::Ask { sites: scope.site_ids(), own, states, last, latest_first };
    let tabs = read::tabs(tx, &ask).await?;
    let help = (!latest_first).then_some(Kind::Help);
    let total = read::count(tx, &ask, help).await?;
    let entries = read::entries(tx, &ask, help, PAGE, (filter.page - 1) * PAGE).await?;
    let praise = match filter.shown {
        Shown::Open | Shown::Snoozed => read::entries(tx, &ask, Some(Kind::Praise), PAGE, 0).await?,
        Shown::Closed => Vec::new(),
    };
    Ok(Page { praise, entries, total, page: filter.page, pages: ((total + PAGE - 1) / PAGE).max(1), tabs })
}

async fn narrowed(tx: &mut OrgTx, scope: &Scope, site: Option<SiteId>) -> Result<Scope> {
    let narrowed = scope.narrowed_to(site)?;
    if let Some(site) = site {
        read::site_exists(tx, site).await?.then_some(()).ok_or(Error::NotFound("site"))?;
    }
    Ok(narrowed)
}

/// One entry of a scope that shows names.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn entry_of(tx: &mut OrgTx, scope: &Scope, item: Uuid, last: NaiveDate) -> Result<Entry> {
    if !scope.names {
        return Err(Error::NotFound("entry"));
    }
    let ask = read::Ask { sites: scope.site_ids(), own: None, states: Vec::new(), last, latest_first: false };
    read::entry(tx, &ask, item).await?.ok_or(Error::NotFound("entry"))
}

/// A step of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was done.
    pub step: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; `None`: the morning job.
    pub who: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The steps of an entry, oldest first. That the entry is within the scope is the caller's to check.
///
/// # Errors
/// [`Error::Database`].
pub async fn steps(tx: &mut OrgTx, item: Uuid) -> Result<Vec<Step>> {
    read::steps(tx, item).await
}

/// A worker's conversations, planned and held, latest first: for the worker and the supervisor only.
///
/// # Errors
/// [`Error::Database`].
pub async fn sessions_of(tx: &mut OrgTx, worker: WorkerId, limit: i64) -> Result<Vec<Session>> {
    read::sessions(tx, worker, limit).await
}

/// A worker's past and present entries with their reasons, latest first.
///
/// # Errors
/// [`Error::NotFound`] without names.
pub async fn history(tx: &mut OrgTx, scope: &Scope, worker: WorkerId, last: NaiveDate) -> Result<Vec<Entry>> {
    if !scope.names {
        return Err(Error::NotFound("worker"));
    }
    let ask = read::Ask { sites: scope.site_ids(), own: None, states: Vec::new(), last, latest_first: true };
    read::of_worker(tx, &ask, worker).await
}

/// How many entries are in each state at a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The site; `None`: sites with fewer than five people, together.
    pub site: Option<String>,
    /// People whose home it is.
    pub people: i64,
    /// By state, in the order of [`State::ALL`]; closed ones of the last 90 days.
    pub by_state: Vec<(State, i64)>,
}

impl Counts {
    /// How many entries are in a state.
    #[must_use]
    pub fn of(&self, state: State) -> i64 {
        self.by_state.iter().find(|(it, _)| *it == state).map_or(0, |(_, n)| *n)
    }
}

/// Counts and states, without names: what hr, executives and admins see. Sites with fewer than five people are counted
/// together, and not at all where even together they are fewer.
///
/// # Errors
/// [`Error::Forbidden`] for a site outside the scope, [`Error::NotFound`] for an unknown site.
pub async fn counts(tx: &mut OrgTx, scope: &Scope, site: Option<SiteId>, today: NaiveDate) -> Result<Vec<Counts>> {
    let scope = narrowed(tx, scope, site).await?;
    read::counts(tx, scope.site_ids(), today).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(filter: Filter, word: &str) {
        let refusal = filter.resolve().unwrap_err().to_string();
        assert!(refusal.contains(word), "{refusal}");
    }

    #[test]
    fn an_empty_filter_shows_what_waits() {
        let filter = Filter { site: Some(String::new()), page: Some(" ".into()), ..Filter::default() };
        assert_eq!(filter.resolve().unwrap(), Resolved { page: 1, ..Resolved::default() });
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        refused(Filter { site: Some("north".into()), ..Filter::default() }, "site");
        refused(Filter { show: Some("all".into()), ..Filter::default() }, "open, snoozed or closed");
        refused(Filter { state: Some("asleep".into()), ..Filter::default() }, "asleep");
        refused(Filter { page: Some("0".into()), ..Filter::default() }, "from 1");
        refused(Filter { page: Some("99999999999999999999".into()), ..Filter::default() }, "from 1");
    }
}
