//! Which job of the timetable should long have been done today, and was not?

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::plan::time;
use super::{Job, TIMETABLE, slot};
use crate::Result;
use crate::clock::first_instant;
use crate::database::GlobalTx;
use crate::people::Organization;

/// A job that is not done so long after its hour is late: all of a night together takes minutes.
pub const GRACE: TimeDelta = TimeDelta::hours(2);

/// A job that is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// Which.
    pub job: Job,
    /// The local date it is for.
    pub slot: NaiveDate,
    /// When it was to begin.
    pub since: DateTime<Utc>,
}

/// The jobs of today's timetable that are late, in its order.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn late(tx: &mut GlobalTx, org: &Organization, now: DateTime<Utc>) -> Result<Vec<Late>> {
    let mut due = Vec::new();
    for &(job, at, weekday) in TIMETABLE {
        let at = time(at)?;
        let Some(slot) = slot::due(org.zone, at, weekday, now) else { continue };
        let since = first_instant(org.zone, slot, at);
        if since + GRACE <= now {
            due.push(Late { job, slot, since });
        }
    }
    let done: Vec<(String, NaiveDate)> = sqlx::query!(
        r#"select job, slot as "slot!" from job_runs where org_id = $1 and slot = any ($2) and state = 'done'"#,
        org.id.0,
        &due.iter().map(|late| late.slot).collect::<Vec<_>>()
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .map(|row| (row.job, row.slot))
    .collect();
    due.retain(|late| !done.iter().any(|(job, slot)| job == late.job.name() && *slot == late.slot));
    Ok(due)
}
