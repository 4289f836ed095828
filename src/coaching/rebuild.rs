//! The morning job: suggests, refreshes, brings back, lets lapse.

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::judge::{Judged, signals};
use super::store::items::{self, Changes, Latest, Put};
use super::{Kind, Known, Plan, plan, priority, remembered};
use crate::Result;
use crate::database::OrgTx;
use crate::units::WorkerId;

/// An entry that lapsed within these days is the same matter when its signals return.
const SAME_MATTER: u64 = 28;

/// Makes the queue of the morning after `last`: every employed worker is judged, nobody is listed twice, answers stand.
/// Run again it changes nothing. Returns the rows written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    rebuild_of(tx, None, last, now).await
}

/// The same for one worker, after a ruling has changed what is known.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rebuild_worker(tx: &mut OrgTx, worker: WorkerId, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    rebuild_of(tx, Some(&[worker.0]), last, now).await
}

async fn rebuild_of(tx: &mut OrgTx, of: Option<&[Uuid]>, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    items::lock_queue(tx).await?;
    let judged = signals(tx, of, last).await?;
    let latest = items::latest(tx, of).await?;
    let today = last + Days::new(1);
    let mut changes = Changes::new(today, now);
    let nothing = Judged::default();
    let mut workers: Vec<Uuid> = judged.keys().copied().chain(latest.keys().map(|(worker, _)| *worker)).collect();
    workers.sort_unstable();
    workers.dedup();
    for worker in workers {
        let judged = judged.get(&worker).unwrap_or(&nothing);
        for kind in Kind::ALL {
            change(&mut changes, worker, kind, judged, latest.get(&(worker, kind)));
        }
    }
    items::store(tx, changes).await
}

/// Notes what today's signals mean for one worker's entry of one kind.
fn change(changes: &mut Changes, worker: Uuid, kind: Kind, judged: &Judged, latest: Option<&Latest>) {
    let now = judged.of(kind);
    let known = latest.map(|it| Known {
        state: it.state,
        answered: it.answered.clone(),
        recent: it.judged_on + Days::new(SAME_MATTER) >= changes.today,
    });
    let put = |id| Put { id, worker, kind, priority: priority(now), signals: now.to_vec() };
    match (plan(kind, now, known.as_ref()), latest) {
        (Plan::Nothing, _) | (Plan::Refresh | Plan::BringBack | Plan::Lapse | Plan::Remember, None) => {}
        (Plan::Suggest, _) => changes.suggest.push(put(Uuid::now_v7())),
        // A planned conversation whose signals went away keeps the evidence it was planned for.
        (Plan::Refresh, Some(_)) if now.is_empty() => {}
        (Plan::Refresh, Some(it)) => changes.refresh.push(put(it.id)),
        (Plan::BringBack, Some(it)) => changes.bring_back.push((put(it.id), it.version + 1)),
        (Plan::Lapse, Some(it)) => changes.lapse.push((it.id, it.version + 1)),
        (Plan::Remember, Some(it)) => {
            let kept = remembered(now, &it.answered);
            if kept.len() < it.answered.len() {
                changes.remember.push((it.id, kept));
            }
        }
    }
}
