//! What to do first: the KPIs off their target, by how much they weigh and how badly they stand (spec 3.6).

use serde::Serialize;

use super::kpi::Kpi;
use super::score::Standing;
use super::state::State;

/// A KPI off its target, with what helps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// Which.
    pub kpi: Kpi,
    /// How it stands.
    pub state: State,
    /// How near it is to its target: 0–100.
    pub score: f64,
    /// Weight × (100 − score) × severity.
    pub urgency: f64,
    /// What helps.
    pub advice: &'static str,
}

/// The KPIs off their target, the most urgent first; equals in the order of the catalogue. What has no value is no action.
#[must_use]
pub fn actions(standings: &[Standing]) -> Vec<Action> {
    let off = standings.iter().filter(|standing| standing.is_on_target() == Some(false));
    let mut actions: Vec<Action> = off
        .filter_map(|standing| {
            let (score, state) = (standing.score()?, standing.state());
            let urgency = standing.target.weight * (100.0 - score) * state.severity();
            Some(Action { kpi: standing.kpi, state, score, urgency, advice: standing.kpi.advice() })
        })
        .collect();
    actions.sort_by(|a, b| b.urgency.total_cmp(&a.urgency).then(a.kpi.cmp(&b.kpi)));
    actions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Fraction;

    fn standing(kpi: Kpi, value: Option<f64>) -> Standing {
        let fraction = value.map(|numerator| Fraction { numerator, denominator: 1.0 });
        Standing { kpi, target: kpi.default_target(), is_own_target: false, fraction, missing: None }
    }

    #[test]
    fn by_weight_distance_and_severity() {
        let actions = actions(&[
            // 20 × 20 × 1: exactly on the warning is not beyond it.
            standing(Kpi::D7Retention, Some(0.20)),
            standing(Kpi::Activation, Some(0.40)),
            // 15 × 40 × 2.
            standing(Kpi::D30Retention, Some(0.09)),
            // 10 × 100 × 3.
            standing(Kpi::Growth, Some(-0.02)),
            // 10 × 37.5 × 2.
            standing(Kpi::Churn, Some(0.08)),
            standing(Kpi::Viral, None),
        ]);
        let found: Vec<(Kpi, i64)> = actions.iter().map(|it| (it.kpi, it.urgency.round() as i64)).collect();
        assert_eq!(
            found,
            [(Kpi::Growth, 3_000), (Kpi::D30Retention, 1_200), (Kpi::Churn, 750), (Kpi::D7Retention, 400)]
        );
        assert_eq!(actions[0].advice, Kpi::Growth.advice());
    }

    #[test]
    fn all_on_target_leaves_nothing_to_do() {
        assert!(actions(&[standing(Kpi::Churn, Some(0.05)), standing(Kpi::Activation, Some(0.5))]).is_empty());
    }

    #[test]
    fn equals_keep_the_order_of_the_catalogue() {
        let it = actions(&[standing(Kpi::FillRate, Some(0.0)), standing(Kpi::Attendance, Some(0.0))]);
        assert_eq!(it.iter().map(|it| it.kpi).collect::<Vec<_>>(), [Kpi::Attendance, Kpi::FillRate]);
    }
}
