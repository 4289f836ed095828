//! The best roster of shifts of which nobody can work two: a minimum-cost assignment (Kuhn 1955, Munkres 1957).

use pathfinding::prelude::{Matrix, kuhn_munkres_min};

use super::instance::Instance;
use super::state::State;

/// Takes these shifts from whoever has them and gives them anew: as many as possible, then at the fewest points, all
/// other shifts staying as they are. No two of them may be workable by one person.
pub(super) fn reassign(state: &mut State<'_, '_>, shifts: &[usize]) {
    for &shift in shifts {
        state.take(shift);
    }
    let fits: Vec<Vec<(usize, i64)>> = shifts
        .iter()
        .map(|&shift| {
            let fitting = state.of.candidates[shift].iter().filter(|&&person| state.fits(shift, person));
            fitting.map(|&person| (person, state.added(shift, person))).collect()
        })
        .collect();
    for (&shift, person) in shifts.iter().zip(cheapest(&fits, state.of.people.len())) {
        if let Some(person) = person {
            state.give(shift, person);
        }
    }
}

/// For each row the column it gets, or none: as many as possible, then the least sum.
fn cheapest(rows: &[Vec<(usize, i64)>], columns: usize) -> Vec<Option<usize>> {
    let points = || rows.iter().flatten().map(|&(_, points)| points);
    let Some((least, most)) = points().min().zip(points().max()) else {
        return vec![None; rows.len()];
    };
    // Only columns that some row can have, to keep the matrix small.
    let mut used = vec![false; columns];
    rows.iter().flatten().for_each(|&(column, _)| used[column] = true);
    let names: Vec<usize> = (0..columns).filter(|&column| used[column]).collect();
    let mut place = vec![0; columns];
    names.iter().enumerate().for_each(|(at, &column)| place[column] = at);
    // To leave a row out costs more than any sum of the others, so the fewest are left out.
    let out = i128::from(most - least + 1) * rows.len() as i128;
    let mut matrix = Matrix::new(rows.len(), names.len() + rows.len(), out);
    for (row, fits) in rows.iter().enumerate() {
        for &(column, points) in fits {
            matrix[(row, place[column])] = i128::from(points - least);
        }
    }
    let (_, given) = kuhn_munkres_min(&matrix);
    let has = |row: usize| matrix[(row, given[row])] < out;
    (0..rows.len()).map(|row| names.get(given[row]).copied().filter(|_| has(row))).collect()
}

/// Groups of shifts of which nobody can work two, none within another, by the time at which they meet.
pub(super) fn cliques(of: &Instance<'_>) -> Vec<Vec<usize>> {
    let mut cliques: Vec<Vec<usize>> = Vec::new();
    for at in 0..of.slots.len() {
        let starts = of.slots[at].starts;
        // A shift holds its person until the rest after it is over; those that hold at one moment all exclude each other.
        let mut clique: Vec<usize> = (0..=at).filter(|&other| of.slots[other].ends + of.rest > starts).collect();
        if let Some(last) = cliques.last_mut()
            && last.iter().all(|member| clique.contains(member))
        {
            std::mem::swap(last, &mut clique);
        } else {
            cliques.push(clique);
        }
    }
    cliques
}

/// No roster fills more shifts than this: in each group of shifts that exclude each other not more than can be matched
/// with people, rest between groups and hours of the week left aside.
pub(super) fn most_fillable(of: &Instance<'_>) -> usize {
    let mut counted = vec![false; of.shifts.len()];
    let mut most = 0;
    for clique in cliques(of) {
        let fresh = clique.into_iter().filter(|&shift| !std::mem::replace(&mut counted[shift], true));
        let rows: Vec<Vec<(usize, i64)>> =
            fresh.map(|shift| of.candidates[shift].iter().map(|&person| (person, 0)).collect()).collect();
        most += cheapest(&rows, of.people.len()).iter().flatten().count();
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&[(usize, i64)]], expected: &[Option<usize>]) {
        let rows: Vec<Vec<(usize, i64)>> = rows.iter().map(|row| row.to_vec()).collect();
        assert_eq!(cheapest(&rows, 4), expected);
    }

    #[test]
    fn as_many_as_possible_then_the_least_sum() {
        check(&[], &[]);
        check(&[&[]], &[None]);
        check(&[&[(0, 5), (3, 4)]], &[Some(3)]);
        // the cheap pairing 0–0 would leave the second row out
        check(&[&[(0, -900), (1, 1_000)], &[(0, 1_000)]], &[Some(1), Some(0)]);
        check(&[&[(2, 1)], &[(2, 0)]], &[None, Some(2)]);
    }
}
