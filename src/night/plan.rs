//! What the timetable asks for, and who in the queue knows how to do it.

use chrono::{DateTime, NaiveTime, Utc, Weekday};
use serde_json::json;
use sqlx::PgConnection;

use super::{Job, Progress, TIMETABLE, WITHIN_A_DAY, alone, jobs, slot};
use crate::clock::Clock;
use crate::database::{Database, GlobalTx};
use crate::people::{Organization, all_organizations, organization};
use crate::queue::{Hands, Held, Line, Order, enqueue, latest};
use crate::reports::schedules;
use crate::units::{JobId, OrgId, UserId};
use crate::{Error, Result};

/// Puts into the queue what is due by the timetable and by the schedules of reports, and was not asked for yet on its local date, for every organization.
/// Asked by many instances at once, each slot is put there once. Returns how many were.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn plan(db: &Database, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.global().await?;
    let organizations = all_organizations(&mut tx).await?;
    tx.commit().await?;
    let mut put = 0;
    for org in organizations {
        let mut tx = db.global().await?;
        for (rank, (job, at, weekday)) in (0..).zip(TIMETABLE) {
            let Some(slot) = slot::due(org.zone, time(at)?, *weekday, now) else { continue };
            let order = Order::new(job.name()).of_slot(slot).in_lane(lane(org.id), rank);
            put += u64::from(enqueue(&mut tx, org.id, order, now).await?.is_some());
        }
        for (rank, (job, times)) in (AFTER_THE_OTHERS..).zip(WITHIN_A_DAY) {
            let Some((date, at)) = slot::due_within(org.zone, &several(times)?, now) else { continue };
            let key = format!("{date} {}", at.format("%H:%M"));
            let order = Order::new(job.name()).of_slot(date).keyed(key).in_lane(lane(org.id), rank);
            put += u64::from(enqueue(&mut tx, org.id, order, now).await?.is_some());
        }
        tx.commit().await?;
    }
    Ok(put + schedules::plan(db, now).await?)
}

/// Asks for a job outside its hours. `None`: it was asked for already and has not begun.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn ask(
    connection: &mut PgConnection,
    org: OrgId,
    job: Job,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<JobId>> {
    let waits = sqlx::query_scalar!(
        r#"select exists (select from job_runs where org_id = $1 and job = $2 and state = 'queued') as "waits!""#,
        org.0,
        job.name()
    )
    .fetch_one(&mut *connection)
    .await?;
    if waits {
        return Ok(None);
    }
    let within = || {
        WITHIN_A_DAY.iter().position(|(it, _)| *it == job).map(|it| it + usize::from(AFTER_THE_OTHERS.unsigned_abs()))
    };
    let place = TIMETABLE.iter().position(|(it, ..)| *it == job).or_else(within);
    let rank = place.and_then(|it| i16::try_from(it).ok()).unwrap_or(0);
    let mut order = Order::new(job.name()).in_lane(lane(org), rank).with(json!({ "by_hand": true }));
    if let Some(user) = by {
        order = order.by(user);
    }
    enqueue(connection, org, order, now).await
}

/// Who knows how to do every job of the timetable, and scheduled reports.
#[must_use]
pub fn hands(db: &Database, clock: Clock) -> Hands {
    let reporting = schedules::hands(Hands::new(db.clone(), clock), db);
    Job::ALL.into_iter().fold(reporting, |hands, job| {
        let db = db.clone();
        hands.can(job.name(), move |held| {
            let db = db.clone();
            async move { perform(&db, job, &held).await }
        })
    })
}

async fn perform(db: &Database, job: Job, held: &Held) -> Result<u64> {
    let mut tx = db.global().await?;
    let org = organization(&mut tx, held.org).await?;
    tx.commit().await?;
    let alone = alone(db, job, org.id).await?;
    let watch = |progress: Progress| held.progress(progress.done, progress.of);
    let outcome = jobs::perform(db, &org, job, held.now, &watch).await;
    alone.commit().await?;
    outcome
}

/// The jobs of an organization are done one after the other: each leans on what the one before it wrote.
fn lane(org: OrgId) -> String {
    format!("night {org}")
}

/// The rank from which jobs come that lean on all of the timetable.
const AFTER_THE_OTHERS: i16 = 100;

fn several(times: &str) -> Result<Vec<NaiveTime>> {
    times.split(", ").map(time).collect()
}

pub(super) fn time(at: &str) -> Result<NaiveTime> {
    at.parse().map_err(|_| Error::Misconfigured(format!("timetable: {at} is no time")))
}

/// A line of the timetable, as an organization sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Which job.
    pub job: Job,
    /// At what local time, or times.
    pub at: &'static str,
    /// On which weekday; `None`: each day.
    pub weekday: Option<Weekday>,
    /// When next.
    pub next: DateTime<Utc>,
    /// The latest time it was asked for.
    pub last: Option<Line>,
}

/// The timetable of an organization with what became of it last.
///
/// # Errors
/// [`Error::Database`].
pub async fn timetable(tx: &mut GlobalTx, org: &Organization, now: DateTime<Utc>) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(TIMETABLE.len() + WITHIN_A_DAY.len());
    for &(job, at, weekday) in TIMETABLE {
        let next = slot::next(org.zone, time(at)?, weekday, now);
        let last = latest(tx, org.id, Some(job.name()), 1).await?.pop();
        entries.push(Entry { job, at, weekday, next, last });
    }
    for &(job, at) in WITHIN_A_DAY {
        let next = slot::next_within(org.zone, &several(at)?, now);
        let last = latest(tx, org.id, Some(job.name()), 1).await?.pop();
        entries.push(Entry { job, at, weekday: None, next, last });
    }
    Ok(entries)
}
