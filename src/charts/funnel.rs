//! Sites of different size compared: points over how much was judged, inside limits that narrow with it.

use std::fmt::Write;

use super::figure::{Figure, Mark, Series};
use super::plot::down;
use super::scale::{Places, Values};
use super::xml::{escape, n};

/// The widest limits: the first band.
fn limits(figure: &Figure) -> Option<&Series> {
    figure.series.iter().find(|series| series.mark == Mark::Band)
}

/// Whether a point lies outside the widest limits.
fn is_outside(figure: &Figure, series: &Series, place: usize) -> bool {
    let (Some(value), Some(limits)) = (series.at(place), limits(figure)) else { return false };
    let (low, high) = (limits.low_at(place), limits.at(place));
    low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high)
}

/// The points: a dot each, and a diamond with a name for those outside. Each says itself when pointed at.
pub(super) fn points(out: &mut String, figure: &Figure, values: &Values, places: &Places) {
    for series in figure.series.iter().filter(|series| series.mark == Mark::Point) {
        for place in 0..figure.x.len() {
            let Some(value) = series.at(place) else { continue };
            let (x, y) = (n(places.at[place] * 100.0), n(down(values, value)));
            let label = escape(&format!("{}: {}", figure.place(place), figure.unit.value(value)));
            let _ = if is_outside(figure, series, place) {
                write!(
                    out,
                    r#"<svg class="outside" x="{x}%" y="{y}%" overflow="visible"><path class="dot out" d="M0 -7L7 0L0 7L-7 0Z"><title>{label}</title></path></svg>"#
                )
            } else {
                write!(
                    out,
                    r#"<circle class="dot main point" cx="{x}%" cy="{y}%" r="3.5"><title>{label}</title></circle>"#
                )
            };
        }
    }
}

/// How many there are, and which lie outside.
pub(super) fn sentence(figure: &Figure, main: &Series) -> String {
    let all = (0..figure.x.len()).filter(|place| main.at(*place).is_some());
    let count = all.clone().count();
    let outside: Vec<usize> = all.filter(|place| is_outside(figure, main, *place)).collect();
    let together = figure
        .references
        .first()
        .map(|line| format!("{}: {}. ", line.label, figure.unit.value(line.value)))
        .unwrap_or_default();
    let named = |place: &usize| {
        format!("{} ({})", figure.place(*place), figure.unit.value(main.at(*place).unwrap_or_default()))
    };
    match outside.len() {
        0 => format!("{together}None of {count} lies outside what chance explains."),
        few @ 1..=5 => format!(
            "{together}{few} of {count} outside what chance explains: {}.",
            outside.iter().map(named).collect::<Vec<_>>().join("; ")
        ),
        many => format!("{together}{many} of {count} outside what chance explains."),
    }
}
