//! `muster backfill` and `muster jobs`: the night by hand.

use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use muster::clock::Clock;
use muster::database::Database;
use muster::night::{self, Job, Progress, latest_runs};
use muster::people::{Organization, all_organizations, organization_by_slug};
use muster::{Error, Result};

use super::Source;

/// Rebuilds the last days of worker and team metrics out of the facts: `muster backfill --days 90`
#[derive(Debug, Args)]
pub struct Backfill {
    /// How many complete days, up to yesterday.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=4000))]
    days: u64,
    /// Short name of the organization; all by default.
    #[arg(long)]
    org: Option<String>,
}

/// The jobs of the night.
#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Runs a job now, or all of them in the order of the timetable: `muster jobs run worker-days`
    Run {
        /// worker-days, recognition, benchmarks, housekeeping or all.
        name: String,
        /// Short name of the organization; all by default.
        #[arg(long)]
        org: Option<String>,
    },
    /// Lists the timetable and the latest runs.
    List,
}

impl Backfill {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        over(self.org.as_deref(), async |db, org, bar| {
            night::backfill(db, org, self.days, Clock::system().now(), &watcher(bar)).await
        })
        .await
    }
}

impl Jobs {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let Self::Run { name, org } = self else { return list().await };
        let jobs: Vec<Job> = if name == "all" { Job::ALL.to_vec() } else { vec![name.parse()?] };
        over(org.as_deref(), async |db, org, bar| {
            let mut rows = 0;
            for job in &jobs {
                rows += night::run(db, org, *job, Clock::system().now(), &watcher(bar)).await?;
            }
            Ok(rows)
        })
        .await
    }
}

fn watcher(bar: &ProgressBar) -> impl Fn(Progress) + Send + Sync {
    let bar = bar.clone();
    move |progress| {
        bar.set_length(progress.of);
        bar.set_position(progress.done);
        bar.set_message(progress.job.name());
    }
}

async fn over(
    slug: Option<&str>,
    work: impl AsyncFn(&Database, &Organization, &ProgressBar) -> Result<u64>,
) -> Result<ExitCode> {
    let source = Source::open().await?;
    let db = source.migrated(4).await?;
    let mut global = db.global().await?;
    let organizations = match slug {
        Some(slug) => vec![organization_by_slug(&mut global, slug).await?],
        None => all_organizations(&mut global).await?,
    };
    global.commit().await?;
    for org in &organizations {
        let bar = progress_bar(&org.slug)?;
        let started = Instant::now();
        let rows = work(&db, org, &bar).await?;
        bar.finish_and_clear();
        println!("{}: {rows} rows in {:.2} s", org.slug, started.elapsed().as_secs_f64());
    }
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}

/// A bar that names the organization and the job.
pub fn progress_bar(slug: &str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{prefix} {msg:14} [{bar:30}] {pos}/{len} {elapsed} (eta {eta})")
        .map_err(|cause| Error::Misconfigured(format!("progress bar: {cause}")))?
        .progress_chars("=> ");
    Ok(ProgressBar::new(1).with_style(style).with_prefix(slug.to_owned()))
}

async fn list() -> Result<ExitCode> {
    let source = Source::open().await?;
    let db = source.migrated(2).await?;
    println!("timetable, local time of each organization:");
    for (job, at, weekday) in night::TIMETABLE {
        println!("  {at}  {}{}", job.name(), weekday.map(|day| format!("  ({day}days)")).unwrap_or_default());
    }
    let mut global = db.global().await?;
    for org in all_organizations(&mut global).await? {
        println!("{}:", org.slug);
        for run in latest_runs(&mut global, org.id, 10).await? {
            let took = run
                .finished_at
                .map(|end| HumanDuration((end - run.started_at).to_std().unwrap_or_default()).to_string());
            let error = run.error.unwrap_or_default();
            println!(
                "  {}  {:12} {:8} {:>9} rows  {}  {error}",
                run.started_at.format("%Y-%m-%d %H:%M:%S"),
                run.job,
                run.state,
                run.rows.unwrap_or(0),
                took.unwrap_or_default()
            );
        }
    }
    global.commit().await?;
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}
