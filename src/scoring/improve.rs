//! What would move it: the parts whose improvement to the cohort's upper quartile is worth most points.

use serde::{Deserialize, Serialize};

use super::Part;
use super::judge::Judgement;
use super::part::Raw;

/// How many are shown.
const MOST: usize = 3;
/// Points below which an improvement is not worth a person's attention.
const WORTH_SAYING: f64 = 0.05;

/// One improvement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Improvement {
    /// Which part.
    pub part: Part,
    /// Its score now, 0–100.
    pub score: f64,
    /// The cohort's 75th percentile of it, 0–100.
    pub target: f64,
    /// Points of the BPI gained by reaching it, all else the same.
    pub gain: f64,
    /// What the score rests on now.
    pub raw: Raw,
}

/// For each part a worker can influence: the points gained by reaching `p75(part)`; the three largest, largest first.
pub fn what_would_move_it(judgement: &Judgement, p75: impl Fn(Part) -> Option<f64>) -> Vec<Improvement> {
    if judgement.bpi().is_none() {
        return Vec::new();
    }
    let mut improvements: Vec<Improvement> = judgement
        .components
        .iter()
        .flat_map(|component| {
            let counted: f64 = component.parts.iter().map(|part| part.weight).sum();
            let per_point = if component.score > 0.0 {
                component.contribution / component.score
            } else {
                share_of(judgement, component.weight)
            };
            component.parts.iter().map(move |part| (part, part.weight / counted * per_point))
        })
        .filter(|(part, _)| part.part.can_be_influenced())
        .filter_map(|(part, per_point)| {
            let target = p75(part.part)?;
            let gain = per_point * (target - part.score);
            (gain >= WORTH_SAYING).then_some(Improvement {
                part: part.part,
                score: part.score,
                target,
                gain,
                raw: part.raw,
            })
        })
        .collect();
    improvements.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.part.cmp(&b.part)));
    improvements.truncate(MOST);
    improvements
}

fn share_of(judgement: &Judgement, weight: f64) -> f64 {
    weight / judgement.components.iter().map(|component| component.weight).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Sums;
    use crate::scoring::judge::tests::any_window;
    use crate::scoring::{Policy, Window, judge};
    use proptest::prelude::*;

    #[test]
    fn the_worked_example() {
        // Attendance alone: weights 35 + 30 + 15 + 10 = 90 (no geofence). On time 6 of 10 → p75 90: 30/90 · 30 = 10 points.
        // Attended 10 of 10 is above its p75; lateness 12 minutes a shift (60) → p75 75: 10/90 · 15 = 1.667 points.
        let sums = Sums { scheduled: 10, attended: 10, on_time: 6, late_minutes: 120, ..Sums::default() };
        let judgement = judge(&Window { sums, ..Window::default() }, &Policy::default());
        let p75 = |part| match part {
            Part::OnTime => Some(90.0),
            Part::Lateness => Some(75.0),
            Part::AttendanceRate => Some(98.0),
            _ => None,
        };
        let gains: Vec<_> = what_would_move_it(&judgement, p75)
            .iter()
            .map(|it| (it.part, (it.gain * 1000.0).round() / 1000.0))
            .collect();
        assert_eq!(gains, [(Part::OnTime, 10.0), (Part::Lateness, 1.667)]);
    }

    proptest! {
        #[test]
        fn at_most_three_and_largest_first(window in any_window(), p75 in 0.0..100.0f64) {
            let judgement = judge(&window, &Policy::default());
            let improvements = what_would_move_it(&judgement, |_| Some(p75));
            prop_assert!(improvements.len() <= 3);
            prop_assert!(improvements.windows(2).all(|pair| pair[0].gain >= pair[1].gain));
            prop_assert!(improvements.iter().all(|it| it.gain > 0.0 && it.part.can_be_influenced()));
        }
    }
}
