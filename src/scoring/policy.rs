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
}
