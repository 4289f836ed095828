//! `/api/v1/operational/…`: the next 48 hours for programs, and what can be done about them.

mod answer;
mod change;

use axum::Json;
use axum::routing::{MethodRouter, get, post};
use muster::database::OrgTx;
use muster::operations::board::{self, PAGE, Which};
use muster::people::{Permission, Scope, site_name};
use muster::units::SiteId;
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{Ahead, AheadCertifications, AheadShifts, AheadWorkers};
use super::address::List;
use super::risk::{Risk, tiles};
use crate::api::{Answer, Asked, turn, turned};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const AHEAD: &str = "/api/v1/operational/next-48-hours";
const SHIFTS: &str = "/api/v1/operational/shifts";
const AVAILABLE: &str = "/api/v1/operational/available";
const CERTIFICATIONS: &str = "/api/v1/operational/certifications";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(
    ahead,
    shifts,
    available,
    certifications,
    change::add,
    change::candidates,
    change::offer,
    change::offers,
    change::answer
))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        (AHEAD, get(ahead)),
        (SHIFTS, get(shifts).post(change::add)),
        (AVAILABLE, get(available)),
        (CERTIFICATIONS, get(certifications)),
        (change::CANDIDATES, get(change::candidates)),
        (change::OFFER, post(change::offer)),
        (change::OFFERS, get(change::offers)),
        (change::ANSWER, post(change::answer)),
    ]
}

/// Which sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteQuery {
    /// The id of one site; without it all that are the caller's.
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<String>,
}

/// Which rows of which sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RowsQuery {
    /// The id of one site; without it all that are the caller's.
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// Which shifts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShiftsQuery {
    /// `shifts` for all, `open` for those nobody has, `at-risk` or `there`.
    #[param(default = "shifts")]
    show: Option<String>,
    /// The id of one site; without it all that are the caller's.
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// A transaction with the sites asked for: those of the caller, or the one that is named.
async fn narrowed(caller: &Caller, site: Option<&str>) -> Result<(OrgTx, Scope), AppError> {
    let no_site = |_| AppError::Invalid("The site in the query is not an id of a site.".into());
    let site = site.map(str::trim).filter(|it| !it.is_empty());
    let site: Option<SiteId> = site.map(|it| it.parse().map_err(no_site)).transpose()?;
    let scope = caller.scope(Permission::Operations)?.narrowed_to(site)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    if let Some(site) = site {
        site_name(&mut tx, site).await?;
    }
    Ok((tx, scope))
}

fn page(cursor: Option<&str>) -> Result<u32, AppError> {
    Ok(u32::try_from(turned(cursor)?).unwrap_or(1))
}

/// The cursor of the page after this one of a list so long.
fn next(page: u32, total: i64) -> Option<String> {
    (i64::from(page) * PAGE < total).then(|| turn(page as usize + 1))
}

/// The next 48 hours in numbers
///
/// The tiles of the board: each counts what the list of the same name lists.
#[utoipa::path(
    get, path = AHEAD, tag = "operations", operation_id = "next_48_hours", params(SiteQuery),
    responses((status = 200, description = "The numbers", body = Ahead)),
)]
pub(crate) async fn ahead(caller: Caller, Asked(asked): Asked<SiteQuery>) -> Answer<Ahead> {
    let (mut tx, scope) = narrowed(&caller, asked.site.as_deref()).await?;
    Ok(Json(Ahead::of(&tiles(&mut tx, &scope, caller.shift_fill(), caller.now()).await?)))
}

/// Shifts of the next 48 hours
///
/// Those that run now or begin within 48 hours, soonest first, 50 a page; cancelled ones are left out. Of those that are open the
/// soonest are the most urgent, and each says how likely it is filled where a model has proved itself.
#[utoipa::path(
    get, path = SHIFTS, tag = "operations", operation_id = "shifts_ahead", params(ShiftsQuery),
    responses((status = 200, description = "The shifts", body = AheadShifts)),
)]
pub(crate) async fn shifts(caller: Caller, Asked(asked): Asked<ShiftsQuery>) -> Answer<AheadShifts> {
    let words = [List::Shifts, List::Open, List::AtRisk, List::There];
    let show = asked.show.as_deref().map(str::trim).filter(|it| !it.is_empty()).unwrap_or(List::Shifts.word());
    let list = words.into_iter().find(|list| list.word() == show).ok_or_else(|| {
        AppError::Invalid("‘show’ is ‘shifts’, ‘open’, ‘at-risk’ or ‘there’; without it all shifts.".into())
    })?;
    let (page, now) = (page(asked.cursor.as_deref())?, caller.now());
    let (mut tx, scope) = narrowed(&caller, asked.site.as_deref()).await?;
    let figures = board::figures(&mut tx, &scope, now).await?;
    let mut risk = Risk::read(&mut tx, &scope, caller.shift_fill(), now).await?;
    let at_risk = risk.shifts().unwrap_or_default();
    let (which, total) = match list {
        List::Open => (Which::Open, figures.open),
        List::There => (Which::There, figures.there),
        List::AtRisk => (Which::These(at_risk), at_risk.len() as i64),
        _ => (Which::All, figures.shifts),
    };
    let shown = board::shifts(&mut tx, &scope, which, page, now).await?;
    risk.explain(&shown);
    Ok(Json(AheadShifts::of(shown, &risk, total, next(page, total))))
}

/// Who is available today
///
/// Whoever could still be asked today, on the local day of the home site: no shift, no leave, and available by what they said. 50 a
/// page.
#[utoipa::path(
    get, path = AVAILABLE, tag = "operations", operation_id = "available_today", params(RowsQuery),
    responses((status = 200, description = "The people", body = AheadWorkers)),
)]
pub(crate) async fn available(caller: Caller, Asked(asked): Asked<RowsQuery>) -> Answer<AheadWorkers> {
    let page = page(asked.cursor.as_deref())?;
    let (mut tx, scope) = narrowed(&caller, asked.site.as_deref()).await?;
    let part = board::available(&mut tx, &scope, page, caller.now()).await?;
    let next = next(page, part.total);
    Ok(Json(AheadWorkers::of(part, next)))
}

/// Certifications that expire
///
/// Those of people employed that expire within 14 days from today and have not been renewed, soonest first, 50 a page.
#[utoipa::path(
    get, path = CERTIFICATIONS, tag = "operations", operation_id = "expiring_certifications", params(RowsQuery),
    responses((status = 200, description = "The certifications", body = AheadCertifications)),
)]
pub(crate) async fn certifications(caller: Caller, Asked(asked): Asked<RowsQuery>) -> Answer<AheadCertifications> {
    let page = page(asked.cursor.as_deref())?;
    let (mut tx, scope) = narrowed(&caller, asked.site.as_deref()).await?;
    let part = board::expiring(&mut tx, &scope, page, caller.today()).await?;
    let next = next(page, part.total);
    Ok(Json(AheadCertifications::of(part, next)))
}
