//! The timetable: every job, its hour, its order, on one screen.
//!
//! A slot is unique by (job, organization, local date) and runs at the first instant at or after its time, so daylight
//! saving neither skips nor repeats it. What is due goes into the queue, where the jobs of an organization are done one
//! after the other. Every job may be run again by hand, harmlessly.

mod jobs;
mod late;
mod plan;
mod slot;

use std::time::Instant;

use chrono::{DateTime, Utc, Weekday};

pub use jobs::{after_ruling, backfill};
pub use late::{GRACE, Late, late};
pub use plan::{Entry, ask, hands, plan, timetable};

use crate::database::{Database, GlobalTx};
use crate::people::Organization;
use crate::queue::ByHand;
use crate::units::OrgId;
use crate::{Error, Result};

/// A job of the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Days of orders and money, partners' days and customers: of yesterday and of dirty days.
    Commerce,
    /// Worker and team days of yesterday and of dirty days, with their scores.
    WorkerDays,
    /// Days with the product, of the organization and for the platform's totals.
    ProductDays,
    /// Cohorts and their benchmarks.
    Benchmarks,
    /// Models, trained anew and kept as a version.
    Models,
    /// Streaks and achievements; after the benchmarks, which one of them is measured by.
    Recognition,
    /// What each KPI was on each day, from what the night has summed.
    Kpis,
    /// Partitions ahead; expired sessions and tokens; notifications read long ago.
    Housekeeping,
    /// Who may leave, by the newest model; for hr, and no signal of the queue that follows.
    Predictions,
    /// The coaching queue of the morning, after everything it is judged from.
    Coaching,
    /// What is wrong with the recent facts.
    DataQuality,
    /// What is off course, and whom to tell; after the data it is judged from.
    Alerts,
}

/// When a job runs, org-local, in the order they run when several are due.
pub const TIMETABLE: &[(Job, &str, Option<Weekday>)] = &[
    (Job::Commerce, "01:00", None),
    (Job::WorkerDays, "02:00", None),
    (Job::Benchmarks, "02:00", Some(Weekday::Sun)),
    (Job::Recognition, "02:00", None),
    (Job::ProductDays, "02:30", None),
    (Job::Kpis, "02:30", None),
    (Job::Models, "03:00", Some(Weekday::Sun)),
    (Job::Housekeeping, "04:00", None),
    (Job::Predictions, "06:00", None),
    (Job::Coaching, "06:00", None),
];

/// Several times a day, org-local, after the jobs of [`TIMETABLE`] that are due with them. A slot is unique by (job,
/// organization, local date and time). Schedules of reports are looked at with the timetable, several times a minute; mails and
/// messages to other systems go out as soon as they are asked for.
pub const WITHIN_A_DAY: &[(Job, &str)] =
    &[(Job::DataQuality, "00:00, 06:00, 12:00, 18:00"), (Job::Alerts, "00:00, 06:00, 12:00, 18:00")];

impl Job {
    /// All jobs, in the order of the timetable.
    pub const ALL: [Self; 12] = [
        Self::Commerce,
        Self::WorkerDays,
        Self::Benchmarks,
        Self::Recognition,
        Self::ProductDays,
        Self::Kpis,
        Self::Models,
        Self::Housekeeping,
        Self::Predictions,
        Self::Coaching,
        Self::DataQuality,
        Self::Alerts,
    ];

    /// Its name on the command line and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Commerce => "commerce",
            Self::WorkerDays => "worker-days",
            Self::Recognition => "recognition",
            Self::ProductDays => "product-days",
            Self::Kpis => "kpis",
            Self::Benchmarks => "benchmarks",
            Self::Models => "models",
            Self::Housekeeping => "housekeeping",
            Self::Predictions => "predictions",
            Self::Coaching => "coaching",
            Self::DataQuality => "data-quality",
            Self::Alerts => "alerts",
        }
    }
}

impl Job {
    /// What it does, in words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Commerce => "Orders, partners and customers",
            Self::WorkerDays => "Worker and team days",
            Self::Recognition => "Streaks and achievements",
            Self::ProductDays => "Days with the product",
            Self::Kpis => "KPIs against their targets",
            Self::Benchmarks => "Cohort benchmarks",
            Self::Models => "Training of models",
            Self::Housekeeping => "Housekeeping",
            Self::Predictions => "Predictions",
            Self::Coaching => "Coaching queue",
            Self::DataQuality => "Quality of the data",
            Self::Alerts => "Alerts",
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

/// Runs one job for one organization now, past the queue, in the ledger. Returns the rows written.
///
/// # Errors
/// [`Error::Conflict`] when it runs already; else whatever the job failed of, which the ledger has too.
pub async fn run(db: &Database, org: &Organization, job: Job, now: DateTime<Utc>, watch: Watcher<'_>) -> Result<u64> {
    let alone = alone(db, job, org.id).await?;
    let line = ByHand::begin(db, org.id, job.name(), now).await?;
    let begun = Instant::now();
    let watch = |progress: Progress| {
        line.progress(progress.done, progress.of);
        watch(progress);
    };
    let outcome = jobs::perform(db, org, job, now, &watch).await;
    // Before it is said that it has ended: the same job run again at once would be told that it runs already.
    alone.commit().await?;
    line.end(outcome, now + begun.elapsed()).await
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

/// Takes care that nobody else does this job for this organization until the transaction ends, be it with its process.
async fn alone(db: &Database, job: Job, org: OrgId) -> Result<GlobalTx> {
    let mut lock = db.global().await?;
    let free: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext($1), hashtext($2))")
        .bind(job.name())
        .bind(org.to_string())
        .fetch_one(&mut *lock)
        .await?;
    if free { Ok(lock) } else { Err(Error::Conflict("the job is running already".into())) }
}
