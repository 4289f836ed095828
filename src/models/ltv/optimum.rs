//! Where is a function of a few parameters least? A thin dress for the Nelder–Mead search of `argmin`.

use argmin::core::{CostFunction, Executor, State};
use argmin::solver::neldermead::NelderMead;

/// Steps at most.
const STEPS: u64 = 400;
/// Parameters are logarithms and stay within this size: beyond, a model is no different.
const MOST: f64 = 12.0;

struct Cost<F>(F);

impl<F: Fn(&[f64]) -> f64> CostFunction for Cost<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, at: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        let beyond: f64 = at.iter().map(|value| (value.abs() - MOST).max(0.0)).sum();
        let held: Vec<f64> = at.iter().map(|value| value.clamp(-MOST, MOST)).collect();
        let cost = (self.0)(&held);
        Ok(if cost.is_finite() { cost + beyond } else { f64::MAX.sqrt() })
    }
}

/// The parameters of least cost, searched from `start`; the start itself where the search fails.
pub(super) fn least(start: &[f64], cost: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut simplex = vec![start.to_vec(); start.len() + 1];
    for (at, corner) in simplex[1..].iter_mut().enumerate() {
        corner[at] += 0.7;
    }
    let Ok(search) = NelderMead::new(simplex).with_sd_tolerance(1e-7) else { return start.to_vec() };
    let found = Executor::new(Cost(cost), search).configure(|state| state.max_iters(STEPS)).run();
    let best = found.ok().and_then(|found| found.state().get_best_param().cloned());
    best.unwrap_or_else(|| start.to_vec()).into_iter().map(|value| value.clamp(-MOST, MOST)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_found_and_where_nothing_can_be_reckoned_the_search_turns_back() {
        let bowl = |at: &[f64]| (at[0] - 1.0).powi(2) + 3.0 * (at[1] + 2.0).powi(2);
        let found = least(&[0.0, 0.0], bowl);
        assert!((found[0] - 1.0).abs() < 1e-2 && (found[1] + 2.0).abs() < 1e-2, "{found:?}");
        let half = least(&[1.0], |at| if at[0] < 0.5 { f64::NAN } else { at[0] });
        assert!((0.5..0.6).contains(&half[0]), "{half:?}");
    }
}
