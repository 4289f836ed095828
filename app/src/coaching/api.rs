//! `/api/v1/performance/coaching-queue/{site}` and the own conversations, for programs.

mod answer;
mod effect;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::coaching::{self, Filter, sessions_of};
use muster::people::{Permission, audit};
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{CoachingQueue, Session};
use crate::api::{Answer, Asked, SiteInPath, limit, turn, turned};
use crate::caller::Caller;
use crate::me::own_worker;
use crate::server::App;

const QUEUE: &str = "/api/v1/performance/coaching-queue/{site}";
const SESSIONS: &str = "/api/v1/performance/me/sessions";
const USUAL: usize = 50;
const MOST: usize = 100;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(queue, sessions, effect::effect))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(QUEUE, get(queue)), (SESSIONS, get(sessions)), (effect::EFFECT, get(effect::effect))]
}

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueueQuery {
    /// `open`, `snoozed` or `closed`.
    #[param(default = "open")]
    show: Option<String>,
    /// One state only: `suggested`, `scheduled`, `in_progress`, `completed`, `snoozed`, `dismissed` or `lapsed`.
    state: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// How many.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionsQuery {
    /// The most that are listed.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100, default = 50)]
    limit: Option<String>,
}

/// A site's coaching queue
///
/// Whom to talk with and why, the most urgent first, 25 a page, each reason with its evidence. It is between a worker and the own
/// supervisor: others get counts by state and no entries. Scores that were looked at are written into the audit log.
#[utoipa::path(
    get, path = QUEUE, tag = "coaching", operation_id = "coaching_queue",
    params(("site" = uuid::Uuid, Path, description = "The site's id."), QueueQuery),
    responses((status = 200, description = "The queue", body = CoachingQueue)),
)]
pub(crate) async fn queue(
    caller: Caller,
    SiteInPath(site): SiteInPath,
    Asked(asked): Asked<QueueQuery>,
) -> Answer<CoachingQueue> {
    let scope = caller.scope(Permission::Coaching)?;
    let page = Some(turned(asked.cursor.as_deref())?.to_string());
    let filter = Filter { site: Some(site.to_string()), show: asked.show, state: asked.state, page }.resolve()?;
    let (user, now) = (caller.user(), caller.now());
    let mut tx = caller.db().org(user.org.id).await?;
    let counts = coaching::counts(&mut tx, &scope, filter.site, caller.today()).await?;
    if !scope.names {
        return Ok(Json(CoachingQueue::counted(counts)));
    }
    let page = coaching::page(&mut tx, &scope, &filter, user.worker, caller.last_complete_day()).await?;
    let looked: Vec<_> = page.praise.iter().chain(&page.entries).map(|it| it.worker).collect();
    audit::looked_at(&mut tx, user.id, &looked, now).await?;
    tx.commit().await?;
    let next = (page.page < page.pages).then(|| turn(filter.page as usize + 1));
    Ok(Json(CoachingQueue::listed(counts, page, next)))
}

/// Own coaching conversations
///
/// Planned and held, latest first.
#[utoipa::path(
    get, path = SESSIONS, tag = "me", operation_id = "me_sessions", params(SessionsQuery),
    responses((status = 200, description = "The conversations", body = Vec<Session>)),
)]
pub(crate) async fn sessions(caller: Caller, Asked(asked): Asked<SessionsQuery>) -> Answer<Vec<Session>> {
    let worker = own_worker(&caller)?;
    let most = limit(asked.limit.as_deref(), USUAL, MOST)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let sessions = sessions_of(&mut tx, worker, most as i64).await?;
    Ok(Json(sessions.into_iter().map(Into::into).collect()))
}
