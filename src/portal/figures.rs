//! The page's chart.

use chrono::NaiveDate;

use crate::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};
use crate::units::Rate;

/// Shifts filled and work in time, week by week.
#[must_use]
pub fn weeks(weeks: &[(NaiveDate, Rate, Rate)]) -> Figure {
    let share = |rate: &Rate| rate.value().map(|share| 100.0 * share);
    let fill: Vec<Option<f64>> = weeks.iter().map(|(_, fill, _)| share(fill)).collect();
    let sla: Vec<Option<f64>> = weeks.iter().map(|(_, _, sla)| share(sla)).collect();
    let lowest = fill.iter().chain(&sla).flatten().copied().fold(100.0, f64::min);
    let floor = if lowest >= 80.0 {
        80.0
    } else if lowest >= 50.0 {
        50.0
    } else {
        0.0
    };
    let axis = Axis::Days(weeks.iter().map(|(first, _, _)| *first).collect());
    Figure::new("client-weeks", "Shifts filled and work in time", "Is the service getting better?", Unit::Percent, axis)
        .with_places("Week from")
        .with_scale(Scale::Fixed(floor, 100.0))
        .with("Shifts filled", Mark::Line, Emphasis::Main, fill)
        .with("Work in time", Mark::Line, Emphasis::Context, sla)
}
