//! What can be asked of the binary: one file per subcommand.

mod demo;
mod doctor;
mod import;
mod migrate;
mod model;
pub mod night;
pub mod people;
mod person;
mod postgres;
mod report;
pub mod serve;
mod source;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use muster::Result;
use tokio::signal::unix::{SignalKind, signal};

pub use source::Source;

/// Workforce performance analytics: how the people who keep sites running are doing, and what to do next.
#[derive(Debug, Parser)]
#[command(name = "muster", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Backfill(night::Backfill),
    /// Runs the night's jobs by hand, or lists them.
    #[command(subcommand)]
    Jobs(night::Jobs),
    /// Organizations.
    #[command(subcommand)]
    Org(people::Org),
    /// One person's data: everything that is held, and forgetting.
    #[command(subcommand)]
    Person(person::Data),
    /// Serves the pages and the API, and keeps the timetable.
    Serve,
    /// REST tokens.
    #[command(subcommand)]
    Token(people::Token),
    /// Who may sign in.
    #[command(subcommand)]
    User(people::User),
    Doctor(doctor::Arguments),
    Import(import::Arguments),
    /// Applies the migrations of this build.
    Migrate,
    /// Models: how good they would have been.
    #[command(subcommand)]
    Model(model::Model),
    Postgres(postgres::Arguments),
    /// Reports as files.
    #[command(subcommand)]
    Report(report::Report),
}

impl Cli {
    /// Whether it asks what is wrong.
    pub fn is_doctor(&self) -> bool {
        matches!(self.command, Command::Doctor(_))
    }

    /// Whether it goes through many facts, as nobody does who waits for a page.
    pub fn reckons(&self) -> bool {
        matches!(self.command, Command::Demo(_) | Command::Import(_) | Command::Backfill(_) | Command::Jobs(_))
    }

    /// Does it. Interrupted, a command leaves no half-done transaction, and lets go of the embedded Postgres.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Demo(arguments) => demo::run(arguments).await,
            Command::Backfill(arguments) => interruptible(arguments.run()).await,
            Command::Jobs(jobs) => interruptible(jobs.run()).await,
            Command::Org(org) => org.run().await,
            Command::Person(data) => interruptible(data.run()).await,
            Command::Serve => serve::run(|address| println!("Muster is at {address}")).await,
            Command::Token(token) => token.run().await,
            Command::User(user) => user.run().await,
            Command::Doctor(arguments) => interruptible(doctor::run(arguments)).await,
            Command::Import(arguments) => interruptible(import::run(arguments)).await,
            Command::Migrate => interruptible(migrate::run()).await,
            Command::Model(model) => interruptible(model::run(model)).await,
            Command::Postgres(arguments) => postgres::run(arguments).await,
            Command::Report(report) => interruptible(report.run()).await,
        }
    }
}

/// Runs a command that may be broken off anywhere.
async fn interruptible(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::select! {
        result = command => result,
        () = told_to_stop() => {
            eprintln!("muster: interrupted");
            Ok(ExitCode::from(130))
        }
    }
}

/// Waits for Ctrl-C or a polite end.
pub async fn told_to_stop() {
    let mut terminate = signal(SignalKind::terminate()).expect("a signal handler can be set");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
