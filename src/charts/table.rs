//! The figure's numbers as a table.

use std::fmt::Write;

use super::figure::{Figure, Form, Mark};
use super::xml::escape;

/// The rows of a figure: the first cell of each is its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Headings, units included.
    pub columns: Vec<String>,
    /// One per place of the axis.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The rows as HTML, each cell escaped: written at once, because hundreds of rows are the most that some pages hold.
    #[must_use]
    pub fn body(&self) -> String {
        let mut out = String::with_capacity(self.rows.len() * 96);
        for row in &self.rows {
            out.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                let _ = match place {
                    0 => write!(out, r#"<th scope="row">{}</th>"#, escape(cell)),
                    _ => write!(out, "<td>{}</td>", escape(cell)),
                };
            }
            out.push_str("</tr>");
        }
        out
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_with_a_heading_each_and_nothing_in_a_cell_is_markup() {
        let rows = vec![vec!["<b>North</b> & \"Co\"".into(), "12.5".into(), "n/a".into()], vec!["South".into()]];
        let table = Table { columns: Vec::new(), rows };
        let expected = "<tr><th scope=\"row\">&lt;b&gt;North&lt;/b&gt; &amp; &quot;Co&quot;</th><td>12.5</td><td>n/a</td></tr>\
            <tr><th scope=\"row\">South</th></tr>";
        assert_eq!(table.body(), expected);
    }
}
