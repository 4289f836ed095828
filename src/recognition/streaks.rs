//! How many applicable days in a row a worker has kept each of four promises (spec 3.3).
//!
//! A day with nothing to judge neither adds nor breaks: a day off, approved leave (which is never scheduled), a day
//! without patrols for the patrol streak.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is kept up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreakKind {
    /// Clocked in on time to every shift of the day.
    OnTime,
    /// Visited every planned checkpoint.
    PerfectPatrol,
    /// Met every deadline of tasks and work orders.
    SlaHit,
    /// Missed no shift without a call.
    ZeroNcns,
}

impl StreakKind {
    /// All kinds, in the order of [`Career::streaks`].
    pub const ALL: [Self; 4] = [Self::OnTime, Self::PerfectPatrol, Self::SlaHit, Self::ZeroNcns];

    /// The word for it in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::PerfectPatrol => "perfect_patrol",
            Self::SlaHit => "sla_hit",
            Self::ZeroNcns => "zero_ncns",
        }
    }

    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::OnTime => "On time",
            Self::PerfectPatrol => "Every checkpoint",
            Self::SlaHit => "Every deadline met",
            Self::ZeroNcns => "No missed shift",
        }
    }

    /// What counts as a day of it, as a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::OnTime => "Shift days in a row on which you clocked in on time.",
            Self::PerfectPatrol => "Patrol days in a row on which you visited every checkpoint.",
            Self::SlaHit => "Days in a row on which every task and work order met its deadline.",
            Self::ZeroNcns => "Shift days in a row without a shift missed without a call.",
        }
    }
}

/// What a business day holds of what the streaks judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the columns of worker_daily_metrics, explained by metrics::Sums; sla: tasks and orders together"
)]
pub struct DayFacts {
    pub scheduled: i32,
    pub attended: i32,
    pub on_time: i32,
    pub ncns: i32,
    pub checkpoints_planned: i32,
    pub checkpoints_visited: i32,
    pub sla_judged: i32,
    pub sla_hit: i32,
}

impl DayFacts {
    /// Whether the promise was kept; `None`: there was nothing to judge.
    #[must_use]
    pub fn kept(&self, kind: StreakKind) -> Option<bool> {
        let (applies, kept) = match kind {
            StreakKind::OnTime => (self.attended > 0 || self.ncns > 0, self.on_time == self.attended && self.ncns == 0),
            StreakKind::PerfectPatrol => {
                (self.checkpoints_planned > 0, self.checkpoints_visited == self.checkpoints_planned)
            }
            StreakKind::SlaHit => (self.sla_judged > 0, self.sla_hit == self.sla_judged),
            StreakKind::ZeroNcns => (self.scheduled > 0, self.ncns == 0),
        };
        applies.then_some(kept)
    }
}

/// A streak of so many days is long: its end is remembered.
pub const LONG_STREAK: i32 = 20;

/// One streak and its record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// Applicable days in a row, up to `through`.
    pub current: i32,
    /// The first of them.
    pub since: Option<NaiveDate>,
    /// The longest there was; of equals the first.
    pub best: i32,
    /// The last day of the longest; `None` while it is the current one, or there was none.
    pub best_ended: Option<NaiveDate>,
    /// The last applicable day counted; `None`: there was none.
    pub through: Option<NaiveDate>,
    /// The latest streak of [`LONG_STREAK`] days or more that was broken: its days, and the day that broke it.
    #[serde(default)]
    pub long_ended: Option<(i32, NaiveDate)>,
}

impl Streak {
    /// Counts an applicable day, later than all before.
    pub fn count(&mut self, day: NaiveDate, kept: bool) {
        if kept {
            self.since.get_or_insert(day);
            self.current += 1;
            if self.current > self.best {
                (self.best, self.best_ended) = (self.current, None);
            }
        } else {
            if self.best > 0 && self.best_ended.is_none() {
                self.best_ended = self.through;
            }
            if self.current >= LONG_STREAK {
                self.long_ended = Some((self.current, day));
            }
            (self.current, self.since) = (0, None);
        }
        self.through = Some(day);
    }
}

/// What a worker has done so far, of what is counted for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Career {
    /// Shifts attended.
    pub attended: i32,
    /// The streaks, in the order of [`StreakKind::ALL`].
    pub streaks: [Streak; 4],
}

impl Career {
    /// Lives a day, later than all before.
    pub fn live(&mut self, day: NaiveDate, facts: &DayFacts) {
        self.attended += facts.attended;
        for (streak, kind) in self.streaks.iter_mut().zip(StreakKind::ALL) {
            if let Some(kept) = facts.kept(kind) {
                streak.count(day, kept);
            }
        }
    }

    /// One of the streaks.
    #[must_use]
    pub fn streak(&self, kind: StreakKind) -> &Streak {
        &self.streaks[kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, nth).unwrap()
    }

    fn on_time() -> DayFacts {
        DayFacts { scheduled: 1, attended: 1, on_time: 1, ..DayFacts::default() }
    }

    fn late() -> DayFacts {
        DayFacts { scheduled: 1, attended: 1, ..DayFacts::default() }
    }

    fn no_show() -> DayFacts {
        DayFacts { scheduled: 1, ncns: 1, ..DayFacts::default() }
    }

    fn called_in() -> DayFacts {
        DayFacts { scheduled: 1, ..DayFacts::default() }
    }

    fn off() -> DayFacts {
        DayFacts::default()
    }

    /// The streak after the days of March from the first on: current, since, best, best_ended.
    #[track_caller]
    fn check(kind: StreakKind, days: &[DayFacts], expected: (i32, Option<u32>, i32, Option<u32>)) {
        let mut career = Career::default();
        for (nth, facts) in (1..).zip(days) {
            career.live(day(nth), facts);
        }
        let streak = career.streak(kind);
        let expected = (expected.0, expected.1.map(day), expected.2, expected.3.map(day));
        assert_eq!((streak.current, streak.since, streak.best, streak.best_ended), expected);
    }

    #[test]
    fn days_off_and_leave_neither_add_nor_break() {
        check(StreakKind::OnTime, &[on_time(), off(), off(), on_time()], (2, Some(1), 2, None));
        check(StreakKind::ZeroNcns, &[off(), on_time(), off()], (1, Some(2), 1, None));
    }

    #[test]
    fn a_no_show_breaks_on_time_and_zero_ncns() {
        check(StreakKind::OnTime, &[on_time(), on_time(), no_show(), on_time()], (1, Some(4), 2, Some(2)));
        check(StreakKind::ZeroNcns, &[on_time(), no_show()], (0, None, 1, Some(1)));
    }

    #[test]
    fn the_end_of_a_long_streak_is_remembered_while_short_ones_come_and_go() {
        let mut career = Career::default();
        for nth in 1..=20 {
            career.live(day(nth), &on_time());
        }
        assert_eq!(career.streak(StreakKind::OnTime).long_ended, None);
        for (nth, facts) in [(21, late()), (22, on_time()), (23, late())] {
            career.live(day(nth), &facts);
        }
        assert_eq!(career.streak(StreakKind::OnTime).long_ended, Some((20, day(21))));
        assert_eq!(career.streak(StreakKind::ZeroNcns).long_ended, None);
    }

    #[test]
    fn a_called_in_absence_is_nothing_to_be_on_time_for_and_no_no_show() {
        check(StreakKind::OnTime, &[on_time(), called_in(), on_time()], (2, Some(1), 2, None));
        check(StreakKind::ZeroNcns, &[on_time(), called_in(), on_time()], (3, Some(1), 3, None));
    }

    #[test]
    fn lateness_breaks_on_time_only() {
        check(StreakKind::OnTime, &[on_time(), off(), late()], (0, None, 1, Some(1)));
        check(StreakKind::ZeroNcns, &[on_time(), off(), late()], (2, Some(1), 2, None));
    }

    #[test]
    fn of_two_shifts_both_must_be_on_time() {
        let twice = |on_time| DayFacts { scheduled: 2, attended: 2, on_time, ..DayFacts::default() };
        check(StreakKind::OnTime, &[twice(2), twice(1)], (0, None, 1, Some(1)));
        check(StreakKind::OnTime, &[twice(2), twice(2)], (2, Some(1), 2, None));
    }

    #[test]
    fn patrol_needs_every_checkpoint_and_skips_days_without_a_tour() {
        let tour = |visited| DayFacts { checkpoints_planned: 8, checkpoints_visited: visited, ..on_time() };
        check(StreakKind::PerfectPatrol, &[tour(8), on_time(), tour(8)], (2, Some(1), 2, None));
        check(StreakKind::PerfectPatrol, &[tour(8), tour(7), tour(8)], (1, Some(3), 1, Some(1)));
        check(StreakKind::PerfectPatrol, &[on_time(), on_time()], (0, None, 0, None));
    }

    #[test]
    fn sla_needs_every_deadline_of_the_day() {
        let due = |hit| DayFacts { sla_judged: 3, sla_hit: hit, ..DayFacts::default() };
        check(StreakKind::SlaHit, &[due(3), off(), due(3), due(2), due(3)], (1, Some(5), 2, Some(3)));
    }

    #[test]
    fn the_record_stays_with_the_first_of_equals_until_it_is_beaten() {
        let days = [on_time(), on_time(), late(), on_time(), on_time()];
        check(StreakKind::OnTime, &days, (2, Some(4), 2, Some(2)));
        check(StreakKind::OnTime, &[&days[..], &[on_time()]].concat(), (3, Some(4), 3, None));
    }

    #[test]
    fn shifts_attended_are_counted_however_they_went() {
        let mut career = Career::default();
        for (nth, facts) in (1..).zip([on_time(), late(), no_show(), off()]) {
            career.live(day(nth), &facts);
        }
        assert_eq!(career.attended, 2);
    }

    fn any_day() -> impl Strategy<Value = DayFacts> {
        prop_oneof![Just(off()), Just(on_time()), Just(on_time()), Just(late()), Just(no_show()), Just(called_in())]
    }

    proptest! {
        #[test]
        fn a_career_stored_between_two_days_goes_on_as_if_it_had_not_been(
            days in prop::collection::vec(any_day(), 1..28), cut in 0usize..28,
        ) {
            let cut = cut.min(days.len());
            let mut whole = Career::default();
            let mut parts = Career::default();
            for (nth, facts) in (1..).zip(&days) {
                whole.live(day(nth), facts);
            }
            for (nth, facts) in (1..).zip(&days[..cut]) {
                parts.live(day(nth), facts);
            }
            let mut parts: Career = serde_json::from_str(&serde_json::to_string(&parts).unwrap()).unwrap();
            for (nth, facts) in (1..).zip(&days).skip(cut) {
                parts.live(day(nth), facts);
            }
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn the_best_is_never_less_than_the_current(days in prop::collection::vec(any_day(), 1..28)) {
            let mut career = Career::default();
            for (nth, facts) in (1..).zip(&days) {
                career.live(day(nth), facts);
                for streak in &career.streaks {
                    prop_assert!(streak.best >= streak.current);
                    prop_assert_eq!(streak.since.is_some(), streak.current > 0);
                }
            }
        }
    }
}
