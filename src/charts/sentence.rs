//! One sentence that says what a figure shows, made from its numbers.

use super::figure::{Axis, Emphasis, Figure, Form, Mark, Series, Unit};

/// What the figure shows, in a sentence: for those who do not see it, and for those who do not want to search.
#[must_use]
pub fn sentence(figure: &Figure) -> String {
    let Some(main) = figure.main().filter(|_| !figure.is_empty()) else {
        return "There is nothing to show for this period.".into();
    };
    match figure.form {
        Form::Plot if !matches!(figure.x, Axis::Categories(_)) => over_time(figure, main),
        Form::Plot | Form::Bars => highest_and_lowest(figure, main),
        Form::Funnel => super::funnel::sentence(figure, main),
        Form::Waterfall => waterfall(figure, main),
        Form::Histogram => super::histogram::sentence(figure),
    }
}

fn said(unit: &Unit, value: f64) -> String {
    let number = unit.value(value);
    if *unit == Unit::Percent { number } else { format!("{number} {}", unit.name()) }
}

fn values(figure: &Figure, series: &Series) -> Vec<(usize, f64)> {
    (0..figure.x.len()).filter_map(|place| Some((place, series.at(place)?))).collect()
}

fn over_time(figure: &Figure, main: &Series) -> String {
    let (unit, label) = (&figure.unit, |place| figure.x.label(place));
    let mut closed = values(figure, main);
    closed.retain(|(place, _)| !figure.is_open(*place));
    let (Some(first), Some(last)) = (closed.first(), closed.last()) else {
        return format!("{} has no complete period yet.", main.name);
    };
    // Days are days; numbers say what they count.
    let on = match figure.x {
        Axis::Numbers(_) => format!("at {}", figure.places.to_lowercase()),
        _ => "on".into(),
    };
    let mut text = format!("{}: {} {on} {}", main.name, said(unit, last.1), label(last.0));
    if first.0 != last.0 {
        let change = last.1 - first.1;
        let word = if unit.distance(change) == unit.distance(0.0) {
            "the same as".to_owned()
        } else {
            format!("{} {} from", if change > 0.0 { "up" } else { "down" }, unit.distance(change))
        };
        text.push_str(&format!(", {word} {} {on} {}", unit.value(first.1), label(first.0)));
        let low = closed.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let high = closed.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        text.push_str(&format!("; between {} and {}", unit.value(low.1), unit.value(high.1)));
    }
    text.push('.');
    let context =
        figure.series.iter().filter(|series| series.emphasis == Emphasis::Context && series.mark != Mark::Band);
    for series in context {
        if let Some(value) = series.at(last.0) {
            text.push_str(&format!(" {}: {}.", series.name, unit.value(value)));
        }
    }
    text
}

fn highest_and_lowest(figure: &Figure, main: &Series) -> String {
    let (unit, values) = (&figure.unit, values(figure, main));
    let low = values.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let high = values.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
    match (high, low) {
        (Some(high), Some(low)) if high.0 != low.0 => format!(
            "Highest: {} with {}. Lowest: {} with {}.",
            figure.x.label(high.0),
            said(unit, high.1),
            figure.x.label(low.0),
            said(unit, low.1)
        ),
        (Some(only), _) => format!("{}: {}.", figure.x.label(only.0), said(unit, only.1)),
        _ => "There is nothing to show for this period.".into(),
    }
}

fn waterfall(figure: &Figure, main: &Series) -> String {
    let (unit, count) = (&figure.unit, figure.x.len());
    let (Some(from), Some(to)) = (main.at(0), main.at(count.saturating_sub(1))) else {
        return "There is nothing to compare for this period.".into();
    };
    let mut text = format!("From {} to {} ({})", unit.value(from), said(unit, to), unit.change(to - from));
    let steps: Vec<(usize, f64)> =
        (1..count.saturating_sub(1)).filter_map(|place| Some((place, main.at(place)?))).collect();
    let most = steps.iter().filter(|step| step.1 > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
    let least = steps.iter().filter(|step| step.1 < 0.0).min_by(|a, b| a.1.total_cmp(&b.1));
    for (word, step) in [("most gained", most), ("most lost", least)] {
        if let Some((place, delta)) = step {
            text.push_str(&format!("; {word}: {} {}", figure.x.label(*place), unit.change(*delta)));
        }
    }
    text.push('.');
    text
}
