//! Would it have been right? Every series is forecast from several days of its past, and compared with what came.

use super::bands::{FEWEST_DAYS, LEVELS, windows};
use super::daily::Daily;
use super::figures::{interval_score, mase, smape, total_error};
use super::methods::{Method, seasonal_naive};
use super::rehearsed::{Rehearsed, Tried, Widenings, rehearse};
use super::report::{BandFigures, ForecastReport, PointFigures, SeriesFigures, WeekAhead};
use super::season::WEEK;
use crate::{Error, Result};

/// The two standard normal quantiles of [`LEVELS`].
const NORMAL: [f64; 2] = [1.281_551_566, 1.959_963_985];

/// What is to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Rolling<'a> {
    /// The series, each judged on its own days.
    pub series: &'a [Daily],
    /// Days ahead.
    pub horizon: usize,
    /// Windows of so many days, one before the other, the last at each series' end.
    pub windows: usize,
}

/// One window of one series.
#[derive(Debug, Default, Clone)]
pub(super) struct Window {
    /// By [`Method::ALL`], then the combination, then the same day of the week before.
    points: Vec<[Option<f64>; 3]>,
    bands: Tally,
    naive: Tally,
    by_week: Vec<Tally>,
}

/// What fell inside bands.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    days: usize,
    inside: [usize; 2],
    score: [f64; 2],
    scored: usize,
    totals: usize,
    totals_inside: [usize; 2],
}

impl Tally {
    fn take(&mut self, bands: [(f64, f64); 2], came: f64, usual: f64) {
        self.days += 1;
        self.scored += usize::from(usual > 0.0);
        for (i, (low, high)) in bands.into_iter().enumerate() {
            self.inside[i] += usize::from(holds(low, high, came));
            if usual > 0.0 {
                self.score[i] += interval_score(low, high, came, LEVELS[i]) / usual;
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.days += other.days;
        self.scored += other.scored;
        self.totals += other.totals;
        for i in 0..LEVELS.len() {
            self.inside[i] += other.inside[i];
            self.score[i] += other.score[i];
            self.totals_inside[i] += other.totals_inside[i];
        }
    }

    fn figures(&self) -> BandFigures {
        let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
        let score = |i: usize| (self.scored > 0).then(|| self.score[i] / self.scored as f64);
        BandFigures {
            coverage_80: share(self.inside[0], self.days),
            coverage_95: share(self.inside[1], self.days),
            interval_score_80: score(0),
            interval_score_95: score(1),
            total_coverage_80: share(self.totals_inside[0], self.totals),
            total_coverage_95: share(self.totals_inside[1], self.totals),
        }
    }
}

/// Whether a value is in a band, its edges with what reckoning loses.
fn holds(low: f64, high: f64, value: f64) -> bool {
    let hair = 1e-9 * value.abs().max(high - low);
    low - hair <= value && value <= high + hair
}

/// Forecasts and compares. Everything that is said of a window was learned from days before it.
///
/// # Errors
/// [`Error::Invalid`] where no series is long enough.
pub fn backtest(rolling: &Rolling<'_>) -> Result<ForecastReport> {
    let Rolling { series, horizon, windows: wished } = *rolling;
    if !(1..=180).contains(&horizon) || !(1..=24).contains(&wished) {
        return Err(Error::Invalid("a horizon is 1 to 180 days, and there are 1 to 24 windows".into()));
    }
    let mut notes = too_short(series, horizon, wished);
    let rehearsed = rehearse(series, horizon, wished, horizon);
    let mut widenings = Widenings::default();
    let (mut judged, mut without_past) = (Vec::new(), 0);
    for one in &rehearsed {
        let tried: Vec<&Tried> =
            one.tried.iter().filter(|tried| tried.at + wished * horizon >= one.series.len()).collect();
        without_past += tried.iter().filter(|tried| !tried.reaches.learned).count();
        let windows: Vec<Window> =
            tried.into_iter().map(|tried| window(one, tried, &rehearsed, &mut widenings)).collect();
        if !windows.is_empty() {
            judged.push((one.series, windows));
        }
    }
    if judged.is_empty() {
        return Err(Error::Invalid(format!(
            "no series is long enough: {} days are needed, eight weeks to learn from and {horizon} to judge by",
            FEWEST_DAYS + horizon
        )));
    }
    if without_past > 0 {
        notes.push(format!(
            "in {without_past} windows there was too little before to learn bands from: they are a rule of thumb there"
        ));
    }
    Ok(report(rolling, &judged, notes))
}

fn too_short(series: &[Daily], horizon: usize, wished: usize) -> Vec<String> {
    let count = |few: &dyn Fn(usize) -> bool| {
        let names: Vec<&str> = series
            .iter()
            .filter(|one| few(windows(one.len(), horizon).take(wished).count()))
            .map(|one| one.name.as_str())
            .collect();
        let some = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        (names.len(), format!("{some}{}", if names.len() > 5 { ", …" } else { "" }))
    };
    let mut notes = Vec::new();
    let (none, names) = count(&|n| n == 0);
    if none > 0 {
        notes.push(format!(
            "{none} series have less than {} days and are left out: {names}; eight weeks of history are the least",
            FEWEST_DAYS + horizon
        ));
    }
    let (fewer, names) = count(&|n| n > 0 && n < wished);
    if fewer > 0 {
        notes.push(format!("{fewer} series are too short for {wished} windows and have fewer: {names}"));
    }
    notes
}

fn window(one: &Rehearsed<'_>, tried: &Tried, all: &[Rehearsed<'_>], widenings: &mut Widenings) -> Window {
    let (series, at) = (one.series, tried.at);
    let history = series.before(at);
    let Some(made) = one.past.iter().find(|made| made.at == at) else { return Window::default() };
    let horizon = made.told.mean.len();
    let came: Vec<Option<f64>> = (0..horizon).map(|ahead| series.at(at + ahead)).collect();
    let usual = series.weekly_change(0, at);
    let naive = seasonal_naive(history, horizon);
    let all_told = made.told.each.iter().chain([&made.told.mean, &naive]);
    let points =
        all_told.map(|told| [mase(told, &came, usual), smape(told, &came), total_error(told, &came)]).collect();
    let mut window = Window { points, by_week: vec![Tally::default(); horizon.div_ceil(WEEK)], ..Window::default() };
    let floor = floor(history);
    let widened = widenings.on(series.day(at), tried.reaches.learned, all);
    let spread = weekly_spread(series, at);
    for (ahead, value) in came.iter().enumerate() {
        let Some(value) = *value else { continue };
        let bands = tried.reaches.days[ahead].around(made.told.mean[ahead], widened.days.0, floor);
        window.bands.take(bands, value, usual);
        window.by_week[ahead / WEEK].take(bands, value, usual);
        let reach = spread * ((ahead / WEEK + 1) as f64).sqrt();
        window.naive.take(
            NORMAL.map(|z| ((naive[ahead] - z * reach).max(floor), naive[ahead] + z * reach)),
            value,
            usual,
        );
    }
    let known =
        |values: &[f64]| values.iter().zip(&came).filter(|(_, came)| came.is_some()).map(|(v, _)| v).sum::<f64>();
    if let Some(reach) = tried.reaches.of_total(horizon) {
        let (told, total) = (known(&made.told.mean), came.iter().flatten().sum::<f64>());
        window.bands.totals = 1;
        let bands = reach.around(told, widened.total.0, if floor == 0.0 { 0.0 } else { f64::NEG_INFINITY });
        window.bands.totals_inside = bands.map(|(low, high)| usize::from(holds(low, high, total)));
    }
    window
}

/// Nothing falls below zero where nothing ever did.
pub(super) fn floor(history: &[f64]) -> f64 {
    if history.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY }
}

/// Root mean square of the changes from week to week: the textbook band of the simple answer is made of it.
fn weekly_spread(series: &Daily, at: usize) -> f64 {
    let history = series.before(at);
    let n = history.len().saturating_sub(WEEK).max(1) as f64;
    (history.windows(WEEK + 1).map(|week| (week[WEEK] - week[0]).powi(2)).sum::<f64>() / n).sqrt()
}

fn report(rolling: &Rolling<'_>, judged: &[(&Daily, Vec<Window>)], notes: Vec<String>) -> ForecastReport {
    let all: Vec<&Window> = judged.iter().flat_map(|(_, windows)| windows).collect();
    let names =
        Method::ALL.map(Method::name).into_iter().chain(["all together: the forecast", "same day of the week before"]);
    let points: Vec<PointFigures> = names.enumerate().map(|(i, name)| point_figures(name, i, &all)).collect();
    let mut weeks = vec![Tally::default(); rolling.horizon.div_ceil(WEEK)];
    let (mut bands, mut naive) = (Tally::default(), Tally::default());
    for window in &all {
        bands.add(&window.bands);
        naive.add(&window.naive);
        weeks.iter_mut().zip(&window.by_week).for_each(|(sum, week)| sum.add(week));
    }
    let by_week = weeks.iter().enumerate().map(|(week, tally)| {
        let figures = tally.figures();
        let to = ((week + 1) * WEEK).min(rolling.horizon);
        WeekAhead { from: week * WEEK + 1, to, coverage_80: figures.coverage_80, coverage_95: figures.coverage_95 }
    });
    let per_series = judged.iter().map(|(series, windows)| series_figures(series, windows)).collect();
    let (forecast, baseline) = (Method::ALL.len(), Method::ALL.len() + 1);
    ForecastReport::new(
        rolling,
        (all.len(), bands.days),
        (points[forecast].clone(), bands.figures()),
        (points[baseline].clone(), naive.figures()),
        points[..forecast].to_vec(),
        by_week.collect(),
        per_series,
        notes,
    )
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    (n > 0.0).then(|| sum / n)
}

fn point_figures(name: &str, which: usize, windows: &[&Window]) -> PointFigures {
    let of = |figure: usize| mean(windows.iter().filter_map(|window| window.points.get(which)?[figure]));
    PointFigures { name: name.into(), mase: of(0), smape: of(1), total_error: of(2) }
}

fn series_figures(series: &Daily, windows: &[Window]) -> SeriesFigures {
    let all: Vec<&Window> = windows.iter().collect();
    let forecast = Method::ALL.len();
    let mut bands = Tally::default();
    windows.iter().for_each(|window| bands.add(&window.bands));
    let point = point_figures("", forecast, &all);
    SeriesFigures {
        series: series.name.clone(),
        first: series.first,
        last: series.day(series.len() - 1),
        unknown_days: series.unknown(),
        windows: windows.len(),
        mase: point.mase,
        mase_baseline: point_figures("", forecast + 1, &all).mase,
        smape: point.smape,
        total_error: point.total_error,
        bands: bands.figures(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::models::dice::Dice;

    /// Shops whose level drifts, with a week's shape and noise that grows with the level.
    fn shops(count: u64, days: usize) -> Vec<Daily> {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        (0..count)
            .map(|shop| {
                let mut dice = Dice::new(shop + 1);
                let mut level = 50.0 + 400.0 * dice.unit();
                let values = (0..days).map(|day| {
                    level *= 1.0 + 0.03 * (dice.unit() - 0.5);
                    let noise: f64 = (0..4).map(|_| dice.unit() - 0.5).sum();
                    Some((level * [1.0, 0.9, 0.9, 1.0, 1.3, 1.6, 0.3][day % 7] * (1.0 + 0.4 * noise)).max(0.0).round())
                });
                Daily::new(format!("shop {shop:02}"), first, &values.collect::<Vec<_>>()).unwrap()
            })
            .collect()
    }

    fn judged(series: &[Daily], windows: usize) -> ForecastReport {
        backtest(&Rolling { series, horizon: 30, windows }).unwrap()
    }

    #[test]
    fn the_combination_beats_the_week_before_and_each_method_and_its_bands_hold_what_they_say() {
        let report = judged(&shops(24, 400), 3);
        let mase = report.forecast.mase.unwrap();
        assert!(report.verdict.shown && mase < 0.9 * report.baseline.mase.unwrap(), "{report}");
        assert!(report.methods.iter().all(|method| mase < method.mase.unwrap()), "{report}");
        let (of_80, of_95) = (report.bands.coverage_80.unwrap(), report.bands.coverage_95.unwrap());
        assert!((0.78..=0.85).contains(&of_80) && (0.93..=0.97).contains(&of_95), "{report}");
        assert!(report.bands.interval_score_80 < report.baseline_bands.interval_score_80, "{report}");
        assert!(report.bands.interval_score_95 < report.baseline_bands.interval_score_95, "{report}");
        assert_eq!((report.series, report.windows, report.days), (24, 72, 72 * 30));
    }

    #[test]
    fn what_came_later_changes_nothing_that_was_said_before() {
        let short = shops(3, 300);
        let long = shops(3, 330);
        let told = |series: &[Daily], windows: usize| {
            let report = judged(series, windows);
            let bands = |one: &SeriesFigures| (one.bands.coverage_80, one.bands.interval_score_95);
            (report.forecast.clone(), report.per_series.iter().map(bands).collect::<Vec<_>>())
        };
        // The second window of the longer series is the first of the shorter; the windows before are in both.
        let (a, b) = (judged(&short, 1), judged(&long, 2));
        let alone = judged(&long, 1);
        let second = |both: Option<f64>, first: Option<f64>| 2.0 * both.unwrap() - first.unwrap();
        assert!((second(b.forecast.mase, alone.forecast.mase) - a.forecast.mase.unwrap()).abs() < 1e-9);
        let score = |report: &ForecastReport| report.bands.interval_score_95;
        assert!((second(score(&b), score(&alone)) - score(&a).unwrap()).abs() < 1e-9, "{b}\n{a}");
        assert_eq!(told(&short, 2), told(&short, 2));
    }

    #[test]
    fn a_series_that_never_changes_is_foretold_but_not_shown() {
        let days = vec![Some(5.0); 200];
        let flat = Daily::new("flat", NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(), &days).unwrap();
        let report = judged(std::slice::from_ref(&flat), 2);
        assert!(
            !report.verdict.shown && report.verdict.words.contains("every week is like the one before"),
            "{report}"
        );
        assert_eq!((report.forecast.smape, report.bands.coverage_80), (Some(0.0), Some(1.0)));
    }

    #[test]
    fn short_series_are_said_and_nothing_but_short_ones_is_refused() {
        let all = [shops(1, 60), shops(3, 95)].concat();
        let report = judged(&all, 3);
        assert_eq!((report.series, report.windows), (3, 3));
        let notes = report.notes.join("\n");
        for said in [
            "1 series have less than 86 days and are left out: shop 00",
            "3 series are too short for 3 windows",
            "a rule of thumb",
        ] {
            assert!(notes.contains(said), "{said}: {notes}");
        }
        let refused = backtest(&Rolling { series: &all[..1], horizon: 30, windows: 3 }).unwrap_err();
        assert!(refused.to_string().contains("86 days are needed"), "{refused}");
        assert!(backtest(&Rolling { series: &all, horizon: 0, windows: 3 }).is_err());
    }

    #[test]
    fn days_that_are_not_known_are_not_judged() {
        let whole = &shops(1, 300)[0];
        let days: Vec<Option<f64>> = (0..300).map(|at| whole.at(at).filter(|_| at % 10 != 3)).collect();
        let holes = Daily::new("holes", whole.first, &days).unwrap();
        let report = judged(std::slice::from_ref(&holes), 2);
        assert_eq!((report.days, report.per_series[0].unknown_days), (54, 30));
        assert!(report.forecast.mase.unwrap() < 1.2, "{report}");
    }
}
