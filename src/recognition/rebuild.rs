//! Recognition follows the days that metrics has built.

use chrono::NaiveDate;
use uuid::Uuid;

use super::award::{award, milestones, sync_definitions};
use super::careers::{Changed, follow};
use super::store;
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// Brings streaks and achievements up to the days built since the last call, up to and including `last`. Returns the
/// rows written. Run again it changes nothing; whatever way the days were split, the rows are the same.
///
/// # Errors
/// [`crate::Error::Database`], and what is pending stays so; [`crate::Error::Misconfigured`] for an unknown rule.
pub async fn rebuild(tx: &mut OrgTx, last: NaiveDate) -> Result<u64> {
    rebuild_of(tx, None, last).await
}

/// The same for one worker, after a ruling; what is pending of others, or of everybody, stays so.
///
/// # Errors
/// [`crate::Error::Database`], [`crate::Error::Misconfigured`] for an unknown rule.
pub async fn rebuild_worker(tx: &mut OrgTx, worker: WorkerId, last: NaiveDate) -> Result<u64> {
    rebuild_of(tx, Some(worker.0), last).await
}

async fn rebuild_of(tx: &mut OrgTx, of: Option<Uuid>, last: NaiveDate) -> Result<u64> {
    store::pending::one_at_a_time(tx).await?;
    sync_definitions(tx).await?;
    let definitions = store::awards::definitions(tx).await?;
    let pending = store::pending::take(tx, of, last).await?;
    if pending.is_empty() {
        return Ok(0);
    }
    let mut changed = Changed::default();
    for it in &pending {
        changed.add(it.worker, it.days.first);
    }
    let followed = follow(tx, &changed, last, &milestones(&definitions)).await?;
    Ok(followed.rows + award(tx, &definitions, &pending, &followed, last).await?)
}
