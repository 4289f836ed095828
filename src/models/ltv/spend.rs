//! How much will everybody spend? How often, times how much each time.

use super::customers::Customer;
use super::money::GammaGamma;
use super::purchases::BgNbd;
use crate::models::dice::Dice;

/// The two models are fitted to no more customers than this; from more, so many are drawn.
const MOST_FITTED: usize = 8_000;

/// Both models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    /// How often.
    pub purchases: BgNbd,
    /// How much.
    pub money: GammaGamma,
}

impl Spend {
    /// Fitted to what was known before the cutoff.
    #[must_use]
    pub fn fitted(customers: &[Customer], seed: u64) -> Self {
        let mut drawn = customers.to_vec();
        if drawn.len() > MOST_FITTED {
            Dice::new(seed).shuffle(&mut drawn);
            drawn.truncate(MOST_FITTED);
        }
        Self { purchases: BgNbd::fitted(&drawn), money: GammaGamma::fitted(&drawn) }
    }

    /// What a customer will spend in so many weeks.
    #[must_use]
    pub fn expected(&self, one: &Customer, weeks: f64) -> f64 {
        self.purchases.expected(one, weeks) * self.money.expected(one)
    }
}
