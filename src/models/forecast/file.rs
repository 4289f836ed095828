//! Which daily series are in a file of somebody else's?

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::daily::Daily;
use super::season::WEEK;
use crate::models::sheet::read::Text;
use crate::models::sheet::{days_and_numbers, word};
use crate::{Error, Result};

/// A day of the week that is missing in more of a series' weeks than this share is one on which it is closed.
const CLOSED: f64 = 0.8;
/// A series of which more days than this share are not known is left out.
const MOST_UNKNOWN: f64 = 0.4;
/// No series is this long: a date is wrong.
const MOST_DAYS: i64 = 50 * 366;

/// What a day without a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Nothing happened where rows are events (several a day) or on a day of the week on which there are hardly any rows;
    /// else it is not known.
    #[default]
    Auto,
    /// Nothing happened.
    Zero,
    /// It is not known: the same day of the week before stands in for it, and nothing is judged by it.
    Unknown,
}

/// What was asked about a file.
#[derive(Debug, Clone, Default)]
pub struct FileAsked {
    /// The column whose values tell the series apart; one series without it.
    pub series: Option<String>,
    /// The column of days, or of moments on them.
    pub date: String,
    /// The column of values.
    pub value: String,
    /// What a day without a row means.
    pub missing: Missing,
}

/// The sums of one series by day.
#[derive(Default)]
struct Sums {
    of_day: BTreeMap<NaiveDate, f64>,
    rows: usize,
}

/// Reads the daily series of a CSV file with a header row; values of one series and day are added up. Returns them in
/// the order of their names, with what was done, in words.
///
/// # Errors
/// [`Error::Invalid`] naming the line or column that cannot be taken.
pub fn read(file: impl std::io::Read, asked: &FileAsked) -> Result<(Vec<Daily>, Vec<String>)> {
    let mut text = Text::read(file)?;
    let mut notes = std::mem::take(&mut text.notes);
    let series = asked.series.as_ref().map(|name| text.position(name)).transpose()?.map(|at| &text.columns[at]);
    let (rows, left_out) = days_and_numbers(&text, &asked.date, &asked.value)?;
    notes.extend(left_out);
    let mut all: BTreeMap<&str, Sums> = BTreeMap::new();
    for (row, day, number) in rows {
        let name = series.map_or(asked.value.as_str(), |column| word(column, row).unwrap_or("(none)"));
        let sums = all.entry(name).or_default();
        *sums.of_day.entry(day).or_default() += number;
        sums.rows += 1;
    }
    let mut daily = Vec::with_capacity(all.len());
    let mut taking = Taking { missing: asked.missing, notes: Vec::new(), summed: 0, zero: 0, unknown: 0 };
    for (name, sums) in &all {
        daily.extend(taking.one(name, sums)?);
    }
    notes.extend(taking.said());
    if daily.is_empty() {
        return Err(Error::Invalid("there is no series with a value other than 0".into()));
    }
    Ok((daily, notes))
}

/// What is done to the series, counted to be said.
struct Taking {
    missing: Missing,
    notes: Vec<String>,
    summed: usize,
    zero: usize,
    unknown: usize,
}

impl Taking {
    fn one(&mut self, name: &str, sums: &Sums) -> Result<Option<Daily>> {
        let (Some((first, _)), Some((last, _))) = (sums.of_day.first_key_value(), sums.of_day.last_key_value()) else {
            return Ok(None);
        };
        let span = (*last - *first).num_days() + 1;
        if span > MOST_DAYS {
            return Err(Error::Invalid(format!("{name}: it runs from {first} to {last}; one of these dates is wrong")));
        }
        self.summed += sums.rows - sums.of_day.len();
        let is_zero = self.zero_days(sums, *first, *last);
        let (mut zero, mut unknown) = (0, 0);
        let days: Vec<Option<f64>> = first
            .iter_days()
            .take_while(|day| day <= last)
            .map(|day| match sums.of_day.get(&day) {
                Some(sum) => Some(*sum),
                None if is_zero(day) => {
                    zero += 1;
                    Some(0.0)
                }
                None => {
                    unknown += 1;
                    None
                }
            })
            .collect();
        self.zero += zero;
        self.unknown += unknown;
        if unknown as f64 > MOST_UNKNOWN * days.len() as f64 {
            self.notes.push(format!(
                "{name} is left out: {unknown} of its {} days have no row (with --missing zero they count as 0)",
                days.len()
            ));
            return Ok(None);
        }
        Ok(Daily::new(name, *first, &days))
    }

    /// Whether a day without a row is one on which nothing happened.
    fn zero_days(&self, sums: &Sums, first: NaiveDate, last: NaiveDate) -> impl Fn(NaiveDate) -> bool + use<> {
        let all = match self.missing {
            Missing::Zero => true,
            Missing::Unknown => false,
            // Rows are events where they come several a day; one a day is a measure that somebody wrote down.
            Missing::Auto => sums.rows > sums.of_day.len(),
        };
        let closed: BTreeSet<u32> = match self.missing {
            Missing::Auto => (0..WEEK as u32).filter(|weekday| is_closed(sums, *weekday, first, last)).collect(),
            Missing::Zero | Missing::Unknown => BTreeSet::new(),
        };
        // A series with hardly any rows at all is not closed on every day: too little of it is known.
        let closed = if closed.len() < WEEK - 1 { closed } else { BTreeSet::new() };
        move |day| all || closed.contains(&day.weekday().num_days_from_monday())
    }

    fn said(self) -> Vec<String> {
        let mut notes = self.notes;
        if self.summed > 0 {
            notes.push(format!("{} rows are of a day that had one already: values of a day are added up", self.summed));
        }
        if self.zero > 0 {
            notes.push(format!("{} days without a row count as 0 (--missing unknown: as not known)", self.zero));
        }
        if self.unknown > 0 {
            notes.push(format!(
                "{} days without a row are not known: the week before stands in, nothing is judged by them (--missing zero: 0)",
                self.unknown
            ));
        }
        notes
    }
}

fn is_closed(sums: &Sums, weekday: u32, first: NaiveDate, last: NaiveDate) -> bool {
    let ahead = (7 + weekday - first.weekday().num_days_from_monday()) % 7;
    let (mut days, mut open) = (0.0, 0.0);
    let mut day = first + Days::new(u64::from(ahead));
    while day <= last {
        days += 1.0;
        open += f64::from(u8::from(sums.of_day.contains_key(&day)));
        day = day + Days::new(7);
    }
    days >= 4.0 && open < (1.0 - CLOSED) * days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(series: Option<&str>, missing: Missing) -> FileAsked {
        FileAsked { series: series.map(Into::into), date: "day".into(), value: "sales".into(), missing }
    }

    #[track_caller]
    fn refused(text: &str, words: &str) {
        let said = read(text.as_bytes(), &asked(None, Missing::Auto)).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }

    #[test]
    fn values_of_a_day_are_added_up_and_days_between_are_zero_where_rows_are_events() {
        let text = "day,shop,sales\n2025-01-02 09:00,B,5\n2025-01-01,A,1\n2025-01-01,A,2.5\n2025-01-04,A,\"1,000\"\n2025-01-02 18:00,B,1\n";
        let (all, notes) = read(text.as_bytes(), &asked(Some("shop"), Missing::Auto)).unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert_eq!(all[0].before(4), [3.5, 0.0, 0.0, 1000.0]);
        assert_eq!((all[1].first.to_string(), all[1].before(1)), ("2025-01-02".into(), &[6.0][..]));
        let said = notes.join("\n");
        assert!(
            said.contains("2 rows are of a day that had one already")
                && said.contains("2 days without a row count as 0"),
            "{said}"
        );
    }

    #[test]
    fn one_row_a_day_with_a_hole_is_not_known_there_but_closed_sundays_are_zero() {
        let days = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap().iter_days().take(60);
        let text = days
            .filter(|day| day.weekday() != chrono::Weekday::Sun && day.ordinal() != 14)
            .fold("day,sales\n".to_owned(), |text, day| format!("{text}{day},7\n"));
        let (all, notes) = read(text.as_bytes(), &asked(None, Missing::Auto)).unwrap();
        assert_eq!((all[0].len(), all[0].unknown(), all[0].at(4), all[0].at(13)), (60, 1, Some(0.0), None));
        assert!(notes.join("\n").contains("1 days without a row are not known"), "{notes:?}");
        let (all, _) = read(text.as_bytes(), &asked(None, Missing::Unknown)).unwrap();
        assert_eq!(all[0].unknown(), 9);
        let (all, _) = read(text.as_bytes(), &asked(None, Missing::Zero)).unwrap();
        assert_eq!((all[0].unknown(), all[0].at(13)), (0, Some(0.0)));
    }

    #[test]
    fn a_series_of_which_hardly_a_day_is_known_is_left_out() {
        let few: String = (1..=9)
            .map(|month| format!("2025-{month:02}-01,few,5\n2025-{month:02}-01,many,1\n2025-{month:02}-02,many,1\n"))
            .collect();
        let text = format!("day,shop,sales\n{few}2025-01-02,many,1\n");
        let (all, notes) = read(text.as_bytes(), &asked(Some("shop"), Missing::Auto)).unwrap();
        assert_eq!((all.len(), all[0].name.as_str()), (1, "many"));
        assert!(notes[0].starts_with("few is left out: 235 of its 244 days have no row"), "{notes:?}");
    }

    #[test]
    fn a_few_bad_rows_are_named_and_many_are_refused() {
        let good: String = (1..=28).map(|day| format!("2025-01-{day:02},{day}\n")).collect();
        let (all, notes) =
            read(format!("day,sales\n{good}2025-01-29,closed\n").as_bytes(), &asked(None, Missing::Auto)).unwrap();
        assert_eq!(all[0].len(), 28);
        assert!(
            notes[0].contains("1 rows have no day or no number and are left out (first line 30: sales is 'closed')"),
            "{notes:?}"
        );
        refused(
            "day,sales\n2025-01-01,1\n2025-01-02,\n2025-01-03,x\n",
            "2 of 3 rows have no day or no number; the first is line 3: sales is nothing",
        );
        refused("day,sales\nsoon,1\n", "day: it holds no dates (line 2: 'soon')");
        refused("day,sales\n2025-01-01,much\n", "sales: it holds no numbers (line 2: 'much')");
        refused("day,sales\n2025-01-01,0\n", "no series with a value other than 0");
        refused("date,sales\n2025-01-01,0\n", "there is no column 'day'; there are date, sales");
        refused("day,sales\n1925-01-01,1\n2025-01-01,1\n", "one of these dates is wrong");
    }
}
