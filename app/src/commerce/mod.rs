//! `/financial/revenue`, `/financial/orders`, `/financial/partners`, `/financial/customers`: orders and the money for them.

mod address;
pub(crate) mod api;
mod customers;
mod files;
mod frame;
mod nav;
mod orders;
mod partners;
mod revenue;

pub use customers::CustomersPage;
pub(crate) use files::{routes as files, send};
pub use nav::FinancialNav;
pub(crate) use nav::PAGES;
pub use orders::OrdersPage;
pub use partners::PartnersPage;
pub use revenue::RevenuePage;
