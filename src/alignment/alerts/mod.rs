//! What is off course, who has been told, and is it over? KPIs, shifts at risk, certifications, the budget, the
//! clients' health, the data, jobs, reports and the checks themselves are read every six hours; what changed goes out in one mail per recipient, and by webhook.

mod reading;
pub mod state;

#[cfg(feature = "server")]
mod act;
#[cfg(feature = "server")]
mod checks;
#[cfg(feature = "server")]
mod health;
#[cfg(feature = "server")]
mod letters;
#[cfg(feature = "server")]
mod list;
#[cfg(feature = "server")]
mod run;
#[cfg(feature = "server")]
mod store;

pub use reading::{Kind, Reading, over_budget};
pub use state::{CALM, Change, Level, Limits, MARGIN, SILENT, Severity, Standing};

#[cfg(feature = "server")]
pub use act::{acknowledge, mute};
#[cfg(feature = "server")]
pub use checks::{Check, checks};
#[cfg(feature = "server")]
pub use list::{Alert, Listed, history, open_alerts};
#[cfg(feature = "server")]
pub use run::{Outcome, forget_resolved, run};
