//! Whom to offer one shift to: everybody, the best suited first.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::price::priced;
use super::reasons::{hours, wishes};
use super::{Person, Rule, Rules, Shift, Weights};
use crate::units::WorkerId;

/// Mean radius.
const EARTH_RADIUS_KM: f64 = 6_371.0;

/// How well one shift suits one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub worker: WorkerId,
    /// The first rule that keeps them from it; `None`: it can be offered to them.
    pub blocked: Option<Rule>,
    /// Its minutes beyond the ordinary hours of their week.
    pub overtime_minutes: i64,
    /// How far it is from their wishes, 0–5; see [`super::Preferences::points`].
    pub preference_points: i64,
    /// From home to the site, as the crow flies; `None` where either is not known.
    pub distance_km: Option<f64>,
    /// Minutes they have in its week already.
    pub week_minutes: i64,
    /// What it would cost, in cents.
    pub cost_cents: i64,
    /// The same in words: 'likes this site; 4 km away; 24 h of 40 h in the week'.
    pub why: String,
}

/// Everybody, the best suited to this shift first: those who may have it by the rules, then by least overtime, wishes, distance
/// (unknown last), hours furthest below contract, cost and id. Those who may not come last, with the rule.
#[must_use]
pub fn suited(shift: &Shift, people: &[Person], rules: &Rules) -> Vec<Candidate> {
    let of = Instance::new(std::slice::from_ref(shift), people, rules, &Weights::default());
    let mut ranked: Vec<(f64, Candidate)> = (0..of.people.len()).map(|person| candidate(&of, person)).collect();
    ranked.sort_by(|(share, one), (other_share, other)| {
        let known = |km: Option<f64>| km.unwrap_or(f64::INFINITY);
        (one.blocked.is_some().cmp(&other.blocked.is_some()))
            .then(one.overtime_minutes.cmp(&other.overtime_minutes))
            .then(one.preference_points.cmp(&other.preference_points))
            .then(known(one.distance_km).total_cmp(&known(other.distance_km)))
            .then(share.partial_cmp(other_share).unwrap_or(Ordering::Equal))
            .then(one.cost_cents.cmp(&other.cost_cents))
            .then(one.worker.cmp(&other.worker))
    });
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

/// With the share of the contract's hours they have.
fn candidate(of: &Instance<'_>, index: usize) -> (f64, Candidate) {
    let (shift, person, rules) = (of.shifts[0], of.people[index], of.rules);
    let week_minutes = of.workers[index].minutes[0];
    let line = priced(shift, person, week_minutes, rules);
    let blocked = of.pair(0, index).err();
    let distance_km = shift.place.zip(person.home).map(|(site, home)| distance(site, home));
    let mut said: Vec<String> = blocked.map(|rule| kept_by(rule, shift)).into_iter().collect();
    said.extend(wishes(of, 0, index));
    said.extend(distance_km.map(|km| format!("{km:.0} km away")));
    said.push(match person.contract_minutes {
        0 => format!("{} in the week so far", hours(week_minutes)),
        contract => format!("{} in the week so far, {} by contract", hours(week_minutes), hours(contract)),
    });
    said.extend((line.overtime_minutes > 0).then(|| format!("{} of it overtime", hours(line.overtime_minutes))));
    let candidate = Candidate {
        worker: person.id,
        blocked,
        overtime_minutes: line.overtime_minutes,
        preference_points: person.preferences.points(shift.site, shift.time_of_day(rules.zone)),
        distance_km,
        week_minutes,
        cost_cents: line.cost_cents(),
        why: said.join("; "),
    };
    (week_minutes as f64 / person.contract_minutes.max(1) as f64, candidate)
}

fn kept_by(rule: Rule, shift: &Shift) -> String {
    match rule {
        Rule::Skill => format!("lacks the skill {}", shift.skill.as_deref().unwrap_or_default()),
        Rule::Certification => format!("lacks a valid certification ({})", shift.certifications.join(", ")),
        Rule::Registration => "has no valid registration".to_owned(),
        Rule::Leave => "is on approved leave".to_owned(),
        Rule::Availability => "is not available".to_owned(),
        Rule::Overlap => "has another shift at that time".to_owned(),
        Rule::Rest => "would rest too little".to_owned(),
        Rule::Hours => "would pass the hours of the week".to_owned(),
    }
}

/// Kilometres between two places given as latitude and longitude in degrees: the haversine formula.
fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let h = half(one.0, other.0) + one.0.to_radians().cos() * other.0.to_radians().cos() * half(one.1, other.1);
    2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::roster::samples::{booked, day, person, rules, shift, site_id};
    use crate::operations::roster::{Preferences, TimeOfDay};

    #[track_caller]
    fn order(shift: &Shift, people: &[Person], expected: &[u128]) -> Vec<Candidate> {
        let ranked = suited(shift, people, &rules());
        assert_eq!(ranked.iter().map(|who| who.worker.0.as_u128()).collect::<Vec<_>>(), expected);
        ranked
    }

    #[test]
    fn who_may_not_have_it_comes_last_and_overtime_after_wishes_unmet() {
        let night = shift(1, "2026-03-06 18:00", 8);
        let mut people: Vec<Person> = (1..=4).map(person).collect();
        people[0].booked = vec![booked(&shift(9, "2026-03-06 02:00", 8))]; // ends 8 h before
        people[1].worked = vec![(day("2026-03-02"), 2_400)]; // 40 h: 3 h of overtime
        people[2].preferences = Preferences { avoided_sites: vec![site_id(1)], ..Preferences::default() };
        people[3].preferences = Preferences { time: Some(TimeOfDay::Day), ..Preferences::default() };
        let ranked = order(&night, &people, &[3, 4, 2, 1]);
        assert_eq!(ranked[0].why, "would rather not work at this site; 0 min in the week so far, 40 h by contract");
        assert_eq!(ranked[2].why, "40 h in the week so far, 40 h by contract; 3 h of it overtime");
        assert_eq!((ranked[3].blocked, ranked[2].overtime_minutes), (Some(Rule::Rest), 180));
    }

    #[test]
    fn the_nearer_then_who_has_fewer_hours_then_the_smaller_id() {
        let mut wanted = shift(1, "2026-03-06 06:00", 8);
        wanted.place = Some((-26.2041, 28.0473)); // Johannesburg
        let mut people: Vec<Person> = (1..=5).map(person).collect();
        people[1].home = Some((-25.7479, 28.2293)); // Pretoria, 54 km
        people[2].home = Some((-26.2, 28.05));
        people[0].worked = vec![(day("2026-03-02"), 600)];
        let ranked = order(&wanted, &people, &[3, 2, 4, 5, 1]);
        assert!((ranked[1].distance_km.unwrap() - 54.0).abs() < 1.0, "{:?}", ranked[1].distance_km);
    }
}
