//! What does a chart mean, and how is it shown? A [`Figure`] says what it means; from it come a static SVG, an ECharts
//! option, a table and one sentence, so that the four cannot disagree.

mod figure;
pub mod format;
mod funnel;
mod histogram;
mod legend;
#[cfg(feature = "server")]
mod option;
mod plot;
mod rows;
mod scale;
mod sentence;
mod small;
mod table;
mod xml;

pub use figure::{Axis, Emphasis, Figure, Form, Mark, Reference, Scale, Series, Unit, Zone};
pub use format::{count, day, day_and_year, number, period, signed};
pub use legend::legend;
#[cfg(feature = "server")]
pub use option::option;
pub use rows::height as rows_height;
pub use sentence::sentence;
pub use small::{pips, score_scale, share_bar, sparkline};
pub use table::{Table, table};
pub use xml::escape;

/// How big an SVG is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// As wide as its place on a page; its height and margins come from the style sheet. Text keeps its size at any width.
    Fluid,
    /// So many pixels, margins included: for documents and mails.
    Fixed {
        /// Width.
        width: f64,
        /// Height.
        height: f64,
    },
}

/// The figure as an SVG without colours: classes say what each shape means, the style sheet how that looks.
#[must_use]
pub fn svg(figure: &Figure, size: Size) -> String {
    match figure.form {
        Form::Plot | Form::Funnel => plot::svg(figure, size),
        Form::Bars | Form::Waterfall => rows::svg(figure, size),
        Form::Histogram => histogram::svg(figure, size),
    }
}

#[cfg(test)]
mod tests;
