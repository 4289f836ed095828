//! A table about to be written: its columns, and its rows one after the other.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};

use super::cell::{Cell, Column};
use super::pipe::{self, Sender};
use crate::Result;

/// One row: a cell for each column.
pub type Row = Vec<Cell>;

/// What a file says about itself before its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is: `Compliance`.
    pub title: String,
    /// Whose it is.
    pub organization: String,
    /// First and last day, where it is about a period.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// What was chosen, each with its name: `Site`, `North gate`.
    pub filters: Vec<(String, String)>,
    /// When it was made.
    pub generated_at: DateTime<Utc>,
    /// On whose clock that is told.
    pub zone: Tz,
    /// Who made it.
    pub by: String,
}

/// A table without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it is called.
    pub name: String,
    /// What it holds, in a sentence.
    pub lead: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows there are, where the table holds fewer; the file then says `N of M`.
    pub of: Option<u64>,
}

impl Sheet {
    /// A table that is whole.
    #[must_use]
    pub fn new(name: &str, lead: &str, columns: Vec<Column>) -> Self {
        Self { name: name.into(), lead: lead.into(), columns, of: None }
    }

    /// What is said at the end of `rows` rows if they are not all.
    pub(super) fn cut(&self, rows: u64) -> Option<String> {
        self.of.filter(|of| *of > rows).map(|of| format!("{rows} of {of} rows"))
    }
}

type Write = Box<dyn FnOnce(Sink) -> BoxFuture<'static, Result<()>> + Send>;

enum Rows {
    There(Vec<Row>),
    Written(Write),
}

/// A table with its rows, which may come only when they are asked for.
pub struct Table {
    /// What they are rows of.
    pub sheet: Sheet,
    rows: Rows,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("sheet", &self.sheet).finish_non_exhaustive()
    }
}

/// Where the rows of a table are put.
#[derive(Debug)]
pub struct Sink {
    sender: Sender<Row>,
}

impl Sink {
    /// Puts one row, waiting while the reader is behind.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when nobody reads on.
    pub async fn row(&mut self, row: Row) -> Result<()> {
        self.sender.send(row).await
    }
}

impl Table {
    /// A table whose rows are known.
    #[must_use]
    pub fn of(sheet: Sheet, rows: Vec<Row>) -> Self {
        Self { sheet, rows: Rows::There(rows) }
    }

    /// A table whose rows are put into the sink by `write`, which begins when they are asked for: it opens its own
    /// transaction and passes on row by row what a query streams. If it fails, so does the file.
    #[must_use]
    pub fn written<F>(sheet: Sheet, write: impl FnOnce(Sink) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Self { sheet, rows: Rows::Written(Box::new(move |sink| Box::pin(write(sink)))) }
    }

    /// Its rows, and what they are rows of.
    pub(super) fn open(self) -> (Sheet, BoxStream<'static, Result<Row>>) {
        let rows = match self.rows {
            Rows::There(rows) => stream::iter(rows.into_iter().map(Ok)).boxed(),
            Rows::Written(write) => pipe::produced(|sender| write(Sink { sender })).boxed(),
        };
        (self.sheet, rows)
    }
}
