//! How sure is a share? The interval of Wilson (1927), which stays within 0–1 and is honest for small samples.

use crate::units::Rate;

/// The deviate of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// The lowest and the highest share that the sample is in keeping with, at 95 %; `None` when there is nothing to judge.
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
#[must_use]
pub fn interval(rate: Rate) -> Option<(f64, f64)> {
    let share = rate.value()?;
    let n = rate.of as f64;
    let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let reach = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some((middle - reach, middle + reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hit: i64, of: i64, expected: (f64, f64)) {
        let (low, high) = interval(Rate { hit, of }).expect("a sample");
        assert!((low - expected.0).abs() < 5e-4 && (high - expected.1).abs() < 5e-4, "{low} to {high}");
    }

    #[test]
    fn an_interval_is_wide_for_few_and_narrow_for_many() {
        check(9, 10, (0.5958, 0.9821));
        check(900, 1_000, (0.8799, 0.9171));
        check(0, 10, (0.0, 0.2775));
        assert_eq!(interval(Rate { hit: 0, of: 0 }), None);
    }
}
