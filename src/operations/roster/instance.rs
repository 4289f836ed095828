//! The question in numbers: shifts and people by index, ascending by time and id, with what each pairing costs.
//!
//! Cost is kept in points: 6,000 to the cent, since a cent an hour is 1/60 cent a minute and rates come in per cent. So
//! all sums are whole numbers and the order of adding does not matter.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::rules::unfit;
use super::shift::week_of;
use super::{Person, Rule, Rules, Shift, Weights};

/// Cents an hour beyond which a rate is weighed no further, and the like for weights and for minutes of a week, so that
/// no input, however wrong, makes a sum overflow.
const MOST_RATE: i64 = 10_000_000;
const MOST_WEIGHT: i64 = 1_000;
const MOST_MINUTES: i64 = 20_160;
/// A shorter contract is weighed like this one when fairness is.
const SHORTEST: i64 = 600;
/// Contract minutes that stand in for those of casual workers when fairness is weighed.
const CASUAL: i64 = 2_400;

/// When a piece of work lies and how long it counts. Seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub starts: i64,
    pub ends: i64,
    pub minutes: i64,
    /// Index of its week.
    pub week: usize,
}

/// A person in numbers.
#[derive(Debug)]
pub(super) struct Worker {
    /// Points a minute.
    rate: i64,
    /// Points more for a minute of overtime.
    overtime: i64,
    contract: i64,
    /// Points per square minute away from the contract.
    evenness: i64,
    pub most: i64,
    /// Settled work around the horizon, ascending.
    pub settled: Vec<(i64, i64)>,
    /// Settled minutes per week.
    pub minutes: Vec<i64>,
}

/// All that the search asks.
pub(super) struct Instance<'a> {
    pub shifts: Vec<&'a Shift>,
    pub people: Vec<&'a Person>,
    pub rules: &'a Rules,
    pub slots: Vec<Slot>,
    pub workers: Vec<Worker>,
    /// Per shift and person: points of premium and preferences, or the rule that forbids it whatever else is assigned.
    pairs: Vec<Result<i64, Rule>>,
    /// Per shift: who may have it if no other is assigned, ascending.
    pub candidates: Vec<Vec<usize>>,
    /// Seconds.
    pub rest: i64,
    weeks: usize,
}

impl<'a> Instance<'a> {
    pub fn new(shifts: &'a [Shift], people: &'a [Person], rules: &'a Rules, weights: &Weights) -> Self {
        let mut shifts: Vec<&Shift> = shifts.iter().collect();
        shifts.sort_by_key(|shift| (shift.starts, shift.ends, shift.id));
        let mut people: Vec<&Person> = people.iter().collect();
        people.sort_by_key(|person| person.id);
        let weeks = weeks(&shifts, rules);
        let slots: Vec<Slot> = shifts.iter().map(|shift| slot(shift, &weeks, rules)).collect();
        let wage = average_wage(&people);
        let workers = people.iter().map(|person| worker(person, &weeks, rules, weights, wage)).collect();
        let mut instance = Self {
            pairs: Vec::with_capacity(shifts.len() * people.len()),
            candidates: Vec::with_capacity(shifts.len()),
            rest: rules.rest_minutes * 60,
            weeks: weeks.len(),
            shifts,
            people,
            rules,
            slots,
            workers,
        };
        let wish = wage * 60 * weight(weights.preference);
        for at in 0..instance.shifts.len() {
            instance.pair_up(at, wish);
        }
        instance
    }

    fn pair_up(&mut self, at: usize, wish: i64) {
        let (shift, slot) = (self.shifts[at], self.slots[at]);
        let (day, time) = (shift.day(self.rules.zone), shift.time_of_day(self.rules.zone));
        let mut candidates = Vec::new();
        for (index, (person, worker)) in self.people.iter().zip(&self.workers).enumerate() {
            let rule = unfit(shift, day, person).or_else(|| self.clash(slot, worker));
            let points = person.preferences.points(shift.site, time);
            let premium = worker.rate * slot.minutes * shift.premium_percent.clamp(0, MOST_WEIGHT) / 100;
            if rule.is_none() {
                candidates.push(index);
            }
            self.pairs.push(rule.map_or(Ok(premium + wish * points), Err));
        }
        self.candidates.push(candidates);
    }

    /// What settled work forbids.
    fn clash(&self, slot: Slot, worker: &Worker) -> Option<Rule> {
        let mut rule = None;
        for &(starts, ends) in &worker.settled {
            if starts < slot.ends && slot.starts < ends {
                return Some(Rule::Overlap);
            }
            if starts < slot.ends + self.rest && slot.starts < ends + self.rest {
                rule = Some(Rule::Rest);
            }
        }
        rule.or_else(|| (worker.minutes[slot.week] + slot.minutes > worker.most).then_some(Rule::Hours))
    }

    /// Points of premium and preferences of this pairing, or the rule that forbids it.
    pub fn pair(&self, shift: usize, person: usize) -> Result<i64, Rule> {
        self.pairs[shift * self.people.len() + person]
    }

    /// Whether nobody can work both: they overlap, or leave too little rest between.
    pub fn conflict(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.slots[one], self.slots[other]);
        one.starts < other.ends + self.rest && other.starts < one.ends + self.rest
    }

    pub fn weeks(&self) -> usize {
        self.weeks
    }

    /// Points of a week of so many minutes: wages, overtime and the distance from the contract. Convex in the minutes,
    /// so that another shift never costs less because of one more.
    pub fn week(&self, person: usize, minutes: i64) -> i64 {
        let worker = &self.workers[person];
        let overtime = (minutes - self.rules.ordinary_minutes).max(0);
        worker.rate * minutes + worker.overtime * overtime + worker.evenness * (minutes - worker.contract).pow(2)
    }
}

/// The weeks in which the shifts lie, with their index.
fn weeks(shifts: &[&Shift], rules: &Rules) -> BTreeMap<NaiveDate, usize> {
    let mut weeks: Vec<NaiveDate> = shifts.iter().map(|shift| week_of(shift.starts, rules.zone)).collect();
    weeks.sort_unstable();
    weeks.dedup();
    weeks.into_iter().zip(0..).collect()
}

fn slot(shift: &Shift, weeks: &BTreeMap<NaiveDate, usize>, rules: &Rules) -> Slot {
    Slot {
        starts: shift.starts.timestamp(),
        ends: shift.ends.timestamp(),
        minutes: shift.minutes.clamp(0, MOST_MINUTES),
        week: weeks[&week_of(shift.starts, rules.zone)],
    }
}

fn rate_of(person: &Person) -> i64 {
    person.hourly_rate_cents.clamp(0, MOST_RATE)
}

fn weight(percent: i64) -> i64 {
    percent.clamp(0, MOST_WEIGHT)
}

/// Cents an hour, at least one.
fn average_wage(people: &[&Person]) -> i64 {
    let sum: i64 = people.iter().map(|person| rate_of(person)).sum();
    (sum / (people.len() as i64).max(1)).max(1)
}

fn worker(person: &Person, weeks: &BTreeMap<NaiveDate, usize>, rules: &Rules, weights: &Weights, wage: i64) -> Worker {
    let mut minutes = vec![0; weeks.len()];
    let booked = person.booked.iter().map(|work| (week_of(work.starts, rules.zone), work.minutes));
    for (week, worked) in booked.chain(person.worked.iter().copied()) {
        if let Some(&index) = weeks.get(&week) {
            minutes[index] += worked.clamp(0, MOST_MINUTES);
        }
    }
    let mut settled: Vec<_> =
        person.booked.iter().map(|work| (work.starts.timestamp(), work.ends.timestamp())).collect();
    settled.sort_unstable();
    let contract = person.contract_minutes.clamp(0, MOST_MINUTES);
    let measure = if contract == 0 { CASUAL } else { contract.max(SHORTEST) };
    let rate = rate_of(person) * weight(weights.cost);
    Worker {
        rate,
        overtime: rate * (rules.overtime_percent - 100).clamp(0, MOST_WEIGHT) / 100,
        contract,
        // A wage per contract hour for (t − c)² = c²: wage · 6000 · (c/60) / c² points a square minute.
        evenness: (weight(weights.fairness) * wage + measure / 2) / measure,
        most: rules.most_minutes(person),
        settled,
        minutes,
    }
}
