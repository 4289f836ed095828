//! What goes on right now, for programs: as JSON, or told anew every fifteen seconds.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use chrono::{DateTime, Utc};
use futures_util::stream::unfold;
use muster::alignment::Set;
use muster::people::Permission;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};
use utoipa::ToSchema;

use super::super::tiles;
use crate::api::Refusal;
use crate::caller::Caller;
use crate::error::AppError;

pub(crate) const NOW: &str = "/api/v1/operational/real-time-metrics";
/// A stream tells anew so often.
const EVERY: Duration = Duration::from_secs(15);
/// And ends after so many readings: who comes back is asked again who it is.
const READINGS: usize = 8;

/// What goes on right now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NowAnswer {
    /// `product`: of all organizations; `workforce`: of the own one.
    #[schema(value_type = String)]
    set: Set,
    /// When it was read; it is at most ten seconds old.
    read_at: DateTime<Utc>,
    /// Users who asked for anything within the hour, and within 24 hours.
    active_users_1h: i64,
    active_users_24h: i64,
    /// Product events a minute, the mean of the last five; of users who agreed to be counted.
    events_per_minute: f64,
    /// Rosters generated, and proposals confirmed, within 24 hours.
    rosters_24h: i64,
    proposals_applied_24h: i64,
    /// Subscriptions begun within 24 hours; null: the organization sells none.
    subscriptions_24h: Option<i64>,
    /// Received for orders within 24 hours less refunds; for the platform what new subscriptions bring a month.
    #[schema(value_type = String)]
    revenue_24h: String,
    /// ISO 4217 code of the money.
    currency: String,
}

async fn read(caller: &Caller) -> Result<NowAnswer, AppError> {
    let found = tiles::read(caller).await?;
    let it = &found.it;
    Ok(NowAnswer {
        set: Set::of(caller.user().role),
        read_at: found.made_at,
        active_users_1h: it.active_1h,
        active_users_24h: it.active_24h,
        events_per_minute: it.events_a_minute(),
        rosters_24h: it.rosters,
        proposals_applied_24h: it.proposals,
        subscriptions_24h: it.subscriptions,
        revenue_24h: it.revenue.to_string(),
        currency: caller.user().org.currency.clone(),
    })
}

/// What goes on right now
///
/// Active users, events a minute, and what was done within 24 hours. Asked for as `text/event-stream` it is told anew every 15
/// seconds as an event `metrics`; the stream ends after two minutes, and who comes back goes on.
#[utoipa::path(
    get, path = NOW, tag = "alignment", operation_id = "real_time_metrics",
    responses((status = 200, description = "The figures", body = NowAnswer)),
)]
pub(crate) async fn now(caller: Caller, headers: HeaderMap) -> Result<Response, Refusal> {
    caller.scope(Permission::Alignment)?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/event-stream") {
        return Ok(Json(read(&caller).await?).into_response());
    }
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let events = unfold((caller, ticks, READINGS), async |(caller, mut ticks, left)| {
        let left = left.checked_sub(1)?;
        ticks.tick().await;
        let data = serde_json::to_string(&read(&caller).await.ok()?).ok()?;
        let event = Event::default().event("metrics").data(data).retry(Duration::from_secs(5));
        Some((Ok::<_, Infallible>(event), (caller, ticks, left)))
    });
    // Some proxies hold an answer back until it is whole.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let headers = [unbuffered, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response())
}
