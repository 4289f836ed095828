//! What will a customer still be worth, and will there be another purchase?
//!
//! How often is told by the mean of BG/NBD ([`BgNbd`]) and Pareto/NBD ([`ParetoNbd`]), how much by Gamma-Gamma ([`GammaGamma`]), each
//! by maximum likelihood. BG/NBD says that everybody who bought once is still there: so who leaves is told by Pareto/NBD and by a
//! classifier on recency, frequency and money, learned at earlier cutoffs. [`backtest()`] compares both with what customers then did.

mod backtest;
mod churn;
mod customers;
mod file;
mod kept;
mod money;
mod optimum;
mod pareto;
mod purchases;
mod report;
mod spend;
mod worth;

pub use backtest::{Holdout, backtest};
pub use churn::{Looks, RECENCY};
pub use customers::{Customer, Ledger};
pub use file::{LtvAsked, Payments};
pub use kept::{NAME, estimate, train};
pub use money::GammaGamma;
pub use pareto::ParetoNbd;
pub use purchases::BgNbd;
pub use report::{ChurnFigures, LtvReport, LtvVerdict, SpendFigures};
pub use spend::Spend;
pub use worth::{SILENT_DAYS, Worth, worths};

#[cfg(test)]
mod testing {
    use super::customers::Customer;
    use super::purchases::BgNbd;
    use crate::models::dice::Dice;

    /// A gamma throw (Marsaglia & Tsang 2000; below a shape of 1 by their boost).
    fn gamma(dice: &mut Dice, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = (1.0 - dice.unit()).powf(1.0 / shape);
            return boost * gamma(dice, shape + 1.0);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let normal = (-2.0 * (1.0 - dice.unit()).ln()).sqrt() * (std::f64::consts::TAU * dice.unit()).cos();
            let cube = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
            if cube > 0.0 && (1.0 - dice.unit()).ln() < normal * normal / 2.0 + d - d * cube + d * cube.ln() {
                return d * cube;
            }
        }
    }

    /// Customers of a planted world at an age of so many weeks, with their purchases in as many weeks after.
    pub fn buyers(world: &BgNbd, count: usize, weeks: f64, seed: u64) -> Vec<(Customer, f64)> {
        let mut dice = Dice::new(seed);
        (0..count)
            .map(|_| {
                let rate = gamma(&mut dice, world.r) / world.alpha;
                let (x, y) = (gamma(&mut dice, world.a), gamma(&mut dice, world.b));
                let stops = x / (x + y);
                let (mut at, mut repeats, mut last, mut after) = (0.0, 0.0, 0.0, 0.0);
                loop {
                    at += -(1.0 - dice.unit()).ln() / rate.max(1e-9);
                    if at > 2.0 * weeks {
                        break;
                    }
                    if at <= weeks {
                        (repeats, last) = (repeats + 1.0, at);
                    } else {
                        after += 1.0;
                    }
                    if dice.unit() < stops {
                        break;
                    }
                }
                let seen = Customer {
                    repeats,
                    last,
                    age: weeks,
                    purchases: repeats + 1.0,
                    mean: 10.0,
                    returned: 0.0,
                    lately: [0.0; 2],
                };
                (seen, after)
            })
            .collect()
    }
}
