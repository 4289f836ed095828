//! A worker says that a scored fact is wrong. Filing comes from the worker's own page; the ruling is the supervisor's.
//! An upheld dispute takes the fact out of the sums of its day (see `metrics`).

mod fact;
pub use fact::{Fact, SHORTEST_NOTE, check_note};

#[cfg(feature = "server")]
mod file;
#[cfg(feature = "server")]
mod ruling;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
mod waiting;

#[cfg(feature = "server")]
pub use file::{DAYS_TO_DISPUTE, file};
#[cfg(feature = "server")]
pub use ruling::{Ruling, rule};
#[cfg(feature = "server")]
pub use store::{DisputableFact, Dispute, disputable_facts, disputes_after, disputes_of};
#[cfg(feature = "server")]
pub use waiting::{PAGE, State, Waiting, counts, waiting, worker_of};
