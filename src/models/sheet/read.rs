//! The text of a file by columns, each word kept once.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use crate::models::table::MISSING;
use crate::{Error, Result};

/// What stands for a missing value, in lower case.
const MISSING_WORDS: [&str; 12] = ["", "na", "n/a", "#n/a", "null", "none", "nil", "nan", "-", "--", "?", "\\n"];

/// The file.
pub(in crate::models) struct Text {
    pub rows: usize,
    pub columns: Vec<Words>,
    pub notes: Vec<String>,
    /// The line on which each row begins.
    pub lines: Vec<u64>,
}

/// A column's words.
#[derive(Default)]
pub(in crate::models) struct Words {
    pub name: String,
    /// Trimmed, in the order in which they were first seen.
    pub levels: Vec<String>,
    /// The line of the file on which each was first seen.
    pub lines: Vec<u64>,
    /// How many rows have each.
    pub counts: Vec<u32>,
    /// Per row the index of its word, or [`MISSING`].
    pub codes: Vec<u32>,
    known: HashMap<String, u32>,
}

impl Words {
    fn take(&mut self, word: &str, line: u64) {
        let word = word.trim();
        let is_missing = word.len() <= 4 && MISSING_WORDS.contains(&word.to_ascii_lowercase().as_str());
        if is_missing {
            return self.codes.push(MISSING);
        }
        let code = self.known.get(word).copied().unwrap_or_else(|| {
            self.levels.push(word.to_owned());
            self.lines.push(line);
            self.counts.push(0);
            self.known.insert(word.to_owned(), self.levels.len() as u32 - 1);
            self.levels.len() as u32 - 1
        });
        self.counts[code as usize] += 1;
        self.codes.push(code);
    }

    /// The line on which a word was first seen.
    pub fn first_line(&self, level: usize) -> u64 {
        self.lines.get(level).copied().unwrap_or(2)
    }

    /// Rows with a value.
    pub fn filled(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }
}

impl Text {
    pub fn read(file: impl Read) -> Result<Self> {
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let head = reader.fill_buf().map_err(Error::io("reading the file"))?;
        let (skip, delimiter) = (if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }, delimiter(head));
        reader.consume(skip);
        let mut csv =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(reader);
        let mut record = csv::ByteRecord::new();
        if !csv.read_byte_record(&mut record).map_err(broken)? {
            return Err(Error::Invalid("the file is empty".into()));
        }
        let mut text = Self { rows: 0, columns: header(&record)?, notes: Vec::new(), lines: Vec::new() };
        let mut not_utf8 = 0_u64;
        while csv.read_byte_record(&mut record).map_err(broken)? {
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() == 1 && record[0].trim_ascii().is_empty() {
                continue;
            }
            if record.len() != text.columns.len() {
                let (has, wanted) = (record.len(), text.columns.len());
                return Err(Error::Invalid(format!("line {line} has {has} fields, the header has {wanted}")));
            }
            for (column, field) in text.columns.iter_mut().zip(&record) {
                let word = String::from_utf8_lossy(field);
                not_utf8 += u64::from(matches!(word, std::borrow::Cow::Owned(_)));
                column.take(&word, line);
            }
            text.rows += 1;
            text.lines.push(line);
        }
        if text.rows == 0 {
            return Err(Error::Invalid("the file has a header and no rows".into()));
        }
        if not_utf8 > 0 {
            text.notes.push(format!("{not_utf8} values are not UTF-8; what could not be read in them shows as �"));
        }
        text.columns.iter_mut().for_each(|column| column.known = HashMap::new());
        Ok(text)
    }

    /// Where the column of that name is; upper and lower case are the same where that is unambiguous.
    pub fn position(&self, name: &str) -> Result<usize> {
        let like = |column: &Words| column.name.eq_ignore_ascii_case(name.trim());
        let exactly = self.columns.iter().position(|column| column.name == name);
        exactly.or_else(|| self.columns.iter().position(like)).ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
            Error::Invalid(format!("there is no column '{name}'; there are {}", names.join(", ")))
        })
    }
}

fn header(record: &csv::ByteRecord) -> Result<Vec<Words>> {
    let mut columns: Vec<Words> = Vec::with_capacity(record.len());
    for (place, field) in record.iter().enumerate() {
        let name = String::from_utf8_lossy(field).trim().to_owned();
        // Tables written with their row numbers have no name above them.
        let name = if name.is_empty() { format!("column {}", place + 1) } else { name };
        if columns.iter().any(|column| column.name == name) {
            return Err(Error::Invalid(format!("line 1: two columns are called '{name}'")));
        }
        columns.push(Words { name, ..Words::default() });
    }
    Ok(columns)
}

/// What the header is separated by.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let mut best = b',';
    for other in [b';', b'\t', b'|'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

fn broken(error: csv::Error) -> Error {
    let line = error.position().map_or_else(String::new, |at| format!("line {}: ", at.line()));
    Error::Invalid(format!("{line}{error}"))
}
