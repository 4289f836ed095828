//! The product itself: who uses what of it, and how does it fare as a business?
//!
//! [`events`] is the closed list of what is noted and what makes an event refused; [`record`] writes a batch of them, of those
//! users alone who agreed. [`rebuild`] sums an organization's days and tells the platform's organization its totals. [`kpis`]
//! measures the business over all organizations, and [`live`] what goes on right now.

pub mod events;
pub mod visitor;

#[cfg(feature = "server")]
mod days;
#[cfg(feature = "server")]
mod growth;
#[cfg(feature = "server")]
mod kpi;
#[cfg(feature = "server")]
mod now;
#[cfg(feature = "server")]
mod record;

#[cfg(feature = "server")]
pub use days::{rebuild, tidy};
#[cfg(feature = "server")]
pub use growth::{kpis, sums, sums_of};
#[cfg(feature = "server")]
pub use kpi::{CODES, GROSS_MARGIN, MONTH, Missing, Parts, ProductKpi, Sums, WINDOW, measure};
#[cfg(feature = "server")]
pub use now::{Live, live, live_everywhere};
#[cfg(feature = "server")]
pub use record::{Event, record};
