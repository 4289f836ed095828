//! Numbers, periods and times in words.

use chrono::{DateTime, FixedOffset, Utc};
use muster::charts::Unit;
pub use muster::charts::{count, day, day_and_year, number, period, signed};

/// A score: one decimal.
#[must_use]
pub fn points(value: f64) -> String {
    Unit::Points.value(value)
}

/// What was typed, to stand in a `<textarea>` again: the one element with words of people whose content the renderer
/// leaves as it is.
#[must_use]
pub fn typed(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A change of a score with its sign: `+2.1`, `−0.4`.
#[must_use]
pub fn change(value: f64) -> String {
    Unit::Points.change(value)
}

/// A share as per cent with one decimal, `n/a` where there is nothing to judge.
#[must_use]
pub fn percent(hit: i64, of: i64) -> String {
    if of > 0 { Unit::Percent.value(100.0 * hit as f64 / of as f64) } else { "n/a".into() }
}

/// `Fri 20 Nov, 22:00`, in the offset given.
#[must_use]
pub fn moment(at: DateTime<FixedOffset>) -> String {
    format!("{} {}, {}", at.format("%a"), day(at.date_naive()), at.format("%H:%M"))
}

/// How long ago, or how soon: `just now`, `5 minutes ago`, `in 3 days`.
#[must_use]
pub fn ago(at: DateTime<FixedOffset>, now: DateTime<Utc>) -> String {
    let seconds = (now - at.to_utc()).num_seconds();
    let (n, one, many) = match seconds.unsigned_abs() {
        0..60 => return "just now".into(),
        s @ 60..3_600 => (s / 60, "minute", "minutes"),
        s @ 3_600..86_400 => (s / 3_600, "hour", "hours"),
        s @ 86_400..5_184_000 => (s / 86_400, "day", "days"),
        s @ 5_184_000..63_072_000 => (s / 2_592_000, "month", "months"),
        s => (s / 31_536_000, "year", "years"),
    };
    let span = count(i64::try_from(n).unwrap_or(i64::MAX), one, many);
    if seconds > 0 { format!("{span} ago") } else { format!("in {span}") }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};

    use super::*;

    #[track_caller]
    fn check_ago(seconds: i64, expected: &str) {
        let now: DateTime<Utc> = "2026-11-21T06:00:00Z".parse().expect("a moment");
        assert_eq!(ago((now - TimeDelta::seconds(seconds)).fixed_offset(), now).replace('\u{a0}', " "), expected);
    }

    #[test]
    fn times_are_told_by_their_distance() {
        check_ago(10, "just now");
        check_ago(60, "1 minute ago");
        check_ago(7_300, "2 hours ago");
        check_ago(-90_000, "in 1 day");
        check_ago(40 * 86_400, "40 days ago");
        check_ago(100 * 86_400, "3 months ago");
        check_ago(800 * 86_400, "2 years ago");
    }

    #[test]
    fn a_share_of_nothing_is_not_nought() {
        assert_eq!(percent(0, 0), "n/a");
        assert_eq!(percent(1, 4), "25.0\u{a0}%");
    }

    #[test]
    fn a_period_says_the_year_once_where_once_is_enough() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let check =
            |first, last, expected: &str| assert_eq!(period(day(first), day(last)).replace('\u{a0}', " "), expected);
        check("2026-10-24", "2026-11-20", "24 Oct – 20 Nov 2026");
        check("2025-12-24", "2026-01-20", "24 Dec 2025 – 20 Jan 2026");
        check("2026-11-20", "2026-11-20", "20 Nov 2026");
    }
}
