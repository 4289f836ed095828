//! Giving the shifts of a proposal to their people: once, and only what still holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::change::{shifts, still_open};
use super::make::question;
use super::week::week_state;
use super::{ALGORITHM, Change, Figures, Line, Outcome, Proposal, State, WeekState, store};
use crate::database::OrgTx;
use crate::metrics::dirty;
use crate::notifications::{self, Kind, News};
use crate::operations::crew::{Crew, place};
use crate::operations::may_change;
use crate::operations::roster::{Assigned, Priced, check};
use crate::people::{Scope, User, audit};
use crate::units::{ShiftId, UserId, WorkerId};
use crate::{Error, Result};

/// Longest time from the proposal to its confirmation that counts as time spent on it, in minutes: after that somebody
/// went away meanwhile.
const BUSY_AT_MOST: i64 = 120;

/// What confirming did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The roster.
    pub roster: Uuid,
    /// How many shifts have somebody by it.
    pub given: usize,
    /// How many people it gave shifts to.
    pub people: usize,
    /// How many of its shifts stay open.
    pub open: usize,
    /// The lines that did not hold any more, each with why; they were left as they were.
    pub refused: Vec<(ShiftId, String)>,
    /// It had been confirmed before: nothing was done now.
    pub before: bool,
}

/// Throws a draft away.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Conflict`] once it is settled.
pub async fn discard(tx: &mut OrgTx, user: &User, scope: &Scope, id: Uuid, now: DateTime<Utc>) -> Result<Proposal> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    store::lock(tx, id).await?;
    let proposal = store::proposal(tx, scope, id).await?;
    still_open(&proposal)?;
    settle(tx, user, id, None, now).await?;
    audit::record(tx, user.id, "discarded roster", "roster proposal", Some(id), None, now).await?;
    Ok(proposal)
}

async fn settle(tx: &mut OrgTx, user: &User, id: Uuid, roster: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    sqlx::query!(
        "update roster_proposals set state = case when $5::uuid is null then 'discarded' else 'confirmed' end,
             settled_by = $3, settled_at = $4, roster_id = $5 where org_id = $1 and id = $2",
        org,
        id,
        user.id.0,
        now,
        roster
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives the shifts to their people and tells them, each person once. A line behind which something has changed since is
/// left as it is, and told. A second time nothing is done.
///
/// # Errors
/// [`Error::Forbidden`] for who only reads and outside the scope; [`Error::NotFound`]; [`Error::Conflict`] where the
/// proposal was discarded, the week has got shifts that the copied ones would double, or no line holds any more.
pub async fn confirm(tx: &mut OrgTx, user: &User, scope: &Scope, id: Uuid, now: DateTime<Utc>) -> Result<Confirmed> {
    if !may_change(user.role) {
        return Err(Error::Forbidden("operations"));
    }
    store::lock(tx, id).await?;
    let proposal = store::proposal(tx, scope, id).await?;
    if let (State::Confirmed, Some(roster)) = (proposal.state, proposal.roster) {
        return Ok(done(&proposal, roster));
    }
    still_open(&proposal)?;
    let mut refused = held(tx, &proposal, now).await?;
    let as_they_were = proposal.lines.iter().filter(|line| !refused.contains_key(&line.shift)).cloned().collect();
    let place = place(tx, proposal.site).await?;
    let week = week_state(tx, proposal.site, proposal.first, now).await?;
    let crew = question(tx, &place, shifts(&proposal), scope, &proposal.everybody()).await?;
    let given = lawful(&proposal, &crew, &mut refused);
    if given.is_empty() && !proposal.assigned().is_empty() {
        let why = refused.values().next().cloned().unwrap_or_default();
        return Err(Error::Conflict(format!(
            "Too much has changed since: none of the lines holds any more ({why}). Nothing was given; ask for a new proposal."
        )));
    }
    let (figures, priced) = judged(&proposal, &week, &crew, as_they_were, &given);
    let roster = record(tx, &proposal, &given, &priced, now).await?;
    write_shifts(tx, &proposal, (roster, &refused), &priced, now).await?;
    outcomes(tx, &proposal, &given, &refused).await?;
    settle(tx, user, id, Some(roster), now).await?;
    store::judged(tx, id, &figures, &priced).await?;
    tell(tx, &proposal, &given, now).await?;
    let list: Vec<_> = refused.iter().map(|(shift, why)| json!({ "shift": shift, "why": why })).collect();
    let after = json!({ "proposal": id, "given": given, "left": list, "changes": proposal.changes() });
    audit::record(tx, user.id, "confirmed roster", "roster", Some(roster), Some(after), now).await?;
    let people: HashSet<WorkerId> = given.iter().map(|line| line.worker).collect();
    let open = proposal.lines.len() - given.len() - refused.len();
    let refused = refused.into_iter().collect();
    Ok(Confirmed { roster, given: given.len(), people: people.len(), open, refused, before: false })
}

/// What an earlier confirmation did.
fn done(proposal: &Proposal, roster: Uuid) -> Confirmed {
    let count = |outcome| proposal.lines.iter().filter(|line| line.outcome == Some(outcome)).count();
    let given = proposal.lines.iter().filter(|line| line.outcome == Some(Outcome::Given));
    let people: HashSet<WorkerId> = given.filter_map(Line::worker).collect();
    let refused = proposal.lines.iter().filter(|line| line.outcome == Some(Outcome::Refused));
    let refused = refused.map(|line| (line.shift, line.outcome_why.clone().unwrap_or_default())).collect();
    Confirmed {
        roster,
        given: count(Outcome::Given),
        people: people.len(),
        open: count(Outcome::Open),
        refused,
        before: true,
    }
}

/// Holds the site, the shifts and then the people until the transaction ends, always in this order and by id, and says
/// which shifts are not as they were.
async fn held(tx: &mut OrgTx, proposal: &Proposal, now: DateTime<Utc>) -> Result<BTreeMap<ShiftId, String>> {
    let org = tx.org().0;
    sqlx::query!("select id from sites where org_id = $1 and id = $2 for no key update", org, proposal.site.0)
        .fetch_one(&mut **tx)
        .await?;
    let (new, old): (Vec<&Line>, Vec<&Line>) = proposal.lines.iter().partition(|line| line.creates);
    if !new.is_empty() {
        let week = week_state(tx, proposal.site, proposal.first, now).await?;
        if week.open + week.filled + week.missed > 0 {
            return Err(Error::Conflict(
                "The week has got shifts since: the copied ones would double them. Nothing was given; ask for a new proposal.".into(),
            ));
        }
    }
    let rows = sqlx::query!(
        r#"select id, starts_at, ends_at, required_skill, worker_id, state = 'cancelled' as "cancelled!" from shifts
           where org_id = $1 and id = any ($2) order by id for update"#,
        org,
        &old.iter().map(|line| line.shift.0).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?;
    let found: HashMap<ShiftId, _> = rows.into_iter().map(|row| (ShiftId(row.id), row)).collect();
    let mut moved = BTreeMap::new();
    for line in &proposal.lines {
        let why = match found.get(&line.shift) {
            _ if line.starts_at <= now => Some("the shift has begun"),
            _ if line.creates => None,
            None => Some("there is no such shift any more"),
            Some(row) if row.cancelled => Some("the shift has been cancelled"),
            Some(row) if row.worker_id.is_some() => Some("somebody has the shift by now"),
            Some(row) if (row.starts_at, row.ends_at) != (line.starts_at, line.ends_at) => {
                Some("the shift has been moved to another time")
            }
            Some(row) if row.required_skill != line.skill => Some("the shift asks for another skill by now"),
            Some(_) => None,
        };
        moved.extend(why.map(|why| (line.shift, why.to_owned())));
    }
    sqlx::query!(
        "select id from workers where org_id = $1 and id = any ($2) order by id for no key update",
        org,
        &proposal.everybody().iter().map(|worker| worker.0).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(moved)
}

/// The lines that are given: those whose shift is as it was and that break no rule by now. The others are added to the
/// refused ones.
fn lawful(proposal: &Proposal, crew: &Crew, refused: &mut BTreeMap<ShiftId, String>) -> Vec<Assigned> {
    let known = |line: &Assigned| crew.names.contains_key(&line.worker);
    for line in proposal.assigned().iter().filter(|line| !known(line)) {
        refused.entry(line.shift).or_insert_with(|| "the person is not employed here any more".to_owned());
    }
    loop {
        let mut given = proposal.assigned();
        given.retain(|line| !refused.contains_key(&line.shift));
        let breaches = check(&crew.shifts, &crew.people, &given, &crew.rules);
        if breaches.is_empty() {
            return given;
        }
        for breach in breaches {
            refused.entry(breach.shift).or_insert_with(|| format!("the person {} by now", breach.text));
        }
    }
}

/// The roster as the measures count it: its own lines, within what was left of the week's budget.
async fn record(
    tx: &mut OrgTx,
    proposal: &Proposal,
    given: &[Assigned],
    priced: &[Priced],
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let (org, id) = (tx.org().0, Uuid::now_v7());
    let busy = (now - proposal.made_at).num_minutes().max(1);
    let left = proposal.figures.budget_cents.map(|budget| (budget - proposal.figures.committed_cents).max(0));
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into rosters (org_id, id, ref, site_id, first_day, last_day, algorithm, shift_count, filled_count, filled_minutes,
             solve_ms, planning_minutes, cost, budget, generated_at, confirmed_at, overrides, violations)
         values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8, $9::bigint::integer, $10, $11, $12::bigint / 100.0,
             $13::bigint / 100.0, $14, $15, $16, 0)",
        org,
        id,
        proposal.site.0,
        proposal.first,
        proposal.last,
        ALGORITHM,
        number(proposal.lines.len()),
        number(given.len()),
        priced.iter().map(|line| line.minutes).sum::<i64>(),
        proposal.solve_ms,
        (busy <= BUSY_AT_MOST).then_some(i32::try_from(busy).unwrap_or(i32::MAX)),
        priced.iter().map(Priced::cost_cents).sum::<i64>(),
        left,
        proposal.made_at,
        now,
        number(proposal.changes())
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Adds the copied shifts, given or open, and gives the others to their people.
async fn write_shifts(
    tx: &mut OrgTx,
    proposal: &Proposal,
    (roster, refused): (Uuid, &BTreeMap<ShiftId, String>),
    priced: &[Priced],
    now: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org().0;
    // A copied shift that cannot be given to whom it was proposed to is wanted all the same, unless it has begun.
    let new: Vec<&Line> = proposal.lines.iter().filter(|line| line.creates && line.starts_at > now).collect();
    sqlx::query!(
        "insert into shifts (org_id, id, ref, site_id, day, starts_at, ends_at, required_skill, posted_at, roster_id)
         select $1, s.id, s.id::text, $2, s.day, s.starts_at, s.ends_at, s.skill, $3, $4
         from unnest($5::uuid[], $6::date[], $7::timestamptz[], $8::timestamptz[], $9::text[]) s (id, day, starts_at, ends_at, skill)",
        org,
        proposal.site.0,
        now,
        roster,
        &new.iter().map(|line| line.shift.0).collect::<Vec<_>>(),
        &new.iter().map(|line| line.day).collect::<Vec<_>>(),
        &new.iter().map(|line| line.starts_at).collect::<Vec<_>>(),
        &new.iter().map(|line| line.ends_at).collect::<Vec<_>>(),
        &new.iter().map(|line| line.skill.clone()).collect::<Vec<_>>() as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    let by_hand = |shift: ShiftId| proposal.lines.iter().any(|line| line.shift == shift && line.change.is_some());
    let how = |line: &Priced| if by_hand(line.shift) { "manual" } else { "roster" };
    sqlx::query!(
        "update shifts s set worker_id = g.worker, filled_at = $2, assigned_by = g.how, roster_id = $3, overtime_minutes = g.overtime::integer,
                pay_regular = g.wage / 100.0, pay_overtime = g.extra / 100.0, pay_premium = g.premium / 100.0
         from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
             g (shift, worker, how, overtime, wage, extra, premium)
         where s.org_id = $1 and s.id = g.shift",
        org,
        now,
        roster,
        &priced.iter().map(|line| line.shift.0).collect::<Vec<_>>(),
        &priced.iter().map(|line| line.worker.0).collect::<Vec<_>>(),
        &priced.iter().map(|line| how(line).to_owned()).collect::<Vec<_>>(),
        &priced.iter().map(|line| line.overtime_minutes).collect::<Vec<_>>(),
        &priced.iter().map(|line| line.wage_cents).collect::<Vec<_>>(),
        &priced.iter().map(|line| line.overtime_cents).collect::<Vec<_>>(),
        &priced.iter().map(|line| line.premium_cents).collect::<Vec<_>>()
    )
    .execute(&mut **tx)
    .await?;
    // What stays open counts as planned in this roster too, unless another has it.
    let open: Vec<Uuid> = proposal
        .lines
        .iter()
        .map(|line| line.shift)
        .filter(|shift| !refused.contains_key(shift))
        .map(|shift| shift.0)
        .collect();
    sqlx::query!(
        "update shifts set roster_id = $2 where org_id = $1 and id = any ($3) and roster_id is null",
        org,
        roster,
        &open
    )
    .execute(&mut **tx)
    .await?;
    let days: HashMap<ShiftId, _> = proposal.lines.iter().map(|line| (line.shift, line.day)).collect();
    let marks: Vec<_> = priced.iter().filter_map(|line| Some((line.worker, *days.get(&line.shift)?))).collect();
    dirty::mark_workers(tx, &marks).await
}

/// Writes what became of each line.
async fn outcomes(
    tx: &mut OrgTx,
    proposal: &Proposal,
    given: &[Assigned],
    refused: &BTreeMap<ShiftId, String>,
) -> Result<()> {
    let org = tx.org().0;
    let outcome = |line: &Line| match refused.get(&line.shift) {
        Some(why) => (Outcome::Refused, Some(why.clone())),
        None if given.iter().any(|it| it.shift == line.shift) => (Outcome::Given, None),
        None => (Outcome::Open, None),
    };
    let (words, whys): (Vec<String>, Vec<Option<String>>) =
        proposal.lines.iter().map(outcome).map(|(outcome, why)| (outcome.word().to_owned(), why)).unzip();
    sqlx::query!(
        "update roster_proposal_lines l set outcome = o.word, outcome_why = o.why
         from unnest($3::uuid[], $4::text[], $5::text[]) o (shift, word, why)
         where l.org_id = $1 and l.proposal_id = $2 and l.shift_id = o.shift",
        org,
        proposal.id,
        &proposal.lines.iter().map(|line| line.shift.0).collect::<Vec<_>>(),
        &words,
        &whys as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The judgement of what is given, so that the page tells no more than is done. `lines` are those that are still as they were.
fn judged(
    proposal: &Proposal,
    week: &WeekState,
    crew: &Crew,
    lines: Vec<Line>,
    given: &[Assigned],
) -> (Figures, Vec<Priced>) {
    let mut figures = proposal.figures.clone();
    let stands = |mut line: Line| {
        if !given.iter().any(|it| it.shift == line.shift) {
            line.proposed = None;
            line.change = line.change.map(|change| Change { to: None, ..change });
        }
        line
    };
    let lines: Vec<Line> = lines.into_iter().map(stands).collect();
    let priced = figures.judge(week, crew, &lines);
    (figures, priced)
}

/// Tells each person once, and those who were asked for one of the shifts that it has found somebody.
async fn tell(tx: &mut OrgTx, proposal: &Proposal, given: &[Assigned], now: DateTime<Utc>) -> Result<()> {
    let mut own: BTreeMap<WorkerId, Vec<&Line>> = BTreeMap::new();
    for line in &proposal.lines {
        if let Some(it) = given.iter().find(|it| it.shift == line.shift) {
            own.entry(it.worker).or_default().push(line);
        }
    }
    let org = tx.org().0;
    let users = sqlx::query!(
        r#"select id, worker_id as "worker!" from users where org_id = $1 and worker_id = any ($2) and status = 'active' order by id"#,
        org,
        &own.keys().map(|worker| worker.0).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?;
    let news = |user: Uuid, text: String, link: &str| News { to: UserId(user), text, link: link.into(), key: None };
    let when = |line: &Line| line.starts_at.with_timezone(&proposal.zone).format("%a %-d %b, %H:%M").to_string();
    let mut all = Vec::new();
    for user in users {
        let Some(lines) = own.get(&WorkerId(user.worker)) else { continue };
        let Some(first) = lines.first() else { continue };
        let text = match lines.len() {
            1 => format!("You have a shift at {}: {}.", proposal.site_name, when(first)),
            n => format!("You have {n} shifts at {}, the first on {}.", proposal.site_name, when(first)),
        };
        all.push(news(user.id, text, "/me#shifts"));
    }
    notifications::notify_each(tx, Kind::Roster, &all, now).await?;
    let asked = sqlx::query!(
        r#"select u.id, s.starts_at from shift_offers o
           join users u on u.org_id = o.org_id and u.worker_id = o.worker_id and u.status = 'active'
           join shifts s on s.org_id = o.org_id and s.id = o.shift_id
           where o.org_id = $1 and o.shift_id = any ($2) and o.answered_at is null and o.withdrawn_at is null and o.worker_id <> s.worker_id
           order by u.id, s.starts_at"#,
        org,
        &given.iter().map(|line| line.shift.0).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?;
    let said = |at: DateTime<Utc>| {
        let at = at.with_timezone(&proposal.zone).format("%a %-d %b, %H:%M");
        format!("The shift {}, {at} has found somebody. Thank you; you need not answer.", proposal.site_name)
    };
    let others: Vec<News> = asked.into_iter().map(|row| news(row.id, said(row.starts_at), "/me#offers")).collect();
    notifications::notify_each(tx, Kind::Offer, &others, now).await?;
    Ok(())
}
