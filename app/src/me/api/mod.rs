//! `/api/v1/performance/me…`: the worker's own page for programs.

mod disputes;
mod lists;
mod performance;

pub use self::performance::{Performance, reason};

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::me::{Filter, overview, trend};
use muster::recognition;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use self::lists::{Achievements, Certificate, Look, Shift};
use self::performance::Point;
use super::page::{SOON, own_worker};
use crate::api::{Answer, Asked, Dates, Page, PageQuery, PeriodQuery};
use crate::caller::Caller;
use crate::server::App;

const ME: &str = "/api/v1/performance/me";
const TRENDS: &str = "/api/v1/performance/me/trends";
const ACHIEVEMENTS: &str = "/api/v1/performance/me/achievements";
const SHIFTS: &str = "/api/v1/performance/me/shifts";
const CERTIFICATIONS: &str = "/api/v1/performance/me/certifications";
const LOOKS: &str = "/api/v1/performance/me/looks";
/// Shifts to come that are listed.
const COMING: usize = 50;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(
    performance,
    trends,
    achievements,
    shifts,
    certifications,
    looks,
    disputes::facts,
    disputes::disputes,
    disputes::file,
))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        (ME, get(performance)),
        (TRENDS, get(trends)),
        (ACHIEVEMENTS, get(achievements)),
        (SHIFTS, get(shifts)),
        (CERTIFICATIONS, get(certifications)),
        (LOOKS, get(looks)),
        (disputes::FACTS, get(disputes::facts)),
        (disputes::DISPUTES, get(disputes::disputes).post(disputes::file)),
    ]
}

/// How long a trend.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrendQuery {
    /// Days up to the last complete one.
    #[param(value_type = Option<u16>, minimum = 7, maximum = 365, default = 90)]
    days: Option<String>,
}

/// The own BPI day by day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trends {
    period: Dates,
    /// Oldest first; a day without a score that was ever computed is left out.
    points: Vec<Point>,
}

/// The own score
///
/// The BPI of a period with its band and the place in the cohort, the components down to their raw figures, why it moved
/// since the period before, what would move it, and the trend.
#[utoipa::path(
    get, path = ME, tag = "me", operation_id = "me", params(PeriodQuery),
    responses((status = 200, description = "The score of the period", body = Performance)),
)]
pub(crate) async fn performance(caller: Caller, Asked(asked): Asked<PeriodQuery>) -> Answer<Performance> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(Json(overview(&mut tx, worker, &asked.into(), caller.last_complete_day()).await?.into()))
}

/// The own trend
///
/// The BPI of each day, which judges the 28 days that end with it, beside the middle half of the cohort.
#[utoipa::path(
    get, path = TRENDS, tag = "me", operation_id = "me_trends", params(TrendQuery),
    responses((status = 200, description = "The trend", body = Trends)),
)]
pub(crate) async fn trends(caller: Caller, Asked(asked): Asked<TrendQuery>) -> Answer<Trends> {
    let worker = own_worker(&caller)?;
    let (_, days) = Filter { days: asked.days, ..Filter::default() }.resolve(caller.last_complete_day())?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let points = trend(&mut tx, worker, days).await?.into_iter().map(Into::into).collect();
    Ok(Json(Trends { period: days.into(), points }))
}

/// Own streaks and achievements
///
/// Days in a row with the record, what was earned with its evidence, and what can be earned next with how far it has come.
#[utoipa::path(
    get, path = ACHIEVEMENTS, tag = "me", operation_id = "me_achievements",
    responses((status = 200, description = "Streaks and achievements", body = Achievements)),
)]
pub(crate) async fn achievements(caller: Caller) -> Answer<Achievements> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let streaks = recognition::streaks(&mut tx, worker).await?;
    let achievements = recognition::achievements(&mut tx, worker, caller.today()).await?;
    Ok(Json(Achievements::new(streaks, achievements)))
}

/// Own shifts to come
///
/// Those that run now and the next, soonest first, each with why this worker was chosen.
#[utoipa::path(
    get, path = SHIFTS, tag = "me", operation_id = "me_shifts",
    responses((status = 200, description = "At most 50 shifts", body = Vec<Shift>)),
)]
pub(crate) async fn shifts(caller: Caller) -> Answer<Vec<Shift>> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let shifts = muster::me::own_shifts(&mut tx, worker, caller.now(), COMING).await?;
    Ok(Json(shifts.into_iter().map(Into::into).collect()))
}

/// Own certifications to see to
///
/// Those that have expired, expire within 60 days, or are asked for and missing; the most urgent first.
#[utoipa::path(
    get, path = CERTIFICATIONS, tag = "me", operation_id = "me_certifications",
    responses((status = 200, description = "The certifications", body = Vec<Certificate>)),
)]
pub(crate) async fn certifications(caller: Caller) -> Answer<Vec<Certificate>> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let certificates = muster::me::certificates(&mut tx, worker, caller.today(), SOON).await?;
    Ok(Json(certificates.into_iter().map(Into::into).collect()))
}

/// Who looked at the own score
#[utoipa::path(
    get, path = LOOKS, tag = "me", operation_id = "me_looks", params(PageQuery),
    responses((status = 200, description = "A page of looks, newest first", body = Page<Look>)),
)]
pub(crate) async fn looks(caller: Caller, Asked(asked): Asked<PageQuery>) -> Answer<Page<Look>> {
    let worker = own_worker(&caller)?;
    let wanted = asked.wanted()?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let looks = muster::me::looks_after(&mut tx, worker, wanted.after, wanted.read()).await?;
    Ok(Json(wanted.page(looks, |look| muster::units::Place { at: look.at, id: look.id })))
}
