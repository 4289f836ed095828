//! Series with the forecasts that would have been made of them, and how far their bands were strained since.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::bands::{MOST_PAST, Reaches, Rehearsal, Strain, Widening, rehearsals, step, windows};
use super::daily::Daily;
use super::figures::mase;
use super::weights::{Trial, weights};

/// Past windows by which bands are widened, besides those that are judged.
const TRIED: usize = 8;
/// A method that was off by a tenth less counts by this power of that more: half as much again.
const METHODS_POWER: f64 = 4.0;
/// The time of the year counts not at all, by half, or whole.
const SEASONS: [f64; 3] = [0.0, 0.5, 1.0];
/// What each counts without any rehearsal.
const SEASONS_BELIEF: [f64; 3] = [0.5, 0.3, 0.2];
/// As [`METHODS_POWER`].
const SEASONS_POWER: f64 = 30.0;

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
    let (step, shown) = (step(horizon), TRIED + more);
    let most = shown * horizon / step + MOST_PAST;
    let mut pasts = on_all_processors(all.iter().collect(), |series: &Daily| {
        let last = series.len().checked_sub(before_end);
        last.map_or_else(Vec::new, |last| rehearsals(series, last, horizon, step, most))
    });
    combine(all, &mut pasts, horizon);
    on_all_processors(all.iter().zip(pasts).collect(), |(series, past)| {
        let windows = windows(series.len(), horizon).take(shown);
        let tried = windows.filter_map(|at| tried(series, at, &past, horizon)).collect();
        Rehearsed { series, past, tried }
    })
}

fn on_all_processors<A: Send, B: Send>(all: Vec<A>, work: impl Fn(A) -> B + Sync) -> Vec<B> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let some = all.len().div_ceil(threads).max(1);
    let (mut left, mut parts) = (all, Vec::new());
    while !left.is_empty() {
        let rest = left.split_off(some.min(left.len()));
        parts.push(std::mem::replace(&mut left, rest));
    }
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> =
            parts.into_iter().map(|part| scope.spawn(move || part.into_iter().map(work).collect::<Vec<_>>())).collect();
        running
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Makes the forecast of each rehearsal of what the methods say: weighted by how near each came in rehearsals that were over before,
/// of its own series and of all, and brought to the time of the year as far as that would have helped in those.
fn combine(all: &[Daily], pasts: &mut [Vec<Rehearsal>], horizon: usize) {
    let by_method = weights(&trials(all, pasts, horizon, |made| made.told.each.clone()), [0.25; 4], METHODS_POWER);
    let mut weights_of = by_method.into_iter();
    for made in pasts.iter_mut().flatten() {
        if let Some(weights) = weights_of.next() {
            made.told.mean = made.told.weighted(&weights);
        }
    }
    let seasons = |made: &Rehearsal| SEASONS.map(|part| made.told.year.on(&made.told.mean, part));
    let mut parts = weights(&trials(all, pasts, horizon, seasons), SEASONS_BELIEF, SEASONS_POWER).into_iter();
    for made in pasts.iter_mut().flatten() {
        if let Some(part) = parts.next() {
            let told = seasons(made);
            let day = |h: usize| told.iter().zip(part).map(|(told, part)| part * told[h]).sum();
            made.told.mean = (0..horizon).map(day).collect();
        }
    }
}

/// The answers of each rehearsal as a trial, in their order.
fn trials<const N: usize>(
    all: &[Daily],
    pasts: &[Vec<Rehearsal>],
    horizon: usize,
    answers: impl Fn(&Rehearsal) -> [Vec<f64>; N],
) -> Vec<Trial<N>> {
    let of = |(nth, (series, past)): (usize, (&Daily, &Vec<Rehearsal>))| {
        let trial = |made: &Rehearsal| {
            let came: Vec<Option<f64>> = (0..horizon).map(|ahead| series.at(made.at + ahead)).collect();
            let over = made.at + horizon <= series.len();
            let off = over.then(|| answers(made).map(|told| mase(&told, &came, 1.0)));
            let off = off.filter(|off| off.iter().all(Option::is_some)).map(|off| off.map(Option::unwrap_or_default));
            Trial { series: nth, day: series.day(made.at), over: series.day(made.at + horizon), off }
        };
        past.iter().map(trial).collect::<Vec<_>>()
    };
    all.iter().zip(pasts).enumerate().flat_map(of).collect()
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
