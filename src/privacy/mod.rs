//! What is held about a person, why, for how long, and how it is forgotten.
//!
//! The [`HOLDINGS`] are the one register: what a person downloads, what is shown as held, and what an erasure does are
//! all read from it. A table that is neither there nor among the [`IMPERSONAL`] fails a test.

#[cfg(feature = "server")]
mod consent;
#[cfg(feature = "server")]
mod erase;
#[cfg(feature = "server")]
mod find;
#[cfg(feature = "server")]
mod held;
mod register;
#[cfg(feature = "server")]
mod retention;
#[cfg(feature = "server")]
mod words;

#[cfg(feature = "server")]
pub use consent::{Consent, Purpose, agree, consents, has_agreed, withdraw};
#[cfg(feature = "server")]
pub use erase::{Erasure, FORGOTTEN, erase, erasures};
#[cfg(feature = "server")]
pub use find::{Found, find_people};
#[cfg(feature = "server")]
pub use held::{Download, Held, Person, download, held, person_of_user, person_of_worker};
pub use register::{Fate, HOLDINGS, Holding, IMPERSONAL};
#[cfg(feature = "server")]
pub use retention::{Settings, change_settings, settings, tidy};
