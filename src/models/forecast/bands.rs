//! How far may it come out? Bands from the forecast's own past errors, never from a formula for normal ones.
//!
//! Two steps, both by what was known before. Within a series: forecasts made on earlier days are compared with what came, each
//! error is brought to today's swing of the series, and its usual size by days ahead and weekday is taken off; quantiles
//! of what is left make the reach. Then over all series at hand: how much too narrow or wide such reaches were
//! in earlier windows ([`Strain`]) widens or narrows them (as conformal prediction does, Romano, Patterson & Candès 2019).

use std::ops::Range;

use super::daily::Daily;
use super::figures::quantile;
use super::methods::{Told, told};
use super::season::WEEK;

/// The levels of the two bands.
pub const LEVELS: [f64; 2] = [0.80, 0.95];
/// Fewer days of history carry no forecast.
pub const FEWEST_DAYS: usize = 8 * WEEK;
/// From fewer past forecasts no band is learned.
const FEWEST_PAST: usize = 4;
/// From fewer totals no band of the total is.
const FEWEST_TOTALS: usize = 8;
/// Past forecasts that are looked at, at most.
pub(super) const MOST_PAST: usize = 30;
/// How much a series swings now is taken from so many days.
const SWING_DAYS: usize = 56;
/// That much of it; the rest from all its days.
const SWING_NOW: f64 = 0.65;
/// Forecasts of the same time last year, give or take so many days, count so many times: what was unusual then may be again.
const SAME_TIME: (usize, usize) = (30, 2);
/// A year of whole weeks.
const YEAR: usize = 364;
/// An error is not brought to today's swing by more than so many times.
const MOST_SCALED: f64 = 3.0;
/// Errors of the usual size that each weekday is given besides its own.
const DOUBT: f64 = 8.0;
/// Of the usual size, what a band reaches at least.
const LEAST: f64 = 0.02;
/// Reach of a series without past forecasts, in weekly changes, growing by a hundredth a day.
const WITHOUT_PAST: [f64; 2] = [1.3, 2.3];
/// How much wider bands must be than past errors say, where nothing tells: those were of fewer kinds of days than will come.
const USUAL_STRAIN: [f64; 2] = [1.2, 1.15];
/// So many windows' worth it counts.
const USUAL_WINDOWS: f64 = 10.0;
/// Bands are never made narrower than so much of what past errors say: the next season may not be as calm. Few errors are
/// far out, so that what they say of the wider band is often too wide by chance.
const NARROWEST: [f64; 2] = [1.0, 0.95];
/// Nor wider than so much.
const WIDEST: f64 = 2.5;
/// The shares of past strains that are to fit: the narrower a little above its level, because as many are left out of sample.
const WISHED: [f64; 2] = [0.81, 0.95];

/// A forecast that was made, or would have been, before the day at `at`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// Position of its first day.
    pub at: usize,
    /// What it said.
    pub told: Told,
}

/// The forecasts every `step` days back from `last`, the earliest first.
#[must_use]
pub fn rehearsals(series: &Daily, last: usize, horizon: usize, step: usize, most: usize) -> Vec<Rehearsal> {
    let days = (0..most).map_while(|back| last.checked_sub(back * step)).take_while(|at| *at >= FEWEST_DAYS);
    let mut all: Vec<Rehearsal> = days.map(|at| Rehearsal { at, told: told(series.before(at), horizon) }).collect();
    all.reverse();
    all
}

/// How far below and above the point a band reaches, by [`LEVELS`]. Never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Downwards.
    pub below: [f64; 2],
    /// Upwards.
    pub above: [f64; 2],
}

/// What of a band was used up: above 1 the value lay outside.
pub type Strain = [f64; 2];

impl Reach {
    /// How far towards the band's edge a value came that was so far from the point.
    #[must_use]
    pub fn strain(&self, off: f64) -> Strain {
        let edge = if off < 0.0 { self.below } else { self.above };
        edge.map(|edge| if off == 0.0 { 0.0 } else { off.abs() / edge.max(f64::MIN_POSITIVE) })
    }

    /// The band around a point, by level, not below the floor.
    #[must_use]
    pub fn around(&self, point: f64, factor: [f64; 2], floor: f64) -> [(f64, f64); 2] {
        let mut bands = [0, 1]
            .map(|i| ((point - factor[i] * self.below[i]).max(floor), (point + factor[i] * self.above[i]).max(floor)));
        // The wider level holds the narrower.
        bands[1] = (bands[1].0.min(bands[0].0), bands[1].1.max(bands[0].1));
        bands
    }
}

/// An error of the past, brought to today's swing.
struct Miss {
    ahead: usize,
    weekday: usize,
    off: f64,
}

/// What past forecasts teach about one made at `at`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaches {
    /// By day ahead.
    pub days: Vec<Reach>,
    /// Errors of the total up to each day ahead, brought to today's swing, rising.
    pub totals: Vec<Vec<f64>>,
    /// Whether there were past forecasts enough to learn from.
    pub learned: bool,
}

impl Reaches {
    /// From the forecasts made before `at`, and what is known before it.
    #[must_use]
    pub fn of(series: &Daily, at: usize, past: &[Rehearsal], horizon: usize) -> Self {
        let past: Vec<&Rehearsal> = past.iter().filter(|made| made.at < at).collect();
        let past = &past[past.len().saturating_sub(MOST_PAST)..];
        if past.len() < FEWEST_PAST {
            return Self::without_past(series, at, horizon);
        }
        let (mut misses, mut totals, now) = (Vec::new(), vec![Vec::new(); horizon], swing(series, at));
        let same_time = |made: &&Rehearsal| (made.at + YEAR).abs_diff(at) <= SAME_TIME.0;
        let counted =
            past.iter().flat_map(|made| std::iter::repeat_n(made, if same_time(made) { SAME_TIME.1 } else { 1 }));
        for made in counted {
            let scale = match (now, swing(series, made.at)) {
                (now, then) if now > 0.0 && then > 0.0 => (now / then).clamp(1.0 / MOST_SCALED, MOST_SCALED),
                _ => 1.0,
            };
            let mut total = 0.0;
            for (ahead, totals) in totals.iter_mut().enumerate().take(at - made.at) {
                if let Some(came) = series.at(made.at + ahead) {
                    let off = (came - made.told.mean[ahead]) * scale;
                    misses.push(Miss { ahead, weekday: (made.at + ahead) % WEEK, off });
                    total += off;
                }
                totals.push(total);
            }
        }
        totals.iter_mut().for_each(|totals| totals.sort_by(f64::total_cmp));
        if misses.is_empty() {
            return Self::without_past(series, at, horizon);
        }
        Self { days: reaches(&misses, at, horizon), totals, learned: true }
    }

    fn without_past(series: &Daily, at: usize, horizon: usize) -> Self {
        let usual = series.weekly_change(0, at);
        let reach = |ahead: usize| WITHOUT_PAST.map(|times| times * usual * (1.0 + ahead as f64 / 100.0));
        let days = (0..horizon).map(|ahead| Reach { below: reach(ahead), above: reach(ahead) }).collect();
        Self { days, totals: Vec::new(), learned: false }
    }

    /// How far the total of so many days may come out; `None` where too few totals are known.
    #[must_use]
    pub fn of_total(&self, days: usize) -> Option<Reach> {
        let totals = self.totals.get(days.checked_sub(1)?).filter(|totals| totals.len() >= FEWEST_TOTALS)?;
        let least = LEAST * totals.iter().map(|off| off.abs()).sum::<f64>() / totals.len() as f64;
        Some(reach(totals, least))
    }
}

/// How much a series swings before a day: mostly by its latest weeks, less by all.
fn swing(series: &Daily, at: usize) -> f64 {
    let now = series.weekly_change(at.saturating_sub(SWING_DAYS), at);
    SWING_NOW * now + (1.0 - SWING_NOW) * series.weekly_change(0, at)
}

fn reaches(misses: &[Miss], at: usize, horizon: usize) -> Vec<Reach> {
    let n = misses.len() as f64;
    let usual = misses.iter().map(|miss| miss.off.abs()).sum::<f64>() / n;
    if usual <= 0.0 {
        return vec![Reach { below: [0.0; 2], above: [0.0; 2] }; horizon];
    }
    let weekdays = by_weekday(misses, usual);
    let growth = by_days_ahead(misses, usual, &weekdays, horizon);
    let mut shares: Vec<f64> =
        misses.iter().map(|miss| miss.off / (usual * weekdays[miss.weekday] * growth[miss.ahead])).collect();
    shares.sort_by(f64::total_cmp);
    let of_one = reach(&shares, LEAST);
    (0..horizon)
        .map(|ahead| {
            let size = usual * weekdays[(at + ahead) % WEEK] * growth[ahead];
            Reach { below: of_one.below.map(|reach| reach * size), above: of_one.above.map(|reach| reach * size) }
        })
        .collect()
}

/// From the quantiles of sorted errors; no edge on the wrong side of the point.
fn reach(sorted: &[f64], least: f64) -> Reach {
    let edge = |p: f64| quantile(sorted, p);
    Reach {
        below: LEVELS.map(|level| (-edge((1.0 - level) / 2.0)).max(0.0) + least),
        above: LEVELS.map(|level| edge((1.0 + level) / 2.0).max(0.0) + least),
    }
}

/// How large errors are on each day of the week, as a multiple of the usual.
fn by_weekday(misses: &[Miss], usual: f64) -> [f64; WEEK] {
    let (mut sums, mut counts) = ([DOUBT * usual; WEEK], [DOUBT; WEEK]);
    for miss in misses {
        sums[miss.weekday] += miss.off.abs();
        counts[miss.weekday] += 1.0;
    }
    std::array::from_fn(|day| (sums[day] / counts[day] / usual).max(0.05))
}

/// How they grow with the days ahead: a line that does not fall.
fn by_days_ahead(misses: &[Miss], usual: f64, weekdays: &[f64; WEEK], horizon: usize) -> Vec<f64> {
    let points = || misses.iter().map(|miss| (miss.ahead as f64, miss.off.abs() / usual / weekdays[miss.weekday]));
    let n = misses.len() as f64;
    let (x, y) = points().fold((0.0, 0.0), |(x, y), (ahead, size)| (x + ahead / n, y + size / n));
    let (up, down) = points().fold((0.0, 0.0), |(up, down), (ahead, size)| {
        (up + (ahead - x) * (size - y), down + (ahead - x) * (ahead - x))
    });
    let slope = if down > 0.0 { (up / down).clamp(0.0, 0.1) } else { 0.0 };
    let start = (y - slope * x).max(0.3 * y);
    (0..horizon).map(|ahead| (start + slope * ahead as f64).max(f64::MIN_POSITIVE)).collect()
}

/// How many times wider bands must be than past errors say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Widening(pub [f64; 2]);

impl Widening {
    /// From the strains of earlier windows, whose last day was over; `windows` is how many windows they are of.
    #[must_use]
    pub fn learned(strains: &[Strain], windows: usize) -> Self {
        Self(std::array::from_fn(|i| {
            let usual = USUAL_STRAIN[i];
            if strains.is_empty() {
                return usual;
            }
            let mut sorted: Vec<f64> = strains.iter().map(|strain| strain[i]).collect();
            sorted.sort_by(f64::total_cmp);
            let own = quantile(&sorted, WISHED[i]).clamp(NARROWEST[i], WIDEST);
            let n = windows as f64;
            ((n * own.ln() + USUAL_WINDOWS * usual.ln()) / (n + USUAL_WINDOWS)).exp()
        }))
    }
}

/// Every how many days the past is rehearsed: a part of the horizon, so that windows share forecasts.
#[must_use]
pub fn step(horizon: usize) -> usize {
    (5..=15).rev().find(|step| horizon.is_multiple_of(*step)).unwrap_or(horizon.max(1))
}

/// Positions at which windows of the horizon begin, one after the other, the latest first.
pub fn windows(len: usize, horizon: usize) -> impl Iterator<Item = usize> {
    let range: Range<usize> = 1..len / horizon.max(1) + 1;
    range.map(move |back| len - back * horizon).take_while(|at| *at >= FEWEST_DAYS)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::season::WEEK;
    use super::super::yearly::Yearly;
    use super::*;

    fn series(values: impl Iterator<Item = f64>) -> Daily {
        let days: Vec<Option<f64>> = values.map(Some).collect();
        Daily::new("a", NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(), &days).unwrap()
    }

    fn made(at: usize, mean: f64) -> Rehearsal {
        let each = std::array::from_fn(|_| vec![mean; 10]);
        Rehearsal { at, told: Told { each, year: Yearly::none(10), mean: vec![mean; 10] } }
    }

    #[test]
    fn the_past_is_rehearsed_back_to_eight_weeks_and_windows_share_its_days() {
        let series = series((0..120).map(|day| f64::from(day % 7 + 1)));
        let at: Vec<usize> = rehearsals(&series, 90, 10, 10, 99).iter().map(|made| made.at).collect();
        assert_eq!(at, [60, 70, 80, 90]);
        assert_eq!(windows(120, 30).collect::<Vec<_>>(), [90, 60]);
        assert_eq!(windows(20, 30).count(), 0);
        for (horizon, expected) in [(30, 15), (28, 14), (14, 14), (7, 7), (31, 31), (1, 1), (90, 15)] {
            assert_eq!(step(horizon), expected, "{horizon}");
        }
    }

    #[test]
    fn bands_are_the_quantiles_of_past_errors() {
        // Ten days each, always foretold 10; what came alternates between 8 and 14, whatever the weekday and the day ahead.
        let series = series((0..200).map(|day| if day % 2 == 0 { 8.0 } else { 14.0 }));
        let past: Vec<Rehearsal> = (60..160).step_by(10).map(|at| made(at, 10.0)).collect();
        let reaches = Reaches::of(&series, 170, &past, 10);
        assert!(reaches.learned);
        for day in &reaches.days {
            // Half of the errors are 4 above, half 2 below; sizes are about the mean of 3 on each weekday.
            assert!((1.8..2.6).contains(&day.below[0]) && (3.8..4.8).contains(&day.above[1]), "{day:?}");
        }
        // Five of each in ten days: 5 · 4 − 5 · 2.
        assert!(reaches.totals[9].iter().all(|total| (*total - 10.0).abs() < 1e-9), "{:?}", reaches.totals);
    }

    #[test]
    fn errors_are_brought_to_todays_swing_and_later_ones_are_not_known() {
        let swinging = |day: u32| if (day / 7).is_multiple_of(2) { 0.0 } else { f64::from(1 + day / 100) };
        let series = series((0..301).map(|day| 10.0 + swinging(day)));
        let past: Vec<Rehearsal> = (60..300).step_by(10).map(|at| made(at, 10.0)).collect();
        let (early, late) = (Reaches::of(&series, 100, &past, 10), Reaches::of(&series, 300, &past, 10));
        assert!(late.days[0].above[0] > 1.8 * early.days[0].above[0], "{:?} {:?}", early.days[0], late.days[0]);
        let known: Vec<Rehearsal> = past.iter().filter(|made| made.at < 100).cloned().collect();
        assert_eq!(Reaches::of(&series, 100, &known, 10), early);
    }

    #[test]
    fn a_calm_past_narrows_hardly_and_little_is_learned_from_little() {
        let (calm, wild) = (vec![[0.5, 0.5]; 300], vec![[2.0, 2.0]; 300]);
        assert_eq!(Widening::learned(&[], 0), Widening(USUAL_STRAIN));
        let Widening(narrow) = Widening::learned(&calm, 1000);
        assert!((1.0..1.01).contains(&narrow[0]) && (0.95..0.96).contains(&narrow[1]), "{narrow:?}");
        let (few, many) = (Widening::learned(&wild, 1).0[0], Widening::learned(&wild, 100).0[0]);
        assert!(few < 1.3 && many > 1.9, "{few} {many}");
    }

    #[test]
    fn what_was_unusual_a_year_ago_counts_more() {
        // Foretold 10, came 10 and 11 in turn, but for twenty days a year before the end, and as many half a year before.
        let came =
            |unusual: usize| move |day: usize| if day.abs_diff(unusual) <= 10 { 30.0 } else { 10.0 + (day % 2) as f64 };
        let past: Vec<Rehearsal> = (60..600).step_by(15).map(|at| made(at, 10.0)).collect();
        let reach = |unusual: usize| Reaches::of(&series((0..600).map(came(unusual))), 600, &past, 10).days[0].above[0];
        let (year, half) = (reach(600 - YEAR), reach(600 - YEAR / 2));
        assert!(year > 1.1 * half, "{year} {half}");
    }

    #[test]
    fn the_wider_band_holds_the_narrower_and_neither_falls_below_the_floor() {
        let reach = Reach { below: [2.0, 3.0], above: [1.0, 4.0] };
        assert_eq!(reach.around(10.0, [1.0, 1.0], 0.0), [(8.0, 11.0), (7.0, 14.0)]);
        assert_eq!(reach.around(10.0, [3.0, 1.0], 0.0), [(4.0, 13.0), (4.0, 14.0)]);
        assert_eq!(reach.around(1.0, [1.0, 1.0], 0.0), [(0.0, 2.0), (0.0, 5.0)]);
        assert_eq!((reach.strain(-3.0), reach.strain(0.0)), ([1.5, 1.0], [0.0, 0.0]));
    }

    #[test]
    fn a_constant_series_has_no_bands() {
        let series = series((0..WEEK * 20).map(|_| 5.0));
        let past = rehearsals(&series, 110, 10, 10, 99);
        let reaches = Reaches::of(&series, 140, &past, 10);
        assert!(reaches.days.iter().all(|day| day.below[1] < 1e-9 && day.above[1] < 1e-9), "{:?}", reaches.days[0]);
    }
}
