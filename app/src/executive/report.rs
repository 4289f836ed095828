//! `/executive/report.pdf`: the quarter as a PDF, and the form that asks for it.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use leptos::prelude::*;
use muster::metrics::Quarter;
use muster::reports::schedules::Report;
use muster::reports::{self, quarterly};
use muster::units::SiteId;

use super::page::scope;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{Fields, dashed, pdf as file};
use crate::reports::schedule_link;

/// Where it is.
pub(crate) const PATH: &str = "/executive/report.pdf";
/// Quarters to choose from, the one that is open included.
const QUARTERS: usize = 8;

/// The report that was asked for.
pub(crate) async fn pdf(caller: Caller, uri: Uri, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match made(&caller, query.as_deref().unwrap_or_default()).await {
        Ok(response) => response,
        Err(error) => error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()),
    }
}

fn asked(query: &str) -> Result<(Quarter, Option<SiteId>), AppError> {
    let fields = Fields::read(query)?;
    let quarter = fields
        .once("quarter")?
        .ok_or_else(|| AppError::Invalid("Say which quarter: add ?quarter=2026-Q3 to the address.".into()))?;
    let site = fields.once("site")?.map(|site| site.parse().map(SiteId)).transpose().map_err(|_| AppError::NotFound)?;
    Ok((quarter.parse()?, site))
}

async fn made(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let scope = scope(caller)?;
    let (quarter, site) = asked(query)?;
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    let it = quarterly::quarterly(&mut tx, &scope, org, (quarter, site), caller.last_complete_day()).await?;
    tx.commit().await?;
    let made = reports::set(quarterly::document(&it, caller.now(), org.zone)).await?;
    let name = it.site.as_deref().map(|site| format!("-{}", dashed(site))).unwrap_or_default();
    file(&format!("{}-{quarter}{name}", dashed(&org.slug)), made)
}

/// Which quarter, and the button.
pub(super) fn form(caller: &Caller) -> impl IntoView + use<> {
    let open = Quarter::of(caller.last_complete_day());
    // The latest that has ended is the one a meeting is about.
    let options = std::iter::successors(Some(open), |quarter| Some(quarter.previous()))
        .take(QUARTERS)
        .enumerate()
        .map(|(nth, quarter)| {
            let is_open = quarter.period().last > caller.last_complete_day();
            let label = if is_open { format!("{}, so far", quarter.name()) } else { quarter.name() };
            let chosen = nth == usize::from(open.period().last > caller.last_complete_day());
            view! { <option value=quarter.to_string() selected=chosen>{label}</option> }
        })
        .collect_view();
    view! {
        <form method="get" action=PATH class="filter-form report-form" aria-label="Quarterly report">
            <label class="field">"Quarterly report"<select name="quarter">{options}</select></label>
            <button class="button quiet" type="submit">"Download PDF"</button>
            {schedule_link(caller, Report::ExecutiveQuarterly)}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_once() {
        assert_eq!(asked("quarter=2026-Q3").unwrap().0.to_string(), "2026-Q3");
        for nonsense in ["", "quarter=", "quarter=soon", "quarter=2026-Q3&quarter=2026-Q2"] {
            assert!(matches!(asked(nonsense), Err(AppError::Invalid(_))), "{nonsense}");
        }
        assert_eq!(asked("quarter=2026-Q3&site=x").unwrap_err(), AppError::NotFound);
    }
}
