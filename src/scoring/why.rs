//! Why it moved: the change of the BPI between two windows, split exactly.

use serde::{Deserialize, Serialize};

use super::judge::{ComponentScore, Judgement};
use super::{Component, Part};

/// What a line speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause<T> {
    /// A component or part whose score changed.
    Of(T),
    /// Which components (or parts) count changed.
    Set,
}

/// A line of the explanation within a component.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PartLine {
    /// Which part, or that the set of parts changed.
    pub cause: Cause<Part>,
    /// Points of the BPI.
    pub delta: f64,
    /// The part's score before and after, if it counts in both.
    pub scores: Option<(f64, f64)>,
}

/// A line of the explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Which component, or that the set of components changed.
    pub cause: Cause<Component>,
    /// Points of the BPI. All lines add up to the change.
    pub delta: f64,
    /// The component's score before and after, if it counts in both.
    pub scores: Option<(f64, f64)>,
    /// The same within the component; they add up to `delta`.
    pub parts: Vec<PartLine>,
}

/// The change and its lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// BPI now minus BPI then.
    pub delta: f64,
    /// Its lines: one per shared component, and one if the set of components changed.
    pub lines: Vec<Line>,
}

/// Splits the change from `before` to `after`, both judged by one policy; `None` unless both have a BPI.
///
/// Both windows are renormalised over the components they share: each contributes w/Σw · (score change). What remains,
/// by exact subtraction, is the set line (spec 3.1). Parts likewise within each component.
#[must_use]
pub fn why_it_moved(before: &Judgement, after: &Judgement) -> Option<Why> {
    before.bpi().and(after.bpi())?;
    // Unrounded, so that the lines add up to it to the last digits.
    let sum = |judgement: &Judgement| judgement.components.iter().map(|component| component.contribution).sum::<f64>();
    let shared: Vec<(&ComponentScore, &ComponentScore)> =
        after.components.iter().filter_map(|now| Some((before.component(now.component)?, now))).collect();
    let weight: f64 = shared.iter().map(|(_, now)| now.weight).sum();
    let mut lines: Vec<Line> = shared
        .iter()
        .map(|(then, now)| {
            let factor = now.weight / weight;
            let delta = factor * (now.score - then.score);
            Line {
                cause: Cause::Of(now.component),
                delta,
                scores: Some((then.score, now.score)),
                parts: part_lines(then, now, factor, delta),
            }
        })
        .collect();
    let delta = sum(after) - sum(before);
    if before.components.len() != shared.len() || after.components.len() != shared.len() {
        let explained: f64 = lines.iter().map(|line| line.delta).sum();
        lines.push(Line { cause: Cause::Set, delta: delta - explained, scores: None, parts: Vec::new() });
    }
    Some(Why { delta, lines })
}

fn part_lines(then: &ComponentScore, now: &ComponentScore, factor: f64, delta: f64) -> Vec<PartLine> {
    let counts = |component: &ComponentScore| component.parts.iter().filter(|part| part.weight > 0.0).count();
    let shared: Vec<_> = now
        .parts
        .iter()
        .filter(|part| part.weight > 0.0)
        .filter_map(|part| Some((then.parts.iter().find(|old| old.part == part.part)?, part)))
        .collect();
    let weight: f64 = shared.iter().map(|(_, part)| part.weight).sum();
    let mut lines: Vec<PartLine> = shared
        .iter()
        .map(|(old, part)| PartLine {
            cause: Cause::Of(part.part),
            delta: factor * part.weight / weight * (part.score - old.score),
            scores: Some((old.score, part.score)),
        })
        .collect();
    if counts(then) != shared.len() || counts(now) != shared.len() {
        let explained: f64 = lines.iter().map(|line| line.delta).sum();
        lines.push(PartLine { cause: Cause::Set, delta: delta - explained, scores: None });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::judge::tests::any_window;
    use super::super::{Band, Policy, Verdict, Window, judge};
    use super::*;
    use crate::metrics::Sums;
    use proptest::prelude::*;

    fn judged(scores: &[(Component, f64)]) -> Judgement {
        let policy = Policy::default();
        let total: f64 = scores.iter().map(|(component, _)| policy.of(*component)).sum();
        let components: Vec<ComponentScore> = scores
            .iter()
            .map(|(component, score)| ComponentScore {
                component: *component,
                score: *score,
                weight: policy.of(*component),
                contribution: score * policy.of(*component) / total,
                parts: Vec::new(),
            })
            .collect();
        let bpi = components.iter().map(|component| component.contribution).sum();
        Judgement { verdict: Verdict::Bpi { bpi, band: Band::of(bpi) }, components }
    }

    #[test]
    fn the_worked_example_of_the_specification() {
        let before = judged(&[(Component::Attendance, 80.0), (Component::Tasks, 60.0)]);
        let after = judged(&[(Component::Attendance, 90.0), (Component::Tasks, 60.0), (Component::Patrol, 40.0)]);
        let why = why_it_moved(&before, &after).unwrap();
        let lines: Vec<_> = why.lines.iter().map(|line| (line.cause, (line.delta * 1000.0).round() / 1000.0)).collect();
        assert_eq!(
            lines,
            [(Cause::Of(Component::Attendance), 5.455), (Cause::Of(Component::Tasks), 0.0), (Cause::Set, -9.697)]
        );
        assert!((why.delta - (66.666_666_667 - 70.909_090_909)).abs() < 1e-8);
    }

    #[test]
    fn a_part_that_appears_is_the_set_line_of_its_component() {
        let window = |sums| Window { sums, ..Window::default() };
        let shifts = Sums { scheduled: 10, attended: 10, on_time: 10, ..Sums::default() };
        let before = judge(&window(shifts), &Policy::default());
        let after = judge(&window(Sums { geofence_checked: 10, geofence_inside: 0, ..shifts }), &Policy::default());
        let why = why_it_moved(&before, &after).unwrap();
        let set = why.lines[0].parts.iter().find(|line| line.cause == Cause::Set).unwrap();
        assert!((set.delta - -10.0).abs() < 1e-9); // 100 → (90·100 + 10·0) / 100
    }

    #[test]
    fn without_a_bpi_on_both_sides_there_is_no_why() {
        let nothing = judge(&Window::default(), &Policy::default());
        let something = judged(&[(Component::Attendance, 80.0)]);
        assert_eq!(why_it_moved(&nothing, &something), None);
    }

    proptest! {
        #[test]
        fn the_lines_add_up_to_the_change(before in any_window(), after in any_window()) {
            let (before, after) = (judge(&before, &Policy::default()), judge(&after, &Policy::default()));
            if let Some(why) = why_it_moved(&before, &after) {
                prop_assert!((why.delta - (after.bpi().unwrap() - before.bpi().unwrap())).abs() <= 1.001e-9);
                prop_assert!((why.lines.iter().map(|line| line.delta).sum::<f64>() - why.delta).abs() < 1e-9);
                for line in why.lines.iter().filter(|line| line.cause != Cause::Set) {
                    prop_assert!((line.parts.iter().map(|part| part.delta).sum::<f64>() - line.delta).abs() < 1e-9);
                }
            }
        }
    }
}
