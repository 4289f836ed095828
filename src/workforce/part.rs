//! What the page says about a set of people: everybody's, or those of one site.

use serde::{Deserialize, Serialize};

use super::person::{Person, Portion, Share};
use super::sharing::Sharing;
use super::suppress::{FEWEST, suppress};
use crate::units::SiteId;

/// A share with how many people it is of, and what it was in the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Among {
    /// People who add to it.
    pub people: usize,
    /// The share, 0–1 except for utilization; `None` of fewer than five people.
    pub now: Option<f64>,
    /// The same of the period before.
    pub before: Option<f64>,
}

/// What the page says about a set of people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// People employed on at least a day of the period.
    pub people: usize,
    /// In the order of [`Portion::ALL`].
    pub portions: [Among; 6],
    /// In the order of [`Share::ALL`].
    pub sharing: Vec<Sharing>,
    /// The Gini coefficients of the period before, in the same order.
    pub gini_before: [Option<f64>; 5],
}

fn portion(portion: Portion, people: &[Person]) -> (usize, Option<f64>) {
    let (n, rate) = portion.among(people);
    (n, rate.value().filter(|_| n >= FEWEST))
}

impl Part {
    /// Of the people of a period of so many days, and of as many days before.
    #[must_use]
    pub fn of(now: &[Person], before: &[Person], days: u64) -> Self {
        let portions = Portion::ALL.map(|it| {
            let (people, value) = portion(it, now);
            Among { people, now: value, before: portion(it, before).1 }
        });
        Self {
            people: now.len(),
            portions,
            sharing: Share::ALL.map(|share| Sharing::of(share, now, days)).into(),
            gini_before: Share::ALL.map(|share| Sharing::of(share, before, days).gini),
        }
    }

    /// One of its shares.
    #[must_use]
    pub fn portion(&self, portion: Portion) -> Among {
        self.portions[portion as usize]
    }

    /// How something is shared.
    #[must_use]
    pub fn sharing(&self, share: Share) -> Option<&Sharing> {
        self.sharing.get(share as usize)
    }
}

/// A site among the others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SiteLine {
    /// Which.
    pub site: SiteId,
    /// People at home there.
    pub people: usize,
    /// Of these, employed the whole period.
    pub whole: usize,
    /// How evenly hours are shared among those; `None` of fewer than five.
    pub gini: Option<f64>,
    /// In the order of [`Portion::ALL`]; `None`: too few people add to it, here or at a site that would be given away.
    pub portions: [Option<f64>; 6],
}

/// The sites that may be broken out, and how many may not.
#[must_use]
pub fn sites_of(people: &[Person], days: u64) -> (Vec<SiteLine>, usize) {
    let mut people: Vec<&Person> = people.iter().collect();
    people.sort_by_key(|person| person.site);
    let sites: Vec<&[&Person]> = people.chunk_by(|a, b| a.site == b.site).collect();
    let hidden = suppress(&sites.iter().map(|site| site.len()).collect::<Vec<_>>());
    let columns = Portion::ALL.map(|portion| {
        let found: Vec<_> = sites.iter().map(|site| portion.among(site.iter().copied())).collect();
        let hidden = suppress(&found.iter().map(|(n, _)| *n).collect::<Vec<_>>());
        found.into_iter().zip(hidden).map(|((_, rate), hidden)| rate.value().filter(|_| !hidden)).collect::<Vec<_>>()
    });
    let shown = sites.iter().enumerate().filter(|(nth, _)| !hidden[*nth]);
    let lines = shown.filter_map(|(nth, site)| {
        let hours = Sharing::of(Share::Hours, site.iter().copied(), days);
        let portions = columns.each_ref().map(|column| column[nth]);
        Some(SiteLine { site: site.first()?.site, people: site.len(), whole: hours.n, gini: hours.gini, portions })
    });
    (lines.collect(), hidden.iter().filter(|hidden| **hidden).count())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::WorkerId;
    use crate::workforce::{Tenure, Work};

    /// So many people of a site, each with 20 days worked, of these so many nights; offers answered by the first few.
    fn people(site: u128, n: usize, nights: i64, answer: usize) -> Vec<Person> {
        let person = |nth: usize| {
            let answered = i64::from(nth < answer);
            let work =
                Work { days: 28, worked: 20, nights, minutes: 9_600, answered, accepted: answered, ..Work::default() };
            let (worker, site) = (WorkerId(Uuid::nil()), SiteId(Uuid::from_u128(site)));
            Person { worker, site, tenure: Tenure::Year, contracted: Some(2_400), work, bpi: None }
        };
        (0..n).map(person).collect()
    }

    #[test]
    fn a_part_is_sums_divided_once() {
        let now = [people(1, 6, 20, 6), people(2, 6, 0, 0)].concat();
        let part = Part::of(&now, &people(1, 6, 10, 0), 28);
        assert_eq!(part.portion(Portion::Nights), Among { people: 12, now: Some(0.5), before: Some(0.5) });
        assert_eq!(part.portion(Portion::Utilization).now, Some(1.0));
        assert_eq!(part.portion(Portion::Accepted), Among { people: 6, now: Some(1.0), before: None });
        assert_eq!(part.sharing(Share::Nights).and_then(|it| it.gini), Some(0.5));
        assert_eq!(part.sharing(Share::Hours).and_then(|it| it.gini), Some(0.0));
    }

    #[test]
    fn four_people_are_no_part() {
        let part = Part::of(&people(1, 4, 20, 4), &[], 28);
        assert_eq!((part.people, part.portion(Portion::Nights).now), (4, None));
    }

    #[test]
    fn no_site_can_be_worked_out_from_the_others() {
        let all = [people(1, 3, 0, 3), people(2, 8, 0, 8), people(3, 20, 5, 20), people(4, 30, 5, 30)].concat();
        let (lines, hidden) = sites_of(&all, 28);
        assert_eq!((lines.iter().map(|line| line.people).collect::<Vec<_>>(), hidden), (vec![20, 30], 2));
        // Few answered at one site: the next smallest is not said either, though both sites are shown.
        let all = [people(1, 12, 0, 2), people(2, 12, 0, 6), people(3, 20, 5, 20)].concat();
        let (lines, hidden) = sites_of(&all, 28);
        let accepted: Vec<bool> =
            lines.iter().map(|line| line.portions[Portion::Accepted as usize].is_some()).collect();
        assert_eq!((accepted, hidden), (vec![false, false, true], 0));
        assert!(lines.iter().all(|line| line.portions[Portion::Nights as usize].is_some()));
    }
}
