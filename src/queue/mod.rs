//! What is still to be done, and who does it? Work that must not be lost waits in Postgres; any instance takes it, one
//! at a time does it, and its line in the ledger says how it went.
//!
//! The waiting, the taking, the growing pauses and the taking over from the dead are `graphile_worker`'s. Ours is the
//! ledger: one line per job that was asked for, kept when the queue's own row is gone.
//!
//! A job is done at least once when its process dies in the middle, so its effect must bear that: either it is idempotent,
//! or it ends the job in its own transaction by [`Held::end_with`] and so counts once.

mod ledger;
mod read;
mod tally;
mod worker;

use chrono::{DateTime, NaiveDate, Utc};
use graphile_worker::JobSpec;
use graphile_worker::sql::add_job::single::add_job;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

pub use ledger::{ByHand, forget_done};
pub use read::{GivenUp, Health, JobState, Line, given_up, health, latest, line, open};
pub use tally::{Tally, Tries};
pub use worker::{Hands, Held, Pace, drain, work};

use crate::units::{JobId, OrgId, UserId};
use crate::{Error, Result};

/// Where the library keeps its tables.
const SCHEMA: &str = "graphile_worker";
/// The library's name of everything we put in; what it is, the ledger says.
const TASK: &str = "muster";
/// The library never gives up by itself: the ledger counts.
const NEVER: i16 = i16::MAX;
/// How often a job is tried when it does not say: over about 80 minutes, after pauses of 3 s, 7 s, 20 s, 55 s, 2½, 7, 18
/// and 50 minutes.
const TRIES: i32 = 9;

/// A job to be done.
#[derive(Debug, Clone)]
#[must_use = "it is asked for by `enqueue`"]
pub struct Order<'a> {
    job: &'a str,
    key: Option<String>,
    slot: Option<NaiveDate>,
    payload: Value,
    lane: Option<String>,
    rank: i16,
    tries: i32,
    by: Option<UserId>,
    not_before: Option<DateTime<Utc>>,
}

impl<'a> Order<'a> {
    /// A job of this name, as soon as somebody is free.
    pub fn new(job: &'a str) -> Self {
        Self {
            job,
            key: None,
            slot: None,
            payload: json!({}),
            lane: None,
            rank: 0,
            tries: TRIES,
            by: None,
            not_before: None,
        }
    }

    /// Asked for twice with one key, it is done once: now and for as long as the ledger remembers.
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The job of a local date: its key, and what the ledger shows.
    pub fn of_slot(mut self, slot: NaiveDate) -> Self {
        self.slot = Some(slot);
        self.keyed(slot.to_string())
    }

    /// What whoever does it needs to know.
    pub fn with(mut self, payload: Value) -> Self {
        self.payload = payload;
        self
    }

    /// Of those that wait, a lower rank goes first; 0 if it is not said.
    pub fn ranked(mut self, rank: i16) -> Self {
        self.rank = rank;
        self
    }

    /// Jobs of one lane are done one after the other, by rank, whichever instance does them.
    pub fn in_lane(mut self, lane: impl Into<String>, rank: i16) -> Self {
        self.lane = Some(lane.into());
        self.ranked(rank)
    }

    /// How often it is tried before it is given up, at least once.
    pub fn tried(mut self, times: i32) -> Self {
        self.tries = times.max(1);
        self
    }

    /// Who asked.
    pub fn by(mut self, user: UserId) -> Self {
        self.by = Some(user);
        self
    }

    /// Not before this moment of the database's clock.
    pub fn not_before(mut self, at: DateTime<Utc>) -> Self {
        self.not_before = Some(at);
        self
    }
}

/// Asks for a job, in the caller's transaction: it is there if and only if that commits. `None`: its key was asked for
/// before.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn enqueue(
    connection: &mut PgConnection,
    org: OrgId,
    order: Order<'_>,
    now: DateTime<Utc>,
) -> Result<Option<JobId>> {
    let id = JobId(Uuid::now_v7());
    if !ledger::enter(connection, id, org, &order, now).await? {
        return Ok(None);
    }
    put(connection, id, order.lane, order.rank, order.not_before).await?;
    Ok(Some(id))
}

/// Tries a job again that was given up, from the first try on. `false`: it was not given up.
///
/// # Errors
/// [`Error::Database`], [`Error::Queue`].
pub async fn retry(connection: &mut PgConnection, org: OrgId, id: JobId) -> Result<bool> {
    let Some(lane) = ledger::reopen(connection, org, id).await? else { return Ok(false) };
    put(connection, id, lane, 0, None).await?;
    Ok(true)
}

async fn put(
    connection: &mut PgConnection,
    id: JobId,
    lane: Option<String>,
    rank: i16,
    not_before: Option<DateTime<Utc>>,
) -> Result<()> {
    let spec = JobSpec {
        queue_name: lane,
        run_at: not_before,
        max_attempts: Some(NEVER),
        job_key: Some(id.to_string()),
        priority: Some(rank),
        ..JobSpec::default()
    };
    add_job(connection, SCHEMA, TASK, json!({ "id": id }), spec, false).await.map_err(refused)?;
    Ok(())
}

/// The library's refusal, as ours.
fn refused(cause: impl std::fmt::Display) -> Error {
    Error::Queue(cause.to_string())
}
