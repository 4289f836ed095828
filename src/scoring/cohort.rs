//! With whom a worker is compared: role × vertical × tenure × pattern, widened until it is large enough.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A cohort narrower than this is widened.
pub const NARROW: usize = 10;
/// Below this nobody is compared: also a privacy rule.
pub const FEWEST: usize = 5;

/// The traits by which workers are alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Traits {
    /// Job role.
    pub role: String,
    /// Vertical of the home site.
    pub vertical: String,
    /// Tenure bracket.
    pub tenure: String,
    /// `day` or `night`.
    pub pattern: String,
}

/// The bracket of a tenure: under 90 days, under a year, under three, more; `unknown` without a hire date.
#[must_use]
pub fn tenure(hired_on: Option<NaiveDate>, today: NaiveDate) -> &'static str {
    match hired_on.map(|hired_on| (today - hired_on).num_days()) {
        None => "unknown",
        Some(days) if days < 90 => "<90d",
        Some(days) if days < 365 => "<1y",
        Some(days) if days < 3 * 365 => "<3y",
        Some(_) => "3y+",
    }
}

/// Nights if at least half of the attended shifts began in the night.
#[must_use]
pub fn pattern(night_shifts: i64, attended: i64) -> &'static str {
    if attended > 0 && 2 * night_shifts >= attended { "night" } else { "day" }
}

impl Traits {
    /// The names of the cohorts it belongs to, narrowest first: pattern is dropped first, then tenure, then vertical.
    #[must_use]
    pub fn cohorts(&self) -> [String; 4] {
        let Self { role, vertical, tenure, pattern } = self;
        [
            format!("{role} / {vertical} / {tenure} / {pattern}"),
            format!("{role} / {vertical} / {tenure}"),
            format!("{role} / {vertical}"),
            role.clone(),
        ]
    }

    /// The cohort to compare with, given the size of each: the narrowest of at least ten, else the role from five, else none.
    #[must_use]
    pub fn cohort(&self, sizes: &HashMap<String, usize>) -> Option<String> {
        let size = |name: &String| sizes.get(name).copied().unwrap_or(0);
        let names = self.cohorts();
        names
            .iter()
            .find(|name| size(name) >= NARROW)
            .or_else(|| names.last().filter(|name| size(name) >= FEWEST))
            .cloned()
    }
}

/// How many workers each cohort has, at every width.
pub fn sizes<'a>(workers: impl IntoIterator<Item = &'a Traits>) -> HashMap<String, usize> {
    let mut sizes = HashMap::new();
    for traits in workers {
        for name in traits.cohorts() {
            *sizes.entry(name).or_insert(0) += 1;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(vertical: &str, tenure: &str, pattern: &str) -> Traits {
        Traits { role: "guard".into(), vertical: vertical.into(), tenure: tenure.into(), pattern: pattern.into() }
    }

    #[track_caller]
    fn check(others: &[(usize, Traits)], expected: Option<&str>) {
        let workers: Vec<Traits> = others.iter().flat_map(|(n, traits)| vec![traits.clone(); *n]).collect();
        assert_eq!(guard("retail", "<1y", "night").cohort(&sizes(&workers)).as_deref(), expected);
    }

    #[test]
    fn the_narrowest_cohort_of_ten_is_taken() {
        check(&[(10, guard("retail", "<1y", "night"))], Some("guard / retail / <1y / night"));
        check(
            &[(9, guard("retail", "<1y", "night")), (1, guard("retail", "<1y", "day"))],
            Some("guard / retail / <1y"),
        );
        check(&[(9, guard("retail", "<1y", "night")), (1, guard("retail", "3y+", "day"))], Some("guard / retail"));
        check(&[(9, guard("retail", "<1y", "night")), (1, guard("bank", "3y+", "day"))], Some("guard"));
    }

    #[test]
    fn five_of_the_role_are_enough_and_four_are_not() {
        check(&[(5, guard("retail", "<1y", "night"))], Some("guard"));
        check(&[(4, guard("retail", "<1y", "night"))], None);
    }

    #[test]
    fn tenure_brackets_are_half_open() {
        let today: NaiveDate = "2026-06-30".parse().unwrap();
        let after = |days| tenure(Some(today - chrono::Days::new(days)), today);
        assert_eq!(
            (after(89), after(90), after(364), after(365), after(1094), after(1095)),
            ("<90d", "<1y", "<1y", "<3y", "<3y", "3y+")
        );
        assert_eq!(tenure(None, today), "unknown");
    }

    #[test]
    fn half_the_shifts_at_night_make_a_night_worker() {
        assert_eq!((pattern(2, 4), pattern(1, 4), pattern(0, 0)), ("night", "day", "day"));
    }
}
