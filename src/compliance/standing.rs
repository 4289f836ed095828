//! How does somebody stand with one thing that is asked for, on a day?

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::units::Rate;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A certificate, which may run out.
    Certification,
    /// A training, which may have to be done again.
    Training,
    /// A licence of the trade.
    Registration,
}

impl Kind {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Certification, Self::Training, Self::Registration];

    /// Its name in addresses and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Certification => "certification",
            Self::Training => "training",
            Self::Registration => "registration",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Certification => "Certification",
            Self::Training => "Training",
            Self::Registration => "Registration",
        }
    }

    /// The kind of this code.
    ///
    /// # Errors
    /// [`crate::Error::Misconfigured`] for a word the database should not hold.
    pub fn of(code: &str) -> crate::Result<Self> {
        let unknown = || crate::Error::Misconfigured(format!("'{code}' is no kind of requirement"));
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or_else(unknown)
    }
}

/// How it stands, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Never got.
    Missing,
    /// Got, and run out.
    Expired,
    /// Runs out within 14 days.
    Within14,
    /// Runs out in 15 to 30 days.
    Within30,
    /// Runs out in 31 to 60 days.
    Within60,
    /// Runs out in 61 to 90 days.
    Within90,
    /// In order for more than 90 days.
    Current,
}

impl Standing {
    /// All, most urgent first.
    pub const ALL: [Self; 7] =
        [Self::Missing, Self::Expired, Self::Within14, Self::Within30, Self::Within60, Self::Within90, Self::Current];

    /// Of what is held or not, counts up to and including `until` (`None`: without an end), on the day `today`. The
    /// database's `standing_code` says the same.
    #[must_use]
    pub fn of(held: bool, until: Option<NaiveDate>, today: NaiveDate) -> Self {
        let Some(until) = until.filter(|_| held) else { return if held { Self::Current } else { Self::Missing } };
        match (until - today).num_days() {
            ..0 => Self::Expired,
            0..=14 => Self::Within14,
            15..=30 => Self::Within30,
            31..=60 => Self::Within60,
            61..=90 => Self::Within90,
            _ => Self::Current,
        }
    }

    /// The standing with this code of the database.
    #[must_use]
    pub fn from_code(code: i32) -> Self {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code)).copied().unwrap_or(Self::Current)
    }

    /// Its place among all, from 0, the most urgent.
    #[must_use]
    pub fn code(self) -> usize {
        Self::ALL.iter().position(|other| *other == self).unwrap_or(0)
    }

    /// Its name in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Expired => "expired",
            Self::Within14 => "14",
            Self::Within30 => "30",
            Self::Within60 => "60",
            Self::Within90 => "90",
            Self::Current => "current",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Missing => "Missing",
            Self::Expired => "Expired",
            Self::Within14 => "Ends in 14 days or less",
            Self::Within30 => "Ends in 15–30 days",
            Self::Within60 => "Ends in 31–60 days",
            Self::Within90 => "Ends in 61–90 days",
            Self::Current => "In order for more than 90 days",
        }
    }

    /// A sign for those who do not see the colour.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Missing => "○",
            Self::Expired => "×",
            Self::Within14 => "!",
            Self::Within30 | Self::Within60 | Self::Within90 => "◔",
            Self::Current => "✓",
        }
    }

    /// Whether whoever has it may work today.
    #[must_use]
    pub fn is_in_order(self) -> bool {
        !matches!(self, Self::Missing | Self::Expired)
    }
}

/// How many of what is required stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    each: [i64; 7],
}

impl Counts {
    /// How many stand like this.
    #[must_use]
    pub fn of(self, standing: Standing) -> i64 {
        self.each[standing.code()]
    }

    /// Adds so many.
    pub fn add(&mut self, standing: Standing, n: i64) {
        self.each[standing.code()] += n;
    }

    /// What is required: one for each person and thing.
    #[must_use]
    pub fn required(self) -> i64 {
        self.each.iter().sum()
    }

    /// What is in order today, of what is required.
    #[must_use]
    pub fn in_order(self) -> Rate {
        let hit = Standing::ALL.into_iter().filter(|it| it.is_in_order()).map(|it| self.of(it)).sum();
        Rate { hit, of: self.required() }
    }

    /// What somebody must see to: all but what is in order for more than 90 days.
    #[must_use]
    pub fn to_act_on(self) -> i64 {
        self.required() - self.of(Standing::Current)
    }
}

impl std::ops::Add for Counts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { each: std::array::from_fn(|nth| self.each[nth] + other.each[nth]) }
    }
}

/// Weeks the timeline looks ahead.
pub const WEEKS: usize = 26;

/// The first day of each week of the timeline: the first is today, so that none is partly over.
#[must_use]
pub fn weeks_from(today: NaiveDate) -> Vec<NaiveDate> {
    (0..WEEKS as u64).map(|week| today + Days::new(7 * week)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(held: bool, days: Option<i64>, expected: Standing) {
        let today: NaiveDate = "2026-03-02".parse().unwrap();
        let until = days.map(|days| today + chrono::TimeDelta::days(days));
        assert_eq!(Standing::of(held, until, today), expected, "{days:?}");
    }

    #[test]
    fn the_last_day_still_counts_and_each_step_begins_the_day_after() {
        check(false, None, Standing::Missing);
        check(true, None, Standing::Current);
        check(true, Some(-1), Standing::Expired);
        check(true, Some(0), Standing::Within14);
        for (days, here, next) in [
            (14, Standing::Within14, Standing::Within30),
            (30, Standing::Within30, Standing::Within60),
            (60, Standing::Within60, Standing::Within90),
            (90, Standing::Within90, Standing::Current),
        ] {
            check(true, Some(days), here);
            check(true, Some(days + 1), next);
        }
    }

    #[test]
    fn counts_add_up_and_nothing_required_is_no_rate() {
        let mut counts = Counts::default();
        assert_eq!(counts.in_order().value(), None);
        counts.add(Standing::Missing, 1);
        counts.add(Standing::Within14, 2);
        counts.add(Standing::Current, 5);
        assert_eq!((counts.required(), counts.in_order(), counts.to_act_on()), (8, Rate { hit: 7, of: 8 }, 3));
        assert_eq!((counts + counts).required(), 16);
    }

    #[test]
    fn each_code_means_what_its_place_says() {
        for (nth, standing) in Standing::ALL.into_iter().enumerate() {
            assert_eq!((standing.code(), Standing::from_code(nth as i32)), (nth, standing));
        }
    }
}
