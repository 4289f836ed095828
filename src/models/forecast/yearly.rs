//! What did the same weeks of earlier years bring, beside the weeks before them?

use super::season::WEEK;

/// A year of whole weeks.
const YEAR: usize = 52 * WEEK;
/// The level before is that of so many days.
const BEFORE: usize = 4 * WEEK;
/// Days on either side of a day that make its level.
const AROUND: usize = WEEK;
/// Days that must be known before a year is looked back on: what is learned in the first weeks is not worth much.
const FEWEST: usize = 90;
/// Years that are looked back on, at most.
const MOST_YEARS: usize = 3;
/// Years without a season that are added to them.
const DOUBT: f64 = 0.7;
/// Below this share of the usual size a level is no measure for another.
const LEAST: f64 = 0.05;
/// A level is not taken for more than so many times the other.
const MOST: f64 = 3.0;

/// What the time of the year does to the level of each day ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Yearly {
    /// What it is multiplied by, or what is added to it.
    pub by: Vec<f64>,
    /// Which of the two.
    pub multiplies: bool,
}

impl Yearly {
    /// Nothing, for so many days.
    #[must_use]
    pub fn none(horizon: usize) -> Self {
        Self { by: vec![1.0; horizon], multiplies: true }
    }

    /// How the same days of earlier years stood to the four weeks before the same date: in the geometric mean of the years, or where
    /// something is below zero, by the mean difference. `levels` is without the week's shape and of a usual size of about 1. Nothing
    /// where not a whole year is known.
    #[must_use]
    pub fn of(levels: &[f64], horizon: usize) -> Self {
        let n = levels.len();
        if n < YEAR + FEWEST {
            return Self::none(horizon);
        }
        let multiplies = levels.iter().all(|level| *level >= 0.0);
        let mean = |from: usize, to: usize| levels[from..to].iter().sum::<f64>() / (to - from) as f64;
        let years = ((n - FEWEST) / YEAR).min(MOST_YEARS);
        let change = |ahead: usize| {
            let (mut sum, mut known) = (0.0, 0.0);
            for back in (1..=years).map(|years| years * YEAR) {
                let before = mean(n - back - BEFORE, n - back);
                // So far ahead that it lies beyond what is known.
                let Some(day) = (n + ahead).checked_sub(back).filter(|day| day + AROUND < n) else { continue };
                let then = mean(day - AROUND, day + AROUND + 1);
                if !multiplies {
                    sum += then - before;
                    known += 1.0;
                } else if before > LEAST {
                    sum += (then / before).clamp(1.0 / MOST, MOST).ln();
                    known += 1.0;
                }
            }
            let usual = sum / (known + DOUBT);
            if multiplies { usual.exp() } else { usual }
        };
        Self { by: (0..horizon).map(change).collect(), multiplies }
    }

    /// Levels with so much of it: the whole at 1, nothing at 0.
    #[must_use]
    pub fn on(&self, levels: &[f64], part: f64) -> Vec<f64> {
        let day = |(level, by): (&f64, &f64)| if self.multiplies { level * by.powf(part) } else { level + by * part };
        levels.iter().zip(&self.by).map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_of_one_year_with_a_high_month() {
        // Twice as much in the thirty days that begin 364 days before the end.
        let levels: Vec<f64> = (0..500).map(|day| if (136..166).contains(&day) { 2.0 } else { 1.0 }).collect();
        let times = Yearly::of(&levels, 40).by;
        // ln 2 of one year known and 0.7 without: 2^(1 / 1.7).
        let full = 2.0_f64.powf(1.0 / 1.7);
        assert!((times[10] - full).abs() < 1e-12 && (times[20] - full).abs() < 1e-12, "{times:?}");
        // On the first day seven of the fifteen days around it were still as before.
        assert!((times[0] - (23.0_f64 / 15.0).powf(1.0 / 1.7)).abs() < 1e-12, "{times:?}");
        assert!((times[38] - 1.0).abs() < 1e-12, "{times:?}");
    }

    #[test]
    fn below_zero_the_difference_is_added() {
        let levels: Vec<f64> = (0..500).map(|day| if (136..166).contains(&day) { 2.0 } else { -1.0 }).collect();
        let year = Yearly::of(&levels, 20);
        // A difference of 3 in one year known, none in 0.7.
        assert!(!year.multiplies && (year.by[10] - 3.0 / 1.7).abs() < 1e-12, "{year:?}");
        assert_eq!(year.on(&[1.0; 20], 0.0), [1.0; 20]);
        assert!((year.on(&[1.0; 20], 0.5)[10] - 1.0 - 1.5 / 1.7).abs() < 1e-12);
    }

    #[test]
    fn without_a_whole_year_there_is_no_season() {
        assert_eq!(Yearly::of(&[1.0; 440], 2), Yearly::none(2));
        assert_eq!(Yearly::none(2).on(&[3.0, 4.0], 0.5), [3.0, 4.0]);
    }

    #[test]
    fn nothing_before_is_no_measure_and_a_far_day_lies_beyond_what_is_known() {
        let levels: Vec<f64> = (0..500).map(|day| f64::from(u8::from(day >= 136))).collect();
        assert_eq!(Yearly::of(&levels, 3).by, [1.0; 3]);
        assert!(Yearly::of(&vec![1.0; 500], 400).by.iter().all(|times| (times - 1.0).abs() < 1e-12));
    }
}
