//! How much is a purchase worth? Gamma-Gamma: a few of one's own purchases, drawn towards everybody's.

use serde::Serialize;
use statrs::function::gamma::ln_gamma;

use super::customers::Customer;
use super::optimum::least;

/// A fitted Gamma-Gamma model of what a day of purchase is worth (Fader & Hardie 2013).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GammaGamma {
    /// Shape of a customer's purchases.
    pub p: f64,
    /// Shape of the customers' scales, above 1.
    pub q: f64,
    /// Scale of those.
    pub gamma: f64,
}

impl GammaGamma {
    /// The most likely one.
    #[must_use]
    pub fn fitted(customers: &[Customer]) -> Self {
        let n = customers.len().max(1) as f64;
        let usual = (customers.iter().map(|one| one.mean.ln()).sum::<f64>() / n).exp();
        // In units of the usual purchase, so that the search starts near whatever the currency is.
        let of = |at: &[f64]| Self { p: at[0].exp(), q: 1.0 + at[1].exp(), gamma: at[2].exp() };
        let cost = |at: &[f64]| {
            let model = of(at);
            -customers.iter().map(|one| model.log_likelihood(one.purchases, one.mean / usual)).sum::<f64>() / n
        };
        let found = of(&least(&[1.0, 1.0, 1.0], cost));
        Self { gamma: found.gamma * usual, ..found }
    }

    /// Of a customer's mean of so many purchases.
    #[must_use]
    pub fn log_likelihood(&self, purchases: f64, mean: f64) -> f64 {
        let Self { p, q, gamma } = *self;
        let all = p * purchases;
        ln_gamma(all + q) - ln_gamma(all) - ln_gamma(q)
            + q * gamma.ln()
            + (all - 1.0) * mean.ln()
            + all * purchases.ln()
            - (all + q) * (gamma + mean * purchases).ln()
    }

    /// What the next purchases are worth on average.
    #[must_use]
    pub fn expected(&self, one: &Customer) -> f64 {
        let Self { p, q, gamma } = *self;
        p * (gamma + one.mean * one.purchases) / (p * one.purchases + q - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dice::Dice;

    fn customer(purchases: f64, mean: f64) -> Customer {
        Customer { repeats: purchases - 1.0, last: 0.0, age: 1.0, purchases, mean, returned: 0.0, lately: [0.0; 2] }
    }

    #[test]
    fn by_hand_the_more_purchases_the_more_the_own_mean_counts() {
        // Everybody's mean is pγ / (q − 1) = 6 · 15 / 3 = 30. One purchase at 60: 6 (15 + 60) / (6 + 3) = 50.
        let model = GammaGamma { p: 6.0, q: 4.0, gamma: 15.0 };
        assert!((model.expected(&customer(1.0, 60.0)) - 50.0).abs() < 1e-12);
        assert!((model.expected(&customer(19.0, 60.0)) - 6.0 * 1155.0 / 117.0).abs() < 1e-12);
        assert!((model.expected(&customer(9.0, 30.0)) - 30.0).abs() < 1e-9);
    }

    #[test]
    fn the_mean_of_everybody_is_found_again_in_any_currency() {
        let mut dice = Dice::new(4);
        let all: Vec<Customer> = (0..2000)
            .map(|_| {
                let own = 20.0 * (1.5 * dice.unit()).exp();
                let purchases = 1.0 + (4.0 * dice.unit()).floor();
                customer(purchases, own * (0.7 + 0.6 * dice.unit()))
            })
            .collect();
        let truth = all.iter().map(|one| one.mean).sum::<f64>() / 2000.0;
        for times in [1.0, 1000.0] {
            let scaled: Vec<Customer> = all.iter().map(|one| Customer { mean: one.mean * times, ..*one }).collect();
            let model = GammaGamma::fitted(&scaled);
            let mean = scaled.iter().map(|one| model.expected(one)).sum::<f64>() / 2000.0 / times;
            assert!((mean / truth - 1.0).abs() < 0.1, "{mean} against {truth}: {model:?}");
        }
    }
}
