//! The same hard rules held to any set of assignments, whoever made them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::price::settled_minutes;
use super::reasons::hours;
use super::rules::{overlap, unfit};
use super::shift::week_of;
use super::{Person, Rule, Rules, Shift};
use crate::units::{ShiftId, WorkerId};

/// Who has which shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Assigned {
    /// Which shift.
    pub shift: ShiftId,
    /// Whose.
    pub worker: WorkerId,
}

/// A rule that an assignment breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The shift that should not be theirs; of two that clash, the later one.
    pub shift: ShiftId,
    /// Whose it is.
    pub worker: WorkerId,
    /// Which rule.
    pub rule: Rule,
    /// What is wrong, as the rest of a sentence that begins with the person: 'lacks the skill armed response'.
    pub text: String,
}

/// Every rule broken by these assignments, at most one of each kind per line, in the order in which shifts begin.
///
/// Settled work (`booked`, `worked`) counts as given and is not itself held to the rules; a booked shift that is also
/// assigned counts once. In a week that is too long the shifts from the one that passes the limit are in breach.
/// Assignments of a shift or person that is not given are left out.
#[must_use]
pub fn check(shifts: &[Shift], people: &[Person], assigned: &[Assigned], rules: &Rules) -> Vec<Breach> {
    let shifts: HashMap<ShiftId, &Shift> = shifts.iter().map(|shift| (shift.id, shift)).collect();
    let mut lines: BTreeMap<WorkerId, Vec<Assigned>> = BTreeMap::new();
    for line in assigned {
        lines.entry(line.worker).or_default().push(*line);
    }
    let mut breaches: Vec<(DateTime<Utc>, Breach)> = Vec::new();
    for person in people {
        let Some(own) = lines.get(&person.id) else { continue };
        let mut theirs: Vec<&Shift> = own.iter().filter_map(|line| shifts.get(&line.shift).copied()).collect();
        theirs.sort_by_key(|shift| (shift.starts, shift.ends, shift.id));
        breaches.extend(breaches_of(person, &theirs, own, rules));
    }
    breaches.sort_by_key(|(starts, breach)| (*starts, breach.shift, breach.worker, breach.rule));
    breaches.into_iter().map(|(_, breach)| breach).collect()
}

/// `theirs` ascending by start.
fn breaches_of(person: &Person, theirs: &[&Shift], own: &[Assigned], rules: &Rules) -> Vec<(DateTime<Utc>, Breach)> {
    let mut found = Vec::new();
    let mut weeks: HashMap<NaiveDate, i64> = HashMap::new();
    let mut breach = |shift: &Shift, rule: Rule, text: String| {
        found.push((shift.starts, Breach { shift: shift.id, worker: person.id, rule, text }));
    };
    for (at, shift) in theirs.iter().enumerate() {
        let day = shift.day(rules.zone);
        if let Some(rule) = unfit(shift, day, person) {
            breach(shift, rule, lacking(rule, shift, day));
        }
        if let Some((rule, text)) = clash(person, shift, &theirs[..at], own, rules) {
            breach(shift, rule, text);
        }
        let week = week_of(shift.starts, rules.zone);
        let worked = weeks.entry(week).or_insert_with(|| settled_minutes(person, week, rules, own));
        *worked += shift.minutes;
        let most = rules.most_minutes(person);
        if *worked > most {
            let text = format!("has {} in the week of {week}, of at most {}", hours(*worked), hours(most));
            breach(shift, Rule::Hours, text);
        }
    }
    found
}

/// What stands against this shift among the earlier ones of the roster and all settled work.
fn clash(
    person: &Person,
    shift: &Shift,
    earlier: &[&Shift],
    own: &[Assigned],
    rules: &Rules,
) -> Option<(Rule, String)> {
    let again = |id: Option<ShiftId>| own.iter().any(|line| Some(line.shift) == id);
    let settled = person.booked.iter().filter(|work| !again(work.shift)).map(|work| (work.starts, work.ends));
    let others: Vec<_> = earlier.iter().map(|other| (other.starts, other.ends)).chain(settled).collect();
    if others.iter().any(|&other| overlap(other, (shift.starts, shift.ends))) {
        return Some((Rule::Overlap, "has another shift at that time".to_owned()));
    }
    let gap = |other: &(DateTime<Utc>, DateTime<Utc>)| {
        if other.0 < shift.starts { shift.starts - other.1 } else { other.0 - shift.ends }
    };
    let rest = others.iter().map(gap).map(|gap| gap.num_seconds()).min()?;
    (rest < rules.rest_minutes * 60).then(|| {
        let text =
            format!("rests {} beside another shift, of at least {}", hours(rest / 60), hours(rules.rest_minutes));
        (Rule::Rest, text)
    })
}

/// What a person lacks for a shift, in words.
fn lacking(rule: Rule, shift: &Shift, day: NaiveDate) -> String {
    match rule {
        Rule::Skill => format!("lacks the skill {}", shift.skill.as_deref().unwrap_or_default()),
        Rule::Certification => format!("lacks {}, valid on {day}", shift.certifications.join(" or ")),
        Rule::Registration => format!("is not registered on {day}"),
        Rule::Leave => "is on approved leave".to_owned(),
        Rule::Availability => "is not available".to_owned(),
        Rule::Overlap | Rule::Rest | Rule::Hours => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::roster::Absence;
    use crate::operations::roster::samples::{at, booked, person, rules, shift, worker_id};

    #[track_caller]
    fn found(shifts: &[Shift], who: &Person, expected: &[(u128, Rule)]) -> Vec<Breach> {
        let lines: Vec<Assigned> =
            shifts.iter().map(|shift| Assigned { shift: shift.id, worker: worker_id(1) }).collect();
        let breaches = check(shifts, std::slice::from_ref(who), &lines, &rules());
        let short: Vec<(u128, Rule)> = breaches.iter().map(|breach| (breach.shift.0.as_u128(), breach.rule)).collect();
        assert_eq!(short, expected);
        breaches
    }

    #[test]
    fn eleven_hours_and_59_minutes_are_not_enough_rest() {
        let first = shift(1, "2026-03-02 18:00", 12);
        found(&[first.clone(), shift(2, "2026-03-03 18:00", 12)], &person(1), &[]);
        let breaches = found(&[first.clone(), shift(2, "2026-03-03 17:59", 12)], &person(1), &[(2, Rule::Rest)]);
        assert_eq!(breaches[0].text, "rests 11 h 59 min beside another shift, of at least 12 h");
        found(&[first.clone(), shift(2, "2026-03-03 05:59", 8)], &person(1), &[(2, Rule::Overlap)]);
        let mut who = person(1);
        who.booked = vec![booked(&shift(3, "2026-03-03 10:00", 4))];
        found(std::slice::from_ref(&first), &who, &[(1, Rule::Rest)]);
        who.booked = vec![booked(&first)];
        found(std::slice::from_ref(&first), &who, &[]);
    }

    #[test]
    fn the_shifts_from_the_one_that_passes_55_hours_are_in_breach() {
        let week: Vec<Shift> = (2..8).map(|day| shift(day, &format!("2026-03-0{day} 06:00"), 11)).collect();
        let breaches = found(&week, &person(1), &[(7, Rule::Hours)]);
        assert_eq!(breaches[0].text, "has 66 h in the week of 2026-03-02, of at most 55 h");
        let mut who = person(1);
        who.takes_overtime = false;
        found(&week, &who, &[(6, Rule::Hours), (7, Rule::Hours)]);
    }

    #[test]
    fn one_line_can_break_several_rules() {
        let mut who = person(1);
        who.absences = vec![Absence { from: at("2026-03-02 00:00"), until: at("2026-03-04 00:00"), leave: true }];
        let both = [shift(1, "2026-03-02 06:00", 12), shift(2, "2026-03-02 12:00", 12)];
        found(&both, &who, &[(1, Rule::Leave), (2, Rule::Leave), (2, Rule::Overlap)]);
    }
}
