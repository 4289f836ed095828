//! What holds for every roster, on random questions.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::instance::Instance;
use super::samples::{at, booked, day, person, shift, shift_id, site_id, worker_id};
use super::state::State;
use super::*;

/// A question: what, who, by which rules.
#[derive(Debug, Clone)]
struct Question {
    shifts: Vec<Shift>,
    people: Vec<Person>,
    rules: Rules,
}

impl Question {
    fn answer(&self) -> Roster {
        generate(&self.shifts, &self.people, &self.rules, &Weights::default())
    }
}

/// Zones with and without summer time, and the Monday before a week in which some of them change their clocks.
const ZONES: [Tz; 3] = [Tz::Africa__Johannesburg, Tz::Europe__Berlin, Tz::America__New_York];
const MONDAYS: [(i32, u32, u32); 4] = [(2026, 3, 2), (2026, 3, 23), (2026, 10, 19), (2026, 12, 28)];

/// Hours after the first Monday in UTC; zones differ by up to five of them, so weeks begin in the middle of shifts.
fn moment(monday: NaiveDate, hours: i64) -> DateTime<Utc> {
    Utc.from_utc_datetime(&monday.and_time(chrono::NaiveTime::MIN)) + Duration::hours(hours)
}

type RawShift = (i64, i64, u8, bool, bool, i64, u128);
type RawPerson = ((u8, Option<i64>, Option<i64>, i64, i64, bool), (u8, i64, i64), Vec<(i64, i64)>, i64, (u128, u8));

fn raw_shift(days: i64) -> impl Strategy<Value = RawShift> {
    let hours = prop_oneof![3 => Just(12i64), 2 => Just(8), 1 => 2i64..14];
    let starts = prop_oneof![(0..days, Just(6i64)), (0..days, Just(18)), (0..days, 0..24i64)];
    (
        starts.prop_map(|(day, hour)| day * 24 + hour),
        hours,
        0u8..4,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        0i64..60,
        1u128..3,
    )
}

fn raw_person(days: i64) -> impl Strategy<Value = RawPerson> {
    let expiry = || prop_oneof![2 => Just(Some(400i64)), 1 => Just(None), 1 => (0..days).prop_map(Some)];
    let who = (
        0u8..4,
        expiry(),
        expiry(),
        1_500i64..4_000,
        prop_oneof![Just(0i64), Just(1_200), Just(2_400), Just(2_700)],
        any::<bool>(),
    );
    let away = (0u8..6, 0..days * 24, 1i64..72);
    let booked = prop::collection::vec((-24..days * 24, 2i64..13), 0..3);
    (who, away, booked, prop_oneof![2 => Just(0i64), 1 => 0i64..2_700], (0u128..3, 0u8..3))
}

fn shift_of(n: u128, raw: RawShift, monday: NaiveDate) -> Shift {
    let (starts, hours, skill, certified, licensed, premium, site) = raw;
    let starts = moment(monday, starts);
    let mut shift = Shift::new(shift_id(n), site_id(site), starts, starts + Duration::hours(hours));
    shift.skill = (skill == 0).then(|| "armed response".to_owned());
    shift.certifications = if certified { vec!["first aid".to_owned()] } else { Vec::new() };
    shift.licensed = licensed;
    shift.premium_percent = premium;
    shift
}

fn person_of(n: u128, raw: RawPerson, monday: NaiveDate) -> Person {
    let ((skill, certified, registered, rate, contract, overtime), (kind, from, hours), booked, worked, (site, time)) =
        raw;
    let day = |days: i64| monday + Days::new(days.unsigned_abs());
    let away = (moment(monday, from), moment(monday, from + hours));
    let mut person = Person::new(worker_id(n), rate, contract);
    person.skills = if skill < 2 { vec!["armed response".to_owned()] } else { Vec::new() };
    person.certifications = certified
        .map(|last| Certification { name: "first aid".to_owned(), valid_until: (last < 400).then(|| day(last)) })
        .into_iter()
        .collect();
    person.registered_until = registered.map(day);
    person.takes_overtime = overtime;
    match kind {
        0 | 1 => person.absences = vec![Absence { from: away.0, until: away.1, leave: kind == 0 }],
        2 => person.available = vec![(moment(monday, -48), away.0), (away.1, moment(monday, 1_000))],
        _ => {}
    }
    for (at, (starts, hours)) in (1_000 * n..).zip(booked) {
        let starts = moment(monday, starts);
        let ends = starts + Duration::hours(hours);
        person.booked.push(Booked { shift: Some(shift_id(at)), starts, ends, minutes: hours * 60 });
    }
    person.worked = vec![(monday, worked)];
    person.preferences.preferred_sites = vec![site_id(site)];
    person.preferences.avoided_sites = vec![site_id(site + 1)];
    person.preferences.time = [None, Some(TimeOfDay::Day), Some(TimeOfDay::Night)][usize::from(time)];
    person
}

fn questions(
    shifts: std::ops::Range<usize>,
    people: std::ops::Range<usize>,
    days: i64,
) -> impl Strategy<Value = Question> {
    let what = prop::collection::vec(raw_shift(days), shifts);
    let who = prop::collection::vec(raw_person(days), people);
    (what, who, 0usize..3, 0usize..4).prop_map(|(what, who, zone, monday)| {
        let (year, month, day) = MONDAYS[monday];
        let monday = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        Question {
            shifts: (1..).zip(what).map(|(n, raw)| shift_of(n, raw, monday)).collect(),
            people: (1..).zip(who).map(|(n, raw)| person_of(n, raw, monday)).collect(),
            rules: Rules::new(ZONES[zone]),
        }
    })
}

/// Whether this person may have these shifts: the rules again, told another way than the code does.
fn allowed(person: &Person, shifts: &[&Shift], rules: &Rules) -> bool {
    let local = |at: DateTime<Utc>| at.with_timezone(&rules.zone).date_naive();
    let able = shifts.iter().all(|shift| {
        let day = local(shift.starts);
        let held = |name: &String| {
            person.certifications.iter().any(|one| &one.name == name && one.valid_until.is_none_or(|last| day <= last))
        };
        let every_hour = (0..(shift.ends - shift.starts).num_hours()).map(|hour| shift.starts + Duration::hours(hour));
        let mut here = every_hour.map(|hour| {
            let away = person.absences.iter().any(|away| away.from <= hour && hour < away.until);
            !away
                && (person.available.is_empty() || person.available.iter().any(|span| span.0 <= hour && hour < span.1))
        });
        shift.skill.iter().all(|skill| person.skills.contains(skill))
            && shift.certifications.iter().all(held)
            && (!shift.licensed || person.registered_until >= Some(day))
            && here.all(|here| here)
    });
    let spans = |shifts: &[&Shift]| -> Vec<_> { shifts.iter().map(|shift| (shift.starts, shift.ends)).collect() };
    let settled = person.booked.iter().map(|work| (work.starts, work.ends));
    let all: Vec<_> = spans(shifts).into_iter().chain(settled).collect();
    let rested = (0..shifts.len()).all(|one| {
        (0..all.len()).all(|other| {
            one == other || (all[other].0 - all[one].1).max(all[one].0 - all[other].1) >= Duration::hours(12)
        })
    });
    let most = if person.takes_overtime { 55 * 60 } else { 45 * 60 };
    let in_hours = shifts.iter().all(|shift| {
        let week = |day: NaiveDate| day.iso_week();
        let own = week(local(shift.starts));
        let given: i64 =
            shifts.iter().filter(|other| week(local(other.starts)) == own).map(|other| other.minutes).sum();
        let booked: i64 =
            person.booked.iter().filter(|work| week(local(work.starts)) == own).map(|work| work.minutes).sum();
        let worked: i64 =
            person.worked.iter().filter(|(monday, _)| week(*monday) == own).map(|(_, minutes)| minutes).sum();
        given + booked + worked <= most
    });
    able && rested && in_hours
}

fn of_person<'q>(question: &'q Question, roster: &Roster, person: &Person) -> Vec<&'q Shift> {
    let has = |shift: &&Shift| roster.assignments.iter().any(|line| line.worker == person.id && line.shift == shift.id);
    question.shifts.iter().filter(has).collect()
}

/// The value of the best of all rosters, by looking at each that keeps the rules.
fn best_by_brute_force(question: &Question, of: &Instance<'_>) -> (usize, i64) {
    fn visit(question: &Question, state: &mut State<'_, '_>, shift: usize) -> (usize, i64) {
        if shift == state.who.len() {
            return state.value();
        }
        let mut best = visit(question, state, shift + 1);
        for person in 0..state.of.people.len() {
            state.give(shift, person);
            let theirs: Vec<&Shift> = state.has[person].iter().map(|&has| state.of.shifts[has]).collect();
            if allowed(state.of.people[person], &theirs, &question.rules) {
                best = best.min(visit(question, state, shift + 1));
            }
            state.take(shift);
        }
        best
    }
    visit(question, &mut State::empty(of), 0)
}

fn value_of(of: &Instance<'_>, roster: &Roster) -> (usize, i64) {
    let mut state = State::empty(of);
    for line in &roster.assignments {
        let shift = of.shifts.iter().position(|shift| shift.id == line.shift).unwrap();
        state.give(shift, of.people.iter().position(|person| person.id == line.worker).unwrap());
    }
    state.value()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_rule_is_ever_broken(question in questions(0..40, 0..12, 16)) {
        let roster = question.answer();
        for person in &question.people {
            let theirs = of_person(&question, &roster, person);
            prop_assert!(allowed(person, &theirs, &question.rules), "{:?} has {:?}", person, theirs);
        }
        prop_assert_eq!(check(&question.shifts, &question.people, &roster.assigned(), &question.rules), vec![]);
        let mut shifts: Vec<_> = roster.assignments.iter().map(|line| line.shift).chain(roster.open.iter().map(|open| open.shift)).collect();
        shifts.sort_unstable();
        prop_assert_eq!(shifts, question.shifts.iter().map(|shift| shift.id).collect::<Vec<_>>());
    }

    #[test]
    fn the_check_finds_what_the_rules_forbid(question in questions(1..7, 1..2, 8)) {
        let person = &question.people[0];
        let all: Vec<&Shift> = question.shifts.iter().collect();
        let lines: Vec<Assigned> = all.iter().map(|shift| Assigned { shift: shift.id, worker: person.id }).collect();
        let breaches = check(&question.shifts, &question.people, &lines, &question.rules);
        prop_assert_eq!(breaches.is_empty(), allowed(person, &all, &question.rules), "{:?}", breaches);
    }

    #[test]
    fn small_ones_are_the_best_there_is(question in questions(0..7, 0..5, 5)) {
        let of = Instance::new(&question.shifts, &question.people, &question.rules, &Weights::default());
        let roster = question.answer();
        prop_assert!(roster.optimal);
        prop_assert_eq!(value_of(&of, &roster), best_by_brute_force(&question, &of));
    }

    #[test]
    fn what_is_called_open_is_open_for_the_reason_given(question in questions(10..40, 0..8, 6)) {
        let roster = question.answer();
        let base = roster.assigned();
        for open in &roster.open {
            prop_assert_eq!(open.blocked.iter().map(|group| group.people).sum::<usize>(), question.people.len());
            let mut counts = std::collections::BTreeMap::new();
            for person in &question.people {
                let with: Vec<Assigned> = base.iter().copied().chain([Assigned { shift: open.shift, worker: person.id }]).collect();
                let rule = check(&question.shifts, &question.people, &with, &question.rules).iter().map(|breach| breach.rule).min();
                prop_assert!(rule.is_some(), "{:?} could have {:?}", person, open);
                *counts.entry(rule.unwrap()).or_insert(0) += 1;
            }
            let said: std::collections::BTreeMap<Rule, usize> = open.blocked.iter().map(|group| (group.rule, group.people)).collect();
            prop_assert_eq!(&said, &counts, "{}", &open.why);
        }
    }

    #[test]
    fn the_order_of_the_question_does_not_matter(question in questions(0..30, 0..10, 10)) {
        let mut other = question.clone();
        other.shifts.reverse();
        other.people.rotate_left(question.people.len() / 2);
        prop_assert_eq!(question.answer(), other.answer());
    }

    #[test]
    fn the_cost_of_a_roster_is_that_of_its_lines(question in questions(0..30, 0..10, 10)) {
        let roster = question.answer();
        let lines = price(&question.shifts, &question.people, &roster.assigned(), &question.rules);
        prop_assert_eq!(lines.iter().map(Priced::cost_cents).sum::<i64>(), roster.cost_cents);
        let given: i64 = roster.hours.iter().map(|one| one.given_minutes).sum();
        prop_assert_eq!(lines.iter().map(|line| line.minutes).sum::<i64>(), given);
    }
}

const JOHANNESBURG: Tz = Tz::Africa__Johannesburg;

fn ask(shifts: &[Shift], people: &[Person]) -> Roster {
    generate(shifts, people, &Rules::new(JOHANNESBURG), &Weights::default())
}

/// Shift and worker, by number.
fn given(roster: &Roster) -> Vec<(u128, u128)> {
    roster.assignments.iter().map(|line| (line.shift.0.as_u128(), line.worker.0.as_u128())).collect()
}

#[test]
fn an_open_shift_says_of_how_many_people_and_what_keeps_them() {
    let mut wanted = shift(1, "2026-03-04 06:00", 12);
    wanted.skill = Some("armed response".to_owned());
    let mut people: Vec<Person> = (1..=7).map(person).collect();
    people.iter_mut().skip(2).for_each(|who| who.skills = vec!["armed response".to_owned()]);
    people[2].absences = vec![Absence { from: at("2026-03-01 00:00"), until: at("2026-03-08 00:00"), leave: true }];
    people[3].available = vec![(at("2026-03-05 00:00"), at("2026-03-08 00:00"))];
    people[4].booked = vec![booked(&shift(8, "2026-03-04 12:00", 8))];
    people[5].booked = vec![booked(&shift(9, "2026-03-03 12:00", 8))];
    people[6].worked = vec![(day("2026-03-02"), 2_640)];
    let roster = ask(&[wanted.clone()], &people);
    assert_eq!(
        roster.open[0].why,
        "of 7 people: 2 lack the skill armed response, 1 is on approved leave, 1 is not available, 1 has another shift \
         at that time, 1 would have less than 12 h rest, 1 would pass the hours of the week (45 h, with overtime 55 h)"
    );
    assert!(roster.optimal && roster.most_filled && roster.cost_cents == 0);
    assert_eq!(ask(&[wanted.clone()], &[]).open[0].why, "there is nobody to choose from");
    assert_eq!(ask(&[wanted], &people[..1]).open[0].why, "of 1 person: 1 lacks the skill armed response");
}

#[test]
fn a_line_says_why_this_person() {
    let mut people: Vec<Person> = (1..=3).map(person).collect();
    people[1].preferences.preferred_sites = vec![site_id(1)];
    people[1].hourly_rate_cents = 2_900;
    people[1].worked = vec![(day("2026-03-02"), 60)];
    let roster = ask(&[shift(1, "2026-03-04 06:00", 12)], &people);
    assert_eq!(given(&roster), [(1, 2)]);
    assert_eq!(
        roster.assignments[0].why,
        "free, qualified and rested, as are 2 others; likes this site; 13 h in the week, 40 h by contract"
    );
    assert_eq!(
        told_to_worker(&roster.assignments[0].why),
        ["You were free, qualified and rested, as were 2 others.", "You like this site."]
    );
    assert_eq!((roster.assignments[0].others, roster.cost_cents), (2, 34_800));
    let alone = ask(&[shift(1, "2026-03-04 06:00", 12)], &people[..1]);
    assert_eq!(
        alone.assignments[0].why,
        "the only one still free, qualified and rested; 12 h in the week, 40 h by contract"
    );
    assert_eq!(told_to_worker(&alone.assignments[0].why), ["You were the only one still free, qualified and rested."]);
}

#[test]
fn more_shifts_filled_come_before_cost_and_wishes() {
    // The first is the only one who may do both kinds, and dearer and unwilling; still both shifts are filled.
    let mut armed = shift(1, "2026-03-04 06:00", 12);
    armed.skill = Some("armed response".to_owned());
    let mut people: Vec<Person> = (1..=2).map(person).collect();
    people[0].skills = vec!["armed response".to_owned()];
    people[0].hourly_rate_cents = 9_000;
    people[0].preferences.avoided_sites = vec![site_id(1)];
    let roster = ask(&[armed, shift(2, "2026-03-04 06:00", 12)], &people);
    assert_eq!(given(&roster), [(1, 1), (2, 2)]);
}

#[test]
fn hours_are_shared_before_anyone_works_overtime() {
    let week: Vec<Shift> = (2..8).map(|day| shift(day, &format!("2026-03-0{day} 06:00"), 10)).collect();
    let roster = ask(&week, &[person(1), person(2)]);
    assert_eq!(roster.hours.iter().map(|one| one.given_minutes).collect::<Vec<_>>(), [1_800, 1_800]);
    assert_eq!(roster.assignments.iter().map(|line| line.overtime_minutes).sum::<i64>(), 0);
}

#[test]
fn in_the_night_of_summer_time_twelve_hours_on_the_clock_are_eleven_of_rest() {
    let berlin = |starts: &str| {
        let starts: DateTime<Utc> = starts.parse().unwrap();
        Shift::new(shift_id(starts.timestamp().unsigned_abs().into()), site_id(1), starts, starts + Duration::hours(8))
    };
    let ask = |shifts: &[Shift]| generate(shifts, &[person(1)], &Rules::new(Tz::Europe__Berlin), &Weights::default());
    // Until Saturday 18:00, again on Sunday at 06:00: local time, a week apart.
    let ordinary = [berlin("2026-03-21T10:00:00+01:00"), berlin("2026-03-22T06:00:00+01:00")];
    let spring = [berlin("2026-03-28T10:00:00+01:00"), berlin("2026-03-29T06:00:00+02:00")];
    assert_eq!((ask(&ordinary).open.len(), ask(&spring).open.len()), (0, 1));
}

#[test]
fn where_few_can_do_much_it_is_known_that_nobody_can_do_more() {
    // Twenty shifts at once and three people: three are filled, and more cannot be.
    let shifts: Vec<Shift> = (1..=20).map(|n| shift(n, "2026-03-04 06:00", 12)).collect();
    let roster = ask(&shifts, &[person(1), person(2), person(3)]);
    assert_eq!((roster.fill_rate().hit, roster.most_filled, roster.optimal), (3, true, true));
}

#[test]
fn a_large_question_of_small_parts_is_solved_exactly() {
    // Twenty sites, each with its own skill, two people and four shifts.
    let own = |n: u128| Some(format!("site {}", n % 20));
    let shifts: Vec<Shift> = (0..80)
        .map(|n| Shift { skill: own(n), ..shift(n + 1, &format!("2026-03-0{} 06:00", 2 + n / 20), 12) })
        .collect();
    let people: Vec<Person> =
        (0..40).map(|n| Person { skills: own(n).into_iter().collect(), ..person(n + 1) }).collect();
    let roster = ask(&shifts, &people);
    assert_eq!((roster.fill_rate().hit, roster.optimal), (80, true));
    assert!(roster.hours.iter().all(|one| one.given_minutes == 1_440));
}
