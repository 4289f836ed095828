//! The builders of what is written down about a site: work orders and incidents.

use chrono::NaiveDate;
use uuid::Uuid;

use super::time::{date, moment};
use super::world::{DAY, World, awaitable};
use crate::units::{SiteId, WorkerId};

/// A work order about to be opened.
#[derive(Debug)]
#[must_use = "await it, and the work order is there"]
pub struct NewWorkOrder<'a> {
    world: &'a World,
    worker: Option<WorkerId>,
    site: SiteId,
    day: NaiveDate,
    opened: String,
    due: Option<String>,
    resolved: Option<String>,
    satisfaction: Option<i16>,
    quality: Option<i16>,
}

impl<'a> NewWorkOrder<'a> {
    pub(super) fn new(world: &'a World, worker: Option<WorkerId>) -> Self {
        Self {
            world,
            worker,
            site: world.home(),
            day: date(DAY),
            opened: "08:00".into(),
            due: None,
            resolved: None,
            satisfaction: None,
            quality: None,
        }
    }

    /// Somewhere else than at home.
    pub fn at(mut self, site: SiteId) -> Self {
        self.site = site;
        self
    }

    /// On another day than [`DAY`]: the day its times of day belong to.
    pub fn on(mut self, day: &str) -> Self {
        self.day = date(day);
        self
    }

    /// When it was asked for.
    pub fn opened(mut self, at: &str) -> Self {
        self.opened = at.into();
        self
    }

    /// When it must be resolved.
    pub fn due(mut self, at: &str) -> Self {
        self.due = Some(at.into());
        self
    }

    /// When it was resolved.
    pub fn resolved(mut self, at: &str) -> Self {
        self.resolved = Some(at.into());
        self
    }

    /// What who asked for it thought of it, 1–5.
    pub fn rated(mut self, satisfaction: i16) -> Self {
        self.satisfaction = Some(satisfaction);
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
        let resolved_at = self.resolved.as_ref().map(at);
        let id = Uuid::now_v7();
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into work_orders (org_id, id, ref, site_id, worker_id, opened_at, assigned_at, resolved_at, sla_due_at, closed_day,
                 priority, category, satisfaction, quality)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $5, $6, $7, $8, 'normal', 'repair', $9, $10)",
            self.world.org().0,
            id,
            self.site.0,
            self.worker.map(|worker| worker.0),
            at(&self.opened),
            resolved_at,
            self.due.as_ref().map(at),
            resolved_at.map(|at| at.with_timezone(&zone).date_naive()),
            self.satisfaction,
            self.quality
        )
        .execute(&mut *tx)
        .await
        .expect("a new work order");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewWorkOrder => Uuid);

/// An incident about to be written down.
#[derive(Debug)]
#[must_use = "await it, and the incident is there"]
pub struct NewIncident<'a> {
    world: &'a World,
    worker: Option<WorkerId>,
    site: SiteId,
    day: NaiveDate,
    severity: i16,
    attributable: bool,
    documentation: Option<i16>,
    resolved: Option<String>,
}

impl<'a> NewIncident<'a> {
    pub(super) fn new(world: &'a World, worker: Option<WorkerId>) -> Self {
        Self {
            world,
            worker,
            site: world.home(),
            day: date(DAY),
            severity: 2,
            attributable: false,
            documentation: None,
            resolved: None,
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

    /// How grave, 1–5.
    pub fn severity(mut self, severity: i16) -> Self {
        self.severity = severity;
        self
    }

    /// The worker brought it about.
    pub fn attributable(mut self) -> Self {
        self.attributable = true;
        self
    }

    /// How well it was written down, 0–100.
    pub fn documented(mut self, quality: i16) -> Self {
        self.documentation = Some(quality);
        self
    }

    /// On which day it was resolved, at 12:00; open unless said.
    pub fn resolved(mut self, day: &str) -> Self {
        self.resolved = Some(day.into());
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let zone = self.world.zone_of(self.site).await;
        let id = Uuid::now_v7();
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into incidents (org_id, id, ref, site_id, worker_id, happened_at, day, kind, severity, attributable, documentation_quality,
                 resolved_at)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $6, 'trespass', $7, $8, $9, $10)",
            self.world.org().0,
            id,
            self.site.0,
            self.worker.map(|worker| worker.0),
            moment(zone, self.day, "10:00"),
            self.day,
            self.severity,
            self.attributable,
            self.documentation,
            self.resolved.as_deref().map(|day| moment(zone, date(day), "12:00"))
        )
        .execute(&mut *tx)
        .await
        .expect("a new incident");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewIncident => Uuid);
