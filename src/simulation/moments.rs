//! Local clock times of a day as moments.

use chrono::{Days, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

/// The clock of a zone on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    zone: Tz,
    day: NaiveDate,
}

impl Moments {
    pub fn new(zone: Tz, day: NaiveDate) -> Self {
        Self { zone, day }
    }

    fn local(self, minutes: i64) -> chrono::DateTime<Tz> {
        let day = self.day + Days::new(minutes.div_euclid(1440).unsigned_abs());
        let minutes = minutes.rem_euclid(1440).unsigned_abs() as u32;
        let time = day.and_hms_opt(minutes / 60, minutes % 60, 0).expect("minutes of a day are a time");
        // Shifts begin and end on hours that exist once; should a zone skip one, the next stands in.
        self.zone
            .from_local_datetime(&time)
            .earliest()
            .unwrap_or_else(|| self.zone.from_utc_datetime(&(time - chrono::TimeDelta::hours(1))))
    }

    /// Seconds since 1970 at so many minutes after local midnight (1440 and more: the next day).
    pub fn at(self, minutes: i64) -> i64 {
        self.local(minutes).timestamp()
    }

    /// Seconds east of Greenwich then.
    pub fn offset(self, minutes: i64) -> i32 {
        self.local(minutes).offset().fix().local_minus_utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_in_which_the_clock_changes_has_seven_or_nine_hours() {
        let hours = |day: &str| {
            let night = Moments::new(Tz::Europe__Amsterdam, day.parse().unwrap());
            (night.at(30 * 60) - night.at(22 * 60)) / 3600
        };
        assert_eq!([hours("2026-03-27"), hours("2026-03-28"), hours("2026-10-24")], [8, 7, 9]);
    }
}
