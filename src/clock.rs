//! The only place that asks what time it is. Everything else is told.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{Error, Result};

/// Where the time comes from: the machine, or a moment fixed by a test.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    fixed: Option<DateTime<Utc>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(at) }
    }

    /// The current moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        self.fixed.unwrap_or_else(Utc::now)
    }

    /// The local date in a zone.
    #[must_use]
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }
}

/// Reads an IANA zone name such as `America/New_York`.
///
/// # Errors
/// [`Error::Invalid`] for a name the time zone database does not have.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::Invalid(format!(
            "'{name}' is not a time zone; use an IANA name such as Africa/Johannesburg or America/New_York"
        ))
    })
}

/// No clock was ever put forward by more than a day.
const LONGEST_GAP_MINUTES: i64 = 26 * 60;

/// The first instant at or after a local time of a local date. A time that the clocks skip is when they have skipped it; one
/// they show twice is its first.
#[must_use]
pub fn first_instant(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    (0..=LONGEST_GAP_MINUTES)
        .find_map(|minutes| instant(zone, local + TimeDelta::minutes(minutes)))
        .unwrap_or_else(|| local.and_utc())
}

fn instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.to_utc()),
        MappedLocalTime::None => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Europe, Pacific};

    use super::*;

    #[track_caller]
    fn check(zone: Tz, date: &str, time: &str, expected: &str) {
        let at = first_instant(zone, date.parse().unwrap(), time.parse().unwrap());
        assert_eq!(at, expected.parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn a_time_of_every_day_is_itself() {
        check(Europe::Berlin, "2026-01-10", "02:00:00", "2026-01-10T01:00:00Z");
    }

    #[test]
    fn a_time_the_clocks_skip_is_when_they_have_skipped_it() {
        check(Europe::Berlin, "2026-03-29", "02:00:00", "2026-03-29T01:00:00Z");
        check(America::New_York, "2026-03-08", "02:30:00", "2026-03-08T07:00:00Z");
    }

    #[test]
    fn a_time_shown_twice_is_its_first() {
        check(Europe::Berlin, "2026-10-25", "02:00:00", "2026-10-25T00:00:00Z");
        check(America::New_York, "2026-11-01", "01:30:00", "2026-11-01T05:30:00Z");
    }

    #[test]
    fn a_day_that_was_left_out_is_the_next_one() {
        check(Pacific::Apia, "2011-12-30", "09:00:00", "2011-12-30T10:00:00Z");
    }
}
