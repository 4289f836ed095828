//! `/coaching`: whom to talk with today, and why?

pub mod api;
mod cards;
mod entry;
mod fns;
mod page;

pub use cards::sessions;
pub use page::CoachingPage;
