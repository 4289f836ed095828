//! The places people work at, and who works there.

use chrono::NaiveDate;

use super::dice::{Dice, Topic};
use super::names;
use super::people::Role::{self, Cleaner as C, Guard as G, Supervisor as S, Technician as T};
use super::places::{PLACES_NL, PLACES_ZA, STREETS_NL, STREETS_ZA};
use super::plan::{Company, Plan};

/// A line of business: what it is called, how its sites are called, how busy Monday … Sunday are, and the roles of ten people.
struct Vertical {
    name: &'static str,
    suffix: &'static str,
    week: [f64; 7],
    roles: [Role; 10],
}

const VERTICALS: [Vertical; 6] = [
    Vertical {
        name: "retail",
        suffix: "Mall",
        week: [0.9, 0.85, 0.9, 1.0, 1.2, 1.3, 1.05],
        roles: [G, S, G, C, G, T, C, G, C, G],
    },
    Vertical {
        name: "hospital",
        suffix: "Clinic",
        week: [1.05, 1.05, 1.05, 1.0, 1.05, 0.95, 0.9],
        roles: [G, S, C, C, G, T, C, G, C, G],
    },
    Vertical {
        name: "logistics",
        suffix: "Distribution Centre",
        week: [1.15, 1.1, 1.1, 1.1, 1.1, 0.8, 0.6],
        roles: [G, S, G, G, C, T, G, G, C, G],
    },
    Vertical {
        name: "office",
        suffix: "Office Park",
        week: [1.15, 1.15, 1.15, 1.1, 1.0, 0.55, 0.45],
        roles: [G, S, C, G, T, C, G, C, G, C],
    },
    Vertical {
        name: "residential",
        suffix: "Estate",
        week: [0.95, 0.95, 0.95, 1.0, 1.1, 1.1, 1.1],
        roles: [G, S, G, G, T, G, C, G, G, G],
    },
    Vertical {
        name: "education",
        suffix: "Campus",
        week: [1.15, 1.15, 1.15, 1.15, 1.05, 0.5, 0.4],
        roles: [G, S, C, G, T, C, G, C, G, G],
    },
];

/// A site.
#[derive(Debug)]
pub(super) struct Site {
    pub index: usize,
    pub code: String,
    pub name: String,
    pub client: usize,
    pub vertical: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    pub geofence_m: i64,
    pub address: String,
    /// How busy Monday … Sunday are, about 1.
    pub week: [f64; 7],
    /// Whether nights begin at midnight (0, 8, 16 o'clock) instead of at ten (6, 14, 22 o'clock).
    pub midnight: bool,
    /// Monday from which its rosters are generated; those before were made by hand.
    pub generated_from: NaiveDate,
    /// How easily its open shifts are filled, in logits about 0.
    pub appeal: f64,
    /// Points of a patrol round.
    pub checkpoints: usize,
    /// First of the company's places of work that is here, and how many are.
    pub slots: std::ops::Range<usize>,
}

impl Site {
    /// The role of a place of work.
    pub fn role(&self, slot: usize) -> Role {
        let place = slot - self.slots.start;
        match (VERTICALS[self.index % VERTICALS.len()].roles[place % 10], place) {
            (S, 10..) => G,
            (role, _) => role,
        }
    }
}

/// The clients' codes and names.
pub(super) fn clients(plan: &Plan) -> Vec<(String, String)> {
    (0..plan.size().clients)
        .map(|index| (client_code(index), names::client(plan.company == Company::Demo, index)))
        .collect()
}

pub(super) fn client_code(index: usize) -> String {
    format!("C{:03}", index + 1)
}

/// The sites, with the places of work shared out among them: the first is among the large ones.
pub(super) fn sites(plan: &Plan) -> Vec<Site> {
    let size = plan.size();
    let weight = |index: usize| [1.5, 0.8, 1.2, 0.7, 1.0, 0.8][index % 6];
    let total: f64 = (0..size.sites).map(weight).sum();
    let mut reached = 0.0;
    let mut start = 0;
    (0..size.sites)
        .map(|index| {
            reached += weight(index);
            let end = (size.workers as f64 * reached / total).round() as usize;
            let slots = start..end;
            start = end;
            site(plan, index, slots)
        })
        .collect()
}

fn site(plan: &Plan, index: usize, slots: std::ops::Range<usize>) -> Site {
    let mut dice = Dice::new(plan.seed, Topic::Site, index as u64, plan.company as u64);
    let (places, streets) = match plan.company {
        Company::Demo => (PLACES_ZA, STREETS_ZA),
        Company::Rival => (PLACES_NL, STREETS_NL),
    };
    let (place, city, latitude, longitude) = places[index % places.len()];
    let vertical = &VERTICALS[index % VERTICALS.len()];
    let street = dice.pick(streets);
    Site {
        index,
        code: format!("S{:03}", index + 1),
        name: format!("{place} {}", vertical.suffix),
        client: index % plan.size().clients,
        vertical: vertical.name,
        latitude: latitude + dice.between(-0.01, 0.01),
        longitude: longitude + dice.between(-0.01, 0.01),
        geofence_m: dice.whole(2, 6) * 50,
        address: format!("{} {street}, {place}, {city}", dice.whole(1, 240)),
        week: vertical.week,
        midnight: vertical.name == "hospital" || dice.chance(0.1),
        checkpoints: dice.whole(4, 6).unsigned_abs() as usize,
        slots,
        generated_from: super::rosters::generated_from(plan, index),
        appeal: super::filling::appeal(plan, index),
    }
}
