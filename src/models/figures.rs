//! How good are probabilities? Each figure by its textbook definition, with the uncertainty of so few rows.

use serde::{Deserialize, Serialize};

/// A figure with the interval that holds the true one in 95 of 100 samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// An estimate with its standard error, normal approximation.
    #[must_use]
    pub fn normal(value: f64, standard_error: f64) -> Self {
        let reach = 1.959_963_985 * standard_error;
        Self { value, low: value - reach, high: value + reach }
    }
}

/// One tenth of the rows, by predicted probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decile {
    /// Rows in it.
    pub rows: usize,
    /// Lowest probability in it.
    pub from: f64,
    /// Highest probability in it.
    pub to: f64,
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share that came true.
    pub observed: f64,
}

/// The figures of one set of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Chance that a row that came true has a higher probability than one that did not; 0.5 is guessing.
    pub auc: Interval,
    /// Mean squared error of the probability, 0–1, less is better.
    pub brier: f64,
    /// Mean negative log likelihood in nats, less is better.
    pub log_loss: f64,
    /// Expected calibration error: mean distance of predicted and observed over the deciles.
    pub ece: f64,
    /// What that error would be of perfectly calibrated probabilities on so many rows, by chance alone.
    pub ece_by_chance: f64,
    /// Share that came true among the tenth with the highest probabilities.
    pub top_decile: f64,
    /// Share that came true among the tenth with the lowest probabilities.
    pub bottom_decile: f64,
}

/// Area under the ROC curve (ties count half) and its variance by DeLong, DeLong & Clarke-Pearson 1988, computed from
/// mid-ranks (Sun & Xu 2014); `None` without both outcomes.
#[must_use]
pub fn auc(probabilities: &[f64], outcomes: &[bool]) -> Option<(f64, f64)> {
    let of = |wanted: bool| -> Vec<f64> {
        probabilities.iter().zip(outcomes).filter(|(_, outcome)| **outcome == wanted).map(|(p, _)| *p).collect()
    };
    let (hits, misses) = (of(true), of(false));
    if hits.is_empty() || misses.is_empty() {
        return None;
    }
    let all: Vec<f64> = hits.iter().chain(&misses).copied().collect();
    let (among_all, among_hits, among_misses) = (mid_ranks(&all), mid_ranks(&hits), mid_ranks(&misses));
    let (m, n) = (hits.len() as f64, misses.len() as f64);
    let wins: Vec<f64> = (0..hits.len()).map(|i| (among_all[i] - among_hits[i]) / n).collect();
    let losses: Vec<f64> = (0..misses.len()).map(|j| 1.0 - (among_all[hits.len() + j] - among_misses[j]) / m).collect();
    let area = wins.iter().sum::<f64>() / m;
    Some((area, variance(&wins, area) / m + variance(&losses, area) / n))
}

fn variance(values: &[f64], mean: f64) -> f64 {
    if values.len() < 2 {
        return 0.25;
    }
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// Ranks from 1; equal values share the middle of theirs.
fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for same in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let middle = from as f64 + (same.len() + 1) as f64 / 2.0;
        for row in same {
            ranks[*row] = middle;
        }
        from += same.len();
    }
    ranks
}

/// Mean squared error of probabilities (Brier 1950).
#[must_use]
pub fn brier(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    mean(probabilities.iter().zip(outcomes).map(|(p, outcome)| (p - f64::from(*outcome)).powi(2)))
}

/// Negative log likelihood of one outcome; a probability is held between 1e-6 and 1 − 1e-6.
#[must_use]
pub fn surprise(probability: f64, outcome: bool) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    -(if outcome { p } else { 1.0 - p }).ln()
}

/// Mean [`surprise`].
#[must_use]
pub fn log_loss(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    mean(probabilities.iter().zip(outcomes).map(|(p, outcome)| surprise(*p, *outcome)))
}

/// The rows in tenths of rising probability. Equal probabilities stay together, so there may be fewer.
#[must_use]
pub fn deciles(probabilities: &[f64], outcomes: &[bool]) -> Vec<Decile> {
    tenths(probabilities)
        .into_iter()
        .map(|rows| {
            let n = rows.len() as f64;
            Decile {
                rows: rows.len(),
                from: probabilities[rows[0]],
                to: probabilities[rows[rows.len() - 1]],
                predicted: rows.iter().map(|row| probabilities[*row]).sum::<f64>() / n,
                observed: rows.iter().filter(|row| outcomes[**row]).count() as f64 / n,
            }
        })
        .collect()
}

fn tenths(probabilities: &[f64]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut bins: Vec<Vec<usize>> = Vec::new();
    let mut seen = 0;
    for same in order.chunk_by(|a, b| probabilities[*a] == probabilities[*b]) {
        // The tenth that the middle of these equal rows falls into.
        let tenth = ((2 * seen + same.len()) * 10 / (2 * order.len())).min(9);
        bins.resize(bins.len().max(tenth + 1), Vec::new());
        bins[tenth].extend_from_slice(same);
        seen += same.len();
    }
    bins.retain(|bin| !bin.is_empty());
    bins
}

/// Expected calibration error over [`deciles`].
#[must_use]
pub fn ece(deciles: &[Decile]) -> f64 {
    let rows: usize = deciles.iter().map(|decile| decile.rows).sum();
    deciles.iter().map(|d| (d.predicted - d.observed).abs() * d.rows as f64).sum::<f64>() / rows.max(1) as f64
}

/// What [`ece`] comes to where nothing is wrong: each decile misses by a normal error of its binomial spread.
#[must_use]
pub fn ece_by_chance(deciles: &[Decile]) -> f64 {
    let rows: usize = deciles.iter().map(|decile| decile.rows).sum();
    let missed = |d: &Decile| (2.0 / std::f64::consts::PI * d.predicted * (1.0 - d.predicted) * d.rows as f64).sqrt();
    deciles.iter().map(missed).sum::<f64>() / rows.max(1) as f64
}

impl Figures {
    /// Of these predictions. `folds` are the ranges that were predicted by one model each: the AUC is taken within
    /// each and averaged, since the probabilities of different models need not be comparable.
    ///
    /// `None` when a range lacks one of the outcomes.
    #[must_use]
    pub fn of(probabilities: &[f64], outcomes: &[bool], folds: &[std::ops::Range<usize>]) -> Option<Self> {
        let mut areas = Vec::with_capacity(folds.len());
        for fold in folds {
            areas.push(auc(&probabilities[fold.clone()], &outcomes[fold.clone()])?);
        }
        let k = areas.len() as f64;
        let area = areas.iter().map(|(area, _)| area).sum::<f64>() / k;
        let error = areas.iter().map(|(_, variance)| variance).sum::<f64>().sqrt() / k;
        let interval = Interval::normal(area, error);
        let deciles = deciles(probabilities, outcomes);
        Some(Self {
            auc: Interval { value: area, low: interval.low.max(0.0), high: interval.high.min(1.0) },
            brier: brier(probabilities, outcomes),
            log_loss: log_loss(probabilities, outcomes),
            ece: ece(&deciles),
            ece_by_chance: ece_by_chance(&deciles),
            top_decile: deciles.last()?.observed,
            bottom_decile: deciles.first()?.observed,
        })
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn auc_by_hand_with_ties() {
        // Pairs (true, false): .9>.4, .9>.6, .6>.4, .6=.6 → 3½ of 4.
        near(auc(&[0.9, 0.6, 0.4, 0.6], &[true, true, false, false]).unwrap().0, 0.875);
        near(auc(&[0.5, 0.5, 0.5], &[true, false, true]).unwrap().0, 0.5);
        near(auc(&[0.1, 0.9], &[true, false]).unwrap().0, 0.0);
        assert_eq!(auc(&[0.1, 0.9], &[true, true]), None, "nothing to compare");
    }

    #[test]
    fn the_variance_of_the_auc_is_that_of_delong_by_hand() {
        // True .9 .6, false .4 .6: wins 1 and ¾ (variance 1/32), losses 1 and ¾ likewise; over 2 rows each.
        near(auc(&[0.9, 0.6, 0.4, 0.6], &[true, true, false, false]).unwrap().1, 1.0 / 32.0);
    }

    #[test]
    fn brier_and_log_loss_by_hand() {
        near(brier(&[0.8, 0.3], &[true, false]), (0.04 + 0.09) / 2.0);
        near(log_loss(&[0.5, 0.25], &[true, true]), (2_f64.ln() + 4_f64.ln()) / 2.0);
        assert!(log_loss(&[0.0], &[true]).is_finite(), "a wrong certainty is bad, not infinitely so");
    }

    #[test]
    fn calibration_error_by_hand() {
        // Two groups of ten: 0.2 predicted and 4 of 10 came true, 0.8 predicted and 8 of 10: (10·0.2 + 10·0) / 20.
        let probabilities: Vec<f64> = (0..20).map(|row| if row < 10 { 0.2 } else { 0.8 }).collect();
        let outcomes: Vec<bool> = (0..20).map(|row| row < 4 || (10..18).contains(&row)).collect();
        let deciles = deciles(&probabilities, &outcomes);
        assert_eq!(deciles.iter().map(|decile| decile.rows).collect::<Vec<_>>(), [10, 10], "equal ones stay together");
        near(ece(&deciles), 0.1);
        near(ece_by_chance(&deciles), 2.0 * (2.0 / std::f64::consts::PI * 0.16 * 10.0).sqrt() / 20.0);
    }

    #[test]
    fn deciles_are_tenths() {
        let probabilities: Vec<f64> = (0..100).map(|row| f64::from(row) / 100.0).collect();
        let outcomes: Vec<bool> = (0..100).map(|row| row >= 90).collect();
        let figures = Figures::of(&probabilities, &outcomes, std::slice::from_ref(&(0..100))).unwrap();
        near(figures.top_decile, 1.0);
        near(figures.bottom_decile, 0.0);
        assert_eq!(deciles(&probabilities, &outcomes).len(), 10);
    }

    #[test]
    fn folds_are_ranked_on_their_own() {
        // Each half is ranked perfectly; the second model's scale is another.
        let probabilities = [0.1, 0.2, 0.8, 0.9];
        let outcomes = [false, true, false, true];
        near(Figures::of(&probabilities, &outcomes, &[0..2, 2..4]).unwrap().auc.value, 1.0);
        near(Figures::of(&probabilities, &outcomes, std::slice::from_ref(&(0..4))).unwrap().auc.value, 0.75);
    }

    proptest! {
        #[test]
        fn auc_is_the_share_of_pairs_won(rows in proptest::collection::vec((0_u8..20, any::<bool>()), 2..60)) {
            let probabilities: Vec<f64> = rows.iter().map(|(p, _)| f64::from(*p) / 20.0).collect();
            let outcomes: Vec<bool> = rows.iter().map(|(_, outcome)| *outcome).collect();
            let mut pairs = (0.0, 0.0);
            for (p, _) in rows.iter().filter(|(_, outcome)| *outcome) {
                for (q, _) in rows.iter().filter(|(_, outcome)| !*outcome) {
                    pairs.0 += if p > q { 1.0 } else if p == q { 0.5 } else { 0.0 };
                    pairs.1 += 1.0;
                }
            }
            match auc(&probabilities, &outcomes) {
                Some((area, _)) => prop_assert!((area - pairs.0 / pairs.1).abs() < 1e-9),
                None => prop_assert!(pairs.1 == 0.0),
            }
        }

        #[test]
        fn every_row_is_in_one_decile(rows in proptest::collection::vec((0.0_f64..1.0, any::<bool>()), 1..200)) {
            let (probabilities, outcomes): (Vec<f64>, Vec<bool>) = rows.into_iter().unzip();
            let deciles = deciles(&probabilities, &outcomes);
            prop_assert_eq!(deciles.iter().map(|decile| decile.rows).sum::<usize>(), outcomes.len());
            prop_assert!(deciles.windows(2).all(|pair| pair[0].to < pair[1].from));
            prop_assert!((0.0..=1.0).contains(&ece(&deciles)));
        }
    }
}
