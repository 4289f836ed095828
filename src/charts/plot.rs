//! Values over an axis as SVG. Every position is a share of the plot, so that the drawing is as wide as its place while
//! text and strokes keep their size.

use std::fmt::Write;

use super::Size;
use super::figure::{Axis, Emphasis, Figure, Form, Mark, Series};
use super::scale::{Places, Values, place_labels, short_number, tick_number};
use super::sentence::sentence;
use super::xml::{escape, n, shortened, text};

/// Margins of a drawing of fixed size: top, right, bottom, left. On a page the style sheet sets them.
const MARGINS: [f64; 4] = [14.0, 76.0, 26.0, 36.0];
/// Least distance between two labels at the right edge, as a share of the plot's height.
const LABEL_GAP: f64 = 0.09;
/// Least distance between two numbers below the plot, as a share of its width.
const NUMBER_GAP: f64 = 0.14;
/// Longest value with its name at the right edge, characters; the browser's chart has the same.
const LONGEST_END: usize = 24;
/// What a name has at least, however long its value.
const LEAST_NAME: usize = 8;

pub(super) fn svg(figure: &Figure, size: Size) -> String {
    let mut out = String::with_capacity(8192);
    // Only lines have something to say at the right edge.
    let lines = figure.series.iter().any(is_line);
    let margins = if lines { MARGINS } else { [MARGINS[0], 8.0, MARGINS[2], MARGINS[3]] };
    let kind = match (figure.form, lines) {
        (Form::Funnel, _) => "plot chart-bare chart-funnel",
        (_, true) => "plot",
        (_, false) => "plot chart-bare",
    };
    open(&mut out, figure, kind, size, margins);
    let (values, places) = (Values::of(figure), Places::of(figure));
    zones(&mut out, figure, &values);
    grid(&mut out, &values);
    bars(&mut out, figure, &values, &places);
    // Of fixed size nothing is stretched: not every program that draws SVG knows strokes that do not scale.
    let extent = match size {
        Size::Fluid => (1000.0, 1000.0),
        Size::Fixed { width, height } => inner(width, height, margins),
    };
    let _ = write!(
        out,
        r#"<svg class="shapes" viewBox="0 0 {} {}" preserveAspectRatio="none" width="100%" height="100%" overflow="visible">"#,
        n(extent.0),
        n(extent.1)
    );
    for mark in [Mark::Band, Mark::Area, Mark::Step, Mark::Line] {
        // Context first, so that what the figure is about lies on top.
        for emphasis in [Emphasis::Context, Emphasis::Main] {
            for (nth, series) in figure.series.iter().enumerate() {
                if series.mark == mark && series.emphasis == emphasis {
                    shape(&mut out, figure, (series, nth), &values, &places, extent);
                }
            }
        }
    }
    out.push_str("</svg>");
    references(&mut out, figure, &values);
    super::funnel::points(&mut out, figure, &values, &places, size);
    lone_points(&mut out, figure, &values, &places);
    end_labels(&mut out, figure, &values, &places);
    let mut labelled = f64::NEG_INFINITY;
    for (place, label) in place_labels(&figure.x) {
        let at = places.at[place];
        // Numbers may lie close together.
        if matches!(figure.x, Axis::Numbers(_)) && at - labelled < NUMBER_GAP {
            continue;
        }
        labelled = at;
        // Beside lines there is room for half of it.
        let anchor = if at > 0.98 && !lines { "end" } else { "middle" };
        text(
            &mut out,
            "tick tick-x",
            &format!(r#"x="{}%" y="100%" dy="18" text-anchor="{anchor}""#, n(at * 100.0)),
            &shortened(&label, 12),
        );
    }
    close(&mut out, size);
    out
}

/// Opens the drawing: what it is called and says, and the inner plot where its size is fixed.
pub(super) fn open(out: &mut String, figure: &Figure, kind: &str, size: Size, margins: [f64; 4]) {
    let id = figure.slug();
    let named = format!(r#"class="chart chart-{kind}" role="img" aria-labelledby="{id}-t {id}-d" overflow="visible""#);
    let _ = match size {
        Size::Fluid => write!(out, "<svg {named}>"),
        Size::Fixed { width, height } => write!(
            out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" {named}>"#,
            w = n(width),
            h = n(height)
        ),
    };
    let _ = write!(
        out,
        r#"<title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>"#,
        escape(&figure.title),
        escape(&sentence(figure))
    );
    if let Size::Fixed { width, height } = size {
        let [top, .., left] = margins;
        let (width, height) = inner(width, height, margins);
        let _ = write!(
            out,
            r#"<svg x="{}" y="{}" width="{}" height="{}" overflow="visible">"#,
            n(left),
            n(top),
            n(width),
            n(height)
        );
    }
}

/// What the margins leave of a drawing of fixed size.
fn inner(width: f64, height: f64, [top, right, bottom, left]: [f64; 4]) -> (f64, f64) {
    ((width - left - right).max(1.0), (height - top - bottom).max(1.0))
}

pub(super) fn close(out: &mut String, size: Size) {
    out.push_str(if matches!(size, Size::Fixed { .. }) { "</svg></svg>" } else { "</svg>" });
}

/// How far down from the top a value lies, per cent.
pub(super) fn down(values: &Values, value: f64) -> f64 {
    100.0 * (1.0 - values.up(value))
}

fn zones(out: &mut String, figure: &Figure, values: &Values) {
    for (nth, zone) in figure.zones.iter().enumerate() {
        let (top, bottom) = (down(values, zone.to), down(values, zone.from));
        if bottom - top < 0.5 {
            continue;
        }
        let _ = write!(
            out,
            r#"<rect class="zone zone-{nth}" x="0" width="100%" y="{}%" height="{}%"/>"#,
            n(top),
            n(bottom - top)
        );
        if bottom - top > 12.0 {
            text(out, "zone-label", &format!(r#"x="6" y="{}%" dy="14""#, n(top)), &zone.label);
        }
    }
}

fn grid(out: &mut String, values: &Values) {
    for tick in &values.ticks {
        let y = n(down(values, *tick));
        let _ = write!(out, r#"<line class="grid" x1="0" x2="100%" y1="{y}%" y2="{y}%"/>"#);
        text(out, "tick tick-y", &format!(r#"x="-8" y="{y}%" dy=".32em" text-anchor="end""#), &tick_number(*tick));
    }
}

fn references(out: &mut String, figure: &Figure, values: &Values) {
    for reference in figure.references.iter().filter(|reference| reference.value.is_finite()) {
        let y = n(down(values, reference.value));
        let _ = write!(out, r#"<line class="reference" x1="0" x2="100%" y1="{y}%" y2="{y}%"/>"#);
        let label = format!("{} {}", shortened(&reference.label, 28), short_number(reference.value));
        text(out, "reference-label", &format!(r#"x="100%" y="{y}%" dy="-5" text-anchor="end""#), &label);
    }
}

/// The classes of a series: what it is there for, how it is drawn, which one it is.
pub(super) fn classes(series: &Series, nth: usize) -> String {
    let emphasis = match series.emphasis {
        Emphasis::Main => "main",
        Emphasis::Context => "context",
    };
    format!("{emphasis} s{}", nth % 6)
}

fn bars(out: &mut String, figure: &Figure, values: &Values, places: &Places) {
    let drawn: Vec<(usize, &Series)> =
        figure.series.iter().enumerate().filter(|(_, series)| series.mark == Mark::Bar).collect();
    let width = places.width * 0.72 / drawn.len().max(1) as f64;
    let base = down(values, 0.0);
    for (column, (nth, series)) in drawn.iter().enumerate() {
        for place in 0..figure.x.len() {
            let Some(value) = series.at(place) else { continue };
            let left = places.at[place] - places.width * 0.36 + width * column as f64;
            let y = down(values, value);
            let open = if figure.is_open(place) { " open" } else { "" };
            let _ = write!(
                out,
                r#"<rect class="bar {}{open}" x="{}%" width="{}%" y="{}%" height="{}%"/>"#,
                classes(series, *nth),
                n(left * 100.0),
                n(width * 100.0),
                n(y.min(base)),
                n((y - base).abs())
            );
        }
    }
}

/// Neighbouring places that have a value, as runs.
fn runs(figure: &Figure, has: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut joined = false;
    for place in 0..figure.x.len() {
        let here = has(place);
        match runs.last_mut() {
            Some(run) if here && joined => run.push(place),
            _ if here => runs.push(vec![place]),
            _ => {}
        }
        joined = here;
    }
    runs
}

fn shape(
    out: &mut String,
    figure: &Figure,
    (series, nth): (&Series, usize),
    values: &Values,
    places: &Places,
    extent: (f64, f64),
) {
    let class = classes(series, nth);
    let x = |place: usize| n(places.at[place] * extent.0);
    let y = |value: f64| n((1.0 - values.up(value)) * extent.1);
    let high = |place: usize| y(series.at(place).unwrap_or_default());
    if series.mark == Mark::Band {
        for run in runs(figure, |place| series.at(place).is_some() && series.low_at(place).is_some()) {
            let low = |place: usize| y(series.low_at(place).unwrap_or_default());
            let mut d = format!("M{} {}", x(run[0]), high(run[0]));
            // Around a line that holds its value the band holds its own.
            let steps = figure.series.iter().any(|series| series.mark == Mark::Step);
            for place in &run[1..] {
                let _ = if steps {
                    write!(d, "H{}V{}", x(*place), high(*place))
                } else {
                    write!(d, "L{} {}", x(*place), high(*place))
                };
            }
            for place in run.iter().rev() {
                let _ = if steps {
                    write!(d, "H{}V{}", x((place + 1).min(run[run.len() - 1])), low(*place))
                } else {
                    write!(d, "L{} {}", x(*place), low(*place))
                };
            }
            if steps {
                let _ = write!(d, "H{}", x(run[0]));
            }
            let _ = write!(out, r#"<path class="band {class}" d="{d}Z"/>"#);
        }
        return;
    }
    let line = |run: &[usize]| {
        let mut d = format!("M{} {}", x(run[0]), high(run[0]));
        for place in &run[1..] {
            let _ = if series.mark == Mark::Step {
                write!(d, "H{}V{}", x(*place), high(*place))
            } else {
                write!(d, "L{} {}", x(*place), high(*place))
            };
        }
        d
    };
    for run in runs(figure, |place| series.at(place).is_some()) {
        if series.mark == Mark::Area {
            let _ = write!(out, r#"<path class="area {class}" d="{}V{}H{}Z"/>"#, line(&run), y(0.0), x(run[0]));
        }
        let split = run.iter().position(|place| figure.is_open(*place)).unwrap_or(run.len());
        let (closed, open) = (&run[..split], &run[split.saturating_sub(1)..]);
        for (part, more) in [(closed, ""), (open, " open")] {
            if part.len() > 1 && (more.is_empty() || split < run.len()) {
                let _ = write!(
                    out,
                    r#"<path class="line {class}{more}" vector-effect="non-scaling-stroke" d="{}"/>"#,
                    line(part)
                );
            }
        }
    }
}

/// A value between two gaps would have no line: it gets a dot.
fn lone_points(out: &mut String, figure: &Figure, values: &Values, places: &Places) {
    for (nth, series) in figure.series.iter().enumerate().filter(|(_, series)| is_line(series)) {
        for run in runs(figure, |place| series.at(place).is_some()).iter().filter(|run| run.len() == 1) {
            dot(out, &classes(series, nth), places.at[run[0]], down(values, series.at(run[0]).unwrap_or_default()));
        }
    }
}

fn is_line(series: &Series) -> bool {
    matches!(series.mark, Mark::Line | Mark::Step | Mark::Area)
}

fn dot(out: &mut String, class: &str, x: f64, y: f64) {
    let _ = write!(out, r#"<circle class="dot {class}" cx="{}%" cy="{}%" r="3.5"/>"#, n(x * 100.0), n(y));
}

/// The last value of each line beside it, with its name, moved apart where they would lie on each other.
fn end_labels(out: &mut String, figure: &Figure, values: &Values, places: &Places) {
    let mut ends: Vec<(f64, f64, usize, f64)> = figure
        .series
        .iter()
        .enumerate()
        .filter(|(_, series)| is_line(series))
        .filter_map(|(nth, series)| {
            let last = (0..figure.x.len()).rev().find(|place| series.at(*place).is_some())?;
            let value = series.at(last)?;
            Some((1.0 - values.up(value), places.at[last], nth, value))
        })
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positions = apart(&ends.iter().map(|end| end.0).collect::<Vec<_>>());
    for ((y, x, nth, value), at) in ends.into_iter().zip(positions) {
        let series = &figure.series[nth];
        let class = classes(series, nth);
        if series.emphasis == Emphasis::Main {
            dot(out, &class, x, y * 100.0);
        }
        let said = figure.unit.value(value);
        let room = LONGEST_END.saturating_sub(said.chars().count() + 1).max(LEAST_NAME);
        let _ = write!(
            out,
            r#"<text class="end {class}" x="{}%" y="{}%" dx="8" dy=".32em">{}<tspan class="end-name"> {}</tspan></text>"#,
            n(x * 100.0),
            n(at * 100.0),
            escape(&said),
            escape(&shortened(&series.name, room))
        );
    }
}

/// Pushes sorted positions apart to the least gap, within 0–1.
fn apart(sorted: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::with_capacity(sorted.len());
    for position in sorted {
        out.push(out.last().map_or(*position, |before| position.max(before + LABEL_GAP)));
    }
    let mut most = 1.0;
    for position in out.iter_mut().rev() {
        *position = position.min(most).max(0.0);
        most = *position - LABEL_GAP;
    }
    out
}
