//! Reads dates and moments as they stand in a file, without allocating: this runs for every value of a gigabyte.

use chrono::{Datelike, NaiveDate};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Days from the first day of year 1 to 2000-01-01, from which Postgres counts.
const EPOCH: i32 = 730_120;

/// A moment as Postgres counts it: microseconds since 2000-01-01, in UTC or on the clock of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub micros: i64,
    /// No offset was given: it is what the site's clock showed.
    pub local: bool,
}

/// Days since 2000-01-01.
pub(super) fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// `2025-12-31`.
pub(super) fn date(text: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let year = number(&[y1, y2, y3, y4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[m1, m2])?, number(&[d1, d2])?)
}

/// `2025-12-31T18:00[:00[.123456]][Z|+02:00|+0200|+02]`, with `T` or a space.
pub(super) fn moment(text: &[u8]) -> Option<(NaiveDate, Moment)> {
    let (day, rest) = text.split_at_checked(10)?;
    let day = date(day)?;
    let (b'T' | b't' | b' ', rest) = rest.split_first().map(|(sign, rest)| (*sign, rest))? else { return None };
    let (time, rest) = clock(rest)?;
    let offset = offset(rest)?;
    let local = i64::from(days(day)) * DAY + time;
    let micros = local - i64::from(offset.unwrap_or(0)) * 60_000_000;
    Some((day, Moment { micros, local: offset.is_none() }))
}

/// Microseconds since midnight, and what follows the time.
fn clock(text: &[u8]) -> Option<(i64, &[u8])> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else { return None };
    let (hour, minute) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
    let (second, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (number(&[*s1, *s2])?, rest),
        _ => (0, rest),
    };
    let (fraction, rest) = match rest {
        [b'.' | b',', rest @ ..] => fraction(rest)?,
        _ => (0, rest),
    };
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then_some((i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + i64::from(fraction), rest))
}

/// Microseconds of a fraction of one to nine digits; what is finer is cut.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(digits);
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut micros = 0;
    for place in 0..6 {
        micros = micros * 10 + u32::from(digits.get(place).map_or(0, |digit| digit - b'0'));
    }
    Some((micros, rest))
}

/// Minutes east of Greenwich; `Some(None)` when there is no offset.
fn offset(text: &[u8]) -> Option<Option<i32>> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [h1, h2] => (number(&[*h1, *h2])?, 0),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => (number(&[*h1, *h2])?, number(&[*m1, *m2])?),
        _ => return None,
    };
    let minutes = i32::try_from(hours * 60 + minutes).ok()?;
    (minutes <= 14 * 60).then_some(Some(sign * minutes))
}

fn number(digits: &[u8]) -> Option<u32> {
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDateTime};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn utc(text: &str, expected: &str) {
        let expected: DateTime<chrono::Utc> = expected.parse().unwrap();
        let (_, read) = moment(text.as_bytes()).unwrap_or_else(|| panic!("{text} was not read"));
        assert_eq!(read, Moment { micros: expected.timestamp_micros() - 946_684_800_000_000, local: false }, "{text}");
    }

    #[track_caller]
    fn not_a_moment(text: &str) {
        assert_eq!(moment(text.as_bytes()), None, "{text}");
    }

    #[test]
    fn moments_with_an_offset_are_instants() {
        utc("2025-12-31T18:00:00Z", "2025-12-31T18:00:00Z");
        utc("2025-12-31 18:00:00+02:00", "2025-12-31T16:00:00Z");
        utc("2025-12-31T18:00-0330", "2025-12-31T21:30:00Z");
        utc("2025-12-31t18:00:00.25+02", "2025-12-31T16:00:00.25Z");
        utc("1999-12-31T23:59:59.999999999 Z", "1999-12-31T23:59:59.999999Z");
    }

    #[test]
    fn moments_without_an_offset_are_local() {
        let (_, read) = moment(b"2000-01-02 00:00:01").unwrap();
        assert_eq!(read, Moment { micros: DAY + 1_000_000, local: true });
    }

    #[test]
    fn what_only_looks_like_a_moment_is_refused() {
        for text in [
            "",
            "2025-12-31",
            "2025-12-31T",
            "2025-12-31T24:00:00",
            "2025-12-31T23:60",
            "2025-02-30T10:00:00",
            "31/12/2025 10:00",
            "2025-12-31T10:00:00+15:00",
            "2025-12-31T10:00:00 CET",
            "2025-12-31T10:00:00.",
            "2025-12-31T1:00",
            "2025-12-31x10:00",
            "2025-12-31T10:00:00.1234567890",
            "٢٠٢٥-12-31T10:00",
        ] {
            not_a_moment(text);
        }
    }

    proptest! {
        #[test]
        fn any_moment_survives_being_written_and_read(seconds in 631_152_000_i64..4_102_444_800, micros in 0_u32..1_000_000) {
            let written = DateTime::from_timestamp(seconds, micros * 1000).unwrap();
            let (day, read) = moment(written.to_rfc3339().as_bytes()).unwrap();
            prop_assert_eq!(day, written.date_naive());
            prop_assert_eq!(read.micros, written.timestamp_micros() - 946_684_800_000_000);
            let local = written.naive_utc().format("%Y-%m-%dT%H:%M:%S%.6f").to_string();
            prop_assert!(local.parse::<NaiveDateTime>().is_ok());
            prop_assert_eq!(moment(local.as_bytes()).unwrap().1, Moment { micros: read.micros, local: true });
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = moment(&bytes);
            let _ = date(&bytes);
        }
    }
}
