//! The builder of a patrol round with its checkpoints.

use chrono::{Duration, NaiveDate};
use uuid::Uuid;

use super::shift::Shift;
use super::time::{date, moment, nearest};
use super::world::{DAY, World, awaitable};
use crate::units::{SiteId, WorkerId};

/// A patrol round about to be made.
#[derive(Debug)]
#[must_use = "await it, and the tour is there"]
pub struct NewTour<'a> {
    world: &'a World,
    worker: WorkerId,
    site: SiteId,
    day: NaiveDate,
    shift: Option<Uuid>,
    planned: String,
    started: bool,
    completed: bool,
    checkpoints: Vec<(String, Option<String>)>,
    incidents: (i32, i32),
}

impl<'a> NewTour<'a> {
    pub(super) fn new(world: &'a World, worker: WorkerId) -> Self {
        Self {
            world,
            worker,
            site: world.home(),
            day: date(DAY),
            shift: None,
            planned: "09:00".into(),
            started: true,
            completed: true,
            checkpoints: Vec::new(),
            incidents: (0, 0),
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

    /// When it should start.
    pub fn planned(mut self, at: &str) -> Self {
        self.planned = at.into();
        self
    }

    /// It was started but not ended.
    pub fn broken_off(mut self) -> Self {
        self.completed = false;
        self
    }

    /// It was never started.
    pub fn not_started(mut self) -> Self {
        (self.started, self.completed) = (false, false);
        self
    }

    /// A further checkpoint, visited when it was planned.
    pub fn checkpoint(self, planned: &str) -> Self {
        self.checkpoint_visited(planned, planned)
    }

    /// A further checkpoint, visited at another time than planned.
    pub fn checkpoint_visited(mut self, planned: &str, visited: &str) -> Self {
        self.checkpoints.push((planned.into(), Some(visited.into())));
        self
    }

    /// A further checkpoint, left out.
    pub fn checkpoint_missed(mut self, planned: &str) -> Self {
        self.checkpoints.push((planned.into(), None));
        self
    }

    /// How many incidents were found on it, and how many were there and not found.
    pub fn incidents(mut self, found: i32, missed: i32) -> Self {
        self.incidents = (found, missed);
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let zone = self.world.zone_of(self.site).await;
        let planned = moment(zone, self.day, &self.planned);
        let id = Uuid::now_v7();
        let org = self.world.org().0;
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into tours (org_id, id, ref, site_id, worker_id, shift_id, day, planned_start, started_at, completed_at,
                 incidents_found, incidents_missed)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            org,
            id,
            self.site.0,
            self.worker.0,
            self.shift,
            self.day,
            planned,
            self.started.then_some(planned),
            self.completed.then_some(planned + Duration::minutes(45)),
            self.incidents.0,
            self.incidents.1
        )
        .execute(&mut *tx)
        .await
        .expect("a new tour");
        tx.ensure_partitions("checkpoints", self.day, self.day).await.expect("a partition");
        for (position, (planned_at, visited_at)) in (1_i16..).zip(&self.checkpoints) {
            sqlx::query!(
                "insert into checkpoints (org_id, day, id, tour_id, position, name, planned_at, visited_at)
                 values ($1, $2, $3, $4, $5, 'Gate', $6, $7)",
                org,
                self.day,
                Uuid::now_v7(),
                id,
                position,
                nearest(zone, planned, planned_at),
                visited_at.as_deref().map(|at| nearest(zone, planned, at))
            )
            .execute(&mut *tx)
            .await
            .expect("a new checkpoint");
        }
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewTour => Uuid);
