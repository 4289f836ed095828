//! Periods of days, and the two lengths that scores look back.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days in a score's window.
pub const WINDOW_DAYS: u64 = 28;
/// Days that safety looks back.
pub const SAFETY_DAYS: u64 = 90;

/// Days from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, not before the first.
    pub last: NaiveDate,
}

impl Period {
    /// `days` days that end with `last`. At least one.
    #[must_use]
    pub fn ending(last: NaiveDate, days: u64) -> Self {
        Self { first: last.checked_sub_days(Days::new(days.max(1) - 1)).unwrap_or(NaiveDate::MIN), last }
    }

    /// The default window of a score for `day`.
    #[must_use]
    pub fn window(day: NaiveDate) -> Self {
        Self::ending(day, WINDOW_DAYS)
    }

    /// As many days, right before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::ending(self.first.pred_opt().unwrap_or(NaiveDate::MIN), self.days())
    }

    /// As much of it as is over by the last complete day; all of it where nothing is.
    #[must_use]
    pub fn over_by(self, last_complete: NaiveDate) -> Self {
        if self.first <= last_complete { Self { last: self.last.min(last_complete), ..self } } else { self }
    }

    /// Whether a day is one of its days.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// How many days.
    #[must_use]
    pub fn days(self) -> u64 {
        u64::try_from((self.last - self.first).num_days() + 1).unwrap_or(0)
    }

    /// Each day.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_is_28_days_and_the_previous_one_touches_it() {
        let window = Period::window(day("2026-03-28"));
        assert_eq!((window.first, window.days()), (day("2026-03-01"), 28));
        assert_eq!(window.previous(), Period { first: day("2026-02-01"), last: day("2026-02-28") });
    }
}
