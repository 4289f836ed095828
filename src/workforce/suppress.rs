//! Which groups of a breakdown stay hidden, so that nobody is told apart, not even by taking what is shown from the total?

/// A group of fewer people is never broken out.
pub const FEWEST: usize = 5;

/// Whether each group of these sizes stays hidden. The total is taken to be known, and with it everything that can be
/// worked out by subtraction:
///
/// - a group of one to four people is hidden (primary suppression);
/// - what is hidden is at least two groups and at least five people together: until then the smallest group shown is
///   hidden too (complementary suppression, Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.2).
///
/// An empty group says nothing about anybody and is left as it is. Of equals the first is hidden.
///
/// ```
/// use muster::workforce::suppress;
/// assert_eq!(suppress(&[20, 3, 9, 30]), [false, true, true, false]);
/// assert_eq!(suppress(&[20, 9, 30]), [false, false, false]);
/// ```
#[must_use]
pub fn suppress(sizes: &[usize]) -> Vec<bool> {
    let mut hidden: Vec<bool> = sizes.iter().map(|size| (1..FEWEST).contains(size)).collect();
    loop {
        let (groups, people) = hidden_of(sizes, &hidden);
        if groups == 0 || (groups > 1 && people >= FEWEST) {
            return hidden;
        }
        let shown = (0..sizes.len()).filter(|at| sizes[*at] > 0 && !hidden[*at]);
        let Some(smallest) = shown.min_by_key(|at| sizes[*at]) else { return hidden };
        hidden[smallest] = true;
    }
}

/// How many groups are hidden, and how many people are in them.
fn hidden_of(sizes: &[usize], hidden: &[bool]) -> (usize, usize) {
    let of = || sizes.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(size, _)| *size);
    (of().count(), of().sum())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(sizes: &[usize], hidden: &[usize]) {
        let found: Vec<usize> =
            suppress(sizes).into_iter().enumerate().filter(|(_, hidden)| *hidden).map(|(at, _)| at).collect();
        assert_eq!(found, hidden, "{sizes:?}");
    }

    #[test]
    fn five_are_shown_and_four_are_not() {
        check(&[5, 8], &[]);
        check(&[4, 8, 20], &[0, 1]);
        check(&[], &[]);
    }

    #[test]
    fn a_small_group_takes_its_complement_with_it() {
        // 100 together, 97 of them shown: the other three would be known.
        check(&[97, 3], &[0, 1]);
        // One alone is what is missing from the total; with the next smallest it is one of eleven.
        check(&[10, 1, 40], &[0, 1]);
    }

    #[test]
    fn small_groups_hide_behind_each_other_where_they_are_five_together() {
        check(&[3, 2, 40, 50], &[0, 1]);
        check(&[1, 2, 40, 50], &[0, 1, 2]);
    }

    #[test]
    fn nobody_hides_behind_an_empty_group() {
        check(&[0, 3, 12, 20], &[1, 2]);
        check(&[0, 7], &[]);
    }

    #[test]
    fn where_there_is_nobody_to_hide_behind_nothing_is_shown() {
        check(&[3], &[0]);
        check(&[1, 1, 97], &[0, 1, 2]);
    }

    proptest! {
        #[test]
        fn what_is_missing_from_the_total_is_nobody_or_at_least_two_groups_of_five_people(sizes in prop::collection::vec(0usize..40, 0..12)) {
            let hidden = suppress(&sizes);
            let (groups, people) = hidden_of(&sizes, &hidden);
            let shown = sizes.iter().zip(&hidden).filter(|(size, hidden)| !**hidden && **size > 0).count();
            prop_assert!(groups == 0 || shown == 0 || (groups > 1 && people >= FEWEST));
            for (size, hidden) in sizes.iter().zip(&hidden) {
                prop_assert!(*hidden || *size == 0 || *size >= FEWEST);
                prop_assert!(!*hidden || *size > 0);
            }
        }

        #[test]
        fn no_more_is_hidden_than_needed(sizes in prop::collection::vec(5usize..40, 0..12)) {
            prop_assert!(suppress(&sizes).iter().all(|hidden| !hidden));
        }
    }
}
