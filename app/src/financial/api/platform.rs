//! `/api/v1/platform/metrics/…` and `/api/v1/platform/export/{type}`: the measures of the business, and its tables as files.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Utc};
use muster::commerce::View;
use muster::people::Permission;
use muster::staffing::{self, Matched, Matching};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::answer::PlacementsAnswer;
use super::{DaysQuery, placed};
use crate::api::{Answer, Asked, Dates};
use crate::caller::Caller;
use crate::commerce::api::{DaysQuery as Days, PartnerQuery, RevenueAnswer, revenue_of_days};
use crate::commerce::send;
use crate::error::{AppError, wants_json};
use crate::export::FileKind;
use crate::financial::{files, placements};
use crate::server::App;

const REVENUE: &str = "/api/v1/platform/metrics/revenue";
const JOBS: &str = "/api/v1/platform/metrics/jobs";
const MATCHING: &str = "/api/v1/platform/metrics/matching";
const EXPORT: &str = "/api/v1/platform/export/{type}";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(revenue, jobs, matching, export))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(REVENUE, get(revenue)), (JOBS, get(jobs)), (MATCHING, get(matching)), (EXPORT, get(export))]
}

/// What became of candidates who were proposed for jobs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchingAnswer {
    period: Dates,
    /// When this was made.
    as_of: DateTime<Utc>,
    total: MatchedAnswer,
    /// By algorithm and version.
    algorithms: Vec<MatchedAnswer>,
    /// By rank among those proposed for a job; 1 is best.
    ranks: Vec<MatchedAnswer>,
}

/// Matches of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchedAnswer {
    name: String,
    proposed: i64,
    shown: i64,
    decided: i64,
    taken: i64,
    /// Taken of decided, 0–1; null: nothing was decided.
    success_rate: Option<f64>,
    /// Its 95 % interval.
    interval: Option<[f64; 2]>,
}

impl From<&Matched> for MatchedAnswer {
    fn from(it: &Matched) -> Self {
        Self {
            name: it.name.clone(),
            proposed: it.proposed,
            shown: it.shown,
            decided: it.taken.of,
            taken: it.taken.hit,
            success_rate: it.taken.value(),
            interval: muster::commerce::interval(it.taken).map(|(low, high)| [low, high]),
        }
    }
}

impl MatchingAnswer {
    fn new(period: Dates, it: &Matching, as_of: DateTime<Utc>) -> Self {
        let all = |of: &[Matched]| of.iter().map(MatchedAnswer::from).collect();
        Self { period, as_of, total: (&it.total()).into(), algorithms: all(&it.algorithms), ranks: all(&it.ranks) }
    }
}

/// Revenue of a period
///
/// The same as `/api/v1/analytics/revenue`.
#[utoipa::path(
    get, path = REVENUE, tag = "analytics", operation_id = "metrics_revenue",
    params(Days, PartnerQuery),
    responses((status = 200, description = "The revenue", body = RevenueAnswer)),
)]
pub(crate) async fn revenue(caller: Caller, days: Asked<Days>, partner: Asked<PartnerQuery>) -> Answer<RevenueAnswer> {
    revenue_of_days(caller, days, partner).await
}

/// Jobs of a period
///
/// The same as `/api/v1/analytics/placements`.
#[utoipa::path(
    get, path = JOBS, tag = "analytics", operation_id = "metrics_jobs",
    params(DaysQuery),
    responses((status = 200, description = "Jobs and placements", body = PlacementsAnswer)),
)]
pub(crate) async fn jobs(caller: Caller, asked: Asked<DaysQuery>) -> Answer<PlacementsAnswer> {
    super::placements(caller, asked).await
}

/// Candidates proposed for jobs
///
/// Of those proposed in a period how many were shown, decided on and taken: by what proposed them, and by rank.
#[utoipa::path(
    get, path = MATCHING, tag = "analytics", operation_id = "metrics_matching",
    params(DaysQuery),
    responses((status = 200, description = "The matches", body = MatchingAnswer)),
)]
pub(crate) async fn matching(caller: Caller, Asked(asked): Asked<DaysQuery>) -> Answer<MatchingAnswer> {
    let (it, made_at) = placed(&caller, asked).await?;
    Ok(Json(MatchingAnswer::new(it.period.into(), &it.matching, made_at)))
}

/// Which file.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documented here, read by the page's own handler")]
pub(crate) struct ExportQuery {
    /// `csv` or `xlsx`.
    #[param(default = "csv")]
    format: Option<String>,
    /// Which table of the page, for CSV; without it the first.
    table: Option<String>,
}

/// A page's tables as a file
///
/// `revenue` and `orders` of a period (`from`, `to`, `partner`), `partners` and `customers` of a period (`from`, `to`), `placements` of
/// a period (`from`, `to`, `site`) and `payroll` of a month (`month`, `site`): as CSV one table, as XLSX all of them. Streamed, whole or not at all, and
/// written into the audit log.
#[utoipa::path(
    get, path = EXPORT, tag = "analytics", operation_id = "export",
    params(ExportQuery, ("type" = String, Path, description = "`revenue`, `orders`, `partners`, `customers`, `placements` or `payroll`")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")),
)]
pub(crate) async fn export(
    caller: Caller,
    Path(what): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let made = made(&caller, &what, &query.unwrap_or_default()).await;
    made.unwrap_or_else(|error| error.response(wants_json(uri.path(), &headers), Some(&caller), caller.site()))
}

async fn made(caller: &Caller, what: &str, query: &str) -> Result<Response, AppError> {
    caller.scope(Permission::Financial)?;
    let mut pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| AppError::Invalid(crate::api::TWICE.into()))?;
    let formats: Vec<String> =
        pairs.iter().filter(|(name, _)| name == "format").map(|(_, value)| value.clone()).collect();
    let kind = match formats.as_slice() {
        [] => FileKind::Csv,
        [format] if format == "csv" => FileKind::Csv,
        [format] if format == "xlsx" => FileKind::Xlsx,
        _ => return Err(AppError::Invalid("A format is csv or xlsx.".into())),
    };
    pairs.retain(|(name, _)| name != "format");
    // As the other routes of the API call it.
    pairs.iter_mut().filter(|(name, _)| name == "partner_id").for_each(|(name, _)| *name = "partner".into());
    let tables = match what {
        "payroll" => Some("payroll"),
        "placements" => Some(staffing::SHEETS[0]),
        _ => None,
    };
    if let (FileKind::Csv, Some(first)) = (kind, tables)
        && !pairs.iter().any(|(name, _)| name == "table")
    {
        pairs.push(("table".into(), first.into()));
    }
    let query = serde_urlencoded::to_string(&pairs).map_err(|cause| AppError::ours(&cause))?;
    match what {
        "payroll" => files::make(caller, kind, &query).await,
        "placements" => placements::make(caller, kind, &query).await,
        _ => {
            let view = View::ALL.into_iter().find(|view| view.code() == what).ok_or_else(|| {
                AppError::Invalid("A type is revenue, orders, partners, customers, placements or payroll.".into())
            })?;
            send(caller, view, kind, &query).await
        }
    }
}
