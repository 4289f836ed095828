//! One worker of a team, as the supervisor sees them: whether they are of the team, and their last days.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Viewer, store};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::audit;
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// What was recorded of a worker on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WorkDay {
    /// The day.
    pub day: NaiveDate,
    /// Shifts scheduled.
    pub scheduled: i32,
    /// Shifts attended.
    pub attended: i32,
    /// Shifts clocked in on time.
    pub on_time: i32,
    /// Absences without a call.
    pub ncns: i32,
    /// Minutes late.
    pub late_minutes: i32,
    /// Tasks due.
    pub tasks_due: i32,
    /// Tasks completed.
    pub tasks_completed: i32,
    /// Checkpoints planned.
    pub checkpoints_planned: i32,
    /// Checkpoints visited.
    pub checkpoints_visited: i32,
    /// Work orders closed that had a deadline.
    pub orders_sla_judged: i32,
    /// Work orders closed by it.
    pub orders_sla_hit: i32,
}

/// Makes sure that the viewer may see this worker of this site, and writes down that they do: every time.
///
/// # Errors
/// [`Error::Forbidden`] for a site out of scope or where names are not shown, [`Error::NotFound`] for a worker whose home
/// it is not.
pub async fn worker_of(tx: &mut OrgTx, viewer: &Viewer, site: SiteId, worker: WorkerId) -> Result<()> {
    viewer.scope.narrowed_to(Some(site))?;
    if !viewer.scope.names {
        return Err(Error::Forbidden("names"));
    }
    if !store::is_home(tx, site, worker).await? {
        return Err(Error::NotFound("worker"));
    }
    if viewer.worker != Some(worker) {
        audit::record(tx, viewer.user, audit::LOOKED_AT_SCORE, "worker", Some(worker.0), None, viewer.now).await?;
    }
    Ok(())
}

/// The days of a period on which there was something to do, newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn work_days(tx: &mut OrgTx, worker: WorkerId, period: Period, limit: i64) -> Result<Vec<WorkDay>> {
    store::work_days(tx, worker, period, limit).await
}
