//! Who comes, and comes on time? The share of scheduled shifts, drawn towards everybody's, because few shifts say little.

use serde::{Deserialize, Serialize};

use super::person::Person;
use super::suppress::FEWEST;
use crate::scoring::shrink::{Sample, mean, prior_strength};
use crate::scoring::{ENOUGH, Prior, Ranked, Unranked};
use crate::units::{Rate, WorkerId};

/// The longest list.
pub const MOST: usize = 10;

/// One of the most reliable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reliable {
    /// Who.
    pub worker: WorkerId,
    /// Shifts attended on time, of those scheduled.
    pub on_time: Rate,
    /// What the list is ordered by, per cent.
    pub ranked: Ranked,
}

/// The most reliable of some people.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MostReliable {
    /// Best first: those above the mean, and never more than the better half of those ranked, so that nobody is last on it.
    pub people: Vec<Reliable>,
    /// How many could be ranked.
    pub ranked: usize,
    /// How many had fewer shifts than needed.
    pub too_few_shifts: usize,
    /// Why nobody could be ranked, where that is so.
    pub unranked: Option<Unranked>,
}

/// Ranks by the share of scheduled shifts attended on time, shrunk as scores are (spec 3.2). The variance within a person
/// is that of a yes or no at everybody's share: 100² · p(1 − p).
#[must_use]
pub fn most_reliable<'a>(people: impl IntoIterator<Item = &'a Person>) -> MostReliable {
    let judged: Vec<(WorkerId, Rate)> = people
        .into_iter()
        .map(|person| (person.worker, Rate { hit: person.work.on_time, of: person.work.scheduled }))
        .filter(|(_, rate)| rate.of > 0)
        .collect();
    let samples: Vec<Sample> = judged
        .iter()
        .filter_map(|(_, rate)| Some(Sample { n: rate.of as f64, score: 100.0 * rate.value()? }))
        .collect();
    let too_few_shifts = judged.iter().filter(|(_, rate)| rate.of < ENOUGH).count();
    let none = |reason| MostReliable { too_few_shifts, unranked: Some(reason), ..MostReliable::default() };
    let Some(mean) = mean(&samples).filter(|_| samples.len() >= FEWEST) else { return none(Unranked::FewToCompare) };
    let within = mean * (100.0 - mean);
    let Some(strength) = prior_strength(&samples, within) else { return none(Unranked::NoMoreThanChance) };
    let prior = Prior { mean, strength, within };
    let mut people: Vec<Reliable> = judged
        .into_iter()
        .filter(|(_, rate)| rate.of >= ENOUGH)
        .filter_map(|(worker, on_time)| {
            Some(Reliable { worker, on_time, ranked: prior.rank(100.0 * on_time.value()?, on_time.of) })
        })
        .collect();
    people.sort_by(|a, b| b.ranked.score.total_cmp(&a.ranked.score).then_with(|| a.worker.cmp(&b.worker)));
    let ranked = people.len();
    if ranked < FEWEST {
        return none(Unranked::FewToCompare);
    }
    people.truncate(MOST.min(ranked.div_ceil(2)));
    people.retain(|it| it.ranked.score > mean);
    MostReliable { people, ranked, too_few_shifts, unranked: None }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::SiteId;
    use crate::workforce::{Tenure, Work};

    fn person(nth: u128, on_time: i64, scheduled: i64) -> Person {
        let work = Work { on_time, scheduled, ..Work::default() };
        let (worker, site) = (WorkerId(Uuid::from_u128(nth)), SiteId(Uuid::nil()));
        Person { worker, site, tenure: Tenure::Longer, contracted: None, work, bpi: None }
    }

    #[test]
    fn twenty_good_shifts_come_before_five_perfect_ones() {
        let people = [(5, 5), (20, 20), (10, 20), (12, 20), (8, 20), (19, 20), (6, 20), (4, 4)];
        let people: Vec<Person> = (1..).zip(people).map(|(nth, (hit, of))| person(nth, hit, of)).collect();
        let best = most_reliable(&people);
        let order: Vec<u128> = best.people.iter().map(|it| it.worker.0.as_u128()).collect();
        // The fourth, 12 of 20, is of the better half but below everybody's 84 of 129.
        assert_eq!(order, [2, 6, 1]);
        assert_eq!((best.ranked, best.too_few_shifts, best.unranked), (7, 1, None));
    }

    #[test]
    fn nobody_is_ranked_by_chance_or_among_four() {
        let alike: Vec<Person> = (1..9).map(|nth| person(nth, 18, 20)).collect();
        assert_eq!(most_reliable(&alike).unranked, Some(Unranked::NoMoreThanChance));
        assert_eq!(most_reliable(&alike[..4]).unranked, Some(Unranked::FewToCompare));
        // Four of the eight had enough shifts.
        let few = [20, 18, 3, 0].map(|hit| (hit, 20)).into_iter().chain([(4, 4); 4]);
        let few: Vec<Person> = (1..).zip(few).map(|(nth, (hit, of))| person(nth, hit, of)).collect();
        assert_eq!(most_reliable(&few).unranked, Some(Unranked::FewToCompare));
        assert_eq!(most_reliable(&[]).unranked, Some(Unranked::FewToCompare));
    }

    #[test]
    fn nobody_is_last_on_the_list() {
        let people: Vec<Person> = (1..=60).map(|nth| person(nth, nth as i64 % 21, 20)).collect();
        assert_eq!(most_reliable(&people).people.len(), MOST);
        assert_eq!(most_reliable(&people[..8]).people.len(), 4);
    }
}
