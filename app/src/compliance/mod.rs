//! `/compliance`: may everybody work where they are sent, are hours kept, is each incident seen to, was each change written
//! down; and the file of it for an auditor.

mod address;
mod files;
mod lists;
mod page;
mod sites;
mod tiles;

pub(crate) use files::routes;
pub use page::CompliancePage;
