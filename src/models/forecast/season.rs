//! The week's shape: what is taken off a series before its level is forecast, and put on again.

/// Days of a week.
pub const WEEK: usize = 7;
/// The shape is learned from so many of the latest weeks, at most.
const WEEKS: usize = 26;
/// Weeks without any shape that are added to them.
const DOUBT: f64 = 2.0;
/// A day of the week below this share of the mean is closed: it tells nothing about the level.
const CLOSED: f64 = 0.1;
/// What is further from the level around it than so many usual distances is drawn in before anything is learned.
const FAR: f64 = 3.5;

/// What each day of the week adds to the level or multiplies it by. Day 0 is the first day of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    shape: [f64; WEEK],
    multiplies: bool,
}

impl Week {
    /// The shape of a history's latest weeks: shares of the level where nothing is below zero, else differences to it.
    #[must_use]
    pub fn of(history: &[f64]) -> Self {
        let multiplies = history.iter().all(|value| *value >= 0.0) && history.iter().any(|value| *value > 0.0);
        let flat = Self { shape: [if multiplies { 1.0 } else { 0.0 }; WEEK], multiplies };
        if history.len() < 2 * WEEK {
            return flat;
        }
        let levels = around(history, WEEK / 2);
        let from = history.len().saturating_sub(WEEKS * WEEK);
        let mut of_day: [Vec<f64>; WEEK] = Default::default();
        for at in from..history.len() {
            if multiplies && levels[at] <= 0.0 {
                continue;
            }
            of_day[at % WEEK].push(if multiplies { history[at] / levels[at] } else { history[at] - levels[at] });
        }
        let mut shape: [f64; WEEK] = of_day.map(|values| trimmed_mean(values, flat.shape[0]));
        let mean = shape.iter().sum::<f64>() / WEEK as f64;
        if multiplies && mean <= 0.0 {
            return flat;
        }
        shape.iter_mut().for_each(|value| if multiplies { *value /= mean } else { *value -= mean });
        Self { shape, multiplies }
    }

    /// The same shape for a history that begins so many days earlier.
    #[must_use]
    pub fn beginning(&self, earlier: usize) -> Self {
        let back = (WEEK - earlier % WEEK) % WEEK;
        Self { shape: std::array::from_fn(|day| self.shape[(day + back) % WEEK]), ..*self }
    }

    /// The history without it, drawn in where a day is far from what is around it.
    #[must_use]
    pub fn off(&self, history: &[f64]) -> Vec<f64> {
        let levels = around(history, WEEK / 2);
        let level = |at: usize| {
            let share = self.shape[at % WEEK];
            match self.multiplies {
                true if share < CLOSED => levels[at],
                true => history[at] / share,
                false => history[at] - share,
            }
        };
        drawn_in(&(0..history.len()).map(level).collect::<Vec<_>>())
    }

    /// Levels of the days from `first` on, with it.
    #[must_use]
    pub fn on(&self, first: usize, levels: &[f64]) -> Vec<f64> {
        let day = |(h, level): (usize, &f64)| {
            let share = self.shape[(first + h) % WEEK];
            if self.multiplies { level * share } else { level + share }
        };
        levels.iter().enumerate().map(day).collect()
    }
}

/// Mean of the days up to `reach` before and after; at the ends, of the whole weeks' worth of days nearest.
fn around(values: &[f64], reach: usize) -> Vec<f64> {
    let (n, wide) = (values.len(), 2 * reach + 1);
    let mut sums = Vec::with_capacity(n + 1);
    sums.push(0.0);
    values.iter().for_each(|value| sums.push(sums[sums.len() - 1] + value));
    let mean = |at: usize| {
        let from = at.saturating_sub(reach).min(n.saturating_sub(wide));
        let to = (from + wide).min(n);
        (sums[to] - sums[from]) / (to - from) as f64
    };
    (0..n).map(mean).collect()
}

/// Mean without the tenth at either end, drawn a little to what it would be without a shape.
fn trimmed_mean(mut values: Vec<f64>, otherwise: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 10;
    let kept = &values[cut..values.len() - cut];
    (kept.iter().sum::<f64>() + DOUBT * otherwise) / (kept.len() as f64 + DOUBT)
}

/// The median.
#[must_use]
pub fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    let (_, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    *upper
}

fn drawn_in(levels: &[f64]) -> Vec<f64> {
    let n = levels.len();
    let usual: Vec<f64> = (0..n)
        .map(|at| {
            let from = at.saturating_sub(WEEK).min(n.saturating_sub(2 * WEEK + 1));
            median(&mut levels[from..(from + 2 * WEEK + 1).min(n)].to_vec())
        })
        .collect();
    let mut off: Vec<f64> = levels.iter().zip(&usual).map(|(level, usual)| (level - usual).abs()).collect();
    let far = FAR * 1.4826 * median(&mut off);
    if far <= 0.0 {
        return levels.to_vec();
    }
    levels.iter().zip(&usual).map(|(level, usual)| level.clamp(usual - far, usual + far)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of that shape, at these levels one week after the other.
    fn weeks(shape: [f64; WEEK], levels: impl Iterator<Item = f64>) -> Vec<f64> {
        levels.flat_map(|level| shape.map(|share| share * level)).collect()
    }

    #[test]
    fn the_shape_comes_off_and_goes_on_again() {
        let history = weeks([2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0], (0..40).map(|_| 10.0));
        let week = Week::of(&history);
        // By hand: 26 weeks' shares of the mean of 10 without two at either end, and two weeks without a shape:
        // (22 · 2 + 2 · 1) / 24 = 1.917.
        let on = week.on(history.len(), &[10.0; 7]);
        for (day, expected) in [(0, 19.1667), (1, 10.0), (6, 0.8333)] {
            assert!((on[day] - expected).abs() < 1e-3, "{on:?}");
        }
        let levels = week.off(&history);
        assert!(
            levels.iter().all(|level| (9.9..10.5).contains(level)),
            "a closed day takes the level around it: {levels:?}"
        );
    }

    #[test]
    fn of_a_history_that_begins_earlier_each_weekday_keeps_its_share() {
        let history = weeks([2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0], (0..40).map(|_| 10.0));
        let week = Week::of(&history[10..]);
        let earlier = week.beginning(10);
        assert_eq!(week.on(0, &[1.0; 30]), earlier.on(10, &[1.0; 30]));
        assert_eq!(week.beginning(14), week);
    }

    #[test]
    fn below_zero_the_shape_is_added() {
        let history = weeks([3.0, -3.0, 0.0, 0.0, 0.0, 0.0, 0.0], (0..30).map(|_| 1.0));
        let on = Week::of(&history).on(0, &[0.0; 7]);
        assert!((on[0] - 3.0 * 22.0 / 24.0).abs() < 1e-9 && (on[1] + 3.0 * 22.0 / 24.0).abs() < 1e-9, "{on:?}");
    }

    #[test]
    fn a_day_that_is_far_from_what_is_around_it_is_drawn_in() {
        let mut levels: Vec<f64> = (0..60).map(|day| 10.0 + f64::from(day % 3)).collect();
        levels[30] = 500.0;
        let told = drawn_in(&levels);
        // Medians of 11 and a usual distance of 1: 3.5 · 1.4826 above it.
        assert!((told[30] - 16.189).abs() < 0.01, "{}", told[30]);
        assert_eq!(told[..30], levels[..30]);
    }

    #[test]
    fn a_short_history_has_no_shape() {
        assert_eq!(Week::of(&[1.0, 5.0, 1.0]).on(3, &[2.0, 3.0]), [2.0, 3.0]);
        assert_eq!(Week::of(&[]).on(0, &[2.0]), [2.0]);
    }
}
