//! Facts → days: what each worker and each team did on each business day, as sums that can be added.
//!
//! [`Sums`] is the contract: one integer per numerator and denominator of spec 3.1. Windows of days are added up first
//! and divided once, by [`crate::scoring`]. With `server`: the verbs that rebuild days out of facts.

mod month;
mod quarter;
mod sums;
mod window;

pub use month::Month;
pub use quarter::Quarter;
pub use sums::Sums;
pub use window::{Period, SAFETY_DAYS, WINDOW_DAYS};

#[cfg(feature = "server")]
mod days;
#[cfg(feature = "server")]
pub mod dirty;
#[cfg(feature = "server")]
mod read;
#[cfg(feature = "server")]
mod teams;

#[cfg(feature = "server")]
pub use days::{Selection, rebuild};
#[cfg(feature = "server")]
pub use read::{DayScore, day_scores, records_shifts, window_sums, worker_sums};
#[cfg(feature = "server")]
pub(crate) use read::{read_sums, sum_list};
#[cfg(feature = "server")]
pub use teams::rebuild_teams;
