//! `/notifications`: what is new for me, and what do I not want to be told?

mod fns;
mod page;

pub use fns::open;
pub use page::NotificationsPage;
