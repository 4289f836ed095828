//! Making, ending and settling team challenges.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::challenge::{self, Challenge, Draft, State};
use super::store;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::metrics::dirty::through;
use crate::notifications::{Kind, News, notify_each, supervisors_of};
use crate::people::{Scope, audit};
use crate::scoring::cohort::FEWEST;
use crate::units::{SiteId, UserId};
use crate::{Error, Result};

/// A challenge that is over is shown this long, in days.
pub const DAYS_SHOWN: u64 = 92;

/// What ending a challenge early came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It counts up to its last whole day; the night settles it.
    Ended,
    /// No whole day had passed: it is off, and nobody wins.
    Cancelled,
}

/// A site that can be competed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opponent {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
}

/// The other sites of the organization where enough people work that their totals tell of nobody, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn opponents(tx: &mut OrgTx, site: SiteId) -> Result<Vec<Opponent>> {
    store::challenges::opponents(tx, FEWEST as i64, site).await
}

/// Makes a challenge between the host and other sites of the organization, and tells their supervisors. The host must be
/// within `scope`; the others need not: nothing but their totals is shown, and those only of five people or more.
///
/// # Errors
/// [`Error::Forbidden`] for a host outside the scope, [`Error::Invalid`] that says what to mend.
pub async fn create_challenge(
    tx: &mut OrgTx,
    user: UserId,
    scope: &Scope,
    draft: Draft,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    scope.narrowed_to(Some(draft.host))?;
    let draft = draft.check(today)?;
    let sites = draft.sites();
    if store::challenges::known_sites(tx, &sites).await? != sites.len() {
        return Err(Error::Invalid("One of the sites is not of this organization. Choose from the list.".into()));
    }
    if let Some(small) = store::challenges::smaller_than(tx, FEWEST as i64, &draft.others).await?.first() {
        return Err(Error::Invalid(format!(
            "At {small} work fewer than {FEWEST} people: a team's totals would tell of each of them. Choose another site."
        )));
    }
    let id = store::challenges::insert(tx, user, &draft, now).await?;
    let days = draft.days;
    let after = json!({ "name": draft.name, "metric": draft.metric.word(), "first": days.first, "last": days.last, "sites": sites });
    audit::record(tx, user, "made a team challenge", "team challenge", Some(id), Some(after), now).await?;
    let text = format!("{}: a team challenge with your site begins on {}.", draft.name, days.first.format("%-d %B %Y"));
    let mut news = Vec::new();
    for site in sites {
        news.extend(for_supervisors(tx, site, &text, format!("challenge {id} made")).await?);
    }
    news.retain(|it| it.to != user);
    notify_each(tx, Kind::Challenge, &news, now).await?;
    Ok(id)
}

/// Ends a challenge early; `last` is the last whole day.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] where the host is outside the scope; [`Error::Conflict`] when it is over.
pub async fn end_challenge(
    tx: &mut OrgTx,
    user: UserId,
    scope: &Scope,
    id: Uuid,
    last: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Stopped> {
    let last = counted_to(tx, last).await?;
    let it = store::challenges::to_end(tx, id).await?.ok_or(Error::NotFound("team challenge"))?;
    scope.narrowed_to(Some(it.host.ok_or(Error::Forbidden("site"))?))?;
    let stopped = match challenge::state(it.days, it.is_settled, last) {
        State::Running { through: Some(last) } => {
            store::challenges::end(tx, id, user, last, now).await?;
            Stopped::Ended
        }
        State::Upcoming | State::Running { through: None } => {
            store::challenges::cancel(tx, id, user, now).await?;
            Stopped::Cancelled
        }
        State::Ended | State::Settled => return Err(Error::Conflict("This challenge is over already.".into())),
    };
    let after = json!({ "last": last, "cancelled": stopped == Stopped::Cancelled });
    audit::record(tx, user, "ended a team challenge", "team challenge", Some(id), Some(after), now).await?;
    Ok(stopped)
}

/// The challenges that a site takes part in: running ones first, then those to come, then those that are over, the latest
/// first. `last` is the last whole day.
///
/// # Errors
/// [`Error::Database`].
pub async fn challenges_of(tx: &mut OrgTx, site: SiteId, last: NaiveDate) -> Result<Vec<Challenge>> {
    let last = counted_to(tx, last).await?;
    let shown = Period::ending(last, DAYS_SHOWN);
    let mut all = store::challenges::of_site(tx, site, shown.first, last).await?;
    let place = |it: &Challenge| match it.state {
        State::Running { .. } => 0,
        State::Upcoming => 1,
        State::Ended | State::Settled => 2,
    };
    all.sort_by_key(|it| (place(it), std::cmp::Reverse(it.days.last), it.id));
    Ok(all)
}

/// Writes down standing and winners of the challenges whose last day is over by `last`, and tells the teams. Each is
/// settled once. Returns how many were.
///
/// # Errors
/// [`Error::Database`], and they stay open.
pub async fn settle_challenges(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let (mut settled, last) = (0, counted_to(tx, last).await?);
    for it in store::challenges::to_settle(tx, last).await? {
        let won = challenge::winners(&it.standings);
        store::challenges::settle(tx, &it, &won, now).await?;
        // An achievement is judged by the winners of its quarter: it may have been judged without these.
        store::pending::add(tx, it.days.last).await?;
        tell(tx, &it, &won, now).await?;
        settled += 1;
    }
    Ok(settled)
}

/// The last day that can be counted: `last`, unless its team days are not built yet.
async fn counted_to(tx: &mut OrgTx, last: NaiveDate) -> Result<NaiveDate> {
    Ok(through(tx).await?.map_or(last, |built| built.min(last)))
}

/// The supervisors of all sites learn who won; the people of the winners that they did.
async fn tell(tx: &mut OrgTx, it: &Challenge, won: &[SiteId], now: DateTime<Utc>) -> Result<()> {
    let name_of = |site: &SiteId| it.standings.iter().find(|it| it.site == *site).map(|it| it.name.clone());
    let names = won.iter().filter_map(name_of).collect::<Vec<_>>().join(" and ");
    let key = format!("challenge {} settled", it.id);
    let outcome = if won.is_empty() { "nobody had enough to be judged by".to_owned() } else { format!("{names} won") };
    let text = format!("{} is over: {outcome}.", it.name);
    let mut news = Vec::new();
    for standing in &it.standings {
        news.extend(for_supervisors(tx, standing.site, &text, key.clone()).await?);
    }
    for site in won {
        let text = format!("Your team won the challenge {}.", it.name);
        let people = store::challenges::users_at(tx, *site).await?;
        let told = |to| News { to, text: text.clone(), link: "/me#achievements".into(), key: Some(key.clone()) };
        news.extend(people.into_iter().map(told));
    }
    notify_each(tx, Kind::Challenge, &news, now).await?;
    Ok(())
}

async fn for_supervisors(tx: &mut OrgTx, site: SiteId, text: &str, key: String) -> Result<Vec<News>> {
    let link = format!("/team/{site}#challenges");
    let told = supervisors_of(tx, site).await?;
    let news = told.into_iter().map(|to| News { to, text: text.into(), link: link.clone(), key: Some(key.clone()) });
    Ok(news.collect())
}
