//! The charts of the page.

use chrono::NaiveDate;

use super::hours::Week;
use super::standing::weeks_from;
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};

/// When what is asked for runs out, week by week from today.
#[must_use]
pub fn expiry(weeks: &[i64], today: NaiveDate) -> Figure {
    let counts = weeks.iter().map(|n| Some(*n as f64)).collect();
    Figure::new(
        "expiry",
        "Ends in each of the next 26 weeks",
        "When does what is asked for run out, if nobody renews it?",
        Unit::Count("certificates and trainings".into()),
        Axis::Days(weeks_from(today)),
    )
    .with("Ends in the week", Mark::Bar, Emphasis::Main, counts)
    .with_places("Week from")
}

/// The share of shifts that break a rule, week by week. The last week is open unless it has ended by `last`.
#[must_use]
pub fn breaches(weeks: &[Week], last: NaiveDate) -> Figure {
    let percent = |rate: crate::units::Rate| rate.value().map(|share| 100.0 * share);
    let figure = Figure::new(
        "breaches",
        "Shifts that break a rule, by week",
        "Are hours and papers kept?",
        Unit::Percent,
        Axis::Days(weeks.iter().map(|week| week.monday).collect()),
    )
    .with("Working time", Mark::Line, Emphasis::Main, weeks.iter().map(|week| percent(week.hours)).collect())
    .with("Skill or papers", Mark::Line, Emphasis::Context, weeks.iter().map(|week| percent(week.papers)).collect())
    .with_places("Week from");
    let open = weeks.last().is_some_and(|week| week.monday + chrono::Days::new(6) > last);
    if open { figure.open_from(weeks.len() - 1) } else { figure }
}
