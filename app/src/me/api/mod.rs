//! `/api/v1/performance/me…`: the worker's own page for programs.

mod performance;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::me::{Filter, overview};
use serde::Deserialize;

pub use self::performance::{Performance, reason};
use super::page::own_worker;
use crate::api::{Answer, Asked, Problem};
use crate::caller::Caller;
use crate::server::App;

const ME: &str = "/api/v1/performance/me";

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(ME, get(performance))]
}

/// Which period.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// First day of the period; without `to` it ends with the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    from: Option<String>,
    /// Last day of the period; without `from` it is 28 days long. Without both: the 28 days to the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    to: Option<String>,
    /// Days of trend up to the last day of the period; 90 unless a period is chosen.
    #[param(value_type = Option<u16>, minimum = 7, maximum = 365)]
    days: Option<String>,
}

/// The own score
///
/// The BPI of a period with the band and the place in the cohort, its components down to their raw figures, why it moved since the
/// period before, what would move it, and the trend.
#[utoipa::path(
    get, path = ME, tag = "me", operation_id = "me", params(PeriodQuery),
    responses(
        (status = 200, description = "The score of the period.", body = Performance),
        (status = 400, description = "A date or a number that makes no sense.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn performance(caller: Caller, Asked(asked): Asked<PeriodQuery>) -> Answer<Performance> {
    let filter = Filter { from: asked.from, to: asked.to, days: asked.days };
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(Json(overview(&mut tx, worker, &filter, caller.last_complete_day()).await?.into()))
}
