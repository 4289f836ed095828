//! One row per category: horizontal bars, and the waterfall of a change. Names stand above their bars, so that long ones
//! need no margin on a phone.

use std::fmt::Write;

use super::Size;
use super::figure::{Emphasis, Figure, Form, Mark, Scale, Series, Unit};
use super::plot::{close, open};
use super::xml::{n, shortened, text};

/// Height of a row, pixels.
pub(super) const ROW: f64 = 44.0;
/// Where the bar begins in its row, and its height: in the middle, as ECharts puts it.
const BAR: (f64, f64) = (18.0, 8.0);

/// How high a drawing of rows is, pixels.
#[must_use]
pub fn height(figure: &Figure) -> f64 {
    ROW * figure.x.len().max(1) as f64
}

/// What is drawn in a row.
pub(super) struct Row {
    pub name: String,
    /// The number as shown.
    pub value: String,
    pub shape: Shape,
}

/// In values, not yet in shares.
pub(super) enum Shape {
    /// From zero to the value, with a tick for what it is compared with.
    Bar {
        value: f64,
        compared: Option<f64>,
        /// Within which it would lie by chance.
        limits: Option<(f64, f64)>,
    },
    /// From one level to another.
    Change {
        from: f64,
        to: f64,
    },
    /// A level.
    Level(f64),
    Nothing,
}

/// The rows of a figure and the range of values they share.
pub(super) fn rows(figure: &Figure) -> (Vec<Row>, (f64, f64)) {
    let rows: Vec<Row> = if figure.form == Form::Waterfall { waterfall(figure) } else { bars(figure) };
    // A share is a share of the whole.
    let (mut low, mut high) = match figure.scale {
        Scale::Fixed(low, high) if low < high => (low, high),
        _ if figure.form == Form::Bars && figure.unit == Unit::Percent => (0.0, 100.0),
        _ => (f64::INFINITY, f64::NEG_INFINITY),
    };
    for row in &rows {
        let values: &[f64] = match &row.shape {
            Shape::Bar { value, compared, limits } => {
                &[0.0, *value, compared.unwrap_or(*value), limits.map_or(*value, |limits| limits.1)]
            }
            Shape::Change { from, to } => &[*from, *to],
            Shape::Level(level) => &[*level],
            Shape::Nothing => &[],
        };
        for value in values {
            low = low.min(*value);
            high = high.max(*value);
        }
    }
    if low >= high {
        let middle = if low.is_finite() { low } else { 0.0 };
        return (rows, (middle.min(0.0), middle.abs().max(1.0)));
    }
    // Levels are dots, not bars: their scale need not begin at zero, but they should not stick to the edges.
    let air = if figure.form == Form::Waterfall { (high - low) * 0.06 } else { 0.0 };
    (rows, (low - air, high + air))
}

fn bars(figure: &Figure) -> Vec<Row> {
    let is_band = |series: &&Series| series.mark == Mark::Band;
    let compared = figure.series.iter().find(|series| series.emphasis == Emphasis::Context && !is_band(series));
    let limits = figure.series.iter().find(is_band);
    let main = figure.main();
    (0..figure.x.len())
        .map(|place| {
            let value = main.and_then(|series| series.at(place));
            Row {
                name: figure.x.label(place),
                value: value.map_or_else(|| "n/a".into(), |value| figure.unit.value(value)),
                shape: value.map_or(Shape::Nothing, |value| Shape::Bar {
                    value,
                    compared: compared.and_then(|series| series.at(place)),
                    limits: limits.and_then(|series| Some((series.low_at(place)?, series.at(place)?))),
                }),
            }
        })
        .collect()
}

fn waterfall(figure: &Figure) -> Vec<Row> {
    let last = figure.x.len().saturating_sub(1);
    let mut level = 0.0;
    (0..=last)
        .take(figure.x.len())
        .map(|place| {
            let value = figure.main().and_then(|series| series.at(place));
            let (shown, shape) = match value {
                None => ("n/a".into(), Shape::Nothing),
                Some(value) if place == 0 || place == last => {
                    level = value;
                    (figure.unit.value(value), Shape::Level(value))
                }
                Some(delta) => {
                    let from = level;
                    level += delta;
                    (figure.unit.change(delta), Shape::Change { from, to: level })
                }
            };
            Row { name: figure.x.label(place), value: shown, shape }
        })
        .collect()
}

pub(super) fn svg(figure: &Figure, size: Size) -> String {
    let (rows, range) = rows(figure);
    let mut out = String::with_capacity(1024 + rows.len() * 512);
    let kind = if figure.form == Form::Waterfall { "waterfall" } else { "bars" };
    let height = ROW * rows.len() as f64;
    open(&mut out, figure, kind, size, [0.0; 4]);
    if size == Size::Fluid {
        // The height is the rows', whatever the style sheet says of other charts.
        out = out.replacen("<svg ", &format!(r#"<svg height="{}" "#, n(height)), 1);
    }
    // In halves: the difference of two huge numbers is infinite.
    let share = |value: f64| {
        let share = 100.0 * (value / 2.0 - range.0 / 2.0) / (range.1 / 2.0 - range.0 / 2.0);
        if share.is_finite() { share.clamp(0.0, 100.0) } else { 0.0 }
    };
    let mut level: Option<f64> = None;
    for (nth, row) in rows.iter().enumerate() {
        let top = ROW * nth as f64;
        text(&mut out, "row-name", &format!(r#"x="0" y="{}""#, n(top + 12.0)), &shortened(&row.name, 40));
        let class = match &row.shape {
            Shape::Change { from, to } if to > from => "row-value up",
            Shape::Change { from, to } if to < from => "row-value down",
            _ => "row-value",
        };
        text(&mut out, class, &format!(r#"x="100%" y="{}" text-anchor="end""#, n(top + 12.0)), &row.value);
        draw(&mut out, &row.shape, top + BAR.0, &share, level);
        level = match row.shape {
            Shape::Change { to, .. } => Some(to),
            Shape::Level(value) => Some(value),
            _ => level,
        };
    }
    close(&mut out, size);
    out
}

fn draw(out: &mut String, shape: &Shape, y: f64, share: &impl Fn(f64) -> f64, before: Option<f64>) {
    let height = BAR.1;
    let middle = y + height / 2.0;
    let _ = write!(out, r#"<rect class="track" x="0" width="100%" y="{}" height="{height}" rx="2"/>"#, n(y));
    let mut rect = |class: &str, from: f64, to: f64| {
        let (from, to) = (share(from.min(to)), share(from.max(to)));
        let width = (to - from).max(0.4);
        let _ = write!(
            out,
            r#"<rect class="bar {class}" x="{}%" width="{}%" y="{}" height="{height}" rx="2"/>"#,
            n(from.min(100.0 - width)),
            n(width),
            n(y)
        );
    };
    match shape {
        Shape::Bar { value, compared, limits } => {
            rect("main", 0.0, *value);
            if let Some((low, high)) = limits {
                let (low, high) = (share(*low), share(*high));
                let _ = write!(
                    out,
                    r#"<rect class="limits" x="{}%" width="{}%" y="{}" height="{}"/>"#,
                    n(low),
                    n((high - low).max(0.4)),
                    n(y - 3.0),
                    n(height + 6.0)
                );
            }
            if let Some(compared) = compared {
                let x = n(share(*compared));
                let _ = write!(
                    out,
                    r#"<line class="compared" x1="{x}%" x2="{x}%" y1="{}" y2="{}"/>"#,
                    n(y - 4.0),
                    n(y + height + 4.0)
                );
            }
        }
        Shape::Change { from, to } => rect(if to >= from { "up" } else { "down" }, *from, *to),
        Shape::Level(level) => {
            let _ = write!(out, r#"<circle class="level" cx="{}%" cy="{}" r="6"/>"#, n(share(*level)), n(middle));
        }
        Shape::Nothing => {}
    }
    if let (Some(before), Shape::Change { .. } | Shape::Level(_)) = (before, shape) {
        let x = n(share(before));
        let _ =
            write!(out, r#"<line class="connector" x1="{x}%" x2="{x}%" y1="{}" y2="{}"/>"#, n(y + height - ROW), n(y));
    }
}
