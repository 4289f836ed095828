//! `/api/v1/operational/alignment-score` and what it is made of, for programs.

mod answer;
mod now;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::alignment::{Alignment, Set, alignment_of, keeper};
use muster::people::Permission;
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{ActionsAnswer, ScoreAnswer, StatusAnswer};
use crate::api::{Answer, Asked};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const SCORE: &str = "/api/v1/operational/alignment-score";
const STATUS: &str = "/api/v1/operational/kpi-status";
const ACTIONS: &str = "/api/v1/operational/priority-actions";
/// Days of a course, unless said.
const USUAL: u64 = 30;
const MOST: u64 = 365;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(score, status, actions, now::now))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(SCORE, get(score)), (STATUS, get(status)), (ACTIONS, get(actions)), (now::NOW, get(now::now))]
}

/// How long a course.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DaysQuery {
    /// Days of the course, up to the newest that is computed.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 365, default = 30)]
    days: Option<String>,
}

impl DaysQuery {
    fn days(&self) -> Result<u64, AppError> {
        let Some(text) = self.days.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return Ok(USUAL) };
        let days = text.parse().ok().filter(|days| (1..=MOST).contains(days));
        days.ok_or_else(|| AppError::Invalid(format!("‘days’ is a number from 1 to {MOST}.")))
    }
}

async fn read(caller: &Caller, days: u64) -> Result<Alignment, AppError> {
    caller.scope(Permission::Alignment)?;
    let set = Set::of(caller.user().role);
    let keeper = keeper(caller.db(), set, caller.user().org.id).await?;
    let mut tx = caller.db().org(keeper).await?;
    Ok(alignment_of(&mut tx, set, caller.last_complete_day(), days).await?)
}

/// The alignment score
///
/// How near all KPIs are to their targets, 0–100, each by its weight; those without a value leave the others re-weighted. The
/// platform gets the product KPIs over all organizations, everybody else the own organization's workforce KPIs.
#[utoipa::path(
    get, path = SCORE, tag = "alignment", operation_id = "alignment_score", params(DaysQuery),
    responses((status = 200, description = "The score with its course", body = ScoreAnswer)),
)]
pub(crate) async fn score(caller: Caller, Asked(asked): Asked<DaysQuery>) -> Answer<ScoreAnswer> {
    Ok(Json(ScoreAnswer::of(&read(&caller, asked.days()?).await?)))
}

/// Every KPI against its target
///
/// Value, what it is made of, target, thresholds, state, and its values at dates 7, 14, 30, 60 and 90 days before, each over a time
/// of the same length.
#[utoipa::path(
    get, path = STATUS, tag = "alignment", operation_id = "kpi_status", params(DaysQuery),
    responses((status = 200, description = "The KPIs", body = StatusAnswer)),
)]
pub(crate) async fn status(caller: Caller, Asked(asked): Asked<DaysQuery>) -> Answer<StatusAnswer> {
    let days = asked.days()?;
    Ok(Json(StatusAnswer::of(&read(&caller, days).await?, days)))
}

/// What to do first
///
/// The KPIs off their target by weight × points missing × severity (critical 3, warning 2, else 1), with what helps. What has no
/// value is no action.
#[utoipa::path(
    get, path = ACTIONS, tag = "alignment", operation_id = "priority_actions",
    responses((status = 200, description = "The actions, most urgent first", body = ActionsAnswer)),
)]
pub(crate) async fn actions(caller: Caller) -> Answer<ActionsAnswer> {
    Ok(Json(ActionsAnswer::of(&read(&caller, 1).await?)))
}
