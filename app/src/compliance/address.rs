//! What the page's address says, every field once, and addresses that say it again.

use leptos_router::params::ParamsMap;
use muster::compliance::{Filter, Section};

pub(super) use crate::address::{Fields, link, open_link, with};
use crate::address::{given, once};
use crate::error::AppError;

/// The page.
pub(super) const PATH: &str = "/compliance";

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
