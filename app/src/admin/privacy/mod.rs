//! `/admin/privacy`: whose data is held for how long, and who asked to be forgotten?

mod fns;
mod page;

pub use page::PersonalDataPage;

/// The address of the page.
pub const PAGE: &str = "/admin/privacy";
