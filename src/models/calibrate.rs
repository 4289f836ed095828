//! How likely is it really? Turns a model's log odds into probabilities, learned on rows the model had not seen.

use serde::{Deserialize, Serialize};

use super::figures::surprise;
use super::logistic::{Logistic, logistic};

/// Fewer rows of either outcome than this carry no curve, only a line.
const ENOUGH_FOR_A_CURVE: usize = 200;

/// From log odds to a probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calibration {
    /// They are right as they are.
    Plain,
    /// Log odds · slope + shift (Platt 1999).
    Platt {
        /// Below 1: the model is too sure of itself.
        slope: f64,
        /// Its lean towards one outcome, in log odds.
        shift: f64,
    },
    /// A rising curve through the pooled means (Zadrozny & Elkan 2002), straight between them.
    Isotonic {
        /// Log odds, rising.
        at: Vec<f64>,
        /// The probability at each, rising.
        probability: Vec<f64>,
    },
}

/// How one is learned from log odds and outcomes.
type Way = fn(&[f64], &[bool]) -> Option<Calibration>;

impl Calibration {
    /// What log odds come to.
    #[must_use]
    pub fn probability(&self, log_odds: f64) -> f64 {
        match self {
            Self::Plain => logistic(log_odds),
            Self::Platt { slope, shift } => logistic(slope * log_odds + shift),
            Self::Isotonic { at, probability } => between(at, probability, log_odds),
        }
    }

    /// The one that is best on half of these rows when learned on the other, learned on all. The rows must not be
    /// those the log odds' model was fitted to.
    #[must_use]
    pub fn learned(log_odds: &[f64], outcomes: &[bool]) -> Self {
        let halves: [Vec<usize>; 2] = [0, 1].map(|half| (half..outcomes.len()).step_by(2).collect());
        let loss = |learn: Way| -> Option<f64> {
            let mut sum = 0.0;
            for (seen, unseen) in [(0, 1), (1, 0)] {
                let (x, y) = pick(log_odds, outcomes, &halves[seen]);
                let curve = learn(&x, &y)?;
                let of = |row: &usize| surprise(curve.probability(log_odds[*row]), outcomes[*row]);
                sum += halves[unseen].iter().map(of).sum::<f64>();
            }
            Some(sum)
        };
        let ways: [Way; 3] = [|_, _| Some(Self::Plain), Self::platt, Self::isotonic];
        let best = ways
            .into_iter()
            .filter_map(|way| loss(way).map(|loss| (loss, way)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .and_then(|(_, way)| way(log_odds, outcomes));
        best.unwrap_or(Self::Plain)
    }

    /// The line of log odds; `None` without both outcomes.
    #[must_use]
    pub fn platt(log_odds: &[f64], outcomes: &[bool]) -> Option<Self> {
        let hits = outcomes.iter().filter(|outcome| **outcome).count();
        if hits == 0 || hits == outcomes.len() {
            return None;
        }
        let line = Logistic::fitted(&[log_odds.to_vec()], outcomes, 1.0);
        // A falling line would turn the model upside down.
        Some(Self::Platt { slope: line.coefficients[0].max(0.05), shift: line.intercept })
    }

    /// The rising curve (pool adjacent violators); `None` where rows are too few for one.
    #[must_use]
    pub fn isotonic(log_odds: &[f64], outcomes: &[bool]) -> Option<Self> {
        let hits = outcomes.iter().filter(|outcome| **outcome).count();
        if hits.min(outcomes.len() - hits) < ENOUGH_FOR_A_CURVE {
            return None;
        }
        let blocks = pool_adjacent_violators(log_odds, outcomes);
        let at = blocks.iter().map(|block| block.x / block.rows).collect();
        // As if each block had seen one row more, half of it true: no block is ever certain.
        let probability = blocks.iter().map(|block| (block.hits + 0.5) / (block.rows + 1.0)).collect::<Vec<_>>();
        let mut highest: f64 = 0.0;
        let probability = probability
            .into_iter()
            .map(|p| {
                highest = highest.max(p);
                highest
            })
            .collect();
        Some(Self::Isotonic { at, probability })
    }

    /// Its name in words.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Platt { .. } => "Platt",
            Self::Isotonic { .. } => "isotonic",
        }
    }
}

/// Rows that share one mean.
struct Block {
    x: f64,
    hits: f64,
    rows: f64,
}

/// The least-squares rising fit (Ayer et al. 1955), as blocks of rising mean.
fn pool_adjacent_violators(x: &[f64], outcomes: &[bool]) -> Vec<Block> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut blocks: Vec<Block> = Vec::new();
    for same in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let hits = same.iter().filter(|row| outcomes[**row]).count() as f64;
        let mut block = Block { x: x[same[0]] * same.len() as f64, hits, rows: same.len() as f64 };
        while let Some(last) = blocks.pop_if(|last| last.hits * block.rows >= block.hits * last.rows) {
            block = Block { x: last.x + block.x, hits: last.hits + block.hits, rows: last.rows + block.rows };
        }
        blocks.push(block);
    }
    blocks
}

fn pick(log_odds: &[f64], outcomes: &[bool], rows: &[usize]) -> (Vec<f64>, Vec<bool>) {
    rows.iter().map(|row| (log_odds[*row], outcomes[*row])).unzip()
}

fn between(at: &[f64], height: &[f64], x: f64) -> f64 {
    let above = at.partition_point(|point| *point < x);
    if above == 0 {
        return height.first().copied().unwrap_or(0.5);
    }
    if above == at.len() {
        return height[above - 1];
    }
    let share = (x - at[above - 1]) / (at[above] - at[above - 1]);
    height[above - 1] + share * (height[above] - height[above - 1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::models::dice::Dice;

    #[test]
    fn neighbours_in_the_wrong_order_are_pooled() {
        // 0 1 0 1 → the middle two share ½.
        let blocks = pool_adjacent_violators(&[1.0, 2.0, 3.0, 4.0], &[false, true, false, true]);
        let means: Vec<f64> = blocks.iter().map(|block| block.hits / block.rows).collect();
        assert_eq!(means, [0.0, 0.5, 1.0]);
    }

    #[test]
    fn between_points_the_curve_is_straight_and_outside_it_is_flat() {
        let curve = Calibration::Isotonic { at: vec![0.0, 1.0], probability: vec![0.2, 0.6] };
        let read: Vec<f64> = [-9.0, 0.0, 0.5, 1.0, 9.0].map(|x| curve.probability(x)).to_vec();
        assert!(read.iter().zip([0.2, 0.2, 0.4, 0.6, 0.6]).all(|(a, b)| (a - b).abs() < 1e-12), "{read:?}");
    }

    #[test]
    fn a_model_that_is_too_sure_is_taught_modesty() {
        let mut dice = Dice::new(3);
        let truth: Vec<f64> = (0..4000).map(|_| dice.unit() * 4.0 - 2.0).collect();
        let outcomes: Vec<bool> = truth.iter().map(|x| dice.unit() < logistic(*x)).collect();
        let boasting: Vec<f64> = truth.iter().map(|x| 3.0 * x + 1.0).collect();
        let learned = Calibration::learned(&boasting, &outcomes);
        for x in [-2.0, -0.5, 0.0, 1.0, 2.0] {
            let p = learned.probability(3.0 * x + 1.0);
            assert!((p - logistic(x)).abs() < 0.06, "{}: {p} at {x}", learned.name());
        }
        assert_eq!(Calibration::learned(&truth[..50], &[true; 50]), Calibration::Plain, "nothing to learn from");
    }

    proptest! {
        #[test]
        fn more_log_odds_never_mean_less(seed in any::<u64>(), x in -5.0_f64..5.0, more in 0.0_f64..3.0) {
            let mut dice = Dice::new(seed);
            let log_odds: Vec<f64> = (0..1000).map(|_| dice.unit() * 6.0 - 3.0).collect();
            let outcomes: Vec<bool> = log_odds.iter().map(|x| dice.unit() < logistic(x.sin())).collect();
            for learned in [Calibration::isotonic(&log_odds, &outcomes), Calibration::platt(&log_odds, &outcomes)] {
                let learned = learned.unwrap();
                prop_assert!(learned.probability(x) <= learned.probability(x + more) + 1e-12);
            }
        }
    }
}
