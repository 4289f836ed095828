//! When is it? The first instant at or after a local time, and the next of a job's slots.

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;

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

/// The local date whose slot is due at `now`: today's, once its time has come on one of its weekdays.
pub(super) fn due(zone: Tz, at: NaiveTime, weekday: Option<Weekday>, now: DateTime<Utc>) -> Option<NaiveDate> {
    let today = now.with_timezone(&zone).date_naive();
    let is_day = weekday.is_none_or(|weekday| weekday == today.weekday());
    (is_day && first_instant(zone, today, at) <= now).then_some(today)
}

/// The next slot's instant after `now`.
pub(super) fn next(zone: Tz, at: NaiveTime, weekday: Option<Weekday>, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    (0..=8)
        .map(|days| today + Days::new(days))
        .filter(|day| weekday.is_none_or(|weekday| weekday == day.weekday()))
        .map(|day| first_instant(zone, day, at))
        .find(|instant| *instant > now)
        .unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Europe, Pacific};
    use proptest::prelude::*;

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

    #[test]
    fn a_slot_is_due_from_its_instant_on_and_only_on_its_weekday() {
        let now = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let two = NaiveTime::from_hms_opt(2, 0, 0).unwrap();
        assert_eq!(due(Europe::Berlin, two, None, now("2026-03-29T00:59:59Z")), None);
        assert_eq!(due(Europe::Berlin, two, None, now("2026-03-29T01:00:00Z")), "2026-03-29".parse().ok());
        assert_eq!(due(Europe::Berlin, two, Some(Weekday::Mon), now("2026-03-29T12:00:00Z")), None);
        assert_eq!(
            next(Europe::Berlin, two, Some(Weekday::Sun), now("2026-03-29T01:00:00Z")),
            now("2026-04-05T00:00:00Z")
        );
    }

    fn zones() -> impl Strategy<Value = Tz> {
        prop::sample::select(vec![
            Europe::Berlin,
            America::New_York,
            America::Santiago,
            Pacific::Auckland,
            Tz::Australia__Lord_Howe,
            Tz::Africa__Cairo,
            Tz::Asia__Beirut,
            Tz::Asia__Kolkata,
            Tz::UTC,
        ])
    }

    proptest! {
        /// A program that looks every minute finds each local date of three years due once, at the first look at or after its
        /// instant.
        #[test]
        fn each_local_date_has_one_slot_and_the_slots_come_in_order(zone in zones(), day in 0u64..1_000, minute in 0u32..1_440) {
            let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
            let date = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Days::new(day);
            let at = first_instant(zone, date, time);
            prop_assert!(at.with_timezone(&zone).naive_local() >= date.and_time(time));
            prop_assert_eq!(due(zone, time, None, at), Some(at.with_timezone(&zone).date_naive()));
            let before = at - TimeDelta::seconds(1);
            prop_assert!(before.with_timezone(&zone).naive_local() < date.and_time(time));
            prop_assert_eq!(next(zone, time, None, before), at);
            prop_assert!(next(zone, time, None, at) > at);
        }
    }
}
