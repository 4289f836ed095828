//! Following the days: careers and streaks out of worker days.
//!
//! A day may be built again while its night shift still runs, so the night counts on from a settled day at least a week
//! back. Only a worker whose day at or before it has changed is counted from the first day again. Both ways give the
//! same rows.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use futures_util::TryStreamExt;
use serde::Serialize;
use uuid::Uuid;

use super::store::careers::DayRow;
use super::{Career, Streak, StreakKind, store};
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::WorkerId;

/// A streak as a worker sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CurrentStreak {
    /// What is kept up.
    pub kind: StreakKind,
    /// How long, since when, and the record.
    pub streak: Streak,
}

/// The streaks of a worker that have ever had a day to judge, in the order of [`StreakKind::ALL`].
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn streaks(tx: &mut OrgTx, worker: WorkerId) -> Result<Vec<CurrentStreak>> {
    let mut stored = store::careers::streaks_of(tx, worker).await?;
    stored.sort_by_key(|it| it.kind as usize);
    Ok(stored)
}

/// Whose days changed, and since when.
#[derive(Debug, Clone, Default)]
pub(super) struct Changed {
    /// The first changed day of everybody, if any.
    pub everybody: Option<NaiveDate>,
    /// The first changed day of single workers.
    pub workers: HashMap<Uuid, NaiveDate>,
}

impl Changed {
    /// Notes that days from `first` on changed, of one worker or (`None`) of everybody.
    pub(super) fn add(&mut self, worker: Option<Uuid>, first: NaiveDate) {
        let known = match worker {
            None => self.everybody.get_or_insert(first),
            Some(worker) => self.workers.entry(worker).or_insert(first),
        };
        *known = first.min(*known);
    }

    fn first_of(&self, worker: Uuid) -> Option<NaiveDate> {
        let own = self.workers.get(&worker).copied();
        own.into_iter().chain(self.everybody).min()
    }
}

/// A mark that is passed once for ever: what it is measured by, and how much is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Milestone {
    /// The achievement.
    pub code: String,
    /// What is counted.
    pub of: Count,
    /// How many are asked for.
    pub threshold: f64,
}

/// What a career counts for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// Shifts attended.
    Shifts,
    /// The longest streak of a kind.
    Best(StreakKind),
}

impl Count {
    pub(super) fn of(self, career: &Career) -> i32 {
        match self {
            Self::Shifts => career.attended,
            Self::Best(kind) => career.streak(kind).best,
        }
    }
}

/// A milestone passed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Passed {
    /// Who.
    pub worker: Uuid,
    /// Which achievement.
    pub code: String,
    /// When.
    pub day: NaiveDate,
    /// What was counted then.
    pub count: i32,
}

/// What following the days came to.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Rows written.
    pub rows: u64,
    /// Milestones passed after the settled day.
    pub passed: Vec<Passed>,
    /// The day each worker's counting went on from; who is not here was counted from the first day.
    pub settled: HashMap<Uuid, NaiveDate>,
}

/// The Sunday at least a week before `last`: late facts before it are rare enough to count from the start.
fn settled_day(last: NaiveDate) -> NaiveDate {
    let week_ago = last - Days::new(7);
    week_ago - Days::new(u64::from(week_ago.weekday().num_days_from_sunday()))
}

/// Brings all careers and streaks up to `last`.
pub(super) async fn follow(
    tx: &mut OrgTx,
    changed: &Changed,
    last: NaiveDate,
    milestones: &[Milestone],
) -> Result<Followed> {
    let mut known = store::careers::settled(tx).await?;
    known.retain(|it| changed.first_of(it.worker).is_none_or(|first| first > it.settled_on));
    let settled: HashMap<Uuid, NaiveDate> = known.iter().map(|it| (it.worker, it.settled_on)).collect();
    let unknown = store::careers::workers_without(tx, &settled.keys().copied().collect::<Vec<_>>()).await?;
    let mut lives = Lives { until: settled_day(last), milestones, ..Lives::default() };
    if let Some(day) = known.iter().map(|it| it.settled_on).min() {
        let days = Period { first: day + Days::new(1), last };
        lives.go_through(tx, days, None, known.into_iter().map(|it| (it.worker, Some(it))).collect()).await?;
    }
    if !unknown.is_empty() {
        let days = Period { first: NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), last };
        let of = (!settled.is_empty()).then_some(unknown.as_slice());
        lives.go_through(tx, days, of, unknown.iter().map(|worker| (*worker, None)).collect()).await?;
    }
    let rows = store::careers::store_streaks(tx, &lives.ended).await?;
    let rows = rows + store::careers::store_settled(tx, &lives.settled).await?;
    Ok(Followed { rows, passed: lives.passed, settled })
}

/// A career as it stood at the end of a day long enough ago.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub worker: Uuid,
    pub settled_on: NaiveDate,
    pub career: Career,
}

/// Careers being gone through, worker after worker, day after day.
#[derive(Default)]
struct Lives<'a> {
    until: NaiveDate,
    milestones: &'a [Milestone],
    ended: Vec<(Uuid, Career)>,
    settled: Vec<Settled>,
    passed: Vec<Passed>,
}

impl Lives<'_> {
    /// Lives the days of those who wait, each from the settled career if there is one. Nobody is left out: who has no
    /// day keeps the settled career.
    async fn go_through(
        &mut self,
        tx: &mut OrgTx,
        days: Period,
        workers: Option<&[Uuid]>,
        mut waiting: HashMap<Uuid, Option<Settled>>,
    ) -> Result<()> {
        {
            let mut rows = store::careers::days(tx, days, workers);
            let mut life: Option<Life> = None;
            while let Some(row) = rows.try_next().await? {
                if life.as_ref().is_none_or(|life| life.worker != row.worker) {
                    self.end(life.take());
                    life = waiting.remove(&row.worker).map(|settled| Life::new(row.worker, settled));
                }
                if let Some(life) = life.as_mut() {
                    life.live(&row, self);
                }
            }
            self.end(life);
        }
        for (worker, settled) in waiting {
            self.end(Some(Life::new(worker, settled)));
        }
        Ok(())
    }

    fn end(&mut self, life: Option<Life>) {
        let Some(mut life) = life else { return };
        life.settle(self);
        self.ended.push((life.worker, life.career));
    }
}

/// One worker's career on its way.
struct Life {
    worker: Uuid,
    career: Career,
    settled_on: Option<NaiveDate>,
    is_settled: bool,
}

impl Life {
    fn new(worker: Uuid, settled: Option<Settled>) -> Self {
        let settled_on = settled.as_ref().map(|it| it.settled_on);
        Self { worker, career: settled.map(|it| it.career).unwrap_or_default(), settled_on, is_settled: false }
    }

    fn live(&mut self, row: &DayRow, lives: &mut Lives<'_>) {
        if self.settled_on.is_some_and(|day| row.day <= day) {
            return;
        }
        if row.day > lives.until {
            self.settle(lives);
        }
        let before = self.career.clone();
        self.career.live(row.day, &row.facts);
        for milestone in lives.milestones {
            let count = milestone.of.of(&self.career);
            if f64::from(milestone.of.of(&before)) < milestone.threshold && f64::from(count) >= milestone.threshold {
                lives.passed.push(Passed { worker: self.worker, code: milestone.code.clone(), day: row.day, count });
            }
        }
    }

    fn settle(&mut self, lives: &mut Lives<'_>) {
        if !self.is_settled && self.settled_on.is_none_or(|day| day < lives.until) {
            lives.settled.push(Settled { worker: self.worker, settled_on: lives.until, career: self.career.clone() });
        }
        self.is_settled = true;
    }
}
