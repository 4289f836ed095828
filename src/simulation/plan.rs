//! What is simulated: which company, how large, over which days, from which seed.

use std::str::FromStr;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::calendar::Country;
use crate::{Error, Result};

/// How large the demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// 2 sites, 16 workers, 42 days: for tests.
    Tiny,
    /// 6 sites, 120 workers, 180 days, two years of orders: loads in seconds.
    Small,
    /// 100 clients, 200 sites, 4,000 workers, 365 days, three years and a million orders: for measuring.
    Seed,
}

impl FromStr for Scale {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "tiny" => Ok(Self::Tiny),
            "small" => Ok(Self::Small),
            "seed" => Ok(Self::Seed),
            other => Err(Error::Invalid(format!("'{other}' is not a scale; use small or seed"))),
        }
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Seed => "seed",
        })
    }
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Clients who own the sites.
    pub clients: usize,
    /// Sites.
    pub sites: usize,
    /// People employed on any one day; who leaves is replaced on the next.
    pub workers: usize,
    /// Days up to yesterday.
    pub days: u64,
    /// Orders a day that customers place, about, once trade has settled.
    pub orders_a_day: u32,
    /// Days of trade up to yesterday, not fewer than `days`: who forecasts needs years.
    pub order_days: u64,
}

/// One of the two companies of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// The demo company: guarding and facilities in South Africa.
    Demo,
    /// Another, smaller, in the Netherlands: proves that tenants do not mix, and has clocks that change.
    Rival,
}

impl Company {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Demo, Self::Rival];

    /// Its short name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Rival => "rival",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "Ubuntu Guarding & Facilities",
            Self::Rival => "Poldermeer Beveiliging",
        }
    }

    /// ISO 4217 code of its money.
    #[must_use]
    pub fn currency(self) -> &'static str {
        match self {
            Self::Demo => "ZAR",
            Self::Rival => "EUR",
        }
    }

    /// The zone of the company and all its sites.
    #[must_use]
    pub fn zone(self) -> Tz {
        match self {
            Self::Demo => Tz::Africa__Johannesburg,
            Self::Rival => Tz::Europe__Amsterdam,
        }
    }

    /// Domain of its demo logins.
    #[must_use]
    pub fn domain(self) -> &'static str {
        match self {
            Self::Demo => "demo.muster.test",
            Self::Rival => "rival.muster.test",
        }
    }

    /// The worker whom the demo login `worker@…` shows: a guard of the first site who also patrols, gets tasks and mends
    /// small things, so that all five components are there on any day. In every two weeks this worker comes late once
    /// and fails a task once, is thanked once, rises in one component and falls in another, and holds a site pass that expires
    /// within 3 to 12 days, so that there is an entry in the coaching queue.
    #[must_use]
    pub fn demo_worker(self) -> &'static str {
        match self {
            Self::Demo => "UG00001",
            Self::Rival => "PB00001",
        }
    }

    /// The supervisor of the demo worker's site, who stays: whom the login `supervisor@…` shows.
    #[must_use]
    pub fn demo_supervisor(self) -> &'static str {
        match self {
            Self::Demo => "UG00002",
            Self::Rival => "PB00002",
        }
    }

    pub(super) fn prefix(self) -> &'static str {
        &self.demo_worker()[..2]
    }

    pub(super) fn country(self) -> Country {
        match self {
            Self::Demo => Country::SouthAfrica,
            Self::Rival => Country::Netherlands,
        }
    }

    /// How large it is at a scale.
    #[must_use]
    pub fn size(self, scale: Scale) -> Size {
        match (self, scale) {
            (Self::Demo, Scale::Tiny) => {
                Size { clients: 1, sites: 2, workers: 16, days: 42, orders_a_day: 6, order_days: 42 }
            }
            (Self::Demo, Scale::Small) => {
                Size { clients: 3, sites: 6, workers: 120, days: 180, orders_a_day: 60, order_days: 730 }
            }
            (Self::Demo, Scale::Seed) => {
                Size { clients: 100, sites: 200, workers: 4_000, days: 365, orders_a_day: 920, order_days: 1_095 }
            }
            (Self::Rival, Scale::Tiny) => {
                Size { clients: 1, sites: 1, workers: 8, days: 42, orders_a_day: 3, order_days: 42 }
            }
            (Self::Rival, _) => Size { clients: 1, sites: 2, workers: 20, days: 60, orders_a_day: 12, order_days: 400 },
        }
    }
}

/// A simulation: the same plan gives the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Which company.
    pub company: Company,
    /// How large.
    pub scale: Scale,
    /// Which of the many possible histories.
    pub seed: u64,
    /// First day with shifts.
    pub first_day: NaiveDate,
    /// The day after the last one with attendance; the seven days from it on have planned shifts.
    pub today: NaiveDate,
}

impl Plan {
    /// A first filling: as many days as the scale says, up to yesterday.
    #[must_use]
    pub fn new(company: Company, scale: Scale, seed: u64, today: NaiveDate) -> Self {
        let first_day = today - Days::new(company.size(scale).days);
        Self { company, scale, seed, first_day, today }
    }

    /// The same history seen on another day: begun earlier, or gone on.
    #[must_use]
    pub fn begun(self, first_day: NaiveDate) -> Self {
        Self { first_day, ..self }
    }

    /// How large it is.
    #[must_use]
    pub fn size(&self) -> Size {
        self.company.size(self.scale)
    }

    /// First day with orders.
    #[must_use]
    pub fn first_order_day(&self) -> NaiveDate {
        self.first_day - Days::new(self.size().order_days - self.size().days)
    }

    /// Last day with planned shifts.
    #[must_use]
    pub fn last_planned(&self) -> NaiveDate {
        self.today + Days::new(6)
    }
}
