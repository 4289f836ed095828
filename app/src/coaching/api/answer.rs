//! The queue and its conversations as JSON.

use chrono::NaiveDate;
use muster::coaching::{self, Counts, words};
use muster::units::WorkerId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A site's queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoachingQueue {
    /// How many entries are in each state; null: fewer than five people.
    counts: Option<QueueCounts>,
    /// What went well, not paged. Null for who sees no names.
    praise: Option<Vec<QueueEntry>>,
    /// Whom to help, the most urgent first. Null for who sees no names.
    entries: Option<Vec<QueueEntry>>,
    /// How many of these there are in all.
    total: Option<i64>,
    /// The cursor of the next page; null: this is the last one.
    next: Option<String>,
}

/// Entries by state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueCounts {
    /// People whose home site it is.
    people: i64,
    /// Closed ones of the last 90 days.
    by_state: Vec<StateCount>,
}

/// How many entries are in a state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StateCount {
    state: &'static str,
    entries: i64,
}

/// A reason to talk with somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueEntry {
    id: Uuid,
    #[schema(value_type = Uuid)]
    worker: WorkerId,
    name: String,
    job_role: String,
    /// `help` or `praise`.
    kind: &'static str,
    /// `suggested`, `scheduled`, `in_progress`, `completed`, `snoozed`, `dismissed` or `lapsed`.
    state: &'static str,
    /// 0 calm … 100 urgent.
    priority: f64,
    signals: Vec<QueueSignal>,
    /// What to talk about.
    talking_points: Vec<String>,
    /// Today's BPI, 0–100.
    bpi: Option<f64>,
    /// First listed on.
    suggested_on: NaiveDate,
    /// Last judged on.
    judged_on: NaiveDate,
    /// Why it was put off or dismissed.
    reason: Option<String>,
    /// The conversation, once one is planned.
    session: Option<Session>,
}

/// One reason, with what shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueSignal {
    name: &'static str,
    /// 0–1.
    severity: f64,
    /// The evidence as a sentence: numbers, days, comparison.
    says: String,
    /// The same as values. `signal` says which signal it is; the other fields depend on it.
    #[schema(value_type = Object)]
    evidence: coaching::Evidence,
}

/// A conversation, planned or held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// `scheduled`, `in_progress` or `completed`.
    state: String,
    /// The day it is planned for.
    scheduled_for: Option<NaiveDate>,
    /// What to talk about.
    agenda: String,
    /// The day it was held.
    completed_on: Option<NaiveDate>,
    /// What was said.
    notes: String,
    /// Who does what.
    agreed_actions: String,
    /// When to look at it again.
    follow_up_on: Option<NaiveDate>,
    /// With whom; null: imported without a name.
    coach: Option<String>,
    /// `help` or `praise`; null: imported.
    kind: Option<String>,
}

impl CoachingQueue {
    /// For who sees no names.
    pub(super) fn counted(counts: Vec<Counts>) -> Self {
        let counts = counts.into_iter().find(|it| it.site.is_some()).map(Into::into);
        Self { counts, praise: None, entries: None, total: None, next: None }
    }

    /// For the supervisor.
    pub(super) fn listed(counts: Vec<Counts>, page: coaching::Page, next: Option<String>) -> Self {
        let entries = |entries: Vec<coaching::Entry>| Some(entries.into_iter().map(Into::into).collect());
        Self {
            praise: entries(page.praise),
            entries: entries(page.entries),
            total: Some(page.total),
            next,
            ..Self::counted(counts)
        }
    }
}

impl From<Counts> for QueueCounts {
    fn from(it: Counts) -> Self {
        let count = |(state, entries): (coaching::State, i64)| StateCount { state: state.word(), entries };
        Self { people: it.people, by_state: it.by_state.into_iter().map(count).collect() }
    }
}

impl From<coaching::Entry> for QueueEntry {
    fn from(it: coaching::Entry) -> Self {
        Self {
            id: it.id,
            worker: it.worker,
            name: it.name,
            job_role: it.job_role,
            kind: it.kind.word(),
            state: it.state.word(),
            priority: it.priority,
            signals: it.signals.into_iter().map(Into::into).collect(),
            talking_points: it.talking_points,
            bpi: it.bpi,
            suggested_on: it.suggested_on,
            judged_on: it.judged_on,
            reason: it.reason,
            session: it.session.map(Into::into),
        }
    }
}

impl From<coaching::Signal> for QueueSignal {
    fn from(it: coaching::Signal) -> Self {
        Self { name: it.code().label(), severity: it.severity, says: words::evidence(&it), evidence: it.evidence }
    }
}

impl From<coaching::Session> for Session {
    fn from(it: coaching::Session) -> Self {
        Self {
            state: it.state,
            scheduled_for: it.scheduled_for,
            agenda: it.agenda,
            completed_on: it.completed_on,
            notes: it.notes,
            agreed_actions: it.agreed_actions,
            follow_up_on: it.follow_up_on,
            coach: it.coach,
            kind: it.kind,
        }
    }
}
