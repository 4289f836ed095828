//! How long the roster generator thinks: `cargo bench --bench roster`, with `MUSTER_BENCH_SHIFTS` (default 1,000) and
//! `MUSTER_BENCH_PEOPLE` (default 300). Two weeks of day and night shifts at 20 sites, some of which want a skill or a
//! certification; people with contracts, leave, wishes and some shifts already. Once with enough people for all shifts
//! and once with two thirds of them on leave.

use std::time::Instant;

use chrono::{DateTime, Days, Duration, Utc};
use muster::operations::roster::{
    Absence, Booked, Certification, Person, Rules, Shift, TimeOfDay, Weights, check, generate,
};
use muster::units::{ShiftId, SiteId, WorkerId};
use uuid::Uuid;

const SITES: u64 = 20;
const DAYS: u64 = 14;

/// A number that looks like chance and is the same each time (splitmix64).
fn chance(seed: u64, below: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % below
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

fn monday() -> DateTime<Utc> {
    "2026-03-01T22:00:00Z".parse().expect("a moment")
}

fn site(n: u64) -> SiteId {
    SiteId(Uuid::from_u128(u128::from(n)))
}

fn shift(n: u64) -> Shift {
    let (day, night) = (n % DAYS, chance(n, 5) < 2);
    let starts = monday() + Days::new(day) + Duration::hours(if night { 18 } else { 6 });
    let hours = if chance(n + 1_000_000, 3) == 0 { 8 } else { 12 };
    let mut shift = Shift::new(
        ShiftId(Uuid::from_u128(u128::from(n) + 1)),
        site(n % SITES),
        starts,
        starts + Duration::hours(hours),
    );
    shift.skill = match chance(n + 2_000_000, 10) {
        0 => Some("armed response".to_owned()),
        1 | 2 => Some("control room".to_owned()),
        _ => None,
    };
    shift.certifications = if chance(n + 3_000_000, 8) == 0 { vec!["first aid".to_owned()] } else { Vec::new() };
    shift.premium_percent = if night { 10 } else { 0 };
    shift
}

fn person(n: u64, on_leave_of_12: u64) -> Person {
    let mut person = Person::new(
        WorkerId(Uuid::from_u128(u128::from(n) + 1)),
        2_500 + 100 * chance(n, 20) as i64,
        [1_200, 2_400, 2_700][chance(n + 10, 3) as usize],
    );
    let skills = [("armed response", 6), ("control room", 3)];
    let has = |(at, (name, of)): (u64, (&str, u64))| (chance(n + 20 + at, of) == 0).then(|| name.to_owned());
    person.skills = (0..).zip(skills).filter_map(has).collect();
    if chance(n + 30, 3) == 0 {
        person.certifications = vec![Certification { name: "first aid".to_owned(), valid_until: None }];
    }
    if chance(n + 40, 12) < on_leave_of_12 {
        let from = monday() + Days::new(chance(n + 50, 3));
        person.absences = vec![Absence { from, until: from + Days::new(12), leave: true }];
    }
    if chance(n + 60, 4) == 0 {
        let starts = monday() + Days::new(chance(n + 70, DAYS)) + Duration::hours(6);
        person.booked = vec![Booked { shift: None, starts, ends: starts + Duration::hours(12), minutes: 720 }];
    }
    person.takes_overtime = chance(n + 80, 2) == 0;
    person.preferences.preferred_sites = vec![site(n % SITES)];
    person.preferences.time = [None, Some(TimeOfDay::Day), Some(TimeOfDay::Night)][chance(n + 90, 3) as usize];
    person
}

fn timed(name: &str, shifts: &[Shift], people: &[Person]) {
    let rules = Rules::new(chrono_tz::Africa::Johannesburg);
    let began = Instant::now();
    let roster = generate(shifts, people, &rules, &Weights::default());
    let seconds = began.elapsed().as_secs_f64();
    let breaches = check(shifts, people, &roster.assigned(), &rules).len();
    let (filled, of) = (roster.fill_rate().hit, roster.fill_rate().of);
    let hours: i64 = roster.assignments.iter().map(|line| line.overtime_minutes).sum::<i64>() / 60;
    println!(
        "{name:<12} {filled} of {of} shifts filled from {} people in {seconds:.2} s: cost {}.{:02}, {hours} h overtime, \
         {breaches} breaches, proven the best: {}, the most that can be filled: {}",
        people.len(),
        roster.cost_cents / 100,
        roster.cost_cents % 100,
        roster.optimal,
        roster.most_filled
    );
    if let Some(open) = roster.open.first() {
        println!("{:<12} the first that stays open, {}", "", open.why);
    }
    if let Some(line) = roster.assignments.first() {
        println!("{:<12} the first that is filled: {}", "", line.why);
    }
}

fn main() {
    let shifts: Vec<Shift> = (0..number("MUSTER_BENCH_SHIFTS", 1_000)).map(shift).collect();
    let people =
        |leave: u64| -> Vec<Person> { (0..number("MUSTER_BENCH_PEOPLE", 300)).map(|n| person(n, leave)).collect() };
    timed("enough", &shifts, &people(1));
    timed("too few", &shifts, &people(8));
}
