//! `/admin/webhooks`: which other systems are told what happens, and did they hear it?

mod fns;
mod page;

pub use page::WebhooksPage;

/// The address of the page.
pub const PAGE: &str = "/admin/webhooks";
