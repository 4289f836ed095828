//! What would one say without a model? The answers it must beat before anybody is shown it.

use super::design::share;
use super::table::{Table, Values};

/// So many rows at the overall rate are added to each group before its rate is taken.
const PRIOR_ROWS: f64 = 10.0;

/// A simple answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Simple {
    /// Always the overall rate.
    BaseRate,
    /// The rate of the row's group.
    RateOf(String),
    /// A model that sees one column only.
    Only(String),
}

impl std::fmt::Display for Simple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BaseRate => f.write_str("always the overall rate"),
            Self::RateOf(column) => write!(f, "the own rate of each {column}"),
            Self::Only(column) => write!(f, "{column} alone"),
        }
    }
}

/// The rate among the `known` rows of the group that each asked row is in; numbers are groups by their value.
pub(super) fn rate_of_each(
    table: &Table,
    column: &str,
    (known, outcomes): (&[usize], &[bool]),
    asked: &[usize],
) -> Vec<f64> {
    let overall = share(outcomes);
    let Some(column) = table.column(column) else { return vec![overall; asked.len()] };
    let group = |row: usize| match &column.values {
        Values::Numbers(values) => values[row].to_bits(),
        Values::Categories(values) => u64::from(values.codes[row]),
    };
    let mut counts = std::collections::HashMap::<u64, (f64, f64)>::new();
    for (row, outcome) in known.iter().zip(outcomes) {
        let count = counts.entry(group(*row)).or_default();
        count.0 += 1.0;
        count.1 += f64::from(*outcome);
    }
    let rate = |(rows, hits): (f64, f64)| (hits + PRIOR_ROWS * overall) / (rows + PRIOR_ROWS);
    asked.iter().map(|row| rate(counts.get(&group(*row)).copied().unwrap_or_default())).collect()
}

/// The column of categories that tells most of the outcome (mutual information), where one tells anything.
#[must_use]
pub fn most_telling(table: &Table, outcomes: &[bool]) -> Option<String> {
    let surprise = |p: f64| if p <= 0.0 || p >= 1.0 { 0.0 } else { -p * p.ln() - (1.0 - p) * (1.0 - p).ln() };
    let n = outcomes.len() as f64;
    let told = |values: &Values| {
        let Values::Categories(values) = values else { return None };
        let mut counts = vec![(0.0, 0.0); values.levels.len() + 1];
        for (code, outcome) in values.codes.iter().zip(outcomes) {
            let count = &mut counts[(*code as usize).min(values.levels.len())];
            count.0 += 1.0;
            count.1 += f64::from(*outcome);
        }
        let left: f64 =
            counts.iter().filter(|(rows, _)| *rows > 0.0).map(|(rows, hits)| rows / n * surprise(hits / rows)).sum();
        // Many small groups tell something by chance: about half a nat per level and row (Miller & Madow).
        Some(surprise(share(outcomes)) - left - values.levels.len() as f64 / (2.0 * n))
    };
    let gains = table.columns().iter().filter_map(|column| Some((told(&column.values)?, &column.name)));
    gains.filter(|(gain, _)| *gain > 0.0).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_was_never_seen_has_the_overall_rate() {
        let table = Table::new(4).categories("site", [Some("N"), Some("N"), Some("S"), None]);
        let rates = rate_of_each(&table, "site", (&[0, 1], &[true, true]), &[0, 2, 3]);
        let overall = 2.5 / 3.0;
        let expected = [(2.0 + 10.0 * overall) / 12.0, overall, overall];
        assert!(rates.iter().zip(expected).all(|(rate, expected)| (rate - expected).abs() < 1e-12), "{rates:?}");
    }

    #[test]
    fn the_most_telling_column_is_not_the_one_with_most_levels() {
        let outcomes: Vec<bool> = (0..200).map(|row| row % 4 == 0 || row % 9 == 0).collect();
        let ids: Vec<String> = (0..200).map(|row| format!("{}", row * 7 % 100)).collect();
        let table = Table::new(200)
            .categories("id", ids.iter().map(|id| Some(id.as_str())))
            .categories("site", (0..200).map(|row| Some(if row % 4 == 0 { "N" } else { "S" })));
        assert_eq!(most_telling(&table, &outcomes).as_deref(), Some("site"));
        assert_eq!(most_telling(&Table::new(200), &outcomes), None);
    }
}
