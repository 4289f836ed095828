//! What the pages' addresses say, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::finance::Filter;

use crate::address::given;
pub(super) use crate::address::{Fields, link, once, open_link, with};
use crate::error::AppError;

/// The month.
pub(super) const PATH: &str = "/financial";
/// Its payroll.
pub(super) const PAYROLL: &str = "/financial/payroll";

/// Jobs and placements.
pub(super) const PLACEMENTS: &str = "/financial/placements";

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
