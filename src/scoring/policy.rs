//! How much each component and part weighs. Data, versioned per organization; the defaults are spec 3.1.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Component, Part};
use crate::{Error, Result};

/// The weights a score is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    components: BTreeMap<Component, f64>,
    parts: BTreeMap<Part, f64>,
}

impl Default for Policy {
    fn default() -> Self {
        use Component::{Attendance, Patrol, Safety, Service, Tasks};
        let components = [(Attendance, 30.0), (Tasks, 25.0), (Patrol, 20.0), (Service, 15.0), (Safety, 10.0)].into();
        let parts = [
            (Part::AttendanceRate, 35.0),
            (Part::OnTime, 30.0),
            (Part::NoShow, 15.0),
            (Part::Lateness, 10.0),
            (Part::Geofence, 10.0),
            (Part::OvertimeAcceptance, 0.0),
            (Part::TaskCompletion, 30.0),
            (Part::TaskSla, 30.0),
            (Part::FirstTimePass, 20.0),
            (Part::TaskQuality, 20.0),
            (Part::Coverage, 35.0),
            (Part::TourCompletion, 30.0),
            (Part::TourTiming, 25.0),
            (Part::Detection, 10.0),
            (Part::OrderSla, 35.0),
            (Part::ResolutionTime, 25.0),
            (Part::Satisfaction, 25.0),
            (Part::OrderQuality, 15.0),
            (Part::Certifications, 40.0),
            (Part::Training, 25.0),
            (Part::Documentation, 15.0),
            (Part::Incidents, 20.0),
        ]
        .into();
        Self { components, parts }
    }
}

impl Policy {
    /// The weight of a component; 0: it does not count.
    #[must_use]
    pub fn of(&self, component: Component) -> f64 {
        self.components.get(&component).copied().unwrap_or(0.0)
    }

    /// The weight of a part within its component; 0: it is shown and does not count.
    #[must_use]
    pub fn within(&self, part: Part) -> f64 {
        self.parts.get(&part).copied().unwrap_or(0.0)
    }

    /// Another weight for a component.
    #[must_use]
    pub fn with(mut self, component: Component, weight: f64) -> Self {
        self.components.insert(component, weight);
        self
    }

    /// The policy of these weights, each from 0 to 100: those of the components add up to 100, and so do those of the parts of each
    /// component that counts, so that a weight reads as per cent. What is not named weighs nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what to mend.
    pub fn of_weights(components: BTreeMap<Component, f64>, parts: BTreeMap<Part, f64>) -> Result<Self> {
        let policy = Self { components, parts };
        let each = policy.components.values().chain(policy.parts.values());
        if each.into_iter().any(|weight| !weight.is_finite() || !(0.0..=100.0).contains(weight)) {
            return Err(Error::Invalid("Each weight is a number from 0 to 100.".into()));
        }
        hundred("the components", Component::ALL.iter().map(|it| policy.of(*it)).sum())?;
        for component in Component::ALL.iter().filter(|it| policy.of(**it) > 0.0) {
            hundred(component.label(), component.parts().iter().map(|part| policy.within(*part)).sum())?;
        }
        Ok(policy)
    }

    /// The weights by name, as the audit log keeps them.
    #[must_use]
    pub fn weights(&self) -> serde_json::Value {
        let components = Component::ALL.iter().map(|it| (it.code().to_owned(), self.of(*it).into()));
        let parts = Part::ALL.iter().map(|it| (it.code().to_owned(), self.within(*it).into()));
        serde_json::Value::Object(components.chain(parts).collect())
    }

    /// Reads a stored policy.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] for a name that is unknown, a weight below 0 or not finite, or nothing that counts.
    pub fn from_json(value: serde_json::Value) -> Result<Self> {
        let policy: Self =
            serde_json::from_value(value).map_err(|cause| Error::Misconfigured(format!("score policy: {cause}")))?;
        let sound =
            policy.components.values().chain(policy.parts.values()).all(|weight| weight.is_finite() && *weight >= 0.0);
        if !sound || policy.components.values().sum::<f64>() <= 0.0 {
            return Err(Error::Misconfigured(
                "score policy: weights must be 0 or more, and one component must count".into(),
            ));
        }
        Ok(policy)
    }
}

fn hundred(of: &str, sum: f64) -> Result<()> {
    if (sum - 100.0).abs() < 0.005 {
        return Ok(());
    }
    Err(Error::Invalid(format!("The weights of {of} add up to {sum}; they must add up to 100.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_weights_add_up_to_a_hundred() {
        let policy = Policy::default();
        assert!((Component::ALL.iter().map(|component| policy.of(*component)).sum::<f64>() - 100.0).abs() < 1e-12);
        for component in Component::ALL {
            let within: f64 = component.parts().iter().map(|part| policy.within(*part)).sum();
            assert!((within - 100.0).abs() < 1e-12, "{component:?}");
        }
    }

    #[test]
    fn a_policy_survives_storage_and_a_broken_one_is_refused() {
        let policy = Policy::default().with(Component::Patrol, 0.0);
        assert_eq!(Policy::from_json(serde_json::to_value(&policy).unwrap()).unwrap(), policy);
        assert!(Policy::from_json(serde_json::json!({"components": {"luck": 1.0}, "parts": {}})).is_err());
        assert!(Policy::from_json(serde_json::json!({"components": {"patrol": -1.0}, "parts": {}})).is_err());
    }

    #[test]
    fn weights_must_add_up_to_a_hundred_where_they_count() {
        let default = Policy::default();
        let check = |components: BTreeMap<Component, f64>, parts: BTreeMap<Part, f64>, expected: Option<&str>| {
            let said = Policy::of_weights(components, parts).err().map(|cause| cause.to_string());
            assert_eq!(said.is_some(), expected.is_some(), "{said:?}");
            assert!(said.unwrap_or_default().contains(expected.unwrap_or_default()), "{expected:?}");
        };
        let (components, parts) = (default.components.clone(), default.parts.clone());
        check(components.clone(), parts.clone(), None);
        let mut short = components.clone();
        short.insert(Component::Patrol, 15.0);
        check(short, parts.clone(), Some("the components add up to 95"));
        let mut odd = parts.clone();
        odd.insert(Part::Coverage, 45.0);
        check(components.clone(), odd.clone(), Some("Tours & patrol add up to 110"));
        let mut without = components.clone();
        without.insert(Component::Patrol, 0.0);
        without.insert(Component::Attendance, 50.0);
        check(without, odd, None);
        let mut endless = components;
        endless.insert(Component::Patrol, f64::NAN);
        check(endless, parts, Some("from 0 to 100"));
    }
}
