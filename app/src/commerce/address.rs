//! What the pages' addresses say, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::commerce::{Filter, View};

pub(super) use crate::address::{Fields, link, open_link};
use crate::address::{given, once};
use crate::error::AppError;

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

/// What the page is about, without order and page of its list.
pub(super) fn of_filter(filter: &Filter) -> Fields {
    given([("from", &filter.from), ("to", &filter.to), ("partner", &filter.partner)])
}
