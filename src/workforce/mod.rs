//! `/people`: is work shared fairly, may everybody work who does, and who stays? Words are about people, not resources.
//!
//! The formulas are pure: how evenly something is shared ([`Sharing`]), how far groups lie apart ([`Monitor`]), how long
//! people stay ([`kaplan_meier`]), who is reliable ([`most_reliable`]), and what is never broken out ([`suppress`]).

mod monitor;
mod person;
pub mod ratio;
mod reliable;
mod sharing;
mod suppress;
mod survival;

pub use monitor::{Dimension, Group, Line, Monitor};
pub use person::{Measure, Person, Share, Tenure, Work, utilization};
pub use reliable::{MOST, MostReliable, Reliable, most_reliable};
pub use sharing::{Bar, Sharing};
pub use suppress::{FEWEST, suppress};
pub use survival::{Spell, Step, Survival, kaplan_meier};
