//! What has to be done: a shift, where, when and by whom it may be done.

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::TimeOfDay;
use crate::units::{ShiftId, SiteId};

/// The hours of a local day at which a shift that starts is a night shift: from 18:00 until before 04:00.
const NIGHT: (u32, u32) = (18, 4);

/// A shift that wants somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Which shift.
    pub id: ShiftId,
    /// Where.
    pub site: SiteId,
    /// When it begins.
    pub starts: DateTime<Utc>,
    /// When it ends; after `starts`.
    pub ends: DateTime<Utc>,
    /// Minutes that are paid and count as working time; the whole length unless an unpaid break is taken off.
    pub minutes: i64,
    /// The skill it needs, by name.
    pub skill: Option<String>,
    /// The certifications it needs, by name, all of them valid on the shift's day.
    pub certifications: Vec<String>,
    /// Whether the trade is licensed here, so that a valid registration is needed.
    pub licensed: bool,
    /// What is paid on top of the hourly rate, in per cent of it (night, Sunday, holiday): 50 is time and a half.
    pub premium_percent: i64,
    /// Latitude and longitude of the site, in degrees, where they are known.
    pub place: Option<(f64, f64)>,
}

impl Shift {
    /// A shift that asks for nothing but time, all of it paid.
    #[must_use]
    pub fn new(id: ShiftId, site: SiteId, starts: DateTime<Utc>, ends: DateTime<Utc>) -> Self {
        Self {
            id,
            site,
            starts,
            ends,
            minutes: (ends - starts).num_minutes(),
            skill: None,
            certifications: Vec::new(),
            licensed: false,
            premium_percent: 0,
            place: None,
        }
    }

    /// The local day to which it belongs: the one on which it starts.
    #[must_use]
    pub fn day(&self, zone: Tz) -> NaiveDate {
        self.starts.with_timezone(&zone).date_naive()
    }

    /// Whether it is night work: it starts between 18:00 and 04:00, local.
    #[must_use]
    pub fn time_of_day(&self, zone: Tz) -> TimeOfDay {
        let hour = self.starts.with_timezone(&zone).hour();
        if hour >= NIGHT.0 || hour < NIGHT.1 { TimeOfDay::Night } else { TimeOfDay::Day }
    }
}

/// The Monday of the ISO week in which work that starts at `starts` counts, in `zone`.
pub(super) fn week_of(starts: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let day = starts.with_timezone(&zone).date_naive();
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
