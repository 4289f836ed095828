//! `/api/v1/analytics/dashboard`, `/payroll` and `/placements`: the money of a month and of a period, for programs.

pub(crate) mod ahead;
mod answer;
pub(crate) mod platform;

use std::sync::Arc;

use axum::Json;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Utc};
use muster::finance::{Filter, PAGE, PAY_COLUMNS, SITE_COLUMNS, payroll};
use muster::people::Permission;
use muster::people::audit::Viewer;
use muster::staffing;
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{DashboardAnswer, PayrollAnswer, PlacementsAnswer};
use super::look::Look;
use super::placements::kept;
use crate::api::{Answer, Asked, turn, turned};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const DASHBOARD: &str = "/api/v1/analytics/dashboard";
const PAYROLL: &str = "/api/v1/analytics/payroll";
const PLACEMENTS: &str = "/api/v1/analytics/placements";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(dashboard, pay, placements))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    let own = [(DASHBOARD, get(dashboard)), (PAYROLL, get(pay)), (PLACEMENTS, get(placements))];
    own.into_iter().chain(platform::routes()).collect()
}

/// Which month, of which sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthQuery {
    /// `YYYY-MM`; without it the month of the last complete day.
    month: Option<String>,
    /// One site.
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<String>,
}

/// Who is looked for, in which order.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PayQuery {
    /// Part of a name or an employee number; only for those who see names.
    q: Option<String>,
    /// `name`, `shifts`, `hours`, `overtime`, `premium`, `travel` or `total`.
    #[param(default = "total")]
    sort: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "desc")]
    order: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// Which days, of which sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DaysQuery {
    /// First day of the period.
    #[param(value_type = Option<chrono::NaiveDate>)]
    start_date: Option<String>,
    /// Last day of the period; without both it is the 90 days to the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    end_date: Option<String>,
    /// One site.
    #[param(value_type = Option<uuid::Uuid>)]
    site: Option<String>,
}

/// The month in money
///
/// What each site cost, what it may cost, and where the month is heading: at the mean day, by what is planned, and by the forecast, with
/// the chance that the budget is passed. Amounts are exact
/// decimals as text. Every total is the sum of its parts. Kept for up to five minutes, and made anew when the night rewrites what it
/// rests on; `as_of` says when it was made.
#[utoipa::path(
    get, path = DASHBOARD, tag = "analytics", operation_id = "financial_dashboard",
    params(MonthQuery),
    responses((status = 200, description = "The month", body = DashboardAnswer)),
)]
pub(crate) async fn dashboard(caller: Caller, Asked(asked): Asked<MonthQuery>) -> Answer<DashboardAnswer> {
    caller.scope(Permission::Financial)?;
    let filter = Filter { month: asked.month, site: asked.site, ..Filter::default() };
    let look = Look::new(caller, filter, &SITE_COLUMNS)?;
    let kept = look.month().await?;
    Ok(Json(DashboardAnswer::new(&kept.it, &look.asked, look.currency(), kept.made_at)))
}

/// The payroll of a month
///
/// What each person was paid, 25 a page; only for those who see pay by name, and each look is written into the audit log. For the
/// others `people` is null, and the job roles say what roles of five people and more were paid.
#[utoipa::path(
    get, path = PAYROLL, tag = "analytics", operation_id = "payroll",
    params(MonthQuery, PayQuery),
    responses((status = 200, description = "The payroll", body = PayrollAnswer)),
)]
pub(crate) async fn pay(
    caller: Caller,
    Asked(month): Asked<MonthQuery>,
    Asked(pay): Asked<PayQuery>,
) -> Answer<PayrollAnswer> {
    caller.scope(Permission::Financial)?;
    let page = turned(pay.cursor.as_deref())?;
    let filter =
        Filter { month: month.month, site: month.site, sort: pay.sort, order: pay.order, page: None, q: pay.q };
    let mut look = Look::new(caller, filter, &PAY_COLUMNS)?;
    // A program walks to the end, however many pages that takes; a person turns some.
    look.asked.page = page;
    let user = look.caller.user();
    let viewer = Viewer { user: user.id, worker: user.worker, scope: look.scope.clone(), now: look.caller.now() };
    let mut tx = look.caller.db().org(user.org.id).await?;
    let it = payroll(&mut tx, &viewer, &look.asked).await?;
    // The looks that were written down.
    tx.commit().await?;
    let more = it.slips.as_ref().is_some_and(|_| it.found.people > (page * PAGE) as i64);
    Ok(Json(PayrollAnswer::new(&it, &look.asked, look.currency(), more.then(|| turn(page + 1)))))
}

/// Jobs and placements
///
/// Whether jobs find people, how soon, whether they stay, what it brings: all together, by category and by client.
#[utoipa::path(
    get, path = PLACEMENTS, tag = "analytics", operation_id = "placements",
    params(DaysQuery),
    responses((status = 200, description = "Jobs and placements", body = PlacementsAnswer)),
)]
pub(crate) async fn placements(caller: Caller, Asked(asked): Asked<DaysQuery>) -> Answer<PlacementsAnswer> {
    let (it, made_at) = placed(&caller, asked).await?;
    Ok(Json(PlacementsAnswer::new(&it, &caller.user().org.currency, made_at)))
}

/// Jobs, placements and matches of the days asked for, and when that was made.
async fn placed(caller: &Caller, asked: DaysQuery) -> Result<(Arc<staffing::Staffing>, DateTime<Utc>), AppError> {
    let scope = caller.scope(Permission::Financial)?;
    let filter = staffing::Filter { from: asked.start_date, to: asked.end_date, site: asked.site };
    let asked = filter.resolve(caller.last_complete_day())?;
    kept(caller, scope, asked).await
}
