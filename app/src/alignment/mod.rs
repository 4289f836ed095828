//! `/alignment`: is the operation on course, and what comes first where it is not?

mod address;
pub(crate) mod api;
mod cards;
mod depth;
mod how;
mod page;
mod refresh;
mod score;
mod sites;
mod table;

pub use depth::KpiPage;
pub use page::AlignmentPage;
pub use refresh::RefreshModule;
