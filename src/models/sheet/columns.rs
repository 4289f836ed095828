//! What is made of each column: features where a model can use it, a note where not.

use chrono::Datelike;

use super::infer::{self, Kind};
use super::moments::{Format, Moment, clock};
use super::read::{Text, Words};
use crate::models::backtest::Subject;
use crate::models::most_telling;
use crate::models::table::{Categories, MISSING, Table, Values};
use crate::{Error, Result};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Fewer rows cannot show that a column tells each row apart.
const FEWEST_FOR_IDS: usize = 50;
/// Between more dates than this no differences are taken.
const MOST_MOMENTS: usize = 4;

/// The features, and what was done.
pub(super) struct Taken {
    pub table: Table,
    pub notes: Vec<String>,
}

/// Takes the columns that are not skipped, for these rows; the moment that rows are split by tells its weekday, month
/// and hour but not its day, which the rows held out are all beyond.
pub(super) fn taken(text: &Text, rows: &[usize], skip: &[usize], time: Option<(usize, &Kind)>) -> Taken {
    let mut taking = Taking { rows, columns: Vec::new(), notes: Vec::new(), moments: Vec::new() };
    for (at, column) in text.columns.iter().enumerate() {
        if skip.contains(&at) {
            continue;
        }
        let kind = infer::kind(column);
        match kind {
            Kind::Moments(format) => taking.moments(column, format, time.is_none()),
            Kind::Numbers if time.is_some_and(|(split, _)| split == at) => {}
            Kind::Numbers if !infer::is_label(&column.name) => taking.numbers(column, infer::number),
            Kind::Clock => taking.numbers(column, clock),
            Kind::Numbers | Kind::Words => taking.words(column),
            Kind::Empty => taking.notes.push(format!("{} is empty and left out", column.name)),
        }
    }
    taking.differences();
    let none = Table::new(rows.len());
    let table = taking.columns.into_iter().fold(none, |table, (name, values)| table.with(name, values));
    Taken { table, notes: taking.notes }
}

struct Taking<'a> {
    rows: &'a [usize],
    columns: Vec<(String, Values)>,
    notes: Vec<String>,
    /// Days of each column of dates.
    moments: Vec<(String, Vec<f64>)>,
}

impl Taking<'_> {
    fn add(&mut self, name: String, values: Values) {
        if is_constant(&values) {
            self.notes.push(format!("{name} is the same in every row and left out"));
            return;
        }
        self.columns.push((name, values));
    }

    fn numbers(&mut self, column: &Words, read: fn(&str) -> Option<f64>) {
        let of_level: Vec<f64> = column.levels.iter().map(|word| read(word).unwrap_or(f64::NAN)).collect();
        self.say_odd(column, "number", |level| of_level[level].is_nan());
        let whole = of_level.iter().all(|value| value.fract() == 0.0);
        let all_differ = column.levels.len() == column.codes.len() && column.codes.len() >= FEWEST_FOR_IDS;
        let span = of_level.iter().fold(f64::MIN, |a, b| a.max(*b)) - of_level.iter().fold(f64::MAX, |a, b| a.min(*b));
        if whole && all_differ && span < 2.0 * column.codes.len() as f64 {
            return self.notes.push(format!("{} only counts the rows and is left out", column.name));
        }
        let values = self.rows.iter().map(|row| of_level.get(column.codes[*row] as usize).copied().unwrap_or(f64::NAN));
        self.add(column.name.clone(), Values::Numbers(values.collect()));
    }

    fn words(&mut self, column: &Words) {
        let filled = column.filled();
        if column.levels.len() >= FEWEST_FOR_IDS && 2 * column.levels.len() as u64 > filled {
            let how = format!("{} of its {filled} values are different", column.levels.len());
            return self.notes.push(format!("{} tells the rows apart ({how}) and is left out", column.name));
        }
        self.add(column.name.clone(), Values::Categories(compact(column, self.rows)));
    }

    fn moments(&mut self, column: &Words, format: Format, with_day: bool) {
        let of_level: Vec<Option<Moment>> = column.levels.iter().map(|word| format.read(word)).collect();
        self.say_odd(column, &format!("date ({})", format.words()), |level| of_level[level].is_none());
        let moments: Vec<Option<Moment>> =
            self.rows.iter().map(|row| of_level.get(column.codes[*row] as usize).copied().flatten()).collect();
        let number = |of: &dyn Fn(&Moment) -> f64| -> Values {
            Values::Numbers(moments.iter().map(|moment| moment.as_ref().map_or(f64::NAN, of)).collect())
        };
        let days = number(&|moment| moment.days);
        let weekday = moments
            .iter()
            .map(|moment| moment.map_or(MISSING, |moment| moment.date.weekday().num_days_from_monday()))
            .collect();
        let levels = WEEKDAYS.map(String::from).to_vec();
        self.add(format!("{} weekday", column.name), Values::Categories(Categories { levels, codes: weekday }));
        self.add(format!("{} month", column.name), number(&|moment| f64::from(moment.date.month())));
        if moments.iter().flatten().any(|moment| moment.hour.is_some_and(|hour| hour > 0.0)) {
            self.add(format!("{} hour", column.name), number(&|moment| moment.hour.unwrap_or(f64::NAN)));
        }
        if let Values::Numbers(days) = &days {
            self.moments.push((column.name.clone(), days.clone()));
        }
        if with_day {
            self.add(format!("{} day", column.name), days);
        }
    }

    /// Days from each date to each other: how long before, how long after.
    fn differences(&mut self) {
        let moments = std::mem::take(&mut self.moments);
        if moments.len() > MOST_MOMENTS {
            let names: Vec<&str> = moments.iter().map(|(name, _)| name.as_str()).collect();
            let note =
                format!("there are {} dates ({}); days between them are not taken", names.len(), names.join(", "));
            return self.notes.push(note);
        }
        for (place, (from, begun)) in moments.iter().enumerate() {
            for (to, ended) in &moments[place + 1..] {
                let days: Vec<f64> = begun.iter().zip(ended).map(|(begun, ended)| ended - begun).collect();
                // From the one that is mostly the earlier.
                if days.iter().filter(|days| **days < 0.0).count() > days.iter().filter(|days| **days > 0.0).count() {
                    let days = days.into_iter().map(|days| -days).collect();
                    self.add(format!("days from {to} to {from}"), Values::Numbers(days));
                } else {
                    self.add(format!("days from {from} to {to}"), Values::Numbers(days));
                }
            }
        }
    }

    fn say_odd(&mut self, column: &Words, what: &str, is_odd: impl Fn(usize) -> bool) {
        let odd: Vec<usize> = (0..column.levels.len()).filter(|level| is_odd(*level)).collect();
        let Some(first) = odd.first() else { return };
        let rows: u32 = odd.iter().map(|level| column.counts[*level]).sum();
        self.notes.push(format!(
            "{}: {rows} values are no {what} and count as missing (first on line {}: '{}')",
            column.name,
            column.first_line(*first),
            column.levels[*first]
        ));
    }
}

fn is_constant(values: &Values) -> bool {
    match values {
        Values::Numbers(values) => {
            let mut known = values.iter().filter(|value| !value.is_nan());
            let first = known.next();
            first.is_none_or(|first| known.all(|value| value == first) && !values.iter().any(|value| value.is_nan()))
        }
        Values::Categories(values) => values.codes.iter().all(|code| *code == values.codes[0]),
    }
}

/// The words that these rows have.
fn compact(column: &Words, rows: &[usize]) -> Categories {
    let mut categories = Categories::default();
    let mut codes = vec![MISSING; column.levels.len()];
    for row in rows {
        let Some(code) = codes.get_mut(column.codes[*row] as usize) else {
            categories.codes.push(MISSING);
            continue;
        };
        if *code == MISSING {
            *code = categories.levels.len() as u32;
            categories.levels.push(column.levels[column.codes[*row] as usize].clone());
        }
        categories.codes.push(*code);
    }
    categories
}

/// The column of the simple baseline: the one asked for, else the one whose name says so, else (shift fill) the
/// category that tells most.
pub(super) fn baseline(
    table: &Table,
    outcomes: &[bool],
    subject: Subject,
    asked: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<Option<String>> {
    let names = || table.columns().iter().map(|column| column.name.clone());
    if let Some(asked) = asked {
        let derived = format!("{} day", asked.to_ascii_lowercase());
        let fits = |name: &String| name.eq_ignore_ascii_case(asked) || name.to_ascii_lowercase() == derived;
        return names().find(fits).map(Some).ok_or_else(|| {
            Error::Invalid(format!(
                "--baseline {asked}: no such column is used; there are {}",
                names().collect::<Vec<_>>().join(", ")
            ))
        });
    }
    let named = |words: &[&str]| {
        names().find(|name| {
            words.iter().any(|word| name.to_ascii_lowercase().split([' ', '_', '-', '.']).any(|part| part == *word))
        })
    };
    let found = match subject {
        Subject::ShiftFill => {
            named(&["site", "location", "store", "hotel", "venue", "branch"]).or_else(|| most_telling(table, outcomes))
        }
        Subject::Churn => named(&["tenure", "seniority", "hired", "joined", "service"])
            .or_else(|| names().find(|name| name.to_ascii_lowercase().contains("tenure")))
            .or_else(|| names().find(|name| name.to_ascii_lowercase().replace('_', "").contains("yearsatcompany"))),
    };
    if found.is_none() {
        notes.push(
            "no column for the simple baseline was found; the overall rate is it (name one with --baseline)".into(),
        );
    }
    Ok(found)
}
