//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::compliance::{Filter, Section};

use crate::api::TWICE;
use crate::error::AppError;

/// The page.
pub(super) const PATH: &str = "/compliance";

/// The fields of the address.
pub(super) type Fields = Vec<(&'static str, String)>;

fn once(query: &ParamsMap, field: &str) -> Result<Option<String>, AppError> {
    match query.get_all(field).unwrap_or_default().as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value.clone()).filter(|value| !value.trim().is_empty())),
        _ => Err(AppError::Invalid(TWICE.into())),
    }
}

/// The filter of an address.
pub(super) fn filter(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| once(query, field);
    Ok(Filter {
        site: once("site")?,
        from: once("from")?,
        to: once("to")?,
        kind: once("kind")?,
        show: once("show")?,
        standing: once("standing")?,
        rule: once("rule")?,
        state: once("state")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
    })
}

fn given<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Fields {
    fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

/// Site, period and kind: what every part of the page has in common.
pub(super) fn common(filter: &Filter) -> Fields {
    given([("site", &filter.site), ("from", &filter.from), ("to", &filter.to), ("kind", &filter.kind)])
}

/// The same with what is shown.
pub(super) fn shown(filter: &Filter, section: Section) -> Fields {
    with(common(filter), "show", section.code())
}

/// Everything but the order and the page.
pub(super) fn listed(filter: &Filter, section: Section) -> Fields {
    let more = given([("standing", &filter.standing), ("rule", &filter.rule), ("state", &filter.state)]);
    shown(filter, section).into_iter().chain(more).collect()
}

/// Everything but the page.
pub(super) fn ordered(filter: &Filter, section: Section) -> Fields {
    listed(filter, section).into_iter().chain(given([("sort", &filter.sort), ("order", &filter.order)])).collect()
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
