//! Who shows the new ones the work: about two in three of those who join get a mentor for their first sixty days.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::people::Worker;
use super::plan::Plan;

/// The mentor of each worker: somebody of the same site and role with some experience.
pub(super) fn mentors(plan: &Plan, workers: &[Worker], by_site: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mentor = |worker: &Worker| {
        let mut dice = Dice::new(plan.seed, Topic::Records, worker.key(), u64::MAX);
        if worker.generation == 0 || dice.chance(0.3) {
            return None;
        }
        let until = worker.hired_on + Days::new(60);
        let fitting: Vec<usize> = by_site[worker.site]
            .iter()
            .copied()
            .filter(|index| {
                let other = &workers[*index];
                other.role == worker.role
                    && (worker.hired_on - other.hired_on).num_days() > 180
                    && other.employed(worker.hired_on)
                    && other.left_on.is_none_or(|last| last > until)
            })
            .collect();
        // The first ones: people come and go after them, and the choice must not change with them.
        fitting.get(dice.index(fitting.len().min(3))).copied()
    };
    workers.iter().map(mentor).collect()
}

impl Simulation {
    /// Mentor, mentee, first day, last day once it is over.
    pub(super) fn known_pairs(&self) -> impl Iterator<Item = (&Worker, &Worker, NaiveDate, Option<NaiveDate>)> {
        self.known_workers().filter_map(|mentee| {
            let mentor = self.mentor_of(mentee)?;
            let end = mentee
                .left_on
                .map_or(mentee.hired_on + Days::new(60), |last| last.min(mentee.hired_on + Days::new(60)));
            Some((mentor, mentee, mentee.hired_on, (end < self.plan.today).then_some(end)))
        })
    }
}
