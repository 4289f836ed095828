//! Whether a number is where it should be: a shape and a word, never a colour alone.

use serde::{Deserialize, Serialize};

/// A traffic light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// At the target or beyond it.
    OnTarget,
    /// Near it.
    Watch,
    /// Away from it.
    OffTarget,
    /// Nothing to judge.
    NoData,
}

impl Light {
    /// Judges a value where more is better; below `watch` it is off target.
    #[must_use]
    pub fn of(value: Option<f64>, target: f64, watch: f64) -> Self {
        match value {
            None => Self::NoData,
            Some(value) if value >= target => Self::OnTarget,
            Some(value) if value >= watch => Self::Watch,
            Some(_) => Self::OffTarget,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OnTarget => "on target",
            Self::Watch => "watch",
            Self::OffTarget => "off target",
            Self::NoData => "no data",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::OnTarget => "●",
            Self::Watch => "▲",
            Self::OffTarget => "■",
            Self::NoData => "○",
        }
    }

    /// Its name in a style sheet.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OnTarget => "on",
            Self::Watch => "watch",
            Self::OffTarget => "off",
            Self::NoData => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_target_is_on_target_and_no_data_is_neither_good_nor_bad() {
        let check = |value, expected| assert_eq!(Light::of(value, 0.95, 0.9), expected, "{value:?}");
        check(Some(0.95), Light::OnTarget);
        check(Some(0.949), Light::Watch);
        check(Some(0.9), Light::Watch);
        check(Some(0.899), Light::OffTarget);
        check(None, Light::NoData);
    }
}
