//! `/privacy`: what is held about me, what for, and what did I agree to?

mod files;
mod fns;
mod page;

pub use files::{as_csv, as_json};
pub use page::PrivacyPage;
pub(crate) use page::holdings;

/// The address of the page.
pub const PAGE: &str = "/privacy";
/// Everything as JSON.
pub const JSON: &str = "/privacy/data.json";
/// Everything as CSV.
pub const CSV: &str = "/privacy/data.csv";
