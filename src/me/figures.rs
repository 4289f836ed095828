//! The page's charts.

use super::{Overview, Whose};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};
use crate::scoring::{Band, Cause};

/// The BPI over time, against the middle half and the median of the cohort.
#[must_use]
pub fn trend(overview: &Overview, whose: Whose) -> Figure {
    let points = &overview.trend;
    let days = Axis::Days(points.iter().map(|point| point.day).collect());
    let zones: Vec<(&str, f64)> = Band::ALL.iter().map(|band| (band.label(), band.floor())).collect();
    let figure = Figure::new(
        "trend",
        whose.pick("My score day by day", "Score day by day"),
        whose.pick(
            "How did my score move, and how does it compare?",
            "How did the score move, and how does it compare?",
        ),
        Unit::Points,
        days,
    )
    .with(
        whose.pick("My score", "Score"),
        Mark::Line,
        Emphasis::Main,
        points.iter().map(|point| point.bpi).collect(),
    );
    let figure = if points.iter().any(|point| point.cohort.is_some()) {
        let of =
            |pick: fn((f64, f64, f64)) -> f64| points.iter().map(|point| point.cohort.map(pick)).collect::<Vec<_>>();
        figure
            .with(
                whose.pick("Median of my cohort", "Median of the cohort"),
                Mark::Step,
                Emphasis::Context,
                of(|cohort| cohort.1),
            )
            .with_band(
                whose.pick("Middle half of my cohort", "Middle half of the cohort"),
                of(|cohort| cohort.0),
                of(|cohort| cohort.2),
            )
    } else {
        figure.with_note("No comparison: fewer than five people did like work.")
    };
    figure.with_zones(&zones, 100.0).with_places("Day")
}

/// From the previous score over what each component added to the one now. `None` unless both are there.
#[must_use]
pub fn why(overview: &Overview, whose: Whose) -> Option<Figure> {
    let why = overview.why.as_ref()?;
    let (before, after) = overview.previous.bpi().zip(overview.judgement.bpi())?;
    let steps = why
        .lines
        .iter()
        .map(|line| {
            let name = match line.cause {
                Cause::Of(component) => component.label(),
                Cause::Set => "Which components count",
            };
            (name.to_owned(), line.delta)
        })
        .collect();
    let from = (
        format!(
            "{} – {}",
            crate::charts::day(overview.previous_period.first),
            crate::charts::day(overview.previous_period.last)
        ),
        before,
    );
    let to = (
        format!("{} – {}", crate::charts::day(overview.period.first), crate::charts::day(overview.period.last)),
        after,
    );
    Some(Figure::waterfall(
        "why",
        whose.pick("What changed my score", "What changed the score"),
        whose.pick(
            "Which components moved my score since the previous period?",
            "Which components moved the score since the previous period?",
        ),
        Unit::Points,
        from,
        steps,
        to,
    ))
}
