//! `/api/v1/performance/team/{site}` and `/top-performers/{site}`: a site's team for programs.

mod answer;

use axum::Json;
use axum::routing::{MethodRouter, get};
use muster::team::{self, MOST, RosterFilter};
use serde::Deserialize;
use utoipa::OpenApi;

use self::answer::{TeamAnswer, TopPerformers};
use super::viewer;
use crate::api::{Answer, Asked, PeriodQuery, SiteInPath, limit, turned};
use crate::caller::Caller;
use crate::server::App;

const TEAM: &str = "/api/v1/performance/team/{site}";
const TOP: &str = "/api/v1/performance/top-performers/{site}";
/// Top performers when no limit is given.
const USUAL: usize = 5;

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(team, top))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(TEAM, get(team)), (TOP, get(top))]
}

/// Who of the roster, and in which order.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RosterQuery {
    /// `needs_support`, `developing`, `solid`, `strong`, `exceptional`, or `none`: without a BPI.
    band: Option<String>,
    /// A job role, word for word.
    role: Option<String>,
    /// `day` or `night`.
    pattern: Option<String>,
    /// `name`, `role`, `bpi`, `shifts` or a component's code.
    #[param(default = "name")]
    sort: Option<String>,
    /// `asc` or `desc`.
    #[param(default = "asc")]
    order: Option<String>,
    /// The `next` of the roster's page before; without it the first page.
    cursor: Option<String>,
}

/// How many.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TopQuery {
    /// The most that are listed.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 20, default = 5)]
    limit: Option<String>,
}

/// A site's team
///
/// Tiles, trend, how the scores are spread, who does best and the roster, 25 people a page. Who sees no names gets no roster and
/// nobody's rank, and no figure of fewer than five people. Named scores that were looked at are written into the audit log.
#[utoipa::path(
    get, path = TEAM, tag = "team", operation_id = "team",
    params(("site" = uuid::Uuid, Path, description = "The site's id."), PeriodQuery, RosterQuery),
    responses((status = 200, description = "The team", body = TeamAnswer)),
)]
pub(crate) async fn team(
    caller: Caller,
    SiteInPath(site): SiteInPath,
    Asked(period): Asked<PeriodQuery>,
    Asked(roster): Asked<RosterQuery>,
) -> Answer<TeamAnswer> {
    let viewer = viewer(&caller)?;
    let roster = RosterFilter {
        page: Some(turned(roster.cursor.as_deref())?.to_string()),
        band: roster.band,
        role: roster.role,
        pattern: roster.pattern,
        sort: roster.sort,
        order: roster.order,
    };
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let last = caller.last_complete_day();
    let team = team::team(&mut tx, &viewer, site, &period.into(), &roster, last).await?;
    // The looks that were written down.
    tx.commit().await?;
    Ok(Json(team.into()))
}

/// A site's top performers
///
/// By the shrunk score, with its interval and the shifts it rests on, of those with enough shifts; never more than the better half, so
/// that nobody is last. Only for those who see names.
#[utoipa::path(
    get, path = TOP, tag = "team", operation_id = "top_performers",
    params(("site" = uuid::Uuid, Path, description = "The site's id."), PeriodQuery, TopQuery),
    responses((status = 200, description = "The best, best first", body = TopPerformers)),
)]
pub(crate) async fn top(
    caller: Caller,
    SiteInPath(site): SiteInPath,
    Asked(period): Asked<PeriodQuery>,
    Asked(asked): Asked<TopQuery>,
) -> Answer<TopPerformers> {
    let viewer = viewer(&caller)?;
    let most = limit(asked.limit.as_deref(), USUAL, MOST)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let last = caller.last_complete_day();
    let top = team::top_performers(&mut tx, &viewer, site, &period.into(), most, last).await?;
    tx.commit().await?;
    Ok(Json(top.into()))
}
