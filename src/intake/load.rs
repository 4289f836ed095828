//! One file, one transaction: stage, judge, resolve, compare, write the difference, remember what happened.

use std::io::{Read, Write};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::dirty;
use super::reasons::{Summary, Tally};
use super::rejects::Rejects;
use super::rows::{self, Reading, Sink};
use super::stage::{self, Stage};
use super::table::Table;
use crate::database::{Database, OrgTx, Topic};
use crate::people::Organization;
use crate::{Error, Result};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes of the file have been read.
    Read(u64),
    /// All are read; the database resolves, compares and writes.
    Writing,
}

type Told = Arc<dyn Fn(Progress) + Send + Sync>;

/// A file to be taken in.
pub struct Source {
    table: Table,
    file: String,
    reader: Box<dyn Read + Send>,
    rejects: Option<Box<dyn Write + Send>>,
    progress: Told,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("table", &self.table).field("file", &self.file).finish_non_exhaustive()
    }
}

impl Source {
    /// CSV with a header row; `file` is the name it is remembered by. It is read on a thread of its own.
    #[must_use]
    pub fn new(table: Table, file: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self { table, file: file.into(), reader: Box::new(reader), rejects: None, progress: Arc::new(|_| {}) }
    }

    /// Where rejected rows are written. Nothing is written while there are none.
    #[must_use]
    pub fn rejects(mut self, out: impl Write + Send + 'static) -> Self {
        self.rejects = Some(Box::new(out));
        self
    }

    /// Who is told how far it is.
    #[must_use]
    pub fn progress(mut self, told: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(told);
        self
    }
}

/// Takes one file in, in one transaction: all of its good rows or, on an error, none.
///
/// # Errors
/// [`Error::Invalid`] for a file that is not one of this table, [`Error::Io`] when it cannot be read to its end or the
/// rejects cannot be written, [`Error::Database`].
pub async fn load(db: &Database, org: &Organization, source: Source, now: DateTime<Utc>) -> Result<Summary> {
    let Source { table, file, reader, rejects, progress } = source;
    let mut summary = Summary::of(table, &file);
    let mut tx = db.org(org.id).await?;
    prepare(&mut tx, table).await?;
    let mut reading = copy_in(&mut tx, table, reader, rejects, now, &progress).await?;
    progress(Progress::Writing);
    let stage = Stage::of(table, org, &reading);
    tx.run("analyze _in".into()).await?;
    tx.run(stage.resolve()).await?;
    if !reading.keys.are_distinct() {
        tx.run(stage.reject_duplicates()).await?;
    }
    let mut counts = count(&mut tx, &stage).await?;
    if counts[REJECTED] > 0 {
        write_rejects(&mut tx, &stage, &mut reading.tally, &mut reading.rejects).await?;
        counts = count(&mut tx, &stage).await?;
    }
    tell(&stage, &counts, &mut summary, &mut reading.tally);
    if summary.new + summary.changed > 0 {
        write(&mut tx, &stage, &summary).await?;
        dirty::mark(&mut tx, stage.rules, summary.changed, org, now).await?;
        if let Some(topic) = Topic::of_facts(stage.table.name()) {
            tx.rewrote(topic).await?;
        }
    }
    summary.read = reading.rows;
    summary.rejected = reading.tally.rejected;
    (summary.reasons, summary.findings) = reading.tally.into_reasons_and_findings();
    remember(&mut tx, &summary, now).await?;
    reading.rejects.finish()?;
    tx.commit().await?;
    Ok(summary)
}

/// One import at a time for an organization: two of them would not see each other's rows.
async fn prepare(tx: &mut OrgTx, table: Table) -> Result<()> {
    let lock = format!("intake {}", tx.org());
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind(lock).execute(&mut **tx).await?;
    tx.run("set local work_mem = '64MB'".into()).await?;
    // Compiling statements that run once costs more than it saves.
    tx.run("set local jit = off".into()).await?;
    tx.run(stage::create(table)).await?;
    tx.run(dirty::CREATE_MOVED.into()).await?;
    Ok(())
}

/// Reads on a thread while the database takes what has been read.
async fn copy_in(
    tx: &mut OrgTx,
    table: Table,
    reader: Box<dyn Read + Send>,
    rejects: Option<Box<dyn Write + Send>>,
    now: DateTime<Utc>,
    progress: &Told,
) -> Result<Reading> {
    let (sender, mut receiver) = mpsc::channel(4);
    let told = Arc::clone(progress);
    let reading = tokio::task::spawn_blocking(move || {
        let mut send = |chunk| sender.blocking_send(chunk).is_ok();
        let mut sink = Sink { send: &mut send, progress: &|bytes| told(Progress::Read(bytes)) };
        rows::read(table, reader, Rejects::to(rejects), now, &mut sink)
    });
    let mut copy = tx.copy_in_raw("copy _in from stdin (format binary)").await?;
    while let Some(chunk) = receiver.recv().await {
        copy.send(chunk).await?;
    }
    let reading = reading.await.map_err(|error| Error::io("reading the file")(std::io::Error::other(error)))?;
    match &reading {
        Ok(_) => copy.finish().await.map(drop)?,
        Err(error) => copy.abort(error.to_string().as_str()).await?,
    }
    reading
}

/// Writes what was rejected since the file was read, and takes it out of `_row`.
async fn write_rejects(tx: &mut OrgTx, stage: &Stage, tally: &mut Tally, rejects: &mut Rejects) -> Result<()> {
    let names = stage.names();
    {
        let mut rows = sqlx::query(AssertSqlSafe(stage.rejected())).fetch(&mut **tx);
        while let Some(row) = rows.try_next().await? {
            let line = u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0);
            let (fields, reasons): (Vec<Option<String>>, Vec<String>) = (row.try_get(1)?, row.try_get(2)?);
            tally.reject(line, &reasons);
            let fields = fields.iter().map(|field| field.as_deref().unwrap_or("").as_bytes());
            rejects.row(&names, fields, line, &reasons)?;
        }
    }
    tx.run("delete from _row where _reasons is not null".into()).await?;
    Ok(())
}

/// The place of the rejected rows among the counts.
const REJECTED: usize = 0;

async fn count(tx: &mut OrgTx, stage: &Stage) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(AssertSqlSafe(stage.count())).fetch_one(&mut **tx).await?)
}

fn tell(stage: &Stage, counts: &[i64], summary: &mut Summary, tally: &mut Tally) {
    let mut counts = counts.iter().map(|count| u64::try_from(*count).unwrap_or(0)).skip(REJECTED + 1);
    let mut next = || counts.next().unwrap_or(0);
    (summary.new, summary.changed, summary.same) = (next(), next(), next());
    for (_, finding) in stage.findings() {
        let (rows, first_line) = (next(), next());
        if rows > 0 {
            tally.find(finding, rows, first_line);
        }
    }
}

async fn write(tx: &mut OrgTx, stage: &Stage, summary: &Summary) -> Result<()> {
    dirty::count_days(tx, stage.rules, summary.changed).await?;
    make_partitions(tx, stage).await?;
    if summary.changed > 0 {
        for follow in stage.follow() {
            tx.run(follow).await?;
        }
        tx.run(stage.update()).await?;
    }
    if summary.new > 0 {
        tx.run(stage.insert()).await?;
    }
    Ok(())
}

/// The partitions for the rows themselves, or for what follows them to another day.
async fn make_partitions(tx: &mut OrgTx, stage: &Stage) -> Result<()> {
    let tables: &[&str] = match stage.rules {
        rules if rules.partitioned => &[stage.table.name()],
        rules if !rules.follow.is_empty() => &["attendance", "tasks", "checkpoints"],
        _ => return Ok(()),
    };
    let months: Vec<NaiveDate> =
        sqlx::query_scalar(AssertSqlSafe("select distinct date_trunc('month', day)::date from _days"))
            .fetch_all(&mut **tx)
            .await?;
    for (month, table) in months.iter().flat_map(|month| tables.iter().map(move |table| (month, table))) {
        tx.ensure_partitions(table, *month, *month).await?;
    }
    Ok(())
}

/// Keeps what was taken and what was odd about it.
async fn remember(tx: &mut OrgTx, summary: &Summary, now: DateTime<Utc>) -> Result<()> {
    let id = Uuid::now_v7();
    let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    sqlx::query!(
        "insert into imports (org_id, id, fact, file, at, rows_read, rows_new, rows_changed, rows_same, rows_rejected)
         values (current_org(), $1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        summary.table,
        summary.file,
        now,
        count(summary.read),
        count(summary.new),
        count(summary.changed),
        count(summary.same),
        count(summary.rejected)
    )
    .execute(&mut **tx)
    .await?;
    for finding in &summary.findings {
        sqlx::query!(
            "insert into import_findings (org_id, import_id, finding, rows, example) values (current_org(), $1, $2, $3, $4)",
            id,
            finding.finding,
            count(finding.rows),
            format!("line {}", finding.first_line)
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
