//! Theta: half the straight line through everything, half an exponentially weighted level.

/// The theta method with its usual two lines (Assimakopoulos & Nikolopoulos 2000), which is simple exponential smoothing
/// with a drift of half the slope of the straight line (Hyndman & Billah 2003). The smoothing is the one with the
/// least squared one-step errors.
#[must_use]
pub fn theta(history: &[f64], horizon: usize) -> Vec<f64> {
    let n = history.len();
    if n < 3 {
        return vec![history.last().copied().unwrap_or(0.0); horizon];
    }
    let alpha = best_alpha(history);
    let (level, _) = smoothed(history, alpha);
    let drift = slope(history) / 2.0;
    // The level lags behind the line by so many steps.
    let lag = (1.0 - (1.0 - alpha).powi(n as i32)) / alpha;
    (0..horizon).map(|h| level + drift * (h as f64 + lag)).collect()
}

/// Slope of the least-squares line over the positions.
#[must_use]
pub fn slope(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let (middle, mean) = ((n - 1.0) / 2.0, values.iter().sum::<f64>() / n);
    let (mut up, mut down) = (0.0, 0.0);
    for (at, value) in values.iter().enumerate() {
        let off = at as f64 - middle;
        up += off * (value - mean);
        down += off * off;
    }
    if down > 0.0 { up / down } else { 0.0 }
}

/// Simple exponential smoothing: the last level, and the squared one-step errors.
fn smoothed(values: &[f64], alpha: f64) -> (f64, f64) {
    let mut level = values[0];
    let mut squares = 0.0;
    for value in &values[1..] {
        let error = value - level;
        squares += error * error;
        level += alpha * error;
    }
    (level, squares)
}

/// By golden section between 0.01 and 0.99.
fn best_alpha(values: &[f64]) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let loss = |alpha: f64| smoothed(values, alpha).1;
    let (mut low, mut high) = (0.01, 0.99);
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut loss_a, mut loss_b) = (loss(a), loss(b));
    for _ in 0..20 {
        if loss_a <= loss_b {
            (high, b, loss_b) = (b, a, loss_a);
            a = high - GOLDEN * (high - low);
            loss_a = loss(a);
        } else {
            (low, a, loss_a) = (a, b, loss_b);
            b = low + GOLDEN * (high - low);
            loss_b = loss(b);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_continued_at_half_its_slope_from_where_it_is() {
        // The level of 0, 1, … 9 by alpha 0.99 is 8.99 (lag 1.01): the drift of 0.5 makes up half the lag.
        let line: Vec<f64> = (0..10).map(f64::from).collect();
        let told = theta(&line, 3);
        for (h, expected) in [9.495, 9.995, 10.495].into_iter().enumerate() {
            assert!((told[h] - expected).abs() < 0.02, "{told:?}");
        }
    }

    #[test]
    fn by_hand_of_four_days() {
        // 2, 4, 3, 5: slope 0.8. With alpha 0.5 the level goes 2, 3, 3, 4 and the squared errors are 4 + 0 + 4 = 8.
        assert!((slope(&[2.0, 4.0, 3.0, 5.0]) - 0.8).abs() < 1e-12);
        assert_eq!(smoothed(&[2.0, 4.0, 3.0, 5.0], 0.5), (4.0, 8.0));
    }

    #[test]
    fn a_constant_stays() {
        assert!(theta(&[7.0; 20], 5).iter().all(|value| (value - 7.0).abs() < 1e-9));
        assert_eq!(theta(&[7.0], 2), [7.0, 7.0]);
        assert_eq!(theta(&[], 1), [0.0]);
    }

    #[test]
    fn more_of_everything_is_continued_as_more() {
        let history: Vec<f64> = (0..50).map(|day| f64::from(day * day % 17)).collect();
        let more: Vec<f64> = history.iter().map(|value| value + 1000.0).collect();
        for (a, b) in theta(&history, 10).iter().zip(theta(&more, 10)) {
            assert!((a + 1000.0 - b).abs() < 1e-6, "{a} {b}");
        }
    }
}
