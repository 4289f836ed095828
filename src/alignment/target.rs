//! What is asked of a KPI.

use serde::{Deserialize, Serialize};

use super::kpi::Better;
use crate::{Error, Result};

/// What is asked of a KPI, in its own unit: a share is 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Where it should be: above nought.
    pub target: f64,
    /// How much it counts in the score: 0–100, nought not at all.
    pub weight: f64,
    /// Worse than this is a warning.
    pub warning: f64,
    /// Worse than this is critical.
    pub critical: f64,
}

impl Target {
    /// A target of the catalogue.
    pub(super) const fn new(target: f64, weight: f64, warning: f64, critical: f64) -> Self {
        Self { target, weight, warning, critical }
    }

    /// Whether it makes sense: numbers, a target above nought, a weight of 0–100, and thresholds that get worse.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what to type instead.
    pub fn checked(self, better: Better) -> Result<Self> {
        let invalid = |why: &str| Err(Error::Invalid(why.into()));
        let Self { target, weight, warning, critical } = self;
        if ![target, weight, warning, critical].iter().all(|number| number.is_finite() && number.abs() < 1e9) {
            return invalid("Give each as a number.");
        }
        if target <= 0.0 {
            return invalid("A target is above nought.");
        }
        if !(0.0..=100.0).contains(&weight) {
            return invalid("A weight is between 0 and 100.");
        }
        match better {
            Better::Higher if !(critical <= warning && warning <= target) => {
                invalid("More is better here: the warning is not above the target, and critical not above the warning.")
            }
            Better::Lower if !(critical >= warning && warning >= target) => {
                invalid("Less is better here: the warning is not below the target, and critical not below the warning.")
            }
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Kpi;

    #[test]
    fn every_target_of_the_catalogue_makes_sense() {
        for kpi in Kpi::ALL {
            assert!(kpi.default_target().checked(kpi.better()).is_ok(), "{kpi:?}");
        }
    }

    #[test]
    fn a_share_is_asked_the_same_here_and_on_the_executives_page() {
        let goals = crate::executive::Goals::default();
        for (goal, kpi) in [(goals.fill_rate, Kpi::FillRate), (goals.compliance, Kpi::Compliance)] {
            let target = kpi.default_target();
            assert_eq!((goal.target, goal.critical), (target.target, target.critical), "{kpi:?}");
        }
    }

    #[test]
    fn thresholds_get_worse_and_nonsense_is_told_what_to_type() {
        let check = |target: Target, better, hint: &str| {
            let answer = target.checked(better).unwrap_err().to_string();
            assert!(answer.contains(hint), "{answer}");
        };
        check(Target::new(0.9, 10.0, 0.95, 0.8), Better::Higher, "More is better");
        check(Target::new(0.9, 10.0, 0.8, 0.85), Better::Higher, "More is better");
        check(Target::new(0.05, 10.0, 0.04, 0.1), Better::Lower, "Less is better");
        check(Target::new(0.0, 10.0, 0.0, 0.0), Better::Higher, "above nought");
        check(Target::new(0.9, 101.0, 0.8, 0.7), Better::Higher, "between 0 and 100");
        check(Target::new(f64::NAN, 10.0, 0.8, 0.7), Better::Higher, "number");
    }
}
