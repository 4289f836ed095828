//! Who can do it: a person with what they may, can and would like to do.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::units::{ShiftId, SiteId, WorkerId};

/// Somebody who can be rostered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: WorkerId,
    /// What they can do, by name.
    pub skills: Vec<String>,
    /// What they are certified for.
    pub certifications: Vec<Certification>,
    /// The last day of their registration in a licensed trade; `None` if not registered.
    pub registered_until: Option<NaiveDate>,
    /// Cents an hour; not negative.
    pub hourly_rate_cents: i64,
    /// Minutes a week by contract; 0 for casual work.
    pub contract_minutes: i64,
    /// Whether they take work beyond the ordinary hours of a week. Declining overtime is a right.
    pub takes_overtime: bool,
    /// When they can work, from–until; empty: any time. Spans that touch count as one.
    pub available: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// When they cannot.
    pub absences: Vec<Absence>,
    /// What they would rather do.
    pub preferences: Preferences,
    /// Work that is settled already, before, inside and after the horizon: it stays as it is.
    pub booked: Vec<Booked>,
    /// Minutes worked that are not in `booked`, by the Monday of their ISO week.
    pub worked: Vec<(NaiveDate, i64)>,
    /// Latitude and longitude of their home, in degrees, where they are known.
    pub home: Option<(f64, f64)>,
}

impl Person {
    /// Somebody without any skill, who can work at any time.
    #[must_use]
    pub fn new(id: WorkerId, hourly_rate_cents: i64, contract_minutes: i64) -> Self {
        Self {
            id,
            skills: Vec::new(),
            certifications: Vec::new(),
            registered_until: None,
            hourly_rate_cents,
            contract_minutes,
            takes_overtime: true,
            available: Vec::new(),
            absences: Vec::new(),
            preferences: Preferences::default(),
            booked: Vec::new(),
            worked: Vec::new(),
            home: None,
        }
    }
}

/// A certification and until when it is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certification {
    /// Its name, as shifts ask for it.
    pub name: String,
    /// The last day on which it is valid; `None`: it does not expire.
    pub valid_until: Option<NaiveDate>,
}

/// A time at which somebody cannot work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Whether it is approved leave; else they are merely not available.
    pub leave: bool,
}

/// A shift somebody has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// Which shift, where it is one of ours.
    pub shift: Option<ShiftId>,
    /// When it begins.
    pub starts: DateTime<Utc>,
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// Minutes that count as working time.
    pub minutes: i64,
}

/// What somebody would rather do. Wishes, not rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Sites they like to work at.
    pub preferred_sites: Vec<SiteId>,
    /// Sites they would rather not work at.
    pub avoided_sites: Vec<SiteId>,
    /// When they would rather work.
    pub time: Option<TimeOfDay>,
}

/// Day or night work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeOfDay {
    /// Starts from 04:00 until before 18:00, local.
    Day,
    /// Starts from 18:00 until before 04:00, local.
    Night,
}

impl Preferences {
    /// How far a shift is from what they wish: 0 a preferred site, 1 any other, 3 an avoided one; 2 more at the wrong time of day.
    #[must_use]
    pub fn points(&self, site: SiteId, time: TimeOfDay) -> i64 {
        let place =
            if self.avoided_sites.contains(&site) { 3 } else { i64::from(!self.preferred_sites.contains(&site)) };
        place + if self.time.is_some_and(|wish| wish != time) { 2 } else { 0 }
    }
}
