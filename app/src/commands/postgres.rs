//! `muster postgres`: the embedded server by itself, for `psql`, `pg_dump` and the like.

use std::ffi::OsString;
use std::process::ExitCode;

use muster::{Error, Result};
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::{Source, told_to_stop};

/// Runs a program against the embedded Postgres, or the embedded Postgres alone until Ctrl-C.
///
/// The program finds `DATABASE_URL`, and PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, in its environment:
///     muster postgres -- psql
///     muster postgres -- pg_dump --format=custom --file=muster.dump
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The program and its arguments.
    #[arg(last = true)]
    program: Vec<OsString>,
}

/// Runs it; its exit code is ours.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let source = Source::embedded().await?;
    let code = match arguments.program.split_first() {
        Some((program, rest)) => run_against(source.url(), program, rest).await?,
        None => {
            println!("{}", source.url());
            told_to_stop().await;
            ExitCode::SUCCESS
        }
    };
    source.release()?;
    Ok(code)
}

async fn run_against(url: &str, program: &OsString, arguments: &[OsString]) -> Result<ExitCode> {
    let server: PgConnectOptions = url.parse()?;
    let password = url.split_once('@').and_then(|(user, _)| user.rsplit_once(':')).map_or("", |(_, password)| password);
    let mut child = Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", url)
        .env("PGHOST", server.get_host())
        .env("PGPORT", server.get_port().to_string())
        .env("PGUSER", server.get_username())
        .env("PGPASSWORD", password)
        .env("PGDATABASE", server.get_database().unwrap_or_default())
        .spawn()
        .map_err(Error::io(format!("running {}", program.to_string_lossy())))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::io("listening for signals"))?;
    let ended = loop {
        tokio::select! {
            ended = child.wait() => break ended.map_err(Error::io("waiting for the program"))?,
            // Ctrl-C reaches the program by itself; it decides what that means.
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => child.start_kill().map_err(Error::io("ending the program"))?,
        }
    };
    Ok(ended.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(code as u8)))
}
