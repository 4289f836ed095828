//! What can be earned: definitions as data, and the periods they are judged over.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Rule;
use crate::metrics::Period;
use crate::{Error, Result};

/// The period under which what is earned once for ever is kept.
pub const EVER: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal: $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it in the definitions.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;
            fn from_str(text: &str) -> crate::Result<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == text).ok_or_else(|| {
                    crate::Error::Misconfigured(format!(concat!("'{}' is not a ", $what, " of an achievement that this program knows"), text))
                })
            }
        }
    };
}
pub(super) use words;

words! {
    /// How hard it is to earn.
    Tier, "tier":
    /// Good.
    Bronze = "bronze",
    /// Very good.
    Silver = "silver",
    /// Outstanding.
    Gold = "gold",
}

words! {
    /// Over which days a rule is judged.
    Window, "window":
    /// Monday to Sunday.
    Week = "week",
    /// A calendar month.
    Month = "month",
    /// A calendar quarter.
    Quarter = "quarter",
    /// From the day of hire.
    FirstThirtyDays = "first_30_days",
    /// Everything so far; earned once.
    Ever = "ever",
}

/// Days of [`Window::FirstThirtyDays`].
#[cfg(feature = "server")]
pub(super) const FIRST_DAYS: u64 = 30;

impl Window {
    /// The calendar period that holds `day`; `None` where it depends on the worker.
    #[must_use]
    pub fn period(self, day: NaiveDate) -> Option<Period> {
        let (first, next) = match self {
            Self::Week => {
                let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
                (monday, monday + Days::new(7))
            }
            Self::Month => {
                let first = day.with_day(1)?;
                (first, first + Months::new(1))
            }
            Self::Quarter => {
                let first = day.with_day(1)?.with_month(day.month0() / 3 * 3 + 1)?;
                (first, first + Months::new(3))
            }
            Self::FirstThirtyDays | Self::Ever => return None,
        };
        Some(Period { first, last: next.pred_opt()? })
    }

    /// The calendar periods that touch `changed` and have ended by `last`, oldest first.
    #[must_use]
    pub fn ended(self, changed: Period, last: NaiveDate) -> Vec<Period> {
        let next = |period: &Period| self.period(period.last.succ_opt()?);
        std::iter::successors(self.period(changed.first), next)
            .take_while(|period| period.first <= changed.last && period.last <= last)
            .collect()
    }

    /// Whether it can be earned again in the next period.
    #[must_use]
    pub fn comes_again(self) -> bool {
        matches!(self, Self::Week | Self::Month | Self::Quarter)
    }

    /// What a page says the progress is about.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Week => "this week",
            Self::Month => "this month",
            Self::Quarter => "this quarter",
            Self::FirstThirtyDays => "in the first 30 days",
            Self::Ever => "so far",
        }
    }
}

/// Something that can be earned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Its short name.
    pub code: String,
    /// What a page calls it.
    pub name: String,
    /// How hard it is.
    pub tier: Tier,
    /// What is measured.
    pub rule: Rule,
    /// How much is asked for; shares are 0–1.
    pub threshold: f64,
    /// The smallest sample that is judged.
    pub minimum: i32,
    /// Over which days.
    pub window: Window,
    /// What it is for, as a sentence.
    pub description: String,
}

impl Definition {
    /// Refuses a definition whose rule cannot be judged over its window.
    ///
    /// # Errors
    /// [`Error::Misconfigured`].
    pub fn check(self) -> Result<Self> {
        if !self.rule.windows().contains(&self.window) {
            let (code, rule, window) = (&self.code, self.rule.word(), self.window.word());
            return Err(Error::Misconfigured(format!(
                "achievement '{code}': the rule '{rule}' cannot be judged over the window '{window}'"
            )));
        }
        Ok(self)
    }
}

/// The definitions of this program, in the order pages show them.
///
/// # Errors
/// [`Error::Misconfigured`] naming a rule, tier or window this program does not know.
#[cfg(feature = "server")]
pub fn definitions() -> Result<Vec<Definition>> {
    parse(include_str!("achievements.toml"))
}

#[cfg(feature = "server")]
fn parse(text: &str) -> Result<Vec<Definition>> {
    #[derive(Deserialize)]
    struct File {
        achievement: Vec<Definition>,
    }
    let file: File =
        toml::from_str(text).map_err(|cause| Error::Misconfigured(format!("achievements.toml: {cause}")))?;
    file.achievement.into_iter().map(Definition::check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(window: Window, on: &str, expected: (&str, &str)) {
        let period = window.period(day(on)).unwrap();
        assert_eq!(period, Period { first: day(expected.0), last: day(expected.1) });
    }

    #[test]
    fn weeks_begin_on_monday_and_quarters_in_january() {
        check(Window::Week, "2026-03-02", ("2026-03-02", "2026-03-08"));
        check(Window::Week, "2026-03-08", ("2026-03-02", "2026-03-08"));
        check(Window::Month, "2028-02-29", ("2028-02-01", "2028-02-29"));
        check(Window::Quarter, "2026-06-30", ("2026-04-01", "2026-06-30"));
        check(Window::Quarter, "2026-12-31", ("2026-10-01", "2026-12-31"));
        assert_eq!(Window::Ever.period(day("2026-03-02")), None);
    }

    #[test]
    fn a_period_is_judged_when_it_has_ended() {
        let march = Period { first: day("2026-03-31"), last: day("2026-03-31") };
        assert_eq!(Window::Month.ended(march, day("2026-03-30")), []);
        let ended = Window::Month.ended(march, day("2026-03-31"));
        assert_eq!(ended, [Period { first: day("2026-03-01"), last: day("2026-03-31") }]);
        let long = Period { first: day("2026-02-27"), last: day("2026-03-10") };
        assert_eq!(Window::Week.ended(long, day("2026-03-10")).len(), 2, "23 February and 2 March, not the 9th");
    }

    #[cfg(feature = "server")]
    #[test]
    fn there_are_25_and_each_can_be_judged() {
        let all = definitions().unwrap();
        assert_eq!(all.len(), 25);
        let codes: std::collections::BTreeSet<_> = all.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes.len(), 25);
        for rule in Rule::ALL {
            assert!(all.iter().any(|it| it.rule == *rule), "{rule:?} is not used");
        }
        assert!(all.iter().all(|it| it.description.ends_with('.') && it.minimum > 0));
    }

    #[cfg(feature = "server")]
    #[test]
    fn an_unknown_rule_or_an_impossible_window_is_refused() {
        let refused = |from: &str, to: &str| {
            let text = include_str!("achievements.toml").replacen(from, to, 1);
            matches!(parse(&text), Err(Error::Misconfigured(_)))
        };
        assert!(refused("rule = \"attendance\"", "rule = \"charm\""));
        assert!(refused("tier = \"bronze\"", "tier = \"tin\""));
        assert!(refused("window = \"week\"", "window = \"ever\""));
        assert!(!refused("no such line", ""));
    }
}
