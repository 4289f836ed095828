//! How many have which value: bars side by side over a scale, in the colours of its zones, as SVG.

use std::fmt::Write;

use super::Size;
use super::figure::Figure;
use super::plot::{close, open};
use super::scale::short_number;
use super::xml::{n, text};

/// Margins of a drawing of fixed size: top, right, bottom, left. On a page the style sheet sets them.
const MARGINS: [f64; 4] = [14.0, 8.0, 26.0, 36.0];
/// The share of the height that bars may fill; above them stand the names of the zones.
const ROOM: f64 = 78.0;

pub(super) fn svg(figure: &Figure, size: Size) -> String {
    let mut out = String::with_capacity(4096);
    open(&mut out, figure, "plot chart-bare chart-histogram", size, MARGINS);
    let counts: Vec<f64> = (0..figure.x.len()).map(|bar| count(figure, bar)).collect();
    let most = counts.iter().copied().fold(1.0, f64::max);
    let width = 100.0 / counts.len().max(1) as f64;
    zones(&mut out, figure);
    for (nth, value) in counts.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let (left, height) = (nth as f64 * width, ROOM * value / most);
        let zone = zone_of(figure, nth).unwrap_or(0);
        let _ = write!(
            out,
            r#"<rect class="bar bin bin-{zone}" x="{}%" width="{}%" y="{}%" height="{}%"/>"#,
            n(left + width * 0.08),
            n(width * 0.84),
            n(100.0 - height),
            n(height)
        );
        let at = format!(r#"x="{}%" y="{}%" dy="-5" text-anchor="middle""#, n(left + width / 2.0), n(100.0 - height));
        text(&mut out, "bin-count", &at, &short_number(*value));
    }
    out.push_str(r#"<line class="grid" x1="0" x2="100%" y1="100%" y2="100%"/>"#);
    close(&mut out, size);
    out
}

/// How many a bar counts.
fn count(figure: &Figure, bar: usize) -> f64 {
    figure.series.first().and_then(|series| series.at(bar)).unwrap_or(0.0).max(0.0)
}

/// The lowest and the highest value of the scale: from the first zone to the last.
fn scale(figure: &Figure) -> Option<(f64, f64)> {
    let (low, high) = (figure.zones.first()?.from, figure.zones.last()?.to);
    (low < high).then_some((low, high))
}

/// The zone that holds the middle of a bar.
fn zone_of(figure: &Figure, bar: usize) -> Option<usize> {
    let (low, high) = scale(figure)?;
    let middle = low + (high - low) * (bar as f64 + 0.5) / figure.x.len() as f64;
    figure.zones.iter().position(|zone| zone.from <= middle && middle < zone.to)
}

fn zones(out: &mut String, figure: &Figure) {
    let Some((low, high)) = scale(figure) else { return };
    let across = |value: f64| 100.0 * (value - low) / (high - low);
    for (nth, zone) in figure.zones.iter().enumerate() {
        let (left, right) = (across(zone.from), across(zone.to));
        let _ = write!(
            out,
            r#"<rect class="zone zone-{nth}" x="{}%" width="{}%" y="0" height="100%"/>"#,
            n(left),
            n(right - left)
        );
        // On two lines by turns, so that names of narrow zones do not touch.
        let last = nth + 1 == figure.zones.len();
        let (x, anchor) = if last { (right, "end") } else { (f64::midpoint(left, right), "middle") };
        let at = format!(r#"x="{}%" y="0" dy="{}" text-anchor="{anchor}""#, n(x), if nth % 2 == 0 { 10 } else { 24 });
        text(out, "zone-label", &at, &zone.label);
        let anchor = if nth == 0 { "start" } else { "middle" };
        let at = format!(r#"x="{}%" y="100%" dy="18" text-anchor="{anchor}""#, n(left));
        text(out, "tick tick-x", &at, &short_number(zone.from));
    }
    text(out, "tick tick-x", r#"x="100%" y="100%" dy="18" text-anchor="end""#, &short_number(high));
}

/// How many there are, and how many of them in each zone, highest first.
pub(super) fn sentence(figure: &Figure) -> String {
    let unit = figure.unit.name();
    let total: f64 = (0..figure.x.len()).map(|bar| count(figure, bar)).sum();
    let zones = figure.zones.iter().enumerate().rev().filter_map(|(nth, zone)| {
        let inside = (0..figure.x.len()).filter(|bar| zone_of(figure, *bar) == Some(nth));
        let here: f64 = inside.map(|bar| count(figure, bar)).sum();
        (here > 0.0).then(|| format!("{} {}", figure.unit.value(here), zone.label))
    });
    format!("{} {}: {}.", figure.unit.value(total), unit, zones.collect::<Vec<_>>().join(", "))
}
