//! `/api/v1/operational/data-quality`: whether the data can be trusted, for programs.

use axum::Json;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Duration, Utc};
use muster::alignment::quality::{Checked, Quality, latest, runs};
use muster::people::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::alignment::days;
use crate::api::{Answer, Asked, Dates};
use crate::caller::Caller;
use crate::server::App;

const QUALITY: &str = "/api/v1/operational/data-quality";
/// Days of the course, unless said.
const USUAL: i64 = 30;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(quality))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(QUALITY, get(quality))]
}

/// How long a course.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QualityQuery {
    /// Days of the course of the score.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 365, default = 30)]
    days: Option<String>,
}

/// How good the data is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityAnswer {
    /// The newest look; null: there was none yet.
    latest: Option<LatestAnswer>,
    /// The score of each look, the oldest first.
    course: Vec<CourseAnswer>,
}

/// The newest look.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LatestAnswer {
    made_at: DateTime<Utc>,
    /// The days that were looked through.
    period: Dates,
    /// 0–100, 80 and above minor issues at most; null: there was nothing to judge.
    score: Option<f64>,
    checks: Vec<CheckAnswer>,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckAnswer {
    /// Its code.
    check: &'static str,
    title: &'static str,
    /// Orphans, Duplicates, Missing, Freshness or Anomalies.
    family: &'static str,
    /// Rows that were judged.
    judged: i64,
    /// Bad ones of them.
    bad: i64,
    /// 0–100; null: nothing to judge.
    score: Option<f64>,
    /// Whether it could not be made: then the score leaves it out.
    broken: bool,
}

/// The score of a look.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CourseAnswer {
    at: DateTime<Utc>,
    score: Option<f64>,
}

impl From<&Checked> for CheckAnswer {
    fn from(it: &Checked) -> Self {
        Self {
            check: it.check.code(),
            title: it.check.title(),
            family: it.check.family().label(),
            judged: it.tally.judged,
            bad: it.tally.bad,
            score: if it.broken { None } else { it.tally.score() },
            broken: it.broken,
        }
    }
}

impl From<Quality> for LatestAnswer {
    fn from(it: Quality) -> Self {
        Self {
            made_at: it.made_at,
            period: muster::metrics::Period { first: it.first, last: it.last }.into(),
            score: it.score,
            checks: it.checks.iter().map(Into::into).collect(),
        }
    }
}

/// Data quality
///
/// The newest look at the recent facts, check by check, and the course of the score. The page of a check has its rows.
#[utoipa::path(
    get, path = QUALITY, tag = "alignment", operation_id = "data_quality", params(QualityQuery),
    responses((status = 200, description = "The score and its checks", body = QualityAnswer)),
)]
pub(crate) async fn quality(caller: Caller, Asked(asked): Asked<QualityQuery>) -> Answer<QualityAnswer> {
    caller.scope(Permission::Alignment)?;
    let days = days(asked.days.as_deref(), USUAL)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let latest = latest(&mut tx).await?;
    let course = runs(&mut tx, caller.now() - Duration::days(days)).await?;
    let course = course.into_iter().map(|it| CourseAnswer { at: it.made_at, score: it.score }).collect();
    Ok(Json(QualityAnswer { latest: latest.map(Into::into), course }))
}
