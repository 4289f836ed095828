//! Which product events are there, what may each say, and what is refused?
//!
//! The list is closed and is data: the documentation (`docs/events.md`), the check and the API are all made from it.

mod check;
mod list;

pub use check::{LARGEST, Refusal, check};
pub use list::{EVENTS, Kind, Property, Sort};

/// The fields of an event besides who, when and where from.
pub type Properties = serde_json::Map<String, serde_json::Value>;

/// A kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub sort: Sort,
    /// When it happens.
    pub when: &'static str,
    /// What it may say.
    pub properties: &'static [Property],
}

/// The definition of an event by its name.
#[must_use]
pub fn definition(name: &str) -> Option<&'static Definition> {
    EVENTS.iter().find(|event| event.name == name)
}

/// The documentation of every event, as Markdown.
#[must_use]
pub fn handbook() -> String {
    let mut text = String::from(
        "# Product events\n\nThe closed list of what Muster notes about its own use, made from the same data as the check. It is noted only of \
         users who agreed under *Your data*, and kept for 24 months. With each event stand the moment, the user, a visit that leads back to no \
         session, the kind of device and browser, and 24 bits of the IPv4 (48 of the IPv6) address. An unknown name, a property that is not \
         listed, an event too large, and a value that looks like an e-mail address, a phone number or an ID number are refused with the reason.\n\n\
         The firsts of an organization (its first worker, site, shift and roster, and that it is onboarded) are noted without any user: they \
         are facts of the organization, like its invoices, and nobody's behaviour.\n",
    );
    for sort in Sort::ALL {
        text += &format!("\n## {}\n\n| event | when | properties |\n|---|---|---|\n", sort.label());
        for event in EVENTS.iter().filter(|event| event.sort == sort) {
            let properties: Vec<String> = event.properties.iter().map(Property::described).collect();
            let properties = if properties.is_empty() { "–".to_owned() } else { properties.join("; ") };
            text += &format!("| `{}` | {} | {properties} |\n", event.name, event.when);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `MUSTER_WRITE_DOCS=1 cargo test handbook` writes it anew.
    #[test]
    fn the_handbook_of_events_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/events.md");
        if std::env::var_os("MUSTER_WRITE_DOCS").is_some() {
            std::fs::write(path, handbook()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), handbook(), "see the comment on this test");
    }

    #[test]
    fn each_name_is_there_once_and_each_property_once_in_its_event() {
        for event in EVENTS {
            assert_eq!(EVENTS.iter().filter(|other| other.name == event.name).count(), 1, "{}", event.name);
            for property in event.properties {
                let same = event.properties.iter().filter(|other| other.name == property.name);
                assert_eq!(same.count(), 1, "{}.{}", event.name, property.name);
            }
        }
    }
}
