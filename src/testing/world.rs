//! One organization with a home site, and the verbs that fill it.

use chrono::Utc;
use chrono_tz::Tz;
use uuid::Uuid;

use super::desk::{NewIncident, NewWorkOrder};
use super::people::{NewSite, NewUser, NewWorker};
use super::roster::NewRoster;
use super::shift::{NewOffer, NewShift, Shift};
use super::task::NewTask;
use super::time::date;
use super::tour::NewTour;
use crate::database::{Database, OrgTx};
use crate::people::{Organization, Role, create_organization};
use crate::units::{ClientId, OrgId, SiteId, WorkerId};

/// The day on which everything happens unless a test says otherwise: a Monday.
pub const DAY: &str = "2026-03-02";

/// An organization under test.
#[derive(Debug, Clone)]
pub struct World {
    db: Database,
    organization: Organization,
    home: SiteId,
}

/// Organization `test` in Africa/Johannesburg, with one site, `HOME`.
pub async fn org(db: &Database) -> World {
    org_named(db, "test", chrono_tz::Africa::Johannesburg).await
}

/// Another organization, with one site, `HOME`, in its zone.
///
/// # Panics
/// When the slug is taken.
pub async fn org_named(db: &Database, slug: &str, zone: Tz) -> World {
    let mut tx = db.global().await.expect("a transaction");
    let now = date("2025-01-01").and_hms_opt(8, 0, 0).expect("eight o'clock").and_local_timezone(Utc).unwrap();
    let organization = create_organization(&mut tx, slug, &format!("{slug} company"), "ZAR", zone, false, now)
        .await
        .expect("a free slug");
    tx.commit().await.expect("commit");
    let mut world = World { db: db.clone(), organization, home: SiteId(Uuid::nil()) };
    world.home = world.site("HOME").await;
    world
}

impl World {
    /// Its id.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.organization.id
    }

    /// The organization itself.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// The site everybody works at unless a test says otherwise.
    #[must_use]
    pub fn home(&self) -> SiteId {
        self.home
    }

    /// Its database.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.db
    }

    /// A transaction that sees this organization.
    ///
    /// # Panics
    /// When no connection is to be had.
    pub async fn tx(&self) -> OrgTx {
        self.db.org(self.org()).await.expect("a transaction")
    }

    /// A company that owns sites; its code is its name.
    pub async fn client(&self, name: &str) -> ClientId {
        let id = ClientId(Uuid::now_v7());
        let mut tx = self.tx().await;
        sqlx::query!("insert into clients (org_id, id, code, name) values ($1, $2, $3, $3)", self.org().0, id.0, name)
            .execute(&mut *tx)
            .await
            .expect("a client with a free code");
        tx.commit().await.expect("commit");
        id
    }

    /// A site; its code is its name.
    pub fn site(&self, name: &str) -> NewSite<'_> {
        NewSite::new(self, name)
    }

    /// A guard at the home site, employed since 2025-01-01; the employee number is the name.
    pub fn worker(&self, name: &str) -> NewWorker<'_> {
        NewWorker::new(self, name)
    }

    /// Somebody who may sign in (without a login).
    pub fn user(&self, name: &str, role: Role) -> NewUser<'_> {
        NewUser::new(self, name, role)
    }

    /// A shift from 06:00 to 14:00; of nobody when given `None`. Without a word on attendance nothing is known of it.
    pub fn shift(&self, worker: impl Into<Option<WorkerId>>) -> NewShift<'_> {
        NewShift::new(self, worker.into())
    }

    /// A generated roster of the home site for the week of [`DAY`], confirmed two weeks before.
    pub fn roster(&self) -> NewRoster<'_> {
        NewRoster::new(self)
    }

    /// A task due at 12:00, not done.
    pub fn task(&self, worker: WorkerId) -> NewTask<'_> {
        NewTask::new(self, worker)
    }

    /// A patrol round planned for 09:00, started and completed, without checkpoints.
    pub fn tour(&self, worker: WorkerId) -> NewTour<'_> {
        NewTour::new(self, worker)
    }

    /// A work order opened at 08:00, open.
    pub fn work_order(&self, worker: impl Into<Option<WorkerId>>) -> NewWorkOrder<'_> {
        NewWorkOrder::new(self, worker.into())
    }

    /// An incident of severity 2 at 10:00, attributed to nobody.
    pub fn incident(&self, worker: impl Into<Option<WorkerId>>) -> NewIncident<'_> {
        NewIncident::new(self, worker.into())
    }

    /// A shift offered at 08:00, not answered.
    pub fn shift_offer(&self, shift: &Shift, worker: WorkerId) -> NewOffer<'_> {
        NewOffer::new(self, shift, worker)
    }

    /// Everybody (of a job role) must hold this certification.
    pub async fn requires_certification(&self, name: &str, job_role: Option<&str>) {
        self.requires("certification", name, job_role).await;
    }

    /// Everybody (of a job role) must have completed this training.
    pub async fn requires_training(&self, name: &str, job_role: Option<&str>) {
        self.requires("training", name, job_role).await;
    }

    /// This job role is licensed: its workers need a registration number.
    pub async fn requires_registration(&self, job_role: &str) {
        self.requires("registration", "Registration", Some(job_role)).await;
    }

    async fn requires(&self, kind: &str, name: &str, job_role: Option<&str>) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into requirements (org_id, id, kind, name, job_role) values ($1, $2, $3, $4, $5)",
            self.org().0,
            Uuid::now_v7(),
            kind,
            name,
            job_role
        )
        .execute(&mut *tx)
        .await
        .expect("a new requirement");
        tx.commit().await.expect("commit");
    }

    /// A certification held from `issued` up to and including `expires`.
    pub async fn certification(&self, worker: WorkerId, name: &str, issued: &str, expires: Option<&str>) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into certifications (org_id, id, worker_id, name, issued_on, expires_on) values ($1, $2, $3, $4, $5, $6)",
            self.org().0,
            Uuid::now_v7(),
            worker.0,
            name,
            date(issued),
            expires.map(date)
        )
        .execute(&mut *tx)
        .await
        .expect("a new certification");
        tx.commit().await.expect("commit");
    }

    /// A training that counts from `completed` up to and including `expires`.
    pub async fn training(&self, worker: WorkerId, name: &str, completed: &str, expires: Option<&str>) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into trainings (org_id, id, worker_id, name, completed_on, expires_on) values ($1, $2, $3, $4, $5, $6)",
            self.org().0,
            Uuid::now_v7(),
            worker.0,
            name,
            date(completed),
            expires.map(date)
        )
        .execute(&mut *tx)
        .await
        .expect("a new training");
        tx.commit().await.expect("commit");
    }

    /// Approved leave from `first` up to and including `last`.
    pub async fn leave(&self, worker: WorkerId, first: &str, last: &str) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into leave (org_id, id, worker_id, first_day, last_day, kind, approved)
             values ($1, $2, $3, $4, $5, 'annual', true)",
            self.org().0,
            Uuid::now_v7(),
            worker.0,
            date(first),
            date(last)
        )
        .execute(&mut *tx)
        .await
        .expect("new leave");
        tx.commit().await.expect("commit");
    }

    /// A mentor and who is shown the work, from `started` on.
    pub async fn mentoring(&self, mentor: WorkerId, mentee: WorkerId, started: &str) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into mentoring_pairs (org_id, id, mentor_id, mentee_id, started_on) values ($1, $2, $3, $4, $5)",
            self.org().0,
            Uuid::now_v7(),
            mentor.0,
            mentee.0,
            date(started)
        )
        .execute(&mut *tx)
        .await
        .expect("a new pair");
        tx.commit().await.expect("commit");
    }

    /// Thanks for teamwork from one worker to another, at noon of `day`.
    pub async fn kudos(&self, from: WorkerId, to: WorkerId, day: &str) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into kudos (org_id, id, to_worker_id, from_worker_id, category, message, given_at, day)
             values ($1, $2, $3, $4, 'teamwork', 'Thank you', $5, $6)",
            self.org().0,
            Uuid::now_v7(),
            to.0,
            from.0,
            super::time::moment(self.organization.zone, date(day), "12:00"),
            date(day)
        )
        .execute(&mut *tx)
        .await
        .expect("new kudos");
        tx.commit().await.expect("commit");
    }

    /// Pauses the reports that every organization gets, so that a test sees its own only.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn without_reports(&self) {
        let long_ago = super::time::moment(self.organization.zone, date("2025-01-01"), "12:00");
        crate::reports::schedules::plan(&self.db, long_ago).await.expect("a plan");
        let mut tx = self.tx().await;
        sqlx::query!("update report_schedules set active = false where org_id = $1 and usual", self.org().0)
            .execute(&mut *tx)
            .await
            .expect("paused");
        tx.commit().await.expect("commit");
    }

    /// The zone of one of its sites.
    pub(super) async fn zone_of(&self, site: SiteId) -> Tz {
        let mut tx = self.tx().await;
        let name =
            sqlx::query_scalar!("select time_zone from sites where org_id = $1 and id = $2", self.org().0, site.0)
                .fetch_one(&mut *tx)
                .await
                .expect("a site of this organization");
        name.parse().expect("a zone that was checked when it was stored")
    }
}

/// Lets a builder be awaited: `world.worker("Ana").await`.
macro_rules! awaitable {
    ($builder:ident => $made:ty) => {
        impl<'a> IntoFuture for $builder<'a> {
            type Output = $made;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = $made> + Send + 'a>>;
            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.insert())
            }
        }
    };
}
pub(super) use awaitable;
