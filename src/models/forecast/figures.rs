//! How far off was a forecast, and did its bands hold what came? Each figure by its textbook definition.

/// Mean absolute error over that of the same day of the week before within the history (MASE, Hyndman & Koehler 2006, m = 7).
/// Below 1 is better than that usually was. `None` where nothing is known, or where every week was like the one before.
#[must_use]
pub fn mase(told: &[f64], came: &[Option<f64>], usual: f64) -> Option<f64> {
    let (sum, n) = pairs(told, came).fold((0.0, 0.0), |(sum, n), (told, came)| (sum + (told - came).abs(), n + 1.0));
    (usual > 0.0 && n > 0.0).then(|| sum / n / usual)
}

/// Mean of the distance over the mean of both sizes, in per cent, 0–200 (sMAPE, Makridakis 1993); 0 where both are 0.
#[must_use]
pub fn smape(told: &[f64], came: &[Option<f64>]) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0.0);
    for (told, came) in pairs(told, came) {
        let size = told.abs() + came.abs();
        sum += if size > 0.0 { 200.0 * (told - came).abs() / size } else { 0.0 };
        n += 1.0;
    }
    (n > 0.0).then(|| sum / n)
}

/// Distance of the totals over the size of the one that came; `None` where that is 0. Days that are not known are in neither.
#[must_use]
pub fn total_error(told: &[f64], came: &[Option<f64>]) -> Option<f64> {
    let (told, came) = pairs(told, came).fold((0.0, 0.0), |(a, b), (told, came)| (a + told, b + came));
    (came != 0.0).then(|| ((told - came) / came).abs())
}

/// Width of a band, and for what fell outside its distance to it times 2 / α (Gneiting & Raftery 2007). Less is better.
#[must_use]
pub fn interval_score(low: f64, high: f64, came: f64, level: f64) -> f64 {
    (high - low) + 2.0 / (1.0 - level) * ((low - came).max(0.0) + (came - high).max(0.0))
}

fn pairs(told: &[f64], came: &[Option<f64>]) -> impl Iterator<Item = (f64, f64)> {
    told.iter().zip(came).filter_map(|(told, came)| Some((*told, (*came)?)))
}

/// The value below which a share `p` of sorted values lies, straight between the values, each at rank / (n + 1).
#[must_use]
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let (below, part) = (at as usize, at.fract());
    let above = (below + 1).min(last);
    sorted[below] * (1.0 - part) + sorted[above] * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_of_three_days() {
        // Off by 1, 2 and an unknown day; usually 3 off.
        let (told, came) = ([10.0, 6.0, 9.0], [Some(9.0), Some(8.0), None]);
        assert_eq!(mase(&told, &came, 3.0), Some(0.5));
        // 200 · 1/19 and 200 · 2/14.
        assert!((smape(&told, &came).unwrap() - (200.0 / 19.0 + 400.0 / 14.0) / 2.0).abs() < 1e-12);
        // 16 told, 17 came.
        assert!((total_error(&told, &came).unwrap() - 1.0 / 17.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        assert_eq!((mase(&[1.0], &[Some(1.0)], 0.0), mase(&[1.0], &[None], 1.0)), (None, None));
        assert_eq!((smape(&[0.0], &[Some(0.0)]), total_error(&[1.0], &[Some(0.0)])), (Some(0.0), None));
    }

    #[test]
    fn a_band_is_charged_for_its_width_and_for_what_it_missed() {
        assert_eq!(interval_score(2.0, 6.0, 5.0, 0.8), 4.0);
        assert!((interval_score(2.0, 6.0, 7.5, 0.8) - (4.0 + 10.0 * 1.5)).abs() < 1e-9);
        assert!((interval_score(2.0, 6.0, 1.0, 0.95) - (4.0 + 40.0)).abs() < 1e-9);
    }

    #[test]
    fn quantiles_lie_between_the_values() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        for (p, expected) in [(0.5, 2.5), (0.2, 1.0), (0.8, 4.0), (0.99, 4.0), (0.3, 1.5)] {
            assert!((quantile(&sorted, p) - expected).abs() < 1e-12, "{p}");
        }
    }
}
