//! Conversations of supervisors with workers whose form has dropped; in the demo company each helps, from the next day on.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::form::{Form, effect};
use super::people::{Role, Worker};
use super::plan::Company;

/// Supervisors look at everybody's form so often.
const REVIEW_DAYS: u64 = 14;
/// Nobody is judged on fewer days than this: two windows of four weeks.
const FIRST_REVIEW: u64 = 56;
/// A fall between two windows of four weeks that is noticed, in deviations of a nature.
const DROP: f64 = 0.1;
/// Only who is below this, in deviations of a nature, is thought to need help.
const LOW: f64 = -0.15;
/// How many of those who dropped there is time for.
const TIME_FOR: f64 = 0.4;

/// A conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conversation<'a> {
    pub worker: &'a Worker,
    pub held: NaiveDate,
    /// What it was about, what was said, what was agreed.
    pub words: [&'static str; 3],
}

const WORDS: [[&str; 3]; 5] = [
    [
        "Late starts of the last weeks",
        "The bus line has changed; takes the earlier one now.",
        "Leave home twenty minutes earlier",
    ],
    [
        "Tasks past their time",
        "Unsure which task comes first when two fall together.",
        "Urgent ones first, call when it gets tight",
    ],
    ["Rounds left out", "Two points are hard to reach at night; showed the way round.", "Walk the round together once"],
    [
        "Shifts missed",
        "Trouble at home, being settled; wants fixed days for a month.",
        "Fixed days until the next talk",
    ],
    [
        "How the last weeks went",
        "Knows the work, had lost heart; glad that somebody asked.",
        "Mentor one of the new colleagues",
    ],
];

/// When each worker is talked with: once, and not the one whom the demo shows, whose page is told otherwise.
pub(super) fn conversations(simulation: &Simulation) -> Vec<Option<NaiveDate>> {
    simulation.workers.iter().map(|worker| simulation.talked_with(worker)).collect()
}

impl Simulation {
    fn talked_with(&self, worker: &Worker) -> Option<NaiveDate> {
        if worker.shown || worker.role == Role::Supervisor {
            return None;
        }
        let since = (worker.hired_on.max(self.plan.first_day) - self.plan.first_day).num_days().unsigned_abs();
        let first = (since + FIRST_REVIEW).div_ceil(REVIEW_DAYS);
        (first..)
            .map(|review| (review, self.plan.first_day + Days::new(REVIEW_DAYS * review)))
            .take_while(|(_, day)| *day < self.plan.today)
            .find_map(|(review, day)| {
                let mut dice = Dice::new(self.plan.seed, Topic::Coaching, worker.key(), review);
                let held = day + Days::new(dice.whole(1, 10).unsigned_abs());
                let [earlier, before] = [42, 14].map(|days| self.level(worker, day - Days::new(days)));
                let needs_help = before <= LOW && before - earlier <= -DROP;
                (needs_help && dice.chance(TIME_FOR) && self.can_be_talked_with(worker, held)).then_some(held)
            })
    }

    /// Where the supervisor has left there is nobody to talk with.
    fn can_be_talked_with(&self, worker: &Worker, day: NaiveDate) -> bool {
        worker.employed(day) && (worker.site != self.unled_site || day < self.unled_since)
    }

    /// All sides of a worker's form in one number, without what a conversation adds.
    fn level(&self, worker: &Worker, day: NaiveDate) -> f64 {
        let Form { reliability, punctuality, skill, conscience } = self.uncoached_form(worker, day);
        (reliability + punctuality + skill + conscience) / 4.0
    }

    /// What a conversation adds to every side of the worker's form on a day.
    pub(super) fn lift(&self, worker: &Worker, day: NaiveDate) -> f64 {
        let helps = self.plan.company == Company::Demo;
        let talked = self.talked_with_on[worker.index].is_some_and(|held| held < day);
        if helps && talked { effect::COACHED } else { 0.0 }
    }

    /// The conversations held by today, of workers who are known.
    pub(super) fn known_conversations(&self) -> impl Iterator<Item = Conversation<'_>> {
        self.known_workers().filter_map(|worker| {
            let held = self.talked_with_on[worker.index].filter(|held| *held < self.plan.today)?;
            let mut dice = Dice::new(self.plan.seed, Topic::Coaching, worker.key(), u64::MAX);
            Some(Conversation { worker, held, words: dice.pick(&WORDS) })
        })
    }
}
