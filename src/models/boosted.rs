//! Many small trees, each mending what the ones before it left wrong: gradient boosting on the log loss.
//!
//! Histogram-based with second-order leaves (Chen & Guestrin 2016); missing values go where they fit best. Written here
//! because the maintained crates need a nightly compiler or C, or take neither missing values nor a log loss.

use serde::{Deserialize, Serialize};

use super::design::share;
use super::dice::Dice;
use super::figures::surprise;
use super::logistic::{log_odds, logistic};

/// A feature is cut at no more places than this.
const MOST_CUTS: usize = 63;
/// The histogram's place for missing values.
const MISSING: usize = MOST_CUTS + 1;
const PLACES: usize = MOST_CUTS + 2;
/// How far each tree goes towards what it would like.
const RATE: f64 = 0.1;
/// Added to each leaf's weight: doubt.
const DOUBT: f64 = 3.0;
/// A leaf holds at least so many rows.
const FEWEST_ROWS: f64 = 12.0;
/// Trees, at the most.
const MOST_TREES: usize = 300;
/// Trees without any gain on the rows watched before growing ends.
const PATIENCE: usize = 20;

/// Trees whose sum, with the base, is the log odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    base: f64,
    trees: Vec<Vec<Node>>,
}

/// A node; its children follow it in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Node {
    /// What the tree would say here: at a leaf it does, inside it is what a reason is measured from.
    value: f64,
    split: Option<Split>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Split {
    feature: usize,
    /// Values up to this one go left.
    at: f64,
    missing_left: bool,
    left: usize,
    right: usize,
}

impl Boosted {
    /// Fitted until rows that were set aside (every sixth, by chance) gain no more.
    #[must_use]
    pub fn stopped(features: &[Vec<f64>], outcomes: &[bool], seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let aside: Vec<bool> = outcomes.iter().map(|_| dice.next().is_multiple_of(6)).collect();
        Growth::new(features, outcomes, &aside, dice).grown(MOST_TREES)
    }

    /// Fitted to all rows, with so many trees.
    #[must_use]
    pub fn fitted(features: &[Vec<f64>], outcomes: &[bool], trees: usize, seed: u64) -> Self {
        Growth::new(features, outcomes, &vec![false; outcomes.len()], Dice::new(seed)).grown(trees)
    }

    /// How many trees.
    #[must_use]
    pub fn size(&self) -> usize {
        self.trees.len()
    }

    /// The log odds of one row.
    #[must_use]
    pub fn log_odds(&self, features: &[Vec<f64>], row: usize) -> f64 {
        self.base + self.trees.iter().map(|tree| tree[leaf(tree, features, row)].value).sum::<f64>()
    }

    /// Adds to `contributions` (one per feature) what each changed the log odds by on the way down (Saabas 2014), and
    /// returns where they started from: the sum of both is the log odds.
    pub fn explain(&self, features: &[Vec<f64>], row: usize, contributions: &mut [f64]) -> f64 {
        let mut start = self.base;
        for tree in &self.trees {
            let mut at = 0;
            start += tree[0].value;
            while let Some(split) = tree[at].split {
                let next = split.next(features[split.feature][row]);
                contributions[split.feature] += tree[next].value - tree[at].value;
                at = next;
            }
        }
        start
    }
}

impl Split {
    fn next(&self, value: f64) -> usize {
        let left = if value.is_nan() { self.missing_left } else { value <= self.at };
        if left { self.left } else { self.right }
    }
}

fn leaf(tree: &[Node], features: &[Vec<f64>], row: usize) -> usize {
    let mut at = 0;
    while let Some(split) = tree[at].split {
        at = split.next(features[split.feature][row]);
    }
    at
}

/// Gradient and curvature of the log loss, and rows, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    curvature: f64,
    rows: f64,
}

impl Sum {
    fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            curvature: self.curvature + other.curvature,
            rows: self.rows + other.rows,
        }
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self { gradient: -other.gradient, curvature: -other.curvature, rows: -other.rows })
    }

    fn value(self) -> f64 {
        -self.gradient / (self.curvature + DOUBT)
    }

    fn strength(self) -> f64 {
        self.gradient * self.gradient / (self.curvature + DOUBT)
    }
}

/// Per feature and place.
type Histogram = Vec<[Sum; PLACES]>;

/// What a tree grows from.
struct Growth<'a> {
    outcomes: &'a [bool],
    features: &'a [Vec<f64>],
    cuts: Vec<Vec<f64>>,
    places: Vec<Vec<u8>>,
    rows: Vec<u32>,
    aside: Vec<usize>,
    log_odds: Vec<f64>,
    slopes: Vec<(f64, f64)>,
    depth: usize,
    base: f64,
    dice: Dice,
}

impl<'a> Growth<'a> {
    fn new(features: &'a [Vec<f64>], outcomes: &'a [bool], aside: &[bool], dice: Dice) -> Self {
        let rows: Vec<u32> = (0..outcomes.len() as u32).filter(|row| !aside[*row as usize]).collect();
        let cuts: Vec<Vec<f64>> = features.iter().map(|feature| cuts(feature, &rows)).collect();
        let places = features.iter().zip(&cuts).map(|(feature, cuts)| places(feature, cuts)).collect();
        let seen: Vec<bool> = rows.iter().map(|row| outcomes[*row as usize]).collect();
        let base = log_odds(share(&seen));
        Self {
            outcomes,
            features,
            cuts,
            places,
            aside: (0..outcomes.len()).filter(|row| aside[*row]).collect(),
            log_odds: vec![base; outcomes.len()],
            slopes: vec![(0.0, 0.0); outcomes.len()],
            depth: if rows.len() < 3000 { 3 } else { 4 },
            rows,
            base,
            dice,
        }
    }

    fn grown(mut self, most: usize) -> Boosted {
        let mut trees: Vec<Vec<Node>> = Vec::new();
        let mut best = (self.loss_aside(), 0);
        for _ in 0..most {
            let tree = self.tree();
            if tree.len() == 1 {
                break;
            }
            for row in 0..self.outcomes.len() {
                self.log_odds[row] += tree[leaf(&tree, self.features, row)].value;
            }
            trees.push(tree);
            if self.aside.is_empty() {
                continue;
            }
            let loss = self.loss_aside();
            if loss < best.0 {
                best = (loss, trees.len());
            } else if trees.len() - best.1 >= PATIENCE {
                break;
            }
        }
        if !self.aside.is_empty() {
            trees.truncate(best.1);
        }
        Boosted { base: self.base, trees }
    }

    fn loss_aside(&self) -> f64 {
        self.aside.iter().map(|row| surprise(logistic(self.log_odds[*row]), self.outcomes[*row])).sum()
    }

    /// One tree on three quarters of the rows.
    fn tree(&mut self) -> Vec<Node> {
        for row in 0..self.outcomes.len() {
            let p = logistic(self.log_odds[row]);
            self.slopes[row] = (p - f64::from(self.outcomes[row]), p * (1.0 - p));
        }
        let dice = &mut self.dice;
        let mut rows: Vec<u32> = self.rows.iter().copied().filter(|_| !dice.next().is_multiple_of(4)).collect();
        let histogram = self.histogram(&rows);
        let mut nodes = Vec::new();
        self.grow(&mut nodes, &mut rows, histogram, self.depth);
        nodes
    }

    fn grow(&self, nodes: &mut Vec<Node>, rows: &mut [u32], histogram: Histogram, depth: usize) -> usize {
        let total =
            histogram.first().map_or(Sum::default(), |feature| feature.iter().fold(Sum::default(), |a, b| a.plus(*b)));
        let place = nodes.len();
        nodes.push(Node { value: RATE * total.value(), split: None });
        let Some(cut) = (depth > 0).then(|| best_cut(&histogram, &self.cuts, total)).flatten() else { return place };
        let goes_left = |row: u32| {
            let place = usize::from(self.places[cut.feature][row as usize]);
            if place == MISSING { cut.missing_left } else { place <= cut.place }
        };
        let (left, right) = parted(rows, goes_left);
        let fewer_left = left.len() <= right.len();
        let fewer = self.histogram(if fewer_left { left } else { right });
        let mut more = histogram;
        for (more, fewer) in more.iter_mut().flatten().zip(fewer.iter().flatten()) {
            *more = more.minus(*fewer);
        }
        let (of_left, of_right) = if fewer_left { (fewer, more) } else { (more, fewer) };
        let left = self.grow(nodes, left, of_left, depth - 1);
        let right = self.grow(nodes, right, of_right, depth - 1);
        let at = self.cuts[cut.feature].get(cut.place).copied().unwrap_or(f64::MAX);
        nodes[place].split = Some(Split { feature: cut.feature, at, missing_left: cut.missing_left, left, right });
        place
    }

    fn histogram(&self, rows: &[u32]) -> Histogram {
        let mut histogram = vec![[Sum::default(); PLACES]; self.places.len()];
        for (places, sums) in self.places.iter().zip(&mut histogram) {
            for row in rows {
                let (gradient, curvature) = self.slopes[*row as usize];
                let sum = &mut sums[usize::from(places[*row as usize])];
                sum.gradient += gradient;
                sum.curvature += curvature;
                sum.rows += 1.0;
            }
        }
        histogram
    }
}

/// Puts the rows that go left first.
fn parted(rows: &mut [u32], goes_left: impl Fn(u32) -> bool) -> (&mut [u32], &mut [u32]) {
    let right: Vec<u32> = rows.iter().copied().filter(|row| !goes_left(*row)).collect();
    let mut left = 0;
    for at in 0..rows.len() {
        if goes_left(rows[at]) {
            rows[left] = rows[at];
            left += 1;
        }
    }
    rows[left..].copy_from_slice(&right);
    rows.split_at_mut(left)
}

struct Cut {
    feature: usize,
    place: usize,
    missing_left: bool,
}

/// The cut that gains most; the first of equals.
fn best_cut(histogram: &Histogram, cuts: &[Vec<f64>], total: Sum) -> Option<Cut> {
    let mut best: Option<(f64, Cut)> = None;
    for (feature, sums) in histogram.iter().enumerate() {
        let missing = sums[MISSING];
        let mut known = Sum::default();
        // Past the last cut, only missing values are left to go right.
        for (place, sum) in sums.iter().enumerate().take(cuts[feature].len() + 1) {
            known = known.plus(*sum);
            for missing_left in [true, false] {
                let left = if missing_left { known.plus(missing) } else { known };
                let right = total.minus(left);
                if left.rows < FEWEST_ROWS || right.rows < FEWEST_ROWS {
                    continue;
                }
                let gain = left.strength() + right.strength() - total.strength();
                if gain > best.as_ref().map_or(1e-6, |(gain, _)| *gain) {
                    best = Some((gain, Cut { feature, place, missing_left }));
                }
            }
        }
    }
    best.map(|(_, cut)| cut)
}

/// Where a feature may be cut: between its quantiles.
fn cuts(feature: &[f64], rows: &[u32]) -> Vec<f64> {
    let mut values: Vec<f64> = rows.iter().map(|row| feature[*row as usize]).filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    let mut cuts: Vec<f64> = if distinct.len() <= MOST_CUTS {
        distinct
    } else {
        (1..=MOST_CUTS).map(|part| values[part * values.len() / (MOST_CUTS + 1)]).collect()
    };
    cuts.dedup();
    // Nothing lies beyond the greatest value.
    if cuts.last() == values.last() {
        cuts.pop();
    }
    cuts
}

fn places(feature: &[f64], cuts: &[f64]) -> Vec<u8> {
    let place = |value: &f64| {
        if value.is_nan() { MISSING as u8 } else { cuts.partition_point(|cut| cut < value) as u8 }
    };
    feature.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::models::figures::auc;

    fn throws(dice: &mut Dice, rows: usize) -> Vec<f64> {
        (0..rows).map(|_| dice.unit() * 2.0 - 1.0).collect()
    }

    #[test]
    fn what_no_line_can_tell_is_learned() {
        // True where both signs agree.
        let mut dice = Dice::new(1);
        let features = [throws(&mut dice, 3000), throws(&mut dice, 3000), throws(&mut dice, 3000)];
        let outcomes: Vec<bool> = (0..3000)
            .map(|row| dice.unit() < if features[0][row] * features[1][row] > 0.0 { 0.9 } else { 0.1 })
            .collect();
        let seen: Vec<Vec<f64>> = features.iter().map(|feature| feature[..2000].to_vec()).collect();
        let model = Boosted::stopped(&seen, &outcomes[..2000], 5);
        let told: Vec<f64> = (2000..3000).map(|row| model.log_odds(&features, row)).collect();
        assert!(auc(&told, &outcomes[2000..]).unwrap().0 > 0.85);
        assert_eq!(model, Boosted::stopped(&seen, &outcomes[..2000], 5), "the same rows and seed grow the same trees");
    }

    #[test]
    fn missing_values_go_where_they_fit() {
        let mut dice = Dice::new(2);
        let feature: Vec<f64> = (0..2000).map(|_| if dice.unit() < 0.3 { f64::NAN } else { dice.unit() }).collect();
        let outcomes: Vec<bool> =
            feature.iter().map(|value| dice.unit() < if value.is_nan() { 0.9 } else { 0.2 }).collect();
        let model = Boosted::fitted(std::slice::from_ref(&feature), &outcomes, 40, 3);
        let of = |value: f64| logistic(model.log_odds(&[vec![value]], 0));
        assert!(of(f64::NAN) > 0.8 && of(0.5) < 0.3, "{} {}", of(f64::NAN), of(0.5));
    }

    #[test]
    fn noise_grows_next_to_nothing() {
        let mut dice = Dice::new(4);
        let features = [throws(&mut dice, 1000), throws(&mut dice, 1000)];
        let outcomes: Vec<bool> = (0..1000).map(|_| dice.unit() < 0.3).collect();
        assert!(Boosted::stopped(&features, &outcomes, 9).size() < 20);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn contributions_add_up_to_the_log_odds(seed in any::<u64>(), row in 0_usize..300) {
            let mut dice = Dice::new(seed);
            let mut features = vec![throws(&mut dice, 300), throws(&mut dice, 300), throws(&mut dice, 300)];
            features[2].iter_mut().step_by(3).for_each(|value| *value = f64::NAN);
            let outcomes: Vec<bool> = features[0].iter().map(|x| dice.unit() < logistic(3.0 * x)).collect();
            let model = Boosted::fitted(&features, &outcomes, 10, seed);
            let mut contributions = [0.0; 3];
            let start = model.explain(&features, row, &mut contributions);
            let sum = start + contributions.iter().sum::<f64>();
            prop_assert!((sum - model.log_odds(&features, row)).abs() < 1e-9);
        }
    }
}
