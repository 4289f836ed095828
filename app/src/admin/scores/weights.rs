//! Weights as they are typed, and as they stand in the fields.

use std::collections::BTreeMap;

use muster::scoring::{Component, Part, Policy};

use crate::error::AppError;

/// The policy of the weights that `field` has under the names of components and parts.
pub(super) fn policy(field: impl Fn(&str) -> String) -> Result<Policy, AppError> {
    let weight = |code: &str, label: &str| {
        let text = field(code).trim().replace(',', ".");
        let weight = if text.is_empty() { Ok(0.0) } else { text.parse::<f64>() };
        weight.map_err(|_| AppError::Invalid(format!("The weight of ‘{label}’ is no number.")))
    };
    let mut components = BTreeMap::new();
    for component in Component::ALL {
        components.insert(*component, weight(component.code(), component.label())?);
    }
    let mut parts = BTreeMap::new();
    for part in Part::ALL {
        parts.insert(*part, weight(part.code(), part.label())?);
    }
    Ok(Policy::of_weights(components, parts)?)
}

/// The weights of a policy, as they stand in the fields.
pub(super) fn fields(policy: &Policy) -> BTreeMap<&'static str, String> {
    let components = Component::ALL.iter().map(|it| (it.code(), plain(policy.of(*it))));
    let parts = Part::ALL.iter().map(|it| (it.code(), plain(policy.within(*it))));
    components.chain(parts).collect()
}

/// `12.5`, `30`: as short as it is exact.
pub(super) fn plain(weight: f64) -> String {
    weight.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_from_its_own_fields() {
        let fields = fields(&Policy::default());
        let read = policy(|code| fields.get(code).cloned().unwrap_or_default()).unwrap();
        assert_eq!(read, Policy::default());
    }

    #[test]
    fn no_two_weights_share_a_field_and_a_comma_is_a_point() {
        assert_eq!(fields(&Policy::default()).len(), Component::ALL.len() + Part::ALL.len());
        let mut typed = fields(&Policy::default());
        typed.insert("patrol", "19,5".into());
        typed.insert("safety", "10.5".into());
        let read = policy(|code| typed.get(code).cloned().unwrap_or_default()).unwrap();
        assert_eq!((read.of(Component::Patrol), read.of(Component::Safety)), (19.5, 10.5));
        typed.insert("safety", "ten".into());
        let refused = policy(|code| typed.get(code).cloned().unwrap_or_default()).unwrap_err();
        assert!(refused.text().contains("‘Compliance & safety’ is no number"));
    }
}
