//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::executive::Filter;

use crate::api::TWICE;
use crate::error::AppError;

/// The page.
pub(super) const PATH: &str = "/executive";

fn once(query: &ParamsMap, field: &str) -> Result<Option<String>, AppError> {
    match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone()).filter(|value| !value.trim().is_empty())),
        _ => Err(AppError::Invalid(TWICE.into())),
    }
}

pub(super) fn filter(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| once(query, field);
    Ok(Filter {
        from: once("from")?,
        to: once("to")?,
        compare: once("compare")?,
        vertical: once("vertical")?,
        metric: once("metric")?,
        show: once("show")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
    })
}

type Fields = Vec<(&'static str, String)>;

fn given<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Fields {
    fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

/// The fields of the period that were given.
pub(super) fn of_period(filter: &Filter) -> Fields {
    given([("from", &filter.from), ("to", &filter.to)])
}

/// The fields that were given, without order and page.
pub(super) fn of_filter(filter: &Filter) -> Fields {
    let more = given([
        ("compare", &filter.compare),
        ("vertical", &filter.vertical),
        ("metric", &filter.metric),
        ("show", &filter.show),
    ]);
    of_period(filter).into_iter().chain(more).collect()
}

/// The same with the order.
pub(super) fn of_order(filter: &Filter) -> Fields {
    of_filter(filter).into_iter().chain(given([("sort", &filter.sort), ("order", &filter.order)])).collect()
}

/// The fields with another value for one.
pub(super) fn with(mut fields: Fields, name: &'static str, value: &str) -> Fields {
    fields.retain(|(field, _)| *field != name);
    fields.push((name, value.to_owned()));
    fields
}

/// `path?a=1&b=2`; without fields the path alone.
pub(super) fn link(path: &str, fields: &Fields) -> String {
    match serde_urlencoded::to_string(fields) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The same, ready for another field.
pub(super) fn open_link(path: &str, fields: &Fields) -> String {
    let link = link(path, fields);
    let more = if link.contains('?') { '&' } else { '?' };
    format!("{link}{more}")
}
