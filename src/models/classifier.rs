//! How likely is it, and why? A line and trees are fitted, what does better on rows they had not seen is kept, and its
//! log odds are turned into probabilities on those rows.

use serde::{Deserialize, Serialize};

use super::boosted::Boosted;
use super::calibrate::Calibration;
use super::design::{Design, Features, share};
use super::dice::{Dice, folds};
use super::figures::{auc, log_loss};
use super::logistic::{Logistic, logistic};
use super::reason::Reason;
use super::table::Table;
use crate::{Error, Result};

/// A model learns from no more rows than this; from more, it takes so many by chance.
pub const MOST_TRAINING_ROWS: usize = 100_000;
/// Fewer rows of either outcome than this teach nothing.
pub const FEWEST_OF_EACH: usize = 10;
/// The training rows are dealt into so many parts, each held out once.
const PARTS: usize = 3;
/// Rows that are predicted at once.
const AT_ONCE: usize = 20_000;
/// How dear coefficients may be.
const RIDGES: [f64; 3] = [1.0, 10.0, 100.0];

/// Which kind of model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Ridge-regularised logistic regression.
    Logistic,
    /// Gradient-boosted trees.
    BoostedTrees,
}

impl Kind {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Logistic => "logistic regression",
            Self::BoostedTrees => "boosted trees",
        }
    }
}

/// How well a kind did on training rows it had not seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which kind.
    pub kind: Kind,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Mean negative log likelihood before calibration; the lower is kept.
    pub log_loss: f64,
}

/// A fitted, calibrated model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classifier {
    design: Design,
    fit: Fit,
    calibration: Calibration,
    /// Share of the training rows that came true.
    pub base_rate: f64,
    /// How many rows it learned from.
    pub rows: usize,
    /// Both kinds, side by side.
    pub trials: Vec<Trial>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fit {
    Line { line: Logistic, means: Vec<f64> },
    Trees(Boosted),
}

/// A prediction with what made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// 0–1.
    pub probability: f64,
    /// Before calibration.
    pub log_odds: f64,
    /// What the contributions start from, in log odds.
    pub start: f64,
    /// What each column added, in log odds, in the order of [`Classifier::columns`]: with the start they sum up to
    /// the log odds.
    pub contributions: Vec<f64>,
}

impl Classifier {
    /// Fitted to `rows` of the table; `outcomes` are those of all its rows.
    ///
    /// # Errors
    /// [`Error::Invalid`] where either outcome is too rare to learn from.
    pub fn fitted(table: &Table, rows: &[usize], outcomes: &[bool], seed: u64) -> Result<Self> {
        let hits = rows.iter().filter(|row| outcomes[**row]).count();
        if hits.min(rows.len() - hits) < FEWEST_OF_EACH {
            return Err(Error::Invalid(format!(
                "there is too little to learn from: of {} rows {hits} came true, and {FEWEST_OF_EACH} of either kind are needed",
                rows.len()
            )));
        }
        let rows = drawn(rows, seed);
        let own: Vec<bool> = rows.iter().map(|row| outcomes[*row]).collect();
        let held_out = HeldOut::of(table, &rows, &own, seed);
        let (kind, trials) = held_out.judged(&own);
        let (design, features) = Design::learned(table, &rows, &own, seed);
        let (fit, calibration) = match kind {
            Kind::Logistic => {
                let line = Logistic::fitted(&features.line.features, &own, held_out.ridge());
                let means = features.line.features.iter().map(|feature| mean(feature)).collect();
                (Fit::Line { line, means }, Calibration::learned(held_out.line(), &own))
            }
            Kind::BoostedTrees => {
                let trees = Boosted::fitted(&features.trees.features, &own, held_out.trees, seed);
                (Fit::Trees(trees), Calibration::learned(&held_out.boosted, &own))
            }
        };
        Ok(Self { design, fit, calibration, base_rate: share(&own), rows: rows.len(), trials })
    }

    /// Which kind was kept.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.fit {
            Fit::Line { .. } => Kind::Logistic,
            Fit::Trees(_) => Kind::BoostedTrees,
        }
    }

    /// How its log odds are calibrated.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// The columns it looks at.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.design.columns()
    }

    /// The probability of each of these rows, with what made it, passed to `take` in order.
    pub fn explain(&self, table: &Table, rows: &[usize], mut take: impl FnMut(usize, Explained)) {
        for some in rows.chunks(AT_ONCE) {
            let features = self.design.features(table, some);
            for (place, row) in some.iter().enumerate() {
                take(*row, self.explained(&features, place));
            }
        }
    }

    /// The probability of each of these rows.
    #[must_use]
    pub fn probabilities(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        let mut probabilities = Vec::with_capacity(rows.len());
        for some in rows.chunks(AT_ONCE) {
            let features = self.design.features(table, some);
            let odds = |place| match &self.fit {
                Fit::Line { line, .. } => line.log_odds(&features.line.features, place),
                Fit::Trees(trees) => trees.log_odds(&features.trees.features, place),
            };
            probabilities.extend((0..some.len()).map(|place| self.calibration.probability(odds(place))));
        }
        probabilities
    }

    /// The reasons that weigh most in a row's prediction, the strongest first.
    #[must_use]
    pub fn reasons(&self, table: &Table, row: usize, explained: &Explained, most: usize) -> Vec<Reason> {
        Reason::strongest(&self.columns(), table, row, &explained.contributions, most)
    }

    fn explained(&self, features: &Features, row: usize) -> Explained {
        let mut contributions = vec![0.0; self.design.columns().len()];
        let start = match &self.fit {
            Fit::Line { line, means } => {
                let matrix = &features.line;
                let mut start = line.intercept;
                for (i, coefficient) in line.coefficients.iter().enumerate() {
                    start += coefficient * means[i];
                    contributions[matrix.columns[i]] += coefficient * (matrix.features[i][row] - means[i]);
                }
                start
            }
            Fit::Trees(trees) => {
                let matrix = &features.trees;
                let mut of_features = vec![0.0; matrix.features.len()];
                let start = trees.explain(&matrix.features, row, &mut of_features);
                for (contribution, column) in of_features.iter().zip(&matrix.columns) {
                    contributions[*column] += contribution;
                }
                start
            }
        };
        let log_odds = start + contributions.iter().sum::<f64>();
        Explained { probability: self.calibration.probability(log_odds), log_odds, start, contributions }
    }
}

/// Log odds of training rows by models that had not seen them.
struct HeldOut {
    lines: [Vec<f64>; RIDGES.len()],
    cheapest: usize,
    boosted: Vec<f64>,
    /// How many trees did best.
    trees: usize,
}

impl HeldOut {
    fn of(table: &Table, rows: &[usize], outcomes: &[bool], seed: u64) -> Self {
        let parts = folds(outcomes, PARTS, seed);
        let empty = || vec![0.0; rows.len()];
        let mut all = Self { lines: RIDGES.map(|_| empty()), cheapest: 0, boosted: empty(), trees: 0 };
        for part in 0..PARTS {
            let (held, rest): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|at| parts[*at] == part);
            let of = |places: &[usize]| places.iter().map(|at| rows[*at]).collect::<Vec<_>>();
            let known: Vec<bool> = rest.iter().map(|at| outcomes[*at]).collect();
            let (design, training) = Design::learned(table, &of(&rest), &known, seed);
            let unseen = design.features(table, &of(&held));
            for (line, ridge) in all.lines.iter_mut().zip(RIDGES) {
                let fit = Logistic::fitted(&training.line.features, &known, ridge);
                held.iter().enumerate().for_each(|(i, at)| line[*at] = fit.log_odds(&unseen.line.features, i));
            }
            let fit = Boosted::stopped(&training.trees.features, &known, seed);
            held.iter().enumerate().for_each(|(i, at)| all.boosted[*at] = fit.log_odds(&unseen.trees.features, i));
            all.trees += fit.size();
        }
        all.trees = all.trees.div_ceil(PARTS);
        let losses = all.lines.each_ref().map(|line| loss(line, outcomes));
        all.cheapest = (0..RIDGES.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap_or(0);
        all
    }

    fn ridge(&self) -> f64 {
        RIDGES[self.cheapest]
    }

    fn line(&self) -> &[f64] {
        &self.lines[self.cheapest]
    }

    /// What is kept: the kind that was surprised less.
    fn judged(&self, outcomes: &[bool]) -> (Kind, Vec<Trial>) {
        let trial = |kind, odds: &[f64]| Trial {
            kind,
            auc: auc(odds, outcomes).map_or(0.5, |(area, _)| area),
            log_loss: loss(odds, outcomes),
        };
        let trials = vec![trial(Kind::Logistic, self.line()), trial(Kind::BoostedTrees, &self.boosted)];
        let kept = if trials[1].log_loss < trials[0].log_loss { Kind::BoostedTrees } else { Kind::Logistic };
        (kept, trials)
    }
}

fn loss(odds: &[f64], outcomes: &[bool]) -> f64 {
    log_loss(&odds.iter().map(|x| logistic(*x)).collect::<Vec<_>>(), outcomes)
}

/// All of the rows, or as many as a model learns from, in their order.
fn drawn(rows: &[usize], seed: u64) -> Vec<usize> {
    if rows.len() <= MOST_TRAINING_ROWS {
        return rows.to_vec();
    }
    let mut drawn = rows.to_vec();
    Dice::new(seed).shuffle(&mut drawn);
    drawn.truncate(MOST_TRAINING_ROWS);
    drawn.sort_unstable();
    drawn
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(dice: &mut Dice, rows: usize) -> Table {
        let words: Vec<&str> = (0..rows).map(|_| ["a", "b", "c"][(dice.unit() * 3.0) as usize]).collect();
        Table::new(rows)
            .numbers("x", (0..rows).map(|row| if row % 7 == 0 { f64::NAN } else { dice.unit() * 4.0 - 2.0 }).collect())
            .numbers("y", (0..rows).map(|_| dice.unit() * 4.0 - 2.0).collect())
            .categories("word", words.iter().enumerate().map(|(row, word)| (row % 5 > 0).then_some(*word)))
    }

    fn outcomes(table: &Table, dice: &mut Dice, log_odds: impl Fn(f64, f64) -> f64) -> Vec<bool> {
        let numbers = |name: &str| match &table.column(name).unwrap().values {
            super::super::Values::Numbers(values) => values.clone(),
            super::super::Values::Categories(_) => Vec::new(),
        };
        let (x, y) = (numbers("x"), numbers("y"));
        (0..table.rows()).map(|row| dice.unit() < logistic(log_odds(x[row].max(-2.0), y[row]))).collect()
    }

    #[track_caller]
    fn adds_up(model: &Classifier, table: &Table) {
        let rows: Vec<usize> = (0..table.rows()).collect();
        let probabilities = model.probabilities(table, &rows);
        model.explain(table, &rows, |row, explained| {
            let sum = explained.start + explained.contributions.iter().sum::<f64>();
            assert!((sum - explained.log_odds).abs() < 1e-9);
            assert!((explained.probability - probabilities[row]).abs() < 1e-9);
        });
    }

    #[test]
    fn a_line_is_kept_where_the_world_is_straight_and_trees_where_it_is_not() {
        let mut dice = Dice::new(8);
        let table = table(&mut dice, 2000);
        let rows: Vec<usize> = (0..2000).collect();
        for (kind, log_odds) in [
            (Kind::Logistic, (|x, y| x - 0.5 * y) as fn(f64, f64) -> f64),
            (Kind::BoostedTrees, |x, y| if x * y > 0.0 { 2.0 } else { -2.0 }),
        ] {
            let outcomes = outcomes(&table, &mut dice, log_odds);
            let model = Classifier::fitted(&table, &rows, &outcomes, 1).unwrap();
            assert_eq!(model.kind(), kind, "{:?}", model.trials);
            adds_up(&model, &table);
            let stored = serde_json::to_value(&model).unwrap();
            let restored: Classifier = serde_json::from_value(stored).unwrap();
            assert_eq!(restored.probabilities(&table, &rows), model.probabilities(&table, &rows));
        }
    }

    #[test]
    fn the_reasons_are_the_strongest_contributions_in_words() {
        let mut dice = Dice::new(9);
        let table = table(&mut dice, 800);
        let outcomes = outcomes(&table, &mut dice, |x, _| 2.0 * x);
        let model = Classifier::fitted(&table, &(0..800).collect::<Vec<_>>(), &outcomes, 1).unwrap();
        model.explain(&table, &[1], |row, explained| {
            let reasons = model.reasons(&table, row, &explained, 3);
            assert!(reasons.len() <= 3 && reasons[0].column == "x", "{reasons:?}");
            let way = if reasons[0].effect > 0.0 { "likelier" } else { "less likely" };
            let said = reasons[0].to_string();
            assert!(said.starts_with(&format!("x is {}: ", reasons[0].value)) && said.ends_with(way), "{said}");
        });
    }
}
