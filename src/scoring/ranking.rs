//! Ranking with what is known and what is not: the shrunk score and the interval around it (empirical Bayes, spec 3.2).

use serde::{Deserialize, Serialize};

use super::shrink::{Sample, shrunk};

/// The 95 % quantile of the standard normal: 5 % are left out on each side of a 90 % interval.
const Z: f64 = 1.6449;

/// What a worker's score is drawn towards: the distribution of the cohort.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// The cohort's mean m, 0–100.
    pub mean: f64,
    /// Prior strength k = σ²/τ², in shifts; above 0.
    pub strength: f64,
    /// Variance σ² of a worker's shifts about the own score, in points², not below 0.
    pub within: f64,
}

/// A score as it is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The score drawn towards the cohort's mean, 0–100.
    pub score: f64,
    /// Lower end of its 90 % interval, 0–100.
    pub low: f64,
    /// Upper end of its 90 % interval, 0–100.
    pub high: f64,
    /// Shifts it rests on.
    pub shifts: i64,
}

/// Why somebody is not ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unranked {
    /// Fewer than five people do like work.
    FewToCompare,
    /// The people who do like work differ no more than chance would make them (τ² = 0).
    NoMoreThanChance,
}

impl Unranked {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::FewToCompare => "fewer than five people do like work",
            Self::NoMoreThanChance => "the people who do like work differ no more than chance would make them",
        }
    }
}

impl Prior {
    /// Ranks a score that rests on so many shifts: (n·s + k·m)/(n + k) ± 1.6449·√(σ²/(n + k)).
    ///
    /// With a score θ ~ N(m, τ²) of which n shifts show s ~ N(θ, σ²/n), the posterior of θ is normal with precision
    /// n/σ² + 1/τ² = (n + k)/σ² (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.5; Efron & Morris 1973).
    #[must_use]
    pub fn rank(&self, score: f64, shifts: i64) -> Ranked {
        let n = shifts.max(0) as f64;
        let drawn = shrunk(Sample { n, score }, self.mean, self.strength);
        let half = Z * (self.within / (n + self.strength)).sqrt();
        let within = |score: f64| score.clamp(0.0, 100.0);
        Ranked { score: within(drawn), low: within(drawn - half), high: within(drawn + half), shifts }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scoring::shrink::{mean, prior_strength};

    #[test]
    fn the_worked_example_of_the_specification_with_its_intervals() {
        let workers = [(20.0, 80.0), (5.0, 40.0), (20.0, 70.0)].map(|(n, score)| Sample { n, score });
        let strength = prior_strength(&workers, 400.0).unwrap();
        let prior = Prior { mean: mean(&workers).unwrap(), strength, within: 400.0 };
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        let ranked = [(80.0, 20), (40.0, 5), (70.0, 20)].map(|(score, shifts)| {
            let it = prior.rank(score, shifts);
            (tenth(it.score), tenth(it.low), tenth(it.high))
        });
        // ± 1.6449 · √(400 / 21.89) = 7.0 and ± 1.6449 · √(400 / 6.89) = 12.5
        assert_eq!(ranked, [(79.2, 72.2, 86.3), (48.5, 36.0, 61.1), (70.1, 63.1, 77.1)]);
    }

    #[test]
    fn five_perfect_shifts_do_not_beat_twenty_good_ones() {
        // (5·100 + 10·75)/15 = 83.3; (20·95 + 10·75)/30 = 88.3
        let prior = Prior { mean: 75.0, strength: 10.0, within: 400.0 };
        let (new, known) = (prior.rank(100.0, 5), prior.rank(95.0, 20));
        assert!((new.score - 250.0 / 3.0).abs() < 1e-9 && (known.score - 265.0 / 3.0).abs() < 1e-9);
        assert!(new.score < known.score);
    }

    fn any_prior() -> impl Strategy<Value = Prior> {
        (0.0..=100.0f64, 0.01..1000.0f64, 0.0..2500.0f64).prop_map(|(mean, strength, within)| Prior {
            mean,
            strength,
            within,
        })
    }

    proptest! {
        #[test]
        fn a_ranked_score_lies_between_the_own_and_the_cohort_s(prior in any_prior(), score in 0.0..=100.0f64, n in 0..500i64) {
            let it = prior.rank(score, n);
            prop_assert!(it.score >= score.min(prior.mean) - 1e-9 && it.score <= score.max(prior.mean) + 1e-9);
            prop_assert!(0.0 <= it.low && it.low <= it.score && it.score <= it.high && it.high <= 100.0);
        }

        #[test]
        fn more_shifts_draw_less_and_say_more(prior in any_prior(), score in 0.0..=100.0f64, n in 0..500i64, more in 1..500i64) {
            let (few, many) = (prior.rank(score, n), prior.rank(score, n + more));
            prop_assert!((many.score - score).abs() <= (few.score - score).abs() + 1e-9);
            let half = |n: i64| (prior.within / (n as f64 + prior.strength)).sqrt();
            prop_assert!(half(n + more) <= half(n));
        }

        #[test]
        fn with_as_many_shifts_the_better_score_ranks_higher(prior in any_prior(), a in 0.0..=100.0f64, b in 0.0..=100.0f64, n in 1..500i64) {
            prop_assert!(a < b || prior.rank(a, n).score >= prior.rank(b, n).score - 1e-9);
        }
    }
}
