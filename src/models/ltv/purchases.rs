//! How often will a customer buy? BG/NBD: everybody buys at an own rate and may stop after any purchase.

use serde::Serialize;
use statrs::function::gamma::ln_gamma;

use super::customers::Customer;
use super::optimum::least;

/// A fitted BG/NBD (Fader, Hardie & Lee 2005). Rates differ by a gamma, chances to stop by a beta distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BgNbd {
    /// Shape of the rates.
    pub r: f64,
    /// Their scale, weeks.
    pub alpha: f64,
    /// First shape of the chances to stop.
    pub a: f64,
    /// Second.
    pub b: f64,
}

/// Customers who leave after a purchase, of all: what is expected before anything is seen. A season of many purchases at the end
/// of what is known looks as if nobody ever left, and nothing else in the likelihood says otherwise.
const LEAVING: f64 = 0.1;
/// How much of each customer's likelihood that counts.
const BELIEF: f64 = 0.005;

/// What is taken off the mean log-likelihood of a model in which so many leave after a purchase, and customers are so many times as
/// alike in it as usual.
pub(super) fn doubt(leaving: f64, alike: f64) -> f64 {
    BELIEF * ((leaving / LEAVING).ln().powi(2) + 0.5 * alike.ln().powi(2))
}

impl BgNbd {
    /// The most likely one, where some leaving is expected: [`doubt`].
    #[must_use]
    pub fn fitted(customers: &[Customer]) -> Self {
        let of = |at: &[f64]| Self { r: at[0].exp(), alpha: at[1].exp(), a: at[2].exp(), b: at[3].exp() };
        let n = customers.len().max(1) as f64;
        let cost = |at: &[f64]| {
            let model = of(at);
            let leaving = model.a / (model.a + model.b);
            doubt(leaving, (model.a + model.b) / 5.0)
                - customers.iter().map(|one| model.log_likelihood(one)).sum::<f64>() / n
        };
        let starts = [[-0.7, 1.5, -0.5, 1.0], [0.3, 2.5, 0.0, 0.5]];
        let found = starts.map(|start| least(&start, cost));
        let best = if cost(&found[1]) < cost(&found[0]) { &found[1] } else { &found[0] };
        of(best)
    }

    /// Of one customer (their equation 6).
    #[must_use]
    pub fn log_likelihood(&self, one: &Customer) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let x = one.repeats;
        let bought = ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln();
        let stayed = ln_gamma(a + b) + ln_gamma(b + x) - ln_gamma(b) - ln_gamma(a + b + x);
        let alive = -(r + x) * (alpha + one.age).ln();
        if x <= 0.0 {
            return bought + stayed + alive;
        }
        let gone = a.ln() - (b + x - 1.0).ln() - (r + x) * (alpha + one.last).ln();
        let most = alive.max(gone);
        bought + stayed + most + ((alive - most).exp() + (gone - most).exp()).ln()
    }

    /// Chance that a customer has not stopped. It is 1 for everybody who bought once: no score of who leaves.
    #[must_use]
    pub fn alive(&self, one: &Customer) -> f64 {
        1.0 / (1.0 + self.odds_gone(one))
    }

    /// Chance that a customer buys nothing in so many weeks after the cutoff: gone already, or at the own rate nothing.
    #[must_use]
    pub fn silent(&self, one: &Customer, weeks: f64) -> f64 {
        let until = self.alpha + one.age;
        let nothing = ((self.r + one.repeats) * (until / (until + weeks)).ln()).exp();
        let alive = self.alive(one);
        1.0 - alive + alive * nothing
    }

    fn odds_gone(&self, one: &Customer) -> f64 {
        if one.repeats <= 0.0 {
            return 0.0;
        }
        let Self { r, alpha, a, b } = *self;
        let x = one.repeats;
        (a.ln() - (b + x - 1.0).ln() + (r + x) * ((alpha + one.age) / (alpha + one.last)).ln()).exp()
    }

    /// Expected days of purchase in so many weeks after the cutoff (their equation 10).
    #[must_use]
    pub fn expected(&self, one: &Customer, weeks: f64) -> f64 {
        let Self { r, alpha, b, .. } = *self;
        // At exactly 1 the formula divides nothing by nothing.
        let a = if (self.a - 1.0).abs() < 1e-5 { 1.0 + 1e-5 } else { self.a };
        let (x, until) = (one.repeats, alpha + one.age);
        let ln_part = (r + x) * (until / (until + weeks)).ln()
            + ln_hypergeometric(r + x, b + x, a + b + x - 1.0, weeks / (until + weeks));
        let expected = (a + b + x - 1.0) / (a - 1.0) * (1.0 - ln_part.exp()) / (1.0 + self.odds_gone(one));
        if expected.is_finite() { expected.max(0.0) } else { 0.0 }
    }
}

/// Logarithm of Gauss's hypergeometric function for positive parameters and 0 ≤ z < 1: all terms of the series are above 0
/// and are added up by their logarithms, since they overflow for customers of many purchases.
fn ln_hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut ln_term, mut ln_sum) = (0.0_f64, 0.0_f64);
    for k in 0..20_000 {
        let k = f64::from(k);
        let ratio = (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        ln_term += ratio.abs().ln();
        ln_sum = ln_sum.max(ln_term) + (-(ln_sum - ln_term).abs()).exp().ln_1p();
        if ratio < 1.0 && ln_term < ln_sum - 32.0 {
            break;
        }
    }
    ln_sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::ltv::testing::buyers;

    fn customer(repeats: f64, last: f64, age: f64) -> Customer {
        Customer { repeats, last, age, purchases: repeats + 1.0, mean: 10.0, returned: 0.0, lately: [0.0; 2] }
    }

    /// What the authors found for their CD buyers, in weeks.
    const CDNOW: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    #[test]
    fn the_function_of_gauss_by_its_known_values() {
        // 2F1(1, 1; 2; z) = −ln(1 − z) / z, and 2F1(a, b; b; z) = (1 − z)^−a.
        let z: f64 = 0.6;
        assert!((ln_hypergeometric(1.0, 1.0, 2.0, z) - (-(1.0 - z).ln() / z).ln()).abs() < 1e-10);
        assert!((ln_hypergeometric(300.0, 2.5, 2.5, z) + 300.0 * (1.0 - z).ln()).abs() < 1e-7);
    }

    #[test]
    fn the_authors_own_example_comes_out() {
        // Customer with x = 2, t_x = 30.43, T = 38.86: 1.226 expected purchases in 39 weeks (Fader, Hardie & Lee 2005, note).
        let expected = CDNOW.expected(&customer(2.0, 30.43, 38.86), 39.0);
        assert!((expected - 1.226).abs() < 0.01, "{expected}");
    }

    #[test]
    fn who_bought_once_is_always_alive_and_who_was_silent_long_is_not() {
        assert_eq!(CDNOW.alive(&customer(0.0, 0.0, 38.0)), 1.0);
        let (fresh, silent) = (CDNOW.alive(&customer(10.0, 37.0, 38.0)), CDNOW.alive(&customer(10.0, 10.0, 38.0)));
        assert!(fresh > 0.9 && silent < 0.01, "{fresh} {silent}");
        assert!(CDNOW.expected(&customer(500.0, 37.0, 38.0), 39.0).is_finite());
    }

    #[test]
    fn a_planted_world_is_found_again() {
        let planted = BgNbd { r: 0.8, alpha: 5.0, a: 0.7, b: 3.0 };
        let customers = buyers(&planted, 3000, 60.0, 7).into_iter().map(|(seen, _)| seen).collect::<Vec<_>>();
        let found = BgNbd::fitted(&customers);
        assert!((found.r / found.alpha - 0.16).abs() < 0.03, "{found:?}");
        let stops = found.a / (found.a + found.b);
        assert!((stops - 0.7 / 3.7).abs() < 0.06, "{found:?}");
    }
}
