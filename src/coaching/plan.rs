//! What the morning does with a worker's entry, given what it was and what the signals are now.

use super::{Kind, QUEUED_AT, Signal, State, priority};

/// A severity that rose by this much is worse.
const WORSE: f64 = 0.2;

/// The latest entry of a worker and kind, as the morning finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Where it stands.
    pub state: State,
    /// The signals as they stood when it was answered; codes that have gone away since are forgotten.
    pub answered: Vec<Signal>,
    /// Whether it lapsed so recently that it is the same matter.
    pub recent: bool,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Nothing to suggest and nothing open.
    Nothing,
    /// A new entry.
    Suggest,
    /// The open entry gets today's evidence.
    Refresh,
    /// The entry that was put off or lapsed is suggested again.
    BringBack,
    /// The suggestion is withdrawn: its signals went away.
    Lapse,
    /// The answer stands; only what has gone away is forgotten.
    Remember,
}

/// Whether anything is new or worse than what was answered: a signal that was not there, one whose severity rose by
/// 0.2, or a later event of the same kind (another missed shift is news even when an older one has left the window).
#[must_use]
pub fn comes_back(now: &[Signal], answered: &[Signal]) -> bool {
    now.iter().any(|signal| {
        answered.iter().find(|old| old.code() == signal.code()).is_none_or(|old| {
            signal.severity >= old.severity + WORSE - 1e-9 || signal.evidence.latest() > old.evidence.latest()
        })
    })
}

/// What stays answered: the signals that are still there, as they stood then. One that went away and returns is new.
#[must_use]
pub fn remembered(now: &[Signal], answered: &[Signal]) -> Vec<Signal> {
    answered.iter().filter(|old| now.iter().any(|signal| signal.code() == old.code())).cloned().collect()
}

/// What the morning does. Help is suggested from a priority of [`QUEUED_AT`] on, praise with any signal.
#[must_use]
pub fn plan(kind: Kind, now: &[Signal], known: Option<&Known>) -> Plan {
    let queued = match kind {
        Kind::Help => priority(now) >= QUEUED_AT,
        Kind::Praise => !now.is_empty(),
    };
    match known.map(|known| known.state) {
        None if queued => Plan::Suggest,
        None => Plan::Nothing,
        Some(State::Suggested) if !queued => Plan::Lapse,
        Some(State::Suggested | State::Scheduled | State::InProgress) => Plan::Refresh,
        Some(State::Lapsed) => match (queued, known.is_some_and(|known| known.recent)) {
            (true, true) => Plan::BringBack,
            (true, false) => Plan::Suggest,
            (false, _) => Plan::Nothing,
        },
        Some(state @ (State::Snoozed | State::Dismissed | State::Completed)) => {
            let news = queued && known.is_some_and(|known| comes_back(now, &known.answered));
            match (news, state) {
                (true, State::Snoozed) => Plan::BringBack,
                (true, _) => Plan::Suggest,
                (false, _) => Plan::Remember,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coaching::{Evidence, Kept};
    use chrono::NaiveDate;

    fn missed(days: &[u32]) -> Signal {
        let days = days.iter().map(|nth| NaiveDate::from_ymd_opt(2026, 3, *nth).unwrap()).collect();
        Signal::of(Evidence::NoShow { days, scheduled: 20 }).unwrap()
    }

    fn dropped(points: f64) -> Signal {
        Signal::of(Evidence::BpiDrop { now: 80.0 - points, before: 80.0 }).unwrap()
    }

    fn late_tasks(hit: i64) -> Signal {
        Signal::of(Evidence::Sla { what: "tasks".into(), kept: Kept { hit, of: 100 } }).unwrap()
    }

    fn known(state: State, answered: &[Signal]) -> Known {
        Known { state, answered: answered.to_vec(), recent: true }
    }

    #[track_caller]
    fn check(now: &[Signal], before: Option<Known>, expected: Plan) {
        assert_eq!(plan(Kind::Help, now, before.as_ref()), expected);
    }

    #[test]
    fn somebody_with_a_missed_shift_is_suggested_once() {
        check(&[missed(&[3])], None, Plan::Suggest);
        check(&[missed(&[3])], Some(known(State::Suggested, &[])), Plan::Refresh);
        check(&[missed(&[3])], Some(known(State::Scheduled, &[])), Plan::Refresh);
    }

    #[test]
    fn small_signals_suggest_nobody() {
        check(&[late_tasks(50)], None, Plan::Nothing);
        check(&[], None, Plan::Nothing);
    }

    #[test]
    fn a_suggestion_lapses_with_its_signals_but_a_planned_conversation_stays() {
        check(&[], Some(known(State::Suggested, &[])), Plan::Lapse);
        check(&[], Some(known(State::Scheduled, &[])), Plan::Refresh);
        check(&[missed(&[3])], Some(known(State::Lapsed, &[])), Plan::BringBack);
        check(&[missed(&[3])], Some(Known { recent: false, ..known(State::Lapsed, &[]) }), Plan::Suggest);
    }

    #[test]
    fn what_was_snoozed_stays_away_while_nothing_is_new_or_worse() {
        check(&[missed(&[3])], Some(known(State::Snoozed, &[missed(&[3])])), Plan::Remember);
        // 12.5 points are half, 14 are 0.6, 15.5 are 0.7.
        check(&[dropped(14.0)], Some(known(State::Snoozed, &[dropped(12.5)])), Plan::Remember);
        check(&[dropped(15.5)], Some(known(State::Snoozed, &[dropped(12.5)])), Plan::BringBack);
        check(&[missed(&[3]), late_tasks(50)], Some(known(State::Snoozed, &[missed(&[3])])), Plan::BringBack);
    }

    #[test]
    fn another_missed_shift_is_news_even_when_the_first_has_left_the_window() {
        check(&[missed(&[17])], Some(known(State::Snoozed, &[missed(&[3])])), Plan::BringBack);
        check(&[missed(&[17])], Some(known(State::Dismissed, &[missed(&[3])])), Plan::Suggest);
        // The reverse: of two the earlier one left the window, nothing is new.
        check(&[missed(&[17])], Some(known(State::Dismissed, &[missed(&[3, 17])])), Plan::Remember);
    }

    #[test]
    fn a_conversation_held_is_not_suggested_again_for_the_same() {
        check(&[missed(&[3])], Some(known(State::Completed, &[missed(&[3])])), Plan::Remember);
        check(&[missed(&[3, 20])], Some(known(State::Completed, &[missed(&[3])])), Plan::Suggest);
    }

    #[test]
    fn what_went_away_and_returns_is_new() {
        let answered = remembered(&[late_tasks(20)], &[missed(&[3]), late_tasks(20)]);
        assert_eq!(answered, [late_tasks(20)]);
        check(&[missed(&[3]), late_tasks(20)], Some(known(State::Snoozed, &answered)), Plan::BringBack);
    }

    #[test]
    fn new_signals_too_small_to_queue_bring_nobody_back() {
        check(&[late_tasks(50)], Some(known(State::Snoozed, &[])), Plan::Remember);
    }

    #[test]
    fn praise_needs_no_threshold() {
        let rose = Signal::of(Evidence::Rise { now: 80.0, before: 70.0 }).unwrap();
        assert_eq!(plan(Kind::Praise, &[rose], None), Plan::Suggest);
        assert_eq!(plan(Kind::Praise, &[], Some(&known(State::Suggested, &[]))), Plan::Lapse);
    }
}
