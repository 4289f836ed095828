//! What a program can do about the next 48 hours: add a shift, offer it, and answer an own offer.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, NaiveDateTime, Utc};
use muster::operations::offer::{self, Choice, OwnOffer};
use muster::operations::post::{self, Key};
use muster::people::Permission;
use muster::units::{ShiftId, SiteId, WorkerId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::SHIFTS;
use crate::api::{Answer, Made, Refusal, Sent};
use crate::caller::Caller;
use crate::error::AppError;
use crate::me::own_worker;

pub(super) const CANDIDATES: &str = "/api/v1/operational/shifts/{shift}/candidates";
pub(super) const OFFER: &str = "/api/v1/operational/shifts/{shift}/offers";
pub(super) const OFFERS: &str = "/api/v1/operational/offers";
pub(super) const ANSWER: &str = "/api/v1/operational/offers/{offer}/answer";
const KEY: &str = "idempotency-key";

/// A shift to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewShift {
    #[schema(value_type = Uuid)]
    site: SiteId,
    /// On the clock of the site.
    #[schema(example = "2026-11-21T18:00:00")]
    starts: NaiveDateTime,
    /// On the clock of the site; at most 36 hours later.
    #[schema(example = "2026-11-22T02:00:00")]
    ends: NaiveDateTime,
    /// One that somebody has; null: it asks for none.
    skill: Option<String>,
}

/// Whom a shift could be offered to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Candidates {
    #[schema(value_type = Uuid)]
    shift: ShiftId,
    /// The best suited who have not been asked, at most 5, best first.
    candidates: Vec<CandidateAnswer>,
    /// How many were asked already.
    asked: usize,
    /// How many are kept from it by a rule.
    blocked: usize,
}

/// Somebody a shift could be offered to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CandidateAnswer {
    #[schema(value_type = Uuid)]
    worker: WorkerId,
    name: String,
    /// Minutes of it beyond the ordinary hours of the week.
    overtime_minutes: i64,
    /// From home to the site, as the crow flies; null: not known.
    distance_km: Option<f64>,
    /// Why, in words.
    why: String,
}

/// Whom to offer a shift to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOffers {
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 20)]
    to: Vec<WorkerId>,
}

/// Who was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Offered {
    /// Their names.
    to: Vec<String>,
}

/// A shift that is offered to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnOfferAnswer {
    id: Uuid,
    /// The name of the site.
    site: String,
    /// The site's zone.
    time_zone: &'static str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    skill: Option<String>,
    /// Whether it would be overtime.
    overtime: bool,
}

/// Yes or no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferAnswer {
    accept: bool,
}

/// What an answer came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answered {
    accepted: bool,
}

fn shift_of(path: &str) -> Result<ShiftId, AppError> {
    path.parse().map_err(|_| AppError::NotFound)
}

/// Add a shift
///
/// One that nobody has yet, by who may change the site. Sent again with the same `Idempotency-Key` it is answered with the same id and
/// added once; the same key for another shift is 409.
#[utoipa::path(
    post, path = SHIFTS, tag = "operations", operation_id = "add_shift", request_body = NewShift,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of the caller's, up to 200 characters.")),
    responses((status = 201, description = "Added", body = Made)),
)]
pub(crate) async fn add(
    caller: Caller,
    headers: HeaderMap,
    Sent(new): Sent<NewShift>,
) -> Result<(StatusCode, Json<Made>), Refusal> {
    let scope = caller.scope(Permission::Operations)?;
    let new =
        post::NewShift { site: new.site, starts: new.starts, ends: new.ends, skill: new.skill.unwrap_or_default() };
    let key = match headers.get(KEY).map(|key| key.to_str()) {
        None => None,
        Some(Ok(text)) => Some(Key::new(caller.user().id, text)?),
        Some(Err(_)) => return Err(AppError::Invalid("The Idempotency-Key is not plain text.".into()).into()),
    };
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let shift = match key {
        None => post::add_shift(&mut tx, caller.user(), &scope, &new, caller.now()).await?,
        Some(key) => post::add_shift_once(&mut tx, caller.user(), &scope, &new, key, caller.now()).await?,
    };
    tx.commit().await?;
    Ok(Made::answer(shift.0))
}

/// Whom to offer a shift to
///
/// By least overtime, their wishes, distance, and hours so far. Who was asked once is not asked again.
#[utoipa::path(
    get, path = CANDIDATES, tag = "operations", operation_id = "shift_candidates",
    params(("shift" = Uuid, Path, description = "The shift's id.")),
    responses((status = 200, description = "The best suited", body = Candidates), (status = 409, description = "It is open no more")),
)]
pub(crate) async fn candidates(caller: Caller, Path(shift): Path<String>) -> Answer<Candidates> {
    let scope = caller.scope(Permission::Operations)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    Ok(Json(offer::choose(&mut tx, &scope, shift_of(&shift)?, caller.now()).await?.into()))
}

/// Offer a shift
///
/// Each is told and answers on the own page; the first who accepts has the shift. Somebody who was asked already, or whom a rule keeps
/// from it, is 400 and nobody is told.
#[utoipa::path(
    post, path = OFFER, tag = "operations", operation_id = "offer_shift", request_body = NewOffers,
    params(("shift" = Uuid, Path, description = "The shift's id.")),
    responses((status = 200, description = "Offered", body = Offered)),
)]
pub(crate) async fn offer(caller: Caller, Path(shift): Path<String>, Sent(new): Sent<NewOffers>) -> Answer<Offered> {
    let scope = caller.scope(Permission::Operations)?;
    if new.to.len() > MOST_ASKED {
        return Err(AppError::Invalid(format!("A shift is offered to at most {MOST_ASKED} people at once.")).into());
    }
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let to = offer::offer(&mut tx, caller.user(), &scope, shift_of(&shift)?, &new.to, caller.now()).await?;
    tx.commit().await?;
    Ok(Json(Offered { to }))
}

const MOST_ASKED: usize = 20;

/// Shifts offered to me
///
/// Those that wait for an answer and can still be had, soonest first.
#[utoipa::path(
    get, path = OFFERS, tag = "me", operation_id = "me_offers",
    responses((status = 200, description = "The offers", body = Vec<OwnOfferAnswer>)),
)]
pub(crate) async fn offers(caller: Caller) -> Answer<Vec<OwnOfferAnswer>> {
    let worker = own_worker(&caller)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    let own = offer::offers_to(&mut tx, worker, caller.now()).await?;
    Ok(Json(own.into_iter().map(Into::into).collect()))
}

/// Answer an own offer
///
/// Of two who accept at once the first has the shift, the other gets 409; so does an answer sent twice. To decline is a right and lowers
/// no score.
#[utoipa::path(
    post, path = ANSWER, tag = "me", operation_id = "answer_offer", request_body = OfferAnswer,
    params(("offer" = Uuid, Path, description = "The offer's id.")),
    responses((status = 200, description = "Answered", body = Answered)),
)]
pub(crate) async fn answer(
    caller: Caller,
    Path(offer): Path<String>,
    Sent(sent): Sent<OfferAnswer>,
) -> Answer<Answered> {
    let worker = own_worker(&caller)?;
    let offer = offer.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = caller.db().org(caller.user().org.id).await?;
    offer::answer(&mut tx, caller.user(), worker, offer, sent.accept, caller.now()).await?;
    tx.commit().await?;
    Ok(Json(Answered { accepted: sent.accept }))
}

impl From<Choice> for Candidates {
    fn from(it: Choice) -> Self {
        let candidates = it.candidates.into_iter().map(|(name, it)| CandidateAnswer {
            worker: it.worker,
            name,
            overtime_minutes: it.overtime_minutes,
            distance_km: it.distance_km,
            why: it.why,
        });
        Self { shift: it.shift, candidates: candidates.collect(), asked: it.asked, blocked: it.blocked }
    }
}

impl From<OwnOffer> for OwnOfferAnswer {
    fn from(it: OwnOffer) -> Self {
        Self {
            id: it.id,
            site: it.site,
            time_zone: it.zone.name(),
            starts_at: it.starts_at,
            ends_at: it.ends_at,
            skill: it.skill,
            overtime: it.overtime,
        }
    }
}
