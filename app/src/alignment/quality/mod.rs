//! Data quality on `/alignment` and, down to the rows, on `/alignment/quality/{check}`.

pub(crate) mod api;
mod card;
pub(crate) mod files;
mod page;

pub(super) use card::card;
pub use page::CheckPage;

use muster::alignment::quality::Check;

/// The page of a check.
pub(crate) fn address(check: Check) -> String {
    format!("/alignment/quality/{}", check.code())
}
