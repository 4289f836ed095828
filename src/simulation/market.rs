//! What is sold and who carries it out, and how much of it is asked for on which day.

use std::io::Write;

use chrono::{Datelike, Days, NaiveDate};

use super::Simulation;
use super::calendar::season;
use super::dice::{Dice, Topic};
use super::plan::{Company, Plan};
use super::rows::Rows;

/// Kinds of service, each with a usual price in hundredths of a rand.
pub(super) const CATEGORIES: [(&str, &str, f64); 8] = [
    ("LAUNDRY", "Laundry", 12_000.0),
    ("DRY", "Dry cleaning", 9_500.0),
    ("CARPET", "Carpet care", 45_000.0),
    ("SOFA", "Upholstery", 60_000.0),
    ("IRON", "Ironing", 7_500.0),
    ("CURTAIN", "Curtains and blinds", 38_000.0),
    ("SHOES", "Shoe repair", 18_000.0),
    ("KEYS", "Keys and locks", 22_000.0),
];
const NAMES_ZA: [&str; 10] =
    ["Spotless", "Fynbos", "Ubuntu", "Bright", "Khaya", "Highveld", "Protea", "Sunbird", "Maluti", "Aloe"];
const NAMES_NL: [&str; 10] =
    ["Helder", "Amstel", "Polder", "Fris", "Tulp", "Veluwe", "Zilver", "Meeuw", "Linde", "Delta"];
const TRADES: [&str; 4] = ["Laundry", "Care", "Cleaners", "Services"];
/// How much is asked for Monday … Sunday.
const WEEK: [f64; 7] = [1.12, 1.0, 0.94, 0.96, 1.12, 1.26, 0.6];
/// What a day may be above the usual at most; more is cut off.
pub(super) const BUSIEST: f64 = 2.4;
/// The partner that was planted to do badly, at every scale.
pub(super) const WEAK_PARTNER: usize = 2;

/// Who carries orders out.
#[derive(Debug, Clone)]
pub(super) struct Partner {
    pub code: String,
    name: String,
    capacity: i64,
    /// Probability of accepting an order.
    pub accepts: f64,
    /// How long each stage takes, about 1.
    pub slowness: f64,
    /// Probability that something goes wrong.
    pub fails: f64,
    /// In stars.
    pub liked: f64,
    /// How many orders come their way, against the others.
    pub weight: f64,
}

/// How many partners a plan has: each carries out about 25 orders a day, and a demo has enough to compare.
fn how_many(plan: &Plan) -> usize {
    (plan.size().orders_a_day as usize / 23).max(4)
}

fn partner(plan: &Plan, index: usize) -> Partner {
    let mut dice = Dice::new(plan.seed, Topic::Partner, index as u64, plan.company as u64);
    let names = if plan.company == Company::Demo { NAMES_ZA } else { NAMES_NL };
    let weak = index == WEAK_PARTNER;
    let weight = (0.5 * dice.bell()).exp();
    let usual = f64::from(plan.size().orders_a_day) / how_many(plan) as f64;
    Partner {
        code: format!("PA{:02}", index + 1),
        name: format!("{} {}", names[index % 10], TRADES[(index + index / 10) % 4]),
        capacity: (usual * weight * dice.between(1.2, 1.9)).round().max(2.0) as i64,
        accepts: if weak { 0.78 } else { (0.965 + 0.02 * dice.bell()).clamp(0.88, 0.995) },
        slowness: if weak { 1.7 } else { (0.18 * dice.bell()).exp() },
        fails: if weak { 0.11 } else { (0.025 * (0.4 * dice.bell()).exp()).min(0.06) },
        liked: if weak { -0.7 } else { 0.25 * dice.bell() },
        weight,
    }
}

/// All partners, and how much is asked for on every day from the first with orders to the last.
#[derive(Debug)]
pub(super) struct Market {
    pub partners: Vec<Partner>,
    first: NaiveDate,
    demand: Vec<f64>,
}

impl Simulation {
    pub(super) fn market(&self) -> Market {
        let plan = &self.plan;
        let first = plan.first_order_day();
        let days = first.iter_days().take_while(|day| *day < plan.today);
        Market {
            partners: (0..how_many(plan)).map(|index| partner(plan, index)).collect(),
            first,
            demand: days.map(|day| self.demand(day)).collect(),
        }
    }

    /// What is asked for on a day, against the usual: season, weekday, pay day, holidays, and the whims of the day.
    fn demand(&self, day: NaiveDate) -> f64 {
        let mut dice = Dice::new(self.plan.seed, Topic::Demand, u64::from(day.num_days_from_ce().unsigned_abs()), 0);
        let week = WEEK[day.weekday().num_days_from_monday() as usize];
        let pay_day = if (25..=28).contains(&day.day()) { 1.2 } else { 1.0 };
        let holiday = if super::calendar::holidays(self.plan.company.country(), day.year())
            .iter()
            .any(|(holiday, _)| *holiday == day)
        {
            0.45
        } else {
            1.0
        };
        let whim = (0.06 * dice.bell()).exp();
        ((0.85 + 0.3 * season(day)) * week * pay_day * holiday * whim).min(BUSIEST)
    }

    pub(super) fn partners<W: Write>(&self, rows: &mut Rows<W>) {
        let since = self.plan.first_order_day() - Days::new(90);
        for partner in self.market().partners {
            rows.text(&partner.code).text(&partner.name).whole(partner.capacity).date(since).end();
        }
    }

    #[expect(clippy::unused_self, reason = "every table is written by a method")]
    pub(super) fn service_categories<W: Write>(&self, rows: &mut Rows<W>) {
        for (code, name, _) in CATEGORIES {
            rows.text(code).text(name).end();
        }
    }
}

impl Market {
    /// What is asked for on a day of the plan; nothing on others.
    pub fn on(&self, day: NaiveDate) -> f64 {
        let place = usize::try_from((day - self.first).num_days());
        place.ok().and_then(|place| self.demand.get(place)).copied().unwrap_or(0.0)
    }

    /// A partner, the more wanted the more often.
    pub fn choose(&self, dice: &mut Dice) -> &Partner {
        let total: f64 = self.partners.iter().map(|partner| partner.weight).sum();
        let mut left = dice.unit() * total;
        let found = self.partners.iter().find(|partner| {
            left -= partner.weight;
            left <= 0.0
        });
        found.unwrap_or(&self.partners[0])
    }
}
