//! Builders of sites, workers and users.

use uuid::Uuid;

use super::time::date;
use super::world::{World, awaitable};
use crate::people::Role;
use crate::units::{ClientId, SiteId, UserId, WorkerId};

/// A site about to be made.
#[derive(Debug)]
#[must_use = "await it, and the site is made"]
pub struct NewSite<'a> {
    world: &'a World,
    name: String,
    zone: String,
    vertical: Option<String>,
    client: Option<ClientId>,
}

impl<'a> NewSite<'a> {
    pub(super) fn new(world: &'a World, name: &str) -> Self {
        let zone = world.organization().zone.name().into();
        Self { world, name: name.into(), zone, vertical: Some("security".into()), client: None }
    }

    /// In another zone than its organization.
    pub fn zone(mut self, zone: &str) -> Self {
        self.zone = zone.into();
        self
    }

    /// What is done there.
    pub fn vertical(mut self, vertical: &str) -> Self {
        self.vertical = Some(vertical.into());
        self
    }

    /// Whose it is.
    pub fn of(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> SiteId {
        let id = SiteId(Uuid::now_v7());
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into sites (org_id, id, code, name, client_id, vertical, time_zone) values ($1, $2, $3, $3, $4, $5, $6)",
            self.world.org().0,
            id.0,
            self.name,
            self.client.map(|client| client.0),
            self.vertical,
            self.zone
        )
        .execute(&mut *tx)
        .await
        .expect("a site with a free code");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewSite => SiteId);

/// A worker about to be hired.
#[derive(Debug)]
#[must_use = "await it, and the worker is there"]
pub struct NewWorker<'a> {
    world: &'a World,
    name: String,
    job_role: String,
    site: SiteId,
    hired: Option<String>,
    left: Option<String>,
    skills: Vec<String>,
    registration: Option<String>,
    rate: Option<i64>,
    contract: Option<i32>,
    reason: Option<String>,
}

impl<'a> NewWorker<'a> {
    pub(super) fn new(world: &'a World, name: &str) -> Self {
        let hired = Some("2025-01-01".into());
        Self {
            world,
            name: name.into(),
            job_role: "guard".into(),
            site: world.home(),
            hired,
            left: None,
            skills: Vec::new(),
            registration: None,
            rate: None,
            contract: None,
            reason: None,
        }
    }

    /// What the worker does.
    pub fn job_role(mut self, job_role: &str) -> Self {
        self.job_role = job_role.into();
        self
    }

    /// The home site.
    pub fn at(mut self, site: SiteId) -> Self {
        self.site = site;
        self
    }

    /// Employed from this day.
    pub fn hired(mut self, day: &str) -> Self {
        self.hired = Some(day.into());
        self
    }

    /// Nobody knows since when employed.
    pub fn hired_unknown(mut self) -> Self {
        self.hired = None;
        self
    }

    /// Employed up to this day.
    pub fn left(mut self, day: &str) -> Self {
        self.left = Some(day.into());
        self
    }

    /// Can do one thing more; no skill is on record unless said.
    pub fn skilled(mut self, skill: &str) -> Self {
        self.skills.push(skill.into());
        self
    }

    /// Has a registration number.
    pub fn registered(mut self, number: &str) -> Self {
        self.registration = Some(number.into());
        self
    }

    /// Contracted for so many hours a week; not known unless said.
    pub fn contracted(mut self, hours: i32) -> Self {
        self.contract = Some(hours);
        self
    }

    /// Why employment ended.
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Earns so many whole units of money an hour; not known unless said.
    pub fn rate(mut self, rate: i64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> WorkerId {
        let id = WorkerId(Uuid::now_v7());
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into workers (org_id, id, employee_number, name, job_role, home_site_id, hired_on, left_on, skills,
                 registration_number, hourly_rate, weekly_hours, leave_reason)
             values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10::bigint, $11::int, $12)",
            self.world.org().0,
            id.0,
            self.name,
            self.job_role,
            self.site.0,
            self.hired.as_deref().map(date),
            self.left.as_deref().map(date),
            &self.skills,
            self.registration,
            self.rate,
            self.contract,
            self.reason
        )
        .execute(&mut *tx)
        .await
        .expect("a worker with a free employee number");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewWorker => WorkerId);

/// A user about to be added.
#[derive(Debug)]
#[must_use = "await it, and the user is there"]
pub struct NewUser<'a> {
    world: &'a World,
    name: String,
    role: Role,
    worker: Option<WorkerId>,
    client: Option<ClientId>,
    sites: Vec<SiteId>,
}

impl<'a> NewUser<'a> {
    pub(super) fn new(world: &'a World, name: &str, role: Role) -> Self {
        Self { world, name: name.into(), role, worker: None, client: None, sites: Vec::new() }
    }

    /// The worker this user is.
    pub fn is(mut self, worker: WorkerId) -> Self {
        self.worker = Some(worker);
        self
    }

    /// The client this user looks for.
    pub fn of(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }

    /// A site this user looks after; may be said more than once.
    pub fn looks_after(mut self, site: SiteId) -> Self {
        self.sites.push(site);
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> UserId {
        let id = UserId(Uuid::now_v7());
        let org = self.world.org().0;
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into users (org_id, id, name, role, worker_id, client_id) values ($1, $2, $3, $4, $5, $6)",
            org,
            id.0,
            self.name,
            self.role.word(),
            self.worker.map(|worker| worker.0),
            self.client.map(|client| client.0)
        )
        .execute(&mut *tx)
        .await
        .expect("a new user");
        for site in self.sites {
            sqlx::query!("insert into user_sites (org_id, user_id, site_id) values ($1, $2, $3)", org, id.0, site.0)
                .execute(&mut *tx)
                .await
                .expect("a site of this organization");
        }
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewUser => UserId);
