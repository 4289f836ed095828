//! How much will everybody spend? How often, times how much each time.

use super::customers::Customer;
use super::money::GammaGamma;
use super::pareto::ParetoNbd;
use super::purchases::BgNbd;
use crate::models::dice::Dice;

/// The two models are fitted to no more customers than this; from more, so many are drawn.
const MOST_FITTED: usize = 8_000;

/// Pareto/NBD is fitted to no more: each step of its search takes an integral of each customer.
const MOST_INTEGRATED: usize = 3_000;

/// The models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    /// How often, if customers leave after a purchase.
    pub purchases: BgNbd,
    /// How often, if they leave at any time.
    pub lifetimes: ParetoNbd,
    /// How much.
    pub money: GammaGamma,
}

impl Spend {
    /// Fitted to what was known before the cutoff.
    #[must_use]
    pub fn fitted(customers: &[Customer], seed: u64) -> Self {
        let mut drawn = customers.to_vec();
        if drawn.len() > MOST_INTEGRATED {
            Dice::new(seed).shuffle(&mut drawn);
            drawn.truncate(MOST_FITTED);
        }
        Self {
            purchases: BgNbd::fitted(&drawn),
            lifetimes: ParetoNbd::fitted(&drawn[..drawn.len().min(MOST_INTEGRATED)]),
            money: GammaGamma::fitted(&drawn),
        }
    }

    /// What a customer will spend in so many weeks: the mean of both models' days of purchase, times what one is worth.
    #[must_use]
    pub fn expected(&self, one: &Customer, weeks: f64) -> f64 {
        (self.purchases.expected(one, weeks) + self.lifetimes.expected(one, weeks)) / 2.0 * self.money.expected(one)
    }
}
