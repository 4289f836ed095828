//! Days and moments as tests write them: `2026-03-02`, `06:03`, `2026-03-02 06:03`.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// `2026-03-02`
///
/// # Panics
/// For anything else.
#[must_use]
pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("'{text}' is not a date like 2026-03-02"))
}

/// `06:03` on `day`, or `2026-03-02 06:03` whatever the day, as the zone's clock shows it.
///
/// # Panics
/// For anything else, and for a moment the zone skips.
#[must_use]
pub fn moment(zone: Tz, day: NaiveDate, text: &str) -> DateTime<Utc> {
    let local = if let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M") {
        local
    } else {
        day.and_time(clock(text))
    };
    let moment = zone.from_local_datetime(&local).earliest();
    moment.unwrap_or_else(|| panic!("{zone} has no {local}")).with_timezone(&Utc)
}

/// Like [`moment`], on the day before or after where that is closer to `near`: 23:50 for a shift from 00:00.
pub(super) fn nearest(zone: Tz, near: DateTime<Utc>, text: &str) -> DateTime<Utc> {
    let day = near.with_timezone(&zone).date_naive();
    [day, day - Days::new(1), day + Days::new(1)]
        .into_iter()
        .map(|day| moment(zone, day, text))
        .min_by_key(|moment| (*moment - near).abs())
        .expect("three days are not none")
}

fn clock(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M")
        .unwrap_or_else(|_| panic!("'{text}' is neither a time like 06:03 nor a moment like 2026-03-02 06:03"))
}
