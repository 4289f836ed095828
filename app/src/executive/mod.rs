//! `/executive`: six numbers, all sites side by side, and how each moves.

mod address;
pub(crate) mod api;
mod impact;
mod numbers;
mod page;
pub(crate) mod report;
mod sites;

pub use page::ExecutivePage;
