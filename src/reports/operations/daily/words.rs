//! What do the day's numbers say? Sentences made from them by rules. What is not on record is not spoken of.

use super::{Ahead, Daily};
use crate::charts::{Unit, count, day_and_year};
use crate::commerce;
use crate::operations::board::EXPIRES_WITHIN;
use crate::reports::operations::parts::{change, counted, differs, money, most, percent};

/// Sites named in one sentence.
const NAMED: usize = 4;

/// The day's name: `Thursday, 19 Nov 2026`.
#[must_use]
pub fn day_name(it: &Daily) -> String {
    format!("{}, {}", it.day.format("%A"), day_and_year(it.day))
}

/// The day in a few sentences.
#[must_use]
pub fn lead(it: &Daily) -> Vec<String> {
    if let Some(course) = it.course.as_ref().filter(|_| it.is_platform) {
        return course.said();
    }
    let [work, ..] = &it.work;
    if work.is_idle() && it.money.day == 0 {
        return vec![format!("Nothing is on record for {}.", day_name(it))];
    }
    [staffing(it), away(it), in_time(it), Some(cost(it)), revenue(it)].into_iter().flatten().collect()
}

fn staffing(it: &Daily) -> Option<String> {
    let [work, _, usual] = &it.work;
    if work.fill.of == 0 {
        return Some("No shift was planned.".into());
    }
    let beside = change(work.fill, usual.fill).map(|change| format!(", {change} against the 28 days before"));
    Some(format!("{} shifts had a worker ({}){}.", counted(work.fill), percent(work.fill), beside.unwrap_or_default()))
}

fn away(it: &Daily) -> Option<String> {
    let away = it.work[0].no_shows;
    match (away.hit, away.of) {
        (_, 0) => None,
        (0, _) => Some("Nobody stayed away without a word.".into()),
        (n, _) => Some(format!("{} ({}).", count(n, "was a no-show", "were no-shows"), percent(away))),
    }
}

fn in_time(it: &Daily) -> Option<String> {
    let sla = it.work[0].sla;
    (sla.of > 0).then(|| {
        format!(
            "Of {} with a time to keep, {} were in it.",
            count(sla.of, "task", "tasks and work orders"),
            percent(sla)
        )
    })
}

fn cost(it: &Daily) -> String {
    let money_of = |cents| money(cents, &it.currency);
    let budget = match it.money.beside_budget {
        Some(0) => ", exactly its budget so far".into(),
        Some(above @ 1..) => format!(", {} above its budget so far", money_of(above)),
        Some(below) => format!(", {} below its budget so far", money_of(-below)),
        None => String::new(),
    };
    format!("The day cost {}; the month stands at {}{budget}.", money_of(it.money.day), money_of(it.money.month))
}

fn revenue(it: &Daily) -> Option<String> {
    let taken = it.taken.as_ref()?;
    let growth = commerce::growth(taken.day, taken.before);
    let beside =
        growth.map(|growth| format!(", {} against the same weekday a week before", Unit::growth(100.0 * growth)));
    Some(format!(
        "Net revenue was {}\u{a0}{}{}.",
        commerce::money(taken.day, &it.currency),
        it.currency,
        beside.unwrap_or_default()
    ))
}

/// What went better than chance explains.
#[must_use]
pub fn well(it: &Daily) -> Vec<String> {
    beyond(it, true)
}

/// What needs somebody, the most pressing first.
#[must_use]
pub fn needs(it: &Daily) -> Vec<String> {
    let [work, ..] = &it.work;
    let mut said: Vec<String> = it.ahead.iter().flat_map(pressing).collect();
    if work.unfilled() > 0 {
        let sites = most(&it.sites, |work| work.unfilled(), NAMED);
        said.push(format!("{} had nobody: {sites}.", count(work.unfilled(), "shift", "shifts")));
    }
    if work.no_shows.hit > 0 {
        let sites = most(&it.sites, |work| work.no_shows.hit, NAMED);
        said.push(format!("No-shows: {sites}."));
    }
    if work.incidents > 0 {
        let sites = most(&it.sites, |work| work.incidents, NAMED);
        said.push(format!("{} reported: {sites}.", count(work.incidents, "incident was", "incidents were")));
    }
    said.extend(beyond(it, false));
    said.extend(it.ahead.as_ref().filter(|ahead| ahead.expiring > 0).map(|ahead| {
        format!(
            "{} within {EXPIRES_WITHIN} days: see Operations.",
            count(ahead.expiring, "certification expires", "certifications expire")
        )
    }));
    said
}

/// What is about to go wrong in the next 48 hours.
fn pressing(ahead: &Ahead) -> Vec<String> {
    let mut said = Vec::new();
    if ahead.open > 0 {
        let soon = match ahead.urgent {
            0 => String::new(),
            n => format!("; {n} of them in less than 8 hours, or begun already"),
        };
        let has = if ahead.open == 1 { "has" } else { "have" };
        said.push(format!("{} of the next 48 hours {has} nobody yet{soon}.", count(ahead.open, "shift", "shifts")));
    }
    if let Some(at_risk) = ahead.at_risk.filter(|at_risk| *at_risk > 0) {
        said.push(format!(
            "{} less likely than 70 % to be filled, says the model.",
            count(at_risk, "of these is", "of these are")
        ));
    }
    said
}

/// The rates that differ from the 28 days before by more than chance explains.
fn beyond(it: &Daily, better: bool) -> Vec<String> {
    let [work, _, usual] = &it.work;
    let rates = [
        ("Shifts filled", work.fill, usual.fill),
        ("Attendance", work.attendance, usual.attendance),
        ("On time", work.on_time, usual.on_time),
        ("Work in time", work.sla, usual.sla),
        ("Checkpoints visited", work.coverage, usual.coverage),
    ];
    let told = rates.into_iter().filter(|(_, now, usual)| differs(*now, *usual) == Some(better));
    told.map(|(name, now, usual)| {
        format!("{name}: {} ({}), usually {}; more than chance explains.", percent(now), counted(now), percent(usual))
    })
    .collect()
}
