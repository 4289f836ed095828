//! `/disputes`: which recorded facts do workers say are wrong, and who is right?

mod fns;
mod page;

pub use page::DisputesPage;
