//! Tables as one XLSX workbook: a first sheet that says what it is, then one sheet a table, typed cell by cell. Rows go to
//! a temporary file as they come; words are always written as words, so that none can be a formula.

use std::collections::HashSet;
use std::io::Write;

use futures_util::StreamExt;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use tokio::runtime::Handle;

use super::cell::{Cell, Column, Kind, minor_digits};
use super::pipe::{Chunks, Sender, produced_blocking};
use super::table::{Head, Row, Sheet, Table};
use crate::{Error, Result};

/// Rows of a sheet under its headings, at most: what comes after goes on in a sheet of its own.
pub const ROWS_OF_A_SHEET: u32 = 1_048_575;
/// UTF-16 units of a cell, at most. A longer text says at its end how much of it stands there.
pub const LONGEST_TEXT: usize = 32_767;
/// Whole numbers beyond lose digits in a spreadsheet, and are written as words.
const EXACT: u64 = 1 << 53;
/// A column is at most so many characters wide.
const WIDEST: usize = 60;
/// The name of the first sheet.
const ABOUT: &str = "About";

/// The tables as a workbook.
#[must_use]
pub fn xlsx(head: Head, tables: Vec<Table>) -> Chunks {
    cut(head, tables, ROWS_OF_A_SHEET)
}

/// The same with at most so many rows on a sheet.
pub(super) fn cut(head: Head, tables: Vec<Table>, most: u32) -> Chunks {
    let runtime = Handle::current();
    Chunks::new(produced_blocking(move |out| {
        let mut book = Book::new(&head, most)?;
        for table in tables {
            let (sheet, mut rows) = table.open_on(&runtime);
            let mut page = book.page(&sheet)?;
            while let Some(row) = runtime.block_on(rows.next()) {
                book.row(&sheet, &mut page, &row?)?;
            }
            book.finish(&sheet, page)?;
        }
        book.save(&head, out)
    }))
}

impl Table {
    /// Its rows, made by tasks of this runtime: asked for from a thread that is none of its own.
    fn open_on(self, runtime: &Handle) -> (Sheet, futures_util::stream::BoxStream<'static, Result<Row>>) {
        let _inside = runtime.enter();
        self.open()
    }
}

fn broken(error: XlsxError) -> Error {
    Error::io("writing a workbook")(std::io::Error::other(error))
}

/// Where a table is being written.
struct Page {
    at: usize,
    rows: u32,
    /// Of all sheets it takes.
    total: u64,
    parts: u32,
    widths: Vec<usize>,
    formats: Vec<Format>,
}

struct Book {
    workbook: Workbook,
    /// Rows of a sheet under its headings, at most.
    most: u32,
    names: HashSet<String>,
    sheets: usize,
    about: Vec<(String, String, String)>,
    bold: Format,
}

impl Book {
    fn new(head: &Head, most: u32) -> Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_title(&head.title).set_company(&head.organization));
        workbook.add_worksheet().set_name(ABOUT).map_err(broken)?;
        let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        Ok(Self { workbook, most, names: HashSet::from([ABOUT.to_lowercase()]), sheets: 1, about: Vec::new(), bold })
    }

    fn page(&mut self, sheet: &Sheet) -> Result<Page> {
        let widths = sheet.columns.iter().map(|column| column.heading().chars().count()).collect();
        let formats = sheet.columns.iter().map(|column| format(&column.kind)).collect();
        let at = self.add(sheet, 1)?;
        Ok(Page { at, rows: 0, total: 0, parts: 1, widths, formats })
    }

    /// Adds a sheet with its headings.
    fn add(&mut self, sheet: &Sheet, part: u32) -> Result<usize> {
        let name = self.name(&sheet.name, part);
        let bold = self.bold.clone();
        let worksheet = self.workbook.add_worksheet_with_constant_memory().map_err(broken)?;
        worksheet.set_name(name).map_err(broken)?;
        worksheet.set_freeze_panes(1, 0).map_err(broken)?;
        for (nth, column) in columns(sheet) {
            worksheet.write_string_with_format(0, nth, column.heading(), &bold).map_err(broken)?;
        }
        self.sheets += 1;
        Ok(self.sheets - 1)
    }

    /// A name no other sheet has, without what a spreadsheet refuses in one.
    fn name(&mut self, wanted: &str, part: u32) -> String {
        let clean: String =
            wanted.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
        let clean = if clean.trim().is_empty() { "Table" } else { clean.trim() };
        let mut n = part;
        loop {
            let end = if n > 1 { format!(" ({n})") } else { String::new() };
            let mut name = clean.to_owned();
            while name.encode_utf16().count() + end.len() > 31 {
                name.pop();
            }
            let name = format!("{}{end}", name.trim());
            if self.names.insert(name.to_lowercase()) {
                return name;
            }
            n += 1;
        }
    }

    fn worksheet(&mut self, at: usize) -> Result<&mut Worksheet> {
        self.workbook.worksheet_from_index(at).map_err(broken)
    }

    fn row(&mut self, sheet: &Sheet, page: &mut Page, row: &Row) -> Result<()> {
        if page.rows == self.most {
            self.close(sheet, page)?;
            page.parts += 1;
            page.at = self.add(sheet, page.parts)?;
            page.rows = 0;
        }
        page.rows += 1;
        page.total += 1;
        let line = page.rows;
        let worksheet = self.workbook.worksheet_from_index(page.at).map_err(broken)?;
        for (nth, column) in columns(sheet) {
            let at = usize::from(nth);
            let Some(cell) = row.get(at) else { continue };
            let wide = write(worksheet, (line, nth), cell, &column.kind, &page.formats[at]).map_err(broken)?;
            page.widths[at] = page.widths[at].max(wide);
        }
        Ok(())
    }

    /// Filter and widths of a sheet whose rows are written.
    fn close(&mut self, sheet: &Sheet, page: &Page) -> Result<()> {
        let worksheet = self.worksheet(page.at)?;
        for ((nth, _), wide) in columns(sheet).zip(&page.widths) {
            worksheet.set_column_width(nth, (wide + 3).min(WIDEST) as f64).map_err(broken)?;
        }
        if let Some((last, _)) = columns(sheet).last() {
            worksheet.autofilter(0, 0, page.rows, last).map_err(broken)?;
        }
        Ok(())
    }

    fn finish(&mut self, sheet: &Sheet, page: Page) -> Result<()> {
        self.close(sheet, &page)?;
        let mut rows = sheet.cut(page.total).unwrap_or_else(|| page.total.to_string());
        if page.parts > 1 {
            rows.push_str(&format!(" (on {} sheets)", page.parts));
        }
        self.about.push((sheet.name.clone(), rows, sheet.lead.clone()));
        Ok(())
    }

    fn save(mut self, head: &Head, out: Sender<Vec<u8>>) -> Result<()> {
        self.say(head)?;
        let mut out = Out { out, buffer: Vec::with_capacity(Out::FULL) };
        self.workbook.save_to_writer(&mut out).map_err(broken)?;
        out.flush().map_err(Error::io("writing a workbook"))
    }

    /// The first sheet: what this is, and which tables hold how many rows.
    fn say(&mut self, head: &Head) -> Result<()> {
        let (bold, wrap) = (self.bold.clone(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
        let about = std::mem::take(&mut self.about);
        let worksheet = self.worksheet(0)?;
        let made = head.generated_at.with_timezone(&head.zone).format("%Y-%m-%d %H:%M %Z").to_string();
        let period = head.period.map(|(first, last)| ("Period".to_owned(), format!("{first} to {last}")));
        let lines = [("Organization".to_owned(), head.organization.clone())]
            .into_iter()
            .chain(period)
            .chain(head.filters.iter().cloned())
            .chain([("Made".into(), made), ("Made by".into(), head.by.clone())]);
        worksheet.write_string_with_format(0, 0, whole(&head.title), &bold).map_err(broken)?;
        let mut line = 1;
        for (name, value) in lines {
            worksheet.write_string(line, 0, whole(&name)).map_err(broken)?;
            worksheet.write_string(line, 1, whole(&value)).map_err(broken)?;
            line += 1;
        }
        line += 1;
        for (nth, title) in (0..).zip(["Table", "Rows", "What it holds"]) {
            worksheet.write_string_with_format(line, nth, title, &bold).map_err(broken)?;
        }
        for (name, rows, lead) in about {
            line += 1;
            for (nth, text) in (0..).zip([name, rows, lead]) {
                worksheet.write_string_with_format(line, nth, whole(&text), &wrap).map_err(broken)?;
            }
        }
        for (nth, wide) in (0..).zip([30.0, 32.0, 90.0]) {
            worksheet.set_column_width(nth, wide).map_err(broken)?;
        }
        Ok(())
    }
}

fn columns(sheet: &Sheet) -> impl Iterator<Item = (u16, &Column)> {
    (0..).zip(&sheet.columns)
}

fn format(kind: &Kind) -> Format {
    let zeros = |digits: u8| if digits == 0 { String::new() } else { format!(".{}", "0".repeat(digits.into())) };
    match kind {
        Kind::Text => Format::new(),
        Kind::Integer => Format::new().set_num_format("#,##0"),
        Kind::Decimal(digits) => Format::new().set_num_format(format!("#,##0{}", zeros(*digits))),
        Kind::Percent => Format::new().set_num_format("0.0%"),
        Kind::Money(currency) => Format::new().set_num_format(format!("#,##0{}", zeros(minor_digits(currency)))),
        Kind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        Kind::Moment(_) => Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    }
}

/// Writes one cell and tells how many characters wide it is, about.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    kind: &Kind,
    format: &Format,
) -> Result<usize, XlsxError> {
    let number = |sheet: &mut Worksheet, value: f64| -> Result<usize, XlsxError> {
        if value.is_finite() {
            sheet.write_number_with_format(row, column, value, format)?;
        }
        Ok(8)
    };
    match cell {
        Cell::Empty => Ok(0),
        Cell::Text(text) => {
            sheet.write_string(row, column, whole(text))?;
            Ok(text.chars().take(WIDEST).count())
        }
        Cell::Integer(value) if value.unsigned_abs() > EXACT => {
            sheet.write_string(row, column, value.to_string())?;
            Ok(20)
        }
        Cell::Integer(value) => number(sheet, *value as f64),
        Cell::Decimal(value) | Cell::Percent(value) => number(sheet, *value),
        Cell::Money(amount) => number(sheet, amount.to_f64().unwrap_or(f64::NAN)),
        Cell::Date(day) => {
            write_date(sheet, (row, column), day.and_time(chrono::NaiveTime::MIN), format)?;
            Ok(10)
        }
        Cell::Moment(at) => {
            let local = match kind {
                Kind::Moment(zone) => at.with_timezone(zone).naive_local(),
                _ => at.naive_utc(),
            };
            write_date(sheet, (row, column), local, format)?;
            Ok(16)
        }
    }
}

/// A spreadsheet's days begin in 1900; an earlier one is written as words.
fn write_date(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    at: chrono::NaiveDateTime,
    format: &Format,
) -> Result<(), XlsxError> {
    use chrono::{Datelike, Timelike};
    let year = u16::try_from(at.year()).ok().filter(|year| (1900..=9999).contains(year));
    let excel = year.map(|year| {
        ExcelDateTime::from_ymd(year, at.month() as u8, at.day() as u8)
            .and_then(|day| day.and_hms(at.hour() as u16, at.minute() as u8, f64::from(at.second())))
    });
    match excel {
        Some(Ok(moment)) => sheet.write_datetime_with_format(row, column, &moment, format)?,
        _ => sheet.write_string(row, column, at.to_string())?,
    };
    Ok(())
}

/// A text that fits into a cell; a longer one says at its end how much of it there is.
fn whole(text: &str) -> String {
    let all = text.encode_utf16().count();
    if all <= LONGEST_TEXT {
        return text.to_owned();
    }
    let characters = text.chars().count();
    let room = LONGEST_TEXT - 60;
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= room
        })
        .collect();
    format!("{kept} … ({} of {characters} characters)", kept.chars().count())
}

/// Passes on what is written in chunks.
struct Out {
    out: Sender<Vec<u8>>,
    buffer: Vec<u8>,
}

impl Out {
    const FULL: usize = 64 << 10;
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= Self::FULL {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(Self::FULL));
        self.out.send_blocking(full).map_err(std::io::Error::other)
    }
}
