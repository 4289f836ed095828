//! How does a chart get onto paper? The same SVG that a page draws, with what its classes look like in print inside it.

use serde::Serialize;

use crate::charts::{self, Figure, Form, Reference, Size, legend, sentence, sparkline, svg};

/// What the classes of a drawing look like on paper.
const PRINT: &str = include_str!("print.css");
/// How wide drawings are, in pixels; 10 of them are 7 points on paper.
const WIDE: f64 = 690.0;
const HALF: f64 = 326.0;
/// How high plots are.
const HIGH: f64 = 216.0;

/// An SVG that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// It.
    pub svg: String,
    /// What it shows, for those who do not see it.
    pub said: String,
}

impl Picture {
    fn of(svg: &str, said: &str) -> Self {
        let namespace = if svg.contains("xmlns") { "" } else { r#" xmlns="http://www.w3.org/2000/svg""# };
        // No attribute holds a bare '>': what is said in them is escaped.
        let svg = match svg.split_once('>') {
            Some((open, rest)) => format!("{open}{namespace}><style>{PRINT}</style>{rest}"),
            None => String::new(),
        };
        Self { svg, said: said.into() }
    }

    /// A trend the size of a word.
    #[must_use]
    pub fn spark(points: &[Option<f64>], said: &str) -> Self {
        Self::of(&sparkline(points, said), said)
    }
}

/// A chart with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawing {
    /// Its title.
    pub title: String,
    /// What its numbers count.
    pub unit: String,
    /// What must be said about it; empty: nothing.
    pub note: String,
    /// What is drawn how.
    pub legend: Vec<(Picture, String)>,
    /// It, with its sentence; none where there is nothing to draw.
    pub picture: Picture,
    /// Whether there is nothing to draw.
    pub is_empty: bool,
}

impl Drawing {
    /// As wide as the page.
    #[must_use]
    pub fn wide(figure: &Figure) -> Self {
        Self::of(figure, WIDE)
    }

    /// As wide as half of it.
    #[must_use]
    pub fn half(figure: &Figure) -> Self {
        Self::of(figure, HALF)
    }

    fn of(figure: &Figure, width: f64) -> Self {
        let height = match figure.form {
            Form::Bars | Form::Waterfall => charts::rows_height(figure),
            Form::Plot | Form::Histogram | Form::Funnel => HIGH,
        };
        let is_empty = figure.is_empty();
        let said = sentence(figure);
        let drawn = if is_empty { String::new() } else { svg(figure, Size::Fixed { width, height }) };
        let mut legend = legend(figure);
        // In a funnel the line's own name would lie on the points.
        if figure.form == Form::Funnel {
            let line = r#"<svg viewBox="0 0 24 12" width="24" height="12"><path class="reference" d="M1 6H23"/></svg>"#;
            let named = |line: &Reference| format!("{} {}", line.label, figure.unit.value(line.value));
            legend.extend(figure.references.iter().map(|reference| (line.to_owned(), named(reference))));
        }
        Self {
            title: figure.title.clone(),
            unit: figure.unit.name().to_owned(),
            note: figure.note.clone().unwrap_or_default(),
            legend: legend.into_iter().map(|(swatch, name)| (Picture::of(&swatch, &name), name)).collect(),
            picture: Picture::of(&drawn, &said),
            is_empty,
        }
    }
}
