//! A table as CSV (RFC 4180: commas, CRLF, quotes where needed). Words that a spreadsheet would take for a formula get an
//! apostrophe before them; numbers stay numbers.

use std::borrow::Cow;

use futures_util::StreamExt;

use super::cell::{Cell, Kind, minor_digits};
use super::pipe::{Chunks, produced};
use super::table::{Row, Sheet, Table};
use crate::{Error, Result};

/// Bytes gathered before they are sent.
const CHUNK: usize = 64 << 10;

/// Whether the file begins with the mark by which spreadsheets know UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bom {
    /// With it: for people, who open it in a spreadsheet.
    With,
    /// Without: for programs.
    Without,
}

/// The table as CSV: one line of headings, then one line a row.
#[must_use]
pub fn csv(table: Table, bom: Bom) -> Chunks {
    Chunks::new(produced(move |mut out| async move {
        let (sheet, mut rows) = table.open();
        let mut lines = Lines::new(bom);
        lines.write(sheet.columns.iter().map(|column| words(&column.heading()).into_owned()))?;
        let mut n = 0;
        while let Some(row) = rows.next().await {
            lines.write(fields(&sheet, &row?))?;
            n += 1;
            if let Some(chunk) = lines.chunk(CHUNK)? {
                out.send(chunk).await?;
            }
        }
        if let Some(cut) = sheet.cut(n) {
            let rest = sheet.columns.iter().skip(1).map(|_| String::new());
            lines.write(std::iter::once(cut).chain(rest))?;
        }
        if let Some(rest) = lines.chunk(0)? {
            out.send(rest).await?;
        }
        Ok(())
    }))
}

struct Lines {
    writer: csv::Writer<Vec<u8>>,
}

impl Lines {
    fn new(bom: Bom) -> Self {
        let start = if bom == Bom::With { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        Self { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start) }
    }

    fn write(&mut self, fields: impl Iterator<Item = String>) -> Result<()> {
        self.writer.write_record(fields).map_err(|error| Error::io("writing CSV")(error.into()))
    }

    /// What has been gathered, if it is more than so many bytes.
    fn chunk(&mut self, more_than: usize) -> Result<Option<Vec<u8>>> {
        if self.writer.get_ref().len() <= more_than && more_than > 0 {
            return Ok(None);
        }
        self.writer.flush().map_err(Error::io("writing CSV"))?;
        if self.writer.get_ref().is_empty() {
            return Ok(None);
        }
        let next = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let full = std::mem::replace(&mut self.writer, next);
        full.into_inner().map(Some).map_err(|error| Error::io("writing CSV")(error.into_error()))
    }
}

fn fields(sheet: &Sheet, row: &Row) -> impl Iterator<Item = String> {
    sheet
        .columns
        .iter()
        .enumerate()
        .map(|(nth, column)| row.get(nth).map(|cell| field(cell, &column.kind)).unwrap_or_default())
}

/// Points as decimal marks, days as ISO 8601, moments with the offset of their zone.
fn field(cell: &Cell, kind: &Kind) -> String {
    match (cell, kind) {
        (Cell::Empty, _) => String::new(),
        (Cell::Text(text), _) => words(text).into_owned(),
        (Cell::Integer(number), _) => number.to_string(),
        (Cell::Decimal(number) | Cell::Percent(number), _) if !number.is_finite() => String::new(),
        (Cell::Decimal(number), Kind::Decimal(digits)) => format!("{number:.*}", usize::from(*digits)),
        (Cell::Decimal(number), _) => number.to_string(),
        (Cell::Percent(share), _) => percent(*share),
        (Cell::Money(amount), Kind::Money(currency)) => {
            // Exact: never fewer digits than there are, never fewer than the currency has.
            let digits = amount.normalize().scale().max(u32::from(minor_digits(currency)));
            let mut amount = *amount;
            amount.rescale(digits);
            amount.to_string()
        }
        (Cell::Money(amount), _) => amount.to_string(),
        (Cell::Date(day), _) => day.to_string(),
        (Cell::Moment(at), Kind::Moment(zone)) => at.with_timezone(zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        (Cell::Moment(at), _) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

/// A share as per cent, with as many as four digits after the point.
fn percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a spreadsheet takes for the beginning of a formula.
fn begins_a_formula(text: &str) -> bool {
    // Whoever strips an apostrophe must find out whether it was ours.
    let text = text.trim_start_matches('\'');
    let first = |text: &str| text.chars().next();
    matches!(first(text), Some('\t' | '\r' | '\n'))
        || matches!(first(text.trim_start()), Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
}

/// Words as they may stand in a file that a spreadsheet opens.
pub(crate) fn words(text: &str) -> Cow<'_, str> {
    if begins_a_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
