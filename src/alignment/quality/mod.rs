//! Can the numbers be trusted? Every six hours the recent facts are looked through for what belongs to nothing, is there twice,
//! lacks something, went quiet or cannot be; what is found can be read down to the row.

mod check;
mod score;
pub mod unusual;

#[cfg(feature = "server")]
mod find;
#[cfg(feature = "server")]
mod read;
#[cfg(feature = "server")]
mod run;
#[cfg(feature = "server")]
mod settings;

pub use check::{Check, Family};
pub use score::{MINOR_FROM, Tally, score, word};

#[cfg(feature = "server")]
pub use read::{Checked, Course, Finding, Findings, Quality, findings, latest, readings, runs};
#[cfg(feature = "server")]
pub use run::{KEPT_FINDINGS, forget_old, run};
#[cfg(feature = "server")]
pub use settings::{Settings, set_settings, settings};
