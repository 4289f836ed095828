//! `/api/v1/performance/disputes` and the ruling on one, for programs.

use axum::Json;
use axum::extract::Path;
use axum::routing::{MethodRouter, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use muster::disputes::{Fact, PAGE, Ruling, State, Waiting};
use muster::units::{SiteId, WorkerId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::fns::rule;
use super::list::{Listed, listed};
use crate::api::{Answer, Asked, Sent, turn, turned};
use crate::caller::Caller;
use crate::error::AppError;
use crate::server::App;

const DISPUTES: &str = "/api/v1/performance/disputes";
const RULING: &str = "/api/v1/performance/disputes/{dispute}/ruling";

/// What of it is documented.
#[derive(OpenApi)]
#[openapi(paths(disputes, ruling))]
pub(crate) struct Paths;

/// The routes with their handlers.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![(DISPUTES, get(disputes)), (RULING, post(ruling))]
}

/// Which disputes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DisputesQuery {
    /// `open`, `upheld` or `rejected`.
    #[param(default = "open")]
    state: Option<String>,
    /// The id of one site; without it all that are the caller's.
    #[param(value_type = Option<Uuid>)]
    site: Option<String>,
    /// The `next` of the page before; without it the first page.
    cursor: Option<String>,
}

/// Disputes of the caller's sites.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamDisputes {
    /// How many are in each state.
    counts: Vec<DisputeCount>,
    /// 25 a page, open ones oldest first, others the latest ruling first. Null for who sees no names.
    disputes: Option<Vec<TeamDispute>>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// How many disputes are in a state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DisputeCount {
    state: &'static str,
    disputes: i64,
}

/// What a worker says about a fact, beside what was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamDispute {
    id: Uuid,
    #[schema(value_type = Uuid)]
    worker: WorkerId,
    name: String,
    job_role: String,
    /// The worker's home site, whose supervisors rule.
    #[schema(value_type = Uuid)]
    home: SiteId,
    /// The name of the site where it happened.
    site: String,
    /// `shift`, `task`, `tour` or `work_order`.
    #[schema(value_type = String)]
    fact: Fact,
    /// The business day of the fact.
    day: NaiveDate,
    /// What was recorded, times in the zone of the site.
    recorded: Vec<RecordedLine>,
    /// What the worker says.
    note: String,
    filed_at: DateTime<Utc>,
    /// `open`, `upheld` or `rejected`.
    state: &'static str,
    /// Who ruled.
    ruled_by: Option<String>,
    ruled_at: Option<DateTime<Utc>>,
    /// The reason of the ruling.
    ruling: Option<String>,
}

/// One thing that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedLine {
    label: String,
    text: String,
}

/// A ruling to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRuling {
    ruling: RulingWord,
    /// Why; the worker reads it.
    #[schema(min_length = 5, max_length = 2000, example = "The log of the gate agrees.")]
    reason: String,
}

/// Upheld: the fact counts no longer. Rejected: it stays.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RulingWord {
    Upheld,
    Rejected,
}

/// What a ruling came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulingMade {
    /// `upheld` or `rejected`.
    state: &'static str,
    /// Whether score, streaks and queue have followed; if not, the next nightly run does it.
    followed: bool,
}

/// Disputes of the caller's sites
///
/// What workers say is wrong, with what was recorded. It is between a worker and the own supervisor: who sees no names gets counts.
#[utoipa::path(
    get, path = DISPUTES, tag = "team", operation_id = "disputes", params(DisputesQuery),
    responses((status = 200, description = "The disputes", body = TeamDisputes)),
)]
pub(crate) async fn disputes(caller: Caller, Asked(asked): Asked<DisputesQuery>) -> Answer<TeamDisputes> {
    let filled = |text: Option<String>| text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let state = filled(asked.state).map(|it| it.parse::<State>()).transpose()?.unwrap_or_default();
    let no_site = |_| AppError::Invalid("The site in the query is not an id of a site.".into());
    let site = filled(asked.site).map(|it| it.parse().map_err(no_site)).transpose()?;
    let page = u32::try_from(turned(asked.cursor.as_deref())?).unwrap_or(1);
    let listed = listed(&caller, site, state, page).await?;
    Ok(Json(TeamDisputes::of(listed, page)))
}

/// Rule on a dispute
///
/// An upheld one takes the fact out of the score at once. Only a supervisor of the worker rules, nobody on the own facts, and each
/// dispute is ruled on once: after that the answer is 409 and says who was first.
#[utoipa::path(
    post, path = RULING, tag = "team", operation_id = "rule_on_dispute", request_body = NewRuling,
    params(("dispute" = Uuid, Path, description = "The dispute's id.")),
    responses((status = 200, description = "Ruled", body = RulingMade)),
)]
pub(crate) async fn ruling(
    caller: Caller,
    Path(dispute): Path<String>,
    Sent(new): Sent<NewRuling>,
) -> Answer<RulingMade> {
    let dispute = dispute.parse().map_err(|_| AppError::NotFound)?;
    let ruling = Ruling::from(new.ruling);
    let ruled = rule(&caller, dispute, ruling, &new.reason).await?;
    Ok(Json(RulingMade { state: ruling.word(), followed: ruled.followed }))
}

impl TeamDisputes {
    fn of(listed: Listed, page: u32) -> Self {
        let more = i64::from(page) * PAGE < listed.total;
        let counts = listed.counts.into_iter().map(|(state, disputes)| DisputeCount { state: state.word(), disputes });
        Self {
            counts: counts.collect(),
            disputes: listed.names.then(|| listed.disputes.into_iter().map(Into::into).collect()),
            next: more.then(|| turn(page as usize + 1)),
        }
    }
}

impl From<RulingWord> for Ruling {
    fn from(word: RulingWord) -> Self {
        match word {
            RulingWord::Upheld => Self::Upheld,
            RulingWord::Rejected => Self::Rejected,
        }
    }
}

impl From<Waiting> for TeamDispute {
    fn from(it: Waiting) -> Self {
        Self {
            id: it.id,
            worker: it.worker,
            name: it.name,
            job_role: it.job_role,
            home: it.home,
            site: it.site,
            fact: it.fact,
            day: it.day,
            recorded: it.recorded.into_iter().map(|(label, text)| RecordedLine { label, text }).collect(),
            note: it.note,
            filed_at: it.filed_at,
            state: it.state.word(),
            ruled_by: it.ruled_by,
            ruled_at: it.ruled_at,
            ruling: it.ruling,
        }
    }
}
