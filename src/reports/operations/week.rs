//! A week from Monday to Sunday: `2026-W12`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::charts;
use crate::metrics::Period;
use crate::{Error, Result};

/// A week of ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    monday: NaiveDate,
}

impl Week {
    /// The week a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { monday: day - Days::new(u64::from(day.weekday().num_days_from_monday())) }
    }

    /// The latest week that is over when `last` is.
    #[must_use]
    pub fn last_over(last: NaiveDate) -> Self {
        let open = Self::of(last);
        if open.period().last == last { open } else { open.previous() }
    }

    /// Its days.
    #[must_use]
    pub fn period(self) -> Period {
        Period { first: self.monday, last: self.monday + Days::new(6) }
    }

    /// The week before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { monday: self.monday - Days::new(7) }
    }

    /// As people write it: `week 12 of 2026`.
    #[must_use]
    pub fn name(self) -> String {
        let week = self.monday.iso_week();
        format!("week {} of {}", week.week(), week.year())
    }

    /// Its name and its days.
    #[must_use]
    pub fn with_days(self) -> String {
        let days = self.period();
        format!("{}: {}", self.name(), charts::period(days.first, days.last))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = || {
            let (year, week) = text.trim().split_once("-W")?;
            let digits = |text: &str, most| text.len() == most && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits(year, 4) && digits(week, 2)).then_some(())?;
            let year = year.parse().ok().filter(|year| (1990..2200).contains(year))?;
            Some(Self { monday: NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)? })
        };
        let shown: String = text.chars().take(20).collect();
        parts().ok_or_else(|| Error::Invalid(format!("‘{shown}’ is no week: write it as 2026-W12.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_is_seven_days_from_monday_also_over_a_year_s_end() {
        let week: Week = "2026-W01".parse().unwrap();
        assert_eq!(week.period(), Period { first: day("2025-12-29"), last: day("2026-01-04") });
        assert_eq!((Week::of(day("2025-12-31")), week.to_string().as_str()), (week, "2026-W01"));
        assert_eq!(week.previous().to_string(), "2025-W52");
        assert_eq!("2026-W53".parse::<Week>().unwrap().name(), "week 53 of 2026");
    }

    #[test]
    fn a_week_is_over_with_its_sunday() {
        let over = |last: &str| Week::last_over(day(last)).to_string();
        assert_eq!((over("2026-03-28"), over("2026-03-29")), ("2026-W12".into(), "2026-W13".into()));
    }

    #[test]
    fn nonsense_is_told_how_to_write_it() {
        for text in ["", "soon", "2026", "2026-12", "2026-W00", "2025-W53", "2026-W54", "2026-W1", "26-W12"] {
            let error = text.parse::<Week>().unwrap_err().to_string();
            assert!(error.contains("write it as 2026-W12"), "{text}: {error}");
        }
    }
}
