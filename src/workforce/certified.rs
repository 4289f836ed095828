//! May everybody work who does: how the certifications stand that people must hold.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::units::{SiteId, WorkerId};

/// The last day of what is held for good.
pub const FOR_GOOD: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");

/// How a certification that somebody must hold stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Never held.
    Missing,
    /// Held once, and no more.
    Expired,
    /// Held for 14 days more at most.
    Days14,
    /// For 30 days more at most.
    Days30,
    /// For 60 days more at most.
    Days60,
    /// Held for longer.
    Current,
}

impl Standing {
    /// All, the most urgent first.
    pub const ALL: [Self; 6] = [Self::Missing, Self::Expired, Self::Days14, Self::Days30, Self::Days60, Self::Current];

    /// How one stands that is held up to and including `until`.
    #[must_use]
    pub fn of(until: Option<NaiveDate>, today: NaiveDate) -> Self {
        match until.map(|until| until.signed_duration_since(today).num_days()) {
            None => Self::Missing,
            Some(..0) => Self::Expired,
            Some(0..=14) => Self::Days14,
            Some(15..=30) => Self::Days30,
            Some(31..=60) => Self::Days60,
            Some(61..) => Self::Current,
        }
    }

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Expired => "expired",
            Self::Days14 => "14",
            Self::Days30 => "30",
            Self::Days60 => "60",
            Self::Current => "current",
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Missing => "Never held",
            Self::Expired => "Expired",
            Self::Days14 => "Up to 14 days left",
            Self::Days30 => "15 to 30 days left",
            Self::Days60 => "31 to 60 days left",
            Self::Current => "Current",
        }
    }

    /// The least and the most days left; `None`: never held, or no limit on that side.
    #[must_use]
    pub fn days(self) -> (Option<i32>, Option<i32>) {
        match self {
            Self::Missing => (None, None),
            Self::Expired => (None, Some(-1)),
            Self::Days14 => (Some(0), Some(14)),
            Self::Days30 => (Some(15), Some(30)),
            Self::Days60 => (Some(31), Some(60)),
            Self::Current => (Some(61), None),
        }
    }
}

/// How many certifications stand how, in the order of [`Standing::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified(pub [i64; 6]);

impl Certified {
    /// How many stand so.
    #[must_use]
    pub fn of(&self, standing: Standing) -> i64 {
        self.0[standing as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// How many are held today.
    #[must_use]
    pub fn held(&self) -> i64 {
        self.total() - self.of(Standing::Missing) - self.of(Standing::Expired)
    }
}

/// One that stands so: a line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Whose; `None`: not to be named here.
    pub worker: Option<(WorkerId, String)>,
    /// Where the person is at home.
    pub site: (SiteId, String),
    /// Which certification.
    pub certification: String,
    /// Until when, included; `None`: never held; [`FOR_GOOD`]: for good.
    pub until: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certification_counts_up_to_and_including_its_last_day() {
        let today: NaiveDate = "2026-03-02".parse().unwrap();
        let check = |days: i64, expected: Standing| {
            assert_eq!(Standing::of(Some(today + chrono::TimeDelta::days(days)), today), expected, "{days}");
            let (least, most) = expected.days();
            assert!(least.is_none_or(|least| days >= least.into()) && most.is_none_or(|most| days <= most.into()));
        };
        check(-1, Standing::Expired);
        check(0, Standing::Days14);
        check(14, Standing::Days14);
        check(15, Standing::Days30);
        check(30, Standing::Days30);
        check(31, Standing::Days60);
        check(60, Standing::Days60);
        check(61, Standing::Current);
        assert_eq!(Standing::of(None, today), Standing::Missing);
    }

    #[test]
    fn what_is_held_is_neither_missing_nor_expired() {
        let certified = Certified([1, 2, 3, 4, 5, 6]);
        assert_eq!((certified.total(), certified.held(), certified.of(Standing::Days60)), (21, 18, 5));
    }
}
