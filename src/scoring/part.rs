//! The five components and their parts (spec 3.1): what each is worth, and how sums become 0–100.

use serde::{Deserialize, Serialize};

use super::window::Window;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the label says it")]
        pub enum $name { $($variant,)+ }

        impl $name {
            /// All, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in data, addresses and JSON.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Its name for people.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

words! {
    /// One of the five components of the BPI.
    Component {
        Attendance = "attendance", "Attendance & reliability";
        Tasks = "tasks", "Tasks & jobs";
        Patrol = "patrol", "Tours & patrol";
        Service = "service", "Work orders & service";
        Safety = "safety", "Compliance & safety";
    }
}

words! {
    /// One measured part of a component.
    Part {
        AttendanceRate = "attendance_rate", "Shifts attended";
        OnTime = "on_time", "Clocked in on time";
        NoShow = "no_show", "No absence without a call";
        Lateness = "lateness", "Few late minutes";
        Geofence = "geofence", "Clocked in on site";
        OvertimeAcceptance = "overtime_acceptance", "Overtime accepted";
        TaskCompletion = "task_completion", "Tasks completed";
        TaskSla = "task_sla", "Tasks done in time";
        FirstTimePass = "first_time_pass", "Right the first time";
        TaskQuality = "task_quality", "Task quality";
        Coverage = "coverage", "Checkpoints visited";
        TourCompletion = "tour_completion", "Tours completed";
        TourTiming = "tour_timing", "Checkpoints on time";
        Detection = "detection", "Incidents found on tour";
        OrderSla = "order_sla", "Work orders in time";
        ResolutionTime = "resolution_time", "Time to resolve";
        Satisfaction = "satisfaction", "Customer satisfaction";
        OrderQuality = "order_quality", "Work order quality";
        Certifications = "certifications", "Certifications current";
        Training = "training", "Training complete";
        Documentation = "documentation", "Incident reports well written";
        Incidents = "incidents", "Free of attributable incidents";
    }
}

impl Component {
    /// Its parts, in the order they are shown.
    #[must_use]
    pub fn parts(self) -> &'static [Part] {
        use Part::{
            AttendanceRate, Certifications, Coverage, Detection, Documentation, FirstTimePass, Geofence, Incidents,
            Lateness, NoShow, OnTime, OrderQuality, OrderSla, OvertimeAcceptance, ResolutionTime, Satisfaction,
            TaskCompletion, TaskQuality, TaskSla, TourCompletion, TourTiming, Training,
        };
        match self {
            Self::Attendance => &[AttendanceRate, OnTime, NoShow, Lateness, Geofence, OvertimeAcceptance],
            Self::Tasks => &[TaskCompletion, TaskSla, FirstTimePass, TaskQuality],
            Self::Patrol => &[Coverage, TourCompletion, TourTiming, Detection],
            Self::Service => &[OrderSla, ResolutionTime, Satisfaction, OrderQuality],
            Self::Safety => &[Certifications, Training, Documentation, Incidents],
        }
    }
}

/// What a part was measured on, so that a page can show the raw figure beside the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Raw {
    /// So many of so many.
    Share {
        /// How many did.
        hit: i64,
        /// Of how many.
        of: i64,
    },
    /// A sum over so many things: the mean is `sum / n`.
    Mean {
        /// The sum.
        sum: f64,
        /// Over how many.
        n: i64,
    },
    /// So many within the period.
    Count {
        /// How many.
        count: i64,
    },
}

/// A part with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// 0–100.
    pub score: f64,
    /// What it rests on.
    pub raw: Raw,
}

/// Millionths in a whole: the scale of `orders_time_score`.
const MILLION: f64 = 1e6;

impl Part {
    /// The component it belongs to.
    #[must_use]
    pub fn component(self) -> Component {
        Component::ALL.iter().copied().find(|component| component.parts().contains(&self)).unwrap_or(Component::Safety)
    }

    /// Whether a worker can do something about it in the coming weeks. What customers say, what was there to be found,
    /// and incidents that have happened, cannot be changed by trying; declining overtime is a right.
    #[must_use]
    pub fn can_be_influenced(self) -> bool {
        !matches!(self, Self::OvertimeAcceptance | Self::Satisfaction | Self::Detection | Self::Incidents)
    }

    /// The score of this part in a window; `None`: there was nothing to judge.
    #[must_use]
    pub fn measure(self, window: &Window) -> Option<Measure> {
        let s = &window.sums;
        match self {
            Self::AttendanceRate => share(s.attended, s.scheduled),
            Self::OnTime => share(s.on_time, s.attended),
            Self::NoShow => scored(share(s.ncns, s.scheduled)?, |rate| 1.0 - 5.0 * rate),
            Self::Lateness => mean(s.late_minutes as f64, s.attended, |minutes| 1.0 - minutes / 30.0),
            Self::Geofence => share(s.geofence_inside, s.geofence_checked),
            Self::OvertimeAcceptance => share(s.overtime_accepted, s.overtime_offered),
            Self::TaskCompletion => share(s.tasks_completed, s.tasks_due),
            Self::TaskSla => share(s.tasks_sla_hit, s.tasks_sla_judged),
            Self::FirstTimePass => share(s.tasks_passed_first, s.tasks_checked),
            Self::TaskQuality => mean(s.tasks_quality_sum as f64, s.tasks_quality_n, |quality| quality / 100.0),
            Self::Coverage => share(s.checkpoints_visited, s.checkpoints_planned),
            Self::TourCompletion => share(s.tours_completed, s.tours_planned),
            Self::TourTiming => share(s.checkpoints_on_time, s.checkpoints_visited),
            Self::Detection => share(s.incidents_found, s.incidents_found + s.incidents_missed),
            Self::OrderSla => share(s.orders_sla_hit, s.orders_sla_judged),
            Self::ResolutionTime => mean(s.orders_time_score as f64 / MILLION, s.orders_timed, |score| score),
            Self::Satisfaction => mean(s.orders_rating_sum as f64, s.orders_rated, |stars| (stars - 1.0) / 4.0),
            Self::OrderQuality => mean(s.orders_quality_sum as f64, s.orders_quality_n, |quality| quality / 100.0),
            Self::Certifications => share(s.certs_current, s.certs_required),
            Self::Training => share(s.trainings_complete, s.trainings_required),
            Self::Documentation => mean(s.documents_quality_sum as f64, s.documents_n, |quality| quality / 100.0),
            Self::Incidents => {
                let safety = window.safety;
                (safety.attended > 0).then(|| Measure {
                    score: (100.0 - 25.0 * safety.attributable as f64).max(0.0),
                    raw: Raw::Count { count: safety.attributable },
                })
            }
        }
    }
}

fn share(hit: i64, of: i64) -> Option<Measure> {
    (of > 0).then(|| Measure { score: to_score(hit as f64 / of as f64), raw: Raw::Share { hit, of } })
}

fn scored(measure: Measure, rule: impl Fn(f64) -> f64) -> Option<Measure> {
    Some(Measure { score: to_score(rule(measure.score / 100.0)), raw: measure.raw })
}

fn mean(sum: f64, n: i64, rule: impl Fn(f64) -> f64) -> Option<Measure> {
    (n > 0).then(|| Measure { score: to_score(rule(sum / n as f64)), raw: Raw::Mean { sum, n } })
}

fn to_score(unit: f64) -> f64 {
    100.0 * unit.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Sums;
    use crate::scoring::window::Safety;

    #[track_caller]
    fn check(part: Part, sums: Sums, expected: Option<f64>) {
        let window = Window { sums, ..Window::default() };
        let score = part.measure(&window).map(|measure| measure.score);
        match (score, expected) {
            (Some(score), Some(expected)) => {
                assert!((score - expected).abs() < 1e-9, "{part:?}: {score} is not {expected}")
            }
            (score, expected) => assert_eq!(score, expected, "{part:?}"),
        }
    }

    #[test]
    fn attendance_by_hand() {
        let sums = Sums {
            scheduled: 20,
            attended: 18,
            on_time: 15,
            ncns: 1,
            late_minutes: 54,
            geofence_checked: 16,
            geofence_inside: 12,
            ..Sums::default()
        };
        check(Part::AttendanceRate, sums, Some(90.0)); // 18 / 20
        check(Part::OnTime, sums, Some(15.0 / 18.0 * 100.0));
        check(Part::NoShow, sums, Some(75.0)); // 1 − 5 · 1/20
        check(Part::Lateness, sums, Some(90.0)); // 54 / 18 = 3 minutes; 1 − 3/30
        check(Part::Geofence, sums, Some(75.0)); // 12 / 16
        check(Part::OvertimeAcceptance, sums, None); // none offered
    }

    #[test]
    fn one_no_show_in_five_costs_the_whole_part() {
        check(Part::NoShow, Sums { scheduled: 5, ncns: 1, ..Sums::default() }, Some(0.0));
        check(Part::NoShow, Sums { scheduled: 5, ncns: 3, ..Sums::default() }, Some(0.0));
    }

    #[test]
    fn tasks_by_hand() {
        let sums = Sums {
            tasks_due: 10,
            tasks_completed: 9,
            tasks_sla_judged: 9,
            tasks_sla_hit: 6,
            tasks_checked: 4,
            tasks_passed_first: 3,
            tasks_quality_n: 3,
            tasks_quality_sum: 240,
            ..Sums::default()
        };
        check(Part::TaskCompletion, sums, Some(90.0));
        check(Part::TaskSla, sums, Some(6.0 / 9.0 * 100.0));
        check(Part::FirstTimePass, sums, Some(75.0));
        check(Part::TaskQuality, sums, Some(80.0));
    }

    #[test]
    fn patrol_by_hand() {
        let sums = Sums {
            tours_planned: 4,
            tours_completed: 3,
            checkpoints_planned: 20,
            checkpoints_visited: 18,
            checkpoints_on_time: 9,
            incidents_found: 3,
            incidents_missed: 1,
            ..Sums::default()
        };
        check(Part::Coverage, sums, Some(90.0));
        check(Part::TourCompletion, sums, Some(75.0));
        check(Part::TourTiming, sums, Some(50.0)); // of the visited, not of the planned
        check(Part::Detection, sums, Some(75.0));
    }

    #[test]
    fn service_by_hand() {
        // Three timed orders: half the target → 1, one and a half → 0.5, three times → 0. Mean 0.5.
        let sums = Sums {
            orders_sla_judged: 4,
            orders_sla_hit: 1,
            orders_timed: 3,
            orders_time_score: 1_500_000,
            orders_rated: 2,
            orders_rating_sum: 9,
            orders_quality_n: 1,
            orders_quality_sum: 70,
            ..Sums::default()
        };
        check(Part::OrderSla, sums, Some(25.0));
        check(Part::ResolutionTime, sums, Some(50.0));
        check(Part::Satisfaction, sums, Some(87.5)); // (4.5 − 1) / 4
        check(Part::OrderQuality, sums, Some(70.0));
    }

    #[test]
    fn compliance_by_hand() {
        let sums = Sums {
            certs_required: 56,
            certs_current: 42,
            trainings_required: 28,
            trainings_complete: 28,
            documents_n: 2,
            documents_quality_sum: 150,
            ..Sums::default()
        };
        check(Part::Certifications, sums, Some(75.0));
        check(Part::Training, sums, Some(100.0));
        check(Part::Documentation, sums, Some(75.0));
    }

    #[test]
    fn safety_looks_at_attributable_harm_and_needs_an_attended_shift() {
        let judged = |attended, attributable| {
            let window = Window { safety: Safety { attended, attributable }, ..Window::default() };
            Part::Incidents.measure(&window).map(|measure| measure.score)
        };
        assert_eq!(judged(0, 0), None);
        assert_eq!(judged(1, 0), Some(100.0));
        assert_eq!(judged(40, 2), Some(50.0));
        assert_eq!(judged(40, 9), Some(0.0));
    }

    #[test]
    fn nothing_to_judge_is_not_zero() {
        for part in Part::ALL {
            check(*part, Sums::default(), None);
        }
    }

    #[test]
    fn every_part_belongs_to_one_component() {
        for part in Part::ALL {
            assert_eq!(
                Component::ALL.iter().filter(|component| component.parts().contains(part)).count(),
                1,
                "{part:?}"
            );
        }
    }
}
