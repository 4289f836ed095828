//! Sites of different size compared: points over how much was judged, inside limits that narrow with it.

use std::fmt::Write;

use super::Size;
use super::figure::{Figure, Mark, Series};
use super::plot::down;
use super::scale::{Places, Values};
use super::xml::{escape, n, shortened, text};

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

/// Most names on paper, and how much room each needs, per cent of the plot's height.
const NAMES: usize = 6;
const NAME_GAP: f64 = 7.0;

/// The points: a dot each, and a diamond for those outside. Each says itself when pointed at; on paper, where nobody can
/// point, those outside have their names beside them as far as there is room.
pub(super) fn points(out: &mut String, figure: &Figure, values: &Values, places: &Places, size: Size) {
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
        if matches!(size, Size::Fixed { .. }) {
            names(out, figure, series, values, places);
        }
    }
}

fn names(out: &mut String, figure: &Figure, series: &Series, values: &Values, places: &Places) {
    let outside = (0..figure.x.len()).filter(|place| is_outside(figure, series, *place));
    let mut named: Vec<(f64, f64, &str)> = outside
        .filter_map(|place| {
            let y = down(values, series.at(place).unwrap_or_default());
            Some((y, places.at[place], figure.names.get(place)?.as_str()))
        })
        .collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = [f64::NEG_INFINITY; 2];
    for (y, x, name) in named.into_iter().take(NAMES) {
        let to_the_left = x > 0.5;
        // Pushed down below the name above it; too far from its point it would be another's.
        let at = y.max(lowest[usize::from(to_the_left)] + NAME_GAP);
        if at - y > 2.0 * NAME_GAP {
            continue;
        }
        lowest[usize::from(to_the_left)] = at;
        let (anchor, dx) = if to_the_left { ("end", -10) } else { ("start", 10) };
        let place = format!(r#"x="{}%" y="{}%" dx="{dx}" dy=".32em" text-anchor="{anchor}""#, n(x * 100.0), n(at));
        text(out, "out-name", &place, &shortened(name, 26));
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
