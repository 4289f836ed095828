//! How do columns become numbers a model can weigh? Learned on the training rows only, so that nothing leaks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dice::folds;
use super::logistic::log_odds;
use super::table::{Categories, MISSING, Table, Values};
use crate::scoring::statistics::quantile;

/// A column with more frequent levels than this is told by their rates, not by a feature for each.
const MOST_LEVELS: usize = 12;
/// A level needs that many training rows for a feature of its own.
const FEWEST_ROWS: usize = 10;
/// So many rows at the overall rate are added to each level before its rate is taken.
const PRIOR_ROWS: f64 = 12.0;
/// The rate that a training row is told comes from the other parts of so many.
const PARTS: usize = 5;
/// Numbers with fewer distinct values than this bend nowhere.
const FEWEST_FOR_BENDS: usize = 8;

/// What was learned of the columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    parts: Vec<Part>,
}

/// What was learned of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    column: String,
    learned: Learned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Learned {
    /// For the line: standardised, held within what is usual, and bent at its quartiles.
    Number { mean: f64, sd: f64, low: f64, high: f64, bends: Vec<f64> },
    /// Each frequent level against the rest; missing is one of them.
    Levels { levels: Vec<Option<String>> },
    /// The log odds of each level's smoothed rate, against the overall ones.
    Rates { rates: BTreeMap<String, f64>, missing: f64 },
}

/// The features of some rows: for trees with missing values left open, for the line with them filled.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    pub trees: Matrix,
    pub line: Matrix,
}

/// Features, and of which column each is.
#[derive(Debug, Clone, Default)]
pub(super) struct Matrix {
    pub features: Vec<Vec<f64>>,
    pub columns: Vec<usize>,
}

impl Matrix {
    fn add(&mut self, column: usize, feature: Vec<f64>) {
        self.features.push(feature);
        self.columns.push(column);
    }
}

impl Design {
    /// Learned on `rows` of the table (`outcomes` are theirs, in their order), with their features. A training row is
    /// told the rate of its level among other rows, as it will be for rows never seen.
    pub(super) fn learned(table: &Table, rows: &[usize], outcomes: &[bool], seed: u64) -> (Self, Features) {
        let learned = |values: &Values| match values {
            Values::Numbers(values) => number(values, rows),
            Values::Categories(values) => category(values, rows, outcomes),
        };
        let parts = table
            .columns()
            .iter()
            .map(|column| Part { column: column.name.clone(), learned: learned(&column.values) })
            .collect();
        let design = Self { parts };
        let mut features = design.features(table, rows);
        design.hide_own_outcomes(&mut features, table, (rows, outcomes), seed);
        (design, features)
    }

    /// The columns it was learned of.
    pub(super) fn columns(&self) -> Vec<&str> {
        self.parts.iter().map(|part| part.column.as_str()).collect()
    }

    /// The features of any rows. A column that the table lacks is missing in each.
    pub(super) fn features(&self, table: &Table, rows: &[usize]) -> Features {
        let mut features = Features::default();
        for (place, part) in self.parts.iter().enumerate() {
            let values = table.column(&part.column).map(|column| &column.values);
            match &part.learned {
                Learned::Number { .. } => {
                    let raw = match values {
                        Some(Values::Numbers(values)) => rows.iter().map(|row| values[*row]).collect(),
                        _ => vec![f64::NAN; rows.len()],
                    };
                    part.learned.bend(&raw).into_iter().for_each(|feature| features.line.add(place, feature));
                    features.trees.add(place, raw);
                }
                Learned::Levels { levels } => {
                    for level in levels {
                        let feature = flags(values, rows, level.as_deref());
                        features.line.add(place, feature.clone());
                        features.trees.add(place, feature);
                    }
                }
                Learned::Rates { rates, missing } => {
                    let feature = told(rates, *missing, values, rows);
                    features.line.add(place, feature.clone());
                    features.trees.add(place, feature);
                }
            }
        }
        features
    }

    /// Replaces the rates that training rows were told by those learned without them.
    fn hide_own_outcomes(
        &self,
        features: &mut Features,
        table: &Table,
        (rows, outcomes): (&[usize], &[bool]),
        seed: u64,
    ) {
        let parts = folds(outcomes, PARTS, seed);
        for (place, part) in self.parts.iter().enumerate() {
            let values = table.column(&part.column).map(|column| &column.values);
            let (Learned::Rates { .. }, Some(Values::Categories(categories))) = (&part.learned, values) else {
                continue;
            };
            for fold in 0..PARTS {
                let others = (0..rows.len()).filter(|at| parts[*at] != fold);
                let (seen, hits): (Vec<usize>, Vec<bool>) = others.map(|at| (rows[at], outcomes[at])).unzip();
                let (rates, missing) = rates(categories, &seen, &hits);
                let own: Vec<usize> = (0..rows.len()).filter(|at| parts[*at] == fold).collect();
                let hidden = told(&rates, missing, values, &own.iter().map(|at| rows[*at]).collect::<Vec<_>>());
                for matrix in [&mut features.line, &mut features.trees] {
                    let Some(feature) = matrix.columns.iter().position(|column| *column == place) else { continue };
                    own.iter().zip(&hidden).for_each(|(at, rate)| matrix.features[feature][*at] = *rate);
                }
            }
        }
    }
}

impl Learned {
    /// A number for the line: its height, how far it is beyond each bend, and whether it is missing.
    fn bend(&self, raw: &[f64]) -> Vec<Vec<f64>> {
        let Self::Number { mean, sd, low, high, bends } = self else { return Vec::new() };
        let height = |value: &f64| if value.is_nan() { 0.0 } else { (value.clamp(*low, *high) - mean) / sd };
        let heights: Vec<f64> = raw.iter().map(height).collect();
        let mut features: Vec<Vec<f64>> = bends
            .iter()
            .map(|bend| {
                let beyond =
                    |(value, height): (&f64, &f64)| if value.is_nan() { 0.0 } else { (height - bend).max(0.0) };
                raw.iter().zip(&heights).map(beyond).collect()
            })
            .collect();
        features.push(heights);
        features.push(raw.iter().map(|value| f64::from(value.is_nan())).collect());
        features
    }
}

fn number(values: &[f64], rows: &[usize]) -> Learned {
    let mut sorted: Vec<f64> = rows.iter().map(|row| values[*row]).filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |p| quantile(&sorted, p).unwrap_or(0.0);
    let (low, high) = (at(0.005), at(0.995));
    let held: Vec<f64> = sorted.iter().map(|value| value.clamp(low, high)).collect();
    let n = held.len().max(1) as f64;
    let mean = held.iter().sum::<f64>() / n;
    let sd = (held.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
    let sd = if sd > 1e-12 { sd } else { 1.0 };
    let mut bends = Vec::new();
    if sorted.chunk_by(|a, b| a == b).count() >= FEWEST_FOR_BENDS {
        bends = [0.25, 0.5, 0.75].map(|p| (at(p) - mean) / sd).to_vec();
        bends.dedup();
    }
    Learned::Number { mean, sd, low, high, bends }
}

fn category(values: &Categories, rows: &[usize], outcomes: &[bool]) -> Learned {
    let counts = counts(values, rows, outcomes);
    let frequent: Vec<usize> = (0..counts.len()).filter(|level| counts[*level].0 >= FEWEST_ROWS as f64).collect();
    if frequent.len() > MOST_LEVELS || (frequent.len() < 2 && values.levels.len() > MOST_LEVELS) {
        let (rates, missing) = rates(values, rows, outcomes);
        return Learned::Rates { rates, missing };
    }
    Learned::Levels { levels: frequent.into_iter().map(|level| values.levels.get(level).cloned()).collect() }
}

/// Rows and hits of each level; those of missing values last.
fn counts(values: &Categories, rows: &[usize], outcomes: &[bool]) -> Vec<(f64, f64)> {
    let mut counts = vec![(0.0, 0.0); values.levels.len() + 1];
    for (row, outcome) in rows.iter().zip(outcomes) {
        let level = (values.codes[*row] as usize).min(values.levels.len());
        counts[level].0 += 1.0;
        counts[level].1 += f64::from(*outcome);
    }
    counts
}

fn rates(values: &Categories, rows: &[usize], outcomes: &[bool]) -> (BTreeMap<String, f64>, f64) {
    let overall = share(outcomes);
    let counts = counts(values, rows, outcomes);
    let told = |(n, hits): (f64, f64)| log_odds((hits + PRIOR_ROWS * overall) / (n + PRIOR_ROWS)) - log_odds(overall);
    let known = values.levels.iter().zip(&counts).filter(|(_, (n, _))| *n > 0.0);
    (known.map(|(level, count)| (level.clone(), told(*count))).collect(), told(counts[values.levels.len()]))
}

/// The share that came true, never quite 0 or 1.
pub(super) fn share(outcomes: &[bool]) -> f64 {
    (outcomes.iter().filter(|outcome| **outcome).count() as f64 + 0.5) / (outcomes.len() as f64 + 1.0)
}

/// What each row is told of its level's rate; of a level never seen, nothing.
fn told(rates: &BTreeMap<String, f64>, missing: f64, values: Option<&Values>, rows: &[usize]) -> Vec<f64> {
    let Some(Values::Categories(values)) = values else { return vec![missing; rows.len()] };
    let of_level: Vec<f64> = values.levels.iter().map(|level| rates.get(level).copied().unwrap_or(0.0)).collect();
    rows.iter().map(|row| of_level.get(values.codes[*row] as usize).copied().unwrap_or(missing)).collect()
}

/// 1 where the row has that level, else 0; `None` is missing.
fn flags(values: Option<&Values>, rows: &[usize], level: Option<&str>) -> Vec<f64> {
    let Some(Values::Categories(values)) = values else { return vec![f64::from(level.is_none()); rows.len()] };
    let wanted = match level {
        None => Some(MISSING),
        Some(level) => values.levels.iter().position(|known| known == level).map(|place| place as u32),
    };
    rows.iter().map(|row| f64::from(Some(values.codes[*row]) == wanted)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(n: usize, word: impl Fn(usize) -> String) -> Table {
        let words: Vec<String> = (0..n).map(word).collect();
        Table::new(n).categories("word", words.iter().map(|word| Some(word.as_str())))
    }

    #[test]
    fn a_rare_level_gets_no_feature_and_an_unknown_one_is_none() {
        let table = words(45, |row| ["a", "b"].get(row / 20).unwrap_or(&"rare").to_string());
        let (design, features) = Design::learned(&table, &(0..45).collect::<Vec<_>>(), &[true; 45], 1);
        assert_eq!(features.line.features.len(), 2);
        let other = words(2, |_| "never seen".into());
        assert_eq!(design.features(&other, &[0, 1]).line.features, vec![vec![0.0; 2]; 2]);
    }

    #[test]
    fn a_row_is_not_told_its_own_outcome() {
        // Every level twice: what a row is told of its level comes from the other row, or is nothing.
        let table = words(200, |row| format!("level {}", row / 2));
        let outcomes: Vec<bool> = (0..200).map(|row| row % 2 == 0).collect();
        let rows: Vec<usize> = (0..200).collect();
        let (design, training) = Design::learned(&table, &rows, &outcomes, 1);
        let against = |(told, own): (&f64, &bool)| if *own { *told < 1e-9 } else { *told > -1e-9 };
        assert!(training.trees.features[0].iter().zip(&outcomes).all(against));
        assert!(training.trees.features[0].iter().any(|told| *told < -1e-3), "the other row of the level is heard");
        let naive = design.features(&table, &rows);
        assert!(naive.trees.features[0].iter().all(|told| told.abs() < 1e-9), "one of two is the overall rate");
    }

    #[test]
    fn numbers_are_held_within_what_was_usual_and_a_missing_one_is_said() {
        let table = Table::new(400).numbers("lead", (0..400).map(f64::from).collect());
        let (design, _) = Design::learned(&table, &(0..400).collect::<Vec<_>>(), &[true; 400], 1);
        let odd = Table::new(3).numbers("lead", vec![1e9, 398.0, f64::NAN]);
        let line = design.features(&odd, &[0, 1, 2]).line.features;
        assert_eq!(line.len(), 5, "three bends, the height, whether it is missing");
        assert!((line[3][0] - line[3][1]).abs() < 0.01 && line[3][2] == 0.0, "{:?}", line[3]);
        assert_eq!(line[4], [0.0, 0.0, 1.0]);
    }
}
