//! From no roster to a good one: give each group of shifts anew to whom it suits best, share out the shifts of two
//! people again, and move shifts along chains until an open one finds somebody.

use super::exact::split_again;
use super::matching::{cliques, reassign};
use super::state::State;

/// How often all groups are given anew, at most. It ends by itself: each pass is better than the one before.
const PASSES: usize = 12;
/// How often it is asked, while two people's shifts are shared out again, whether one could have a shift, at most.
const PAIR_LOOKS: usize = 30_000_000;
/// How many shifts are moved in a chain for one open shift, at most.
const CHAIN: usize = 5;

/// Fills the state as well as it can.
pub(super) fn improve(state: &mut State<'_, '_>) {
    let groups = cliques(state.of);
    let mut looks = PAIR_LOOKS;
    settle(state, &groups, &mut looks);
    for _ in 0..PASSES {
        if !fill_by_chains(state) {
            return;
        }
        settle(state, &groups, &mut looks);
    }
}

/// Gives group after group anew, then pair after pair of people, until nothing gets better.
fn settle(state: &mut State<'_, '_>, groups: &[Vec<usize>], looks: &mut usize) {
    let mut best = state.value();
    for _ in 0..PASSES {
        groups.iter().for_each(|group| reassign(state, group));
        if state.value() >= best && !share_out_again(state, looks) {
            return;
        }
        best = state.value();
    }
}

/// Whether any two people are better off with their shifts shared out otherwise; if so, they are.
fn share_out_again(state: &mut State<'_, '_>, looks: &mut usize) -> bool {
    let mut better = false;
    for one in 0..state.has.len() {
        for other in one + 1..state.has.len() {
            better |= split_again(state, [one, other], looks);
        }
    }
    better
}

/// Tries to fill each open shift by moving others. Whether it filled any.
fn fill_by_chains(state: &mut State<'_, '_>) -> bool {
    let open: Vec<usize> = (0..state.who.len()).filter(|&shift| state.who[shift].is_none()).collect();
    let mut filled = false;
    for shift in open {
        let mut chain = Chain { tried: vec![false; state.who.len()], moved: Vec::new() };
        filled |= chain.place(state, shift, CHAIN);
    }
    filled
}

/// The moves made for one open shift, so that they can be taken back.
struct Chain {
    /// Shifts that need not be tried again.
    tried: Vec<bool>,
    /// Which shift was whose before.
    moved: Vec<(usize, Option<usize>)>,
}

impl Chain {
    /// Finds somebody for the shift, if need be by finding others for what they have. If it cannot, all is as before.
    fn place(&mut self, state: &mut State<'_, '_>, shift: usize, depth: usize) -> bool {
        self.tried[shift] = true;
        let of = state.of;
        let free = of.candidates[shift].iter().filter(|&&person| state.fits(shift, person));
        if let Some(&person) = free.min_by_key(|&&person| (state.added(shift, person), person)) {
            self.hand(state, shift, Some(person));
            return true;
        }
        depth > 0 && of.candidates[shift].iter().any(|&person| self.make_room(state, shift, person, depth))
    }

    /// Gives the shift to this person and what stands in its way to others.
    fn make_room(&mut self, state: &mut State<'_, '_>, shift: usize, person: usize, depth: usize) -> bool {
        let in_the_way: Vec<usize> =
            state.has[person].iter().copied().filter(|&other| state.of.conflict(shift, other)).collect();
        if in_the_way.len() > 2 || in_the_way.iter().any(|&other| self.tried[other]) {
            return false;
        }
        let slots = &state.of.slots;
        let same_week = |other: usize| slots[other].week == slots[shift].week;
        let freed: i64 = in_the_way.iter().filter(|&&other| same_week(other)).map(|&other| slots[other].minutes).sum();
        let excess = state.excess(shift, person) - freed;
        if excess <= 0 {
            return self.displace(state, shift, person, &in_the_way, depth);
        }
        let long_enough =
            |other: usize| same_week(other) && slots[other].minutes >= excess && !in_the_way.contains(&other);
        let also: Vec<usize> = state.has[person].iter().copied().filter(|&other| long_enough(other)).collect();
        also.into_iter().any(|other| {
            let all: Vec<usize> = in_the_way.iter().copied().chain([other]).collect();
            !self.tried[other] && self.displace(state, shift, person, &all, depth)
        })
    }

    fn displace(
        &mut self,
        state: &mut State<'_, '_>,
        shift: usize,
        person: usize,
        others: &[usize],
        depth: usize,
    ) -> bool {
        let mark = self.moved.len();
        others.iter().for_each(|&other| self.hand(state, other, None));
        self.hand(state, shift, Some(person));
        let placed = others.iter().all(|&other| !self.tried[other] && self.place(state, other, depth - 1));
        if !placed {
            self.take_back(state, mark);
        }
        placed
    }

    fn hand(&mut self, state: &mut State<'_, '_>, shift: usize, to: Option<usize>) {
        self.moved.push((shift, state.take(shift)));
        if let Some(person) = to {
            state.give(shift, person);
        }
    }

    fn take_back(&mut self, state: &mut State<'_, '_>, mark: usize) {
        while self.moved.len() > mark {
            if let Some((shift, before)) = self.moved.pop() {
                state.take(shift);
                if let Some(person) = before {
                    state.give(shift, person);
                }
            }
        }
    }
}
