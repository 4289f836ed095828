//! Which facts does a model see of each row? Columns of numbers and of categories, with missing values.

use std::collections::HashMap;

/// The code of a category that is not known.
pub const MISSING: u32 = u32::MAX;

/// Columns of the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    rows: usize,
    columns: Vec<Column>,
}

/// One fact about every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is called; unique in its table.
    pub name: String,
    /// The values in the order of the rows.
    pub values: Values,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; not a number where it is missing.
    Numbers(Vec<f64>),
    /// Categories.
    Categories(Categories),
}

/// Words that repeat, each kept once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Categories {
    /// The words, in the order in which they were first seen.
    pub levels: Vec<String>,
    /// Per row the index of its word, or [`MISSING`].
    pub codes: Vec<u32>,
}

impl Table {
    /// A table of so many rows without columns.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// With one more column of numbers (not a number: missing).
    ///
    /// # Panics
    /// If it has not as many values as the table has rows.
    #[must_use]
    pub fn numbers(self, name: impl Into<String>, values: Vec<f64>) -> Self {
        self.with(name, Values::Numbers(values))
    }

    /// With one more column of categories.
    ///
    /// # Panics
    /// If it has not as many values as the table has rows.
    #[must_use]
    pub fn categories<'a>(self, name: impl Into<String>, values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut seen = HashMap::new();
        let mut categories = Categories::default();
        for value in values {
            let code = value.map_or(MISSING, |word| {
                *seen.entry(word).or_insert_with(|| {
                    categories.levels.push(word.to_owned());
                    categories.levels.len() as u32 - 1
                })
            });
            categories.codes.push(code);
        }
        self.with(name, Values::Categories(categories))
    }

    /// With one more column.
    ///
    /// # Panics
    /// If it has not as many values as the table has rows.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, values: Values) -> Self {
        assert_eq!(values.len(), self.rows, "every column of a table is as long as the others");
        self.columns.push(Column { name: name.into(), values });
        self
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Only the column of that name.
    #[must_use]
    pub fn only(&self, name: &str) -> Self {
        Self { rows: self.rows, columns: self.column(name).cloned().into_iter().collect() }
    }
}

impl Values {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Categories(values) => values.codes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        match self {
            Self::Numbers(values) => values.iter().filter(|value| value.is_nan()).count(),
            Self::Categories(values) => values.codes.iter().filter(|code| **code == MISSING).count(),
        }
    }

    /// A value as a person would write it.
    #[must_use]
    pub fn said(&self, row: usize) -> String {
        match self {
            Self::Numbers(values) if values[row].is_nan() => "missing".into(),
            Self::Numbers(values) => said_number(values[row]),
            Self::Categories(values) => {
                values.levels.get(values.codes[row] as usize).map_or_else(|| "missing".into(), Clone::clone)
            }
        }
    }
}

/// With as many decimals as its size deserves.
fn said_number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size == size.trunc() || size >= 1000.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_once_and_missing_values_stay_missing() {
        let table = Table::new(4)
            .categories("site", [Some("N"), None, Some("S"), Some("N")])
            .numbers("lead", vec![1.0, f64::NAN, 2.25, 1200.5]);
        let Values::Categories(site) = &table.column("site").unwrap().values else { panic!("not categories") };
        assert_eq!((site.levels.join(" "), &site.codes[..]), ("N S".into(), &[0, MISSING, 1, 0][..]));
        let said = |column: &str| (0..4).map(|row| table.column(column).unwrap().values.said(row)).collect::<Vec<_>>();
        assert_eq!(said("site"), ["N", "missing", "S", "N"]);
        assert_eq!(said("lead"), ["1", "missing", "2.25", "1200"]);
        assert_eq!(table.columns().iter().map(|column| column.values.missing()).sum::<usize>(), 2);
    }
}
