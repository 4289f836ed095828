//! What the pages' addresses say, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::commerce::{Filter, View};

use crate::api::TWICE;
use crate::error::AppError;

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
        partner: once("partner")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
    })
}

/// Where a page is.
pub(super) fn path(view: View) -> &'static str {
    match view {
        View::Revenue => "/financial/revenue",
        View::Orders => "/financial/orders",
        View::Partners => "/financial/partners",
        View::Customers => "/financial/customers",
    }
}

pub(super) type Fields = Vec<(&'static str, String)>;

/// What the page is about, without order and page of its list.
pub(super) fn of_filter(filter: &Filter) -> Fields {
    let fields = [("from", &filter.from), ("to", &filter.to), ("partner", &filter.partner)];
    fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
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
