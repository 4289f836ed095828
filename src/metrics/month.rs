//! A calendar month: `2026-10`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::Period;
use crate::{Error, Result};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// Its days.
    #[must_use]
    pub fn period(self) -> Period {
        let next = self.first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        Period { first: self.first, last: next.pred_opt().unwrap_or(next) }
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// As people write it: `October 2026`.
    #[must_use]
    pub fn name(self) -> String {
        self.first.format("%B %Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = || {
            let (year, month) = text.trim().split_once('-')?;
            let digits = |text: &str, most| text.len() == most && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits(year, 4) && digits(month, 2)).then_some(())?;
            let year = year.parse().ok().filter(|year| (1990..2200).contains(year))?;
            Some(Self { first: NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1)? })
        };
        let shown: String = text.chars().take(20).collect();
        parts().ok_or_else(|| Error::Invalid(format!("‘{shown}’ is no month: write it as 2026-10.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_all_its_days() {
        let check = |text: &str, first: &str, last: &str, name: &str| {
            let month: Month = text.parse().unwrap();
            assert_eq!(month.period(), Period { first: day(first), last: day(last) });
            assert_eq!((Month::of(day(first)), Month::of(day(last))), (month, month));
            assert_eq!((month.to_string().as_str(), month.name().as_str()), (text, name));
        };
        check("2024-02", "2024-02-01", "2024-02-29", "February 2024");
        check("2026-02", "2026-02-01", "2026-02-28", "February 2026");
        check("2026-12", "2026-12-01", "2026-12-31", "December 2026");
    }

    #[test]
    fn before_january_comes_the_december_of_the_year_before() {
        assert_eq!("2026-01".parse::<Month>().unwrap().previous().to_string(), "2025-12");
        assert_eq!("2026-10".parse::<Month>().unwrap().previous().to_string(), "2026-09");
    }

    #[test]
    fn nonsense_is_told_how_to_write_it() {
        for text in ["", "soon", "2026", "2026-13", "2026-00", "2026-1", "26-10", "+026-10", "9999-10", "2026-10-01"] {
            let error = text.parse::<Month>().unwrap_err().to_string();
            assert!(error.contains("write it as 2026-10"), "{text}: {error}");
        }
    }
}
