//! `/me`: how am I doing, why did it move, and what would move it? The read model of a worker's own page and its JSON twin.

mod filter;
mod whose;
pub mod words;
pub use filter::{DEFAULT_TREND_DAYS, Filter};
pub use whose::Whose;

#[cfg(feature = "server")]
pub mod figures;
#[cfg(feature = "server")]
mod overview;
#[cfg(feature = "server")]
mod shifts;
#[cfg(feature = "server")]
mod store;

#[cfg(feature = "server")]
pub use overview::{Notes, Overview, Person, TrendPoint, overview, trend};
#[cfg(feature = "server")]
pub use shifts::{OwnShift, own_shifts};
#[cfg(feature = "server")]
pub use store::{Certificate, Look, certificates, looks, looks_after};
