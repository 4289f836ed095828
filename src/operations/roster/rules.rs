//! What must hold, and what weighs how much among rosters for which it does.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Person, Shift};

/// The hard rules of an organization. No roster breaks them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The zone whose days and weeks count.
    pub zone: Tz,
    /// Minutes of rest between two shifts.
    pub rest_minutes: i64,
    /// Ordinary minutes of an ISO week.
    pub ordinary_minutes: i64,
    /// Minutes a week beyond those, at most.
    pub overtime_minutes: i64,
    /// What overtime costs, in per cent of the hourly rate; at least 100.
    pub overtime_percent: i64,
}

impl Rules {
    /// 12 hours of rest, 45 ordinary hours a week and 10 of overtime at time and a half.
    #[must_use]
    pub fn new(zone: Tz) -> Self {
        Self { zone, rest_minutes: 720, ordinary_minutes: 2_700, overtime_minutes: 600, overtime_percent: 150 }
    }

    /// The minutes somebody may work in a week.
    #[must_use]
    pub fn most_minutes(&self, person: &Person) -> i64 {
        self.ordinary_minutes + if person.takes_overtime { self.overtime_minutes } else { 0 }
    }
}

/// How much each wish weighs once as many shifts as possible are filled, in per cent of the default unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// 100: a cent counts as a cent.
    pub cost: i64,
    /// 100: to be at twice the contract's hours, or at none, weighs an average hourly wage per contract hour; the
    /// square of the distance in between. Where hours are given, this sum is least where everybody is at the same
    /// share of the contract, and so draws the Gini coefficient down.
    pub fairness: i64,
    /// 100: a point of [`super::Preferences::points`] weighs an average hourly wage.
    pub preference: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { cost: 100, fairness: 50, preference: 50 }
    }
}

/// A hard rule, in the order in which the reasons of an open shift are counted: each person under the first that holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Has the skill.
    Skill,
    /// Has each certification, valid on the shift's day.
    Certification,
    /// Is registered on the shift's day, where the trade is licensed.
    Registration,
    /// Is not on approved leave.
    Leave,
    /// Is available all through it.
    Availability,
    /// Has no other shift at that time.
    Overlap,
    /// Rests long enough before and after.
    Rest,
    /// Stays within the hours of the week.
    Hours,
}

/// The first rule about the person alone, apart from any other work, that keeps them from this shift.
pub(super) fn unfit(shift: &Shift, day: NaiveDate, person: &Person) -> Option<Rule> {
    let certified = |name: &String| {
        person.certifications.iter().any(|held| held.name == *name && held.valid_until.is_none_or(|last| last >= day))
    };
    let absent = |leave: bool| {
        person
            .absences
            .iter()
            .any(|away| away.leave == leave && overlap((away.from, away.until), (shift.starts, shift.ends)))
    };
    if shift.skill.as_ref().is_some_and(|skill| !person.skills.contains(skill)) {
        Some(Rule::Skill)
    } else if !shift.certifications.iter().all(certified) {
        Some(Rule::Certification)
    } else if shift.licensed && person.registered_until.is_none_or(|last| last < day) {
        Some(Rule::Registration)
    } else if absent(true) {
        Some(Rule::Leave)
    } else if absent(false) || !is_available(&person.available, shift) {
        Some(Rule::Availability)
    } else {
        None
    }
}

/// Whether two spans share a moment; spans that only touch do not.
pub(super) fn overlap(one: (DateTime<Utc>, DateTime<Utc>), other: (DateTime<Utc>, DateTime<Utc>)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

/// Whether the spans, joined where they touch or overlap, cover the shift. No span at all: always available.
fn is_available(spans: &[(DateTime<Utc>, DateTime<Utc>)], shift: &Shift) -> bool {
    let mut covered = shift.starts;
    while covered < shift.ends {
        let reach = spans.iter().filter(|span| span.0 <= covered).map(|span| span.1).max();
        match reach.filter(|reach| *reach > covered) {
            Some(reach) => covered = reach,
            None => return spans.is_empty(),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::roster::samples::{at, day, person, shift};
    use crate::operations::roster::{Absence, Certification};

    #[track_caller]
    fn check(shift: &Shift, person: &Person, expected: Option<Rule>) {
        assert_eq!(unfit(shift, shift.day(chrono_tz::Africa::Johannesburg), person), expected);
    }

    #[test]
    fn a_skill_is_asked_for_by_name() {
        let mut wanted = shift(1, "2026-03-02 06:00", 12);
        wanted.skill = Some("armed response".into());
        let mut who = person(1);
        check(&wanted, &who, Some(Rule::Skill));
        who.skills = vec!["control room".into(), "armed response".into()];
        check(&wanted, &who, None);
    }

    #[test]
    fn a_certification_counts_until_the_end_of_its_last_day_and_a_night_is_of_the_day_it_starts() {
        let mut night = shift(1, "2026-03-02 18:00", 12);
        night.certifications = vec!["first aid".into()];
        let mut who = person(1);
        check(&night, &who, Some(Rule::Certification));
        let until = |last: Option<&str>| vec![Certification { name: "first aid".into(), valid_until: last.map(day) }];
        who.certifications = until(Some("2026-03-01"));
        check(&night, &who, Some(Rule::Certification));
        who.certifications = until(Some("2026-03-02"));
        check(&night, &who, None);
        who.certifications = until(None);
        check(&night, &who, None);
    }

    #[test]
    fn a_licensed_trade_wants_a_registration_that_has_not_run_out() {
        let mut wanted = shift(1, "2026-03-02 06:00", 12);
        let mut who = person(1);
        check(&wanted, &who, None);
        wanted.licensed = true;
        check(&wanted, &who, Some(Rule::Registration));
        who.registered_until = Some(day("2026-03-01"));
        check(&wanted, &who, Some(Rule::Registration));
        who.registered_until = Some(day("2026-03-02"));
        check(&wanted, &who, None);
    }

    #[test]
    fn leave_that_ends_as_the_shift_begins_is_no_hindrance() {
        let wanted = shift(1, "2026-03-02 06:00", 12);
        let away = |until: &str, leave| {
            let mut who = person(1);
            who.absences = vec![Absence { from: at("2026-03-01 00:00"), until: at(until), leave }];
            who
        };
        check(&wanted, &away("2026-03-02 06:00", true), None);
        check(&wanted, &away("2026-03-02 06:01", true), Some(Rule::Leave));
        check(&wanted, &away("2026-03-02 06:01", false), Some(Rule::Availability));
    }

    #[test]
    fn spans_that_touch_make_one_and_a_gap_of_a_minute_does_not() {
        let night = shift(1, "2026-03-02 18:00", 12);
        let mut who = person(1);
        who.available =
            vec![(at("2026-03-03 00:00"), at("2026-03-04 00:00")), (at("2026-03-02 00:00"), at("2026-03-03 00:00"))];
        check(&night, &who, None);
        who.available[0].0 = at("2026-03-03 00:01");
        check(&night, &who, Some(Rule::Availability));
    }
}
