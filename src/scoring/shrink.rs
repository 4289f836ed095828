//! Ranking fairly: few shifts say little, so a score is drawn towards the cohort's mean (empirical Bayes, spec 3.2).

/// A worker's score with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Shifts.
    pub n: f64,
    /// Score.
    pub score: f64,
}

/// The variance of a worker's days about the worker's own score, pooled over workers: Σ nᵈ(sᵈ − s)² / Σ(D − 1).
/// Each worker is a list of days `(nᵈ, sᵈ)` and the score `s`. `None` when nobody has two days.
#[must_use]
pub fn variance_within<'a>(workers: impl IntoIterator<Item = (&'a [(f64, f64)], f64)>) -> Option<f64> {
    let (mut spread, mut freedom) = (0.0, 0.0);
    for (days, score) in workers {
        if days.len() > 1 {
            spread += days.iter().map(|(n, day)| n * (day - score).powi(2)).sum::<f64>();
            freedom += days.len() as f64 - 1.0;
        }
    }
    (freedom > 0.0).then(|| spread / freedom)
}

/// The mean of the cohort, weighted by shifts.
#[must_use]
pub fn mean(workers: &[Sample]) -> Option<f64> {
    let n: f64 = workers.iter().map(|worker| worker.n).sum();
    (n > 0.0).then(|| workers.iter().map(|worker| worker.n * worker.score).sum::<f64>() / n)
}

/// Prior strength k = σ²/τ² in shifts, with τ² by the method of moments:
/// τ² = max(0, (Σ n(s − m)² − (W − 1)σ²) / (N − Σn²/N)). `None`: workers do not differ more than chance, do not rank.
#[must_use]
pub fn prior_strength(workers: &[Sample], within: f64) -> Option<f64> {
    let m = mean(workers)?;
    let total: f64 = workers.iter().map(|worker| worker.n).sum();
    let squares: f64 = workers.iter().map(|worker| worker.n * worker.n).sum();
    let spread: f64 = workers.iter().map(|worker| worker.n * (worker.score - m).powi(2)).sum();
    let between = (spread - (workers.len() as f64 - 1.0) * within) / (total - squares / total);
    (between.is_finite() && between > 0.0).then(|| within / between)
}

/// The shrunk score (n·s + k·m)/(n + k).
#[must_use]
pub fn shrunk(worker: Sample, mean: f64, k: f64) -> f64 {
    (worker.n * worker.score + k * mean) / (worker.n + k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_specification() {
        let workers = [(20.0, 80.0), (5.0, 40.0), (20.0, 70.0)].map(|(n, score)| Sample { n, score });
        let m = mean(&workers).unwrap();
        let k = prior_strength(&workers, 400.0).unwrap();
        assert!((k - 1.89).abs() < 0.005, "{k}");
        let shrunk = workers.map(|worker| (shrunk(worker, m, k) * 10.0).round() / 10.0);
        assert_eq!(shrunk, [79.2, 48.5, 70.1]);
    }

    #[test]
    fn workers_who_differ_by_chance_only_are_not_ranked() {
        let workers = [(10.0, 70.0), (10.0, 71.0), (10.0, 69.0)].map(|(n, score)| Sample { n, score });
        assert_eq!(prior_strength(&workers, 400.0), None);
    }

    #[test]
    fn the_variance_within_by_hand() {
        // Days 60 and 80 of one shift each about 70: 100 + 100 over 1; a worker of one day adds nothing.
        let a = [(1.0, 60.0), (1.0, 80.0)];
        let b = [(1.0, 50.0)];
        assert_eq!(variance_within([(&a[..], 70.0), (&b[..], 50.0)]), Some(200.0));
        assert_eq!(variance_within([(&b[..], 50.0)]), None);
    }
}
