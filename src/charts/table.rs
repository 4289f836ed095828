//! The figure's numbers as a table.

use super::figure::{Figure, Form, Mark};

/// The rows of a figure: the first cell of each is its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Headings, units included.
    pub columns: Vec<String>,
    /// One per place of the axis.
    pub rows: Vec<Vec<String>>,
}

/// The figure's numbers, one row per place; a gap says `n/a`, a period that has not ended says so.
#[must_use]
pub fn table(figure: &Figure) -> Table {
    let unit = figure.unit.name();
    let mut columns = vec![figure.places.clone()];
    for series in &figure.series {
        if series.mark == Mark::Band {
            columns.push(format!("{}, low ({unit})", series.name));
            columns.push(format!("{}, high ({unit})", series.name));
        } else {
            columns.push(format!("{} ({unit})", series.name));
        }
    }
    Table { columns, rows: (0..figure.x.len()).map(|place| row(figure, place)).collect() }
}

fn row(figure: &Figure, place: usize) -> Vec<String> {
    let name = figure.place(place);
    let mut cells = vec![if figure.is_open(place) { format!("{name} (not complete)") } else { name }];
    // In a waterfall all but the first and the last are changes.
    let is_change = figure.form == Form::Waterfall && place > 0 && place + 1 < figure.x.len();
    let cell = |value: Option<f64>| match value {
        None => "n/a".to_owned(),
        Some(value) if is_change => figure.unit.change(value),
        Some(value) => figure.unit.value(value),
    };
    for series in &figure.series {
        if series.mark == Mark::Band {
            cells.push(cell(series.low_at(place)));
        }
        cells.push(cell(series.at(place)));
    }
    cells
}
