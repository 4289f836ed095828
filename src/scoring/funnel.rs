//! Comparing sites of different size: control limits around the pooled rate, so that a small site is not called bad by chance.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::units::Rate;

/// Limits within which a rate of `of` cases lies by chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// 95 %: lower and upper, as shares.
    pub warning: (f64, f64),
    /// 99.8 %: lower and upper, as shares. Only points outside are called out.
    pub control: (f64, f64),
}

/// Exact binomial limits for `of` cases around `pooled` (a share). `None` without cases.
#[must_use]
pub fn limits(pooled: f64, of: u64) -> Option<Limits> {
    let binomial = Binomial::new(pooled.clamp(0.0, 1.0), of).ok().filter(|_| of > 0)?;
    let at = |p: f64| binomial.inverse_cdf(p) as f64 / of as f64;
    Some(Limits { warning: (at(0.025), at(0.975)), control: (at(0.001), at(0.999)) })
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
    let z = 1.959_963_984_540_054_f64;
    let (p, n) = (rate.value()?, rate.of as f64);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
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
        let limits = limits(0.5, 10).unwrap();
        assert_eq!((limits.warning, limits.control), ((0.2, 0.8), (0.1, 0.9)));
    }

    #[test]
    fn wilson_by_hand() {
        let (low, high) = wilson(Rate { hit: 8, of: 10 }).unwrap();
        assert!((low - 0.4902).abs() < 5e-5 && (high - 0.9433).abs() < 5e-5, "{low} {high}");
        assert_eq!(wilson(Rate { hit: 0, of: 0 }), None);
    }
}
