//! `/me`: how am I doing, why did it move, and what would move it?

pub mod api;
mod fns;
mod offers;
mod page;
pub(crate) mod score;
pub(crate) mod thanks;
mod work;

pub use page::MePage;
pub(crate) use page::own_worker;
