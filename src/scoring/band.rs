//! The five bands of a score.

use serde::{Deserialize, Serialize};

/// A band. Half-open, without gaps: 89.99 is strong, 90 is exceptional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the bounds are in Band::floor")]
pub enum Band {
    NeedsSupport,
    Developing,
    Solid,
    Strong,
    Exceptional,
}

impl Band {
    /// All, lowest first.
    pub const ALL: [Self; 5] = [Self::NeedsSupport, Self::Developing, Self::Solid, Self::Strong, Self::Exceptional];

    /// The band of a score.
    #[must_use]
    pub fn of(score: f64) -> Self {
        Self::ALL.into_iter().rev().find(|band| score >= band.floor()).unwrap_or(Self::NeedsSupport)
    }

    /// The lowest score in it.
    #[must_use]
    pub fn floor(self) -> f64 {
        match self {
            Self::NeedsSupport => 0.0,
            Self::Developing => 40.0,
            Self::Solid => 60.0,
            Self::Strong => 75.0,
            Self::Exceptional => 90.0,
        }
    }

    /// The next better one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|band| *band > self)
    }

    /// Its name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NeedsSupport => "needs support",
            Self::Developing => "developing",
            Self::Solid => "solid",
            Self::Strong => "strong",
            Self::Exceptional => "exceptional",
        }
    }

    /// Its name in data and style sheets.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NeedsSupport => "needs_support",
            Self::Developing => "developing",
            Self::Solid => "solid",
            Self::Strong => "strong",
            Self::Exceptional => "exceptional",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(score: f64, expected: Band) {
        assert_eq!(Band::of(score), expected, "{score}");
    }

    #[test]
    fn bands_have_no_gaps() {
        check(0.0, Band::NeedsSupport);
        check(39.999_999_999, Band::NeedsSupport);
        check(40.0, Band::Developing);
        check(59.99, Band::Developing);
        check(60.0, Band::Solid);
        check(74.99, Band::Solid);
        check(75.0, Band::Strong);
        check(89.99, Band::Strong);
        check(90.0, Band::Exceptional);
        check(100.0, Band::Exceptional);
    }

    #[test]
    fn a_score_that_only_floating_point_keeps_below_is_in_the_band() {
        check(crate::scoring::rounded(89.999_999_999_999), Band::Exceptional);
    }
}
