//! What assignments cost, line by line.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Assigned;
use super::shift::week_of;
use super::{Person, Rules, Shift};
use crate::units::{ShiftId, WorkerId};

/// What one line costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// Which shift.
    pub shift: ShiftId,
    /// Whose.
    pub worker: WorkerId,
    /// All its minutes that count.
    pub minutes: i64,
    /// Those of them beyond the ordinary hours of the week.
    pub overtime_minutes: i64,
    /// Cents at the hourly rate alone.
    pub wage_cents: i64,
    /// Cents more for overtime.
    pub overtime_cents: i64,
    /// Cents more for night, Sunday or holiday.
    pub premium_cents: i64,
}

impl Priced {
    /// Cents altogether.
    #[must_use]
    pub fn cost_cents(&self) -> i64 {
        self.wage_cents + self.overtime_cents + self.premium_cents
    }
}

/// The cost of each assignment, in the order in which shifts begin. Within a week settled work comes first, then the
/// shifts in time: what passes the ordinary hours is overtime. Each amount is rounded to the nearest cent, so the cost of
/// a roster is the sum of its lines. Assignments of a shift or person that is not given are left out.
#[must_use]
pub fn price(shifts: &[Shift], people: &[Person], assigned: &[Assigned], rules: &Rules) -> Vec<Priced> {
    let shifts: HashMap<ShiftId, &Shift> = shifts.iter().map(|shift| (shift.id, shift)).collect();
    let people: HashMap<WorkerId, &Person> = people.iter().map(|person| (person.id, person)).collect();
    let known = |line: &Assigned| Some((*shifts.get(&line.shift)?, *people.get(&line.worker)?));
    let mut lines: Vec<(&Shift, &Person)> = assigned.iter().filter_map(known).collect();
    lines.sort_by_key(|(shift, _)| (shift.starts, shift.ends, shift.id));
    let mut weeks: HashMap<(WorkerId, NaiveDate), i64> = HashMap::new();
    let line = |(shift, person): (&Shift, &Person)| {
        let week = week_of(shift.starts, rules.zone);
        let worked = weeks.entry((person.id, week)).or_insert_with(|| settled_minutes(person, week, rules, assigned));
        let before = *worked;
        *worked += shift.minutes;
        priced(shift, person, before, rules)
    };
    lines.into_iter().map(line).collect()
}

/// Minutes a person has in a week without those of `assigned`.
pub(super) fn settled_minutes(person: &Person, week: NaiveDate, rules: &Rules, assigned: &[Assigned]) -> i64 {
    let again = |shift| assigned.iter().any(|line| line.worker == person.id && Some(line.shift) == shift);
    let booked = person.booked.iter().filter(|work| !again(work.shift)).map(|work| (work.starts, work.minutes));
    let booked = booked.filter(|(starts, _)| week_of(*starts, rules.zone) == week).map(|(_, minutes)| minutes);
    booked.sum::<i64>() + person.worked.iter().filter(|(of, _)| *of == week).map(|(_, minutes)| minutes).sum::<i64>()
}

/// The cost of a shift for somebody who has `before` minutes in its week.
pub(super) fn priced(shift: &Shift, person: &Person, before: i64, rules: &Rules) -> Priced {
    let overtime = (before + shift.minutes - rules.ordinary_minutes).clamp(0, shift.minutes.max(0));
    let cents = |minutes: i64, percent: i64| (person.hourly_rate_cents.max(0) * minutes * percent + 3_000) / 6_000;
    Priced {
        shift: shift.id,
        worker: person.id,
        minutes: shift.minutes,
        overtime_minutes: overtime,
        wage_cents: cents(shift.minutes.max(0), 100),
        overtime_cents: cents(overtime, (rules.overtime_percent - 100).max(0)),
        premium_cents: cents(shift.minutes.max(0), shift.premium_percent.max(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::roster::samples::{booked, person, rules, shift, shift_id, worker_id};

    fn all_to_one(shifts: &[Shift]) -> Vec<Assigned> {
        shifts.iter().map(|shift| Assigned { shift: shift.id, worker: worker_id(1) }).collect()
    }

    #[test]
    fn what_passes_45_hours_is_time_and_a_half_and_a_premium_is_on_top() {
        let mut shifts: Vec<Shift> = (2..6).map(|day| shift(day, &format!("2026-03-0{day} 06:00"), 12)).collect();
        shifts[0].premium_percent = 25;
        let lines = price(&shifts, &[person(1)], &all_to_one(&shifts), &rules());
        // 12 h at 30.00 is 360.00; a quarter more on the first; of the fourth 3 h beyond 45, half of 30.00 each.
        assert_eq!(lines.iter().map(Priced::cost_cents).collect::<Vec<_>>(), [45_000, 36_000, 36_000, 40_500]);
        assert_eq!((lines[3].overtime_minutes, lines[3].overtime_cents, lines[0].premium_cents), (180, 4_500, 9_000));
    }

    #[test]
    fn settled_work_fills_the_week_first_and_never_twice() {
        let wanted = shift(1, "2026-03-06 06:00", 8);
        let mut who = person(1);
        who.worked = vec![(crate::operations::roster::samples::day("2026-03-02"), 2_400)];
        let line = |who: &Person| {
            price(
                std::slice::from_ref(&wanted),
                std::slice::from_ref(who),
                &all_to_one(std::slice::from_ref(&wanted)),
                &rules(),
            )
            .remove(0)
        };
        assert_eq!(line(&who).overtime_minutes, 180); // 40 h and 8 h
        who.booked = vec![booked(&wanted)];
        assert_eq!(line(&who).overtime_minutes, 180);
        who.booked[0].shift = Some(shift_id(9));
        assert_eq!(line(&who).overtime_minutes, 480);
    }

    #[test]
    fn a_night_from_sunday_to_monday_counts_in_the_week_in_which_it_starts() {
        let night = shift(1, "2026-03-08 18:00", 12);
        let mut who = person(1);
        who.worked = vec![(crate::operations::roster::samples::day("2026-03-02"), 2_700)];
        let assigned = all_to_one(std::slice::from_ref(&night));
        assert_eq!(price(&[night], &[who], &assigned, &rules())[0].overtime_minutes, 720);
    }
}
