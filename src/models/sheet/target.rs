//! Which rows came true? The target column as yes and no.

use super::read::{Text, Words};
use crate::models::table::MISSING;
use crate::{Error, Result};

/// Words for yes, each with its no.
const PAIRS: [(&str, &str); 9] = [
    ("1", "0"),
    ("true", "false"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("1.0", "0.0"),
    ("filled", "unfilled"),
    ("churned", "stayed"),
    ("left", "stayed"),
];

/// What became of each row.
#[derive(Debug)]
pub(super) struct Target {
    pub at: usize,
    pub column: String,
    /// In words: `Churn = Yes`.
    pub words: String,
    /// `None` where it is missing.
    pub outcomes: Vec<Option<bool>>,
    pub unknown: usize,
}

pub(super) fn found(text: &Text, name: &str, positive: Option<&str>) -> Result<Target> {
    let at = text.position(name)?;
    let column = &text.columns[at];
    let yes = match positive {
        Some(positive) => same(column, positive)?,
        None => plain_yes(column)?,
    };
    if column.levels.len() < 2 {
        let only = column.levels.first().map_or("empty", String::as_str);
        return Err(Error::Invalid(format!("{}: every row is {only}; there is nothing to tell apart", column.name)));
    }
    let outcomes: Vec<Option<bool>> =
        column.codes.iter().map(|code| (*code != MISSING).then_some(*code as usize == yes)).collect();
    let unknown = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    let words = format!("{} = {}", column.name, column.levels[yes]);
    Ok(Target { at, column: column.name.clone(), words, outcomes, unknown })
}

fn same(column: &Words, positive: &str) -> Result<usize> {
    column
        .levels
        .iter()
        .position(|level| level.eq_ignore_ascii_case(positive.trim()))
        .ok_or_else(|| Error::Invalid(format!("{}: no row is '{positive}'; there are {}", column.name, some(column))))
}

fn plain_yes(column: &Words) -> Result<usize> {
    if column.levels.len() > 2 {
        let odd = column.levels.len() - 1;
        return Err(Error::Invalid(format!(
            "{}: a target has two values, and there are {} ({}; '{}' first on line {}): say with --positive which one is \
             predicted",
            column.name,
            column.levels.len(),
            some(column),
            column.levels[odd],
            column.first_line(odd)
        )));
    }
    let lower: Vec<String> = column.levels.iter().map(|level| level.to_ascii_lowercase()).collect();
    let is_pair = |(yes, no): &&(&str, &str)| lower.iter().all(|level| level == yes || level == no);
    let yes = PAIRS.iter().find(is_pair).map(|(yes, _)| lower.iter().position(|level| level == yes));
    match yes {
        Some(Some(yes)) => Ok(yes),
        // Only the no is there: said as one value by the caller.
        Some(None) => Ok(0),
        None => Err(Error::Invalid(format!(
            "{}: its values are {}; say with --positive which one is predicted",
            column.name,
            some(column)
        ))),
    }
}

fn some(column: &Words) -> String {
    let mut words: Vec<String> = column.levels.iter().take(5).map(|level| format!("'{level}'")).collect();
    if column.levels.len() > words.len() {
        words.push("…".into());
    }
    words.join(", ")
}
