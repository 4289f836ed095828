//! Small things to roster, for the tests of this folder. Times are local, in Johannesburg (no summer time there).

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Africa::Johannesburg;
use uuid::Uuid;

use super::{Booked, Person, Rules, Shift};
use crate::units::{ShiftId, SiteId, WorkerId};

/// `2026-03-02 18:00`, a Monday, local.
pub fn at(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Johannesburg.from_local_datetime(&local).unwrap().to_utc()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn shift_id(n: u128) -> ShiftId {
    ShiftId(Uuid::from_u128(n))
}

pub fn worker_id(n: u128) -> WorkerId {
    WorkerId(Uuid::from_u128(n))
}

pub fn site_id(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(n))
}

/// A shift at site 1.
pub fn shift(n: u128, starts: &str, hours: i64) -> Shift {
    Shift::new(shift_id(n), site_id(1), at(starts), at(starts) + Duration::hours(hours))
}

/// 30.00 an hour, 40 hours a week.
pub fn person(n: u128) -> Person {
    Person::new(worker_id(n), 3_000, 2_400)
}

/// What a shift is once somebody has it.
pub fn booked(shift: &Shift) -> Booked {
    Booked { shift: Some(shift.id), starts: shift.starts, ends: shift.ends, minutes: shift.minutes }
}

pub fn rules() -> Rules {
    Rules::new(Johannesburg)
}
