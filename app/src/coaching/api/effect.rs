//! `/api/v1/performance/coaching-effect`: did it work?

use axum::Json;
use chrono::NaiveDate;
use muster::coaching::effect::{DidItWork, Estimate, kept_effect, words};
use muster::people::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Answer;
use crate::caller::Caller;

pub(super) const EFFECT: &str = "/api/v1/performance/coaching-effect";

/// Whether talking helped.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoachingEffect {
    /// The latest answer; null before the first morning.
    effect: Option<EffectOfCoaching>,
}

/// The answer of one morning, about the whole organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EffectOfCoaching {
    /// The morning it was worked out.
    as_of: NaiveDate,
    /// The answer in words.
    sentence: String,
    /// The answer in numbers; null: too early, or too few conversations to compare.
    estimate: Option<EffectEstimate>,
    /// Conversations it does not rest on, and why, in words.
    left_out: Vec<String>,
    /// How it is computed, in words.
    how_computed: Vec<String>,
}

/// Points of the BPI gained more than comparable colleagues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EffectEstimate {
    gain: f64,
    /// Lower end of the 95 % interval.
    low: f64,
    /// Upper end of it.
    high: f64,
    /// Conversations it rests on.
    conversations: usize,
    /// Different colleagues they are compared with.
    colleagues: usize,
    /// Mean BPI of the coached before.
    coached_before: f64,
    /// Mean change of the coached.
    coached_change: f64,
    /// Mean change of the colleagues.
    peers_change: f64,
}

/// Did coaching work?
///
/// The BPI 30 days after a conversation, against comparable colleagues who were not coached: one figure of the whole organization
/// with its interval and what it rests on. Worked out each morning.
#[utoipa::path(
    get, path = EFFECT, tag = "coaching", operation_id = "coaching_effect",
    responses((status = 200, description = "The latest answer", body = CoachingEffect)),
)]
pub(crate) async fn effect(caller: Caller) -> Answer<CoachingEffect> {
    caller.scope(Permission::Coaching)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let effect = kept_effect(&mut tx).await?.map(|(day, answer)| EffectOfCoaching::new(day, &answer));
    Ok(Json(CoachingEffect { effect }))
}

impl EffectOfCoaching {
    fn new(as_of: NaiveDate, answer: &DidItWork) -> Self {
        let (estimate, left_out) = match answer {
            DidItWork::TooEarly { .. } => (None, Vec::new()),
            DidItWork::TooFew { left_out, .. } => (None, words::left_out(left_out)),
            DidItWork::Measured { estimate, left_out } => (Some((*estimate).into()), words::left_out(left_out)),
        };
        let (sentence, how_computed) = (words::sentence(answer), words::how_computed().into());
        Self { as_of, sentence, estimate, left_out, how_computed }
    }
}

impl From<Estimate> for EffectEstimate {
    fn from(it: Estimate) -> Self {
        Self {
            gain: it.gain,
            low: it.low,
            high: it.high,
            conversations: it.conversations,
            colleagues: it.colleagues,
            coached_before: it.coached_before,
            coached_change: it.coached_change,
            peers_change: it.peers_change,
        }
    }
}
