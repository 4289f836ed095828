//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::me::Filter;
use muster::team::RosterFilter;

use crate::api::TWICE;
use crate::error::AppError;

/// One field of the address.
pub(super) fn once(query: &ParamsMap, field: &str) -> Result<Option<String>, AppError> {
    match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone())),
        _ => Err(AppError::Invalid(TWICE.into())),
    }
}

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

fn given<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Vec<(&'static str, String)> {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone().filter(|value| !value.trim().is_empty())?)))
        .collect()
}

/// `path?a=1&b=2`; without fields the path alone.
pub(super) fn link(path: &str, fields: &[(&'static str, String)]) -> String {
    match serde_urlencoded::to_string(fields) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The same, ready for another field.
pub(super) fn open_link(path: &str, fields: &[(&'static str, String)]) -> String {
    let link = link(path, fields);
    let more = if link.contains('?') { '&' } else { '?' };
    format!("{link}{more}")
}
