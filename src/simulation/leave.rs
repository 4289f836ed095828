//! Leave: holidays agreed in advance leave the roster; illness leaves the shift without its worker.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::people::Worker;
use super::plan::Plan;

/// Days away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leave {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub kind: &'static str,
    pub approved: bool,
}

impl Leave {
    fn holds(&self, day: NaiveDate) -> bool {
        self.approved && (self.first..=self.last).contains(&day)
    }
}

/// All leave of a worker, in blocks of 120 days in which at most one holiday and two illnesses fall.
pub(super) fn leave(plan: &Plan, worker: &Worker) -> Vec<Leave> {
    let mut all: Vec<Leave> = Vec::new();
    if worker.shown {
        return all; // must have worked in every window
    }
    let end = worker.left_on.unwrap_or(plan.today + Days::new(60)).min(plan.today + Days::new(60));
    let mut start = worker.hired_on.max(plan.first_day);
    let mut block = 0;
    while start < end {
        let mut dice = Dice::new(plan.seed, Topic::Leave, worker.key(), block);
        let approved = dice.chance(0.94);
        let kinds = [("annual", 0.65, 5, 12), ("sick", 0.3, 1, 3), ("sick", 0.25, 1, 2), ("family", 0.12, 1, 3)];
        for (kind, chance, least, most) in kinds {
            let first = start + Days::new(dice.whole(0, 105).unsigned_abs());
            let last = first + Days::new(dice.whole(least, most).unsigned_abs() - 1);
            let apart = all.iter().all(|other| last < other.first || other.last < first);
            if dice.chance(chance) && apart && last <= end {
                all.push(Leave { first, last, kind, approved: approved || kind != "annual" });
            }
        }
        start = start + Days::new(120);
        block += 1;
    }
    all.sort_by_key(|leave| leave.first);
    all
}

impl Simulation {
    /// On a holiday that was agreed before the roster was made.
    pub(super) fn on_holiday(&self, worker: &Worker, day: NaiveDate) -> bool {
        self.leave[worker.index].iter().any(|leave| leave.kind == "annual" && leave.holds(day))
    }

    /// Away with leave that came after the roster.
    pub(super) fn ill(&self, worker: &Worker, day: NaiveDate) -> bool {
        self.leave[worker.index].iter().any(|leave| leave.kind != "annual" && leave.holds(day))
    }

    /// The leave that is known today: illness when it has begun, holidays two weeks ahead.
    pub(super) fn known_leave(&self) -> impl Iterator<Item = (&Worker, &Leave)> {
        let today = self.plan.today;
        self.known_workers()
            .flat_map(|worker| self.leave[worker.index].iter().map(move |leave| (worker, leave)))
            .filter(move |(_, leave)| leave.first < if leave.kind == "annual" { today + Days::new(14) } else { today })
    }
}
