//! How often will a customer buy? Pareto/NBD: everybody buys at an own rate and leaves at any time, also before a second purchase.

use std::sync::LazyLock;

use serde::Serialize;
use statrs::function::gamma::ln_gamma;

use super::customers::Customer;
use super::optimum::least;
use super::purchases::doubt;

/// A fitted Pareto/NBD (Schmittlein, Morrison & Colombo 1987). Rates of purchases and of leaving differ by a gamma each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ParetoNbd {
    /// Shape of the rates of purchases.
    pub r: f64,
    /// Their scale, weeks.
    pub alpha: f64,
    /// Shape of the rates of leaving.
    pub s: f64,
    /// Their scale, weeks.
    pub beta: f64,
}

/// Points of the quadrature.
const POINTS: usize = 24;

/// Points and weights of Gauss and Legendre between 0 and 1.
static QUADRATURE: LazyLock<[(f64, f64); POINTS]> = LazyLock::new(|| {
    let n = POINTS as f64;
    std::array::from_fn(|i| {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        // Newton's search from so near is exact after a few steps.
        for _ in 0..20 {
            let (mut before, mut value) = (1.0, x);
            for k in 2..=POINTS {
                let k = k as f64;
                (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
            }
            slope = n * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        ((1.0 + x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
    })
});

impl ParetoNbd {
    /// The most likely one, where some leaving is expected: [`doubt`].
    #[must_use]
    pub fn fitted(customers: &[Customer]) -> Self {
        let of = |at: &[f64]| Self { r: at[0].exp(), alpha: at[1].exp(), s: at[2].exp(), beta: at[3].exp() };
        let n = customers.len().max(1) as f64;
        let cost = |at: &[f64]| {
            let model = of(at);
            let leaving = model.s / model.beta / (model.r / model.alpha);
            doubt(leaving, model.s / 0.6) - customers.iter().map(|one| model.log_likelihood(one)).sum::<f64>() / n
        };
        of(&least(&[-0.5, 2.0, -0.5, 2.3], cost))
    }

    /// Of one customer: still there, or gone at a time since the last purchase.
    #[must_use]
    pub fn log_likelihood(&self, one: &Customer) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let x = r + one.repeats;
        ln_gamma(x) - ln_gamma(r) + r * alpha.ln() + s * beta.ln()
            - x * (alpha + one.age).ln()
            - s * (beta + one.age).ln()
            + self.ln_odds_gone(one).exp().ln_1p().min(1e9)
    }

    /// Chance that a customer has not left.
    #[must_use]
    pub fn alive(&self, one: &Customer) -> f64 {
        1.0 / (1.0 + self.ln_odds_gone(one).exp())
    }

    /// The integral over the time of leaving, from the last purchase to the cutoff, over the chance to be still there. It is
    /// reckoned on points that lie closer where more of it is.
    fn ln_odds_gone(&self, one: &Customer) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let (x, silence) = (r + one.repeats, one.age - one.last);
        if silence <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let (ln_alpha, ln_beta) = ((alpha + one.age).ln(), (beta + one.age).ln());
        let falls = x / (alpha + one.last) + (s + 1.0) / (beta + one.last);
        let spread = (falls * silence).ln_1p();
        let whole = falls * silence;
        let terms = QUADRATURE.map(|(at, weight)| {
            let stretched = (spread * at).exp();
            let time = one.last + silence * (stretched - 1.0) / whole;
            let (to_alpha, to_beta) = ((alpha + time).ln(), (beta + time).ln());
            x * (ln_alpha - to_alpha) + s * (ln_beta - to_beta) - to_beta
                + (weight * stretched * spread * silence / whole).ln()
        });
        let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        s.ln() + most + terms.iter().map(|term| (term - most).exp()).sum::<f64>().ln()
    }

    /// Expected days of purchase in so many weeks after the cutoff.
    #[must_use]
    pub fn expected(&self, one: &Customer, weeks: f64) -> f64 {
        let expected = self.alive(one) * self.expected_of_alive(one, weeks);
        if expected.is_finite() { expected.max(0.0) } else { 0.0 }
    }

    fn expected_of_alive(&self, one: &Customer, weeks: f64) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let rate = (r + one.repeats) / (alpha + one.age);
        let scale = beta + one.age;
        // At exactly 1 the formula divides nothing by nothing.
        let off = if (s - 1.0).abs() < 1e-5 { 1e-5 } else { s - 1.0 };
        rate * scale / off * (1.0 - (off * (scale / (scale + weeks)).ln()).exp())
    }

    /// Chance that a customer buys nothing in so many weeks after the cutoff: gone already, or nothing of what is expected
    /// of one who is not (counts taken for negative binomial).
    #[must_use]
    pub fn silent(&self, one: &Customer, weeks: f64) -> f64 {
        let (alive, x) = (self.alive(one), self.r + one.repeats);
        let nothing = (-x * (self.expected_of_alive(one, weeks).max(0.0) / x).ln_1p()).exp();
        1.0 - alive + alive * nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(repeats: f64, last: f64, age: f64) -> Customer {
        Customer { repeats, last, age, purchases: repeats + 1.0, mean: 10.0, returned: 0.0, lately: [0.0; 2] }
    }

    /// What was found for the same CD buyers that BG/NBD was made for, in weeks (Fader, Hardie & Lee 2005).
    const CDNOW: ParetoNbd = ParetoNbd { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 };

    #[test]
    fn the_quadrature_is_exact_for_powers() {
        for power in [0, 1, 5, 30] {
            let sum: f64 = QUADRATURE.iter().map(|(at, weight)| weight * at.powi(power)).sum();
            assert!((sum - 1.0 / f64::from(power + 1)).abs() < 1e-12, "{power}: {sum}");
        }
    }

    #[test]
    fn the_time_of_leaving_is_summed_up_right() {
        for one in [customer(0.0, 0.0, 38.9), customer(2.0, 30.43, 38.86), customer(40.0, 20.0, 38.0)] {
            let ParetoNbd { r, alpha, s, beta } = CDNOW;
            let (x, steps) = (r + one.repeats, 400_000);
            let width = (one.age - one.last) / f64::from(steps);
            let there = -x * (alpha + one.age).ln() - s * (beta + one.age).ln();
            let sum: f64 = (0..steps)
                .map(|step| one.last + (f64::from(step) + 0.5) * width)
                .map(|u| width * s * (-x * (alpha + u).ln() - (s + 1.0) * (beta + u).ln() - there).exp())
                .sum();
            assert!((CDNOW.ln_odds_gone(&one) - sum.ln()).abs() < 1e-6, "{one:?}");
        }
    }

    #[test]
    fn who_bought_once_may_be_gone_and_who_was_silent_long_is() {
        let once = CDNOW.alive(&customer(0.0, 0.0, 38.0));
        assert!((0.2..0.7).contains(&once), "{once}");
        let (fresh, silent) = (CDNOW.alive(&customer(10.0, 37.0, 38.0)), CDNOW.alive(&customer(10.0, 10.0, 38.0)));
        assert!(fresh > 0.9 && silent < 0.05, "{fresh} {silent}");
        assert!(CDNOW.silent(&customer(10.0, 10.0, 38.0), 39.0) > CDNOW.silent(&customer(10.0, 37.0, 38.0), 39.0));
        assert!(CDNOW.expected(&customer(500.0, 37.0, 38.0), 39.0).is_finite());
        assert_eq!(CDNOW.alive(&customer(3.0, 20.0, 20.0)), 1.0);
    }
}
