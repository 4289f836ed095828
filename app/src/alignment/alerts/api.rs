//! `/api/v1/operational/kpi-alerts`: what is and was off course, for programs.

use axum::Json;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use muster::alignment::alerts::{Alert, history};
use muster::people::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::alignment::days;
use crate::api::{Answer, Asked, turn, turned};
use crate::caller::Caller;
use crate::server::App;

const ALERTS: &str = "/api/v1/operational/kpi-alerts";
/// Days back, unless said.
const USUAL: i64 = 7;
/// Alerts of a page.
const ROWS: i64 = 50;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(alerts))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(ALERTS, get(alerts))]
}

/// Which alerts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlertsQuery {
    /// Days back; what is open is there however old it is.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 365, default = 7)]
    days: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// Alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertsAnswer {
    days: i64,
    /// How many there are in all.
    total: i64,
    items: Vec<AlertAnswer>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertAnswer {
    id: uuid::Uuid,
    /// `kpi`, `shifts-at-risk`, `certifications`, `budget`, `customer-health`, `data-quality`, `job`, `report` or `check`.
    kind: &'static str,
    /// Which of its kind: the code of a KPI, the id of a site or of a client.
    key: String,
    title: String,
    detail: String,
    /// `warning`, `critical`, `no-data` or `broken` (it could not be checked).
    severity: &'static str,
    /// What was measured last.
    value: Option<f64>,
    threshold: Option<f64>,
    opened_at: DateTime<Utc>,
    /// When it got worse last.
    escalated_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    note: Option<String>,
    /// The last day on which it sends no mail.
    muted_until: Option<NaiveDate>,
    /// Null: it is still open.
    resolved_at: Option<DateTime<Utc>>,
}

impl From<Alert> for AlertAnswer {
    fn from(it: Alert) -> Self {
        Self {
            id: it.id,
            kind: it.kind.code(),
            key: it.key,
            title: it.title,
            detail: it.detail,
            severity: it.severity.code(),
            value: it.value,
            threshold: it.threshold,
            opened_at: it.opened_at,
            escalated_at: it.escalated_at,
            acknowledged_at: it.acknowledged.map(|(at, _)| at),
            note: it.note,
            muted_until: it.muted_until,
            resolved_at: it.resolved_at,
        }
    }
}

/// Alerts
///
/// Those that are open, the gravest first, then those that were within so many days, the newest first. 50 a page.
#[utoipa::path(
    get, path = ALERTS, tag = "alignment", operation_id = "kpi_alerts", params(AlertsQuery),
    responses((status = 200, description = "The alerts", body = AlertsAnswer)),
)]
pub(crate) async fn alerts(caller: Caller, Asked(asked): Asked<AlertsQuery>) -> Answer<AlertsAnswer> {
    caller.scope(Permission::Alignment)?;
    let days = days(asked.days.as_deref(), USUAL)?;
    let page = i64::try_from(turned(asked.cursor.as_deref())?).unwrap_or(1);
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let since = caller.now() - Duration::days(days);
    let listed = history(&mut tx, since, ROWS, (page - 1) * ROWS).await?;
    let next = (page * ROWS < listed.total).then(|| turn(usize::try_from(page + 1).unwrap_or(1)));
    let items = listed.alerts.into_iter().map(Into::into).collect();
    Ok(Json(AlertsAnswer { days, total: listed.total, items, next }))
}
