//! The proposal: who gets which shift, what it costs, and why.

use serde::{Deserialize, Serialize};

use super::check::Assigned;
use super::exact::prove;
use super::improve::improve;
use super::instance::Instance;
use super::matching::most_fillable;
use super::price::price;
use super::reasons::{blocked, others, why_assigned, why_open};
use super::state::State;
use super::{Blocked, Person, Rules, Shift, Weights};
use crate::units::{Rate, ShiftId, WorkerId};

/// A proposed roster. It breaks no rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Roster {
    /// The filled shifts, in the order in which they begin.
    pub assignments: Vec<Assignment>,
    /// The others, likewise. Nobody could take one of them beside what they are given here.
    pub open: Vec<OpenShift>,
    /// What the assignments cost, in cents: the sum of their lines.
    pub cost_cents: i64,
    /// Everybody's hours, by id.
    pub hours: Vec<PersonHours>,
    /// Whether it is proven that no roster is better: as many filled, at fewer points. Else it is the best that was found.
    pub optimal: bool,
    /// Whether it is proven that no roster fills more shifts.
    pub most_filled: bool,
}

impl Roster {
    /// Filled, of all shifts.
    #[must_use]
    pub fn fill_rate(&self) -> Rate {
        let filled = self.assignments.len();
        Rate { hit: filled as i64, of: (filled + self.open.len()) as i64 }
    }

    /// The assignments alone, as [`super::check`] and [`super::price`] take them.
    #[must_use]
    pub fn assigned(&self) -> Vec<Assigned> {
        self.assignments.iter().map(|line| Assigned { shift: line.shift, worker: line.worker }).collect()
    }
}

/// One filled shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Which shift.
    pub shift: ShiftId,
    /// Whose.
    pub worker: WorkerId,
    /// Its minutes beyond the ordinary hours of the week.
    pub overtime_minutes: i64,
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// How many others could take it, all else as it is.
    pub others: usize,
    /// Why this person, in words.
    pub why: String,
}

/// One shift for which there is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenShift {
    /// Which shift.
    pub shift: ShiftId,
    /// How many people each rule keeps from it, given what else they have; the counts add up to all people.
    pub blocked: Vec<Blocked>,
    /// The same in words: 'of 40 people: 22 lack the skill armed response, 18 are on approved leave'.
    pub why: String,
}

/// What the roster means for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonHours {
    /// Who.
    pub worker: WorkerId,
    /// Minutes given to them here.
    pub given_minutes: i64,
    /// Minutes they have in the weeks of the roster, settled work among them.
    pub all_minutes: i64,
    /// Minutes by contract in those weeks.
    pub contract_minutes: i64,
}

/// Gives the shifts to the people: as many as possible, then at the least weighted sum of cost, uneven hours and unmet
/// preferences. The same input gives the same roster, in whatever order it comes.
///
/// Settled work of the people stays. Small questions, and large ones that fall into small independent parts, are solved
/// exactly; the others by minimum-cost assignment of one group of mutually exclusive shifts after the other, repeated
/// until nothing improves, and chains of moves for what is still open.
#[must_use]
pub fn generate(shifts: &[Shift], people: &[Person], rules: &Rules, weights: &Weights) -> Roster {
    let of = Instance::new(shifts, people, rules, weights);
    let mut state = State::empty(&of);
    improve(&mut state);
    let optimal = prove(&mut state);
    roster(&state, optimal)
}

fn roster(state: &State<'_, '_>, optimal: bool) -> Roster {
    let of = state.of;
    let who = || state.who.iter().enumerate();
    let given: Vec<(usize, usize)> = who().filter_map(|(shift, who)| Some((shift, (*who)?))).collect();
    let lines: Vec<Assigned> = given
        .iter()
        .map(|&(shift, person)| Assigned { shift: of.shifts[shift].id, worker: of.people[person].id })
        .collect();
    let shifts: Vec<Shift> = of.shifts.iter().map(|shift| (*shift).clone()).collect();
    let people: Vec<Person> = of.people.iter().map(|person| (*person).clone()).collect();
    let priced = price(&shifts, &people, &lines, of.rules);
    let assignment = |(&(shift, person), line): (&(usize, usize), &super::Priced)| {
        let others = others(state, shift);
        Assignment {
            shift: line.shift,
            worker: line.worker,
            overtime_minutes: line.overtime_minutes,
            cost_cents: line.cost_cents(),
            others: others.len(),
            why: why_assigned(state, shift, person, &others, line),
        }
    };
    let assignments: Vec<Assignment> = given.iter().zip(&priced).map(assignment).collect();
    let open = who().filter(|(_, who)| who.is_none()).map(|(shift, _)| {
        let blocked = blocked(state, shift);
        let why = why_open(of.shifts[shift], &blocked, of.rules);
        OpenShift { shift: of.shifts[shift].id, blocked, why }
    });
    Roster {
        most_filled: optimal || given.len() == most_fillable(of),
        cost_cents: assignments.iter().map(|line| line.cost_cents).sum(),
        open: open.collect(),
        assignments,
        hours: (0..of.people.len()).map(|person| person_hours(state, person)).collect(),
        optimal,
    }
}

fn person_hours(state: &State<'_, '_>, person: usize) -> PersonHours {
    let of = state.of;
    let given: i64 = state.has[person].iter().map(|&shift| of.slots[shift].minutes).sum();
    PersonHours {
        worker: of.people[person].id,
        given_minutes: given,
        all_minutes: given + of.workers[person].minutes.iter().sum::<i64>(),
        contract_minutes: of.people[person].contract_minutes * of.weeks() as i64,
    }
}
