//! Why this probability? The columns that moved it most, in words.

use serde::{Deserialize, Serialize};

use super::table::Table;

/// One column's share in a prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Which column.
    pub column: String,
    /// Its value in this row, as a person would write it.
    pub value: String,
    /// What it added to the log odds: above 0 it makes the outcome likelier.
    pub effect: f64,
}

impl Reason {
    pub(super) fn strongest(
        columns: &[&str],
        table: &Table,
        row: usize,
        contributions: &[f64],
        most: usize,
    ) -> Vec<Self> {
        let mut order: Vec<usize> = (0..columns.len()).filter(|column| contributions[*column].abs() > 1e-9).collect();
        order.sort_by(|a, b| contributions[*b].abs().total_cmp(&contributions[*a].abs()));
        order.truncate(most);
        let value = |column| table.column(column).map_or_else(|| "missing".into(), |column| column.values.said(row));
        order
            .into_iter()
            .map(|at| Self { column: columns[at].into(), value: value(columns[at]), effect: contributions[at] })
            .collect()
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let way = if self.effect > 0.0 { "likelier" } else { "less likely" };
        let how = match self.effect.abs() {
            size if size >= 1.0 => "much ",
            size if size >= 0.3 => "",
            _ => "a little ",
        };
        write!(f, "{} is {}: {how}{way}", self.column, self.value)
    }
}
