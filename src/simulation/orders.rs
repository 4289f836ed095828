//! Work orders: requests with a deadline, solved in time or late, and how the customer liked it.

use chrono::NaiveDate;

use super::Simulation;
use super::dice::Topic;
use super::moments::Moments;
use super::people::{Role, Worker};
use super::roster::Shift;

/// A work order. Moments are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub opened: i64,
    pub assigned: i64,
    pub resolved: Option<i64>,
    pub due: i64,
    pub priority: &'static str,
    pub category: &'static str,
    pub area: &'static str,
    pub satisfaction: Option<i64>,
    pub quality: Option<i64>,
}

const CATEGORIES: &[&str] =
    &["Plumbing", "Lighting", "Doors and locks", "Air conditioning", "Lift", "Fire equipment", "Signage"];
const AREAS: &[&str] = &["Ground floor", "Level 1", "Level 2", "Parking", "Roof", "Perimeter"];

impl Simulation {
    /// The orders handed to the worker in a shift to which the worker came.
    pub(super) fn orders(&self, shift: &Shift<'_>, worker: &Worker) -> Vec<Order> {
        if !worker.mends {
            return Vec::new();
        }
        let mut dice = shift.dice(self.plan.seed, Topic::Orders);
        let n = match (worker.role, worker.shown) {
            (_, true) => dice.whole(0, 1) + i64::from(shift.nth == 0),
            (Role::Technician, _) => dice.whole(1, 2),
            _ => i64::from(dice.chance(0.3)),
        };
        (0..n).map(|_| self.order(shift, worker, &mut dice)).collect()
    }

    fn order(&self, shift: &Shift<'_>, worker: &Worker, dice: &mut super::dice::Dice) -> Order {
        let form = self.form(worker, shift.day);
        let (priority, hours) = dice.pick(&[("urgent", 4), ("high", 8), ("normal", 24), ("normal", 24), ("low", 72)]);
        let assigned = shift.starts + 60 * dice.whole(5, shift.minutes() / 2);
        let opened = assigned - 60 * dice.whole(5, 45);
        let target = (hours * 3600) as f64;
        let ratio = (-0.6 - 0.28 * form.skill - 0.08 * form.conscience + 0.42 * dice.bell()).exp();
        // Now and then one lies about, far past its deadline.
        let ratio = if dice.chance(0.02) { 6.0 + 20.0 * dice.unit() } else { ratio };
        let resolved = (opened + (target * ratio) as i64).max(assigned + 240).min(opened + 90 * 86_400);
        let resolved = if self.gone(worker, resolved) { shift.ends.max(assigned + 240) } else { resolved };
        let late = ((resolved - opened) as f64 / target - 1.0).clamp(0.0, 1.5);
        let stars = (4.05 + 0.5 * form.skill - 1.1 * late + 0.6 * dice.bell()).round().clamp(1.0, 5.0) as i64;
        let quality = (74.0 + 9.0 * form.skill + 6.0 * dice.bell()).round().clamp(5.0, 100.0) as i64;
        let (rated, judged) = (dice.chance(0.55), dice.chance(0.7));
        let resolved = Some(resolved).filter(|at| *at < self.now());
        Order {
            opened,
            assigned,
            resolved,
            due: opened + hours * 3600,
            priority,
            category: dice.pick(CATEGORIES),
            area: dice.pick(AREAS),
            satisfaction: resolved.filter(|_| rated).map(|_| stars),
            quality: resolved.filter(|_| judged).map(|_| quality),
        }
    }

    fn gone(&self, worker: &Worker, at: i64) -> bool {
        let local = |day: NaiveDate| Moments::new(self.plan.company.zone(), day).at(0);
        worker.left_on.is_some_and(|last| at >= local(last + chrono::Days::new(1)))
    }

    /// The moment at which the facts end: local midnight before today.
    pub(super) fn now(&self) -> i64 {
        Moments::new(self.plan.company.zone(), self.plan.today).at(0)
    }
}
