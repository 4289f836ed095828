//! `muster import`: facts out of CSV files.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use muster::clock::Clock;
use muster::database::Database;
use muster::intake::{self, Progress, Summary, Table};
use muster::people::{Organization, all_organizations};
use muster::{Error, Result};

use super::Source;

/// How many reasons and findings of a file are told on the terminal.
const MOST_LINES: usize = 8;

/// Takes in facts from CSV files, each in one transaction; importing a file again changes nothing.
///
/// The table is told from the file name (`work_orders.csv`, `work_orders-2015.csv`) unless --table names it; of a
/// folder all CSV files are taken, in the order in which they refer to one another. Rows that cannot be taken go to
/// FILE.rejected.csv with their line and the reason: put them right there and import that file.
///
///     muster import --list
///     muster import --template shifts > shifts.csv
///     muster import --org acme facts/
///     muster import --org acme --table attendance clocks-march.csv
///
/// Exit code: 0 everything was taken, 1 some rows were rejected, 2 a file was refused.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Files, or folders of files.
    #[arg(value_name = "FILE|DIR", required_unless_present_any = ["template", "list"])]
    paths: Vec<PathBuf>,
    /// Short name of the organization whose facts they are.
    #[arg(long, value_name = "SLUG", required_unless_present_any = ["template", "list"])]
    org: Option<String>,
    /// The table, where the file name does not tell it.
    #[arg(long)]
    table: Option<Table>,
    /// Puts the rejected rows into this folder instead of next to the file.
    #[arg(long, value_name = "DIR")]
    rejects: Option<PathBuf>,
    /// Prints what became of the files as JSON.
    #[arg(long)]
    json: bool,
    /// Prints the header row of a table's file; what the columns mean goes to standard error.
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["org", "paths", "list"])]
    template: Option<Table>,
    /// Prints the tables that can be imported, in the order in which they must be.
    #[arg(long, conflicts_with_all = ["org", "paths"])]
    list: bool,
}

/// A file that is going to be imported.
struct Chosen {
    table: Table,
    path: PathBuf,
}

/// Imports, or prints what can be imported.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    if let Some(table) = arguments.template {
        print!("{}", intake::template(table));
        eprint!("{}", intake::describe(table));
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.list {
        for table in Table::ALL {
            println!("{:<16} {}", table.name(), table.doc());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = match choose(&arguments) {
        Ok(chosen) => chosen,
        Err(error) => return Ok(refuse(&error)),
    };
    let source = Source::open().await?;
    let code = import_all(&source, &arguments, &chosen).await;
    source.release()?;
    code
}

fn refuse(error: &Error) -> ExitCode {
    eprintln!("muster: {error}");
    ExitCode::from(2)
}

async fn import_all(source: &Source, arguments: &Arguments, chosen: &[Chosen]) -> Result<ExitCode> {
    let db = source.migrated(2).await?;
    let org = match organization(&db, arguments.org.as_deref().unwrap_or_default()).await {
        Ok(org) => org,
        Err(error) => return Ok(refuse(&error)),
    };
    let mut summaries = Vec::with_capacity(chosen.len());
    for file in chosen {
        match import(&db, &org, file, arguments).await {
            Ok(summary) => summaries.push(summary),
            Err(error) => {
                print_json(arguments, &summaries)?;
                eprintln!("muster: {}: {error}", file.path.display());
                eprintln!("Nothing of this file was loaded; {} before it were.", summaries.len());
                return Ok(ExitCode::from(2));
            }
        }
    }
    print_json(arguments, &summaries)?;
    let rejected = summaries.iter().any(|summary| summary.rejected > 0);
    Ok(if rejected { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn print_json(arguments: &Arguments, summaries: &[Summary]) -> Result<()> {
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(summaries)?);
    }
    Ok(())
}

async fn organization(db: &Database, slug: &str) -> Result<Organization> {
    let all = all_organizations(&mut db.global().await?).await?;
    let slugs = all.iter().map(|org| org.slug.as_str()).collect::<Vec<_>>().join(", ");
    all.into_iter().find(|org| org.slug == slug).ok_or_else(|| {
        let others = if slugs.is_empty() { "there is none yet".into() } else { format!("there are {slugs}") };
        Error::Invalid(format!("there is no organization '{slug}'; {others}"))
    })
}

/// The files in the order of their tables. Every header row is checked before anything is loaded.
fn choose(arguments: &Arguments) -> Result<Vec<Chosen>> {
    let mut chosen = Vec::new();
    let mut wrong = Vec::new();
    for path in &arguments.paths {
        let files = if path.is_dir() { csv_files(path)? } else { vec![path.clone()] };
        if files.is_empty() {
            wrong.push(format!("{}: there is no CSV file in it", path.display()));
        }
        for path in files {
            match table_of(&path, arguments.table).and_then(|table| check_header(table, &path).map(|()| table)) {
                Ok(table) => chosen.push(Chosen { table, path }),
                Err(error) => wrong.push(format!("{}: {error}", path.display())),
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(format!("nothing was loaded.\n{}", wrong.join("\n"))));
    }
    chosen.sort_by(|one, other| (one.table, &one.path).cmp(&(other.table, &other.path)));
    Ok(chosen)
}

fn csv_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let reading = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(Error::io(reading()))? {
        let path = entry.map_err(Error::io(reading()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".csv") && !name.ends_with(".rejected.csv") && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn table_of(path: &Path, named: Option<Table>) -> Result<Table> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    named.or_else(|| Table::of_file(&name)).ok_or_else(|| {
        Error::Invalid(format!(
            "its name does not begin with a table's; name it so, or say --table ({})",
            Table::ALL.map(Table::name).join(", ")
        ))
    })
}

fn check_header(table: Table, path: &Path) -> Result<()> {
    intake::check_file(table, open(path)?)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(Error::io(format!("opening {}", path.display())))
}

async fn import(db: &Database, org: &Organization, file: &Chosen, arguments: &Arguments) -> Result<Summary> {
    let reader = open(&file.path)?;
    let bar = progress_bar(reader.metadata().map_or(0, |about| about.len()), file.table);
    let rejects = rejects_path(&file.path, arguments.rejects.as_deref())?;
    let told = bar.clone();
    let source = intake::Source::new(file.table, file.path.display().to_string(), reader)
        .rejects(WhenNeeded { path: rejects.clone(), file: None })
        .progress(move |progress| match progress {
            Progress::Read(bytes) => told.set_position(bytes),
            Progress::Writing => told.set_message("resolving and writing"),
        });
    let summary = intake::load(db, org, source, Clock::system().now()).await;
    bar.finish_and_clear();
    let summary = summary?;
    if summary.rejected == 0 && rejects.exists() {
        std::fs::remove_file(&rejects).map_err(Error::io(format!("removing {}", rejects.display())))?;
    }
    if !arguments.json {
        tell(&summary, &rejects);
    }
    Ok(summary)
}

fn progress_bar(bytes: u64, table: Table) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{prefix:<16} {bar:30} {bytes:>11} of {total_bytes}, {bytes_per_sec} {msg}")
            .expect("the template is a constant that was tried");
    ProgressBar::new(bytes).with_style(style).with_prefix(table.name())
}

fn rejects_path(file: &Path, folder: Option<&Path>) -> Result<PathBuf> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".rejected.csv");
    let Some(folder) = folder else { return Ok(file.with_file_name(name)) };
    std::fs::create_dir_all(folder).map_err(Error::io(format!("making {}", folder.display())))?;
    Ok(folder.join(name))
}

fn tell(summary: &Summary, rejects: &Path) {
    let [read, new, changed, same, rejected] =
        [summary.read, summary.new, summary.changed, summary.same, summary.rejected].map(HumanCount);
    println!(
        "{:<16} {read} rows of {}: {new} new, {changed} changed, {same} the same, {rejected} rejected",
        summary.table, summary.file
    );
    for finding in summary.findings.iter().take(MOST_LINES) {
        println!(
            "  taken, but odd: {:>9}  {} (first on line {})",
            HumanCount(finding.rows).to_string(),
            finding.finding,
            finding.first_line
        );
    }
    for reason in summary.reasons.iter().take(MOST_LINES) {
        let rows = HumanCount(reason.rows).to_string();
        println!(
            "  rejected:       {rows:>9}  {} (first on line {}: {})",
            reason.reason, reason.first_line, reason.example
        );
    }
    if summary.reasons.len() > MOST_LINES {
        println!("  and {} other reasons", summary.reasons.len() - MOST_LINES);
    }
    if summary.rejected > 0 {
        println!("  put the rejected rows right in {} and import that file", rejects.display());
    }
}

/// A file that is made when the first byte is written to it.
struct WhenNeeded {
    path: PathBuf,
    file: Option<File>,
}

impl Write for WhenNeeded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            none => none.insert(File::create(&self.path)?).write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}
