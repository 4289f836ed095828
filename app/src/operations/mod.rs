//! `/operations`: what is about to go wrong in the next 48 hours, while it can still be mended?

mod address;
mod fns;
mod forms;
mod lists;
mod page;
mod tiles;

pub use page::OperationsPage;
