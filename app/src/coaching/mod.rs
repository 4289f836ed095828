//! `/coaching`: whom to talk with today, and why?

mod cards;
mod entry;
mod fns;
mod page;

pub use cards::sessions;
pub use page::CoachingPage;
