//! Own facts that count against one, and the disputes about them.

use axum::Json;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use muster::disputes::{self, Fact, disputable_facts, disputes_after};
use muster::me::Filter;
use muster::units::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Answer, Asked, Made, Page, PageQuery, PeriodQuery, Refusal, Sent};
use crate::caller::Caller;
use crate::me::page::{disputable, own_worker};

pub(super) const FACTS: &str = "/api/v1/performance/me/facts";
pub(super) const DISPUTES: &str = "/api/v1/performance/me/disputes";
/// Facts of one answer: more than anybody has within the days to dispute.
const MOST: i64 = 1000;

/// A fact that counts against the worker and can be disputed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DisputableFact {
    #[schema(value_type = FactKind)]
    fact: Fact,
    /// What `POST` of disputes takes as `fact_id`.
    id: Uuid,
    /// Its business day.
    day: NaiveDate,
    /// Where.
    site: String,
    /// What was recorded, in words.
    recorded: String,
}

/// The kind of a fact.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "documents the engine's words")]
enum FactKind {
    Shift,
    Task,
    Tour,
    WorkOrder,
}

/// A dispute and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dispute {
    id: Uuid,
    /// The kind of fact.
    #[schema(value_type = FactKind)]
    fact: String,
    fact_id: Uuid,
    /// The business day of the fact.
    day: NaiveDate,
    /// What the worker said.
    note: String,
    filed_at: DateTime<Utc>,
    /// What became of it.
    #[schema(value_type = DisputeState)]
    state: String,
    /// The reason of the ruling.
    ruling: Option<String>,
    ruled_at: Option<DateTime<Utc>>,
}

/// What became of a dispute: upheld, the fact counts no longer.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "documents the engine's words")]
enum DisputeState {
    Open,
    Upheld,
    Rejected,
}

/// A dispute to file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDispute {
    #[schema(value_type = FactKind)]
    fact: Fact,
    /// The id of the fact, as `facts` has it.
    fact_id: Uuid,
    /// What is wrong with it.
    #[schema(min_length = 5, max_length = 2000, example = "The gate was shut until ten past.")]
    note: String,
}

/// Own facts that can be disputed
///
/// What counted against the worker in the period, within the last 90 days and not disputed yet; newest first.
#[utoipa::path(
    get, path = FACTS, tag = "me", operation_id = "me_facts", params(PeriodQuery),
    responses((status = 200, description = "The facts", body = Vec<DisputableFact>)),
)]
pub(crate) async fn facts(caller: Caller, Asked(asked): Asked<PeriodQuery>) -> Answer<Vec<DisputableFact>> {
    let worker = own_worker(&caller)?;
    let (period, _) = Filter::from(asked).resolve(caller.last_complete_day())?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let facts = disputable_facts(&mut tx, worker, disputable(period, caller.today()), caller.now(), MOST).await?;
    Ok(Json(facts.into_iter().map(Into::into).collect()))
}

/// Own disputes
#[utoipa::path(
    get, path = DISPUTES, tag = "me", operation_id = "me_disputes", params(PageQuery),
    responses((status = 200, description = "A page of disputes, newest first", body = Page<Dispute>)),
)]
pub(crate) async fn disputes(caller: Caller, Asked(asked): Asked<PageQuery>) -> Answer<Page<Dispute>> {
    let worker = own_worker(&caller)?;
    let wanted = asked.wanted()?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let disputes = disputes_after(&mut tx, worker, wanted.after, wanted.read()).await?;
    Ok(Json(wanted.page(disputes, |dispute| Place { at: dispute.filed_at, id: dispute.id })))
}

/// Dispute an own fact
///
/// The supervisor rules on it; an upheld dispute takes the fact out of the score. A fact is disputed once: sent again, the
/// answer is 409 and nothing is done twice.
#[utoipa::path(
    post, path = DISPUTES, tag = "me", operation_id = "file_dispute", request_body = NewDispute,
    responses((status = 201, description = "Filed", body = Made)),
)]
pub(crate) async fn file(caller: Caller, Sent(new): Sent<NewDispute>) -> Result<(StatusCode, Json<Made>), Refusal> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let id = disputes::file(&mut tx, caller.user().id, worker, new.fact, new.fact_id, &new.note, caller.now()).await?;
    tx.commit().await?;
    Ok(Made::answer(id))
}

impl From<disputes::DisputableFact> for DisputableFact {
    fn from(it: disputes::DisputableFact) -> Self {
        Self { fact: it.fact, id: it.id, day: it.day, site: it.site, recorded: it.recorded }
    }
}

impl From<disputes::Dispute> for Dispute {
    fn from(it: disputes::Dispute) -> Self {
        Self {
            id: it.id,
            fact: it.fact,
            fact_id: it.fact_id,
            day: it.day,
            note: it.note,
            filed_at: it.filed_at,
            state: it.state,
            ruling: it.ruling,
            ruled_at: it.ruled_at,
        }
    }
}
