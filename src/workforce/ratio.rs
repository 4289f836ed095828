//! How far apart are two groups, and how far could they be by chance? Ratios of sums over people, and their differences.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Sums over people, each with a numerator y and a denominator x: what a ratio and its spread are made of. They can be
/// added and taken from each other, so that a group and the rest come from one pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// People.
    pub n: usize,
    y: f64,
    x: f64,
    yy: f64,
    xy: f64,
    xx: f64,
}

impl Moments {
    /// One person's.
    #[must_use]
    pub fn of(y: f64, x: f64) -> Self {
        Self { n: 1, y, x, yy: y * y, xy: x * y, xx: x * x }
    }

    /// The ratio Σy/Σx; `None` with nothing to divide by.
    #[must_use]
    pub fn ratio(&self) -> Option<Ratio> {
        if self.n == 0 || self.x <= 0.0 {
            return None;
        }
        let value = self.y / self.x;
        let spread = self.yy - 2.0 * value * self.xy + value * value * self.xx;
        // What is left of equal numbers after rounding is no spread.
        let spread = if spread <= 1e-10 * self.yy { 0.0 } else { spread };
        let n = self.n as f64;
        let variance = (self.n > 1).then(|| n / (n - 1.0) * spread / (self.x * self.x));
        Some(Ratio { n: self.n, value, variance })
    }
}

impl Add for Moments {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            n: self.n + other.n,
            y: self.y + other.y,
            x: self.x + other.x,
            yy: self.yy + other.yy,
            xy: self.xy + other.xy,
            xx: self.xx + other.xx,
        }
    }
}

impl Sub for Moments {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_sub(other.n),
            y: self.y - other.y,
            x: self.x - other.x,
            yy: self.yy - other.yy,
            xy: self.xy - other.xy,
            xx: self.xx - other.xx,
        }
    }
}

impl std::iter::Sum for Moments {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// A ratio of sums over people. With every denominator 1 it is their mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// People.
    pub n: usize,
    /// Σy/Σx.
    pub value: f64,
    /// The variance of the ratio as an estimate: n/(n−1) · Σ(y − r·x)² / (Σx)² (Cochran, *Sampling Techniques*, 3rd
    /// edition 1977, section 6.4, without the correction for finite populations); the person is the unit, because the
    /// shifts of one person are not independent. `None` of one person.
    pub variance: Option<f64>,
}

/// By how much one group's ratio exceeds another's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The difference.
    pub by: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end of its interval.
    pub high: f64,
}

impl Difference {
    /// Whether the interval leaves out no difference at all.
    #[must_use]
    pub fn excludes_none(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The difference a − b with its interval at a confidence of, say, 0.95: unequal variances, degrees of freedom of Welch
/// (*Biometrika* 34, 1947). `None` where a group has one person.
#[must_use]
pub fn difference(a: Ratio, b: Ratio, confidence: f64) -> Option<Difference> {
    let (va, vb) = (a.variance?, b.variance?);
    let by = a.value - b.value;
    let variance = va + vb;
    if variance <= 0.0 {
        return Some(Difference { by, low: by, high: by });
    }
    let freedom = variance * variance / (va * va / (a.n as f64 - 1.0) + vb * vb / (b.n as f64 - 1.0));
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(f64::midpoint(1.0, confidence.clamp(0.0, 0.999_999)));
    let half = t * variance.sqrt();
    Some(Difference { by, low: by - half, high: by + half })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(pairs: &[(f64, f64)]) -> Moments {
        pairs.iter().map(|(y, x)| Moments::of(*y, *x)).sum()
    }

    fn means(values: &[f64]) -> Ratio {
        values.iter().map(|value| Moments::of(*value, 1.0)).sum::<Moments>().ratio().unwrap()
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-4, "{found}, not {expected}");
    }

    #[test]
    fn two_means_differ_as_in_welch_s_test() {
        // Means 20.8267 and 22.9933, variances 7.8764 and 3.8335, 15 each: √(7.8764/15 + 3.8335/15) = 0.88355 on 25.018
        // degrees of freedom, t(0.975; 25.018) = 2.05946: −2.1667 ± 1.8196.
        let a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.5];
        let b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.5];
        let found = difference(means(&a), means(&b), 0.95).unwrap();
        near(found.by, -2.1667);
        near(found.low, -3.9863);
        near(found.high, -0.3470);
    }

    #[test]
    fn a_ratio_by_hand() {
        // Nights of shifts: 2 of 4, 1 of 2, 0 of 4. r = 0.3; residuals 0.8, 0.4, −1.2: squares add up to 2.24;
        // 3/2 · 2.24 / 10² = 0.0336.
        let ratio = of(&[(2.0, 4.0), (1.0, 2.0), (0.0, 4.0)]).ratio().unwrap();
        near(ratio.value, 0.3);
        near(ratio.variance.unwrap(), 0.0336);
    }

    #[test]
    fn nothing_to_divide_by_is_no_ratio_and_one_person_has_no_interval() {
        assert_eq!(Moments::default().ratio(), None);
        assert_eq!(of(&[(0.0, 0.0)]).ratio(), None);
        let one = means(&[7.0]);
        assert_eq!(one.variance, None);
        assert_eq!(difference(one, means(&[1.0, 2.0]), 0.95), None);
    }

    #[test]
    fn people_who_are_all_alike_differ_for_sure() {
        let found = difference(means(&[3.0, 3.0, 3.0]), means(&[1.0, 1.0]), 0.95).unwrap();
        assert_eq!(found, Difference { by: 2.0, low: 2.0, high: 2.0 });
        assert!(found.excludes_none());
    }

    fn pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((0.0..60.0f64, 1.0..40.0f64), 2..40)
    }

    proptest! {
        #[test]
        fn what_is_taken_away_leaves_what_the_rest_would_give(a in pairs(), b in pairs()) {
            let rest = (of(&a) + of(&b) - of(&a)).ratio().unwrap();
            let alone = of(&b).ratio().unwrap();
            prop_assert_eq!(rest.n, alone.n);
            prop_assert!((rest.value - alone.value).abs() < 1e-6);
            prop_assert!((rest.variance.unwrap() - alone.variance.unwrap()).abs() < 1e-4 * (1.0 + alone.variance.unwrap()));
        }

        #[test]
        fn turned_round_a_difference_is_the_same_the_other_way(a in pairs(), b in pairs()) {
            let (a, b) = (of(&a).ratio().unwrap(), of(&b).ratio().unwrap());
            let (there, back) = (difference(a, b, 0.95).unwrap(), difference(b, a, 0.95).unwrap());
            prop_assert!((there.by + back.by).abs() < 1e-9 && (there.low + back.high).abs() < 1e-9);
            prop_assert!(there.low <= there.by && there.by <= there.high);
        }

        #[test]
        fn who_wants_to_be_surer_gets_a_wider_interval(a in pairs(), b in pairs()) {
            let (a, b) = (of(&a).ratio().unwrap(), of(&b).ratio().unwrap());
            let (sure, surer) = (difference(a, b, 0.95).unwrap(), difference(a, b, 0.999).unwrap());
            prop_assert!(surer.low <= sure.low && sure.high <= surer.high);
        }
    }
}
