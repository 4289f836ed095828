//! The best of all rosters where the question is small: branch and bound over shifts that share people.

use super::matching::reassign;
use super::state::{State, Value};

/// How often it is asked whether somebody could have a shift, at most, over all parts of one question: a count and no
/// time, so that a slower machine gives the same roster.
const LOOKS: usize = 2_000_000;

/// Makes each independent part of the roster the best there is, as far as the looks reach. Whether all parts are
/// proven to be.
pub(super) fn prove(state: &mut State<'_, '_>) -> bool {
    let mut looks = LOOKS;
    let mut proven = true;
    for part in parts(state) {
        proven &= prove_part(state, &part, &mut looks);
    }
    proven
}

/// The shifts in groups such that nobody can work in two of them.
fn parts(state: &State<'_, '_>) -> Vec<Vec<usize>> {
    let of = state.of;
    let mut group: Vec<Option<usize>> = vec![None; of.shifts.len()];
    let mut workable: Vec<Vec<usize>> = vec![Vec::new(); of.people.len()];
    for (shift, people) in of.candidates.iter().enumerate() {
        people.iter().for_each(|&person| workable[person].push(shift));
    }
    let mut reached = vec![false; of.people.len()];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for first in 0..of.shifts.len() {
        if group[first].is_some() {
            continue;
        }
        let (mut part, mut next) = (vec![first], 0);
        group[first] = Some(parts.len());
        while next < part.len() {
            for &person in &of.candidates[part[next]] {
                if !std::mem::replace(&mut reached[person], true) {
                    for &shift in &workable[person] {
                        if group[shift].replace(parts.len()).is_none() {
                            part.push(shift);
                        }
                    }
                }
            }
            next += 1;
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts
}

fn prove_part(state: &mut State<'_, '_>, part: &[usize], looks: &mut usize) -> bool {
    let all_exclude_each_other =
        part.iter().enumerate().all(|(at, &one)| part[at + 1..].iter().all(|&other| state.of.conflict(one, other)));
    if all_exclude_each_other {
        reassign(state, part);
        return true;
    }
    let given: Vec<Option<usize>> = part.iter().map(|&shift| state.take(shift)).collect();
    let mut best = Best { value: (usize::MAX, i64::MAX), given };
    best.value = best.restore(state, part);
    for &shift in part {
        state.take(shift);
    }
    let mut search = Search { part, best, looks };
    let complete = search.visit(state, part.to_vec(), (0, 0));
    let best = search.best;
    best.restore(state, part);
    complete
}

/// The best roster of a part so far.
struct Best {
    value: Value,
    given: Vec<Option<usize>>,
}

impl Best {
    /// Gives the shifts as it has them, and says what that is worth.
    fn restore(&self, state: &mut State<'_, '_>, part: &[usize]) -> Value {
        let mut value = (0, 0);
        for (&shift, given) in part.iter().zip(&self.given) {
            match *given {
                Some(person) => {
                    value.1 += state.added(shift, person);
                    state.give(shift, person);
                }
                None => value.0 += 1,
            }
        }
        value
    }
}

struct Search<'s> {
    part: &'s [usize],
    best: Best,
    looks: &'s mut usize,
}

impl Search<'_> {
    /// Looks at all rosters that agree with the state on what is decided; `left` is not. Whether all were looked at.
    fn visit(&mut self, state: &mut State<'_, '_>, mut left: Vec<usize>, so_far: Value) -> bool {
        let looks: usize = left.iter().map(|&shift| state.of.candidates[shift].len()).sum();
        let Some(rest) = self.looks.checked_sub(looks + 1) else {
            return false;
        };
        *self.looks = rest;
        // No shift can cost less than with whom it adds least now (weeks are convex), none without anybody can be filled.
        let mut bound = so_far;
        let mut tightest: Option<(usize, usize, Vec<(i64, usize)>)> = None;
        for (at, &shift) in left.iter().enumerate() {
            let fits = state.of.candidates[shift].iter().filter(|&&person| state.fits(shift, person));
            let mut options: Vec<(i64, usize)> = fits.map(|&person| (state.added(shift, person), person)).collect();
            match options.iter().map(|option| option.0).min() {
                Some(least) => bound.1 += least,
                None => bound.0 += 1,
            }
            if tightest.as_ref().is_none_or(|known| options.len() < known.0) {
                options.sort_unstable();
                tightest = Some((options.len(), at, options));
            }
        }
        if bound >= self.best.value {
            return true;
        }
        let Some((_, at, options)) = tightest else {
            let given = self.part.iter().map(|&shift| state.who[shift]).collect();
            self.best = Best { value: so_far, given };
            return true;
        };
        let shift = left.swap_remove(at);
        let mut complete = true;
        for (added, person) in options {
            state.give(shift, person);
            complete &= self.visit(state, left.clone(), (so_far.0, so_far.1 + added));
            state.take(shift);
        }
        complete & self.visit(state, left, (so_far.0 + 1, so_far.1))
    }
}
