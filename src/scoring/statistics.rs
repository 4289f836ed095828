//! Quantiles, mid-ranks, means: the few statistics that scores are compared by.

/// The distribution of a metric over the workers of a cohort.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    /// How many workers.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1); 0 for one worker.
    pub sd: f64,
    /// 10th, 25th, 50th, 75th and 90th percentile, linear interpolation.
    pub quantiles: [f64; 5],
}

impl Distribution {
    /// Of these values in any order; `None` of none.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let mean = sorted.iter().sum::<f64>() / n as f64;
        let spread: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
        let sd = if n > 1 { (spread / (n - 1) as f64).sqrt() } else { 0.0 };
        let [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(|p| quantile(&sorted, p));
        Some(Self { n, mean, sd, quantiles: [p10?, p25?, p50?, p75?, p90?] })
    }
}

/// The `p`-quantile (0–1) of ascending values by linear interpolation, type 7 of Hyndman & Fan 1996; `None` of none.
#[must_use]
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = at.ceil() as usize;
    Some(sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below]))
}

/// The percentile rank, 0–100, by mid-rank: those below count whole, those equal (the own value among them) half.
#[must_use]
pub fn mid_rank(below: i64, equal: i64, n: i64) -> Option<f64> {
    (n > 0).then(|| 100.0 * (below as f64 + equal as f64 / 2.0) / n as f64)
}

/// How unevenly something is shared: Σ|xᵢ − xⱼ| / (2n²x̄), uncorrected (Gini 1912). 0 all alike, towards 1 one has it
/// all; `None` of none, of a sum of zero, or where a value is negative or no number.
#[must_use]
pub fn gini(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (n, sum) = (sorted.len() as f64, sorted.iter().sum::<f64>());
    if !sum.is_finite() || sum <= 0.0 || sorted[0] < 0.0 {
        return None;
    }
    // Over ascending values the double sum is Σ (2i − n − 1)·xᵢ, twice.
    let spread: f64 = (1..).zip(&sorted).map(|(i, value)| (2.0 * f64::from(i) - n - 1.0) * value).sum();
    Some((spread / (n * sum)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_hand() {
        // 10 20 30 40: position 0.25 · 3 = 0.75 → 17.5; 0.5 · 3 = 1.5 → 25; 0.9 · 3 = 2.7 → 37
        let values = [10.0, 20.0, 30.0, 40.0];
        assert_eq!(quantile(&values, 0.25), Some(17.5));
        assert_eq!(quantile(&values, 0.5), Some(25.0));
        assert!((quantile(&values, 0.9).unwrap() - 37.0).abs() < 1e-12);
        assert_eq!(quantile(&[7.0], 0.9), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn a_distribution_by_hand() {
        let distribution = Distribution::of(&[40.0, 10.0, 30.0, 20.0]).unwrap();
        assert_eq!((distribution.n, distribution.mean), (4, 25.0));
        assert!((distribution.sd - (500.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(Distribution::of(&[]), None);
    }

    #[test]
    fn gini_by_hand() {
        let check = |values: &[f64], expected: Option<f64>| {
            let gini = gini(values);
            assert!(
                gini.zip(expected).map_or(gini == expected, |(a, b)| (a - b).abs() < 1e-12),
                "{values:?}: {gini:?}, not {expected:?}"
            );
        };
        check(&[0.0, 0.0, 0.0, 40.0], Some(0.75));
        check(&[40.0, 40.0, 40.0], Some(0.0));
        // |10−20| + |10−30| + |20−30| = 40, twice is 80; 2 · 9 · 20 = 360
        check(&[30.0, 10.0, 20.0], Some(80.0 / 360.0));
        check(&[7.0], Some(0.0));
        check(&[], None);
        check(&[0.0, 0.0], None);
        check(&[-1.0, 5.0], None);
    }

    #[test]
    fn mid_rank_counts_ties_half() {
        assert_eq!(mid_rank(0, 1, 1), Some(50.0)); // alone is the middle
        assert_eq!(mid_rank(6, 2, 10), Some(70.0)); // six below, two equal
        assert_eq!(mid_rank(0, 0, 0), None); // never an invented 50
    }
}
