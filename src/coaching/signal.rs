//! What is worth a conversation: the signals of spec 3.4, each with the evidence that shows it.
//!
//! A signal's severity follows from its evidence alone, by [`Evidence::severity`]: what a page shows is what was judged.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::scoring::{ENOUGH, rounded};

/// A broken streak counts from this many days on.
const LONG_STREAK: i32 = crate::recognition::LONG_STREAK;
/// Days that a broken streak or a lost certification counts: the window that everything is judged over.
pub const WINDOW_OF_STREAKS: u64 = 28;
/// Days that gold counts: praise comes while it is news.
pub const DAYS_OF_GOLD: u64 = 7;
/// A certification is a signal this many days before its last.
pub const CERTIFICATION_SOON: u64 = 14;

/// Which signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the label says it")]
pub enum Code {
    NoShow,
    BpiDrop,
    UnderCohort,
    Lateness,
    Sla,
    Patrol,
    Certification,
    BrokenStreak,
    Dispute,
    Rise,
    Gold,
}

impl Code {
    /// What a page calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoShow => "Missed without a call",
            Self::BpiDrop => "Score dropped",
            Self::UnderCohort => "Below comparable colleagues",
            Self::Lateness => "Later than before",
            Self::Sla => "Deadlines missed",
            Self::Patrol => "Patrols incomplete",
            Self::Certification => "Certification",
            Self::BrokenStreak => "Long streak ended",
            Self::Dispute => "Open dispute",
            Self::Rise => "Score rose",
            Self::Gold => "Earned gold",
        }
    }
}

/// A day on which somebody came late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The day.
    pub day: NaiveDate,
    /// By how much, minutes.
    pub minutes: i64,
}

/// A certification that has expired or is about to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its name.
    pub name: String,
    /// The last day it counts.
    pub expires_on: NaiveDate,
}

/// So many hits of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Hits.
    pub hit: i64,
    /// Of how many.
    pub of: i64,
}

impl Kept {
    /// 0–100; `None` with fewer than [`ENOUGH`] to judge.
    #[must_use]
    pub fn score(self) -> Option<f64> {
        (self.of >= ENOUGH).then(|| 100.0 * self.hit as f64 / self.of as f64)
    }
}

/// What shows a signal: the numbers, days and comparisons of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum Evidence {
    /// Shifts missed without a call in the 28 days.
    NoShow {
        /// The days of them.
        days: Vec<NaiveDate>,
        /// Shifts in the 28 days.
        scheduled: i64,
    },
    /// The BPI against 28 days ago.
    BpiDrop {
        /// Now, 0–100.
        now: f64,
        /// 28 days ago.
        before: f64,
    },
    /// The shrunk BPI against the shrunk BPIs of the cohort.
    UnderCohort {
        /// As it is, 0–100.
        bpi: f64,
        /// Drawn towards the cohort's mean by the number of shifts.
        shrunk: f64,
        /// Shifts it rests on.
        shifts: i64,
        /// A quarter of the cohort is below this.
        p25: f64,
        /// A twentieth of the cohort is below this.
        p5: f64,
        /// With whom it is compared.
        cohort: String,
        /// How many they are.
        workers: i64,
    },
    /// Late minutes per attended shift, rising.
    Lateness {
        /// Late minutes in the 28 days.
        minutes: i64,
        /// Shifts attended in them.
        attended: i64,
        /// Late minutes in the 28 days before.
        minutes_before: i64,
        /// Shifts attended in those.
        attended_before: i64,
        /// The latest arrivals, worst first.
        worst: Vec<Late>,
    },
    /// Deadlines of tasks or of work orders, whichever is kept less.
    Sla {
        /// `tasks` or `work orders`.
        what: String,
        /// Deadlines kept.
        kept: Kept,
    },
    /// The patrol component.
    Patrol {
        /// 0–100.
        score: f64,
        /// Checkpoints visited of planned.
        checkpoints: Kept,
        /// Tours completed of planned.
        tours: Kept,
    },
    /// Certifications expired or about to expire, earliest first.
    Certification {
        /// They.
        certificates: Vec<Certificate>,
        /// The day they were looked at.
        on: NaiveDate,
    },
    /// A long streak that ended.
    BrokenStreak {
        /// What was kept up.
        streak: String,
        /// For how many days.
        days: i32,
        /// The day it ended.
        on: NaiveDate,
    },
    /// Disputes that wait for a ruling.
    Dispute {
        /// The days of the disputed facts.
        days: Vec<NaiveDate>,
    },
    /// The BPI rose against 28 days ago.
    Rise {
        /// Now.
        now: f64,
        /// 28 days ago.
        before: f64,
    },
    /// A gold achievement.
    Gold {
        /// Its name.
        name: String,
        /// When it was earned.
        on: NaiveDate,
    },
}

/// 0 at `zero`, 1 at `one`, linear in between and no further.
fn linear(value: f64, zero: f64, one: f64) -> f64 {
    ((value - zero) / (one - zero)).clamp(0.0, 1.0)
}

impl Evidence {
    /// Which signal it shows.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::NoShow { .. } => Code::NoShow,
            Self::BpiDrop { .. } => Code::BpiDrop,
            Self::UnderCohort { .. } => Code::UnderCohort,
            Self::Lateness { .. } => Code::Lateness,
            Self::Sla { .. } => Code::Sla,
            Self::Patrol { .. } => Code::Patrol,
            Self::Certification { .. } => Code::Certification,
            Self::BrokenStreak { .. } => Code::BrokenStreak,
            Self::Dispute { .. } => Code::Dispute,
            Self::Rise { .. } => Code::Rise,
            Self::Gold { .. } => Code::Gold,
        }
    }

    /// 0 nothing … 1 grave, by spec 3.4: linear between the two marks of each signal. For praise 0 nothing … 1 splendid:
    /// a rise of 10 points counts half, of 20 whole; gold counts half.
    #[must_use]
    pub fn severity(&self) -> f64 {
        let severity = match self {
            Self::NoShow { days, .. } => match days.len() {
                0 => 0.0,
                1 => 0.6,
                _ => 1.0,
            },
            Self::BpiDrop { now, before } => linear(before - now, 5.0, 20.0),
            Self::UnderCohort { shrunk, p25, p5, .. } if p25 - p5 > 1e-9 => linear(*shrunk, *p25, *p5),
            Self::UnderCohort { .. } => 0.0,
            Self::Lateness { minutes, attended, minutes_before, attended_before, .. } => {
                if *attended < ENOUGH || *attended_before < ENOUGH {
                    return 0.0;
                }
                let rate = |minutes: i64, attended: i64| minutes as f64 / attended as f64;
                linear(rate(*minutes, *attended) - rate(*minutes_before, *attended_before), 2.0, 10.0)
            }
            Self::Sla { kept, .. } => kept.score().map_or(0.0, |score| linear(score, 60.0, 30.0)),
            Self::Patrol { score, checkpoints, tours } => {
                if checkpoints.of.max(tours.of) < ENOUGH {
                    return 0.0;
                }
                linear(*score, 60.0, 30.0)
            }
            Self::Certification { certificates, on } => {
                certificates.iter().map(|it| certificate_severity(it, *on)).fold(0.0, f64::max)
            }
            Self::BrokenStreak { days, .. } => {
                if *days >= LONG_STREAK {
                    0.2
                } else {
                    0.0
                }
            }
            Self::Dispute { days } => {
                if days.is_empty() {
                    0.0
                } else {
                    0.3
                }
            }
            Self::Rise { now, before } => {
                if rounded(now - before) < 10.0 {
                    return 0.0;
                }
                linear(now - before, 0.0, 20.0)
            }
            Self::Gold { .. } => 0.5,
        };
        rounded(severity)
    }

    /// The last day something happened, for signals that are made of single events: a later one is news.
    #[must_use]
    pub fn latest(&self) -> Option<NaiveDate> {
        match self {
            Self::NoShow { days, .. } | Self::Dispute { days } => days.iter().max().copied(),
            Self::BrokenStreak { on, .. } | Self::Gold { on, .. } => Some(*on),
            Self::Certification { certificates, .. } => certificates.iter().map(|it| it.expires_on).max(),
            _ => None,
        }
    }
}

fn certificate_severity(it: &Certificate, on: NaiveDate) -> f64 {
    if it.expires_on < on {
        1.0
    } else if it.expires_on <= on + Days::new(CERTIFICATION_SOON) {
        0.5
    } else {
        0.0
    }
}

/// A reason to talk, as judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// 0–1.
    pub severity: f64,
    /// What shows it.
    #[serde(flatten)]
    pub evidence: Evidence,
}

impl Signal {
    /// The signal that this evidence shows; `None` where it shows none.
    #[must_use]
    pub fn of(evidence: Evidence) -> Option<Self> {
        let severity = evidence.severity();
        (severity > 0.0).then_some(Self { severity, evidence })
    }

    /// Which one.
    #[must_use]
    pub fn code(&self) -> Code {
        self.evidence.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, nth).unwrap()
    }

    #[track_caller]
    fn check(evidence: Evidence, expected: f64) {
        assert!((evidence.severity() - expected).abs() < 1e-9, "{evidence:?}: {}", evidence.severity());
    }

    #[test]
    fn one_no_show_is_serious_and_two_are_grave() {
        let missed = |n| Evidence::NoShow { days: (1..=n).map(day).collect(), scheduled: 20 };
        check(missed(0), 0.0);
        check(missed(1), 0.6);
        check(missed(2), 1.0);
        check(missed(5), 1.0);
    }

    #[test]
    fn a_drop_counts_from_five_points_and_wholly_at_twenty() {
        let drop = |points| Evidence::BpiDrop { now: 80.0 - points, before: 80.0 };
        check(drop(5.0), 0.0);
        check(drop(12.5), 0.5);
        check(drop(20.0), 1.0);
        check(drop(40.0), 1.0);
        check(drop(-10.0), 0.0);
    }

    #[test]
    fn under_the_cohort_is_linear_from_p25_to_p5_and_nothing_where_they_are_one() {
        let under = |shrunk, p25, p5| Evidence::UnderCohort {
            bpi: 50.0,
            shrunk,
            shifts: 20,
            p25,
            p5,
            cohort: "guard".into(),
            workers: 30,
        };
        check(under(70.0, 70.0, 60.0), 0.0);
        check(under(65.0, 70.0, 60.0), 0.5);
        check(under(55.0, 70.0, 60.0), 1.0);
        check(under(69.0, 70.0, 70.0), 0.0);
    }

    #[test]
    fn lateness_counts_where_it_rises_and_both_windows_can_be_judged() {
        let late = |minutes, attended, minutes_before, attended_before| Evidence::Lateness {
            minutes,
            attended,
            minutes_before,
            attended_before,
            worst: Vec::new(),
        };
        // 8 a shift after 2 a shift: +6, half-way from 2 to 10.
        check(late(160, 20, 40, 20), 0.5);
        check(late(40, 20, 40, 20), 0.0);
        check(late(400, 20, 0, 20), 1.0);
        check(late(400, 20, 0, 4), 0.0);
        check(late(400, 4, 0, 20), 0.0);
    }

    #[test]
    fn deadlines_and_patrols_count_from_sixty_down_to_thirty_with_enough_to_judge() {
        let sla = |hit, of| Evidence::Sla { what: "tasks".into(), kept: Kept { hit, of } };
        check(sla(12, 20), 0.0);
        check(sla(9, 20), 0.5);
        check(sla(6, 20), 1.0);
        check(sla(0, 4), 0.0);
        let patrol = |score, of| Evidence::Patrol { score, checkpoints: Kept { hit: 0, of }, tours: Kept::default() };
        check(patrol(45.0, 40), 0.5);
        check(patrol(45.0, 4), 0.0);
    }

    #[test]
    fn a_certification_is_grave_after_its_last_day_and_half_within_fourteen_days() {
        let held = |expires| Evidence::Certification {
            certificates: vec![Certificate { name: "First aid".into(), expires_on: day(expires) }],
            on: day(10),
        };
        check(held(9), 1.0);
        check(held(10), 0.5);
        check(held(24), 0.5);
        check(held(25), 0.0);
    }

    #[test]
    fn praise_starts_at_ten_points() {
        check(Evidence::Rise { now: 79.9, before: 70.0 }, 0.0);
        check(Evidence::Rise { now: 80.0, before: 70.0 }, 0.5);
        check(Evidence::Rise { now: 95.0, before: 70.0 }, 1.0);
    }

    #[test]
    fn a_signal_survives_storage() {
        let signal = Signal::of(Evidence::NoShow { days: vec![day(3)], scheduled: 18 }).unwrap();
        let text = serde_json::to_string(&signal).unwrap();
        assert_eq!(text, r#"{"severity":0.6,"signal":"no_show","days":["2026-03-03"],"scheduled":18}"#);
        assert_eq!(serde_json::from_str::<Signal>(&text).unwrap(), signal);
    }

    proptest! {
        #[test]
        fn a_severity_lies_between_nothing_and_one(now in 0.0..100.0f64, before in 0.0..100.0f64, hit in 0i64..50, more in 0i64..50) {
            for evidence in [
                Evidence::BpiDrop { now, before },
                Evidence::Rise { now, before },
                Evidence::Sla { what: "tasks".into(), kept: Kept { hit, of: hit + more } },
                Evidence::UnderCohort { bpi: now, shrunk: now, shifts: hit, p25: before, p5: before - 1.0, cohort: String::new(), workers: 9 },
            ] {
                prop_assert!((0.0..=1.0).contains(&evidence.severity()));
            }
        }
    }
}
