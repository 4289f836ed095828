//! The page's charts.

use super::histogram::WIDTH;
use super::{Histogram, Team};
use crate::charts::{Axis, Emphasis, Figure, Mark, Unit};
use crate::scoring::Band;

fn bands() -> Vec<(&'static str, f64)> {
    Band::ALL.iter().map(|band| (band.label(), band.floor())).collect()
}

/// The team's median BPI over time, with the middle half of its people.
#[must_use]
pub fn trend(team: &Team) -> Figure {
    let points = &team.trend;
    let days = Axis::Days(points.iter().map(|point| point.day).collect());
    let of =
        |pick: fn((f64, f64, f64)) -> f64| points.iter().map(|point| point.quartiles.map(pick)).collect::<Vec<_>>();
    let figure = Figure::new(
        "team-trend",
        "The team’s median BPI day by day",
        "How does the team’s score move?",
        Unit::Points,
        days,
    )
    .with("Median", Mark::Line, Emphasis::Main, of(|(_, median, _)| median))
    .with_band("Middle half of the team", of(|(low, ..)| low), of(|(.., high)| high))
    .with_zones(&bands(), 100.0)
    .with_places("Day");
    match points.iter().rev().find(|point| point.quartiles.is_some()).map(|point| point.n) {
        Some(n) if n < super::FEWEST => figure.with_note(&format!("Small sample: {n} with a score on the last day.")),
        _ => figure,
    }
}

/// How many people have which BPI.
#[must_use]
pub fn histogram(histogram: &Histogram) -> Figure {
    let bars = histogram.bars.iter().enumerate().map(|(nth, people)| {
        let (from, to) = (nth * WIDTH, (nth + 1) * WIDTH);
        (format!("{from}–{to}, {}", Band::of(from as f64).label()), Some(*people as f64))
    });
    let figure = Figure::histogram(
        "team-histogram",
        "How the team’s BPI is spread over the bands",
        "How many people have which score?",
        Unit::Count("people".into()),
        bars.collect(),
    )
    .with_zones(&bands(), 100.0)
    .with_places("BPI, points");
    if histogram.unscored > 0 {
        figure.with_note(&format!("{} without a score: fewer than five shifts in the 28 days.", histogram.unscored))
    } else {
        figure
    }
}
