//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::me::Filter;
use muster::team::RosterFilter;

use crate::address::given;
pub(super) use crate::address::{link, once, open_link};
use crate::error::AppError;

/// The period.
pub(super) fn filter(query: &ParamsMap) -> Result<Filter, AppError> {
    Ok(Filter { from: once(query, "from")?, to: once(query, "to")?, days: once(query, "days")? })
}

/// What the roster shows.
pub(super) fn roster(query: &ParamsMap) -> Result<RosterFilter, AppError> {
    let once = |field| once(query, field);
    Ok(RosterFilter {
        band: once("band")?,
        role: once("role")?,
        pattern: once("pattern")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
    })
}

/// The fields of a period that were given.
pub(super) fn of_period(filter: &Filter) -> Vec<(&'static str, String)> {
    given([("from", &filter.from), ("to", &filter.to), ("days", &filter.days)])
}

/// The fields of the roster's filter that were given, without order and page.
pub(super) fn of_roster(roster: &RosterFilter) -> Vec<(&'static str, String)> {
    given([("band", &roster.band), ("role", &roster.role), ("pattern", &roster.pattern)])
}

/// The order that was asked for.
pub(super) fn of_order(roster: &RosterFilter) -> Vec<(&'static str, String)> {
    given([("sort", &roster.sort), ("order", &roster.order)])
}
