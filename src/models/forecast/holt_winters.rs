//! Holt–Winters without a trend: a level and a shape of the week that both learn from each day.

use super::season::WEEK;

/// How fast the level learns, and how fast the shape: each pair is tried.
const LEVEL: [f64; 6] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.6];
const SHAPE: [f64; 5] = [0.0, 0.02, 0.05, 0.1, 0.2];
/// Weeks that the first shape is taken from, at most.
const FIRST_WEEKS: usize = 8;
/// Days that are not yet judged.
const SETTLING: usize = 4 * WEEK;
/// Errors count by this power: a day far off counts less than squared, more than plain.
const POWER: f64 = 1.5;

/// Continues by the pair that would have told each next day best (additive season, Holt 1957 and Winters 1960); `None` of less
/// than two weeks more than what settles.
#[must_use]
pub fn holt_winters(history: &[f64], horizon: usize) -> Option<Vec<f64>> {
    if history.len() < SETTLING + 2 * WEEK {
        return None;
    }
    let start = State::first(history);
    let tried = LEVEL.iter().flat_map(|level| SHAPE.map(|shape| start.run(history, *level, shape)));
    let (_, best) = tried.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((0..horizon).map(|h| best.level + best.shape[(history.len() + h) % WEEK]).collect())
}

#[derive(Clone, Copy)]
struct State {
    level: f64,
    shape: [f64; WEEK],
}

impl State {
    /// The means of the first weeks.
    fn first(history: &[f64]) -> Self {
        let weeks = (history.len() / WEEK).min(FIRST_WEEKS);
        let level = history[..weeks * WEEK].iter().sum::<f64>() / (weeks * WEEK) as f64;
        let of_day = |day: usize| (0..weeks).map(|week| history[week * WEEK + day]).sum::<f64>() / weeks as f64;
        Self { level, shape: std::array::from_fn(|day| of_day(day) - level) }
    }

    /// Its errors over the history, and the state at the end.
    fn run(mut self, history: &[f64], level: f64, shape: f64) -> (f64, Self) {
        let mut errors = 0.0;
        for (at, value) in history.iter().enumerate() {
            let error = value - self.level - self.shape[at % WEEK];
            if at >= SETTLING {
                errors += error.abs().powf(POWER);
            }
            self.level += level * error;
            self.shape[at % WEEK] += shape * (1.0 - level) * error;
        }
        (errors, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_that_repeats_is_repeated_and_a_new_level_is_found() {
        let week = [5.0, 8.0, 8.0, 9.0, 12.0, 3.0, 4.0];
        let history: Vec<f64> = (0..200).map(|day| week[day % 7] + if day < 100 { 0.0 } else { 20.0 }).collect();
        let told = holt_winters(&history, 14).unwrap();
        for (h, value) in told.iter().enumerate() {
            assert!((value - week[(200 + h) % 7] - 20.0).abs() < 0.1, "{told:?}");
        }
    }

    #[test]
    fn by_hand_of_one_day() {
        // Level 10 and no shape, then 16: off by 6. The level takes half, the shape a tenth of the other half.
        let start = State { level: 10.0, shape: [0.0; WEEK] };
        let (errors, end) = start.run(&[16.0], 0.5, 0.1);
        assert_eq!((errors, end.level, end.shape[0], end.shape[1]), (0.0, 13.0, 6.0 * 0.05, 0.0));
    }

    #[test]
    fn a_shape_that_changes_is_learned() {
        let shape = |day: usize| if day < 150 { [0.0, 6.0] } else { [6.0, 0.0] };
        let history: Vec<f64> =
            (0..330).map(|day| 10.0 + if day % 7 < 2 { shape(day)[day % 7] } else { 0.0 }).collect();
        let told = holt_winters(&history, 7).unwrap();
        // Day 330 is the second of a week.
        assert!(told[0] < 11.5 && told[6] > 14.5, "{told:?}");
    }

    #[test]
    fn of_too_few_days_nothing_is_told() {
        assert_eq!(holt_winters(&[1.0; 41], 3), None);
    }
}
