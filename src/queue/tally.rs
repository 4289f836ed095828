//! What this process has done since it began, by job: for those who watch it from outside. The ledger has the history.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Tries of one job by this process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tries {
    /// That ended well.
    pub done: u64,
    /// That failed, whether or not they are tried again.
    pub failed: u64,
    /// How long all of them took together, in seconds.
    pub seconds: f64,
}

/// Counts what this process does.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<String, Tries>>>);

impl Tally {
    /// One more try.
    pub(super) fn add(&self, job: &str, well: bool, took: Duration) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = tries.entry(job.to_owned()).or_default();
        tries.done += u64::from(well);
        tries.failed += u64::from(!well);
        tries.seconds += took.as_secs_f64();
    }

    /// What was done, by job.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Tries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
