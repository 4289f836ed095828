//! With whom a coached worker may be compared: the cohort of the week, widened until it holds enough who stood as high.

use std::collections::HashMap;

use super::Course;
use super::matching::{CALIPER, distance};
use crate::scoring::cohort::Traits;
use crate::units::WorkerId;

/// The weekly standing is up to six days older than the day before the conversation: a score may have moved by so much.
const SLACK: f64 = 3.0;
/// So many are looked at more closely, on their exact days.
const SHORT_LIST: usize = 12;

/// Where a worker stood at the benchmark of a week.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    pub worker: WorkerId,
    pub traits: Traits,
    /// BPI four weeks before.
    pub earlier: f64,
    /// BPI of that week.
    pub before: f64,
}

impl Standing {
    fn course(&self) -> Course {
        Course { earlier: self.earlier, before: self.before, after: self.before }
    }
}

/// The nearest of the cohort that is in force, or of the first wider one that has enough; of the widest whatever is there.
/// Nobody where the whole job role is too small to compare with.
pub(super) fn short_list(
    of: &Standing,
    week: &[Standing],
    sizes: &HashMap<String, usize>,
    free: impl Fn(WorkerId) -> bool,
) -> Vec<WorkerId> {
    let Some(cohort) = of.traits.cohort(sizes) else { return Vec::new() };
    let in_force = of.traits.cohorts().iter().position(|name| *name == cohort).unwrap_or(WIDEST);
    let near = |other: &Standing| {
        let width = width(&of.traits, &other.traits)?;
        let apart = distance(of.course(), other.course(), CALIPER + SLACK)?;
        (other.worker != of.worker && free(other.worker)).then_some((width.max(in_force), apart, other.worker))
    };
    let mut found: Vec<(usize, f64, WorkerId)> = week.iter().filter_map(near).collect();
    let within = |width: usize| found.iter().filter(|(other, ..)| *other <= width).count();
    let wide = (in_force..WIDEST).find(|width| within(*width) >= SHORT_LIST).unwrap_or(WIDEST);
    found.retain(|(width, ..)| *width <= wide);
    found.sort_by(|(_, a, one), (_, b, other)| a.total_cmp(b).then(one.cmp(other)));
    found.into_iter().take(SHORT_LIST).map(|(.., worker)| worker).collect()
}

/// The cohort of the whole job role.
const WIDEST: usize = 3;

/// The place, in [`Traits::cohorts`], of the narrowest cohort that two share; `None` for another job role.
fn width(a: &Traits, b: &Traits) -> Option<usize> {
    match () {
        () if a.role != b.role => None,
        () if a.vertical != b.vertical => Some(WIDEST),
        () if a.tenure != b.tenure => Some(2),
        () if a.pattern != b.pattern => Some(1),
        () => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::scoring::cohort::sizes;

    fn guard(id: u128, vertical: &str, before: f64) -> Standing {
        let traits =
            Traits { role: "guard".into(), vertical: vertical.into(), tenure: "<1y".into(), pattern: "day".into() };
        Standing { worker: WorkerId(Uuid::from_u128(id)), traits, earlier: 70.0, before }
    }

    fn listed(of: &Standing, week: &[Standing]) -> Vec<u128> {
        let sizes = sizes(week.iter().map(|it| &it.traits));
        short_list(of, week, &sizes, |worker| worker.0.as_u128() != 7).iter().map(|it| it.0.as_u128()).collect()
    }

    #[test]
    fn the_cohort_is_taken_where_it_has_enough_and_the_job_role_where_not() {
        let of = guard(0, "retail", 60.0);
        let mut week: Vec<Standing> = (0..20).map(|id| guard(id, "retail", 60.0 + id as f64 / 10.0)).collect();
        week.extend((20..40).map(|id| guard(id, "bank", 60.0)));
        assert_eq!(listed(&of, &week), [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13], "nearest first; 7 is not free");
        let few: Vec<Standing> = week.iter().filter(|it| it.worker.0.as_u128() % 4 == 0).cloned().collect();
        assert_eq!(listed(&of, &few), [20, 24, 28, 32, 36, 4, 8, 12, 16]);
    }

    #[test]
    fn who_stood_elsewhere_is_not_comparable() {
        let of = guard(0, "retail", 60.0);
        let week: Vec<Standing> = (0..20).map(|id| guard(id, "retail", 60.0 + id as f64)).collect();
        assert_eq!(listed(&of, &week), [1, 2, 3, 4, 5, 6, 8], "within the caliper and what a week may add");
    }

    #[test]
    fn a_job_role_of_four_is_compared_with_nobody() {
        let week: Vec<Standing> = (0..4).map(|id| guard(id, "retail", 60.0)).collect();
        assert_eq!(listed(&week[0], &week), [0; 0]);
    }
}
