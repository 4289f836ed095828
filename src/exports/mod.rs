//! How does a table leave the house whole? One typed model of a table; from it CSV and XLSX, row by row, so that a million
//! rows take no more memory than a hundred. A file is complete, or its stream ends in an error: nothing is cut in silence.

mod cell;
mod csv;
mod pipe;
mod table;
#[cfg(test)]
mod tests;
mod xlsx;

pub use cell::{Cell, Column, Kind, minor_digits};
pub(crate) use csv::words;
pub use csv::{Bom, csv};
pub use pipe::Chunks;
pub use table::{Head, Row, Sheet, Sink, Table};
pub use xlsx::{LONGEST_TEXT, ROWS_OF_A_SHEET, xlsx};

/// The media type of a CSV file.
pub const CSV: &str = "text/csv; charset=utf-8; header=present";
/// The media type of an XLSX file.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
