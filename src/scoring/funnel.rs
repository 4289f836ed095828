//! Comparing sites of different size: control limits around what all of them have in common, so that a small site is not
//! called bad by chance.

use serde::{Deserialize, Serialize};

use crate::units::Rate;

/// How many standard errors a normal value lies within with 95 % and with 99.8 %.
const Z: (f64, f64) = (1.959_963_984_540_054, 3.090_232_306_167_813);
/// Below this share of the likeliest outcome an outcome changes no limit.
const NEGLIGIBLE: f64 = 1e-18;

/// Limits within which the value of `of` cases lies by chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// 95 %: lower and upper, in the unit of the value compared: shares for a share.
    pub warning: (f64, f64),
    /// 99.8 %: lower and upper. Only points outside are called out.
    pub control: (f64, f64),
}

/// Exact binomial limits for `of` cases around `pooled` (a share). `None` without cases.
#[must_use]
pub fn limits(pooled: f64, of: u64) -> Option<Limits> {
    if of == 0 {
        return None;
    }
    if pooled <= 0.0 || pooled >= 1.0 {
        let share = pooled.clamp(0.0, 1.0);
        return Some(Limits { warning: (share, share), control: (share, share) });
    }
    let (n, odds) = (of as f64, pooled / (1.0 - pooled));
    // P(k + 1) / P(k), nought beyond the last case.
    let ratio = |k: u64| (n - k as f64) / (k as f64 + 1.0) * odds;
    let likeliest = (((n + 1.0) * pooled) as u64).min(of);
    Some(exact(likeliest, ratio, n))
}

/// Exact Poisson limits for events that happen `pooled` times a case. `None` without cases.
#[must_use]
pub fn event_limits(pooled: f64, of: u64) -> Option<Limits> {
    if of == 0 {
        return None;
    }
    let expected = pooled.max(0.0) * of as f64;
    let ratio = |k: u64| expected / (k as f64 + 1.0);
    Some(exact(expected as u64, ratio, of as f64))
}

/// Limits of a mean of `of` values around `mean`, ± z·sd/√n. `None` without values.
#[must_use]
pub fn mean_limits(mean: f64, sd: f64, of: u64) -> Option<Limits> {
    let error = sd / (of as f64).sqrt();
    let within = |z: f64| (mean - z * error, mean + z * error);
    (of > 0).then(|| Limits { warning: within(Z.0), control: within(Z.1) })
}

/// The limits of counts over `cases`, given the likeliest count and by how much each next one is likelier than the last.
fn exact(likeliest: u64, ratio: impl Fn(u64) -> f64, cases: f64) -> Limits {
    let mut below = Vec::new();
    let (mut chance, mut count) = (1.0, likeliest);
    while chance > NEGLIGIBLE && count > 0 {
        count -= 1;
        chance /= ratio(count);
        below.push(chance);
    }
    let lowest = count;
    let mut chances: Vec<f64> = below.into_iter().rev().chain([1.0]).collect();
    (chance, count) = (1.0, likeliest);
    while chance > NEGLIGIBLE {
        chance *= ratio(count);
        count += 1;
        chances.push(chance);
    }
    let all: f64 = chances.iter().sum();
    // The smallest count up to which at least a share `p` of all outcomes lies.
    let at = |p: f64| {
        let mut so_far = 0.0;
        let place = chances.iter().position(|chance| {
            so_far += chance / all;
            so_far >= p
        });
        (lowest as f64 + place.unwrap_or(chances.len() - 1) as f64) / cases
    };
    Limits { warning: (at(0.025), at(0.975)), control: (at(0.001), at(0.999)) }
}

/// Whether a site lies outside the 99.8 % limits around the pooled rate.
#[must_use]
pub fn is_called_out(site: Rate, pooled: f64) -> bool {
    let Some((limits, share)) = u64::try_from(site.of).ok().and_then(|of| limits(pooled, of)).zip(site.value()) else {
        return false;
    };
    share < limits.control.0 || share > limits.control.1
}

/// Wilson's 95 % interval of a site's own rate (Wilson 1927). `None` without cases.
#[must_use]
pub fn wilson(rate: Rate) -> Option<(f64, f64)> {
    let z = Z.0;
    let (p, n) = (rate.value()?, rate.of as f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

/// The 95 % interval of a site's own events a case: Wilson's, for counts without an upper end. `None` without cases.
#[must_use]
pub fn event_interval(rate: Rate) -> Option<(f64, f64)> {
    let z = Z.0;
    let (events, n) = (rate.hit as f64, rate.of as f64);
    let (centre, half) = (events + z * z / 2.0, z * (events + z * z / 4.0).sqrt());
    (rate.of > 0).then(|| ((centre - half).max(0.0) / n, (centre + half) / n))
}

/// The 95 % interval of a site's own mean, from its own spread. `None` with fewer than two values.
#[must_use]
pub fn mean_interval(mean: f64, sd: f64, of: i64) -> Option<(f64, f64)> {
    let half = Z.0 * sd / (of as f64).sqrt();
    (of > 1).then_some((mean - half, mean + half))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

    use super::*;

    #[test]
    fn one_no_show_in_five_shifts_is_chance_and_sixty_in_five_hundred_are_not() {
        assert!(!is_called_out(Rate { hit: 1, of: 5 }, 0.05));
        assert!(is_called_out(Rate { hit: 60, of: 500 }, 0.05));
        assert!(!is_called_out(Rate { hit: 0, of: 0 }, 0.05));
    }

    #[test]
    fn exact_limits_by_hand() {
        // Ten cases at one half: P(X ≤ 1) = 11/1024 = 0.0107 < 0.025 ≤ P(X ≤ 2) = 56/1024; P(X ≤ 0) = 0.00098 < 0.001 ≤ P(X ≤ 1).
        let exact = limits(0.5, 10).unwrap();
        assert_eq!((exact.warning, exact.control), ((0.2, 0.8), (0.1, 0.9)));
        // One event expected: P(X ≤ 3) = 0.981, P(X ≤ 5) = 0.9994, P(X ≤ 4) = 0.9963.
        let events = event_limits(0.01, 100).unwrap();
        assert_eq!((events.warning, events.control), ((0.0, 0.03), (0.0, 0.05)));
        // Mean 10, sd 4, sixteen values: a standard error of one.
        let mean = mean_limits(10.0, 4.0, 16).unwrap();
        assert!((mean.warning.0 - 8.04).abs() < 1e-3 && (mean.control.1 - 13.0902).abs() < 1e-4, "{mean:?}");
        assert_eq!((limits(0.5, 0), event_limits(0.5, 0), mean_limits(1.0, 1.0, 0)), (None, None, None));
        assert_eq!(limits(1.0, 7).unwrap().control, (1.0, 1.0));
        assert_eq!(event_limits(0.0, 7).unwrap().control, (0.0, 0.0));
    }

    #[test]
    fn intervals_by_hand() {
        let (low, high) = wilson(Rate { hit: 8, of: 10 }).unwrap();
        assert!((low - 0.4902).abs() < 5e-5 && (high - 0.9433).abs() < 5e-5, "{low} {high}");
        assert_eq!(wilson(Rate { hit: 0, of: 0 }), None);
        // Four events: 4 + 1.92 ± 1.96 × √4.96 = 1.556 and 10.286.
        let (low, high) = event_interval(Rate { hit: 4, of: 10 }).unwrap();
        assert!((low - 0.1556).abs() < 1e-4 && (high - 1.0286).abs() < 1e-4, "{low} {high}");
        assert_eq!((mean_interval(5.0, 1.0, 1), event_interval(Rate::default())), (None, None));
    }

    proptest! {
        #[test]
        fn limits_are_the_quantiles_of_the_library(pooled in 0.0001..0.9999f64, of in 1u64..3_000) {
            let limits = limits(pooled, of).unwrap();
            let binomial = Binomial::new(pooled, of).unwrap();
            for (p, limit) in [(0.025, limits.warning.0), (0.975, limits.warning.1), (0.001, limits.control.0), (0.999, limits.control.1)] {
                let count = (limit * of as f64).round() as u64;
                // By the definition, not by the library's search; a hair's breadth either way is rounding.
                prop_assert!(binomial.cdf(count) >= p - 1e-9, "{p}: {count} of {of} at {pooled}");
                prop_assert!(count == 0 || binomial.cdf(count - 1) < p + 1e-9, "{p}: {count} of {of} at {pooled}");
            }
        }

        #[test]
        fn event_limits_are_the_quantiles_of_the_library(pooled in 0.0001..2.0f64, of in 1u64..2_000) {
            let limits = event_limits(pooled, of).unwrap();
            let poisson = Poisson::new(pooled * of as f64).unwrap();
            for (p, limit) in [(0.025, limits.warning.0), (0.975, limits.warning.1), (0.001, limits.control.0), (0.999, limits.control.1)] {
                let count = (limit * of as f64).round() as u64;
                prop_assert!(poisson.cdf(count) >= p - 1e-9, "{p}: {count} of {of} at {pooled}");
                prop_assert!(count == 0 || poisson.cdf(count - 1) < p + 1e-9, "{p}: {count} of {of} at {pooled}");
            }
        }
    }
}
