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
    search(state, part, None, looks).complete
}

/// How many shifts of two people are shared out again at once, at most.
const PAIR: usize = 14;
/// How many looks that may take, at most.
const PAIR_LOOKS: usize = 2_000;

/// Shares out the shifts of two people among them again, as well as can be. Whether that made it better.
pub(super) fn split_again(state: &mut State<'_, '_>, pair: [usize; 2], looks: &mut usize) -> bool {
    let mut part: Vec<usize> = pair.iter().flat_map(|&person| state.has[person].iter().copied()).collect();
    part.sort_unstable();
    let mut own = PAIR_LOOKS.min(*looks);
    let granted = own;
    let improved = part.len() <= PAIR && search(state, &part, Some(&pair), &mut own).improved;
    *looks -= granted - own;
    improved
}

/// How a search ended.
struct Outcome {
    /// Nothing was left out.
    complete: bool,
    /// The roster is better than before.
    improved: bool,
}

/// Gives the shifts of the part anew, `among` these people or all, and leaves the best roster found.
fn search(state: &mut State<'_, '_>, part: &[usize], among: Option<&[usize]>, looks: &mut usize) -> Outcome {
    let given: Vec<Option<usize>> = part.iter().map(|&shift| state.take(shift)).collect();
    let mut best = Best { value: (usize::MAX, i64::MAX), given };
    best.value = best.restore(state, part);
    for &shift in part {
        state.take(shift);
    }
    let before = best.value;
    let mut search = Search { part, among, best, looks };
    let complete = search.visit(state, part.to_vec(), (0, 0));
    let best = search.best;
    best.restore(state, part);
    Outcome { complete, improved: best.value < before }
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
    among: Option<&'s [usize]>,
    best: Best,
    looks: &'s mut usize,
}

/// Who could have a shift, with the points it adds, the fewest first.
type Options = Vec<(i64, usize)>;

impl Search<'_> {
    /// Looks at all rosters that agree with the state on what is decided; `left` is not. Whether all were looked at.
    fn visit(&mut self, state: &mut State<'_, '_>, mut left: Vec<usize>, so_far: Value) -> bool {
        let looks: usize = left.iter().map(|&shift| self.people(state, shift).len()).sum();
        let Some(rest) = self.looks.checked_sub(looks + 1) else {
            return false;
        };
        *self.looks = rest;
        let (bound, tightest) = self.bound(state, &left, so_far);
        if bound >= self.best.value {
            return true;
        }
        let Some((at, options)) = tightest else {
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

    /// A value that none of these rosters is better than, and which of `left` has the fewest options.
    fn bound(&self, state: &State<'_, '_>, left: &[usize], so_far: Value) -> (Value, Option<(usize, Options)>) {
        let mut bound = so_far;
        let mut tightest: Option<(usize, Options)> = None;
        for (at, &shift) in left.iter().enumerate() {
            let fits = self.people(state, shift).iter().filter(|&&person| state.fits(shift, person));
            let options: Options = fits.map(|&person| (state.added(shift, person), person)).collect();
            // No shift adds less later than it does now (weeks are convex), and one without anybody stays open.
            match options.iter().min() {
                Some((least, _)) => bound.1 += least,
                None => bound.0 += 1,
            }
            if tightest.as_ref().is_none_or(|(_, known)| options.len() < known.len()) {
                tightest = Some((at, options));
            }
        }
        if let Some((_, options)) = &mut tightest {
            options.sort_unstable();
        }
        (bound, tightest)
    }

    /// Who is asked for a shift.
    fn people<'p>(&'p self, state: &'p State<'_, '_>, shift: usize) -> &'p [usize] {
        self.among.unwrap_or(&state.of.candidates[shift])
    }
}
