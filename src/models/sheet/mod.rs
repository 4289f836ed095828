//! What can a model learn from a file of somebody else's? Any CSV becomes a [`Table`]: its columns' types are inferred,
//! what no model can use is left out, and whatever was done is said.

mod columns;
mod daily;
pub(super) mod infer;
pub(super) mod moments;
pub(super) mod read;
mod target;

pub(super) use daily::{days_and_numbers, word};

use super::backtest::{Held, Question, Subject, backtest};
use super::report::Report;
use super::table::Table;
use crate::{Error, Result};

use columns::Taken;
use infer::Kind;
use read::Text;

/// What was asked about a file.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The column to predict.
    pub target: String,
    /// The value of it that is to come true, where it is not plain.
    pub positive: Option<String>,
    /// The column by which rows are earlier or later, and the first value that is held out.
    pub split: Option<(String, String)>,
    /// How many folds otherwise.
    pub folds: usize,
    /// The column of the simple baseline.
    pub baseline: Option<String>,
    /// Columns that are left out.
    pub drop: Vec<String>,
}

/// A file as a model sees it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What is known of each row.
    pub table: Table,
    /// What became of it.
    pub outcomes: Vec<bool>,
    /// What is predicted, in words.
    pub target: String,
    /// Which rows are held out.
    pub held: Held,
    /// The column of the simple baseline.
    pub baseline: Option<String>,
    /// What was done to the file, in words.
    pub notes: Vec<String>,
    /// Which line of the file each row begins on.
    lines: Vec<u64>,
}

impl Sheet {
    /// Reads a CSV file (comma, semicolon or tab; UTF-8) with a header row.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the line or column that cannot be taken.
    pub fn read(file: impl std::io::Read, subject: Subject, asked: &Asked) -> Result<Self> {
        let mut text = Text::read(file)?;
        let mut notes = std::mem::take(&mut text.notes);
        let target = target::found(&text, &asked.target, asked.positive.as_deref())?;
        if target.unknown > 0 {
            notes.push(format!("{} rows without a {} are left out", target.unknown, target.column));
        }
        let drop = named(&text, &asked.drop)?;
        let time = asked.split.as_ref().map(|(column, from)| later(&text, column, from)).transpose()?;
        let rows: Vec<usize> = (0..text.rows)
            .filter(|row| target.outcomes[*row].is_some())
            .filter(|row| time.as_ref().is_none_or(|time| time.later[*row].is_some()))
            .collect();
        if let Some(time) = &time {
            let lost = (0..text.rows).filter(|row| target.outcomes[*row].is_some()).count() - rows.len();
            if lost > 0 {
                notes.push(format!("{lost} rows without a {} are left out", time.column));
            }
        }
        let skip: Vec<usize> = drop.into_iter().chain([target.at]).collect();
        let taken = columns::taken(&text, &rows, &skip, time.as_ref().map(|time| (time.at, &time.kind)));
        let Taken { table, notes: of_columns } = taken;
        notes.extend(of_columns);
        if table.columns().is_empty() {
            return Err(Error::Invalid("no column is left to learn from".into()));
        }
        let outcomes: Vec<bool> = rows.iter().filter_map(|row| target.outcomes[*row]).collect();
        let held = match time {
            None => Held::Folds(asked.folds),
            Some(time) => {
                let later = rows.iter().filter_map(|row| time.later[*row]).collect();
                Held::Later { column: time.column, from: time.from, later }
            }
        };
        let lines = rows.iter().map(|row| text.lines[*row]).collect();
        let baseline = columns::baseline(&table, &outcomes, subject, asked.baseline.as_deref(), &mut notes)?;
        Ok(Self { table, outcomes, target: target.words, held, baseline, notes, lines })
    }

    /// What a back-test on it comes to; rows are named by their line in the file.
    ///
    /// # Errors
    /// As [`backtest`].
    pub fn judged(self, subject: Subject, seed: u64) -> Result<Report> {
        let Self { table, outcomes, target, held, baseline, notes, lines } = self;
        let question = Question { subject, table: &table, outcomes: &outcomes, held, baseline, seed };
        let mut report = Report { target, notes, ..backtest(&question)? };
        for example in &mut report.examples {
            example.row = lines[example.row - 1] as usize;
        }
        Ok(report)
    }
}

/// The columns of these names.
fn named(text: &Text, names: &[String]) -> Result<Vec<usize>> {
    names.iter().map(|name| text.position(name)).collect()
}

/// A column by which rows are earlier or later.
struct Later {
    at: usize,
    column: String,
    from: String,
    kind: Kind,
    /// Whether a row is held out; `None` where its moment is missing.
    later: Vec<Option<bool>>,
}

fn later(text: &Text, column: &str, from: &str) -> Result<Later> {
    let at = text.position(column)?;
    let column = &text.columns[at];
    let kind = infer::kind(column);
    let read = |value: &str| match &kind {
        Kind::Moments(format) => format.read(value).or_else(|| moments::any(value)).map(|moment| moment.days),
        Kind::Numbers => infer::number(value),
        _ => None,
    };
    if matches!(kind, Kind::Words | Kind::Clock | Kind::Empty) {
        return Err(Error::Invalid(format!(
            "--time {}: it holds neither dates nor numbers (line {}: '{}')",
            column.name,
            column.first_line(0),
            column.levels.first().map_or("", String::as_str)
        )));
    }
    let first = read(from.trim()).ok_or_else(|| {
        let example = column.levels.first().map_or("", String::as_str);
        Error::Invalid(format!("--split '{from}' is no value of {}, which looks like '{example}'", column.name))
    })?;
    let of_level: Vec<Option<bool>> = column.levels.iter().map(|level| Some(read(level)? >= first)).collect();
    let later = column.codes.iter().map(|code| of_level.get(*code as usize).copied().flatten()).collect();
    Ok(Later { at, column: column.name.clone(), from: from.trim().into(), kind, later })
}

#[cfg(test)]
mod tests {
    use super::super::table::Values;
    use super::*;

    /// Sixty rows by a header and what follows it on each.
    fn file(header: &str, row: impl Fn(usize) -> String) -> String {
        std::iter::once(header.to_owned()).chain((0..60).map(row)).collect::<Vec<_>>().join("\n")
    }

    fn asked(target: &str) -> Asked {
        Asked { target: target.into(), folds: 3, ..Asked::default() }
    }

    fn read(text: &str, asked: &Asked) -> Result<Sheet> {
        Sheet::read(text.as_bytes(), Subject::ShiftFill, asked)
    }

    #[track_caller]
    fn refused(text: &str, asked: &Asked, words: &str) {
        let said = read(text, asked).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }

    fn names(sheet: &Sheet) -> Vec<&str> {
        sheet.table.columns().iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn types_are_inferred_and_what_tells_nothing_is_left_out_and_said() {
        let text = file("\u{feff}id;site;pay;posted;start;at;note;same;empty;ok", |row| {
            let pay = if row == 7 { "?!".into() } else { format!("R 1,{row:03}.50") };
            let (filled, site) = (["yes", "no"][row % 2], ["N", "S", "na"][row % 3]);
            format!(
                "{row};{site};{pay};{}/01/2025;2025-02-01 0{}:30;08:1{};text {row};x;;{filled}",
                row % 28 + 1,
                row % 10,
                row % 10
            )
        });
        let sheet = read(&text, &asked("OK")).unwrap();
        assert_eq!(
            names(&sheet),
            [
                "site",
                "pay",
                "posted weekday",
                "posted day",
                "start hour",
                "start day",
                "at",
                "days from posted to start"
            ]
        );
        assert_eq!(
            (sheet.target.as_str(), &sheet.outcomes[..2], sheet.baseline.as_deref()),
            ("ok = yes", &[true, false][..], Some("site"))
        );
        let said = |column: &str, row: usize| sheet.table.column(column).unwrap().values.said(row);
        assert_eq!(
            (said("pay", 1), said("pay", 7), said("site", 2)),
            ("1002".into(), "missing".into(), "missing".into())
        );
        assert_eq!((said("posted weekday", 0), said("at", 0)), ("Wednesday".into(), "8.17".into()));
        let notes = sheet.notes.join("\n");
        for said in [
            "id tells the rows apart",
            "pay: 1 values are no number and count as missing (first on line 9: '?!')",
            "note tells the rows apart",
            "same is the same in every row",
            "empty is empty",
        ] {
            assert!(notes.contains(said), "{said}: {notes}");
        }
    }

    #[test]
    fn the_target_is_any_two_values_and_rows_without_one_are_left_out() {
        let text = file("x,state", |row| format!("{},{}", row % 5, ["Filled ", "expired", "NULL"][row % 3]));
        refused(&text, &asked("state"), "say with --positive which one is predicted");
        refused(
            &text,
            &Asked { positive: Some("open".into()), ..asked("state") },
            "no row is 'open'; there are 'Filled', 'expired'",
        );
        let sheet = read(&text, &Asked { positive: Some("filled".into()), ..asked("state") }).unwrap();
        assert_eq!((sheet.table.rows(), sheet.outcomes[0], sheet.outcomes[1]), (40, true, false));
        assert!(sheet.notes.contains(&"20 rows without a state are left out".to_owned()), "{:?}", sheet.notes);
        let three = file("x,state", |row| format!("{},{}", row % 5, row % 3));
        refused(
            &three,
            &asked("state"),
            "a target has two values, and there are 3 ('0', '1', '2'; '2' first on line 4)",
        );
        refused(&file("x,y", |row| format!("{row},1")), &asked("y"), "every row is 1");
    }

    #[test]
    fn rows_are_split_by_dates_or_numbers_and_the_day_itself_is_no_feature() {
        let text = file("day,year,pay,ok", |row| {
            format!("{}/02/2025,{},{},{}", row % 28 + 1, 2000 + row / 2, row % 7, row % 2)
        });
        let split = |column: &str, from: &str| Asked { split: Some((column.into(), from.into())), ..asked("ok") };
        let sheet = read(&text, &split("day", "2025-02-15")).unwrap();
        let Held::Later { later, .. } = &sheet.held else { panic!("not split by time") };
        assert_eq!((later[13], later[14]), (false, true));
        assert_eq!(names(&sheet), ["day weekday", "year", "pay"]);
        let sheet = read(&text, &split("year", "2015")).unwrap();
        let Held::Later { later, .. } = &sheet.held else { panic!("not split by time") };
        assert_eq!(later.iter().filter(|later| **later).count(), 30);
        assert!(sheet.table.column("year").is_none());
        refused(&text, &split("day", "soon"), "--split 'soon' is no value of day, which looks like '1/02/2025'");
        refused(&text, &split("when", "2025"), "there is no column 'when'; there are day, year, pay, ok");
        let words = file("when,ok", |row| format!("early {},{}", row % 3, row % 2));
        refused(
            &words,
            &split("when", "early 2"),
            "--time when: it holds neither dates nor numbers (line 2: 'early 0')",
        );
    }

    #[test]
    fn a_file_that_cannot_be_taken_is_refused_by_its_line() {
        refused("", &asked("y"), "the file is empty");
        refused("x,y\n", &asked("y"), "a header and no rows");
        refused("x,y\n1,0\n2\n", &asked("y"), "line 3 has 1 fields, the header has 2");
        refused("x,x\n1,0\n", &asked("y"), "two columns are called 'x'");
        refused("y,same\n1,a\n0,a\n", &asked("y"), "no column is left");
        let baseline = Asked { baseline: Some("site".into()), ..asked("y") };
        refused(
            &file("x,y", |row| format!("{},{}", row % 7, row % 2)),
            &baseline,
            "--baseline site: no such column is used; there are x",
        );
    }

    #[test]
    fn a_report_names_rows_by_their_line() {
        let text = file("a,x,y", |row| format!("\"two\nlines\",{},{}", row % 7, u8::from(row % 7 > 2)));
        let report = read(&text, &asked("y")).unwrap().judged(Subject::ShiftFill, 1).unwrap();
        assert!(report.examples.iter().all(|example| example.row % 2 == 0), "{:?}", report.examples);
    }

    #[test]
    fn words_that_repeat_are_categories_even_where_they_are_numbers() {
        let text = file("site_id,y", |row| format!("{},{}", row % 4, row % 2));
        let sheet = read(&text, &asked("y")).unwrap();
        assert!(matches!(sheet.table.columns()[0].values, Values::Categories(_)));
    }
}
