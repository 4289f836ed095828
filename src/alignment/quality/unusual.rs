//! Is the count of a day far from the usual? By the robust z-score: the distance to the median of the same weekday, in robust
//! standard deviations (1.4826 × the median absolute deviation; Iglewicz and Hoaglin 1993). Rare counts vary by chance alone, so
//! the deviation is never below that of a Poisson count or a tenth of the usual.

/// Earlier days of the same weekday that a day is compared with, at least.
pub const AT_LEAST: usize = 4;

/// How usual a count is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The median of the earlier counts.
    pub median: f64,
    /// How many robust standard deviations the count is above it.
    pub z: f64,
}

/// A count against the earlier ones of its weekday; `None`: there are too few.
#[must_use]
pub fn usual(count: f64, earlier: &[f64]) -> Option<Usual> {
    if earlier.len() < AT_LEAST {
        return None;
    }
    let median = middle(earlier);
    let deviations: Vec<f64> = earlier.iter().map(|it| (it - median).abs()).collect();
    let deviation = (1.4826 * middle(&deviations)).max(median.sqrt()).max(0.1 * median).max(1.0);
    Some(Usual { median, z: (count - median) / deviation })
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_like_the_others_is_usual_and_a_file_imported_twice_is_not() {
        let earlier = [100.0, 104.0, 96.0, 100.0, 98.0, 103.0];
        assert!(usual(110.0, &earlier).unwrap().z.abs() < 2.0);
        assert!(usual(200.0, &earlier).unwrap().z > 6.0);
        assert!(usual(0.0, &earlier).unwrap().z < -6.0);
    }

    #[test]
    fn one_outlier_among_the_earlier_days_moves_nothing() {
        let with = usual(100.0, &[100.0, 99.0, 101.0, 100.0, 5_000.0]).unwrap();
        assert!((with.median - 100.0).abs() < 1e-9 && with.z.abs() < 1.0);
    }

    #[test]
    fn small_counts_vary_by_chance() {
        assert!(usual(4.0, &[1.0, 0.0, 1.0, 2.0]).unwrap().z < 6.0);
        assert_eq!(usual(4.0, &[1.0, 0.0, 1.0]), None);
    }
}
