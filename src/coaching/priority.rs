//! How urgent an entry is.

use super::Signal;
use crate::scoring::rounded;

/// From this priority on a worker is suggested.
pub const QUEUED_AT: f64 = 40.0;

/// 0 calm … 100 urgent: 100·(1 − Π(1 − 0.8·severity)), so that many small signals never outshout one grave one (spec 3.4).
#[must_use]
pub fn priority(signals: &[Signal]) -> f64 {
    let calm: f64 = signals.iter().map(|signal| 1.0 - 0.8 * signal.severity).product();
    rounded(100.0 * (1.0 - calm))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coaching::Evidence;

    #[track_caller]
    fn check(severities: &[f64], expected: f64) {
        let signals: Vec<Signal> = severities
            .iter()
            .map(|severity| Signal { severity: *severity, evidence: Evidence::Dispute { days: Vec::new() } })
            .collect();
        assert!((priority(&signals) - expected).abs() < 1e-9, "{}", priority(&signals));
    }

    #[test]
    fn nobody_is_queued_without_a_signal() {
        check(&[], 0.0);
    }

    #[test]
    fn one_grave_signal_is_enough_and_one_no_show_is_too() {
        check(&[1.0], 80.0);
        check(&[0.6], 48.0);
    }

    #[test]
    fn half_a_signal_is_just_queued_and_a_broken_streak_alone_is_not() {
        check(&[0.5], 40.0);
        check(&[0.2], 16.0);
    }

    #[test]
    fn signals_add_up_without_ever_passing_a_hundred() {
        // 1 − (1 − 0.48)(1 − 0.24) = 1 − 0.52 · 0.76
        check(&[0.6, 0.3], 60.48);
        check(&[1.0; 8], 99.999744);
    }
}
