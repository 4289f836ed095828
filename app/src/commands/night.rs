//! `muster backfill` and `muster jobs`: the night by hand.

use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use muster::clock::Clock;
use muster::config::Settings;
use muster::database::Database;
use muster::mail::{self, Post};
use muster::night::{self, Entry, Job, Progress};
use muster::people::{Organization, all_organizations, organization_by_slug};
use muster::queue::{self, Line, Pace};
use muster::webhooks::{self, Reach};
use muster::{Error, Result};

use super::{Source, told_to_stop};

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
        /// Its name in the list, or all.
        name: String,
        /// Short name of the organization; all by default.
        #[arg(long)]
        org: Option<String>,
    },
    /// Lists the timetable with its next and last runs, and what waits or was given up.
    List,
    /// Does what waits in the queue, beside or instead of a server, until told to stop: `muster jobs work`
    Work {
        /// Ends when nothing waits that is due: `muster jobs work --until-empty`
        #[arg(long)]
        until_empty: bool,
    },
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
        let (name, org) = match self {
            Self::Run { name, org } => (name, org),
            Self::List => return list().await,
            Self::Work { until_empty } => return work(until_empty).await,
        };
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

async fn work(until_empty: bool) -> Result<ExitCode> {
    let source = Source::open().await?;
    let settings = Settings::load()?;
    let db = source.migrated(settings.connections).await?;
    let hands = mail::hands(night::hands(&db, Clock::system()), &db, Post::of(&settings)?);
    let hands = webhooks::hands(hands, &db, Reach::Public);
    if until_empty {
        let done = queue::drain(hands).await?;
        println!("{done} jobs");
    } else {
        queue::work(hands, Pace::default(), told_to_stop()).await?;
    }
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}

async fn list() -> Result<ExitCode> {
    let source = Source::open().await?;
    let db = source.migrated(2).await?;
    let now = Clock::system().now();
    let mut global = db.global().await?;
    for org in all_organizations(&mut global).await? {
        println!("{} ({}):", org.slug, org.zone);
        for entry in night::timetable(&mut global, &org, now).await? {
            println!("  {}", timetable_line(&entry, &org));
        }
        for line in queue::open(&mut global, org.id, 50).await? {
            println!("  {}", queue_line(&line, &org));
        }
    }
    let health = queue::health(&mut global, now).await?;
    println!(
        "queue: {} waiting, {} running, {} overdue, {} given up within a day; instances at work: {}",
        health.waiting, health.running, health.overdue, health.failed, health.instances
    );
    global.commit().await?;
    db.close().await;
    source.release()?;
    Ok(ExitCode::SUCCESS)
}

fn timetable_line(entry: &Entry, org: &Organization) -> String {
    let when = entry.weekday.map_or("each day".to_owned(), |day| format!("{day}"));
    let next = entry.next.with_timezone(&org.zone).format("%Y-%m-%d %H:%M %Z");
    let last = entry.last.as_ref().map_or("never yet".to_owned(), |line| outcome(line, org));
    format!("{}  {:8}  {:14} next {next}; last: {last}", entry.at, when, entry.job.name())
}

fn outcome(line: &Line, org: &Organization) -> String {
    let at = line.started_at.unwrap_or(line.asked_at).with_timezone(&org.zone).format("%Y-%m-%d %H:%M:%S");
    let took = line.started_at.zip(line.finished_at).and_then(|(begun, ended)| (ended - begun).to_std().ok());
    let took = took.map(|took| format!(" in {}", HumanDuration(took))).unwrap_or_default();
    format!("{at} {}, {} rows{took}", line.state.name(), line.rows.unwrap_or(0))
}

fn queue_line(line: &Line, org: &Organization) -> String {
    let progress = line.done.zip(line.of).map(|(done, of)| format!(", {done} of {of}")).unwrap_or_default();
    let next = line.next_try.map(|at| at.with_timezone(&org.zone).format(", next try %Y-%m-%d %H:%M:%S").to_string());
    let error = line.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    let (state, next) = (line.state.name(), next.unwrap_or_default());
    format!("{state:8} {:14} try {} of {}{progress}{next}{error}", line.job, line.attempts, line.tries)
}
