//! `/alignment`: is the operation on course, where not, and what to do first? The KPIs against their targets, one score over
//! them, and what is off sorted by how much it weighs.
//!
//! There are two sets of KPIs, judged by the same rules: the workforce set of an operator, and the product set by which the
//! platform judges Muster itself as a business, over all organizations. What is off course is told once ([`alerts`]); whether the
//! data behind it all can be trusted is looked at several times a day ([`quality`]).

mod actions;
pub mod alerts;
mod kpi;
pub mod quality;
mod score;
mod state;
mod target;
mod trend;

#[cfg(feature = "server")]
pub mod figures;
#[cfg(feature = "server")]
mod product;
#[cfg(feature = "server")]
mod read;
#[cfg(feature = "server")]
mod rebuild;
#[cfg(feature = "server")]
mod store;

pub use actions::{Action, actions};
pub use kpi::{Better, Kpi, Set};
pub use score::{Band, Standing, alignment, score};
pub use state::State;
pub use target::Target;
pub use trend::{BACK, Course, Fraction, Then, trend};

#[cfg(feature = "server")]
pub use product::{keeper, rebuild_product};
#[cfg(feature = "server")]
pub use read::{Alignment, By, Row, alignment_of, course_of};
#[cfg(feature = "server")]
pub use rebuild::{KEPT, rebuild};
#[cfg(feature = "server")]
pub use store::{Targets, Value, reset_target, set_target, targets, write};
