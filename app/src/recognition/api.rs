//! `/api/v1/performance/kudos` and whom one may thank.

use axum::Json;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get};
use chrono::{DateTime, NaiveDate, Utc};
use muster::people::Permission;
use muster::recognition::{self, Category, Giver, kudos_after};
use muster::units::{Place, WorkerId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::api::{Answer, Asked, Made, Page, PageQuery, Refusal, Sent};
use crate::caller::Caller;
use crate::error::AppError;
use crate::me::own_worker;
use crate::server::App;

const KUDOS: &str = "/api/v1/performance/kudos";
const COLLEAGUES: &str = "/api/v1/performance/colleagues";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(received, give, colleagues))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(KUDOS, get(received).post(give)), (COLLEAGUES, get(colleagues))]
}

/// What thanks are for.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "documents the engine's words")]
enum KudosCategory {
    Teamwork,
    Quality,
    Initiative,
    Safety,
}

/// Thanks received.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kudos {
    id: Uuid,
    #[schema(value_type = KudosCategory)]
    category: Category,
    /// The giver's own words.
    message: String,
    given_at: DateTime<Utc>,
    /// The organization's local date.
    day: NaiveDate,
    /// The giver's name.
    from: String,
}

/// Thanks to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKudos {
    /// The id of a colleague, as `colleagues` has it.
    #[schema(value_type = Uuid)]
    to: WorkerId,
    #[schema(value_type = KudosCategory)]
    category: Category,
    /// What for, in own words.
    #[schema(min_length = 1, max_length = 500, example = "You stayed until the relief came. Thank you!")]
    message: String,
}

/// Somebody the caller may thank.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleague {
    #[schema(value_type = Uuid)]
    id: WorkerId,
    name: String,
}

/// Kudos received
#[utoipa::path(
    get, path = KUDOS, tag = "kudos", operation_id = "kudos", params(PageQuery),
    responses((status = 200, description = "A page of kudos, newest first", body = Page<Kudos>)),
)]
pub(crate) async fn received(caller: Caller, Asked(asked): Asked<PageQuery>) -> Answer<Page<Kudos>> {
    let worker = own_worker(&caller)?;
    let wanted = asked.wanted()?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let kudos = kudos_after(&mut tx, worker, wanted.after, wanted.read()).await?;
    Ok(Json(wanted.page(kudos, |kudos| Place { at: kudos.given_at, id: kudos.id })))
}

/// Thank a colleague
///
/// At most 5 a day, and the same colleague again after 7 days: beyond that the answer is 409, so that a request sent twice
/// thanks once.
#[utoipa::path(
    post, path = KUDOS, tag = "kudos", operation_id = "give_kudos", request_body = NewKudos,
    responses((status = 201, description = "Given", body = Made)),
)]
pub(crate) async fn give(caller: Caller, Sent(new): Sent<NewKudos>) -> Result<(StatusCode, Json<Made>), Refusal> {
    let giver = giver(&caller)?;
    let (now, zone) = (caller.now(), caller.user().org.zone);
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let id = recognition::give_kudos(&mut tx, &giver, new.to, new.category, &new.message, now, zone).await?;
    tx.commit().await?;
    Ok(Made::answer(id))
}

/// Whom one may thank
///
/// The workers of the own home site, or of the sites the caller looks after, by name.
#[utoipa::path(
    get, path = COLLEAGUES, tag = "kudos", operation_id = "colleagues",
    responses((status = 200, description = "The colleagues", body = Vec<Colleague>)),
)]
pub(crate) async fn colleagues(caller: Caller) -> Answer<Vec<Colleague>> {
    let giver = giver(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let colleagues = recognition::colleagues(&mut tx, &giver, caller.today()).await?;
    Ok(Json(colleagues.into_iter().map(|it| Colleague { id: it.id, name: it.name }).collect()))
}

/// Who the caller is when giving kudos: a worker, or somebody who looks after sites.
fn giver(caller: &Caller) -> Result<Giver, AppError> {
    Ok(Giver { user: caller.user().id, worker: caller.scope(Permission::Me)?.only_worker })
}

impl From<recognition::Kudos> for Kudos {
    fn from(it: recognition::Kudos) -> Self {
        Self {
            id: it.id,
            category: it.category,
            message: it.message,
            given_at: it.given_at,
            day: it.day,
            from: it.from,
        }
    }
}
