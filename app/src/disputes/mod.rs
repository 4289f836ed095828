//! `/disputes`: which recorded facts do workers say are wrong, and who is right?

pub(crate) mod api;
mod fns;
mod list;
mod page;

pub use page::DisputesPage;
