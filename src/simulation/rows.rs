//! Writes CSV fields without allocating for each.

use std::io::Write as Out;

use chrono::{DateTime, Datelike, NaiveDate, Timelike};

/// Rows of one CSV file.
pub(super) struct Rows<W: Out> {
    csv: csv::Writer<W>,
    field: Vec<u8>,
    count: u64,
    failed: Option<csv::Error>,
}

impl<W: Out> Rows<W> {
    /// Begins with the header row.
    pub fn new(out: W, header: impl IntoIterator<Item = &'static str>) -> Self {
        let csv = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        let mut rows = Self { csv, field: Vec::with_capacity(64), count: 0, failed: None };
        for name in header {
            rows.text(name);
        }
        rows.end();
        rows.count = 0;
        rows
    }

    fn put(&mut self, field: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.csv.write_field(field).err();
        }
    }

    fn format(&mut self, arguments: std::fmt::Arguments<'_>) -> &mut Self {
        let mut field = std::mem::take(&mut self.field);
        field.clear();
        field.write_fmt(arguments).expect("memory can be written");
        self.put(&field);
        self.field = field;
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.put(text.as_bytes());
        self
    }

    pub fn whole(&mut self, value: impl Into<Option<i64>>) -> &mut Self {
        match value.into() {
            Some(value) => self.format(format_args!("{value}")),
            None => self.text(""),
        }
    }

    /// A number held in hundredths.
    pub fn hundredths(&mut self, value: i64) -> &mut Self {
        self.format(format_args!("{}.{:02}", value / 100, value % 100))
    }

    pub fn degrees(&mut self, value: f64) -> &mut Self {
        self.format(format_args!("{value:.5}"))
    }

    pub fn flag(&mut self, value: impl Into<Option<bool>>) -> &mut Self {
        self.text(match value.into() {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        })
    }

    pub fn date(&mut self, day: impl Into<Option<NaiveDate>>) -> &mut Self {
        match day.into() {
            Some(day) => self.format(format_args!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())),
            None => self.text(""),
        }
    }

    /// A moment in seconds since 1970, as the clock showed it so many seconds east of Greenwich.
    pub fn moment(&mut self, at: impl Into<Option<i64>>, offset: i32) -> &mut Self {
        let Some(at) = at.into() else { return self.text("") };
        let local = DateTime::from_timestamp(at + i64::from(offset), 0).expect("a moment of our time").naive_utc();
        let (day, minutes) = (local.date(), offset / 60);
        self.format(format_args!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
            day.year(),
            day.month(),
            day.day(),
            local.hour(),
            local.minute(),
            local.second(),
            if minutes < 0 { '-' } else { '+' },
            minutes.abs() / 60,
            minutes.abs() % 60
        ))
    }

    /// Ends the row.
    pub fn end(&mut self) {
        if self.failed.is_none() {
            self.failed = self.csv.write_record(None::<&[u8]>).err();
        }
        self.count += 1;
    }

    /// Whether nobody reads any more.
    pub fn is_broken(&self) -> bool {
        self.failed.is_some()
    }

    /// How many rows there are below the header.
    pub fn finish(mut self) -> std::io::Result<u64> {
        match self.failed.take() {
            Some(error) => Err(std::io::Error::other(error)),
            None => self.csv.flush().map(|()| self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_intake_reads_them() {
        let mut bytes = Vec::new();
        let mut rows = Rows::new(&mut bytes, ["a", "b", "c", "d", "e", "f"]);
        rows.text("x, y")
            .hundredths(1205)
            .moment(0, 7200)
            .moment(None, 0)
            .flag(true)
            .date("2026-03-01".parse::<NaiveDate>().unwrap());
        rows.end();
        assert_eq!(rows.finish().unwrap(), 1);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "a,b,c,d,e,f\n\"x, y\",12.05,1970-01-01T02:00:00+02:00,,true,2026-03-01\n"
        );
    }
}
