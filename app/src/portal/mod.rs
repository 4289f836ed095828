//! `/client`: how do our sites fare?

mod page;
pub(crate) mod report;

pub use page::PortalPage;

/// The address of the page.
pub const PAGE: &str = "/client";
