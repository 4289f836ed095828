//! Certificates and trainings: what each trade needs, when it was got, when it lapses, and who renews it in time.

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::leaving::Cause;
use super::people::{Role, Worker};

/// Something a trade (or a line of business, or everybody) must hold.
#[derive(Debug)]
pub(super) struct Required {
    pub kind: &'static str,
    pub name: &'static str,
    pub role: Option<Role>,
    /// Only at sites of this line of business.
    pub vertical: Option<&'static str>,
    days: u64,
}

impl Required {
    const fn new(kind: &'static str, name: &'static str, role: Option<Role>, days: u64) -> Self {
        Self { kind, name, role, vertical: None, days }
    }
}

pub(super) const REQUIRED: [Required; 11] = [
    Required::new("certification", "Guard registration", Some(Role::Guard), 730),
    Required::new("certification", "First aid level 1", Some(Role::Guard), 365),
    Required::new("certification", "First aid level 1", Some(Role::Supervisor), 730),
    Required::new("certification", "Working at heights", Some(Role::Technician), 365),
    Required::new("certification", "Chemical handling", Some(Role::Cleaner), 730),
    Required::new("training", "Site induction", None, 365),
    Required::new("training", "Fire safety", None, 365),
    Required::new("training", "Conflict de-escalation", Some(Role::Guard), 365),
    Required::new("training", "Electrical lockout", Some(Role::Technician), 365),
    Required::new("training", "Leading a team", Some(Role::Supervisor), 730),
    Required { vertical: Some("hospital"), ..Required::new("training", "Infection control", None, 365) },
];

/// The pass of the worker whom the demo shows, its days and the days after which it is renewed: it always expires within
/// 3 to 12 days. That alone weighs enough for the coaching queue.
const PASS: (&str, u64, u64) = ("Control room access", 12, 10);

/// A certificate or training held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    pub worker: &'a Worker,
    pub name: &'static str,
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Simulation {
    /// What is on record by today; `kind` is `certification` or `training`.
    pub(super) fn known_records(&self, kind: &'static str) -> impl Iterator<Item = Held<'_>> {
        self.known_workers().flat_map(move |worker| {
            let required = REQUIRED.iter().enumerate().filter(move |(_, required)| {
                required.kind == kind
                    && required.role.is_none_or(|role| role == worker.role)
                    && required.vertical.is_none_or(|vertical| vertical == self.sites[worker.site].vertical)
            });
            let mut held: Vec<Held<'_>> =
                required.flat_map(|(index, required)| self.chain(worker, index as u64, required)).collect();
            if worker.shown && kind == "certification" {
                held.extend(self.passes(worker));
            }
            held
        })
    }

    /// One after the other, each renewed some time before or after the one before lapsed.
    fn chain<'a>(&self, worker: &'a Worker, index: u64, required: &Required) -> Vec<Held<'a>> {
        let mut dice = Dice::new(self.plan.seed, Topic::Records, worker.key(), index);
        let certificate = required.kind == "certification";
        let held = |from: NaiveDate| Held { worker, name: required.name, from, until: from + Days::new(required.days) };
        if let Some(last) = worker.left_on.filter(|_| certificate && worker.cause == Some(Cause::ExpiredCertificate)) {
            let until = last - Days::new(dice.whole(12, 40).unsigned_abs());
            return Some(held(until - Days::new(required.days)))
                .filter(|it| it.from < self.plan.today)
                .into_iter()
                .collect();
        }
        let mut from = if worker.shown && required.name == "First aid level 1" {
            // The first one runs out twelve days after the first filling, when it is renewed.
            let planned = self.plan.first_day + Days::new(self.plan.size().days + 12);
            planned - Days::new(required.days)
        } else if worker.generation > 0 {
            worker.hired_on + Days::new(if certificate { 0 } else { dice.whole(0, 12).unsigned_abs() })
        } else {
            self.plan.first_day - Days::new(dice.index(required.days as usize) as u64)
        };
        let mut chain = Vec::new();
        let last = self.left_on(worker).unwrap_or(self.plan.today);
        while from <= self.plan.today && from <= last {
            chain.push(held(from));
            // Most renew some weeks ahead: else no week of a site would be without somebody whose certificate lapsed.
            let (care, ahead, forgets) =
                if worker.shown { (2.0, 6.0, 0.18) } else { (worker.nature.conscience, 22.0, 0.06) };
            let lapse = if dice.chance(forgets) { dice.between(10.0, 60.0) } else { 0.0 };
            let early = (ahead + 8.0 * care + 8.0 * dice.bell() - lapse).clamp(-60.0, 45.0) as i64;
            let renewed = (required.days as i64 - early).unsigned_abs();
            from = from + Days::new(if worker.shown { renewed.min(required.days) } else { renewed });
        }
        chain
    }

    fn passes<'a>(&self, worker: &'a Worker) -> Vec<Held<'a>> {
        let (name, days, rhythm) = PASS;
        let first = self.plan.first_day - Days::new(9);
        (0..)
            .map(|number| first + Days::new(number * rhythm))
            .take_while(|from| *from <= self.plan.today)
            .map(|from| Held { worker, name, from, until: from + Days::new(days) })
            .collect()
    }
}
