//! Reads a CSV file row by row into COPY buffers; memory does not grow with the file.

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use csv::ByteRecord;
use uuid::Uuid;

use super::column::{Column, Kind};
use super::copy::{CopyBuffer, HEADER, TRAILER};
use super::header::{self, Header};
use super::keys::Keys;
use super::reasons::{Tally, about, wrong_width};
use super::rejects::{Rejects, unguarded};
use super::table::Table;
use super::value::{self, Limits, Taken};
use crate::{Error, Result};

/// How many bytes of COPY data go to the database at a time.
const CHUNK: usize = 512 * 1024;
/// How long a row may be. A quote that is never closed would otherwise swallow the rest of the file.
const LONGEST_ROW: u64 = 4 * 1024 * 1024;

/// What the file turned out to be.
#[derive(Debug)]
pub(super) struct Reading {
    pub header: Header,
    pub rows: u64,
    pub tally: Tally,
    pub rejects: Rejects,
    /// Whether any moment was on the site's clock.
    pub local_times: bool,
    /// The natural keys of the rows in the buffer.
    pub keys: Keys,
}

/// Where the rows go, and who is told how far it is.
pub(super) struct Sink<'a> {
    /// Takes a chunk of COPY data; `false` when nobody wants more.
    pub send: &'a mut dyn FnMut(Vec<u8>) -> bool,
    /// Is told how many bytes have been read.
    pub progress: &'a dyn Fn(u64),
}

/// Looks at the header row only: is this a file for `table`?
///
/// # Errors
/// [`Error::Invalid`] that says which columns are unknown, missing or there twice, and what was expected.
pub fn check_file(table: Table, file: impl Read) -> Result<()> {
    let mut record = ByteRecord::new();
    Lines::of(file).next(&mut record)?;
    header::read(table, &record.iter().collect::<Vec<_>>()).map(|_| ())
}

/// Reads the whole file. Rows that cannot be taken go to the rejects; a file that is none is an error.
pub(super) fn read(
    table: Table,
    file: impl Read,
    rejects: Rejects,
    now: DateTime<Utc>,
    sink: &mut Sink<'_>,
) -> Result<Reading> {
    let mut lines = Lines::of(file);
    let mut record = ByteRecord::new();
    lines.next(&mut record)?;
    let header = header::read(table, &record.iter().collect::<Vec<_>>())?;
    let mut rows = Rows::of(table, Limits::at(now), header, rejects);
    rows.buffer.raw(HEADER);
    while let Some(line) = lines.next(&mut record)? {
        rows.take(line, &record)?;
        if rows.buffer.len() >= CHUNK {
            (sink.progress)(lines.bytes());
            let chunk = std::mem::replace(&mut rows.buffer, CopyBuffer::with_capacity(CHUNK + CHUNK / 4));
            if !(sink.send)(chunk.into_bytes()) {
                return Ok(rows.reading);
            }
        }
    }
    rows.buffer.raw(&TRAILER);
    (sink.send)(rows.buffer.into_bytes());
    (sink.progress)(lines.bytes());
    Ok(rows.reading)
}

/// The rows of one file on their way into the buffer.
struct Rows {
    columns: &'static [Column],
    own_id: bool,
    limits: Limits,
    reading: Reading,
    buffer: CopyBuffer,
    reasons: Vec<String>,
    /// Which columns are the natural key, and where in the buffer theirs of the running row begin and end.
    key: Vec<(usize, [usize; 2])>,
}

impl Rows {
    fn of(table: Table, limits: Limits, header: Header, rejects: Rejects) -> Self {
        let columns = table.columns();
        let keys = Keys::of(columns, table.natural_key());
        let in_key = |column: &Column| table.natural_key().contains(&column.name);
        Self {
            columns,
            own_id: table.rules().own_id,
            limits,
            reading: Reading { header, rows: 0, tally: Tally::default(), rejects, local_times: false, keys },
            buffer: CopyBuffer::with_capacity(CHUNK + CHUNK / 4),
            reasons: Vec::new(),
            key: (0..columns.len()).filter(|position| in_key(&columns[*position])).map(|p| (p, [0, 0])).collect(),
        }
    }

    fn take(&mut self, line: u64, record: &ByteRecord) -> Result<()> {
        self.reading.rows += 1;
        self.reasons.clear();
        let begin = self.buffer.len();
        let expected = self.reading.header.names.len();
        if record.len() == expected {
            self.write(line, record);
        } else {
            self.reasons.push(wrong_width(record.len(), expected, record.get(0).unwrap_or_default()));
        }
        if self.reasons.is_empty() {
            if self.reading.keys.are_wanted() {
                self.reading.keys.add(self.key.iter().map(|(_, [from, to])| self.buffer.part(*from, *to)));
            }
            return Ok(());
        }
        self.buffer.truncate(begin);
        self.reading.tally.reject(line, &self.reasons);
        let (places, names): (Vec<usize>, Vec<String>) =
            self.reading.header.kept().map(|(place, name)| (place, name.to_owned())).unzip();
        let fields = places.into_iter().map(|place| record.get(place).unwrap_or_default());
        let fields = fields.map(|field| field.strip_suffix(b"\r").unwrap_or(field));
        self.reading.rejects.row(&names, fields, line, &self.reasons)
    }

    fn write(&mut self, line: u64, record: &ByteRecord) {
        let buffer = &mut self.buffer;
        buffer.begin_row(self.columns.len() + if self.own_id { 3 } else { 2 });
        buffer.int8(i64::try_from(line).unwrap_or(i64::MAX));
        let local_at = buffer.len();
        buffer.int4(0);
        if self.own_id {
            buffer.uuid(Uuid::now_v7());
        }
        let mut local = 0;
        for (position, (column, place)) in self.columns.iter().zip(&self.reading.header.fields).enumerate() {
            let Some(field) = place.and_then(|place| record.get(place)) else {
                buffer.null();
                continue;
            };
            let field = if self.reading.header.is_rejects { unguarded(field) } else { field };
            let from = buffer.len();
            let written = value::write(column, field, self.limits, buffer);
            if let Some((_, place)) = self.key.iter_mut().find(|(of, _)| *of == position) {
                *place = [from, buffer.len()];
            }
            match written {
                Ok(Taken::Plain) => {}
                Ok(Taken::Local) => local |= local_bit(position),
                Ok(Taken::Formula) => {
                    self.reading.tally.find(&format!("{} looks like a spreadsheet formula", column.name), 1, line);
                }
                Err(what) => self.reasons.push(about(column.name, &what)),
            }
        }
        if local != 0 {
            buffer.patch_int4(local_at, local);
            self.reading.local_times = true;
        }
    }
}

/// The bit that says that the moment in the column at this position is on the site's clock.
pub(super) fn local_bit(position: usize) -> i32 {
    1 << position
}

/// The positions of the columns that hold moments.
pub(super) fn moments(columns: &[Column]) -> impl Iterator<Item = (usize, &Column)> {
    columns.iter().enumerate().filter(|(_, column)| column.kind == Kind::Moment)
}

/// Records with the line they begin on.
struct Lines<R: Read> {
    csv: csv::Reader<Guarded<R>>,
    guard: Rc<Guard>,
}

/// What the guard and the reader tell one another.
#[derive(Debug, Default)]
struct Guard {
    since_last_row: Cell<u64>,
    tripped: Cell<bool>,
    at_end: Cell<bool>,
}

/// Passes bytes on until a row gets longer than any row may be.
struct Guarded<R> {
    inner: R,
    guard: Rc<Guard>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.guard.since_last_row.get() > LONGEST_ROW {
            self.guard.tripped.set(true);
            return Err(std::io::Error::other("a row is too long"));
        }
        let read = self.inner.read(buffer)?;
        self.guard.since_last_row.set(self.guard.since_last_row.get() + read as u64);
        self.guard.at_end.set(read == 0);
        Ok(read)
    }
}

impl<R: Read> Lines<R> {
    fn of(inner: R) -> Self {
        let guard = Rc::new(Guard::default());
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            // A row ends with a line feed, so that lines are counted alike with and without carriage returns;
            // those are cut off with the other spaces at the ends of a value.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(Guarded { inner, guard: Rc::clone(&guard) });
        Self { csv, guard }
    }

    /// Bytes read so far.
    fn bytes(&self) -> u64 {
        self.csv.position().byte()
    }

    /// Reads the next record that is not blank, and says on which line it begins.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>> {
        loop {
            let from = self.csv.position().line();
            let more = self.csv.read_byte_record(record).map_err(|error| self.explain(error, from))?;
            self.guard.since_last_row.set(0);
            if !more {
                return Ok(None);
            }
            let blank = record.len() == 1 && record.as_slice().trim_ascii().is_empty();
            if !blank || from == 1 && record.as_slice().is_empty() {
                return Ok(Some(self.line_of(record)));
            }
        }
    }

    fn line_of(&self, record: &ByteRecord) -> u64 {
        let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let ended = u64::from(!self.guard.at_end.get());
        self.csv.position().line().saturating_sub(inside + ended)
    }

    fn explain(&self, error: csv::Error, line: u64) -> Error {
        if self.guard.tripped.get() {
            return Error::Invalid(format!(
                "the row on line {line} is longer than {} MB; a quotation mark may have been opened and never closed",
                LONGEST_ROW / 1024 / 1024
            ));
        }
        Error::io(format!("reading after line {line}"))(error.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn read_all(table: Table, file: impl Read) -> (Result<Reading>, Vec<u8>, String) {
        let (mut copied, out) = (Vec::new(), Shared::default());
        let mut send = |chunk: Vec<u8>| {
            copied.extend(chunk);
            true
        };
        let mut sink = Sink { send: &mut send, progress: &|_| {} };
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        let reading = read(table, file, Rejects::to(Some(Box::new(out.clone()))), now, &mut sink);
        let reading = reading.map(|mut reading| {
            std::mem::replace(&mut reading.rejects, Rejects::to(None)).finish().unwrap();
            reading
        });
        let rejects = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        (reading, copied, rejects)
    }

    #[track_caller]
    fn check(file: &[u8], rows: u64, rejects: &str) {
        let (reading, _, rejected) = read_all(Table::Clients, file);
        assert_eq!(reading.unwrap().rows, rows, "{}", String::from_utf8_lossy(file));
        assert_eq!(rejected, rejects, "{}", String::from_utf8_lossy(file));
    }

    #[test]
    fn good_rows_leave_no_rejects() {
        check(b"code,name\na,A\nb,B", 2, "");
        check(b"\xef\xbb\xbfcode,name\r\na,\"A, with \"\"quotes\"\"\r\nand lines\"\r\n\r\n", 1, "");
        check(b"code,name\n", 0, "");
    }

    #[test]
    fn rejected_rows_come_with_their_line_and_reason() {
        check(b"code,name\na,A\n\n,B\n", 2, "code,name,line,reason\n,B,4,code: must not be empty\n");
        check(b"name,code\r\n\"A\r\nA\",a\r\n\r\nB,\r\n", 2, "name,code,line,reason\nB,,5,code: must not be empty\n");
        check(b"code,name\nb,caf\xe9", 1, "code,name,line,reason\nb,caf\u{fffd},2,name: is not valid UTF-8\n");
        check(
            b"code,name\nb,=x()\0\n",
            1,
            "code,name,line,reason\nb,'=x()\0,2,name: holds the control character U+0000\n",
        );
        let width = "code,name,line,reason\na,,2,the row that begins with 'a' has another number of fields than the header (1 instead of 2)\n";
        check(b"code,name\na\n", 1, width);
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_swallow_the_memory() {
        let endless = b"code,name\na,\"".chain(std::io::repeat(b'x'));
        let (reading, copied, _) = read_all(Table::Clients, endless);
        let text = reading.unwrap_err().to_string();
        assert!(text.contains("line 2") && text.contains("never closed"), "{text}");
        assert!(copied.is_empty());
    }

    #[test]
    fn copy_data_is_framed() {
        let (_, copied, _) = read_all(Table::CalendarDays, &b"day,name,kind\n2000-01-02,New,holiday\n"[..]);
        assert!(copied.starts_with(HEADER) && copied.ends_with(&TRAILER));
        assert_eq!(copied[HEADER.len()..][..2], 5_i16.to_be_bytes());
        assert!(
            copied.windows(8).any(|bytes| bytes == [0, 0, 0, 4, 0, 0, 0, 1]),
            "the day is one day after 2000-01-01"
        );
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), table in 0..Table::ALL.len()) {
            let table = Table::ALL[table];
            let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            let _ = read_all(table, &bytes[..]);
            let header = names.join(",") + "\n";
            let (reading, copied, rejects) = read_all(table, header.as_bytes().chain(&bytes[..]));
            let reading = reading.unwrap();
            prop_assert!(reading.tally.rejected <= reading.rows);
            prop_assert_eq!(reading.tally.rejected > 0, !rejects.is_empty());
            prop_assert!(copied.starts_with(HEADER));
        }
    }
}
