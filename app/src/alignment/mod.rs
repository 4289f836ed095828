//! `/alignment`: is the operation on course, and what comes first where it is not?

mod address;
pub(crate) mod alerts;
pub(crate) mod api;
mod cards;
mod depth;
pub(crate) mod files;
mod health;
mod how;
mod page;
pub(crate) mod quality;
mod refresh;
mod score;
mod sites;
mod table;
mod tiles;

pub use alerts::HistoryPage as AlertsPage;
pub use depth::KpiPage;
pub use page::AlignmentPage;
pub use quality::CheckPage as QualityCheckPage;
pub use refresh::RefreshModule;

use crate::error::AppError;

/// Days of a query at most.
const MOST_DAYS: i64 = 365;

/// The days of a query, or the usual ones.
fn days(text: Option<&str>, usual: i64) -> Result<i64, AppError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(usual) };
    let days = text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    days.ok_or_else(|| AppError::Invalid(format!("‘days’ is a number from 1 to {MOST_DAYS}.")))
}
