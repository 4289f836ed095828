//! A calendar quarter: `2026-Q3`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::Period;
use crate::{Error, Result};

/// Three months from January, April, July or October.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i32,
    /// From 1.
    nth: u32,
}

impl Quarter {
    /// The quarter a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), nth: day.month0() / 3 + 1 }
    }

    /// Its days.
    #[must_use]
    pub fn period(self) -> Period {
        let first = NaiveDate::from_ymd_opt(self.year, self.nth * 3 - 2, 1).unwrap_or(NaiveDate::MIN);
        let next = first.checked_add_months(Months::new(3)).unwrap_or(NaiveDate::MAX);
        Period { first, last: next.pred_opt().unwrap_or(next) }
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.nth == 1 { Self { year: self.year - 1, nth: 4 } } else { Self { nth: self.nth - 1, ..self } }
    }

    /// The same quarter a year before.
    #[must_use]
    pub fn last_year(self) -> Self {
        Self { year: self.year - 1, ..self }
    }

    /// As people write it: `Q3 2026`.
    #[must_use]
    pub fn name(self) -> String {
        format!("Q{} {}", self.nth, self.year)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.nth)
    }
}

impl FromStr for Quarter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = || {
            let (year, nth) = text.trim().split_once(['-', ' '])?;
            let nth = nth.strip_prefix(['Q', 'q'])?;
            let digits = |text: &str, most| text.len() == most && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits(year, 4) && digits(nth, 1)).then_some(())?;
            let (year, nth) = (year.parse().ok()?, nth.parse().ok()?);
            ((1990..2200).contains(&year) && (1..=4).contains(&nth)).then_some(Self { year, nth })
        };
        let shown: String = text.chars().take(20).collect();
        parts().ok_or_else(|| Error::Invalid(format!("‘{shown}’ is no quarter: write it as 2026-Q3.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_is_three_whole_months() {
        let check = |text: &str, first: &str, last: &str| {
            let quarter: Quarter = text.parse().unwrap();
            assert_eq!(quarter.period(), Period { first: day(first), last: day(last) });
            assert_eq!((Quarter::of(day(first)), Quarter::of(day(last))), (quarter, quarter));
            assert_eq!(quarter.to_string().parse::<Quarter>().unwrap(), quarter);
        };
        check("2024-Q1", "2024-01-01", "2024-03-31");
        check("2026-q2", "2026-04-01", "2026-06-30");
        check("2026-Q3", "2026-07-01", "2026-09-30");
        check("2026 Q4", "2026-10-01", "2026-12-31");
    }

    #[test]
    fn before_the_first_comes_the_last_of_the_year_before() {
        let quarter: Quarter = "2026-Q1".parse().unwrap();
        assert_eq!((quarter.previous().name(), quarter.last_year().name()), ("Q4 2025".into(), "Q1 2025".into()));
        let third: Quarter = "2026-Q3".parse().unwrap();
        assert_eq!(third.previous().to_string(), "2026-Q2");
    }

    #[test]
    fn nonsense_is_told_how_to_write_it() {
        for text in [
            "",
            "soon",
            "2026",
            "2026-Q5",
            "2026-Q0",
            "26-Q1",
            "2026-13",
            "2026-Q11",
            "+026-Q1",
            "2026-Q",
            "9999-Q1",
            "２０２６-Q1",
        ] {
            let error = text.parse::<Quarter>().unwrap_err().to_string();
            assert!(error.contains("write it as 2026-Q3"), "{text}: {error}");
        }
    }
}
