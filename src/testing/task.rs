//! The builder of a task.

use chrono::NaiveDate;
use uuid::Uuid;

use super::shift::Shift;
use super::time::{date, moment};
use super::world::{DAY, World, awaitable};
use crate::units::{SiteId, WorkerId};

/// A task about to be handed out.
#[derive(Debug)]
#[must_use = "await it, and the task is there"]
pub struct NewTask<'a> {
    world: &'a World,
    worker: WorkerId,
    site: SiteId,
    day: NaiveDate,
    shift: Option<Uuid>,
    due: String,
    assigned: Option<String>,
    completed: Option<String>,
    sla_minutes: Option<i32>,
    passed_first_time: Option<bool>,
    quality: Option<i16>,
}

impl<'a> NewTask<'a> {
    pub(super) fn new(world: &'a World, worker: WorkerId) -> Self {
        Self {
            world,
            worker,
            site: world.home(),
            day: date(DAY),
            shift: None,
            due: "12:00".into(),
            assigned: None,
            completed: None,
            sla_minutes: None,
            passed_first_time: None,
            quality: None,
        }
    }

    /// Somewhere else than at home.
    pub fn at(mut self, site: SiteId) -> Self {
        self.site = site;
        self
    }

    /// On another day than [`DAY`].
    pub fn on(mut self, day: &str) -> Self {
        self.day = date(day);
        self
    }

    /// As part of a shift: at its site, on its day.
    pub fn of_shift(mut self, shift: &Shift) -> Self {
        (self.shift, self.site, self.day) = (Some(shift.id), shift.site, shift.day);
        self
    }

    /// When it must be done.
    pub fn due(mut self, at: &str) -> Self {
        self.due = at.into();
        self
    }

    /// When it was handed out.
    pub fn assigned(mut self, at: &str) -> Self {
        self.assigned = Some(at.into());
        self
    }

    /// When it was done.
    pub fn completed(mut self, at: &str) -> Self {
        self.completed = Some(at.into());
        self
    }

    /// How many minutes after being handed out it must be done.
    pub fn sla(mut self, minutes: i32) -> Self {
        self.sla_minutes = Some(minutes);
        self
    }

    /// Whether it passed its first check; not checked unless said.
    pub fn passed_first_time(mut self, passed: bool) -> Self {
        self.passed_first_time = Some(passed);
        self
    }

    /// How good it was, 0–100.
    pub fn quality(mut self, quality: i16) -> Self {
        self.quality = Some(quality);
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let zone = self.world.zone_of(self.site).await;
        let at = |text: &String| moment(zone, self.day, text);
        let id = Uuid::now_v7();
        let mut tx = self.world.tx().await;
        tx.ensure_partitions("tasks", self.day, self.day).await.expect("a partition");
        sqlx::query!(
            "insert into tasks (org_id, day, id, ref, site_id, worker_id, shift_id, title, assigned_at, due_at, started_at, completed_at,
                 sla_minutes, passed_first_time, quality)
             values ($1, $2, $3, $3::uuid::text, $4, $5, $6, 'Check the gate', $7, $8, $9, $9, $10, $11, $12)",
            self.world.org().0,
            self.day,
            id,
            self.site.0,
            self.worker.0,
            self.shift,
            self.assigned.as_ref().map(at),
            at(&self.due),
            self.completed.as_ref().map(at),
            self.sla_minutes,
            self.passed_first_time,
            self.quality
        )
        .execute(&mut *tx)
        .await
        .expect("a new task");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewTask => Uuid);
