//! How does each method continue a history, and how do all of them together?

use augurs::ets::model::{ErrorComponent, ModelType, SeasonalComponent, TrendComponent, Unfit};
use augurs::mstl::stlrs::MstlParams;
use augurs::prelude::Predict;
use serde::Serialize;

use super::season::{WEEK, Week};
use super::theta::theta;
use super::yearly::Yearly;

/// The week's shape is learned from no more than so many days.
const LOOK_BACK: usize = 2 * 365;
/// The level is continued from the latest year: what was before tells nothing about the next weeks.
const YEAR: usize = 365;
/// Steps of the search for the best smoothing, at most.
const MOST_STEPS: usize = 400;
/// The flat method's days.
const RECENT: usize = 28;
/// Theta's weeks, at most.
const WEEKS: usize = 78;

/// One way to continue a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Exponential smoothing of the level; whether with a (damped) trend is chosen by its corrected information criterion.
    Ets,
    /// [`theta`] of the weeks' mean levels.
    Theta,
    /// Trend and a drifting weekly shape by loess (MSTL), the trend continued by exponential smoothing.
    Mstl,
    /// The mean level of the last four weeks.
    Recent,
}

impl Method {
    /// All, in the order of [`Told::each`].
    pub const ALL: [Self; 4] = [Self::Ets, Self::Theta, Self::Mstl, Self::Recent];

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ets => "ETS",
            Self::Theta => "theta",
            Self::Mstl => "MSTL",
            Self::Recent => "mean of four weeks",
        }
    }
}

/// What the methods say, day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What each says, in the order of [`Method::ALL`].
    pub each: [Vec<f64>; 4],
    /// What the time of the year does to it.
    pub year: Yearly,
    /// The forecast: their mean. Plain at first; where earlier forecasts tell what each is worth, weighted by that and brought to the
    /// time of the year.
    pub mean: Vec<f64>,
}

/// The same day of the week before: the simple answer every forecast is measured by.
#[must_use]
pub fn seasonal_naive(history: &[f64], horizon: usize) -> Vec<f64> {
    let n = history.len();
    let day = |h: usize| if n < WEEK { history.last().copied().unwrap_or(0.0) } else { history[n - WEEK + h % WEEK] };
    (0..horizon).map(day).collect()
}

/// Continues a history that begins on any day of the week and has no holes. Nothing falls below zero where nothing in the
/// history did.
#[must_use]
pub fn told(whole: &[f64], horizon: usize) -> Told {
    let history = latest(whole, LOOK_BACK);
    // In units of its own mean size, so that the same history in cents is continued the same.
    let size = history.iter().map(|value| value.abs()).sum::<f64>() / history.len().max(1) as f64;
    if size <= 0.0 {
        let none = vec![0.0; horizon];
        return Told { each: [0; 4].map(|_| none.clone()), year: Yearly::none(horizon), mean: none };
    }
    let unit: Vec<f64> = history.iter().map(|value| value / size).collect();
    let floor = if unit.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
    let week = Week::of(&unit);
    let all = week.off(&unit);
    let levels = latest(&all, YEAR);
    let recent = latest(levels, RECENT);
    let flat = vec![recent.iter().sum::<f64>() / recent.len() as f64; horizon];
    let sane = |told: Option<Vec<f64>>| told.map_or_else(|| flat.clone(), |told| within(levels, told));
    let finish = |told: Vec<f64>| told.into_iter().map(|value| value.max(floor) * size).collect::<Vec<f64>>();
    let on = |levels: &[f64]| finish(week.on(history.len(), levels));
    let drawn_in = week.on(all.len() - levels.len(), levels);
    let each = [
        on(&sane(ets(levels, horizon))),
        on(&sane(Some(theta_of_weeks(&all, horizon)))),
        mstl(&drawn_in, horizon).map_or_else(|| on(&flat), |told| finish(within(&drawn_in, told))),
        on(&flat),
    ];
    let mut year = Yearly::of(&years_of(whole, size, &week), horizon);
    if !year.multiplies {
        year.by.iter_mut().for_each(|by| *by *= size);
    }
    let mut told = Told { each, year, mean: Vec::new() };
    told.mean = told.weighted(&[0.25; 4]);
    told
}

impl Told {
    /// The methods' weighted mean.
    #[must_use]
    pub fn weighted(&self, weights: &[f64; 4]) -> Vec<f64> {
        let day = |h: usize| self.each.iter().zip(weights).map(|(told, weight)| told[h] * weight).sum();
        (0..self.year.by.len()).map(day).collect()
    }
}

/// The whole history's levels; the shape is that of its latest years.
fn years_of(whole: &[f64], size: f64, week: &Week) -> Vec<f64> {
    let unit: Vec<f64> = whole.iter().map(|value| value / size).collect();
    week.beginning(whole.len().saturating_sub(LOOK_BACK)).off(&unit)
}

/// Theta of whole weeks' means, each of its weeks as it says.
fn theta_of_weeks(levels: &[f64], horizon: usize) -> Vec<f64> {
    let mean = |week: &[f64]| week.iter().sum::<f64>() / WEEK as f64;
    let mut weeks: Vec<f64> = levels.rchunks_exact(WEEK).take(WEEKS).map(mean).collect();
    if weeks.is_empty() {
        return theta(levels, horizon);
    }
    weeks.reverse();
    let told = theta(&weeks, horizon.div_ceil(WEEK));
    (0..horizon).map(|h| told[h / WEEK]).collect()
}

fn latest(values: &[f64], most: usize) -> &[f64] {
    &values[values.len().saturating_sub(most)..]
}

/// Held within the history's own span beyond its extremes: a method that runs away is stopped there.
fn within(history: &[f64], told: Vec<f64>) -> Vec<f64> {
    let low = history.iter().copied().fold(f64::INFINITY, f64::min);
    let high = history.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = high - low;
    told.into_iter().map(|value| value.clamp(low - span, high + span)).collect()
}

/// Exponential smoothing without a season (the crate has none yet), with no trend or a damped one, whichever has the lower
/// corrected information criterion; `None` where nothing can be fitted, as to a constant.
fn ets(levels: &[f64], horizon: usize) -> Option<Vec<f64>> {
    let fitted = [(TrendComponent::None, false), (TrendComponent::Additive, true)].map(|(trend, damped)| {
        let kind = ModelType { error: ErrorComponent::Additive, trend, season: SeasonalComponent::None };
        Unfit::new(kind)
            .damped(damped)
            .max_iterations(MOST_STEPS)
            .fit(levels)
            .ok()
            .filter(|model| model.aicc().is_finite())
    });
    let best = fitted.into_iter().flatten().min_by(|a, b| a.aicc().total_cmp(&b.aicc()))?;
    finite(best.predict(horizon, None).ok()?.point)
}

fn mstl(history: &[f64], horizon: usize) -> Option<Vec<f64>> {
    // The crate reckons in single precision: enough for a shape, and the level is taken from the history itself.
    let single: Vec<f32> = history.iter().map(|value| *value as f32).collect();
    let parts = MstlParams::new().fit(&single, &[WEEK]).ok()?;
    let shape: Vec<f64> = parts.seasonal().first()?.iter().map(|value| f64::from(*value)).collect();
    let levels: Vec<f64> = history.iter().zip(&shape).map(|(value, shape)| value - shape).collect();
    let told = ets(&levels, horizon)?;
    let last = &shape[shape.len() - WEEK..];
    finite(told.iter().enumerate().map(|(h, level)| level + last[h % WEEK]).collect())
}

fn finite(told: Vec<f64>) -> Option<Vec<f64>> {
    told.iter().all(|value| value.is_finite()).then_some(told)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::models::dice::Dice;

    fn noisy(days: usize, seed: u64) -> Vec<f64> {
        let mut dice = Dice::new(seed);
        let shape = [1.0, 1.2, 1.1, 1.0, 1.4, 0.6, 0.2];
        (0..days).map(|day| (100.0 + day as f64 / 10.0) * shape[day % 7] * (0.8 + 0.4 * dice.unit())).collect()
    }

    #[test]
    fn the_simple_answer_repeats_the_last_week() {
        let history: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(seasonal_naive(&history, 9), [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 3.0, 4.0]);
        assert_eq!(seasonal_naive(&[2.0], 2), [2.0, 2.0]);
    }

    #[test]
    fn a_week_that_repeats_is_continued_by_every_method() {
        let history: Vec<f64> = (0..210).map(|day| [5.0, 8.0, 8.0, 9.0, 12.0, 3.0, 4.0][day % 7]).collect();
        let told = told(&history, 14);
        for (method, each) in Method::ALL.iter().zip(&told.each) {
            for (ahead, value) in each.iter().enumerate() {
                assert!((value - history[ahead]).abs() < 0.8, "{} on day {ahead}: {value}", method.name());
            }
        }
    }

    #[test]
    fn nothing_is_continued_as_nothing_and_little_as_little() {
        assert_eq!(told(&[0.0; 90], 3).mean, [0.0; 3]);
        assert_eq!(told(&[], 2).mean, [0.0; 2]);
        assert!(told(&[3.0, 4.0], 2).mean.iter().all(|value| (3.0..=4.0).contains(value)));
    }

    #[test]
    fn a_trend_that_runs_away_is_stopped_within_the_historys_own_span() {
        let history: Vec<f64> = (0..120).map(|day| 1.2_f64.powi(day)).collect();
        let most = history[119];
        assert!(told(&history, 180).mean.iter().all(|value| value.is_finite() && *value <= 2.5 * most));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn a_constant_stays(value in 0.01_f64..1e7, days in 1_usize..200) {
            for each in told(&vec![value; days], 30).each {
                prop_assert!(each.iter().all(|told| (told - value).abs() < 1e-6 * value));
            }
        }

        #[test]
        fn in_cents_it_is_the_same(seed in 0_u64..1000, power in -6_i32..7) {
            let history = noisy(150, seed);
            let times = 2.0_f64.powi(power);
            let scaled: Vec<f64> = history.iter().map(|value| value * times).collect();
            for (a, b) in told(&history, 30).mean.iter().zip(told(&scaled, 30).mean) {
                prop_assert!((a * times - b).abs() < 1e-6 * b.abs());
            }
        }

        #[test]
        fn what_never_fell_below_zero_does_not(seed in 0_u64..1000, off in 0.0_f64..120.0) {
            let history: Vec<f64> = noisy(120, seed).into_iter().map(|value| (value - off).max(0.0)).collect();
            let told = told(&history, 30);
            prop_assert!(told.each.iter().flatten().all(|value| *value >= 0.0 && value.is_finite()));
        }
    }
}
