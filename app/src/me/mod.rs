//! `/me`: the worker's own page.

pub mod api;
mod fns;
mod page;

pub use page::MePage;
