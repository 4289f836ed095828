//! `/team`: how is a site's team doing, who does well, and how is each of its people? The read model of the pages and of
//! their JSON twins. Who sees no names gets totals of five people or more; who does see names leaves a line in the audit log.

pub mod figures;
mod filter;
mod health;
mod histogram;
mod roster;
mod site;
mod sites;
mod store;
mod top;
mod worker;

pub use filter::{PAGE, RosterFilter};
pub use health::{Health, Median, Point, Totals};
pub use histogram::Histogram;
pub use roster::{Member, Pattern, Roster, Row};
pub use site::{Site, Team, team};
pub use sites::{SiteLine, sites};
pub use top::{MOST, Performer, TopPerformers, top_performers};
pub use worker::{WorkDay, work_days, worker_of};

pub use crate::people::audit::Viewer;

/// Fewer people than this are not told apart where their names are not shown.
pub const FEWEST: i64 = crate::scoring::cohort::FEWEST as i64;
