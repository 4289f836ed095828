//! `POST /api/v1/events`: what a browser or a program of the caller noticed itself.

use axum::Json;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, post};
use muster::privacy::{Purpose, has_agreed};
use muster::product::events::{Properties, check};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::Visitor;
use crate::api::{Refusal, Sent};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const EVENTS: &str = "/api/v1/events";
/// Events of one call.
const MOST: usize = 100;
/// Reasons that are told of one call.
const REASONS: usize = 10;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(track))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(EVENTS, post(track))]
}

/// Events to note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEvents {
    /// In the order in which they happened.
    #[schema(min_items = 1, max_items = 100)]
    events: Vec<NewEvent>,
}

/// An event to note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEvent {
    /// A name of the list in docs/events.md.
    #[schema(example = "feature_clicked")]
    name: String,
    /// What the list allows of it, and nothing personal.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({ "feature": "show_table" }))]
    properties: Properties,
    /// Milliseconds until the page was there, up to an hour.
    #[serde(default)]
    page_load_ms: Option<i32>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// How many were taken: all, or none of a caller who has not agreed to be noted.
    taken: usize,
    /// Whether the caller has agreed, under “Your data”.
    agreed: bool,
}

/// Note events
///
/// All of them, or none and the reasons. They are written a moment later. Of a caller who has not agreed nothing is noted, which is no
/// error. Who, when and where from is known from the request.
#[utoipa::path(
    post, path = EVENTS, tag = "events", operation_id = "track", request_body = NewEvents,
    responses((status = 202, description = "Taken", body = Taken)),
)]
pub(crate) async fn track(
    caller: Caller,
    Extension(visitor): Extension<Visitor>,
    Sent(sent): Sent<NewEvents>,
) -> Result<(StatusCode, Json<Taken>), Refusal> {
    refuse(&sent.events)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let agreed = has_agreed(&mut tx, caller.user().id, Purpose::ProductAnalytics).await?;
    drop(tx);
    let taken = if agreed { sent.events.len() } else { 0 };
    for event in sent.events.into_iter().take(taken) {
        visitor.did(&caller, &event.name, event.properties, event.page_load_ms);
    }
    Ok((StatusCode::ACCEPTED, Json(Taken { taken, agreed })))
}

/// Every reason against these events.
fn refuse(events: &[NewEvent]) -> Result<(), AppError> {
    if events.is_empty() || events.len() > MOST {
        return Err(AppError::Invalid(format!("Send 1 to {MOST} events; these are {}.", events.len())));
    }
    let reasons: Vec<String> = (1..)
        .zip(events)
        .filter_map(|(nth, event)| {
            let load = event.page_load_ms.is_some_and(|ms| !(0..=3_600_000).contains(&ms));
            let why = check(&event.name, &event.properties).err().map(|why| why.to_string());
            let why = why.or_else(|| load.then(|| "'page_load_ms' is not 0 to 3600000".to_owned()));
            why.map(|why| format!("Event {nth}: {why}."))
        })
        .collect();
    if reasons.is_empty() {
        return Ok(());
    }
    let more = reasons.len().saturating_sub(REASONS);
    let more = if more > 0 { format!(" And {more} more.") } else { String::new() };
    Err(AppError::Invalid(format!("Nothing was taken. {}{more}", reasons[..reasons.len().min(REASONS)].join(" "))))
}
