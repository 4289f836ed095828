//! When is a job of the timetable due, and when next?

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::clock::first_instant;

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

/// The newest slot of a job with several times a day that is due at `now`: its local date and time. Slots that were missed before
/// it are not made up for.
pub(super) fn due_within(zone: Tz, times: &[NaiveTime], now: DateTime<Utc>) -> Option<(NaiveDate, NaiveTime)> {
    let today = now.with_timezone(&zone).date_naive();
    let due = times.iter().filter(|at| first_instant(zone, today, **at) <= now);
    due.max().map(|at| (today, *at))
}

/// The instant after `now` at which one of several times of a day comes next.
pub(super) fn next_within(zone: Tz, times: &[NaiveTime], now: DateTime<Utc>) -> DateTime<Utc> {
    times.iter().map(|at| next(zone, *at, None, now)).min().unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::{America, Europe, Pacific};
    use proptest::prelude::*;

    use super::*;

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

    #[test]
    fn of_several_times_a_day_the_newest_is_due_once_over_both_changes_of_the_clocks() {
        let times: Vec<NaiveTime> = [0, 2, 6, 12, 18].map(|hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap()).to_vec();
        for (first, hours) in [("2026-03-28T23:00:00Z", 23), ("2026-10-24T22:00:00Z", 25)] {
            let first: DateTime<Utc> = first.parse().unwrap();
            let mut slots: Vec<_> = (0..60 * hours)
                .filter_map(|minute| due_within(Europe::Berlin, &times, first + TimeDelta::minutes(minute)))
                .collect();
            assert!(slots.is_sorted(), "never back to an earlier one");
            slots.dedup();
            let found: Vec<_> = slots.iter().map(|(_, at)| *at).collect();
            assert_eq!(found, times, "each once on {first}");
        }
        let now: DateTime<Utc> = "2026-11-21T17:30:00Z".parse().unwrap();
        assert_eq!(next_within(Tz::UTC, &times, now), now + TimeDelta::minutes(30));
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
