//! The one binary: `muster serve | demo | migrate | import | …`.

mod commands;

use std::process::ExitCode;

use clap::Parser;
use muster::config::{LogFormat, Settings};

/// A page is thousands of small strings: a seventh of its time went into the usual allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    match Settings::load() {
        Ok(settings) => start_logging(&settings, cli.reckons()),
        // The doctor says itself what is wrong with them.
        Err(_) if cli.is_doctor() => {}
        Err(error) => {
            eprintln!("muster: {error}");
            return ExitCode::FAILURE;
        }
    }
    match cli.run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("muster: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Structured logs on standard error, as the settings say. Of who reckons with years of facts, slow statements are no news.
fn start_logging(settings: &Settings, reckons: bool) {
    use tracing_subscriber::EnvFilter;
    let log = if reckons { format!("sqlx::query=error,{}", settings.log) } else { settings.log.clone() };
    let logs = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(log)).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Json => logs.json().init(),
        LogFormat::Text => logs.compact().init(),
    }
}
