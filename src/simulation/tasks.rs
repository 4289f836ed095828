//! Work handed out during a shift: done or not, within its time or not, right at once or not.

use super::Simulation;
use super::dice::{Topic, logistic};
use super::people::{Role, Worker};
use super::roster::Shift;

/// A task. Moments are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    pub title: &'static str,
    pub assigned: i64,
    pub due: i64,
    pub started: Option<i64>,
    pub completed: Option<i64>,
    pub sla: i64,
    pub passed: Option<bool>,
    pub quality: Option<i64>,
}

const GUARD: &[&str] =
    &["Check the access log", "Test the alarm panel", "Escort a contractor", "Lock up level 2", "Hand over the keys"];
const CLEANER: &[&str] = &[
    "Clean the lobby",
    "Restock the washrooms",
    "Mop the stairwell",
    "Empty the bins",
    "Wipe the lifts",
    "Spill in the corridor",
];
const TECHNICIAN: &[&str] = &["Read the meters", "Test the generator", "Inspect the pumps", "Check emergency lights"];
const SUPERVISOR: &[&str] = &["Walk the site", "Check the occurrence book", "Brief the shift"];

impl Simulation {
    /// The tasks of a shift to which its worker came.
    pub(super) fn tasks(&self, shift: &Shift<'_>, worker: &Worker) -> Vec<Task> {
        let mut dice = shift.dice(self.plan.seed, Topic::Tasks);
        let form = self.form(worker, shift.day);
        let (titles, mean) = match worker.role {
            Role::Guard => (GUARD, 1.0),
            Role::Cleaner => (CLEANER, 2.4),
            Role::Technician => (TECHNICIAN, 1.0),
            Role::Supervisor => (SUPERVISOR, 1.6),
        };
        let n = if worker.shown { 2 } else { (mean + 0.6 * dice.bell()).round().max(0.0) as usize };
        let week = super::calendar::week_number(shift.day);
        (0..n)
            .map(|number| {
                let sla = dice.pick(&[30, 45, 60, 90]);
                let assigned = shift.starts + 60 * dice.whole(10, shift.minutes() - sla - 30);
                let ratio = (-0.5 - 0.3 * form.skill + 0.33 * dice.bell()).exp();
                let forgotten = dice.chance(logistic(-3.3 - 1.0 * form.conscience));
                let passes = dice.chance(logistic(1.65 + 0.9 * form.skill));
                let quality = (71.0 + 10.0 * form.skill + 7.0 * dice.bell()).round().clamp(5.0, 100.0) as i64;
                let (checked, judged) = (dice.chance(0.75), dice.chance(0.6));
                let started = assigned + (60.0 * sla as f64 * ratio * dice.between(0.1, 0.4)) as i64;
                // Every other week the worker whom the demo shows fails one: something to dispute.
                let fails = worker.shown && number == 0 && shift.nth == 2 && week % 2 != 0;
                let ratio = if fails { 1.6 } else { ratio };
                let completed = (!forgotten || fails).then_some(assigned + (60.0 * sla as f64 * ratio) as i64);
                Task {
                    title: dice.pick(titles),
                    assigned,
                    due: assigned + 60 * sla,
                    started: completed.map(|_| started),
                    completed,
                    sla,
                    passed: completed.filter(|_| checked || fails).map(|_| passes && !fails),
                    quality: completed.filter(|_| judged).map(|_| quality),
                }
            })
            .collect()
    }
}
