//! What the pages' addresses say, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::finance::Filter;

use crate::api::TWICE;
use crate::error::AppError;

/// The month.
pub(super) const PATH: &str = "/financial";
/// Its payroll.
pub(super) const PAYROLL: &str = "/financial/payroll";

/// Jobs and placements.
pub(super) const PLACEMENTS: &str = "/financial/placements";

/// The fields of an address.
pub(super) type Fields = Vec<(&'static str, String)>;

/// The fields of a file's address.
pub(super) fn fields(query: &str) -> Result<ParamsMap, AppError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| AppError::Invalid("The address cannot be read. Go back to the page.".into()))?;
    Ok(pairs.into_iter().collect())
}

/// Which of the tables a file's address asks for; the first unless said.
pub(super) fn table(query: &ParamsMap, tables: &[&'static str]) -> Result<&'static str, AppError> {
    let asked = query.get_all("table").unwrap_or_else(|| vec![tables[0].to_owned()]);
    let known = tables.iter().copied().find(|code| asked.as_slice() == [*code]);
    known.ok_or_else(|| AppError::Invalid(format!("Name one table: {}.", tables.join(", "))))
}

/// The value of a field; `None` where it is empty.
pub(super) fn once(query: &ParamsMap, field: &str) -> Result<Option<String>, AppError> {
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
        month: once("month")?,
        site: once("site")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
        q: once("q")?,
    })
}

fn given<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Fields {
    fields.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

/// Month and site: what all pages have in common.
pub(super) fn common(filter: &Filter) -> Fields {
    given([("month", &filter.month), ("site", &filter.site)])
}

/// The same with who is looked for.
pub(super) fn found(filter: &Filter) -> Fields {
    common(filter).into_iter().chain(given([("q", &filter.q)])).collect()
}

/// Everything but the page.
pub(super) fn ordered(filter: &Filter) -> Fields {
    found(filter).into_iter().chain(given([("sort", &filter.sort), ("order", &filter.order)])).collect()
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
