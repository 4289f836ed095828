//! The judgement of a window: parts, components, BPI, and when there is none.

use serde::{Deserialize, Serialize};

use super::part::{Measure, Raw};
use super::{Band, Component, Part, Policy, Window};

/// Fewer scheduled shifts (or what stands in for them) than this, and there is no BPI.
pub const ENOUGH: i64 = 5;

/// A part that was there to judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartScore {
    /// Which part.
    pub part: Part,
    /// 0–100.
    pub score: f64,
    /// Its weight within the component, as the policy says.
    pub weight: f64,
    /// Its points of the BPI; a component's parts add up to the component's.
    pub contribution: f64,
    /// What it rests on.
    pub raw: Raw,
}

/// A component that had at least one part to judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentScore {
    /// Which component.
    pub component: Component,
    /// 0–100.
    pub score: f64,
    /// Its weight, as the policy says.
    pub weight: f64,
    /// Its points of the BPI: all contributions add up to the BPI.
    pub contribution: f64,
    /// What it is made of.
    pub parts: Vec<PartScore>,
}

/// Whether there is a BPI, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// There is one.
    Bpi {
        /// 0–100, rounded to 1e-9.
        bpi: f64,
        /// The band it is in.
        band: Band,
    },
    /// There is work, but not enough of it to judge fairly.
    TooFew {
        /// How much there is.
        have: i64,
        /// How much is needed.
        need: i64,
    },
    /// There is nothing that any part could judge.
    NothingToJudge,
}

/// A judged window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether there is a BPI.
    pub verdict: Verdict,
    /// The components it rests on, in order. Without a BPI these are what there is so far.
    pub components: Vec<ComponentScore>,
}

/// To 1e-9, so that noise of the last digits decides no band.
#[must_use]
pub fn rounded(score: f64) -> f64 {
    (score * 1e9).round() / 1e9
}

/// Judges a window: BPI = Σ wᵢsᵢ / Σ wᵢ over the components that are there, likewise parts within (spec 3.1).
///
/// A part without a denominator drops out and its weight is shared among the rest of its component; a component without
/// any part drops out likewise.
#[must_use]
pub fn judge(window: &Window, policy: &Policy) -> Judgement {
    let mut components: Vec<ComponentScore> =
        Component::ALL.iter().filter_map(|component| judge_component(*component, window, policy)).collect();
    let total: f64 = components.iter().map(|component| component.weight).sum();
    for component in &mut components {
        let factor = component.weight / total;
        component.contribution = component.score * factor;
        for part in &mut component.parts {
            part.contribution *= factor;
        }
    }
    let verdict = if window.size() == 0 && components.is_empty() {
        Verdict::NothingToJudge
    } else if window.size() < ENOUGH {
        Verdict::TooFew { have: window.size(), need: ENOUGH }
    } else if components.is_empty() {
        Verdict::NothingToJudge
    } else {
        let bpi = rounded(components.iter().map(|component| component.contribution).sum());
        Verdict::Bpi { bpi, band: Band::of(bpi) }
    };
    Judgement { verdict, components }
}

fn judge_component(component: Component, window: &Window, policy: &Policy) -> Option<ComponentScore> {
    let weight = policy.of(component);
    if weight <= 0.0 {
        return None;
    }
    let measured: Vec<(Part, f64, Measure)> = component
        .parts()
        .iter()
        .filter_map(|part| Some((*part, policy.within(*part), part.measure(window)?)))
        .collect();
    let total: f64 = measured.iter().map(|(_, weight, _)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let parts: Vec<PartScore> = measured
        .into_iter()
        .map(|(part, weight, Measure { score, raw })| PartScore {
            part,
            score,
            weight,
            contribution: score * weight / total,
            raw,
        })
        .collect();
    let score = parts.iter().map(|part| part.contribution).sum();
    Some(ComponentScore { component, score, weight, contribution: 0.0, parts })
}

impl Judgement {
    /// The BPI, if there is one.
    #[must_use]
    pub fn bpi(&self) -> Option<f64> {
        match self.verdict {
            Verdict::Bpi { bpi, .. } => Some(bpi),
            _ => None,
        }
    }

    /// One component, if it is there.
    #[must_use]
    pub fn component(&self, component: Component) -> Option<&ComponentScore> {
        self.components.iter().find(|score| score.component == component)
    }

    /// One part, if it is there.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<&PartScore> {
        self.component(part.component())?.parts.iter().find(|score| score.part == part)
    }

    /// The components there was nothing to judge for.
    pub fn missing(&self) -> impl Iterator<Item = Component> {
        Component::ALL.iter().copied().filter(|component| self.component(*component).is_none())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::metrics::Sums;
    use crate::scoring::window::Safety;
    use proptest::prelude::*;

    /// A window of plausible sums: no numerator exceeds its denominator, any denominator may be 0.
    pub fn any_window() -> impl Strategy<Value = Window> {
        (proptest::collection::vec((0..60i64, 0.0..=1.0f64), 20), 0..4i64).prop_map(|(draws, attributable)| {
            let n = |i: usize| draws[i].0;
            let part = |i: usize, of: i64| (draws[i].1 * of as f64).floor() as i64;
            let attended = part(0, n(0));
            let visited = part(6, n(6));
            let closed = n(9);
            let judged = part(10, closed);
            let sums = Sums {
                scheduled: n(0),
                attended,
                on_time: part(1, attended),
                ncns: part(2, n(0) - attended),
                late_minutes: n(2),
                geofence_checked: attended,
                geofence_inside: part(3, attended),
                tasks_due: n(3),
                tasks_completed: part(4, n(3)),
                tasks_sla_judged: part(4, n(3)),
                tasks_sla_hit: part(5, part(4, n(3))),
                tasks_checked: n(4),
                tasks_passed_first: part(7, n(4)),
                tasks_quality_n: n(5),
                tasks_quality_sum: part(8, 100 * n(5)),
                tours_planned: n(7),
                tours_completed: part(11, n(7)),
                checkpoints_planned: n(6),
                checkpoints_visited: visited,
                checkpoints_on_time: part(12, visited),
                incidents_found: n(8) / 20,
                orders_closed: closed,
                orders_sla_judged: judged,
                orders_sla_hit: part(13, judged),
                orders_timed: judged,
                orders_time_score: part(14, judged * 1_000_000),
                orders_rated: n(11),
                orders_rating_sum: n(11) + part(15, 4 * n(11)),
                certs_required: n(12),
                certs_current: part(16, n(12)),
                trainings_required: n(13),
                trainings_complete: part(17, n(13)),
                ..Sums::default()
            };
            Window { sums, safety: Safety { attended, attributable }, records_shifts: true }
        })
    }

    fn attendance(rate: (i64, i64)) -> Sums {
        Sums { scheduled: rate.1, attended: rate.0, on_time: rate.0, ..Sums::default() }
    }

    #[test]
    fn the_worked_example() {
        // Attendance: 9 of 10 attended (90), 9 of 9 on time (100), no no-show (100), 0 late minutes (100), no geofence:
        //   (35·90 + 30·100 + 15·100 + 10·100) / 90 = 8650 / 90 = 96.111…
        // Tasks: 8 of 10 completed (80), 8 of 8 in time (100): (30·80 + 30·100) / 60 = 90
        // BPI = (30·96.111… + 25·90) / 55 = 93.3333…
        let sums =
            Sums { tasks_due: 10, tasks_completed: 8, tasks_sla_judged: 8, tasks_sla_hit: 8, ..attendance((9, 10)) };
        let judgement = judge(&Window { sums, ..Window::default() }, &Policy::default());
        let of = |component| judgement.component(component).unwrap();
        assert!((of(Component::Attendance).score - 8650.0 / 90.0).abs() < 1e-9);
        assert!((of(Component::Tasks).score - 90.0).abs() < 1e-9);
        let bpi = judgement.bpi().unwrap();
        assert!((bpi - (30.0 * 8650.0 / 90.0 + 25.0 * 90.0) / 55.0).abs() < 1e-9);
        assert_eq!(judgement.verdict, Verdict::Bpi { bpi, band: Band::Exceptional });
        assert_eq!(judgement.missing().collect::<Vec<_>>(), [Component::Patrol, Component::Service, Component::Safety]);
    }

    #[test]
    fn an_all_80_worker_without_patrols_gets_80_and_not_52() {
        let sums = Sums {
            scheduled: 100,
            attended: 80,
            on_time: 64,
            ncns: 4,
            late_minutes: 480,
            geofence_checked: 10,
            geofence_inside: 8,
            tasks_due: 10,
            tasks_completed: 8,
            orders_sla_judged: 10,
            orders_sla_hit: 8,
            certs_required: 10,
            certs_current: 8,
            ..Sums::default()
        };
        let judgement = judge(&Window { sums, ..Window::default() }, &Policy::default());
        assert!((judgement.bpi().unwrap() - 80.0).abs() < 1e-9);
    }

    #[test]
    fn four_shifts_are_not_enough_and_five_are() {
        let verdict =
            |of| judge(&Window { sums: attendance((of, of)), ..Window::default() }, &Policy::default()).verdict;
        assert_eq!(verdict(3), Verdict::TooFew { have: 3, need: 5 });
        assert_eq!(verdict(4), Verdict::TooFew { have: 4, need: 5 });
        assert!(matches!(verdict(5), Verdict::Bpi { .. }));
    }

    #[test]
    fn where_no_shifts_are_recorded_other_work_stands_in() {
        let sums = Sums { orders_closed: 5, orders_sla_judged: 4, orders_sla_hit: 3, ..Sums::default() };
        let crew = Window { sums, records_shifts: false, ..Window::default() };
        assert_eq!(judge(&crew, &Policy::default()).bpi(), Some(75.0));
        let same_where_shifts_are_recorded = Window { records_shifts: true, ..crew };
        assert_eq!(
            judge(&same_where_shifts_are_recorded, &Policy::default()).verdict,
            Verdict::TooFew { have: 0, need: 5 }
        );
    }

    #[test]
    fn work_that_no_part_can_judge_is_nothing_to_judge() {
        let sums = Sums { orders_closed: 40, ..Sums::default() };
        let crew = Window { sums, records_shifts: false, ..Window::default() };
        assert_eq!(judge(&crew, &Policy::default()).verdict, Verdict::NothingToJudge);
    }

    #[test]
    fn declining_overtime_costs_nothing_and_is_shown() {
        let sums = Sums { overtime_offered: 4, overtime_accepted: 0, ..attendance((10, 10)) };
        let judgement = judge(&Window { sums, ..Window::default() }, &Policy::default());
        assert_eq!(judgement.bpi(), Some(100.0));
        assert_eq!(judgement.part(Part::OvertimeAcceptance).unwrap().contribution, 0.0);
    }

    proptest! {
        #[test]
        fn contributions_add_up_to_the_bpi(window in any_window()) {
            let judgement = judge(&window, &Policy::default());
            if let Some(bpi) = judgement.bpi() {
                let components: f64 = judgement.components.iter().map(|component| component.contribution).sum();
                let parts: f64 = judgement.components.iter().flat_map(|component| &component.parts).map(|part| part.contribution).sum();
                prop_assert!((components - bpi).abs() < 1e-9 && (parts - bpi).abs() < 1e-9);
                prop_assert!((0.0..=100.0).contains(&bpi));
            }
        }
    }
}
