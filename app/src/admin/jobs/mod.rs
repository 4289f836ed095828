//! `/admin/jobs`: what runs when, what became of it, and what waits or was given up?

mod fns;
mod page;

pub use page::JobsPage;

/// The address of the page.
pub const PAGE: &str = "/admin/jobs";
