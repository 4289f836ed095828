//! How a KPI stands: a shape and a word, never a colour alone.

use serde::{Deserialize, Serialize};

use super::kpi::Better;
use super::target::Target;

/// How a KPI stands against its thresholds. No data is a state of its own: neither fine nor critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not beyond the warning threshold; it may still be short of the target.
    Fine,
    /// Beyond the warning threshold.
    Warning,
    /// Beyond the critical threshold.
    Critical,
    /// There is nothing to judge.
    NoData,
}

impl State {
    /// All, the best first.
    pub const ALL: [Self; 4] = [Self::Fine, Self::Warning, Self::Critical, Self::NoData];

    /// Judges a value. Exactly on a threshold is not beyond it.
    ///
    /// ```
    /// use muster::alignment::{Kpi, State};
    /// let churn = Kpi::Churn.default_target();
    /// assert_eq!(State::of(Some(0.07), &churn, Kpi::Churn.better()), State::Fine);
    /// assert_eq!(State::of(Some(0.08), &churn, Kpi::Churn.better()), State::Warning);
    /// ```
    #[must_use]
    pub fn of(value: Option<f64>, target: &Target, better: Better) -> Self {
        let Some(value) = value.filter(|value| value.is_finite()) else { return Self::NoData };
        let beyond = |threshold: f64| match better {
            Better::Higher => value < threshold,
            Better::Lower => value > threshold,
        };
        match () {
            () if beyond(target.critical) => Self::Critical,
            () if beyond(target.warning) => Self::Warning,
            () => Self::Fine,
        }
    }

    /// How much it counts among priorities (spec 3.6).
    #[must_use]
    pub fn severity(self) -> f64 {
        match self {
            Self::Critical => 3.0,
            Self::Warning => 2.0,
            Self::Fine | Self::NoData => 1.0,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::NoData => "no data",
        }
    }

    /// Its word in JSON and in a table.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            other => other.word(),
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Fine => "●",
            Self::Warning => "▲",
            Self::Critical => "■",
            Self::NoData => "○",
        }
    }

    /// Its name in a style sheet: `light-…`.
    #[must_use]
    pub fn look(self) -> &'static str {
        match self {
            Self::Fine => "on",
            Self::Warning => "watch",
            Self::Critical => "off",
            Self::NoData => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Kpi;

    #[track_caller]
    fn check(kpi: Kpi, value: impl Into<Option<f64>>, expected: State) {
        let value = value.into();
        assert_eq!(State::of(value, &kpi.default_target(), kpi.better()), expected, "{kpi:?} {value:?}");
    }

    #[test]
    fn exactly_on_a_threshold_is_not_beyond_it() {
        check(Kpi::D7Retention, 0.20, State::Fine);
        check(Kpi::D7Retention, 0.1999, State::Warning);
        check(Kpi::D7Retention, 0.15, State::Warning);
        check(Kpi::D7Retention, 0.1499, State::Critical);
        check(Kpi::Growth, 0.0, State::Warning);
        check(Kpi::Growth, -0.001, State::Critical);
    }

    #[test]
    fn where_lower_is_better_more_is_worse() {
        check(Kpi::Churn, 0.0, State::Fine);
        check(Kpi::Churn, 0.0701, State::Warning);
        check(Kpi::Churn, 0.10, State::Warning);
        check(Kpi::Churn, 0.1001, State::Critical);
    }

    #[test]
    fn no_data_is_neither_fine_nor_critical() {
        check(Kpi::Churn, None, State::NoData);
        check(Kpi::Activation, f64::NAN, State::NoData);
    }
}
