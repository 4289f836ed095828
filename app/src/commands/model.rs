//! `muster model`: how good a model would have been, on any table.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use muster::models::{Asked, Report, Sheet, Subject};
use muster::{Error, Result};

/// What can be asked about models.
#[derive(Debug, clap::Subcommand)]
pub enum Model {
    /// Judges a model on a CSV file: fitted to some of its rows, asked about the others.
    #[command(subcommand)]
    Backtest(Backtest),
}

/// Which model.
#[derive(Debug, clap::Subcommand)]
pub enum Backtest {
    /// Whether a shift (or booking) is filled, against the own rate of each site.
    ///
    ///     muster model backtest shift-fill --csv shifts.csv --target filled --time starts_at --split 2025-10-01
    ///
    /// Column types are inferred; dates become weekday, month, hour and the days between them. Exit code: 0 the model
    /// is better than the simple baseline, 1 it is not (and would not be shown to users), 2 the file was refused.
    #[command(verbatim_doc_comment)]
    ShiftFill(Arguments),
    /// Whether a worker (or customer) leaves, against tenure alone.
    ///
    ///     muster model backtest churn --csv people.csv --target left --folds 5 --json
    ///
    /// Column types are inferred; dates become weekday, month, hour and the days between them. Exit code: 0 the model
    /// is better than the simple baseline, 1 it is not (and would not be shown to users), 2 the file was refused.
    #[command(verbatim_doc_comment)]
    Churn(Arguments),
}

/// What is judged.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The table, with a header row.
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// The column to predict: 0/1, true/false, yes/no, or any two values.
    #[arg(long, value_name = "COLUMN")]
    target: String,
    /// The value of the target that is to come true, where that is not plain.
    #[arg(long, value_name = "VALUE")]
    positive: Option<String>,
    /// Holds out the later rows, by the date or number in this column.
    #[arg(long, value_name = "COLUMN", requires = "split", conflicts_with = "folds")]
    time: Option<String>,
    /// The first date or number that is held out.
    #[arg(long, value_name = "VALUE", requires = "time")]
    split: Option<String>,
    /// Holds out each of so many parts in its turn.
    #[arg(long, value_name = "K", default_value_t = 5)]
    folds: usize,
    /// The column of the simple baseline (the site, the tenure), where its name does not tell.
    #[arg(long, value_name = "COLUMN")]
    baseline: Option<String>,
    /// Leaves a column out, such as one that was written down afterwards. Can be given again.
    #[arg(long, value_name = "COLUMN")]
    drop: Vec<String>,
    /// Same seed, same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints the same figures as JSON.
    #[arg(long)]
    json: bool,
}

/// Judges, and prints what it came to.
pub async fn run(model: Model) -> Result<ExitCode> {
    let Model::Backtest(backtest) = model;
    let (subject, arguments) = match backtest {
        Backtest::ShiftFill(arguments) => (Subject::ShiftFill, arguments),
        Backtest::Churn(arguments) => (Subject::Churn, arguments),
    };
    let file = arguments.csv.display().to_string();
    let json = arguments.json;
    // Seconds of pure reckoning: not on the thread that listens for Ctrl-C.
    let judging = tokio::task::spawn_blocking(move || judge(subject, arguments));
    let judged = judging.await.map_err(|error| Error::io("judging the model")(std::io::Error::other(error)))?;
    match judged {
        Ok(report) => print(&report, json),
        Err(Error::Invalid(what)) => {
            eprintln!("muster: {file}: {what}");
            Ok(ExitCode::from(2))
        }
        // Exit code 1 says that a model is no better: what could not be read at all is another thing.
        Err(error) => {
            eprintln!("muster: {file}: {error}");
            Ok(ExitCode::from(2))
        }
    }
}

fn judge(subject: Subject, arguments: Arguments) -> Result<Report> {
    let path = &arguments.csv;
    let file = File::open(path).map_err(|error| Error::Invalid(format!("it cannot be opened: {error}")))?;
    let asked = Asked {
        target: arguments.target,
        positive: arguments.positive,
        split: arguments.time.zip(arguments.split),
        folds: arguments.folds,
        baseline: arguments.baseline,
        drop: arguments.drop,
    };
    Sheet::read(file, subject, &asked)?.judged(subject, arguments.seed)
}

fn print(report: &Report, json: bool) -> Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        print!("{report}");
    }
    Ok(if report.verdict.shown { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
