//! The timetable: every job, its hour, its order, on one screen; and the ledger of what ran.
//!
//! A slot is unique by (job, organization, local date) and runs at the first instant at or after its time, so daylight
//! saving neither skips nor repeats it. Every job may be run again by hand, harmlessly.

mod jobs;
mod ledger;

use std::time::Instant;

use chrono::{DateTime, Datelike, NaiveTime, Utc, Weekday};

pub use jobs::{after_ruling, backfill};
pub use ledger::{Run, latest_runs};

use crate::clock::Clock;
use crate::database::Database;
use crate::people::{Organization, all_organizations};
use crate::{Error, Result};

/// A job of the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Worker and team days of yesterday and of dirty days, with their scores.
    WorkerDays,
    /// Cohorts and their benchmarks.
    Benchmarks,
    /// Models, trained anew and kept as a version.
    Models,
    /// Streaks and achievements; after the benchmarks, which one of them is measured by.
    Recognition,
    /// Partitions ahead; expired sessions and tokens; notifications read long ago.
    Housekeeping,
    /// Who may leave, by the newest model; for hr, and no signal of the queue that follows.
    Predictions,
    /// The coaching queue of the morning, after everything it is judged from.
    Coaching,
}

/// When a job runs, org-local, in the order they run when several are due.
pub const TIMETABLE: &[(Job, &str, Option<Weekday>)] = &[
    (Job::WorkerDays, "02:00", None),
    (Job::Benchmarks, "02:00", Some(Weekday::Sun)),
    (Job::Recognition, "02:00", None),
    (Job::Models, "03:00", Some(Weekday::Sun)),
    (Job::Housekeeping, "04:00", None),
    (Job::Predictions, "06:00", None),
    (Job::Coaching, "06:00", None),
];

impl Job {
    /// All jobs, in the order of the timetable.
    pub const ALL: [Self; 7] = [
        Self::WorkerDays,
        Self::Benchmarks,
        Self::Recognition,
        Self::Models,
        Self::Housekeeping,
        Self::Predictions,
        Self::Coaching,
    ];

    /// Its name on the command line and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WorkerDays => "worker-days",
            Self::Recognition => "recognition",
            Self::Benchmarks => "benchmarks",
            Self::Models => "models",
            Self::Housekeeping => "housekeeping",
            Self::Predictions => "predictions",
            Self::Coaching => "coaching",
        }
    }
}

impl std::str::FromStr for Job {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|job| job.name() == text).ok_or_else(|| {
            Error::Invalid(format!("'{text}' is not a job; the jobs are {}", Self::ALL.map(Self::name).join(", ")))
        })
    }
}

/// How far a job has come: `done` of `of` (days or weeks).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which job.
    pub job: Job,
    /// Done so far.
    pub done: u64,
    /// Of how many.
    pub of: u64,
}

/// Whoever wants to know how far a job has come.
pub type Watcher<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Runs one job for one organization now, in the ledger. Returns the rows written.
///
/// # Errors
/// Whatever the job failed of; the ledger has it too.
pub async fn run(db: &Database, org: &Organization, job: Job, now: DateTime<Utc>, watch: Watcher<'_>) -> Result<u64> {
    let run =
        ledger::begin(db, job, org.id, None, now).await?.ok_or(Error::Conflict("the job is running already".into()))?;
    let begun = Instant::now();
    let outcome = jobs::perform(db, org, job, now, watch).await;
    finish(run, outcome, now + begun.elapsed()).await
}

/// Runs every job for one organization now, in the order of the timetable.
///
/// # Errors
/// The first job's that fails.
pub async fn run_all(db: &Database, org: &Organization, now: DateTime<Utc>, watch: Watcher<'_>) -> Result<u64> {
    let mut rows = 0;
    for job in Job::ALL {
        rows += run(db, org, job, now, watch).await?;
    }
    Ok(rows)
}

/// Runs what is due by the timetable and has not run on its local date yet, for every organization. A job that fails is
/// recorded and tried again later, with growing delay; the others go on.
///
/// # Errors
/// [`Error::Database`] when the ledger itself cannot be read.
pub async fn run_due(db: &Database, clock: &Clock) -> Result<u64> {
    let mut global = db.global().await?;
    let organizations = all_organizations(&mut global).await?;
    global.commit().await?;
    let mut ran = 0;
    for org in organizations {
        for (job, at, weekday) in TIMETABLE {
            let now = clock.now();
            let local = now.with_timezone(&org.zone).naive_local();
            let at: NaiveTime = at.parse().map_err(|_| Error::Misconfigured(format!("timetable: {at} is no time")))?;
            if local.time() < at || weekday.is_some_and(|weekday| weekday != local.weekday()) {
                continue;
            }
            let Some(run) = ledger::begin(db, *job, org.id, Some(local.date()), now).await? else { continue };
            ran += 1;
            let begun = Instant::now();
            let outcome = jobs::perform(db, &org, *job, now, &|_| {}).await;
            if let Err(cause) = finish(run, outcome, now + begun.elapsed()).await {
                tracing::error!(job = job.name(), org = org.slug, %cause, "job failed");
            }
        }
    }
    Ok(ran)
}

async fn finish(run: ledger::Running, outcome: Result<u64>, at: DateTime<Utc>) -> Result<u64> {
    match outcome {
        Ok(rows) => {
            run.done(rows, at).await?;
            Ok(rows)
        }
        Err(cause) => {
            run.failed(&cause.to_string(), at).await?;
            Err(cause)
        }
    }
}
