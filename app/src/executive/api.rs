//! `/api/v1/analytics/executive` and its `/comparison`: the numbers and the sites side by side, for programs.

mod answer;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::executive::{Executive, Filter, executive};
use muster::people::Permission;
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{ComparisonAnswer, ExecutiveAnswer};
use super::page::scope;
use crate::api::{Answer, Asked};
use crate::caller::Caller;
use crate::server::App;

const EXECUTIVE: &str = "/api/v1/analytics/executive";
const COMPARISON: &str = "/api/v1/analytics/executive/comparison";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(numbers, comparison))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(EXECUTIVE, get(numbers)), (COMPARISON, get(comparison))]
}

/// Which days, compared with which, of which sites.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NumbersQuery {
    /// First day of the period. Without `to` it ends with the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    from: Option<String>,
    /// Last day of the period. Without `from` it is 28 days long; without both it is the 28 days to the last complete day.
    #[param(value_type = Option<chrono::NaiveDate>)]
    to: Option<String>,
    /// `previous` or `last_year`.
    #[param(default = "previous")]
    compare: Option<String>,
    /// Only sites of this kind, word for word.
    vertical: Option<String>,
}

/// By what the sites are compared.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MetricQuery {
    /// `fill_rate`, `attendance`, `on_time`, `sla`, `tasks`, `patrol_coverage`, `geofence`, `no_shows`, `lateness`, `overtime`,
    /// `cost_per_shift`, `incidents`, `leavers`, `satisfaction`, `bpi` or `compliance`.
    #[param(default = "fill_rate")]
    metric: Option<String>,
    /// `site`, `cases`, `rate`, `previous` or `change`.
    #[param(default = "rate")]
    sort: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "desc")]
    order: Option<String>,
}

impl From<NumbersQuery> for Filter {
    fn from(it: NumbersQuery) -> Self {
        Self { from: it.from, to: it.to, compare: it.compare, vertical: it.vertical, ..Self::default() }
    }
}

async fn read(caller: &Caller, filter: &Filter) -> Result<Executive, crate::error::AppError> {
    let scope = scope(caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(executive(&mut tx, &scope, filter, caller.last_complete_day()).await?)
}

/// The six numbers
///
/// Each with its target, its light and what it is the sum of, site by site (customer health: client by client). Savings come with the
/// baselines they are measured against. Nobody is named; without names, sites of fewer than five people are one line where people are
/// counted.
#[utoipa::path(
    get, path = EXECUTIVE, tag = "analytics", operation_id = "executive",
    params(NumbersQuery),
    responses((status = 200, description = "The numbers", body = ExecutiveAnswer)),
)]
pub(crate) async fn numbers(caller: Caller, Asked(asked): Asked<NumbersQuery>) -> Answer<ExecutiveAnswer> {
    caller.scope(Permission::Executive)?;
    let it = read(&caller, &asked.into()).await?;
    Ok(Json(ExecutiveAnswer::new(it, &caller.user().org.currency)))
}

/// Sites side by side
///
/// All sites by one metric: value, what it is compared with, the interval of the own value, and the limits within which a site of its
/// size lies by chance. Called out is only what lies outside the 99.8 % limits.
#[utoipa::path(
    get, path = COMPARISON, tag = "analytics", operation_id = "executive_comparison",
    params(NumbersQuery, MetricQuery),
    responses((status = 200, description = "The sites", body = ComparisonAnswer)),
)]
pub(crate) async fn comparison(
    caller: Caller,
    Asked(asked): Asked<NumbersQuery>,
    Asked(by): Asked<MetricQuery>,
) -> Answer<ComparisonAnswer> {
    caller.scope(Permission::Executive)?;
    let filter = Filter { metric: by.metric, sort: by.sort, order: by.order, ..asked.into() };
    let it = read(&caller, &filter).await?;
    Ok(Json(ComparisonAnswer::new(&it, &caller.user().org.currency)))
}
