//! How did it go, and what needs somebody now? The operations report of a day and of a week. Their numbers are those that the
//! night has summed up, from the same expressions as on the pages; sites are named, people never.

mod course;
pub mod daily;
mod facts;
mod parts;
#[cfg(test)]
mod tests;
mod week;
pub mod weekly;

pub use course::{Action, Alarm, Course, Kpi, Quality};
pub use facts::{SiteWork, Work};
pub use week::Week;
