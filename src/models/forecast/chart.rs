//! A series and its forecast as a chart.

use chrono::NaiveDate;

use super::outlook::{DayAhead, Outlook};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};

/// A daily series and how it goes on, with both bands; the days ahead are open.
#[must_use]
pub fn chart(
    id: &str,
    title: &str,
    question: &str,
    (name, currency): (&str, &str),
    known: &[(NaiveDate, f64)],
    outlook: &Outlook,
) -> Figure {
    let days: Vec<NaiveDate> = known.iter().map(|(day, _)| *day).chain(outlook.days.iter().map(|it| it.day)).collect();
    let course = known.iter().map(|(_, value)| *value).chain(outlook.days.iter().map(|it| it.point));
    // A band opens at the last value that is known.
    let start = known.last().map(|(_, value)| (*value, *value));
    let blank = known.len().saturating_sub(1);
    let edge = |of: fn(&DayAhead) -> (f64, f64), at: fn((f64, f64)) -> f64| {
        let bands = start.into_iter().chain(outlook.days.iter().map(of)).map(move |band| Some(at(band)));
        std::iter::repeat_n(None, blank).chain(bands).collect::<Vec<_>>()
    };
    Figure::new(id, title, question, Unit::Count(currency.into()), Axis::Days(days))
        .with(name, Mark::Line, Emphasis::Main, course.map(Some).collect())
        .with_band("80 % band", edge(|it| it.of_80, |it| it.0), edge(|it| it.of_80, |it| it.1))
        .with_band("95 % band", edge(|it| it.of_95, |it| it.0), edge(|it| it.of_95, |it| it.1))
        .open_from(known.len())
}
