//! How evenly is something shared among people: the Gini coefficient, and how many have how much.

use serde::{Deserialize, Serialize};

use super::person::{Person, Share};
use super::suppress::{FEWEST, suppress};
use crate::scoring::statistics::{gini, quantile};

/// Most bars of a histogram.
const MOST_BARS: f64 = 12.0;

/// How something is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sharing {
    /// Of what.
    pub share: Share,
    /// People employed the whole period.
    pub n: usize,
    /// People employed for a part of it only, who are left out.
    pub partly: usize,
    /// 0: all alike; towards 1: one has it all. `None` of fewer than five people, or where there was nothing to share.
    pub gini: Option<f64>,
    /// Quartiles of what people have; `None` of fewer than five people.
    pub quartiles: Option<[f64; 3]>,
    /// How many have how much, least first.
    pub bars: Vec<Bar>,
}

/// How many have from so much up to less than so much.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// At least.
    pub from: f64,
    /// Less than.
    pub to: f64,
    /// How many people; `None`: so few, or so few besides, that it is not said.
    pub people: Option<usize>,
}

impl Sharing {
    /// Of those employed on each of so many days.
    #[must_use]
    pub fn of<'a>(share: Share, people: impl IntoIterator<Item = &'a Person>, days: u64) -> Self {
        let (whole, partly): (Vec<&Person>, Vec<&Person>) =
            people.into_iter().partition(|person| person.is_whole(days));
        let mut values: Vec<f64> = whole.iter().map(|person| share.of(&person.work)).collect();
        values.sort_by(f64::total_cmp);
        let enough = values.len() >= FEWEST;
        let at = |p| quantile(&values, p).filter(|_| enough);
        let quartiles = at(0.25).zip(at(0.5)).zip(at(0.75)).map(|((low, middle), high)| [low, middle, high]);
        let bars = if enough { bars(&values) } else { Vec::new() };
        Self {
            share,
            n: values.len(),
            partly: partly.len(),
            gini: enough.then(|| gini(&values)).flatten(),
            quartiles,
            bars,
        }
    }
}

/// Bars of equal width from zero: at most twelve, of 1, 2 or 5 times a power of ten, at least 1. Values ascending.
fn bars(sorted: &[f64]) -> Vec<Bar> {
    let most = sorted.last().copied().unwrap_or(0.0).max(0.0);
    let power = 10f64.powf((most / MOST_BARS).max(1.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0];
    let width = steps.into_iter().map(|step| step * power).find(|width| (most / width).floor() < MOST_BARS);
    let width = width.unwrap_or(20.0 * power);
    let count = (most / width).floor() as usize + 1;
    let below = |value: f64| sorted.partition_point(|other| *other < value);
    let edges: Vec<f64> = (0..=count).map(|nth| nth as f64 * width).collect();
    let sizes: Vec<usize> = edges.windows(2).map(|edge| below(edge[1]) - below(edge[0])).collect();
    let hidden = suppress(&sizes);
    let bars = edges.windows(2).zip(sizes).zip(hidden);
    bars.map(|((edge, size), hidden)| Bar { from: edge[0], to: edge[1], people: (!hidden).then_some(size) }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::units::{SiteId, WorkerId};
    use crate::workforce::{Tenure, Work};

    fn people(hours: &[i64], days: i64) -> Vec<Person> {
        let work = |hours: &i64| Work { days, minutes: hours * 60, ..Work::default() };
        let (worker, site) = (WorkerId(Uuid::nil()), SiteId(Uuid::nil()));
        let person =
            |hours| Person { worker, site, tenure: Tenure::Longer, contracted: None, work: work(hours), bpi: None };
        hours.iter().map(person).collect()
    }

    #[test]
    fn only_who_was_there_all_the_time_is_compared() {
        let mut all = people(&[0, 0, 0, 40, 0, 0, 0, 40], 28);
        all.extend(people(&[5, 5], 13));
        let sharing = Sharing::of(Share::Hours, &all, 28);
        assert_eq!((sharing.n, sharing.partly, sharing.gini), (8, 2, Some(0.75)));
    }

    #[test]
    fn four_people_are_not_looked_at_and_nothing_is_not_shared_unevenly() {
        let few = Sharing::of(Share::Hours, &people(&[1, 2, 3, 4], 28), 28);
        assert_eq!((few.n, few.gini, few.quartiles, few.bars.len()), (4, None, None, 0));
        let idle = Sharing::of(Share::Nights, &people(&[9, 9, 9, 9, 9], 28), 28);
        assert_eq!((idle.gini, idle.quartiles), (None, Some([0.0; 3])));
    }

    #[test]
    fn bars_have_round_edges_and_few_people_hide() {
        let mut hours = vec![150; 20];
        hours.extend([160; 9]);
        hours.push(0);
        let sharing = Sharing::of(Share::Hours, &people(&hours, 28), 28);
        assert_eq!((sharing.bars[0].to, sharing.bars.len()), (20.0, 9));
        // Nobody says that one person had no hours; the nine hide with that one.
        assert_eq!((sharing.bars[0].people, sharing.bars[7].people, sharing.bars[8].people), (None, Some(20), None));
    }

    /// Σ|xᵢ − xⱼ| / (2n²x̄), as it is defined.
    fn by_definition(values: &[f64]) -> Option<f64> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let pairs: f64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
        (mean > 0.0).then(|| pairs / (2.0 * n * n * mean))
    }

    proptest! {
        #[test]
        fn it_is_the_gini_of_the_definition(hours in prop::collection::vec(0i64..300, 5..60)) {
            let found = Sharing::of(Share::Hours, &people(&hours, 28), 28).gini;
            let expected = by_definition(&hours.iter().map(|hours| *hours as f64).collect::<Vec<_>>());
            prop_assert_eq!(found.is_some(), expected.is_some());
            if let (Some(found), Some(expected)) = (found, expected) {
                prop_assert!((found - expected).abs() < 1e-9 && (0.0..1.0).contains(&found));
            }
        }

        #[test]
        fn twice_as_much_for_everybody_is_as_even(hours in prop::collection::vec(1i64..300, 5..60)) {
            let twice: Vec<i64> = hours.iter().map(|hours| 2 * hours).collect();
            let of = |hours: &[i64]| Sharing::of(Share::Hours, &people(hours, 28), 28).gini.unwrap();
            prop_assert!((of(&hours) - of(&twice)).abs() < 1e-9);
        }

        #[test]
        fn every_person_is_in_one_bar(hours in prop::collection::vec(0i64..3000, 5..60)) {
            let values: Vec<f64> = { let mut h: Vec<f64> = hours.iter().map(|h| *h as f64).collect(); h.sort_by(f64::total_cmp); h };
            let bars = bars(&values);
            prop_assert!(bars.len() <= 12);
            for bar in &bars {
                let inside = values.iter().filter(|value| bar.from <= **value && **value < bar.to).count();
                prop_assert!(bar.people.is_none_or(|people| people == inside && (inside == 0 || inside >= FEWEST)));
            }
            prop_assert!(values.iter().all(|value| bars.iter().any(|bar| bar.from <= *value && *value < bar.to)));
        }
    }
}
