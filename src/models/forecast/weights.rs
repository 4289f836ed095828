//! How much does each of several answers count, by how near it came before?

use chrono::{Days, NaiveDate};

/// Of its own past so many latest trials count.
const OWN: usize = 12;
/// What all series taught counts as so many of its own.
const POOL: f64 = 10.0;
/// Trials in which all were as near that are added to those of all series.
const DOUBT: f64 = 15.0;
/// What began more days before tells nothing any more.
const MOST_DAYS: u64 = 400;

/// Several answers to one question, and how far each was off where that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trial<const N: usize> {
    /// Which series.
    pub series: usize,
    /// The first day that was told.
    pub day: NaiveDate,
    /// The day from which all was known.
    pub over: NaiveDate,
    /// Mean error of each; `None` where none came, or nothing tells how large an error is.
    pub off: Option<[f64; N]>,
}

impl<const N: usize> Trial<N> {
    /// Errors in units of their mean; `None` where nobody was off.
    fn shares(&self) -> Option<[f64; N]> {
        let off = self.off?;
        let mean = off.iter().sum::<f64>() / N as f64;
        (mean > 0.0 && mean.is_finite()).then(|| off.map(|off| off / mean))
    }
}

/// What each answer of each trial counts, adding up to 1, by what was over before its day: the errors of the series' own latest trials,
/// drawn to those of all series, to the power of −`power`, times what it counts without any. Trials of a series stand in
/// order of their days.
pub(super) fn weights<const N: usize>(trials: &[Trial<N>], without: [f64; N], power: f64) -> Vec<[f64; N]> {
    let mut known: Vec<(NaiveDate, NaiveDate, [f64; N])> =
        trials.iter().filter_map(|trial| Some((trial.over, trial.day, trial.shares()?))).collect();
    known.sort_by_key(|(over, day, _)| (*over, *day));
    let mut sums = vec![[0.0; N]];
    for (at, (_, _, shares)) in known.iter().enumerate() {
        sums.push(std::array::from_fn(|i| sums[at][i] + shares[i]));
    }
    let pooled = |day: NaiveDate| {
        let to = known.partition_point(|(over, ..)| *over <= day);
        let from = known[..to].partition_point(|(_, began, _)| *began + Days::new(MOST_DAYS) < day);
        let n = (to - from) as f64;
        std::array::from_fn::<f64, N, _>(|i| (sums[to][i] - sums[from][i] + DOUBT) / (n + DOUBT))
    };
    trials
        .iter()
        .enumerate()
        .map(|(at, asked)| {
            let pool = pooled(asked.day);
            let own = trials[..at]
                .iter()
                .rev()
                .take_while(|trial| trial.series == asked.series)
                .filter(|trial| trial.over <= asked.day)
                .filter_map(Trial::shares)
                .take(OWN);
            let (mut sum, mut n) = (pool.map(|share| POOL * share), POOL);
            for shares in own {
                sum.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
                n += 1.0;
            }
            let counts: [f64; N] = std::array::from_fn(|i| without[i] * (sum[i] / n).max(1e-3).powf(-power));
            let all: f64 = counts.iter().sum();
            counts.map(|count| count / all)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trial(series: usize, day: u64, off: Option<[f64; 2]>) -> Trial<2> {
        let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
        Trial { series, day: first + Days::new(day), over: first + Days::new(day + 10), off }
    }

    #[test]
    fn by_hand_of_one_trial_before() {
        // Errors of 1 and 3 are shares of 0.5 and 1.5. All series: (0.5 + 15) / 16 and (1.5 + 15) / 16; with the own one
        // and ten of those: (0.5 + 9.6875) / 11 and (1.5 + 10.3125) / 11.
        let told = weights(&[trial(0, 0, Some([1.0, 3.0])), trial(0, 10, None)], [0.5, 0.5], 2.0);
        assert_eq!(told[0], [0.5, 0.5]);
        let (a, b) = ((11.0 / 10.1875_f64).powi(2), (11.0 / 11.8125_f64).powi(2));
        assert!((told[1][0] - a / (a + b)).abs() < 1e-12, "{told:?}");
        assert!((told[1].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_over_or_long_ago_is_not_known_and_without_anything_the_start_stands() {
        for day in [9, 411] {
            let told = weights(&[trial(1, 0, Some([1.0, 3.0])), trial(0, day, None)], [0.75, 0.25], 2.0);
            assert_eq!(told[1], [0.75, 0.25], "{day}");
        }
        let told = weights(&[trial(1, 0, Some([1.0, 3.0])), trial(0, 10, None)], [0.75, 0.25], 2.0);
        assert!(told[1][0] > 0.75, "others' errors teach: {told:?}");
        let told = weights(&[trial(0, 0, Some([0.0, 0.0])), trial(0, 10, None)], [0.5, 0.5], 2.0);
        assert_eq!(told[1], [0.5, 0.5], "nobody was off");
    }

    proptest! {
        #[test]
        fn they_add_up_to_one_and_who_was_nearer_never_counts_less(
            off in prop::collection::vec((0.01_f64..10.0, 1.0_f64..4.0), 1..30), power in 0.0_f64..30.0
        ) {
            let mut trials: Vec<Trial<2>> =
                off.iter().enumerate().map(|(at, (a, times))| trial(0, 10 * at as u64, Some([*a, a * times]))).collect();
            trials.push(trial(0, 10 * off.len() as u64, None));
            for [a, b] in weights(&trials, [0.5, 0.5], power) {
                prop_assert!((a + b - 1.0).abs() < 1e-9 && a >= b - 1e-12);
            }
        }
    }
}
