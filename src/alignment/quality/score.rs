//! How good is the data, 0–100? Each check weighs equally and counts by its share of good rows; one that had nothing to judge
//! is left out (spec 3.6).

/// At this score and above there are minor issues at most.
pub const MINOR_FROM: f64 = 80.0;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Rows looked at.
    pub judged: i64,
    /// Bad ones of them.
    pub bad: i64,
}

impl Tally {
    /// Its share of good rows as 0–100; `None`: nothing to judge.
    #[must_use]
    pub fn score(self) -> Option<f64> {
        (self.judged > 0).then(|| 100.0 * (1.0 - self.bad.clamp(0, self.judged) as f64 / self.judged as f64))
    }
}

/// The mean of the checks that had something to judge; `None`: none had.
#[must_use]
pub fn score(tallies: impl IntoIterator<Item = Tally>) -> Option<f64> {
    let scores: Vec<f64> = tallies.into_iter().filter_map(Tally::score).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// The word for a score.
#[must_use]
pub fn word(score: Option<f64>) -> &'static str {
    match score {
        None => "nothing to judge",
        Some(score) if score >= MINOR_FROM => "minor issues at most",
        Some(_) => "issues",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_weighs_equally_however_many_rows_it_judged() {
        let of = |judged, bad| Tally { judged, bad };
        assert_eq!(score([of(1_000_000, 0), of(2, 1)]), Some(75.0));
        assert_eq!(score([of(10, 10), of(0, 0)]), Some(0.0), "what had nothing to judge is left out");
        assert_eq!(score([of(0, 0)]), None);
    }

    #[test]
    fn eighty_is_minor_and_less_is_an_issue() {
        assert_eq!(
            (word(Some(80.0)), word(Some(79.9)), word(None)),
            ("minor issues at most", "issues", "nothing to judge")
        );
    }
}
