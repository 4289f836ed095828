//! The page's charts.

use chrono::NaiveDate;

use super::kpi::{Better, Kpi};
use super::score::Standing;
use super::store::Value;
use super::trend::Fraction;
use crate::charts::{Axis, Emphasis, Figure, Mark, Scale, Unit};
use crate::metrics::Period;

/// A KPI over the days of a period, with its target and thresholds as lines to read against.
#[must_use]
pub fn course(standing: &Standing, values: &[Value], days: Period) -> Figure {
    let (kpi, target) = (standing.kpi, standing.target);
    let value = |day| {
        let found = values.iter().find(|value| value.day == day)?;
        found.made_of.as_ref().ok().copied().and_then(Fraction::value).map(|value| kpi.shown(value))
    };
    let points: Vec<Option<f64>> = days.iter().map(value).collect();
    let lines = [("Target", target.target), ("Warning", target.warning), ("Critical", target.critical)];
    let scale = scale(kpi, &points, &lines.map(|(_, value)| kpi.shown(value)));
    let figure = Figure::new(
        "kpi-course",
        &format!("{}, day by day", kpi.title()),
        "Is it on its target, and where is it heading?",
        kpi.unit(),
        Axis::Days(days.iter().collect()),
    )
    .with(kpi.title(), Mark::Line, Emphasis::Main, points)
    .with_scale(scale)
    .with_note(&format!("Each point is about {}.", kpi.window()));
    lines.into_iter().fold(figure, |figure, (name, value)| {
        let beyond = match (name, kpi.better()) {
            ("Target", _) => "",
            (_, Better::Higher) => " below",
            (_, Better::Lower) => " above",
        };
        figure.with_reference(&format!("{name}{beyond}"), kpi.shown(value))
    })
}

/// What the points and the lines need, with room above and below; a share is not drawn above the whole unless it is.
fn scale(kpi: Kpi, points: &[Option<f64>], lines: &[f64]) -> Scale {
    let all = || points.iter().flatten().chain(lines).copied();
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let room = ((high - low) * 0.1).max(0.01);
    let (mut from, mut to) = (low - room, high + room);
    if low >= 0.0 {
        from = from.max(0.0);
    }
    if kpi.unit() == Unit::Percent && high <= 100.0 && kpi.better() == Better::Higher {
        to = to.min(100.0);
    }
    Scale::Fixed(from, to)
}

/// The score of all KPIs by day.
#[must_use]
pub fn score(course: &[(NaiveDate, Option<f64>)]) -> Figure {
    let (days, points) = course.iter().copied().unzip();
    Figure::new(
        "alignment-course",
        "Alignment score, day by day",
        "Is the operation getting nearer to its targets?",
        Unit::Points,
        Axis::Days(days),
    )
    .with("Alignment", Mark::Line, Emphasis::Main, points)
    .with_zones(&[("off track", 0.0), ("at risk", 50.0), ("on track", 80.0)], 100.0)
}
