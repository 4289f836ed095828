//! When does a scheduled report go out next?

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::clock::first_instant;
use crate::metrics::{Month, Period, Quarter};
use crate::{Error, Result};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Each day.
    Daily,
    /// Each week, on this day.
    Weekly(Weekday),
    /// Each month on this day, on the last where the month is shorter.
    Monthly(u8),
    /// In the first month of each quarter on this day, on the last where the month is shorter.
    Quarterly(u8),
}

impl Rhythm {
    /// As it is stored: the word and the day.
    #[must_use]
    pub fn stored(self) -> (&'static str, Option<i16>) {
        match self {
            Self::Daily => ("daily", None),
            Self::Weekly(day) => ("weekly", i16::try_from(day.number_from_monday()).ok()),
            Self::Monthly(day) => ("monthly", Some(day.into())),
            Self::Quarterly(day) => ("quarterly", Some(day.into())),
        }
    }

    /// Out of what is stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another word, or a day the rhythm has not.
    pub fn of(word: &str, day: Option<i16>) -> Result<Self> {
        let of_month = || day.and_then(|day| u8::try_from(day).ok()).filter(|day| (1..=31).contains(day));
        let of_week =
            || day.and_then(|day| u8::try_from(day.checked_sub(1)?).ok()).and_then(|day| Weekday::try_from(day).ok());
        match word {
            "daily" => day.is_none().then_some(Self::Daily),
            "weekly" => of_week().map(Self::Weekly),
            "monthly" => of_month().map(Self::Monthly),
            "quarterly" => of_month().map(Self::Quarterly),
            _ => None,
        }
        .ok_or_else(|| Error::Invalid(format!("There is no report '{word}' on day {}.", day.unwrap_or(0))))
    }

    /// In words, to stand before a time: `each Monday`, `on the 31st of each month, or its last day`.
    #[must_use]
    pub fn words(self) -> String {
        let of = |day: u8, what: &str| {
            let short = if day > 28 { ", or its last day" } else { "" };
            format!("on the {} of {what}{short}", ordinal(day))
        };
        match self {
            Self::Daily => "each day".into(),
            Self::Weekly(day) => format!("each {}", weekday(day)),
            Self::Monthly(day) => of(day, "each month"),
            Self::Quarterly(day) => of(day, "January, April, July and October"),
        }
    }

    /// The days that a report of this rhythm is about: the latest day, week from Monday, month or quarter that is over when
    /// `last` is.
    #[must_use]
    pub fn period(self, last: NaiveDate) -> Period {
        let ended = |this: Period, before: Period| if this.last == last { this } else { before };
        match self {
            Self::Daily => Period { first: last, last },
            Self::Weekly(_) => {
                let sunday = last - Days::new(u64::from(last.weekday().num_days_from_sunday()));
                Period::ending(sunday, 7)
            }
            Self::Monthly(_) => ended(Month::of(last).period(), Month::of(last).previous().period()),
            Self::Quarterly(_) => ended(Quarter::of(last).period(), Quarter::of(last).previous().period()),
        }
    }

    /// The first of its dates on or after `date`.
    fn date_from(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Daily => date,
            Self::Weekly(day) => {
                let ahead = (7 + day.num_days_from_monday() - date.weekday().num_days_from_monday()) % 7;
                date + Days::new(ahead.into())
            }
            Self::Monthly(day) => of_months(date, day, |_| true),
            Self::Quarterly(day) => of_months(date, day, |month| month % 3 == 1),
        }
    }

    /// The first instant after `after` at which it goes out at this local time.
    #[must_use]
    pub fn next(self, zone: Tz, at: NaiveTime, after: DateTime<Utc>) -> DateTime<Utc> {
        // A day before: a time that the clocks skip may have moved into the next date.
        let mut date = after.with_timezone(&zone).date_naive() - Days::new(1);
        loop {
            date = self.date_from(date);
            let instant = first_instant(zone, date, at);
            if instant > after {
                return instant;
            }
            date = date + Days::new(1);
        }
    }
}

/// A weekday's whole name.
#[must_use]
pub fn weekday(day: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day.num_days_from_monday() as usize]
}

fn ordinal(day: u8) -> String {
    let end = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{end}")
}

/// The first date on or after `date` that is this day of a month that counts.
fn of_months(date: NaiveDate, day: u8, counts: impl Fn(u32) -> bool) -> NaiveDate {
    let first = date - Days::new(date.day0().into());
    (0..=3)
        .map(|ahead| first + Months::new(ahead))
        .filter(|first| counts(first.month()))
        .map(|first| first + Days::new(u64::from(day.min(first.num_days_in_month())) - 1))
        .find(|it| *it >= date)
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(rhythm: Rhythm, after: &str, expected: &str) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        assert_eq!(rhythm.next(chrono_tz::Europe::Berlin, nine, at(after)), at(expected));
    }

    #[test]
    fn nine_o_clock_is_nine_o_clock_before_and_after_both_changes_of_the_clocks() {
        check(Rhythm::Daily, "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z");
        check(Rhythm::Daily, "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z");
        check(Rhythm::Daily, "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z");
        check(Rhythm::Daily, "2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z");
    }

    #[test]
    fn a_month_too_short_for_the_day_has_its_last() {
        check(Rhythm::Monthly(31), "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z");
        check(Rhythm::Monthly(31), "2026-02-28T08:00:00Z", "2026-03-31T07:00:00Z");
        check(Rhythm::Monthly(30), "2028-01-30T08:00:00Z", "2028-02-29T08:00:00Z");
        check(Rhythm::Monthly(1), "2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z");
    }

    #[test]
    fn a_quarter_begins_in_january_april_july_and_october() {
        check(Rhythm::Quarterly(2), "2026-01-02T08:00:00Z", "2026-04-02T07:00:00Z");
        check(Rhythm::Quarterly(31), "2026-04-30T07:00:00Z", "2026-07-31T07:00:00Z");
        check(Rhythm::Quarterly(1), "2026-10-01T07:00:00Z", "2027-01-01T08:00:00Z");
    }

    #[test]
    fn a_week_has_one_monday() {
        check(Rhythm::Weekly(Weekday::Mon), "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z");
        check(Rhythm::Weekly(Weekday::Mon), "2026-03-30T06:59:59Z", "2026-03-30T07:00:00Z");
    }

    #[test]
    fn a_rhythm_is_told_in_words() {
        let words = |rhythm: Rhythm| rhythm.words();
        assert_eq!(words(Rhythm::Daily), "each day");
        assert_eq!(words(Rhythm::Weekly(Weekday::Sun)), "each Sunday");
        assert_eq!(words(Rhythm::Monthly(2)), "on the 2nd of each month");
        assert_eq!(words(Rhythm::Monthly(31)), "on the 31st of each month, or its last day");
        assert_eq!(words(Rhythm::Quarterly(13)), "on the 13th of January, April, July and October");
    }

    #[test]
    fn a_report_is_about_the_latest_stretch_that_is_over() {
        let check = |rhythm: Rhythm, last: &str, first: &str, end: &str| {
            let day = |text: &str| text.parse::<NaiveDate>().unwrap();
            assert_eq!(rhythm.period(day(last)), Period { first: day(first), last: day(end) }, "{rhythm:?} {last}");
        };
        check(Rhythm::Daily, "2026-03-31", "2026-03-31", "2026-03-31");
        check(Rhythm::Weekly(Weekday::Mon), "2026-03-29", "2026-03-23", "2026-03-29");
        check(Rhythm::Weekly(Weekday::Mon), "2026-03-28", "2026-03-16", "2026-03-22");
        check(Rhythm::Monthly(1), "2026-02-28", "2026-02-01", "2026-02-28");
        check(Rhythm::Monthly(1), "2026-02-27", "2026-01-01", "2026-01-31");
        check(Rhythm::Quarterly(1), "2026-03-31", "2026-01-01", "2026-03-31");
        check(Rhythm::Quarterly(1), "2026-03-30", "2025-10-01", "2025-12-31");
    }

    fn rhythms() -> impl Strategy<Value = Rhythm> {
        prop_oneof![
            Just(Rhythm::Daily),
            (0u8..7).prop_map(|day| Rhythm::Weekly(Weekday::try_from(day).unwrap())),
            (1u8..=31).prop_map(Rhythm::Monthly),
            (1u8..=31).prop_map(Rhythm::Quarterly),
        ]
    }

    fn zones() -> impl Strategy<Value = Tz> {
        use chrono_tz::{Africa, America, Asia, Australia, Europe, Pacific};
        prop::sample::select(vec![
            Europe::Berlin,
            America::New_York,
            America::Santiago,
            Australia::Lord_Howe,
            Pacific::Auckland,
            Africa::Cairo,
            Asia::Beirut,
            Tz::UTC,
        ])
    }

    proptest! {
        /// Over two years from any moment: at the local time or when the clocks have skipped it, never twice on a local date,
        /// and never with a date left out.
        #[test]
        fn it_goes_out_once_on_each_of_its_dates(rhythm in rhythms(), zone in zones(), minute in 0u32..1_440, start in 0i64..1_000) {
            let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
            let begin = "2025-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(start);
            let end = begin + TimeDelta::days(730);
            let mut instants = vec![rhythm.next(zone, time, begin)];
            while instants[instants.len() - 1] < end {
                instants.push(rhythm.next(zone, time, instants[instants.len() - 1]));
            }
            let dates: Vec<NaiveDate> = instants.iter().map(|it| it.with_timezone(&zone).date_naive()).collect();
            for (instant, date) in instants.iter().zip(&dates) {
                prop_assert_eq!(first_instant(zone, *date, time), *instant, "at its local time");
                prop_assert_eq!(rhythm.date_from(*date), *date, "on one of its dates");
                prop_assert_eq!(rhythm.next(zone, time, *instant - TimeDelta::seconds(1)), *instant, "found when due");
            }
            for pair in dates.windows(2) {
                prop_assert_eq!(rhythm.date_from(pair[0] + Days::new(1)), pair[1], "no date is left out, none comes twice");
            }
        }

        #[test]
        fn a_rhythm_is_read_as_it_was_stored(rhythm in rhythms()) {
            let (word, day) = rhythm.stored();
            prop_assert_eq!(Rhythm::of(word, day).unwrap(), rhythm);
        }
    }
}
