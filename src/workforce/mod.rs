//! `/people`: is work shared fairly, may everybody work who does, and who stays? Words are about people, not resources.
//!
//! The formulas are pure: how evenly something is shared ([`Sharing`]), how far groups lie apart ([`Monitor`]), how long
//! people stay ([`kaplan_meier`]), who is reliable ([`most_reliable`]), and what is never broken out ([`suppress`]). The
//! night adds days up to weeks and works the whole organization's page out ahead.

mod certified;
pub mod figures;
mod filter;
mod leaving;
mod monitor;
mod part;
mod person;
pub mod ratio;
mod reliable;
mod sharing;
mod suppress;
mod survival;

#[cfg(feature = "server")]
mod kept;
#[cfg(feature = "server")]
mod page;
#[cfg(feature = "server")]
mod sheets;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
mod summary;
#[cfg(feature = "server")]
mod weeks;

pub use certified::{Certified, FOR_GOOD, Held, Standing};
pub use filter::{Asked, By, Filter, PAGE};
pub use leaving::{Count, Employment, Leaving};
pub use monitor::{Dimension, Group, Line, Monitor};
pub use part::{Among, Part, SiteLine, sites_of};
pub use person::{Measure, Person, Portion, Share, Tenure, Work};
pub use reliable::{MOST, MostReliable, Reliable, most_reliable};
pub use sharing::{Bar, Sharing};
pub use suppress::{FEWEST, suppress};
pub use survival::{Spell, Step, Survival, kaplan_meier};

#[cfg(feature = "server")]
pub use kept::keep;
#[cfg(feature = "server")]
pub use page::{Overview, overview};
#[cfg(feature = "server")]
pub use sheets::{SHEETS, sheets};
#[cfg(feature = "server")]
pub use store::{TREND, TrendPoint};
#[cfg(feature = "server")]
pub use summary::{Scoped, Summary};
#[cfg(feature = "server")]
pub use weeks::rebuild as rebuild_weeks;
