//! What a worker has earned, and how far the next has come.

use chrono::NaiveDate;
use serde::Serialize;

use super::store::tallies;
use super::{Definition, Reading, Rule, Tally, Tier, Window, store};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::{self, Period};
use crate::units::WorkerId;

/// An achievement a worker has earned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Earned {
    /// Its short name.
    pub code: String,
    /// What a page calls it.
    pub name: String,
    /// How hard it is.
    pub tier: Tier,
    /// What it is for.
    pub description: String,
    /// The day it was earned, the last time.
    pub earned_on: NaiveDate,
    /// How many times.
    pub times: i64,
    /// What earned it, in words.
    pub evidence: String,
}

/// An achievement that can still be earned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Next {
    /// Its short name.
    pub code: String,
    /// What a page calls it.
    pub name: String,
    /// How hard it is.
    pub tier: Tier,
    /// What is asked for.
    pub description: String,
    /// 0–1. 1: reached if the period ended today.
    pub progress: f64,
    /// How far, in words.
    pub so_far: String,
    /// The last day of the running period; `None`: no limit.
    pub until: Option<NaiveDate>,
    /// Out of reach until the next period begins.
    pub lost: bool,
    /// How often it was earned before.
    pub times: i64,
}

/// What a worker has earned and may earn next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Achievements {
    /// Latest first.
    pub earned: Vec<Earned>,
    /// Nearest first.
    pub next: Vec<Next>,
}

/// What a worker has earned, latest first, and what can be earned in the periods that run on `today`, nearest first.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for a stored definition this program does not know.
pub async fn achievements(tx: &mut OrgTx, worker: WorkerId, today: NaiveDate) -> Result<Achievements> {
    let definitions = store::awards::definitions(tx).await?;
    let awards = store::awards::earned_by(tx, worker).await?;
    let mut earned = Vec::new();
    for award in &awards {
        let Some(it) = definitions.iter().find(|it| it.code == award.code) else { continue };
        let evidence: Reading = serde_json::from_value(award.evidence.clone())?;
        earned.push(Earned {
            code: it.code.clone(),
            name: it.name.clone(),
            tier: it.tier,
            description: it.description.clone(),
            earned_on: award.awarded_on,
            times: award.times,
            evidence: it.in_words(&evidence),
        });
    }
    earned.sort_by_key(|it| std::cmp::Reverse(it.earned_on));
    let times = |code: &str| awards.iter().find(|it| it.code == code).map_or(0, |it| it.times);
    let mut next = Vec::new();
    for window in Window::ALL {
        let open: Vec<&Definition> = definitions
            .iter()
            .filter(|it| it.window == *window && (times(&it.code) == 0 || it.window.comes_again()))
            .collect();
        if open.is_empty() {
            continue;
        }
        let Some((tally, until)) = tally(tx, worker, *window, &open, today).await? else { continue };
        next.extend(open.iter().map(|it| of(it, &tally, until, times(&it.code))));
    }
    next.sort_by(|a, b| b.progress.total_cmp(&a.progress).then(a.lost.cmp(&b.lost)));
    Ok(Achievements { earned, next })
}

fn of(definition: &Definition, tally: &Tally, until: Option<NaiveDate>, times: i64) -> Next {
    let reading = definition.read(tally);
    Next {
        code: definition.code.clone(),
        name: definition.name.clone(),
        tier: definition.tier,
        description: definition.description.clone(),
        progress: reading.map_or(0.0, |reading| reading.progress()),
        so_far: reading.map_or_else(
            || format!("nothing to measure {} yet", definition.window.label()),
            |reading| definition.in_words(&reading),
        ),
        until,
        lost: reading.is_some_and(|reading| reading.lost),
        times,
    }
}

/// What a worker's running period holds so far, and its last day; `None` when the window is over for this worker.
async fn tally(
    tx: &mut OrgTx,
    worker: WorkerId,
    window: Window,
    open: &[&Definition],
    today: NaiveDate,
) -> Result<Option<(Tally, Option<NaiveDate>)>> {
    let workers = [worker.0];
    if let Some(days) = window.period(today) {
        let scores_on = metrics::dirty::through(tx).await?.map_or(today, |through| through.min(today));
        let count = tallies::Count { days, workers: Some(&workers), scores_on };
        let tally = tallies::tallies(tx, count, open).await?.remove(&worker.0).unwrap_or_default();
        return Ok(Some((tally, Some(days.last))));
    }
    if window == Window::FirstThirtyDays {
        let first = store::firsts::first_days(tx, Period { first: today, last: today }, Some(&workers), today).await?;
        return Ok(first.into_iter().next().map(|it| {
            let tally = Tally { attended: it.attended, ncns: it.ncns, ..Tally::default() };
            (tally, Some(it.hired_on + chrono::Days::new(super::achievement::FIRST_DAYS - 1)))
        }));
    }
    let (shifts_ever, on_time_streak) = store::firsts::career_so_far(tx, worker).await?;
    let mentees = match open.iter().find(|it| it.rule == Rule::Mentees) {
        Some(it) => store::firsts::mentees(tx, &workers, it.minimum, today).await?.len() as i64,
        None => 0,
    };
    Ok(Some((Tally { shifts_ever, on_time_streak, mentees, ..Tally::default() }, None)))
}
