//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::workforce::Filter;

pub(super) use crate::address::{Fields, link, with};
use crate::address::{given, once};
use crate::error::AppError;

/// The page.
pub(super) const PATH: &str = "/people";

pub(super) fn filter(query: &ParamsMap) -> Result<Filter, AppError> {
    let once = |field| once(query, field);
    Ok(Filter {
        from: once("from")?,
        to: once("to")?,
        site: once("site")?,
        share: once("share")?,
        by: once("by")?,
        of: once("of")?,
        certs: once("certs")?,
        sort: once("sort")?,
        order: once("order")?,
        page: once("page")?,
        groups: once("groups")?,
        list: once("list")?,
    })
}

/// What the page is about, without orders and pages.
pub(super) fn of_filter(filter: &Filter) -> Fields {
    given([
        ("from", &filter.from),
        ("to", &filter.to),
        ("site", &filter.site),
        ("share", &filter.share),
        ("by", &filter.by),
        ("of", &filter.of),
        ("certs", &filter.certs),
    ])
}

/// The same with the order of its tables.
pub(super) fn of_order(filter: &Filter) -> Fields {
    let order = given([("sort", &filter.sort), ("order", &filter.order)]);
    of_filter(filter).into_iter().chain(order).collect()
}

/// The page, ready for another field.
pub(super) fn open_link(fields: &Fields) -> String {
    crate::address::open_link(PATH, fields)
}
