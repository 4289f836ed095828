//! The chart of a proposal: how the hours of the week lie over the people, before and after.

use super::Figures;
use crate::charts::{Emphasis, Figure, Mark, Unit};

/// Hours at which the groups end, with what the group is called.
const GROUPS: [(i64, &str); 6] =
    [(0, "none"), (15, "up to 15"), (30, "15 to 30"), (45, "30 to 45"), (55, "45 to 55"), (i64::MAX, "more than 55")];

/// How many of the site's people have how many hours in the week.
#[must_use]
pub fn hours(figures: &Figures) -> Figure {
    let (before, after) = (counted(&figures.before), counted(&figures.facts.minutes));
    let bars = GROUPS.iter().zip(after).map(|((_, name), people)| ((*name).to_owned(), Some(people)));
    Figure::bars(
        "roster-hours",
        "Hours in the week with this roster",
        "How many people have how many hours?",
        Unit::Count("people".into()),
        bars.collect(),
    )
    .with("before", Mark::Bar, Emphasis::Context, before.into_iter().map(Some).collect())
    .with_places("hours in the week")
}

/// How many of these minutes fall into each group.
fn counted(minutes: &[i64]) -> [f64; GROUPS.len()] {
    let mut counts = [0.0; GROUPS.len()];
    for minutes in minutes {
        let group = GROUPS.iter().position(|(end, _)| *minutes <= end.saturating_mul(60));
        counts[group.unwrap_or(GROUPS.len() - 1)] += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_in_one_group_and_a_full_week_is_not_overtime() {
        assert_eq!(counted(&[0, 1, 900, 901, 2_700, 2_701, 3_300, 3_301]), [1.0, 2.0, 1.0, 1.0, 2.0, 1.0]);
    }
}
