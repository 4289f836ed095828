//! Who works for the company: their trade, their rhythm, and their nature (which nobody sees).

use chrono::{Days, NaiveDate};

use super::dice::{Dice, Topic};
use super::leaving::{Cause, live};
use super::names::{FIRST_NL, FIRST_ZA, LAST_NL, LAST_ZA};
use super::plan::{Company, Plan};
use super::roster::Part;
use super::sites::Site;

/// A trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Guard,
    Cleaner,
    Technician,
    Supervisor,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Guard => "guard",
            Self::Cleaner => "cleaner",
            Self::Technician => "technician",
            Self::Supervisor => "supervisor",
        }
    }

    /// The skill its shifts ask for.
    pub fn skill(self) -> &'static str {
        match self {
            Self::Guard => "guarding",
            Self::Cleaner => "cleaning",
            Self::Technician => "maintenance",
            Self::Supervisor => "supervision",
        }
    }

    /// Hundredths of the currency an hour.
    pub fn rate(self, company: Company) -> f64 {
        let (rand, euro) = match self {
            Self::Guard => (34_00.0, 16_40.0),
            Self::Cleaner => (30_50.0, 14_90.0),
            Self::Technician => (78_00.0, 22_50.0),
            Self::Supervisor => (62_00.0, 21_00.0),
        };
        if company == Company::Demo { rand } else { euro }
    }
}

/// When somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    Days,
    Nights,
    /// Early, late and night weeks in turn.
    Rotating,
}

impl Rhythm {
    /// Whether who has this rhythm can work in a part of the day; [`super::wishes`] says so in hours.
    pub fn allows(self, part: Part) -> bool {
        match self {
            Self::Days => part != Part::Night,
            Self::Nights => matches!(part, Part::Late | Part::Night),
            Self::Rotating => true,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Nights => "nights",
            Self::Rotating => "rotating",
        }
    }
}

/// What somebody is like, each about 0 with deviation 1. Nobody sees it; the facts follow from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nature {
    /// Comes to work.
    pub reliability: f64,
    /// Comes in time.
    pub punctuality: f64,
    /// Does the work well and fast.
    pub skill: f64,
    /// Walks every round, writes everything down.
    pub conscience: f64,
    /// Takes extra shifts.
    pub eagerness: f64,
    /// Where the slow ups and downs stand on the first day, in radians.
    pub phase: f64,
}

/// Somebody employed.
#[derive(Debug)]
pub(super) struct Worker {
    /// Its place among the simulation's workers.
    pub index: usize,
    pub number: String,
    pub name: String,
    pub role: Role,
    pub site: usize,
    pub slot: usize,
    /// 0 for who was there on the first day, 1 for who replaced that person …
    pub generation: usize,
    pub hired_on: NaiveDate,
    /// The last day, which may lie in the future and is told to nobody before.
    pub left_on: Option<NaiveDate>,
    pub cause: Option<Cause>,
    pub home: (f64, f64),
    pub commute_km: f64,
    /// Hundredths of the currency an hour.
    pub rate: i64,
    pub weekly_hours: i64,
    pub rhythm: Rhythm,
    pub patrols: bool,
    pub mends: bool,
    pub nature: Nature,
    /// Whom the demo login shows.
    pub shown: bool,
}

impl Worker {
    /// Tells this worker's dice from all others.
    pub fn key(&self) -> u64 {
        (self.slot as u64) << 16 | self.generation as u64
    }

    pub fn employed(&self, day: NaiveDate) -> bool {
        self.hired_on <= day && self.left_on.is_none_or(|last| day <= last)
    }

    /// Days until the last one, where that is at most `within` days ahead.
    pub fn leaving(&self, day: NaiveDate, within: i64) -> Option<i64> {
        let left = (self.left_on? - day).num_days();
        (0..=within).contains(&left).then_some(left)
    }

    pub fn leaves_for(&self, cause: Cause, day: NaiveDate, within: i64) -> bool {
        self.cause == Some(cause) && self.leaving(day, within).is_some()
    }
}

/// Who holds a place of work, one after the other, until well after the plan's last day.
pub(super) fn holders(plan: &Plan, site: &Site, slot: usize, planted: Option<NaiveDate>) -> Vec<Worker> {
    let horizon = plan.today + Days::new(120);
    let mut holders: Vec<Worker> = Vec::new();
    loop {
        let (generation, hired_on) = match holders.last() {
            None => (0, None),
            Some(Worker { left_on: Some(last), generation, .. }) if *last < horizon => {
                (generation + 1, Some(*last + Days::new(1)))
            }
            Some(_) => return holders,
        };
        let mut worker = somebody(plan, site, slot, generation, hired_on);
        if planted.is_some() && generation == 0 {
            (worker.left_on, worker.cause) = (planted, Some(Cause::Planted));
        } else if !worker.shown && worker.role != Role::Supervisor {
            live(plan, &mut worker, horizon);
        }
        if planted.is_some() && generation > 0 {
            worker.role = Role::Guard; // the planted site gets no supervisor again
        }
        holders.push(worker);
    }
}

fn somebody(plan: &Plan, site: &Site, slot: usize, generation: usize, hired_on: Option<NaiveDate>) -> Worker {
    let shown = slot == 0 && generation == 0;
    let mut dice = Dice::new(plan.seed, Topic::Worker, (slot as u64) << 16 | generation as u64, plan.company as u64);
    let (first, last) = match plan.company {
        Company::Demo => (FIRST_ZA, LAST_ZA),
        Company::Rival => (FIRST_NL, LAST_NL),
    };
    let mut one_of = |names: &'static str| dice.pick(&names.split(", ").collect::<Vec<_>>());
    let name = format!("{} {}", one_of(first), one_of(last));
    let role = site.role(slot);
    let tenure = (-900.0 * (1.0 - dice.unit()).ln()).clamp(20.0, 4_000.0) as u64;
    let tenure = if shown { 520 } else { tenure };
    let commute_km = if shown { 11.4 } else { (2.1 + 0.75 * dice.bell()).exp().clamp(0.6, 48.0) };
    let grade = 1.0 + 0.012 * (tenure as f64 / 100.0).min(15.0);
    let pay = 1.0 + 0.07 * dice.bell();
    let patrols = role == Role::Guard && (shown || dice.chance(0.6));
    let mends = role == Role::Technician || role == Role::Guard && (shown || dice.chance(0.1));
    Worker {
        index: 0,
        number: format!("{}{:05}", plan.company.prefix(), generation * 10_000 + slot + 1),
        name,
        role,
        site: site.index,
        slot,
        generation,
        hired_on: hired_on.unwrap_or(plan.first_day - Days::new(tenure)),
        left_on: None,
        cause: None,
        home: home(site, commute_km, dice.between(0.0, std::f64::consts::TAU)),
        commute_km,
        rate: (role.rate(plan.company) * grade * pay) as i64,
        weekly_hours: dice.pick(&[36, 40, 40]),
        rhythm: rhythm(role, shown, dice.unit()),
        patrols,
        mends,
        nature: nature(&mut dice, shown),
        shown,
    }
}

fn rhythm(role: Role, shown: bool, throw: f64) -> Rhythm {
    match role {
        Role::Guard if shown => Rhythm::Rotating,
        Role::Guard if throw < 0.3 => Rhythm::Days,
        Role::Guard if throw < 0.5 => Rhythm::Nights,
        Role::Guard => Rhythm::Rotating,
        Role::Cleaner if throw < 0.15 => Rhythm::Nights,
        _ => Rhythm::Days,
    }
}

fn home(site: &Site, km: f64, direction: f64) -> (f64, f64) {
    let north = km * direction.cos() / 111.32;
    let east = km * direction.sin() / (111.32 * site.latitude.to_radians().cos());
    (site.latitude + north, site.longitude + east)
}

fn nature(dice: &mut Dice, shown: bool) -> Nature {
    // One part is shared by all sides of a person; a few people struggle with everything.
    let shared = dice.bell() - if dice.chance(0.09) { 1.8 } else { 0.0 };
    let mut side = || 0.65 * shared + 0.76 * dice.bell();
    let nature = Nature {
        reliability: side(),
        punctuality: side(),
        skill: side(),
        conscience: side(),
        eagerness: side(),
        phase: 0.0,
    };
    let phase = dice.between(0.0, std::f64::consts::TAU);
    if shown {
        return Nature { reliability: 0.9, punctuality: 0.4, skill: -0.5, conscience: -0.3, eagerness: 0.6, phase };
    }
    Nature { phase, ..nature }
}
