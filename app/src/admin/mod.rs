//! `/admin`: whose data is held for how long, and who asked to be forgotten? `/admin/jobs`: what runs when?

mod fns;
pub mod jobs;
mod page;
pub mod quality;
pub mod webhooks;

pub use page::AdminPage;

/// The address of the page.
pub const PAGE: &str = "/admin";
