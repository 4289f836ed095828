//! Series with the forecasts that would have been made of them, and how far their bands were strained since.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::bands::{MOST_PAST, Reaches, Rehearsal, Strain, Widening, rehearsals, step, windows};
use super::daily::Daily;

/// Past windows by which bands are widened, besides those that are judged.
const TRIED: usize = 8;

/// A series, what would have been forecast of it, and what became of that.
#[derive(Debug)]
pub(super) struct Rehearsed<'a> {
    pub series: &'a Daily,
    pub past: Vec<Rehearsal>,
    pub tried: Vec<Tried>,
}

/// A window whose days have come.
#[derive(Debug)]
pub(super) struct Tried {
    /// Position of its first day.
    pub at: usize,
    /// Its last day.
    pub over: NaiveDate,
    pub reaches: Reaches,
    strains: Vec<Strain>,
    of_total: Option<Strain>,
}

/// What widens the bands of a forecast, and those of its total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Widened {
    pub days: Widening,
    pub total: Widening,
}

/// Rehearses each series, on all processors; with so many windows more than bands are widened by. The last forecast is
/// made `before_end` days before each ends.
pub(super) fn rehearse(all: &[Daily], horizon: usize, more: usize, before_end: usize) -> Vec<Rehearsed<'_>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let some = all.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(some)
            .map(|part| {
                scope.spawn(move || part.iter().map(|one| of(one, horizon, more, before_end)).collect::<Vec<_>>())
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn of(series: &Daily, horizon: usize, more: usize, before_end: usize) -> Rehearsed<'_> {
    let (step, shown) = (step(horizon), TRIED + more);
    let most = shown * horizon / step + MOST_PAST;
    let past = series
        .len()
        .checked_sub(before_end)
        .map_or_else(Vec::new, |last| rehearsals(series, last, horizon, step, most));
    let tried = windows(series.len(), horizon).take(shown).filter_map(|at| tried(series, at, &past, horizon)).collect();
    Rehearsed { series, past, tried }
}

fn tried(series: &Daily, at: usize, past: &[Rehearsal], horizon: usize) -> Option<Tried> {
    let made = past.iter().find(|made| made.at == at)?;
    let reaches = Reaches::of(series, at, past, horizon);
    let off = |ahead: usize| Some(series.at(at + ahead)? - made.told.mean[ahead]);
    let strains = (0..horizon).filter_map(|ahead| Some(reaches.days[ahead].strain(off(ahead)?))).collect();
    let total: f64 = (0..horizon).filter_map(off).sum();
    let of_total = reaches.of_total(horizon).map(|reach| reach.strain(total));
    Some(Tried { at, over: series.day(at + horizon - 1), reaches, strains, of_total })
}

/// What widens bands from a day on, by what was over before it: reckoned once for each day.
#[derive(Debug, Default)]
pub(super) struct Widenings(HashMap<(NaiveDate, bool), Widened>);

impl Widenings {
    pub fn on(&mut self, day: NaiveDate, learned: bool, all: &[Rehearsed<'_>]) -> Widened {
        *self.0.entry((day, learned)).or_insert_with(|| {
            let over = || all.iter().flat_map(|one| &one.tried).filter(|tried| tried.over < day);
            let alike = || over().filter(|tried| tried.reaches.learned == learned);
            let strains: Vec<Strain> = alike().flat_map(|tried| tried.strains.iter().copied()).collect();
            let totals: Vec<Strain> = over().filter_map(|tried| tried.of_total).collect();
            let days = Widening::learned(&strains, alike().count());
            // One total says as much as a window of days does; there are few.
            Widened { days, total: Widening::learned(&totals, totals.len() / 3) }
        })
    }
}
