//! A straight line through log odds: ridge-regularised logistic regression.

use serde::{Deserialize, Serialize};

/// Steps after which the fit is taken as it is; Newton's method needs about six.
const MOST_STEPS: usize = 30;

/// The log odds are `intercept` plus the sum of coefficient × value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Logistic {
    /// Log odds where every value is 0.
    pub intercept: f64,
    /// One per feature.
    pub coefficients: Vec<f64>,
}

/// From log odds to a probability.
#[must_use]
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// From a probability to log odds.
#[must_use]
pub fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

impl Logistic {
    /// Fitted to features (one vector each, about unit size) by Newton's method, with `ridge`/2 · coefficient² as the
    /// price of each coefficient; the intercept is free.
    #[must_use]
    pub fn fitted(features: &[Vec<f64>], outcomes: &[bool], ridge: f64) -> Self {
        let n = outcomes.len();
        let hits = outcomes.iter().filter(|outcome| **outcome).count();
        let base = log_odds((hits as f64 + 0.5) / (n as f64 + 1.0));
        let mut model = Self { intercept: base, coefficients: vec![0.0; features.len()] };
        let mut loss = model.cost(&model.all_log_odds(features, n), outcomes, ridge);
        for _ in 0..MOST_STEPS {
            let Some(step) = model.newton_step(features, outcomes, ridge) else { break };
            let Some((better, cost)) = model.walked(&step, features, outcomes, ridge, loss) else { break };
            let gained = loss - cost;
            (model, loss) = (better, cost);
            if gained < 1e-9 * n as f64 {
                break;
            }
        }
        model
    }

    /// The log odds of one row.
    #[must_use]
    pub fn log_odds(&self, features: &[Vec<f64>], row: usize) -> f64 {
        self.intercept + self.coefficients.iter().zip(features).map(|(c, feature)| c * feature[row]).sum::<f64>()
    }

    fn all_log_odds(&self, features: &[Vec<f64>], rows: usize) -> Vec<f64> {
        let mut sums = vec![self.intercept; rows];
        for (coefficient, feature) in self.coefficients.iter().zip(features) {
            for (sum, value) in sums.iter_mut().zip(feature) {
                *sum += coefficient * value;
            }
        }
        sums
    }

    fn cost(&self, log_odds: &[f64], outcomes: &[bool], ridge: f64) -> f64 {
        // ln(1 + e^−z) without overflow, z signed by the outcome.
        let soft = |z: f64| if z > 0.0 { (-z).exp().ln_1p() } else { z.exp().ln_1p() - z };
        let fit: f64 = log_odds.iter().zip(outcomes).map(|(x, outcome)| soft(if *outcome { *x } else { -x })).sum();
        fit + ridge / 2.0 * self.coefficients.iter().map(|c| c * c).sum::<f64>()
    }

    /// The direction to the minimum of the local parabola; intercept last.
    fn newton_step(&self, features: &[Vec<f64>], outcomes: &[bool], ridge: f64) -> Option<Vec<f64>> {
        let p: Vec<f64> = self.all_log_odds(features, outcomes.len()).into_iter().map(logistic).collect();
        let weight: Vec<f64> = p.iter().map(|p| (p * (1.0 - p)).max(1e-9)).collect();
        let error: Vec<f64> = p.iter().zip(outcomes).map(|(p, outcome)| f64::from(*outcome) - p).collect();
        let k = features.len();
        let mut hessian = vec![0.0; (k + 1) * (k + 1)];
        let mut gradient = vec![0.0; k + 1];
        for (i, feature) in features.iter().enumerate() {
            let weighted: Vec<f64> = feature.iter().zip(&weight).map(|(value, weight)| value * weight).collect();
            for (j, other) in features[..=i].iter().enumerate() {
                hessian[i * (k + 1) + j] = dot(&weighted, other);
            }
            hessian[i * (k + 1) + i] += ridge;
            hessian[k * (k + 1) + i] = weighted.iter().sum();
            gradient[i] = dot(feature, &error) - ridge * self.coefficients[i];
        }
        hessian[k * (k + 1) + k] = weight.iter().sum();
        gradient[k] = error.iter().sum();
        solved(hessian, gradient)
    }

    /// Goes along `step`, less far where that is not downhill.
    fn walked(
        &self,
        step: &[f64],
        features: &[Vec<f64>],
        outcomes: &[bool],
        ridge: f64,
        loss: f64,
    ) -> Option<(Self, f64)> {
        let k = self.coefficients.len();
        [1.0, 0.5, 0.25, 0.1, 0.02].into_iter().find_map(|far| {
            let coefficients = self.coefficients.iter().zip(step).map(|(c, s)| c + far * s).collect();
            let there = Self { intercept: self.intercept + far * step[k], coefficients };
            let cost = there.cost(&there.all_log_odds(features, outcomes.len()), outcomes, ridge);
            (cost <= loss).then_some((there, cost))
        })
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves `matrix` · x = `right` by Cholesky; only the lower triangle is read. `None` when it is not positive.
fn solved(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let (row_i, row_j) = (&matrix[i * n..i * n + j], &matrix[j * n..j * n + j]);
            let sum = matrix[i * n + j] - dot(row_i, row_j);
            if i == j && sum <= 1e-12 {
                return None;
            }
            matrix[i * n + j] = if i == j { sum.sqrt() } else { sum / matrix[j * n + j] };
        }
    }
    for i in 0..n {
        let known = dot(&matrix[i * n..i * n + i], &right[..i]);
        right[i] = (right[i] - known) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| matrix[j * n + i] * right[j]).sum();
        right[i] = (right[i] - known) / matrix[i * n + i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dice::Dice;

    #[test]
    fn equations_are_solved_by_hand() {
        // [4 2; 2 3] x = [2; 5] → x = [−½, 2]
        let x = solved(vec![4.0, 0.0, 2.0, 3.0], vec![2.0, 5.0]).unwrap();
        assert!((x[0] + 0.5).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12, "{x:?}");
        assert_eq!(solved(vec![1.0, 0.0, 1.0, 1.0], vec![1.0, 1.0]), None, "two equal equations");
    }

    #[test]
    fn one_yes_no_feature_gives_the_log_odds_of_either_group() {
        // 3 of 4 and 1 of 4 came true: intercept −ln 3, coefficient 2 ln 3.
        let feature = vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let outcomes = [true, true, true, false, true, false, false, false];
        let model = Logistic::fitted(&[feature], &outcomes, 1e-9);
        assert!((model.intercept + 3_f64.ln()).abs() < 1e-5, "{model:?}");
        assert!((model.coefficients[0] - 2.0 * 3_f64.ln()).abs() < 1e-5, "{model:?}");
    }

    #[test]
    fn what_was_planted_is_found_and_what_was_not_is_near_nothing() {
        let mut dice = Dice::new(1);
        let features: Vec<Vec<f64>> = (0..3).map(|_| (0..4000).map(|_| dice.unit() * 3.0 - 1.5).collect()).collect();
        let outcomes: Vec<bool> = (0..4000)
            .map(|row| dice.unit() < logistic(0.5 + 1.2 * features[0][row] - 0.7 * features[1][row]))
            .collect();
        let model = Logistic::fitted(&features, &outcomes, 1.0);
        let found = [model.intercept, model.coefficients[0], model.coefficients[1], model.coefficients[2]];
        for (found, planted) in found.into_iter().zip([0.5, 1.2, -0.7, 0.0]) {
            assert!((found - planted).abs() < 0.12, "{found} for {planted}");
        }
    }

    #[test]
    fn perfect_separation_stays_finite() {
        let model = Logistic::fitted(&[vec![-1.0, -0.5, 0.5, 1.0]], &[false, false, true, true], 1.0);
        assert!(model.coefficients[0].is_finite() && model.coefficients[0] > 0.0);
    }
}
