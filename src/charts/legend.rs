//! What is drawn how: a swatch and a name for each series.

use super::figure::{Emphasis, Figure, Form, Mark, Series};
use super::plot::classes;

/// The entries of the legend, each a small drawing and its name; none where the drawing says it all.
#[must_use]
pub fn legend(figure: &Figure) -> Vec<(String, String)> {
    let open = figure.open_from.is_some_and(|first| first < figure.x.len());
    if figure.form == Form::Waterfall || (figure.series.len() < 2 && !open) {
        return Vec::new();
    }
    let mut entries: Vec<(String, String)> = figure
        .series
        .iter()
        .enumerate()
        .map(|(nth, series)| (swatch(figure, series, nth), series.name.clone()))
        .collect();
    if open {
        entries.push((line("main s0 open"), "Not complete yet".into()));
    }
    entries
}

fn boxed(shape: &str) -> String {
    format!(r#"<svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">{shape}</svg>"#)
}

fn line(class: &str) -> String {
    boxed(&format!(r#"<path class="line {class}" d="M1 6H23"/>"#))
}

fn swatch(figure: &Figure, series: &Series, nth: usize) -> String {
    let class = classes(series, nth);
    let area = |class: &str| boxed(&format!(r#"<rect class="{class}" x="2" y="1" width="20" height="10"/>"#));
    match series.mark {
        Mark::Band => area(&format!("band {class}")),
        Mark::Bar if figure.form == Form::Bars && series.emphasis == Emphasis::Context => {
            boxed(r#"<line class="compared" x1="12" x2="12" y1="0" y2="12"/>"#)
        }
        Mark::Point => boxed(r#"<circle class="dot main point" cx="12" cy="6" r="3.5"/>"#),
        Mark::Bar => area(&format!("bar {class}")),
        Mark::Line | Mark::Step | Mark::Area => line(&class),
    }
}
