//! A roster in the making: who has which shift, and what may still be added.

use super::instance::Instance;

/// How good a roster is; the smaller the better: first the open shifts, then the points.
pub(super) type Value = (usize, i64);

/// Who has which shift.
#[derive(Clone)]
pub(super) struct State<'i, 'a> {
    pub of: &'i Instance<'a>,
    /// Per shift.
    pub who: Vec<Option<usize>>,
    /// Per person: their shifts, unordered.
    pub has: Vec<Vec<usize>>,
    /// Per person and week.
    minutes: Vec<i64>,
}

impl<'i, 'a> State<'i, 'a> {
    pub fn empty(of: &'i Instance<'a>) -> Self {
        let minutes = of.workers.iter().flat_map(|worker| worker.minutes.iter().copied()).collect();
        Self { of, who: vec![None; of.shifts.len()], has: vec![Vec::new(); of.people.len()], minutes }
    }

    fn cell(&self, shift: usize, person: usize) -> usize {
        person * self.of.weeks() + self.of.slots[shift].week
    }

    /// Minutes the person has in the week of this shift.
    pub fn minutes(&self, shift: usize, person: usize) -> i64 {
        self.minutes[self.cell(shift, person)]
    }

    /// By how many minutes the person's week would be too long with this shift; 0 or less where it fits.
    pub fn excess(&self, shift: usize, person: usize) -> i64 {
        self.minutes(shift, person) + self.of.slots[shift].minutes - self.of.workers[person].most
    }

    /// Whether the person may have this shift beside those they have.
    pub fn fits(&self, shift: usize, person: usize) -> bool {
        self.of.pair(shift, person).is_ok()
            && self.excess(shift, person) <= 0
            && !self.has[person].iter().any(|&other| self.of.conflict(shift, other))
    }

    /// The points it would add to give the shift to the person. It must be allowed by itself.
    pub fn added(&self, shift: usize, person: usize) -> i64 {
        let before = self.minutes(shift, person);
        let after = before + self.of.slots[shift].minutes;
        self.of.pair(shift, person).unwrap_or(0) + self.of.week(person, after) - self.of.week(person, before)
    }

    pub fn give(&mut self, shift: usize, person: usize) {
        let cell = self.cell(shift, person);
        self.minutes[cell] += self.of.slots[shift].minutes;
        self.who[shift] = Some(person);
        self.has[person].push(shift);
    }

    /// Takes the shift from whoever has it, and says who that was.
    pub fn take(&mut self, shift: usize) -> Option<usize> {
        let person = self.who[shift].take()?;
        let cell = self.cell(shift, person);
        self.minutes[cell] -= self.of.slots[shift].minutes;
        self.has[person].retain(|&other| other != shift);
        Some(person)
    }

    pub fn open(&self) -> usize {
        self.who.iter().filter(|who| who.is_none()).count()
    }

    /// Points above those of a roster in which nobody has anything.
    pub fn points(&self) -> i64 {
        let pairs = self.who.iter().enumerate().filter_map(|(shift, who)| self.of.pair(shift, (*who)?).ok());
        let weeks = self.of.weeks();
        let worked = self.minutes.iter().enumerate().map(|(cell, &minutes)| {
            let person = cell / weeks;
            self.of.week(person, minutes) - self.of.week(person, self.of.workers[person].minutes[cell % weeks])
        });
        pairs.sum::<i64>() + worked.sum::<i64>()
    }

    pub fn value(&self) -> Value {
        (self.open(), self.points())
    }
}
