//! What will the next days bring, from the last day that is known on?

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use super::backtest::floor;
use super::bands::{FEWEST_DAYS, Reach, Reaches};
use super::daily::Daily;
use super::figures::quantile;
use super::rehearsed::{Widenings, rehearse};

/// One day that has not come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayAhead {
    /// Which.
    pub day: NaiveDate,
    /// What is expected.
    pub point: f64,
    /// The 80 % band.
    pub of_80: (f64, f64),
    /// The 95 % band.
    pub of_95: (f64, f64),
}

/// The days ahead of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Day by day.
    pub days: Vec<DayAhead>,
    /// Past errors of the total up to each day, rising, as wide as they must be; few or none: it cannot be said.
    totals: Vec<Vec<f64>>,
    /// Nothing falls below it.
    floor: Option<f64>,
}

/// The outlook of each series, in order; `None` of one that is shorter than eight weeks. Bands are widened by what came of all.
#[must_use]
pub fn outlooks(all: &[Daily], horizon: usize) -> Vec<Option<Outlook>> {
    let rehearsed = rehearse(all, horizon, 0, 0);
    let mut widenings = Widenings::default();
    rehearsed
        .iter()
        .map(|one| {
            let (series, at) = (one.series, one.series.len());
            let made = one.past.last().filter(|made| made.at == at && at >= FEWEST_DAYS)?;
            let reaches = Reaches::of(series, at, &one.past, horizon);
            let widened = widenings.on(series.day(at), reaches.learned, &rehearsed);
            let floor = floor(series.before(at));
            let days = reaches.days.iter().zip(&made.told.mean).enumerate().map(|(ahead, (reach, point))| {
                let [of_80, of_95] = Reach::around(reach, *point, widened.days.0, floor);
                DayAhead { day: series.day(at + ahead), point: *point, of_80, of_95 }
            });
            let days = days.collect();
            let wide = widened.total.0[0];
            let totals = reaches.totals.iter().map(|totals| totals.iter().map(|off| off * wide).collect()).collect();
            Some(Outlook { days, totals, floor: floor.is_finite().then_some(floor) })
        })
        .collect()
}

impl Outlook {
    /// What the first so many days come to.
    #[must_use]
    pub fn total(&self, days: usize) -> f64 {
        self.days.iter().take(days).map(|day| day.point).sum()
    }

    /// The band of that total at a level (0–1), from the errors of totals and never the sum of daily bands; `None` where too few
    /// are known.
    #[must_use]
    pub fn total_band(&self, days: usize, level: f64) -> Option<(f64, f64)> {
        let (total, off) = (self.total(days), self.off(days)?);
        let floor = self.floor.unwrap_or(f64::NEG_INFINITY);
        let edge = |p: f64| total + quantile(off, p);
        Some((edge((1.0 - level) / 2.0).min(total).max(floor), edge((1.0 + level) / 2.0).max(total)))
    }

    /// Chance that the first so many days come to more than a limit: of past errors, each spread a little (a kernel estimate,
    /// bandwidth by Silverman 1986), since there are few; `None` where too few are known.
    #[must_use]
    pub fn chance_over(&self, days: usize, limit: f64) -> Option<f64> {
        if days == 0 {
            return Some(if limit < 0.0 { 1.0 } else { 0.0 });
        }
        let (total, off) = (self.total(days), self.off(days)?);
        let n = off.len() as f64;
        let mean = off.iter().sum::<f64>() / n;
        let spread = (off.iter().map(|off| (off - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        // Forecasts of every other week share half of their days.
        let width = 1.06 * spread * (n / 2.0).powf(-0.2);
        let Ok(kernel) = Normal::new(0.0, width.max(1e-9 * total.abs().max(1.0))) else { return None };
        Some(off.iter().map(|off| kernel.cdf(total + off - limit)).sum::<f64>() / n)
    }

    fn off(&self, days: usize) -> Option<&[f64]> {
        /// From fewer nothing is said.
        const FEWEST: usize = 8;
        self.totals.get(days.checked_sub(1)?).map(Vec::as_slice).filter(|off| off.len() >= FEWEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dice::Dice;

    fn series(days: usize, noise: f64) -> Daily {
        let mut dice = Dice::new(2);
        let values = (0..days).map(|day| {
            Some([100.0, 120.0, 110.0, 100.0, 140.0, 60.0, 20.0][day % 7] * (1.0 + noise * (dice.unit() - 0.5)))
        });
        Daily::new("a", NaiveDate::from_ymd_opt(2025, 1, 6).unwrap(), &values.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn it_begins_on_the_day_after_the_last_and_its_bands_hold_the_point() {
        let outlook = outlooks(&[series(300, 0.4)], 30).remove(0).unwrap();
        assert_eq!((outlook.days.len(), outlook.days[0].day), (30, NaiveDate::from_ymd_opt(2025, 11, 2).unwrap()));
        for day in &outlook.days {
            assert!(0.0 <= day.of_95.0 && day.of_95.0 <= day.of_80.0 && day.of_80.0 <= day.point, "{day:?}");
            assert!(day.point <= day.of_80.1 && day.of_80.1 <= day.of_95.1, "{day:?}");
        }
        assert!(outlooks(&[series(50, 0.4)], 30)[0].is_none());
    }

    #[test]
    fn the_total_is_surer_than_its_days_and_the_chance_falls_with_the_limit() {
        let outlook = outlooks(&[series(400, 0.4)], 30).remove(0).unwrap();
        let total = outlook.total(30);
        assert!((total / (650.0 / 7.0 * 30.0) - 1.0).abs() < 0.06, "{total}");
        let (low, high) = outlook.total_band(30, 0.8).unwrap();
        let daily: f64 = outlook.days.iter().map(|day| day.of_80.1 - day.of_80.0).sum();
        assert!(low < total && total < high && high - low < 0.6 * daily, "{low} {total} {high} {daily}");
        let chance = |limit: f64| outlook.chance_over(30, limit).unwrap();
        assert!(
            chance(0.8 * total) > 0.98 && chance(1.2 * total) < 0.02,
            "{} {}",
            chance(0.8 * total),
            chance(1.2 * total)
        );
        assert!((0.2..0.8).contains(&chance(total)) && chance(low) > chance(total) && chance(total) > chance(high));
        assert_eq!((outlook.chance_over(0, 5.0), outlook.chance_over(31, 5.0)), (Some(0.0), None));
    }
}
