//! Giving a line to somebody else, or to nobody: recorded, and held to the same hard rules.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::make::question;
use super::week::week_state;
use super::{Change, Line, Proposal, State, store};
use crate::database::OrgTx;
use crate::operations::crew::{Crew, place};
use crate::operations::may_change;
use crate::operations::roster::{Assigned, Booked, Candidate, Person, Shift, check, suited};
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, WorkerId};
use crate::{Error, Result};

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;
/// From how many points on a shift is against somebody's wishes; see [`crate::operations::roster::Preferences::points`].
const AGAINST_WISHES: i64 = 2;

/// Whom a line could be given to.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Which line.
    pub shift: ShiftId,
    /// Those who can have it beside all other lines, best suited first.
    pub free: Vec<(String, Candidate)>,
    /// Those whom a rule keeps from it, each with why.
    pub kept: Vec<(String, Candidate)>,
}

/// A line that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Who has it now; `None`: nobody.
    pub name: Option<String>,
    /// What speaks against it without forbidding it.
    pub minds: Vec<String>,
}

/// The shifts of the lines, as the rules take them.
pub(super) fn shifts(proposal: &Proposal) -> Vec<Shift> {
    let shift = |line: &Line| Shift {
        skill: line.skill.clone(),
        ..Shift::new(line.shift, proposal.site, line.starts_at, line.ends_at)
    };
    proposal.lines.iter().map(shift).collect()
}

async fn crew(tx: &mut OrgTx, scope: &Scope, proposal: &Proposal, more: Option<WorkerId>) -> Result<Crew> {
    let place = place(tx, proposal.site).await?;
    let mut also = proposal.everybody();
    also.extend(more.filter(|worker| !also.contains(worker)));
    question(tx, &place, shifts(proposal), scope, &also).await
}

/// The people as they are once all lines but this one are given.
fn beside(crew: &Crew, proposal: &Proposal, shift: ShiftId) -> Vec<Person> {
    let mut people = crew.people.clone();
    let others = proposal.assigned().into_iter().filter(|line| line.shift != shift);
    for line in others {
        let given = crew.shifts.iter().find(|given| given.id == line.shift);
        let person = people.iter_mut().find(|person| person.id == line.worker);
        if let Some((given, person)) = given.zip(person) {
            let (starts, ends, minutes) = (given.starts, given.ends, given.minutes);
            person.booked.push(Booked { shift: Some(given.id), starts, ends, minutes });
        }
    }
    people
}

fn ranked(crew: &Crew, proposal: &Proposal, shift: ShiftId) -> Vec<Candidate> {
    let wanted = crew.shifts.iter().find(|it| it.id == shift);
    wanted.map(|wanted| suited(wanted, &beside(crew, proposal, shift), &crew.rules)).unwrap_or_default()
}

/// Whom a line of a draft could be given to, with everybody whom a rule keeps from it.
///
/// # Errors
/// [`Error::NotFound`] for no such line, [`Error::Database`].
pub async fn choices(tx: &mut OrgTx, scope: &Scope, proposal: &Proposal, shift: ShiftId) -> Result<Choices> {
    let line = proposal.lines.iter().find(|line| line.shift == shift).ok_or(Error::NotFound("line"))?;
    let crew = crew(tx, scope, proposal, None).await?;
    let named = |it: Candidate| (crew.names.get(&it.worker).cloned().unwrap_or_default(), it);
    let others = ranked(&crew, proposal, shift).into_iter().filter(|it| Some(it.worker) != line.worker());
    let (kept, free): (Vec<_>, Vec<_>) = others.map(named).partition(|(_, it)| it.blocked.is_some());
    Ok(Choices { shift, free, kept })
}

/// Gives a line to somebody else, or to nobody. Giving it back to whom the generator proposed takes the change away.
///
/// # Errors
/// [`Error::Forbidden`] for who only reads and outside the scope; [`Error::Conflict`] once the proposal is settled;
/// [`Error::Invalid`] without a reason, for somebody who is not of the site's people, and where a hard rule forbids it:
/// with that rule in words.
pub async fn change(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    (id, shift): (Uuid, ShiftId),
    (to, reason): (Option<WorkerId>, &str),
    now: DateTime<Utc>,
) -> Result<Changed> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    store::lock(tx, id).await?;
    let mut proposal = store::proposal(tx, scope, id).await?;
    still_open(&proposal)?;
    let at = proposal.lines.iter().position(|line| line.shift == shift).ok_or(Error::NotFound("line"))?;
    let reason = reason_of(reason)?;
    let before = proposal.lines[at].worker();
    if before == to {
        return Err(Error::Invalid("The line stands like that already: choose somebody else.".into()));
    }
    let crew = crew(tx, scope, &proposal, to).await?;
    let minds = to.map(|to| allowed(&crew, &proposal, shift, to)).transpose()?.unwrap_or_default();
    let back = proposal.lines[at].proposed == to;
    let (by, by_name) = (user.id, user.name.clone());
    proposal.lines[at].change = (!back).then(|| Change { to, reason: reason.clone(), by, by_name, at: now });
    write(tx, id, &proposal.lines[at]).await?;
    let week = week_state(tx, proposal.site, proposal.first, now).await?;
    let priced = proposal.figures.judge(&week, &crew, &proposal.lines);
    store::judged(tx, id, &proposal.figures, &priced).await?;
    let after = json!({ "shift": shift, "from": before, "to": to, "reason": reason });
    audit::record(tx, user.id, "changed roster line", "roster proposal", Some(id), Some(after), now).await?;
    Ok(Changed { name: to.and_then(|to| crew.names.get(&to).cloned()), minds })
}

pub(super) fn still_open(proposal: &Proposal) -> Result<()> {
    let refuse = |text: &str| Err(Error::Conflict(text.into()));
    match proposal.state {
        State::Draft => Ok(()),
        State::Confirmed => refuse("The roster is confirmed already. Single shifts are changed on the board now."),
        State::Discarded => refuse("The proposal was discarded. Ask for a new one."),
    }
}

fn reason_of(typed: &str) -> Result<String> {
    let reason: String = typed.trim().chars().filter(|letter| *letter != '\0').take(LONGEST_REASON).collect();
    if reason.is_empty() {
        return Err(Error::Invalid("Say why in a few words: it is kept with the roster.".into()));
    }
    Ok(reason)
}

/// What speaks against giving it to them, where no hard rule forbids it.
fn allowed(crew: &Crew, proposal: &Proposal, shift: ShiftId, to: WorkerId) -> Result<Vec<String>> {
    let unknown = || Error::Invalid("That person is not among those who could be given a shift of this site.".into());
    let name = crew.names.get(&to).ok_or_else(unknown)?;
    let mut lines: Vec<Assigned> = proposal.assigned().into_iter().filter(|line| line.shift != shift).collect();
    lines.push(Assigned { shift, worker: to });
    let breaches = check(&crew.shifts, &crew.people, &lines, &crew.rules);
    let broken: Vec<String> = breaches.into_iter().filter(|it| it.worker == to).map(|it| it.text).collect();
    if !broken.is_empty() {
        return Err(Error::Invalid(format!(
            "{name} cannot have this shift: {}. The line stays as it was.",
            broken.join("; ")
        )));
    }
    let candidate = ranked(crew, proposal, shift).into_iter().find(|it| it.worker == to).ok_or_else(unknown)?;
    let soft = candidate.overtime_minutes > 0 || candidate.preference_points >= AGAINST_WISHES;
    Ok(if soft { vec![candidate.why] } else { Vec::new() })
}

async fn write(tx: &mut OrgTx, id: Uuid, line: &Line) -> Result<()> {
    let (org, change) = (tx.org().0, line.change.as_ref());
    sqlx::query!(
        "update roster_proposal_lines set changed_at = $4, changed_by = $5, changed_to = $6, change_reason = $7
         where org_id = $1 and proposal_id = $2 and shift_id = $3",
        org,
        id,
        line.shift.0,
        change.map(|change| change.at),
        change.map(|change| change.by.0),
        change.and_then(|change| change.to).map(|to| to.0),
        change.map(|change| change.reason.clone())
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
