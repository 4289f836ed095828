//! `muster model`: how good a model would have been, on any table.

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use muster::models::forecast::{self, FileAsked, Missing, Rolling};
use muster::models::ltv::{self, LtvAsked, Payments};
use muster::models::{Asked, Sheet, Subject};
use muster::{Error, Result};
use serde::Serialize;

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
    /// Daily series (cost, revenue, orders …), forecast from several days of their past, against the same day of the week
    /// before.
    ///
    ///     muster model backtest forecast --csv sales.csv --series shop --date day --value sales --horizon 30 --windows 3
    ///
    /// Values of one series and day are added up. Exit code: 0 the forecast is better than the simple baseline, 1 it is
    /// not (and would not be shown to users), 2 the file was refused.
    #[command(verbatim_doc_comment)]
    Forecast(ForecastArguments),
    /// What customers will spend (BG/NBD and Pareto/NBD with Gamma-Gamma) and who will buy nothing, told at a cutoff and compared with what
    /// they then did.
    ///
    ///     muster model backtest ltv --csv orders.csv --customer customer --date day --amount paid --cutoff 2025-07-01
    ///
    /// Purchases of a day are one; amounts below zero were paid back. Exit code: 0 both are better than the simple answers,
    /// 1 not both (and would not be shown to users), 2 the file was refused.
    #[command(verbatim_doc_comment)]
    Ltv(LtvArguments),
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

/// Which series are judged.
#[derive(Debug, clap::Args)]
pub struct ForecastArguments {
    /// The table, with a header row.
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// The column that tells series apart, where the file has many.
    #[arg(long, value_name = "COLUMN")]
    series: Option<String>,
    /// The column of days (or of moments on them).
    #[arg(long, value_name = "COLUMN")]
    date: String,
    /// The column of values.
    #[arg(long, value_name = "COLUMN")]
    value: String,
    /// How many days ahead.
    #[arg(long, value_name = "DAYS", default_value_t = forecast::HORIZON)]
    horizon: usize,
    /// How many windows of so many days are forecast, one before the other, the last at the end.
    #[arg(long, value_name = "N", default_value_t = 3)]
    windows: usize,
    /// What a day without a row means.
    #[arg(long, value_name = "MEANS", value_enum, default_value_t = Gap::Auto)]
    missing: Gap,
    /// Prints the same figures as JSON.
    #[arg(long)]
    json: bool,
}

/// Whose payments are judged.
#[derive(Debug, clap::Args)]
pub struct LtvArguments {
    /// The table of payments, with a header row.
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// The column of customers.
    #[arg(long, value_name = "COLUMN")]
    customer: String,
    /// The column of days (or of moments on them).
    #[arg(long, value_name = "COLUMN")]
    date: String,
    /// The column of amounts; below zero was paid back.
    #[arg(long, value_name = "COLUMN")]
    amount: String,
    /// The first day that is held out.
    #[arg(long, value_name = "DATE")]
    cutoff: String,
    /// Same seed, same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints the same figures as JSON.
    #[arg(long)]
    json: bool,
}

/// What a day without a row means.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Gap {
    /// Zero where a day can have several rows or its day of the week hardly ever has one; else not known.
    Auto,
    /// Zero.
    Zero,
    /// Not known: nothing is judged by it.
    Unknown,
}

/// A report, whatever it is of.
struct Judged {
    words: String,
    json: String,
    shown: bool,
}

impl Judged {
    fn of(report: &(impl Display + Serialize), shown: bool) -> Result<Self> {
        Ok(Self { words: report.to_string(), json: serde_json::to_string_pretty(report)?, shown })
    }
}

/// Judges, and prints what it came to.
pub async fn run(model: Model) -> Result<ExitCode> {
    let Model::Backtest(backtest) = model;
    let (file, json) = match &backtest {
        Backtest::ShiftFill(arguments) | Backtest::Churn(arguments) => (&arguments.csv, arguments.json),
        Backtest::Forecast(arguments) => (&arguments.csv, arguments.json),
        Backtest::Ltv(arguments) => (&arguments.csv, arguments.json),
    };
    let file = file.display().to_string();
    // Seconds of pure reckoning: not on the thread that listens for Ctrl-C.
    let judging = tokio::task::spawn_blocking(move || match backtest {
        Backtest::ShiftFill(arguments) => judge(Subject::ShiftFill, arguments),
        Backtest::Churn(arguments) => judge(Subject::Churn, arguments),
        Backtest::Forecast(arguments) => forecast(&arguments),
        Backtest::Ltv(arguments) => lifetime_values(arguments),
    });
    let judged = judging.await.map_err(|error| Error::io("judging the model")(std::io::Error::other(error)))?;
    match judged {
        Ok(judged) => Ok(print(&judged, json)),
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

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::Invalid(format!("it cannot be opened: {error}")))
}

fn judge(subject: Subject, arguments: Arguments) -> Result<Judged> {
    let file = open(&arguments.csv)?;
    let asked = Asked {
        target: arguments.target,
        positive: arguments.positive,
        split: arguments.time.zip(arguments.split),
        folds: arguments.folds,
        baseline: arguments.baseline,
        drop: arguments.drop,
    };
    let report = Sheet::read(file, subject, &asked)?.judged(subject, arguments.seed)?;
    Judged::of(&report, report.verdict.shown)
}

fn forecast(arguments: &ForecastArguments) -> Result<Judged> {
    let asked = FileAsked {
        series: arguments.series.clone(),
        date: arguments.date.clone(),
        value: arguments.value.clone(),
        missing: match arguments.missing {
            Gap::Auto => Missing::Auto,
            Gap::Zero => Missing::Zero,
            Gap::Unknown => Missing::Unknown,
        },
    };
    let (series, mut notes) = forecast::read(open(&arguments.csv)?, &asked)?;
    let rolling = Rolling { series: &series, horizon: arguments.horizon, windows: arguments.windows };
    let mut report = forecast::backtest(&rolling)?;
    notes.append(&mut report.notes);
    report.notes = notes;
    Judged::of(&report, report.verdict.shown)
}

fn lifetime_values(arguments: LtvArguments) -> Result<Judged> {
    let file = open(&arguments.csv)?;
    let asked = LtvAsked {
        customer: arguments.customer,
        date: arguments.date,
        amount: arguments.amount,
        cutoff: arguments.cutoff,
    };
    let mut payments = Payments::read(file, &asked)?;
    let mut report = ltv::backtest(&payments.holdout(arguments.seed))?;
    report.notes.splice(0..0, std::mem::take(&mut payments.notes));
    Judged::of(&report, report.verdict.shown)
}

fn print(judged: &Judged, json: bool) -> ExitCode {
    if json {
        println!("{}", judged.json);
    } else {
        print!("{}", judged.words);
    }
    if judged.shown { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
