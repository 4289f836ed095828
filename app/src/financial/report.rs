//! `/financial/report.pdf`: the month for a meeting.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use muster::finance::{Filter, SITE_COLUMNS};
use muster::reports::{self, financial};

use super::address;
use super::look::Look;
use crate::caller::Caller;
use crate::error::{AppError, wants_json};
use crate::export::{dashed, pdf as file};

/// Where it is.
pub(crate) const PATH: &str = "/financial/report.pdf";

/// The report of the month and site that were asked for.
pub(crate) async fn pdf(caller: Caller, uri: Uri, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match made(&caller, &query.unwrap_or_default()).await {
        Ok(response) => response,
        Err(error) => error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()),
    }
}

async fn made(caller: &Caller, query: &str) -> Result<Response, AppError> {
    let asked = address::filter(&address::fields(query)?)?;
    let filter = Filter { month: asked.month, site: asked.site, ..Filter::default() };
    let look = Look::new(caller.clone(), filter, &SITE_COLUMNS)?;
    let kept = look.month().await?;
    let org = &caller.user().org;
    let made = reports::set(financial::document(&kept.it, look.asked.site, org, caller.now())).await?;
    let site = look.asked.site.map(|site| format!("-{}", dashed(kept.it.site_name(site)))).unwrap_or_default();
    file(&format!("{}-financial-{}{site}", dashed(&org.slug), look.asked.month.format("%Y-%m")), made)
}
