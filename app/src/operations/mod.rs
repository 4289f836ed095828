//! `/operations`: what is about to go wrong in the next 48 hours, while it can still be mended?

mod address;
pub(crate) mod api;
mod fns;
mod forms;
mod lists;
pub(crate) mod live;
mod page;
mod risk;
mod roster;
mod tiles;

pub use live::{MOST_OF_ONE, Streams};
pub use page::OperationsPage;
pub use roster::{ProposalPage, RosterPage};
pub use tiles::LiveModule;
