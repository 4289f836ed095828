//! Why somebody got a shift, and why nobody did, in words.

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::price::Priced;
use super::state::State;
use super::{Rule, Rules, Shift, TimeOfDay};

/// How many people one rule keeps from an open shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// The first rule that keeps them from it.
    pub rule: Rule,
    /// How many.
    pub people: usize,
}

/// 12 h, 11 h 30 min, 45 min.
pub(super) fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (whole, 0) => format!("{whole} h"),
        (whole, rest) => format!("{whole} h {rest} min"),
    }
}

/// The first rule that keeps a person from an open shift, given all that is assigned; `None`: they could have it.
fn blocker(state: &State<'_, '_>, shift: usize, person: usize) -> Option<Rule> {
    let slots = &state.of.slots;
    let between = |other: usize| {
        let at_once = slots[other].starts < slots[shift].ends && slots[shift].starts < slots[other].ends;
        state.of.conflict(shift, other).then_some(if at_once { Rule::Overlap } else { Rule::Rest })
    };
    let clash = state.has[person].iter().filter_map(|&other| between(other)).min();
    let too_long = (state.excess(shift, person) > 0).then_some(Rule::Hours);
    [state.of.pair(shift, person).err(), clash, too_long].into_iter().flatten().min()
}

/// Each person once, under the first rule that keeps them from the shift.
pub(super) fn blocked(state: &State<'_, '_>, shift: usize) -> Vec<Blocked> {
    let mut counts = std::collections::BTreeMap::new();
    for rule in (0..state.of.people.len()).filter_map(|person| blocker(state, shift, person)) {
        *counts.entry(rule).or_insert(0) += 1;
    }
    counts.into_iter().map(|(rule, people)| Blocked { rule, people }).collect()
}

/// 'of 40 people: 22 lack the skill armed response, 9 are on approved leave, 6 would have less than 12 h rest'.
pub(super) fn why_open(shift: &Shift, blocked: &[Blocked], rules: &Rules) -> String {
    let all: usize = blocked.iter().map(|group| group.people).sum();
    let parts: Vec<String> =
        blocked.iter().map(|group| format!("{} {}", group.people, kept_by(group, shift, rules))).collect();
    match all {
        0 => "there is nobody to choose from".to_owned(),
        1 => format!("of 1 person: {}", parts.join(", ")),
        _ => format!("of {all} people: {}", parts.join(", ")),
    }
}

fn kept_by(group: &Blocked, shift: &Shift, rules: &Rules) -> String {
    let one = group.people == 1;
    let verb = |singular: &'static str, plural: &'static str| if one { singular } else { plural };
    match group.rule {
        Rule::Skill => format!("{} the skill {}", verb("lacks", "lack"), shift.skill.as_deref().unwrap_or_default()),
        Rule::Certification => {
            format!("{} a valid certification ({})", verb("lacks", "lack"), shift.certifications.join(", "))
        }
        Rule::Registration => format!("{} no valid registration", verb("has", "have")),
        Rule::Leave => format!("{} on approved leave", verb("is", "are")),
        Rule::Availability => format!("{} not available", verb("is", "are")),
        Rule::Overlap => format!("{} another shift at that time", verb("has", "have")),
        Rule::Rest => format!("would have less than {} rest", hours(rules.rest_minutes)),
        Rule::Hours => format!(
            "would pass the hours of the week ({}, with overtime {})",
            hours(rules.ordinary_minutes),
            hours(rules.ordinary_minutes + rules.overtime_minutes)
        ),
    }
}

/// Who else could have an assigned shift, all else as it is.
pub(super) fn others(state: &State<'_, '_>, shift: usize) -> Vec<usize> {
    let fits = |person: usize| state.who[shift] != Some(person) && state.fits(shift, person);
    state.of.candidates[shift].iter().copied().filter(|&person| fits(person)).collect()
}

/// Why this person has this shift: what speaks for them among those who could have it. That somebody costs less than others
/// is not said: planners do not see what anybody is paid.
pub(super) fn why_assigned(
    state: &State<'_, '_>,
    shift: usize,
    person: usize,
    others: &[usize],
    line: &Priced,
) -> String {
    let of = state.of;
    let mut said = vec![match others.len() {
        0 => "the only one still free, qualified and rested".to_owned(),
        1 => "free, qualified and rested, as is one other".to_owned(),
        n => format!("free, qualified and rested, as are {n} others"),
    }];
    said.extend(wishes(of, shift, person));
    let minutes = of.slots[shift].minutes;
    let share = |who: usize, before: i64| before as f64 / of.people[who].contract_minutes.max(1) as f64;
    let total = state.minutes(shift, person);
    if others.iter().all(|&other| share(other, state.minutes(shift, other)) > share(person, total - minutes))
        && !others.is_empty()
    {
        said.push("was furthest from the contract's hours".to_owned());
    }
    let contract = of.people[person].contract_minutes;
    said.push(match contract {
        0 => format!("{} in the week", hours(total)),
        _ => format!("{} in the week, {} by contract", hours(total), hours(contract)),
    });
    if line.overtime_minutes > 0 {
        said.push(format!("{} of it overtime", hours(line.overtime_minutes)));
    }
    said.join("; ")
}

/// What the person wishes that this shift fulfils, or does not.
pub(super) fn wishes(of: &Instance<'_>, shift: usize, person: usize) -> Vec<String> {
    let (shift, wish) = (of.shifts[shift], &of.people[person].preferences);
    let time = shift.time_of_day(of.rules.zone);
    let mut said = Vec::new();
    if wish.avoided_sites.contains(&shift.site) {
        said.push("would rather not work at this site".to_owned());
    } else if wish.preferred_sites.contains(&shift.site) {
        said.push("likes this site".to_owned());
    }
    let name = |time| match time {
        TimeOfDay::Day => "days",
        TimeOfDay::Night => "nights",
    };
    said.extend(wish.time.map(|wanted| match wanted == time {
        true => format!("likes {}", name(wanted)),
        false => format!("would rather work {}", name(wanted)),
    }));
    said
}

/// What [`why_assigned`] says, as it is told to the worker it speaks of: one sentence a reason. The hours of
/// the week are told beside it.
#[must_use]
pub fn told_to_worker(why: &str) -> Vec<String> {
    why.split("; ").filter_map(told).collect()
}

fn told(reason: &str) -> Option<String> {
    let said = match reason {
        "the only one still free, qualified and rested" => "You were the only one still free, qualified and rested.",
        "free, qualified and rested, as is one other" => "You were free, qualified and rested, as was one other.",
        "likes this site" => "You like this site.",
        "would rather not work at this site" => "You would rather not work at this site; it could not be helped.",
        "likes days" => "You like days.",
        "likes nights" => "You like nights.",
        "would rather work days" => "You would rather work days; it could not be helped.",
        "would rather work nights" => "You would rather work nights; it could not be helped.",
        "was furthest from the contract's hours" => "You were furthest from your contract's hours.",
        _ => return told_with_number(reason),
    };
    Some(said.to_owned())
}

fn told_with_number(reason: &str) -> Option<String> {
    let others = reason.strip_prefix("free, qualified and rested, as are ");
    let overtime = reason.strip_suffix(" of it overtime");
    others
        .map(|others| format!("You were free, qualified and rested, as were {others}."))
        .or_else(|| overtime.map(|hours| format!("{hours} of it are overtime.")))
}
