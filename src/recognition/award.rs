//! Awarding: which achievements were earned in the periods whose days were built.
//!
//! A calendar period is judged when it has ended, and again when one of its days is built again: the awards of the
//! workers concerned are then replaced, so that a corrected fact can also take one away. What is earned once for ever is
//! awarded on the day it was reached.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::achievement::{EVER, FIRST_DAYS, definitions};
use super::careers::{Count, Followed, Milestone};
use super::store::awards::{Award, Judged};
use super::store::pending::Pending;
use super::store::tallies;
use super::{Definition, Rule, StreakKind, Tally, Window, store};
use crate::Result;
use crate::database::{Database, OrgTx};
use crate::metrics::{Period, SAFETY_DAYS};
use crate::people::all_organizations;

/// Puts the definitions of this program into the organization's table, and counts everybody anew if that changed them.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for definitions this program cannot judge.
pub async fn sync_definitions(tx: &mut OrgTx) -> Result<()> {
    if store::awards::sync(tx, &definitions()?).await? {
        store::careers::forget(tx).await?;
    }
    Ok(())
}

/// Brings the definitions of every organization up to date and refuses those that this program does not know. To be
/// called before serving.
///
/// # Errors
/// [`crate::Error::Misconfigured`] naming the unknown rule.
pub async fn check_definitions(db: &Database) -> Result<()> {
    let mut global = db.global().await?;
    let organizations = all_organizations(&mut global).await?;
    global.commit().await?;
    for organization in organizations {
        let mut tx = db.org(organization.id).await?;
        sync_definitions(&mut tx).await?;
        store::awards::definitions(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The marks that careers pass once for ever.
pub(super) fn milestones(definitions: &[Definition]) -> Vec<Milestone> {
    definitions
        .iter()
        .filter_map(|it| {
            let of = match it.rule {
                Rule::Shifts => Count::Shifts,
                Rule::OnTimeStreak => Count::Best(StreakKind::OnTime),
                _ => return None,
            };
            Some(Milestone { code: it.code.clone(), of, threshold: it.threshold })
        })
        .collect()
}

/// Awards everything that the days in `pending` decide. Returns the rows written.
pub(super) async fn award(
    tx: &mut OrgTx,
    definitions: &[Definition],
    pending: &[Pending],
    followed: &Followed,
    last: NaiveDate,
) -> Result<u64> {
    let mut rows = award_milestones(tx, definitions, followed).await?;
    for window in [Window::Week, Window::Month, Window::Quarter] {
        let of_window: Vec<&Definition> = definitions.iter().filter(|it| it.window == window).collect();
        for (period, whose) in periods(window, &of_window, pending, last) {
            rows += award_period(tx, &of_window, period, whose.as_deref(), last).await?;
        }
    }
    for definition in definitions {
        match definition.rule {
            Rule::FirstShifts => rows += award_first_days(tx, definition, pending, last).await?,
            Rule::Mentees => rows += award_mentors(tx, definition, pending, last).await?,
            _ => {}
        }
    }
    Ok(rows)
}

async fn award_milestones(tx: &mut OrgTx, definitions: &[Definition], followed: &Followed) -> Result<u64> {
    let find = |code: &str| definitions.iter().find(|it| it.code == code);
    let codes: Vec<String> = milestones(definitions).into_iter().map(|it| it.code).collect();
    let settled: Vec<(Uuid, NaiveDate)> = followed.settled.iter().map(|(worker, day)| (*worker, *day)).collect();
    store::awards::unsettle(tx, &codes, &settled).await?;
    let awards: Vec<Award> = followed
        .passed
        .iter()
        .filter_map(|it| {
            let count = i64::from(it.count);
            let evidence =
                find(&it.code)?.read(&Tally { on_time_streak: count, shifts_ever: count, ..Tally::default() })?;
            Some(Award { worker: it.worker, code: it.code.clone(), period: EVER, awarded_on: it.day, evidence })
        })
        .collect();
    store::awards::insert(tx, &awards).await
}

type Whose = Option<Vec<Uuid>>;

/// The ended periods that pending days decide, and for whom (`None`: for everybody).
fn periods(window: Window, definitions: &[&Definition], pending: &[Pending], last: NaiveDate) -> Vec<(Period, Whose)> {
    // A day counts in the scores of the 90 days that it begins, so it also decides later periods of score rules.
    let reach = if definitions.iter().any(|it| it.rule.looks_at_scores()) { SAFETY_DAYS - 1 } else { 0 };
    let mut periods: BTreeMap<NaiveDate, (Period, Option<BTreeSet<Uuid>>)> = BTreeMap::new();
    for it in pending {
        let reached = Period { first: it.days.first, last: (it.days.last + Days::new(reach)).min(last) };
        for period in window.ended(reached, last) {
            let (_, whose) = periods.entry(period.first).or_insert((period, Some(BTreeSet::new())));
            match it.worker {
                None => *whose = None,
                Some(worker) => whose.iter_mut().for_each(|whose| {
                    whose.insert(worker);
                }),
            }
        }
    }
    periods.into_values().map(|(period, whose)| (period, whose.map(|whose| whose.into_iter().collect()))).collect()
}

async fn award_period(
    tx: &mut OrgTx,
    definitions: &[&Definition],
    period: Period,
    workers: Option<&[Uuid]>,
    last: NaiveDate,
) -> Result<u64> {
    let count = tallies::Count { days: period, workers, scores_on: period.last.min(last) };
    let tallies = tallies::tallies(tx, count, definitions).await?;
    let mut awards = Vec::new();
    for (worker, tally) in tallies {
        for definition in definitions {
            let Some(evidence) = definition.read(&tally).filter(super::Reading::earned) else { continue };
            let (code, awarded_on) = (definition.code.clone(), period.last);
            awards.push(Award { worker, code, period: period.first, awarded_on, evidence });
        }
    }
    awards.sort_by(|a, b| (a.worker, &a.code).cmp(&(b.worker, &b.code)));
    let codes: Vec<String> = definitions.iter().map(|it| it.code.clone()).collect();
    store::awards::replace(tx, Judged { codes: &codes, period: Some(period.first), workers }, &awards).await
}

async fn award_first_days(
    tx: &mut OrgTx,
    definition: &Definition,
    pending: &[Pending],
    last: NaiveDate,
) -> Result<u64> {
    let mut rows = 0;
    for (days, workers) in spans(pending) {
        let judged = store::firsts::first_days(tx, days, workers.as_deref(), last).await?;
        let whose: Vec<Uuid> = judged.iter().map(|it| it.worker).collect();
        let awards: Vec<Award> = judged
            .iter()
            .filter_map(|it| {
                let awarded_on = it.hired_on + Days::new(FIRST_DAYS - 1);
                let tally = Tally { attended: it.attended, ncns: it.ncns, ..Tally::default() };
                let evidence = definition.read(&tally).filter(|reading| reading.earned() && awarded_on <= last)?;
                Some(Award {
                    worker: it.worker,
                    code: definition.code.clone(),
                    period: it.hired_on,
                    awarded_on,
                    evidence,
                })
            })
            .collect();
        let codes = [definition.code.clone()];
        rows +=
            store::awards::replace(tx, Judged { codes: &codes, period: None, workers: Some(&whose) }, &awards).await?;
    }
    Ok(rows)
}

async fn award_mentors(tx: &mut OrgTx, definition: &Definition, pending: &[Pending], last: NaiveDate) -> Result<u64> {
    let mut mentors = BTreeSet::new();
    for (days, mentees) in spans(pending) {
        mentors.extend(store::firsts::mentors(tx, days, mentees.as_deref()).await?);
    }
    let mentors: Vec<Uuid> = mentors.into_iter().collect();
    if mentors.is_empty() {
        return Ok(0);
    }
    let mentees = store::firsts::mentees(tx, &mentors, definition.minimum, last).await?;
    let mut counts: BTreeMap<Uuid, i64> = BTreeMap::new();
    let mut awards = Vec::new();
    for it in mentees {
        let count = counts.entry(it.mentor).or_default();
        let earned_before = *count as f64 >= definition.threshold;
        *count += 1;
        let tally = Tally { mentees: *count, ..Tally::default() };
        let Some(evidence) = definition.read(&tally).filter(|reading| reading.earned() && !earned_before) else {
            continue;
        };
        let code = definition.code.clone();
        awards.push(Award { worker: it.mentor, code, period: EVER, awarded_on: it.done_on, evidence });
    }
    let codes = [definition.code.clone()];
    store::awards::replace(tx, Judged { codes: &codes, period: None, workers: Some(&mentors) }, &awards).await
}

/// Pending days as few spans: one of everybody per run of days, one of single workers.
fn spans(pending: &[Pending]) -> Vec<(Period, Whose)> {
    let mut everybody: Vec<Period> = pending.iter().filter(|it| it.worker.is_none()).map(|it| it.days).collect();
    everybody.sort_by_key(|days| days.first);
    let mut spans: Vec<(Period, Whose)> = Vec::new();
    for days in everybody {
        match spans.last_mut() {
            Some((span, _)) if days.first <= span.last + Days::new(1) => span.last = span.last.max(days.last),
            _ => spans.push((days, None)),
        }
    }
    let single = || pending.iter().filter(|it| it.worker.is_some()).map(|it| it.days);
    if let (Some(first), Some(last)) = (single().map(|days| days.first).min(), single().map(|days| days.last).max()) {
        let workers: BTreeSet<Uuid> = pending.iter().filter_map(|it| it.worker).collect();
        spans.push((Period { first, last }, Some(workers.into_iter().collect())));
    }
    spans
}
