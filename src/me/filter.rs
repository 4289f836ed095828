//! The page's filter as it stands in the address: `?from=&to=` for the window, `?days=` for the trend.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::metrics::Period;
use crate::{Error, Result};

/// Days of trend when none are asked for.
pub const DEFAULT_TREND_DAYS: u64 = 90;
const TREND: std::ops::RangeInclusive<u64> = 7..=365;
/// Longest window: what a person still calls a period.
const LONGEST: u64 = 1100;

/// The filter as typed: text, so that nonsense gets an answer and not a parse failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// First day of the window, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day of the window, `YYYY-MM-DD`.
    pub to: Option<String>,
    /// Length of the trend in days, 7–365.
    pub days: Option<String>,
}

impl Filter {
    /// The window to judge and the days of trend to draw, given the last complete day.
    ///
    /// Without dates: the 28 days that end at `last_complete`, and 90 days of trend. With dates the trend covers them
    /// unless `days` says otherwise.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn resolve(&self, last_complete: NaiveDate) -> Result<(Period, Period)> {
        let window = match (date("from", self.from.as_deref())?, date("to", self.to.as_deref())?) {
            (None, None) => Period::window(last_complete),
            (Some(first), None) => Period { first, last: last_complete.max(first) },
            (None, Some(last)) => Period::window(last),
            (Some(first), Some(last)) => Period { first, last },
        };
        if window.last < window.first {
            return Err(Error::Invalid(format!(
                "The period ends on {} before it begins on {}: swap the two dates.",
                window.last, window.first
            )));
        }
        if window.days() > LONGEST {
            return Err(Error::Invalid(format!(
                "The period is {} days long; choose at most {LONGEST} days.",
                window.days()
            )));
        }
        let trend = match self.days.as_deref().map(str::trim).filter(|days| !days.is_empty()) {
            Some(days) => Period::ending(window.last, trend_days(days)?),
            None if self.from.is_some() => window,
            None => Period::ending(window.last, DEFAULT_TREND_DAYS),
        };
        Ok((window, trend))
    }
}

fn trend_days(text: &str) -> Result<u64> {
    text.parse().ok().filter(|days| TREND.contains(days)).ok_or_else(|| {
        let shown: String = text.chars().take(20).collect();
        Error::Invalid(format!(
            "The trend covers 7 to 365 days, and ‘{shown}’ is not a whole number between them. Try ?days=90."
        ))
    })
}

fn date(name: &str, text: Option<&str>) -> Result<Option<NaiveDate>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let sensible = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| (1990..2200).contains(&chrono::Datelike::year(date)));
    let shown: String = text.chars().take(20).collect();
    sensible
        .map(Some)
        .ok_or_else(|| Error::Invalid(format!("‘{shown}’ is not a date for ‘{name}’: write it as 2026-03-31.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn filter(from: &str, to: &str, days: &str) -> Filter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Filter { from: some(from), to: some(to), days: some(days) }
    }

    #[test]
    fn without_dates_it_is_the_28_days_to_the_last_complete_day() {
        let (window, trend) = Filter::default().resolve(day("2026-03-28")).unwrap();
        assert_eq!(
            (window.first, window.last, trend.days(), trend.last),
            (day("2026-03-01"), day("2026-03-28"), 90, day("2026-03-28"))
        );
    }

    #[test]
    fn dates_make_the_window_and_the_trend() {
        let (window, trend) = filter("2015-01-01", "2016-01-31", "").resolve(day("2026-03-28")).unwrap();
        assert_eq!((window.first, window.last, trend), (day("2015-01-01"), day("2016-01-31"), window));
    }

    #[test]
    fn nonsense_is_told_what_to_type() {
        for (nonsense, hint) in [
            (filter("", "", "99999999999999999999"), "?days=90"),
            (filter("", "", "6"), "7 to 365"),
            (filter("", "", "-1"), "7 to 365"),
            (filter("yesterday", "", ""), "2026-03-31"),
            (filter("", "9999-12-31", ""), "2026-03-31"),
            (filter("2026-03-02", "2026-03-01", ""), "swap"),
            (filter("1995-01-01", "2026-03-01", ""), "at most"),
        ] {
            let answer = nonsense.resolve(day("2026-03-28")).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(from in ".{0,12}", to in ".{0,12}", days in ".{0,8}") {
            let _ = filter(&from, &to, &days).resolve(day("2026-03-28"));
        }
    }
}
