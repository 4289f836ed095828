//! How long do stages take? Counts by steps of time, which can be added over days, and percentiles out of them.
//!
//! A step ends a twelfth later than it begins, from 1 minute to 28 days. A percentile is found within its step by the rank
//! of the order, as if orders were spread evenly over it, so it is off by less than a twelfth (8.3 %).

/// How many steps there are: under a minute, 132 of a twelfth each, and beyond 28 days.
pub const STEPS: usize = 134;

/// How many orders took how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts(Vec<i64>);

impl Default for Counts {
    fn default() -> Self {
        Self(vec![0; STEPS])
    }
}

/// The minutes at which a step begins.
fn begins(step: usize) -> f64 {
    if step == 0 { 0.0 } else { (13.0_f64 / 12.0).powf(step as f64 - 1.0) }
}

impl Counts {
    /// Adds what the database counted (`sign` 1), or takes it away (−1).
    pub fn add(&mut self, counted: &[i32], sign: i64) {
        for (sum, n) in self.0.iter_mut().zip(counted) {
            *sum += sign * i64::from(*n);
        }
    }

    /// Adds so many orders that took a step.
    pub fn count(&mut self, step: usize, n: i64) {
        if let Some(sum) = self.0.get_mut(step) {
            *sum += n;
        }
    }

    /// How many orders were counted.
    #[must_use]
    pub fn n(&self) -> i64 {
        self.0.iter().sum()
    }

    /// The minutes within which a share of the orders were done, 0–1; `None` for no order. Beyond 28 days it says 28 days.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Option<f64> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        let rank = share * n as f64;
        let mut before = 0.0;
        for (step, count) in self.0.iter().enumerate().filter(|(_, count)| **count > 0) {
            let after = before + *count as f64;
            if rank <= after {
                let (from, to) = (begins(step), begins((step + 1).min(STEPS - 1)));
                return Some(from + (to - from) * ((rank - before) / *count as f64).clamp(0.0, 1.0));
            }
            before = after;
        }
        Some(begins(STEPS - 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The step of some minutes, as `width_bucket(minutes, stage_steps())` has it.
    fn step_of(minutes: f64) -> usize {
        (0..STEPS).rev().find(|step| minutes >= begins(*step)).unwrap_or(0)
    }

    fn counts(minutes: &[f64]) -> Counts {
        let mut counted = vec![0; STEPS];
        for minutes in minutes {
            counted[step_of(*minutes)] += 1;
        }
        let mut counts = Counts::default();
        counts.add(&counted, 1);
        counts
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Counts::default().percentile(0.5), None);
    }

    proptest! {
        #[test]
        fn a_percentile_is_within_a_twelfth_of_the_order_of_that_rank(mut minutes in proptest::collection::vec(1.0..30_000.0_f64, 1..200), share in 0.01..1.0_f64) {
            minutes.sort_by(f64::total_cmp);
            let place = ((share * minutes.len() as f64).ceil() as usize).clamp(1, minutes.len()) - 1;
            let (found, exact) = (counts(&minutes).percentile(share).unwrap(), minutes[place]);
            prop_assert!(found <= exact * 13.0 / 12.0 + 1e-9 && found >= exact * 12.0 / 13.0 - 1e-9, "{found} for {exact}");
        }

        #[test]
        fn two_parts_added_are_the_whole(one in proptest::collection::vec(0.0..50_000.0_f64, 0..50), two in proptest::collection::vec(0.0..50_000.0_f64, 0..50)) {
            let whole: Vec<f64> = one.iter().chain(&two).copied().collect();
            let mut sum = counts(&one);
            sum.add(&counts(&two).0.iter().map(|n| *n as i32).collect::<Vec<_>>(), 1);
            prop_assert_eq!(sum, counts(&whole));
        }
    }
}
