//! `/client/report.pdf`: the month as a PDF for the client, and the form that asks for it.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use leptos::prelude::*;
use muster::metrics::Month;
use muster::people::Permission;
use muster::portal::Portal;
use muster::reports::{self, client_monthly};
use muster::units::SiteId;

use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{Fields, dashed, pdf as file};

/// Where it is.
pub(crate) const PATH: &str = "/client/report.pdf";
/// Months to choose from, the one that is open included.
const MONTHS: usize = 13;

/// The report that was asked for.
pub(crate) async fn pdf(caller: Caller, uri: Uri, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match made(&caller, query.as_deref().unwrap_or_default()).await {
        Ok(response) => response,
        Err(error) => error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()),
    }
}

fn asked(query: &str) -> Result<(Month, Option<SiteId>), AppError> {
    let fields = Fields::read(query)?;
    let month = fields
        .once("month")?
        .ok_or_else(|| AppError::Invalid("Say which month: add ?month=2026-10 to the address.".into()))?;
    let site = fields.once("site")?.map(|site| site.parse().map(SiteId)).transpose().map_err(|_| AppError::NotFound)?;
    Ok((month.parse()?, site))
}

async fn made(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let scope = caller.scope(Permission::ClientPortal)?;
    let (month, site) = asked(query)?;
    let org = &caller.user().org;
    let mut tx = caller.db().org(org.id).await?;
    let it = client_monthly::monthly(&mut tx, &scope, org, (month, site), caller.last_complete_day()).await?;
    tx.commit().await?;
    let made = reports::set(client_monthly::document(&it, caller.now(), org.zone)).await?;
    let site = it.site.as_deref().map(|site| format!("-{}", dashed(site))).unwrap_or_default();
    file(&format!("{}-{}-{month}{site}", dashed(&org.slug), dashed(&it.portal.client)), made)
}

/// Which month, and the button: of the sites that the page shows.
pub(super) fn form(portal: &Portal, last_complete: chrono::NaiveDate) -> impl IntoView + use<> {
    let open = Month::of(last_complete);
    // The latest that has ended is the one a meeting is about.
    let options = std::iter::successors(Some(open), |month| Some(month.previous()))
        .take(MONTHS)
        .enumerate()
        .map(|(nth, month)| {
            let is_open = month.period().last > last_complete;
            let label = if is_open { format!("{}, so far", month.name()) } else { month.name() };
            let chosen = nth == usize::from(open.period().last > last_complete);
            view! { <option value=month.to_string() selected=chosen>{label}</option> }
        })
        .collect_view();
    let site = portal.site.map(|site| view! { <input type="hidden" name="site" value=site.to_string()/> });
    view! {
        <form method="get" action=PATH class="filter-form report-form" aria-label="Monthly report">
            <label class="field">"Monthly report"<select name="month">{options}</select></label>
            {site}
            <button class="button quiet" type="submit">"Download PDF"</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_once() {
        assert_eq!(asked("month=2026-10").unwrap().0.to_string(), "2026-10");
        for nonsense in ["", "month=", "month=soon", "month=2026-10&month=2026-09", "month=%ff"] {
            assert!(matches!(asked(nonsense), Err(AppError::Invalid(_))), "{nonsense}");
        }
        assert_eq!(asked("month=2026-10&site=x").unwrap_err(), AppError::NotFound);
    }
}
