//! The builder of a roster.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::time::{date, moment};
use super::world::{DAY, World, awaitable};
use crate::units::SiteId;

/// A roster about to be made.
#[derive(Debug)]
#[must_use = "await it, and the roster is made"]
pub struct NewRoster<'a> {
    world: &'a World,
    site: SiteId,
    first_day: NaiveDate,
    algorithm: String,
    planning_minutes: Option<i32>,
    cost: i64,
    hours: i32,
    confirmed: bool,
}

impl<'a> NewRoster<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self {
            world,
            site: world.home(),
            first_day: date(DAY),
            algorithm: "generated".into(),
            planning_minutes: None,
            cost: 0,
            hours: 0,
            confirmed: true,
        }
    }

    /// For another site than the home site.
    pub fn at(mut self, site: SiteId) -> Self {
        self.site = site;
        self
    }

    /// Of the week that begins on another day than [`DAY`].
    pub fn from(mut self, day: &str) -> Self {
        self.first_day = date(day);
        self
    }

    /// Made by hand.
    pub fn by_hand(mut self) -> Self {
        self.algorithm = "manual".into();
        self
    }

    /// How long somebody was busy with it; not recorded unless said.
    pub fn took(mut self, minutes: i32) -> Self {
        self.planning_minutes = Some(minutes);
        self
    }

    /// What it costs in whole units of money, for so many hours of work.
    pub fn costs(mut self, cost: i64, hours: i32) -> Self {
        (self.cost, self.hours) = (cost, hours);
        self
    }

    /// Nobody has confirmed it.
    pub fn proposed(mut self) -> Self {
        self.confirmed = false;
        self
    }

    /// Makes it.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn insert(self) -> Uuid {
        let id = Uuid::now_v7();
        let at = moment(self.world.zone_of(self.site).await, self.first_day - Days::new(14), "09:00");
        let mut tx = self.world.tx().await;
        sqlx::query!(
            "insert into rosters (org_id, id, ref, site_id, first_day, last_day, algorithm, shift_count, filled_count,
                 filled_minutes, planning_minutes, cost, generated_at, confirmed_at)
             values ($1, $2, $2::uuid::text, $3, $4, $4::date + 6, $5, 0, 0, $6, $7, $8::bigint, $9, $10)",
            self.world.org().0,
            id,
            self.site.0,
            self.first_day,
            self.algorithm,
            self.hours * 60,
            self.planning_minutes,
            self.cost,
            at,
            self.confirmed.then_some(at)
        )
        .execute(&mut *tx)
        .await
        .expect("a new roster");
        tx.commit().await.expect("commit");
        id
    }
}
awaitable!(NewRoster => Uuid);
