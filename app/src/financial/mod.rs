//! `/financial`: the month in money, who was paid what, and what of it leaves as files.

mod address;
pub(crate) mod ahead;
pub(crate) mod api;
pub(crate) mod files;
mod impact;
mod kinds;
mod look;
mod page;
mod payroll;
pub(crate) mod placements;
pub(crate) mod report;
mod sites;
mod tiles;
mod today;

pub use page::FinancialPage;
pub use payroll::PayrollPage;
pub use placements::PlacementsPage;
