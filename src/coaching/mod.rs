//! Whom to talk with this morning, and why? Signals → priority → the queue → a conversation, and whether it helped.
//!
//! - [`Signal`]s are judged from what a worker's days show, each with the evidence it rests on; [`priority`] combines
//!   them, so that anybody can repeat the order of the queue by hand from the numbers shown.
//! - [`rebuild`] is the morning job: it suggests, brings back, lets lapse, and never lists anybody twice.
//! - [`act`] is what a supervisor does with an entry; [`undo`] takes the last step back.
//!
//! Churn risk is no signal here: it is HR's alone.

pub mod effect;
mod plan;
mod priority;
mod signal;
mod state;
pub mod words;

pub use plan::{Known, Plan, comes_back, plan, remembered};
pub use priority::{QUEUED_AT, priority};
pub use signal::{
    CERTIFICATION_SOON, Certificate, Code, DAYS_OF_GOLD, Evidence, Kept, Late, Signal, WINDOW_OF_STREAKS,
};
pub use state::{Kind, State};

#[cfg(feature = "server")]
mod act;
#[cfg(feature = "server")]
mod judge;
#[cfg(feature = "server")]
mod queue;
#[cfg(feature = "server")]
mod rebuild;
#[cfg(feature = "server")]
mod store;

#[cfg(feature = "server")]
pub use act::{Action, Done, SECONDS_TO_UNDO, act, undo};
#[cfg(feature = "server")]
pub use queue::{
    Counts, Entry, Filter, PAGE, Page, Resolved, Session, Shown, Step, counts, entry_of, history, page, sessions_of,
    steps,
};
#[cfg(feature = "server")]
pub use rebuild::{rebuild, rebuild_worker};
