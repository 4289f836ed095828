//! Is the machinery well, and how does whoever watches it from outside learn that? `/admin/system`, the card on `/alignment`, REST,
//! `/status`, and what Prometheus reads at an address of its own.

pub(crate) mod api;
mod card;
mod figures;
mod health;
mod meter;
mod page;
mod status;
mod window;

pub use card::card;
pub use figures::watched;
pub use meter::{Meter, measured};
pub use page::SystemPage;
pub use status::{STATUS, areas, status};

/// The address of the page.
pub const PAGE: &str = "/admin/system";
