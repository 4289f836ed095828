//! Builders of what people did: shifts, tasks, tours, work orders, incidents, offers.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

use super::time::{date, moment, nearest};
use super::world::{DAY, World, awaitable};
use crate::units::{SiteId, WorkerId};

/// A shift that was made.
#[derive(Debug, Clone, Copy)]
pub struct Shift {
    /// Its id, which is its attendance's too.
    pub id: Uuid,
    /// Where.
    pub site: SiteId,
    /// Its business day.
    pub day: NaiveDate,
    /// Its planned start.
    pub starts_at: DateTime<Utc>,
    /// Its planned end.
    pub ends_at: DateTime<Utc>,
}

/// What became of a shift.
#[derive(Debug)]
enum Attendance {
    Unknown,
    Came { clock_in: String, clock_out: Option<String> },
    StayedAway { called_in: bool },
}

/// A shift about to be made.
#[derive(Debug)]
#[must_use = "await it, and the shift is made"]
pub struct NewShift<'a> {
    world: &'a World,
    worker: Option<WorkerId>,
    site: SiteId,
    day: NaiveDate,
    from: String,
    to: String,
    cancelled: bool,
    overtime: i32,
    pay: i64,
    assigned_by: String,
    attendance: Attendance,
    inside_geofence: Option<bool>,
}

impl<'a> NewShift<'a> {
    pub(super) fn new(world: &'a World, worker: Option<WorkerId>) -> Self {
        Self {
            world,
            worker,
            site: world.home(),
            day: date(DAY),
            from: "06:00".into(),
            to: "14:00".into(),
            cancelled: false,
            overtime: 0,
            pay: 800,
            assigned_by: "roster".into(),
            attendance: Attendance::Unknown,
            inside_geofence: None,
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

    /// On another day than [`DAY`].
    pub fn on_day(mut self, day: NaiveDate) -> Self {
        self.day = day;
        self
    }

    /// At other hours; an end before the start is on the next day.
    pub fn hours(mut self, from: &str, to: &str) -> Self {
        (self.from, self.to) = (from.into(), to.into());
        self
    }

    /// The worker came, and left when the shift ended.
    pub fn clocked_in(mut self, at: &str) -> Self {
        let clock_out = Some(self.to.clone());
        self.attendance = Attendance::Came { clock_in: at.into(), clock_out };
        self
    }

    /// The worker came on time and left at another time than the end; say it after [`NewShift::clocked_in`].
    pub fn clocked_out(mut self, at: &str) -> Self {
        let clock_in = match self.attendance {
            Attendance::Came { clock_in, .. } => clock_in,
            _ => self.from.clone(),
        };
        self.attendance = Attendance::Came { clock_in, clock_out: Some(at.into()) };
        self
    }

    /// The worker is still there; say it after [`NewShift::clocked_in`].
    pub fn still_there(mut self) -> Self {
        if let Attendance::Came { clock_out, .. } = &mut self.attendance {
            *clock_out = None;
        }
        self
    }

    /// The worker did not come and did not call.
    pub fn no_show(mut self) -> Self {
        self.attendance = Attendance::StayedAway { called_in: false };
        self
    }

    /// The worker did not come and had said so.
    pub fn called_in(mut self) -> Self {
        self.attendance = Attendance::StayedAway { called_in: true };
        self
    }

    /// Whether the clock-in was inside the geofence; not known unless said.
    pub fn inside_geofence(mut self, inside: bool) -> Self {
        self.inside_geofence = Some(inside);
        self
    }

    /// The shift did not take place.
    pub fn cancelled(mut self) -> Self {
        self.cancelled = true;
        self
    }

    /// Minutes of it that were overtime.
    pub fn overtime(mut self, minutes: i32) -> Self {
        self.overtime = minutes;
        self
    }

    /// Regular pay in whole units of money; 800 unless said.
    pub fn pay(mut self, amount: i64) -> Self {
        self.pay = amount;
        self
    }

    /// How the worker came to it: roster, offer, swap or manual.
    pub fn assigned_by(mut self, how: &str) -> Self {
        self.assigned_by = how.into();
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Shift {
        let zone = self.world.zone_of(self.site).await;
        let starts_at = moment(zone, self.day, &self.from);
        let mut ends_at = moment(zone, self.day, &self.to);
        if ends_at <= starts_at {
            ends_at = moment(zone, self.day.succ_opt().expect("not the last day there is"), &self.to);
        }
        let shift = Shift { id: Uuid::now_v7(), site: self.site, day: self.day, starts_at, ends_at };
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into shifts (org_id, id, ref, site_id, worker_id, day, starts_at, ends_at, state, assigned_by, posted_at, filled_at,
                 overtime_minutes, pay_regular)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8, $9, $6::timestamptz - interval '7 days',
                 case when $4::uuid is not null then $6::timestamptz - interval '6 days' end, $10, $11::bigint)",
            self.world.org().0,
            shift.id,
            self.site.0,
            self.worker.map(|worker| worker.0),
            self.day,
            starts_at,
            ends_at,
            if self.cancelled { "cancelled" } else { "planned" },
            self.assigned_by,
            self.overtime,
            self.pay
        )
        .execute(&mut *tx)
        .await
        .expect("a new shift");
        let (clock_in, clock_out, called_in) = match &self.attendance {
            Attendance::Unknown => {
                tx.commit().await.expect("commit");
                return shift;
            }
            Attendance::Came { clock_in, clock_out } => (
                Some(nearest(zone, starts_at, clock_in)),
                clock_out.as_deref().map(|at| nearest(zone, ends_at, at)),
                false,
            ),
            Attendance::StayedAway { called_in } => (None, None, *called_in),
        };
        tx.ensure_partitions("attendance", self.day, self.day).await.expect("a partition");
        sqlx::query!(
            "insert into attendance (org_id, day, id, worker_id, clock_in, clock_out, inside_geofence, called_in)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            self.world.org().0,
            self.day,
            shift.id,
            self.worker.expect("a shift of nobody has no attendance").0,
            clock_in,
            clock_out,
            self.inside_geofence,
            called_in
        )
        .execute(&mut *tx)
        .await
        .expect("a new attendance");
        tx.commit().await.expect("commit");
        shift
    }
}
awaitable!(NewShift => Shift);

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

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let zone = self.world.zone_of(self.site).await;
        let id = Uuid::now_v7();
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into incidents (org_id, id, ref, site_id, worker_id, happened_at, day, kind, severity, attributable, documentation_quality)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $6, 'trespass', $7, $8, $9)",
            self.world.org().0,
            id,
            self.site.0,
            self.worker.map(|worker| worker.0),
            moment(zone, self.day, "10:00"),
            self.day,
            self.severity,
            self.attributable,
            self.documentation
        )
        .execute(&mut *tx)
        .await
        .expect("a new incident");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewIncident => Uuid);

/// A shift about to be offered.
#[derive(Debug)]
#[must_use = "await it, and the offer is made"]
pub struct NewOffer<'a> {
    world: &'a World,
    shift: Shift,
    worker: WorkerId,
    day: NaiveDate,
    answer: Option<bool>,
    overtime: bool,
}

impl<'a> NewOffer<'a> {
    pub(super) fn new(world: &'a World, shift: &Shift, worker: WorkerId) -> Self {
        Self { world, shift: *shift, worker, day: shift.day, answer: None, overtime: false }
    }

    /// Offered on another day than the shift's.
    pub fn on(mut self, day: &str) -> Self {
        self.day = date(day);
        self
    }

    /// Taken, an hour later.
    pub fn accepted(mut self) -> Self {
        self.answer = Some(true);
        self
    }

    /// Refused, an hour later.
    pub fn declined(mut self) -> Self {
        self.answer = Some(false);
        self
    }

    /// It would be overtime.
    pub fn overtime(mut self) -> Self {
        self.overtime = true;
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let zone = self.world.zone_of(self.shift.site).await;
        let offered_at = moment(zone, self.day, "08:00");
        let id = Uuid::now_v7();
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into shift_offers (org_id, id, shift_id, worker_id, offered_at, answered_at, accepted, overtime, day)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self.world.org().0,
            id,
            self.shift.id,
            self.worker.0,
            offered_at,
            self.answer.map(|_| offered_at + Duration::hours(1)),
            self.answer,
            self.overtime,
            self.day
        )
        .execute(&mut *tx)
        .await
        .expect("a new offer");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewOffer => Uuid);
