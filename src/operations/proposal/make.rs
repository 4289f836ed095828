//! Asking the generator.

use std::time::Instant;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::change::shifts;
use super::judge::Figures;
use super::week::{WeekState, copied, days, open_shifts, week_state};
use super::{Line, Proposal, store};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::operations::crew::{Crew, Place, Whom, crew_of, place};
use crate::operations::may_change;
use crate::operations::post::FARTHEST_DAYS;
use crate::operations::roster::{Person, Roster, Rules, Shift, Weights, generate};
use crate::people::{Scope, User, audit};
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// For which site and week a roster is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Which site.
    pub site: SiteId,
    /// The Monday of the week.
    pub first: NaiveDate,
    /// The Monday of the week whose shifts are to be copied, where the week has none.
    pub copy_from: Option<NaiveDate>,
}

/// What the generator is asked for a site's week.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The shifts that nobody has.
    pub shifts: Vec<Shift>,
    /// Everybody who could be given one of them, with what they have already.
    pub people: Vec<Person>,
    /// The rules, in the zone of the site.
    pub rules: Rules,
}

/// What the generator would be asked for a site's week.
///
/// # Errors
/// As [`make`], but not for who only reads.
pub async fn asked(tx: &mut OrgTx, scope: &Scope, ask: Ask, now: DateTime<Utc>) -> Result<Question> {
    scope.narrowed_to(Some(ask.site))?;
    let crew = load(tx, scope, ask, now).await?.1;
    Ok(Question { shifts: crew.shifts, people: crew.people, rules: crew.rules })
}

async fn load(tx: &mut OrgTx, scope: &Scope, ask: Ask, now: DateTime<Utc>) -> Result<(WeekState, Crew)> {
    let place = place(tx, ask.site).await?;
    checked(&place, ask.first, now)?;
    let week = week_state(tx, ask.site, ask.first, now).await?;
    let shifts = wanted(tx, &place, ask, week.open + week.filled + week.missed, now).await?;
    let crew = question(tx, &place, shifts, scope, &[]).await?;
    Ok((week, crew))
}

/// Asks the generator for a site's week, and keeps what it proposes as a draft. Nobody is given anything yet.
///
/// # Errors
/// [`Error::Forbidden`] for who only reads and outside the scope; [`Error::NotFound`] for no such site;
/// [`Error::Invalid`] for a week that is over, too far ahead or without an open shift.
pub async fn make(tx: &mut OrgTx, user: &User, scope: &Scope, ask: Ask, now: DateTime<Utc>) -> Result<Uuid> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    scope.narrowed_to(Some(ask.site))?;
    let (week, crew) = load(tx, scope, ask, now).await?;
    let creates = ask.copy_from.is_some();
    let fingerprint = fingerprint(&crew)?;
    let (crew, roster, solve_ms) = solved(crew).await?;
    let lines = lines(&crew, &roster, creates);
    let mut figures = Figures {
        people: crew.people.len(),
        optimal: roster.optimal,
        most_filled: roster.most_filled,
        copied_from: ask.copy_from,
        ..Figures::default()
    };
    let priced = figures.judge(&week, &crew, &lines);
    let id = Uuid::now_v7();
    let new = store::New { id, site: ask.site, days: days(ask.first), fingerprint, solve_ms, by: user.id };
    store::insert(tx, &new, &figures, &lines, &priced, now).await?;
    let after = json!({ "site": ask.site, "first_day": ask.first, "shifts": lines.len(), "filled": priced.len() });
    audit::record(tx, user.id, "proposed roster", "roster proposal", Some(id), Some(after), now).await?;
    Ok(id)
}

fn checked(place: &Place, first: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let today = now.with_timezone(&place.zone).date_naive();
    let refuse = |text: &str| Err(Error::Invalid(text.into()));
    match first {
        _ if first.weekday() != Weekday::Mon => refuse("A week begins on a Monday: choose one of the list."),
        _ if days(first).last < today => refuse("That week is over: choose one to come."),
        _ if (first - today).num_days() > FARTHEST_DAYS => refuse("That week is too far ahead: choose an earlier one."),
        _ => Ok(()),
    }
}

/// The open shifts of the week, or those of another week where it has none at all.
async fn wanted(tx: &mut OrgTx, place: &Place, ask: Ask, present: i64, now: DateTime<Utc>) -> Result<Vec<Shift>> {
    let shifts = match ask.copy_from {
        None => open_shifts(tx, ask.site, ask.first, now).await?,
        Some(_) if present > 0 => {
            return Err(Error::Conflict("The week has shifts by now: no other week is copied over them.".into()));
        }
        Some(from) if from >= ask.first || from.weekday() != Weekday::Mon => {
            return Err(Error::Invalid("Choose an earlier week to copy.".into()));
        }
        Some(from) => copied(tx, place, from, ask.first, now).await?,
    };
    if shifts.is_empty() {
        return Err(Error::Invalid(
            "The week has no open shift that is still to begin: there is nothing to plan.".into(),
        ));
    }
    Ok(shifts)
}

/// What the generator is asked: these shifts, and everybody who could be given one of them.
pub(super) async fn question(
    tx: &mut OrgTx,
    place: &Place,
    shifts: Vec<Shift>,
    scope: &Scope,
    also: &[WorkerId],
) -> Result<Crew> {
    let local = |shift: &Shift| shift.day(place.zone);
    let first = shifts.iter().map(local).min().unwrap_or_default();
    let last = shifts.iter().map(local).max().unwrap_or_default();
    crew_of(tx, place, shifts, Period { first, last }, Whom { scope, also, only: None }).await
}

/// Whether the generator would be asked something else by now than it was for this draft.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_stale(tx: &mut OrgTx, scope: &Scope, proposal: &Proposal, now: DateTime<Utc>) -> Result<bool> {
    let place = place(tx, proposal.site).await?;
    let copies = proposal.lines.iter().any(|line| line.creates);
    let shifts = if copies { shifts(proposal) } else { open_shifts(tx, proposal.site, proposal.first, now).await? };
    let crew = question(tx, &place, shifts, scope, &[]).await?;
    Ok(fingerprint(&crew)? != proposal.fingerprint)
}

/// SHA-256 of everything the generator is given.
pub(super) fn fingerprint(crew: &Crew) -> Result<String> {
    // The ids of copied shifts are made anew each time.
    let shifts: Vec<_> = crew.shifts.iter().map(|it| (it.starts, it.ends, &it.skill, &it.certifications)).collect();
    let digest = Sha256::digest(serde_json::to_vec(&(shifts, &crew.people, &crew.rules))?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The answer, with how many milliseconds it took. A large question must not hold up who else is served.
async fn solved(crew: Crew) -> Result<(Crew, Roster, i32)> {
    let solve = move || {
        let begun = Instant::now();
        let roster = generate(&crew.shifts, &crew.people, &crew.rules, &Weights::default());
        (crew, roster, i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX))
    };
    tokio::task::spawn_blocking(solve).await.map_err(|cause| Error::Misconfigured(format!("the generator: {cause}")))
}

fn lines(crew: &Crew, roster: &Roster, creates: bool) -> Vec<Line> {
    let line = |shift: &Shift| {
        let given = roster.assignments.iter().find(|line| line.shift == shift.id);
        let open = || roster.open.iter().find(|open| open.shift == shift.id).map(|open| open.why.clone());
        Line {
            shift: shift.id,
            day: shift.day(crew.rules.zone),
            starts_at: shift.starts,
            ends_at: shift.ends,
            skill: shift.skill.clone(),
            creates,
            proposed: given.map(|line| line.worker),
            why: given.map(|line| line.why.clone()).or_else(open).unwrap_or_default(),
            cost_cents: 0,
            overtime_minutes: 0,
            change: None,
            outcome: None,
            outcome_why: None,
        }
    };
    crew.shifts.iter().map(line).collect()
}
