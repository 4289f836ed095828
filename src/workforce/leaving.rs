//! Who leaves, after how long and why: leavers by tenure and by reason, and the curve of those who stay.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::person::Tenure;
use super::suppress::{FEWEST, suppress};
use super::survival::{Spell, Survival, kaplan_meier};
use crate::metrics::Period;

/// A person's time here as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    /// The first day; `None`: not on record.
    pub hired_on: Option<NaiveDate>,
    /// The last day; `None`: still here.
    pub left_on: Option<NaiveDate>,
    /// Why; `None`: not said.
    pub reason: Option<String>,
}

/// How many of a kind left; `None`: so few, or so few besides, that it is not said.
pub type Count = (String, Option<usize>);

/// Who left and who stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Leaving {
    /// How many left in the period.
    pub in_period: usize,
    /// How many left in the twelve months to its last day.
    pub in_year: usize,
    /// People at work on its last day.
    pub here: usize,
    /// Of the year's leavers, by tenure when they left.
    pub by_tenure: Vec<Count>,
    /// Of the year's leavers, by reason, the most frequent first.
    pub by_reason: Vec<Count>,
    /// The curve; `None` where fewer than five people, or fewer than five leavers, were seen.
    pub survival: Option<Survival>,
    /// The first day of the records: who left before was not seen.
    pub since: Option<NaiveDate>,
}

impl Leaving {
    /// From everybody who was ever here, seen from `since` to the period's last day.
    #[must_use]
    pub fn of(everybody: &[Employment], since: Option<NaiveDate>, period: Period) -> Self {
        let year = period.last.checked_sub_months(Months::new(12)).unwrap_or(period.first);
        let left: Vec<(&Employment, NaiveDate)> = everybody
            .iter()
            .filter_map(|it| Some((it, it.left_on?)))
            .filter(|(_, on)| *on > year && *on <= period.last)
            .collect();
        let here = |it: &&Employment| {
            it.hired_on.is_none_or(|on| on <= period.last) && it.left_on.is_none_or(|on| on > period.last)
        };
        Self {
            in_period: left.iter().filter(|(_, on)| *on >= period.first).count(),
            in_year: left.len(),
            here: everybody.iter().filter(here).count(),
            by_tenure: by_tenure(&left),
            by_reason: by_reason(&left),
            survival: survival(everybody, since, period.last),
            since,
        }
    }
}

fn counts(sizes: impl IntoIterator<Item = (String, usize)>) -> Vec<Count> {
    let sizes: Vec<(String, usize)> = sizes.into_iter().collect();
    let hidden = suppress(&sizes.iter().map(|(_, size)| *size).collect::<Vec<_>>());
    sizes.into_iter().zip(hidden).map(|((name, size), hidden)| (name, (!hidden).then_some(size))).collect()
}

fn by_tenure(left: &[(&Employment, NaiveDate)]) -> Vec<Count> {
    let size = |tenure| left.iter().filter(|(it, on)| Tenure::of(it.hired_on, *on) == tenure).count();
    let sizes = Tenure::ALL.map(|tenure| (tenure, size(tenure)));
    let known = sizes.into_iter().filter(|(tenure, size)| *tenure != Tenure::Unknown || *size > 0);
    counts(known.map(|(tenure, size)| (tenure.label().to_owned(), size)))
}

fn by_reason(left: &[(&Employment, NaiveDate)]) -> Vec<Count> {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (it, _) in left {
        let reason = it.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        *reasons.entry(reason.map_or_else(|| "Not said".into(), capital)).or_default() += 1;
    }
    let mut sizes: Vec<(String, usize)> = reasons.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    counts(sizes)
}

/// `resigned` → `Resigned`, `end_of_contract` → `End of contract`.
fn capital(reason: &str) -> String {
    let words = reason.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn survival(everybody: &[Employment], since: Option<NaiveDate>, last: NaiveDate) -> Option<Survival> {
    let days = |from: NaiveDate, to: NaiveDate| u32::try_from((to - from).num_days()).unwrap_or(0);
    let spells: Vec<Spell> = everybody
        .iter()
        .filter_map(|it| {
            let hired = it.hired_on.filter(|hired| *hired <= last)?;
            let gone = it.left_on.filter(|on| *on <= last);
            // The first day is a day of tenure.
            let ended = days(hired, gone.unwrap_or(last)) + 1;
            Some(Spell { entered: since.map_or(0, |since| days(hired, since)), ended, left: gone.is_some() })
        })
        .collect();
    kaplan_meier(&spells, FEWEST).filter(|it| it.n >= FEWEST && it.left >= FEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn employed(hired: &str, left: Option<&str>, reason: Option<&str>) -> Employment {
        Employment { hired_on: Some(day(hired)), left_on: left.map(day), reason: reason.map(Into::into) }
    }

    fn period() -> Period {
        Period { first: day("2026-03-02"), last: day("2026-03-29") }
    }

    #[test]
    fn leavers_are_counted_by_tenure_and_reason_and_few_are_not_told_apart() {
        let mut everybody = vec![employed("2020-01-01", None, None); 30];
        everybody.extend(vec![employed("2025-12-01", Some("2026-01-31"), Some("resigned")); 7]);
        everybody.extend(vec![employed("2025-06-01", Some("2026-03-10"), Some("end_of_contract")); 6]);
        everybody.extend(vec![employed("2015-06-01", Some("2025-11-10"), Some("retired")); 2]);
        // Longer ago, and later than the period.
        everybody.push(employed("2015-06-01", Some("2024-11-10"), None));
        everybody.push(employed("2015-06-01", Some("2026-04-10"), None));
        let leaving = Leaving::of(&everybody, Some(day("2024-01-01")), period());
        assert_eq!((leaving.in_period, leaving.in_year, leaving.here), (6, 15, 31));
        let name = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            leaving.by_reason,
            [name("Resigned", Some(7)), name("End of contract", None), name("Retired", None)]
        );
        assert_eq!(
            leaving.by_tenure,
            [
                name("Under 90 days", Some(7)),
                name("90 days to a year", None),
                name("One to three years", Some(0)),
                name("Three years or more", None)
            ]
        );
        let survival = leaving.survival.unwrap();
        assert_eq!((survival.n, survival.left), (47, 16));
    }

    #[test]
    fn a_curve_needs_five_who_left() {
        let mut everybody = vec![employed("2025-01-01", None, None); 30];
        everybody.extend(vec![employed("2025-01-01", Some("2026-02-01"), None); 4]);
        assert_eq!(Leaving::of(&everybody, None, period()).survival, None);
        assert_eq!(Leaving::of(&[], None, period()).here, 0);
    }

    #[test]
    fn who_was_here_before_the_records_is_not_at_risk_before_them() {
        let mut everybody = vec![employed("2010-01-01", None, None); 50];
        everybody.extend(vec![employed("2026-01-01", Some("2026-01-31"), None); 5]);
        everybody.extend(vec![employed("2026-01-01", None, None); 5]);
        let survival = Leaving::of(&everybody, Some(day("2026-01-01")), period()).survival.unwrap();
        assert_eq!((survival.steps[0].at, survival.steps[0].at_risk, survival.steps[0].share), (31, 10, 0.5));
    }
}
