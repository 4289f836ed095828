//! How near a KPI is to its target, and how near all of them are together (spec 3.6).

use serde::{Deserialize, Serialize};

use super::kpi::{Better, Kpi};
use super::state::State;
use super::target::Target;
use super::trend::Fraction;

/// How near a value is to its target: 0–100, on target and beyond it 100.
///
/// More is better: 100·min(1, value / target), below nought 0. Less is better: 100·min(1, target / value), and at nought 100.
///
/// ```
/// use muster::alignment::{Better, score};
/// assert_eq!(score(0.20, 0.25, Better::Higher), 80.0);
/// assert_eq!(score(0.10, 0.05, Better::Lower), 50.0);
/// assert_eq!(score(0.05, 0.05, Better::Lower), 100.0);
/// ```
#[must_use]
pub fn score(value: f64, target: f64, better: Better) -> f64 {
    let share = match better {
        Better::Higher => value / target,
        Better::Lower if value <= 0.0 => 1.0,
        Better::Lower => target / value,
    };
    if share.is_nan() { 0.0 } else { 100.0 * share.clamp(0.0, 1.0) }
}

/// Σ weight·score / Σ weight over what has a score: what has none leaves the others re-weighted. `None`: nothing has one.
#[must_use]
pub fn alignment(scores: impl IntoIterator<Item = (f64, Option<f64>)>) -> Option<f64> {
    let known = scores.into_iter().filter_map(|(weight, score)| Some((weight, score?)));
    let (sum, weights) =
        known.fold((0.0, 0.0), |(sum, weights), (weight, score)| (sum + weight * score, weights + weight));
    (weights > 0.0).then(|| sum / weights)
}

/// What an alignment score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// 80 and more.
    OnTrack,
    /// 50 and more.
    AtRisk,
    /// Less.
    OffTrack,
}

impl Band {
    /// The band of a score, which is rounded to 1e-9 first: 79.99 is at risk.
    #[must_use]
    pub fn of(score: f64) -> Self {
        match (score * 1e9).round() / 1e9 {
            score if score >= 80.0 => Self::OnTrack,
            score if score >= 50.0 => Self::AtRisk,
            _ => Self::OffTrack,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OnTrack => "on track",
            Self::AtRisk => "at risk",
            Self::OffTrack => "off track",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::OnTrack => "●",
            Self::AtRisk => "▲",
            Self::OffTrack => "■",
        }
    }

    /// Its name in a style sheet: `light-…`.
    #[must_use]
    pub fn look(self) -> &'static str {
        match self {
            Self::OnTrack => "on",
            Self::AtRisk => "watch",
            Self::OffTrack => "off",
        }
    }
}

/// A KPI as it stands on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Which.
    pub kpi: Kpi,
    /// What is asked of it.
    pub target: Target,
    /// Whether the organization has set that for itself.
    pub is_own_target: bool,
    /// What it is made of; `None`: nothing to judge.
    pub fraction: Option<Fraction>,
    /// Why there is nothing to judge.
    pub missing: Option<String>,
}

impl Standing {
    /// Its value in its own unit: a share is 0–1.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.fraction.and_then(Fraction::value)
    }

    /// How near it is to its target: 0–100.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.value().map(|value| score(value, self.target.target, self.kpi.better()))
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> State {
        State::of(self.value(), &self.target, self.kpi.better())
    }

    /// The value less the target.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        self.value().map(|value| value - self.target.target)
    }

    /// Whether it is on its target or beyond; `None`: nothing to judge.
    #[must_use]
    pub fn is_on_target(&self) -> Option<bool> {
        self.gap().map(|gap| match self.kpi.better() {
            Better::Higher => gap >= 0.0,
            Better::Lower => gap <= 0.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::alignment::Set;

    fn standing(kpi: Kpi, value: Option<f64>) -> Standing {
        let fraction = value.map(|numerator| Fraction { numerator, denominator: 1.0 });
        Standing { kpi, target: kpi.default_target(), is_own_target: false, fraction, missing: None }
    }

    fn of(values: &[(Kpi, Option<f64>)]) -> Option<f64> {
        alignment(values.iter().map(|(kpi, value)| (kpi.default_target().weight, standing(*kpi, *value).score())))
    }

    /// All eight by hand:
    ///
    /// | KPI | value | score | weight | |
    /// |---|---|---|---|---|
    /// | D7 retention | 20 % of 25 % | 80 | 20 | 1600 |
    /// | activation | 40 % of 40 % | 100 | 15 | 1500 |
    /// | D30 retention | 9 % of 15 % | 60 | 15 | 900 |
    /// | LTV : CAC | 5 of 4 | 100 | 15 | 1500 |
    /// | conversion | 30 % of 40 % | 75 | 10 | 750 |
    /// | growth | −2 % of 15 % | 0 | 10 | 0 |
    /// | churn | 8 % of 5 % | 62.5 | 10 | 625 |
    /// | viral | 0.35 of 0.5 | 70 | 5 | 350 |
    const BY_HAND: [(Kpi, Option<f64>); 8] = [
        (Kpi::D7Retention, Some(0.20)),
        (Kpi::Activation, Some(0.40)),
        (Kpi::D30Retention, Some(0.09)),
        (Kpi::LtvToCac, Some(5.0)),
        (Kpi::Conversion, Some(0.30)),
        (Kpi::Growth, Some(-0.02)),
        (Kpi::Churn, Some(0.08)),
        (Kpi::Viral, Some(0.35)),
    ];

    #[test]
    fn all_eight_by_hand() {
        let score = of(&BY_HAND).unwrap();
        assert!((score - 72.25).abs() < 1e-9, "7,225 of 100: {score}");
        assert_eq!(Band::of(score), Band::AtRisk);
    }

    #[test]
    fn what_is_missing_leaves_the_others_re_weighted() {
        let mut values = BY_HAND;
        values[5].1 = None;
        // 7,225 of the 90 that are left.
        assert!((of(&values).unwrap() - 7_225.0 / 90.0).abs() < 1e-9);
        assert_eq!(Band::of(of(&values).unwrap()), Band::OnTrack, "growth that is not known does not pull down");
    }

    #[test]
    fn nothing_known_is_no_score_and_not_nought() {
        assert_eq!(of(&BY_HAND.map(|(kpi, _)| (kpi, None))), None);
        assert_eq!(alignment([(0.0, Some(80.0))]), None, "what has no weight does not count");
    }

    #[test]
    fn lower_is_better_exactly_on_target_is_a_hundred() {
        let check = |value, expected| assert_eq!(standing(Kpi::Churn, Some(value)).score(), Some(expected), "{value}");
        check(0.05, 100.0);
        check(0.0, 100.0);
        check(0.02, 100.0);
        check(0.10, 50.0);
        check(0.20, 25.0);
    }

    #[test]
    fn beyond_the_target_is_no_more_than_a_hundred_and_shrinking_no_less_than_nought() {
        assert_eq!(standing(Kpi::Growth, Some(-0.5)).score(), Some(0.0));
        assert_eq!(standing(Kpi::Growth, Some(0.9)).score(), Some(100.0));
        assert_eq!(standing(Kpi::Growth, None).score(), None);
    }

    #[test]
    fn bands_are_half_open() {
        let check = |score, expected| assert_eq!(Band::of(score), expected, "{score}");
        check(100.0, Band::OnTrack);
        check(80.0, Band::OnTrack);
        check(79.999_999_999_99, Band::OnTrack);
        check(79.99, Band::AtRisk);
        check(50.0, Band::AtRisk);
        check(49.99, Band::OffTrack);
        check(0.0, Band::OffTrack);
    }

    #[test]
    fn the_weights_of_a_set_are_a_hundred() {
        for set in [Set::Product, Set::Workforce] {
            let sum: f64 = set.kpis().map(|kpi| kpi.default_target().weight).sum();
            assert!((sum - 100.0).abs() < 1e-9, "{set:?}: {sum}");
        }
    }

    #[test]
    fn on_target_is_told_apart_from_fine() {
        let it = standing(Kpi::D7Retention, Some(0.22));
        assert_eq!((it.state(), it.is_on_target()), (State::Fine, Some(false)));
        assert_eq!(standing(Kpi::Churn, Some(0.05)).is_on_target(), Some(true));
    }

    fn any_better() -> impl Strategy<Value = Better> {
        prop_oneof![Just(Better::Higher), Just(Better::Lower)]
    }

    proptest! {
        #[test]
        fn a_score_is_between_nought_and_a_hundred(value in -1e6..1e6_f64, target in 1e-6..1e6_f64, better in any_better()) {
            prop_assert!((0.0..=100.0).contains(&score(value, target, better)));
        }

        #[test]
        fn on_target_is_a_hundred_either_way(target in 1e-6..1e6_f64, better in any_better()) {
            prop_assert_eq!(score(target, target, better), 100.0);
        }

        #[test]
        fn better_never_scores_less(a in -10.0..10.0_f64, b in -10.0..10.0_f64, target in 0.01..10.0_f64) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(score(low, target, Better::Higher) <= score(high, target, Better::Higher));
            prop_assert!(score(low, target, Better::Lower) >= score(high, target, Better::Lower));
        }

        #[test]
        fn the_whole_lies_between_its_parts(parts in prop::collection::vec((0.1..40.0_f64, prop::option::of(0.0..100.0_f64)), 1..12)) {
            let known: Vec<f64> = parts.iter().filter_map(|(_, score)| *score).collect();
            match alignment(parts) {
                None => prop_assert!(known.is_empty()),
                Some(whole) => {
                    let (low, high) = (known.iter().copied().fold(f64::MAX, f64::min), known.iter().copied().fold(0.0, f64::max));
                    prop_assert!(whole >= low - 1e-9 && whole <= high + 1e-9);
                }
            }
        }
    }
}
