//! The board as JSON.

use chrono::{DateTime, NaiveDate, Utc};
use muster::models::shift_fill::Prediction;
use muster::operations::board::{Available, BoardShift, Expiring, Part, Standing, Urgency};
use muster::units::{ShiftId, SiteId, WorkerId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::operations::address::List;
use crate::operations::risk::{Risk, Tiles};

/// The numbers of the next 48 hours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ahead {
    /// Shifts that run now or begin within 48 hours.
    shifts: i64,
    /// Of these, those nobody has.
    open: i64,
    /// Of these, those whose worker is clocked in now.
    there: i64,
    /// Open ones that are predicted to be filled with less than 70 %; null: no model is shown.
    at_risk: Option<i64>,
    /// People who could still be asked today.
    available: i64,
}

impl Ahead {
    pub(super) fn of(tiles: &Tiles) -> Self {
        let number = |list| tiles.number(list).flatten();
        let known = |list| number(list).unwrap_or_default();
        Self {
            shifts: known(List::Shifts),
            open: known(List::Open),
            there: known(List::There),
            at_risk: number(List::AtRisk),
            available: known(List::Available),
        }
    }
}

/// Shifts of the next 48 hours.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadShifts {
    /// How many there are in all.
    total: i64,
    items: Vec<AheadShift>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadShift {
    #[schema(value_type = uuid::Uuid)]
    id: ShiftId,
    #[schema(value_type = uuid::Uuid)]
    site: SiteId,
    site_name: String,
    /// The site's zone, such as `Africa/Johannesburg`.
    time_zone: &'static str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// The skill it asks for.
    skill: Option<String>,
    /// Who has it; null: nobody.
    #[schema(value_type = Option<uuid::Uuid>)]
    worker: Option<WorkerId>,
    worker_name: Option<String>,
    /// `open`, `filled`, `called_in` absent, `missing` (begun and not clocked in), `there` or `left`.
    standing: &'static str,
    /// When the worker clocked in (`there`) or out (`left`).
    since: Option<DateTime<Utc>>,
    /// Of an open one: `begun`, `now` (less than 8 hours to its start), `today` (24) or `soon` (48).
    urgency: Option<&'static str>,
    /// Offers that wait for an answer.
    offers_waiting: i64,
    offers_declined: i64,
    /// Of an open one that has not begun; null: no model is shown.
    prediction: Option<FillPrediction>,
}

/// How likely an open shift is filled by its start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FillPrediction {
    /// 0 to 1.
    probability: f64,
    /// Below 0.7.
    at_risk: bool,
    /// The strongest reasons, in words.
    reasons: Vec<String>,
    /// The fewest hours ahead at which it should have been posted; null: none that was ever usual would have done.
    post_hours_ahead: Option<f64>,
}

impl AheadShifts {
    pub(super) fn of(shifts: Vec<BoardShift>, risk: &Risk, total: i64, next: Option<String>) -> Self {
        let items = shifts.into_iter().map(|shift| AheadShift::of(shift, risk)).collect();
        Self { total, items, next }
    }
}

impl AheadShift {
    fn of(it: BoardShift, risk: &Risk) -> Self {
        let (standing, since, urgency) = standing(it.standing);
        let (worker, worker_name) = it.worker.unzip();
        Self {
            prediction: risk.of(it.id).map(Into::into),
            id: it.id,
            site: it.site,
            site_name: it.site_name,
            time_zone: it.zone.name(),
            starts_at: it.starts_at,
            ends_at: it.ends_at,
            skill: it.skill,
            worker,
            worker_name,
            standing,
            since,
            urgency,
            offers_waiting: it.waiting,
            offers_declined: it.declined,
        }
    }
}

fn standing(standing: Standing) -> (&'static str, Option<DateTime<Utc>>, Option<&'static str>) {
    match standing {
        Standing::Open(urgency) => ("open", None, Some(word(urgency))),
        Standing::Filled => ("filled", None, None),
        Standing::CalledIn => ("called_in", None, None),
        Standing::Missing => ("missing", None, None),
        Standing::There(since) => ("there", Some(since), None),
        Standing::Left(since) => ("left", Some(since), None),
    }
}

fn word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Begun => "begun",
        Urgency::Now => "now",
        Urgency::Today => "today",
        Urgency::Soon => "soon",
    }
}

impl From<&Prediction> for FillPrediction {
    fn from(it: &Prediction) -> Self {
        Self {
            probability: it.probability,
            at_risk: it.at_risk,
            reasons: it.reasons.clone(),
            post_hours_ahead: it.post_hours_ahead,
        }
    }
}

/// People who could still be asked today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadWorkers {
    /// How many there are in all.
    total: i64,
    items: Vec<AheadWorker>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadWorker {
    #[schema(value_type = uuid::Uuid)]
    worker: WorkerId,
    name: String,
    /// The name of the home site.
    site: String,
    job_role: String,
    skills: Vec<String>,
}

impl AheadWorkers {
    pub(super) fn of(part: Part<Available>, next: Option<String>) -> Self {
        let items = part.rows.into_iter().map(|it| AheadWorker {
            worker: it.worker,
            name: it.name,
            site: it.site,
            job_role: it.job_role,
            skills: it.skills,
        });
        Self { total: part.total, items: items.collect(), next }
    }
}

/// Certifications that expire soon.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadCertifications {
    /// How many there are in all.
    total: i64,
    items: Vec<AheadCertification>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// A certification.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AheadCertification {
    #[schema(value_type = uuid::Uuid)]
    worker: WorkerId,
    name: String,
    /// The name of the home site.
    site: String,
    certification: String,
    /// The last day on which it is valid.
    expires_on: NaiveDate,
}

impl AheadCertifications {
    pub(super) fn of(part: Part<Expiring>, next: Option<String>) -> Self {
        let items = part.rows.into_iter().map(|it| AheadCertification {
            worker: it.worker,
            name: it.name,
            site: it.site,
            certification: it.certification,
            expires_on: it.expires_on,
        });
        Self { total: part.total, items: items.collect(), next }
    }
}
