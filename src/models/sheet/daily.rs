//! Which day and which number is each row of?

use chrono::NaiveDate;

use super::infer::{self, Kind};
use super::moments;
use super::read::{Text, Words};
use crate::models::table::MISSING;
use crate::{Error, Result};

/// A file of which more rows than this share cannot be read is refused.
const MOST_UNREADABLE: f64 = 0.05;

/// Rows with their place, day and number; and what was left out, in words.
type Read = (Vec<(usize, NaiveDate, f64)>, Vec<String>);

/// The rows with a day and a number in these columns, and what was left out, in words.
///
/// # Errors
/// [`Error::Invalid`] naming the column, or the line of the first row where too many cannot be read.
pub(in crate::models) fn days_and_numbers(text: &Text, date: &str, number: &str) -> Result<Read> {
    let date = &text.columns[text.position(date)?];
    let value = &text.columns[text.position(number)?];
    let (days, values) = (days(date)?, values(value)?);
    let mut rows = Vec::with_capacity(text.rows);
    let (mut odd, mut first_odd) = (0, None);
    for row in 0..text.rows {
        let day = days.get(date.codes[row] as usize).copied().flatten();
        let number = values.get(value.codes[row] as usize).copied().flatten();
        if let (Some(day), Some(number)) = (day, number) {
            rows.push((row, day, number));
        } else {
            odd += 1;
            first_odd.get_or_insert((row, if day.is_none() { date } else { value }));
        }
    }
    let Some((row, column)) = first_odd else { return Ok((rows, Vec::new())) };
    let said = word(column, row).map_or_else(|| "nothing".into(), |word| format!("'{word}'"));
    let what = format!("line {}: {} is {said}", text.lines[row], column.name);
    if f64::from(odd) > MOST_UNREADABLE * text.rows as f64 {
        return Err(Error::Invalid(format!(
            "{odd} of {} rows have no day or no number; the first is {what}",
            text.rows
        )));
    }
    Ok((rows, vec![format!("{odd} rows have no day or no number and are left out (first {what})")]))
}

/// The word of a row, where there is one.
pub(in crate::models) fn word(column: &Words, row: usize) -> Option<&str> {
    let code = column.codes[row];
    (code != MISSING).then(|| column.levels[code as usize].as_str())
}

fn days(column: &Words) -> Result<Vec<Option<NaiveDate>>> {
    let Kind::Moments(format) = infer::kind(column) else {
        return Err(Error::Invalid(format!(
            "{}: it holds no dates (line {}: '{}')",
            column.name,
            column.first_line(0),
            column.levels.first().map_or("", String::as_str)
        )));
    };
    let day = |word: &String| format.read(word).or_else(|| moments::any(word)).map(|moment| moment.date);
    Ok(column.levels.iter().map(day).collect())
}

fn values(column: &Words) -> Result<Vec<Option<f64>>> {
    let values: Vec<Option<f64>> = column.levels.iter().map(|word| infer::number(word)).collect();
    if values.iter().all(Option::is_none) {
        return Err(Error::Invalid(format!(
            "{}: it holds no numbers (line {}: '{}')",
            column.name,
            column.first_line(0),
            column.levels.first().map_or("", String::as_str)
        )));
    }
    Ok(values)
}
