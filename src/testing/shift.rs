//! The builders of a shift with its attendance, and of its offer to a worker.

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
    skill: Option<String>,
    roster: Option<Uuid>,
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
            skill: None,
            roster: None,
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

    /// It asks for a skill.
    pub fn needs(mut self, skill: &str) -> Self {
        self.skill = Some(skill.into());
        self
    }

    /// A roster planned it.
    pub fn planned_in(mut self, roster: Uuid) -> Self {
        self.roster = Some(roster);
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
                 overtime_minutes, pay_regular, required_skill, roster_id)
             values ($1, $2, $2::uuid::text, $3, $4, $5, $6, $7, $8, $9, $6::timestamptz - interval '7 days',
                 case when $4::uuid is not null then $6::timestamptz - interval '6 days' end, $10, $11::bigint, $12, $13)",
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
            self.pay,
            self.skill,
            self.roster
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
