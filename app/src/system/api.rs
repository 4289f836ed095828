//! `/api/v1/operational/system-health`: the same for programs.

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, Utc};
use muster::people::{Permission, Role};
use muster::system::Part;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::health::{Health, health};
use crate::api::Answer;
use crate::caller::Caller;
use crate::server::App;

const HEALTH: &str = "/api/v1/operational/system-health";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(system_health))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(HEALTH, get(system_health))]
}

/// How the machinery is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemHealth {
    /// The state of the worst part: `fine`, `unknown`, `warning` or `critical`.
    state: &'static str,
    /// When it was asked.
    asked_at: DateTime<Utc>,
    /// Each part.
    parts: Vec<SystemPart>,
}

/// A part of the machinery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemPart {
    /// Its name.
    code: &'static str,
    /// `fine`, `unknown`, `warning` or `critical`.
    state: &'static str,
    /// Why, in a sentence.
    says: String,
    /// What it was judged by.
    facts: Vec<SystemFact>,
}

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemFact {
    /// What it is.
    name: String,
    /// How much, with its unit.
    value: String,
}

impl From<Part> for SystemPart {
    fn from(it: Part) -> Self {
        let facts = it.facts.into_iter().map(|fact| SystemFact { name: fact.name, value: fact.value });
        Self { code: it.code, state: it.state.word(), says: it.says, facts: facts.collect() }
    }
}

impl SystemHealth {
    pub(super) fn new(it: Health, asked_at: DateTime<Utc>) -> Self {
        Self { state: it.state.word(), asked_at, parts: it.parts.into_iter().map(SystemPart::from).collect() }
    }
}

/// System health
///
/// Database, migrations, queue, the jobs and mails of the caller's organization, disk, and the answers of the instance that is asked.
/// What does not answer within two seconds is `unknown`, or `critical` where it is the database.
#[utoipa::path(
    get, path = HEALTH, tag = "operations", operation_id = "system_health",
    responses((status = 200, description = "The parts", body = SystemHealth)),
)]
pub(crate) async fn system_health(State(app): State<App>, caller: Caller) -> Answer<SystemHealth> {
    caller.scope(Permission::Alignment)?;
    let org = (caller.user().role != Role::Platform).then(|| caller.user().org.clone());
    Ok(Json(SystemHealth::new(health(&app, org).await, caller.now())))
}
