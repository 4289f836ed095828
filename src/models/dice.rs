//! Chance that is the same on every machine: which rows are held out, which are drawn.

/// A stream of even throws (SplitMix64, Steele, Lea & Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly in 0 ≤ x < 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.unit() * (last + 1) as f64) as usize);
        }
    }
}

/// Deals the rows into `k` folds so that each has its share of either outcome; returns the fold of each.
pub(crate) fn folds(outcomes: &[bool], k: usize, seed: u64) -> Vec<usize> {
    let mut dice = Dice::new(seed);
    let mut fold = vec![0; outcomes.len()];
    let mut dealt = 0;
    for wanted in [true, false] {
        let mut rows: Vec<usize> = (0..outcomes.len()).filter(|row| outcomes[*row] == wanted).collect();
        dice.shuffle(&mut rows);
        for row in rows {
            fold[row] = dealt % k;
            dealt += 1;
        }
    }
    fold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fold_has_its_share_and_a_seed_deals_the_same() {
        let outcomes: Vec<bool> = (0..103).map(|row| row % 5 == 0).collect();
        let dealt = folds(&outcomes, 5, 7);
        for fold in 0..5 {
            let hits = (0..103).filter(|row| dealt[*row] == fold && outcomes[*row]).count();
            let rows = dealt.iter().filter(|dealt| **dealt == fold).count();
            assert!((4..=5).contains(&hits) && (20..=21).contains(&rows), "fold {fold}: {hits} of {rows}");
        }
        assert_eq!(dealt, folds(&outcomes, 5, 7));
        assert_ne!(dealt, folds(&outcomes, 5, 8));
    }
}
