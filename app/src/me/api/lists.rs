//! Streaks, achievements, shifts, certifications and looks as JSON.

use chrono::{DateTime, NaiveDate, Utc};
use muster::me;
use muster::recognition::{self, CurrentStreak};
use serde::Serialize;
use utoipa::ToSchema;

/// What the worker keeps up, has earned and may earn next.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Achievements {
    /// Days in a row. A day off or approved leave neither adds nor breaks.
    streaks: Vec<Streak>,
    /// Latest first.
    earned: Vec<Earned>,
    /// Nearest first.
    next: Vec<Next>,
}

/// Applicable days in a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Streak {
    /// `on_time`, `perfect_patrol`, `sla_hit` or `zero_ncns`.
    kind: &'static str,
    name: &'static str,
    /// What counts as a day of it.
    meaning: &'static str,
    /// Days in a row, up to `through`.
    current: i32,
    /// The first of them.
    since: Option<NaiveDate>,
    /// The longest there was.
    best: i32,
    /// The last day of the longest; null while it is the current one.
    best_ended: Option<NaiveDate>,
    /// The last day counted.
    through: Option<NaiveDate>,
}

/// How hard an achievement is to earn.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "documents the engine's words")]
enum AchievementTier {
    Bronze,
    Silver,
    Gold,
}

/// An achievement the worker has earned.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Earned {
    code: String,
    name: String,
    /// How hard it is.
    #[schema(value_type = AchievementTier)]
    tier: recognition::Tier,
    description: String,
    /// The day it was earned, the last time.
    earned_on: NaiveDate,
    /// How many times.
    times: i64,
    /// What earned it, in words.
    evidence: String,
}

/// An achievement that can be earned.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Next {
    code: String,
    name: String,
    /// How hard it is.
    #[schema(value_type = AchievementTier)]
    tier: recognition::Tier,
    description: String,
    /// 0–1; 1: reached if the period ended today.
    progress: f64,
    /// How far, in words.
    so_far: String,
    /// The last day of the running period; null: no limit.
    until: Option<NaiveDate>,
    /// Out of reach until the next period begins.
    lost: bool,
    /// How often it was earned before.
    times: i64,
}

/// A shift to come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shift {
    site: String,
    /// The IANA name of the site's time zone.
    time_zone: &'static str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// Why this worker, one reason each.
    reasons: Vec<String>,
}

/// A certification the worker holds or should hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Certificate {
    name: String,
    /// The last day it counts; null: it does not expire, or there is none.
    expires_on: Option<NaiveDate>,
    /// Whether there is one at all.
    held: bool,
    /// Whether the job role or the home site asks for it.
    required: bool,
}

/// Somebody looked at the worker's score, or at how likely the worker leaves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Look {
    at: DateTime<Utc>,
    /// By name.
    who: String,
    /// As what.
    role: String,
    /// At what: `score`, `churn risk` or `pay`.
    what: String,
}

impl Achievements {
    pub(super) fn new(streaks: Vec<CurrentStreak>, it: recognition::Achievements) -> Self {
        Self {
            streaks: streaks.into_iter().map(Into::into).collect(),
            earned: it.earned.into_iter().map(Into::into).collect(),
            next: it.next.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<CurrentStreak> for Streak {
    fn from(CurrentStreak { kind, streak }: CurrentStreak) -> Self {
        Self {
            kind: kind.word(),
            name: kind.label(),
            meaning: kind.meaning(),
            current: streak.current,
            since: streak.since,
            best: streak.best,
            best_ended: streak.best_ended,
            through: streak.through,
        }
    }
}

impl From<recognition::Earned> for Earned {
    fn from(it: recognition::Earned) -> Self {
        Self {
            code: it.code,
            name: it.name,
            tier: it.tier,
            description: it.description,
            earned_on: it.earned_on,
            times: it.times,
            evidence: it.evidence,
        }
    }
}

impl From<recognition::Next> for Next {
    fn from(it: recognition::Next) -> Self {
        Self {
            code: it.code,
            name: it.name,
            tier: it.tier,
            description: it.description,
            progress: it.progress,
            so_far: it.so_far,
            until: it.until,
            lost: it.lost,
            times: it.times,
        }
    }
}

impl From<me::OwnShift> for Shift {
    fn from(it: me::OwnShift) -> Self {
        Self {
            site: it.site,
            time_zone: it.zone.name(),
            starts_at: it.starts_at,
            ends_at: it.ends_at,
            reasons: it.reasons,
        }
    }
}

impl From<me::Certificate> for Certificate {
    fn from(it: me::Certificate) -> Self {
        Self { name: it.name, expires_on: it.expires_on, held: it.held, required: it.required }
    }
}

impl From<me::Look> for Look {
    fn from(it: me::Look) -> Self {
        Self { at: it.at, who: it.who, role: it.role, what: it.what }
    }
}
