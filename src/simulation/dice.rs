//! Seeded chance. Every decision throws its own dice, keyed by what it is about, so that any day of any worker can be
//! simulated alone and again: nothing depends on the order in which the tables are written.

use rand::RngCore;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a throw is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Topic {
    Site = 1,
    Worker,
    Life,
    Records,
    Leave,
    Week,
    Open,
    Attendance,
    Tasks,
    Patrol,
    Orders,
    Incidents,
    Kudos,
    Hours,
    Coaching,
    Fill,
    Rosters,
    Money,
    Wishes,
    Staffing,
    Partner,
    Arrivals,
    Customer,
    Demand,
    Sale,
    Growth,
    Spend,
}

/// The dice of one decision.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice for `topic`, told apart by two numbers such as a worker and a day.
    pub fn new(seed: u64, topic: Topic, a: u64, b: u64) -> Self {
        let mut key = [0; 32];
        for (place, number) in key.chunks_exact_mut(8).zip([seed, topic as u64, a, b]) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Evenly in 0 ≤ x < 1.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly in `from` ≤ x < `to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// A whole number, both ends included.
    pub fn whole(&mut self, from: i64, to: i64) -> i64 {
        from + (self.unit() * (to - from + 1) as f64) as i64
    }

    /// An index below `n`.
    pub fn index(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// One of them.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// Whether it happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Bell-shaped with mean 0 and deviation 1, never beyond ±3.5: four even throws added, the same on every machine.
    pub fn bell(&mut self) -> f64 {
        let bits = self.0.next_u64();
        let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
        (sum as f64 / 65_536.0 - 2.0) * 3_f64.sqrt()
    }

    /// How often something happens whose mean is `mean` (Poisson; meant for small means).
    pub fn count(&mut self, mean: f64) -> usize {
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut n = 0;
        while product > limit && n < 50 {
            product *= self.unit();
            n += 1;
        }
        n
    }
}

/// From −∞…∞ to 0…1.
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_throws_the_same() {
        let throw = |a| Dice::new(7, Topic::Site, a, 2).unit();
        assert!((throw(1) - throw(1)).abs() < f64::EPSILON);
        assert!((throw(1) - throw(2)).abs() > f64::EPSILON);
    }

    #[test]
    fn the_bell_has_mean_zero_and_deviation_one() {
        let mut dice = Dice::new(1, Topic::Site, 0, 0);
        let throws: Vec<f64> = (0..20_000).map(|_| dice.bell()).collect();
        let mean = throws.iter().sum::<f64>() / 20_000.0;
        let variance = throws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "mean {mean}, variance {variance}");
    }

    #[test]
    fn counts_have_the_mean_asked_for() {
        let mut dice = Dice::new(2, Topic::Site, 0, 0);
        let sum: usize = (0..20_000).map(|_| dice.count(0.7)).sum();
        assert!((sum as f64 / 20_000.0 - 0.7).abs() < 0.03);
    }
}
