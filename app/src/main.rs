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
    use tracing_subscriber::filter::{EnvFilter, Targets};
    use tracing_subscriber::layer::{Layer, SubscriberExt};
    use tracing_subscriber::util::SubscriberInitExt;
    let log = if reckons { format!("sqlx::query=error,{}", settings.log) } else { settings.log.clone() };
    let written = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let written = match settings.log_format {
        LogFormat::Json => written.json().boxed(),
        LogFormat::Text => written.compact().boxed(),
    };
    // Who asks for targets alone, as is usual, need not have each step of each request looked up among the rules for spans.
    match log.parse::<Targets>() {
        Ok(targets) => tracing_subscriber::registry().with(written).with(targets).init(),
        Err(_) => tracing_subscriber::registry().with(written).with(EnvFilter::new(log)).init(),
    }
}
