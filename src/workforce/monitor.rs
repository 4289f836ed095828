//! The fairness monitor: does a group of people get more or less than the rest, and is that more than chance explains?
//! A difference is a question, not a verdict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::person::{Measure, Person, Tenure};
use super::ratio::{Difference, Moments, Ratio, difference};
use super::suppress::suppress;
use crate::units::SiteId;

/// The confidence of the intervals shown.
const CONFIDENCE: f64 = 0.95;

/// By what people are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Day or night workers.
    Pattern,
    /// How long they have been here.
    Tenure,
    /// Their home site.
    Site,
}

impl Dimension {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Pattern, Self::Tenure, Self::Site];

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Tenure => "tenure",
            Self::Site => "site",
        }
    }

    /// Its name on a page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pattern => "Shift pattern",
            Self::Tenure => "Tenure",
            Self::Site => "Site",
        }
    }

    fn group(self, person: &Person) -> Group {
        match self {
            Self::Pattern => Group::Nights(person.is_of_nights()),
            Self::Tenure => Group::Tenure(person.tenure),
            Self::Site => Group::Site(person.site),
        }
    }
}

/// A group of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Those who mostly work at night, or the others.
    Nights(bool),
    /// Of a bracket of tenure.
    Tenure(Tenure),
    /// At home at a site.
    Site(SiteId),
}

impl Group {
    /// Its name on a page; a site's is in the database.
    #[must_use]
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::Nights(true) => Some("Mostly nights"),
            Self::Nights(false) => Some("Mostly days"),
            Self::Tenure(tenure) => Some(tenure.label()),
            Self::Site(_) => None,
        }
    }
}

/// A group beside the rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Which group.
    pub group: Group,
    /// Its own value.
    pub own: Ratio,
    /// The value of everybody else.
    pub rest: Ratio,
    /// By how much it exceeds the rest, with the 95 % interval.
    pub difference: Difference,
    /// Whether the difference is more than chance explains, given how many groups are compared.
    pub stands_out: bool,
}

/// The groups of one dimension by one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// By what they are grouped.
    pub by: Dimension,
    /// By what they are compared.
    pub of: Measure,
    /// Everybody together.
    pub all: Option<Ratio>,
    /// The groups that are large enough, in the order of the dimension.
    pub lines: Vec<Line>,
    /// How many groups are not broken out.
    pub hidden: usize,
}

impl Monitor {
    /// Compares each group with everybody else. Groups of fewer than five people are not broken out, nor what would give
    /// them away.
    #[must_use]
    pub fn of(by: Dimension, of: Measure, people: &[Person]) -> Self {
        let groups = groups(by, of, people);
        let hidden = suppress(&groups.iter().map(|(_, sums)| sums.n).collect::<Vec<_>>());
        let all: Moments = groups.iter().map(|(_, sums)| *sums).sum();
        let shown: Vec<(Group, Moments)> =
            groups.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(group, _)| *group).collect();
        let compared = shown.len();
        let lines = shown.into_iter().filter_map(|(group, sums)| line(group, sums, all, compared)).collect();
        Self { by, of, all: all.ratio(), lines, hidden: hidden.iter().filter(|hidden| **hidden).count() }
    }

    /// How many groups stand out.
    #[must_use]
    pub fn standing_out(&self) -> usize {
        self.lines.iter().filter(|line| line.stands_out).count()
    }
}

/// The sums of each group that has something to judge.
fn groups(by: Dimension, of: Measure, people: &[Person]) -> Vec<(Group, Moments)> {
    let mut groups: BTreeMap<Group, Moments> = BTreeMap::new();
    for person in people {
        if let Some(part) = of.of(person) {
            let sums = groups.entry(by.group(person)).or_default();
            *sums = *sums + part;
        }
    }
    groups.into_iter().collect()
}

/// One group beside the rest. It stands out where the interval that holds for all `compared` groups at once (Bonferroni)
/// leaves out no difference.
fn line(group: Group, sums: Moments, all: Moments, compared: usize) -> Option<Line> {
    let (own, rest) = (sums.ratio()?, (all - sums).ratio()?);
    let shown = difference(own, rest, CONFIDENCE)?;
    let surer = 1.0 - (1.0 - CONFIDENCE) / compared.max(1) as f64;
    // What the narrower interval holds, the wider does too: most groups need one interval only.
    let stands_out = shown.excludes_none() && difference(own, rest, surer).is_some_and(|wider| wider.excludes_none());
    Some(Line { group, own, rest, difference: shown, stands_out })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::WorkerId;
    use crate::workforce::Work;

    fn person(site: u128, hours: i64, nights: i64, tenure: Tenure) -> Person {
        let work = Work { days: 28, minutes: 60 * hours, worked: 20, nights, ..Work::default() };
        let (worker, site) = (WorkerId(Uuid::nil()), SiteId(Uuid::from_u128(site)));
        Person { worker, site, tenure, contracted: None, work, bpi: None }
    }

    /// So many people of a site with 4 · (30 … 30 + n − 1) hours in four weeks.
    fn site(site: u128, n: i64, more: i64) -> Vec<Person> {
        (0..n).map(|nth| person(site, 4 * (30 + nth + more), 0, Tenure::Longer)).collect()
    }

    #[test]
    fn a_group_is_compared_with_everybody_else() {
        // Site 1: 30–34 a week, mean 32; site 2: 40–44, mean 42. Variances 2.5, of the means 0.5 each: √1 = 1, 8 degrees
        // of freedom, t 2.306.
        let people = [site(1, 5, 0), site(2, 5, 10)].concat();
        let monitor = Monitor::of(Dimension::Site, Measure::Hours, &people);
        let [one, two] = monitor.lines[..] else { panic!("two sites") };
        assert!((one.own.value - 32.0).abs() < 1e-9 && (one.rest.value - 42.0).abs() < 1e-9);
        assert!((one.difference.by + 10.0).abs() < 1e-9 && (one.difference.low + 12.306).abs() < 1e-3);
        assert!(one.stands_out && two.stands_out);
        assert_eq!((monitor.standing_out(), monitor.hidden), (2, 0));
    }

    #[test]
    fn a_small_group_and_who_would_give_it_away_are_not_broken_out() {
        let people = [site(1, 20, 0), site(2, 3, 10), site(3, 9, 0), site(4, 30, 0)].concat();
        let monitor = Monitor::of(Dimension::Site, Measure::Hours, &people);
        let shown: Vec<usize> = monitor.lines.iter().map(|line| line.own.n).collect();
        assert_eq!((shown, monitor.hidden), (vec![20, 30], 2));
        assert_eq!(monitor.all.unwrap().n, 62);
    }

    #[test]
    fn the_more_groups_the_more_it_takes_to_stand_out() {
        // Alone against one other the difference is clear at 95 %; among twenty it is what chance gives one of them.
        let two = [site(1, 12, 0), site(2, 12, 4)].concat();
        assert_eq!(Monitor::of(Dimension::Site, Measure::Hours, &two).standing_out(), 2);
        let mut many: Vec<Person> = (1..20).flat_map(|nth| site(nth, 12, 0)).collect();
        many.extend(site(20, 12, 3));
        let monitor = Monitor::of(Dimension::Site, Measure::Hours, &many);
        let last = monitor.lines.iter().find(|line| line.group == Group::Site(SiteId(Uuid::from_u128(20)))).unwrap();
        assert!(last.difference.excludes_none() && !last.stands_out, "{last:?}");
    }

    #[test]
    fn tenure_is_listed_from_new_to_old_and_patterns_have_names() {
        let of = |tenure, nights| (0..6).map(move |nth| person(1, 100 + nth, nights, tenure)).collect::<Vec<_>>();
        let people = [of(Tenure::Longer, 12), of(Tenure::Days90, 0), of(Tenure::Year, 0)].concat();
        let names = |by| {
            let monitor = Monitor::of(by, Measure::Hours, &people);
            monitor.lines.iter().filter_map(|line| line.group.label()).collect::<Vec<_>>()
        };
        assert_eq!(names(Dimension::Tenure), ["Under 90 days", "90 days to a year", "Three years or more"]);
        assert_eq!(names(Dimension::Pattern), ["Mostly days", "Mostly nights"]);
    }

    #[test]
    fn one_group_alone_has_no_rest() {
        let monitor = Monitor::of(Dimension::Site, Measure::Hours, &site(1, 20, 0));
        assert!(monitor.lines.is_empty() && monitor.all.is_some());
    }
}
