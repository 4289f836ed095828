//! Was a column written down after the fact? One that alone tells the outcome almost surely was.

use super::figures::auc;
use super::table::{Table, Values};

/// An area under the ROC curve beyond this is too good to be known beforehand.
const TOO_GOOD: f64 = 0.99;
/// A level with fewer rows counts with the other rare ones.
const FEWEST_ROWS: f64 = 20.0;

/// The columns that each tell the outcome alone.
#[must_use]
pub(super) fn leaks(table: &Table, outcomes: &[bool]) -> Vec<String> {
    let telling = |values: &Values| signals(values, outcomes).iter().any(|signal| tells(signal, outcomes));
    table.columns().iter().filter(|column| telling(&column.values)).map(|column| column.name.clone()).collect()
}

fn tells(signal: &[f64], outcomes: &[bool]) -> bool {
    auc(signal, outcomes).is_some_and(|(area, _)| (area - 0.5).abs() + 0.5 >= TOO_GOOD)
}

/// What could be read from a column: its height, whether it is missing, the rate of its level.
fn signals(values: &Values, outcomes: &[bool]) -> Vec<Vec<f64>> {
    match values {
        Values::Numbers(values) => {
            let known = values.iter().copied().filter(|value| !value.is_nan());
            let middle = known.clone().sum::<f64>() / known.count().max(1) as f64;
            let height = |value: &f64| if value.is_nan() { middle } else { *value };
            vec![values.iter().map(height).collect(), values.iter().map(|value| f64::from(value.is_nan())).collect()]
        }
        Values::Categories(values) => {
            let mut counts = vec![(0.0, 0.0); values.levels.len() + 1];
            let level = |code: u32| (code as usize).min(values.levels.len());
            for (code, outcome) in values.codes.iter().zip(outcomes) {
                counts[level(*code)].0 += 1.0;
                counts[level(*code)].1 += f64::from(*outcome);
            }
            let rare = counts.iter().filter(|(rows, _)| *rows < FEWEST_ROWS);
            let rare = rare.fold((0.0, 0.0), |sum: (f64, f64), count| (sum.0 + count.0, sum.1 + count.1));
            let rate = |count: (f64, f64)| count.1 / count.0.max(1.0);
            let told =
                |code: &u32| rate(if counts[level(*code)].0 < FEWEST_ROWS { rare } else { counts[level(*code)] });
            vec![values.codes.iter().map(told).collect()]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_afterwards_is_noticed() {
        let outcomes: Vec<bool> = (0..300).map(|row| row % 3 == 0).collect();
        let words: Vec<String> = (0..300).map(|row| format!("name {row}")).collect();
        let table = Table::new(300)
            .numbers("hours", (0..300).map(|row| f64::from(row % 7)).collect())
            .numbers("left_on", outcomes.iter().map(|left| if *left { 20_000.0 } else { f64::NAN }).collect())
            .categories("state", outcomes.iter().map(|left| Some(if *left { "gone" } else { "here" })))
            .categories("name", words.iter().map(|word| Some(word.as_str())));
        assert_eq!(leaks(&table, &outcomes), ["left_on", "state"]);
    }
}
