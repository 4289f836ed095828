//! What is refused, and why.

use serde_json::Value;

use super::list::{Kind, Property};
use super::{Properties, definition};

/// Bytes of an event's properties as JSON.
pub const LARGEST: usize = 2_000;
/// So many digits in one text are a phone number or an ID number.
const DIGITS: usize = 7;
/// No count of ours has so many digits.
const LONG_NUMBER: usize = 9;
/// Names that properties with something personal go by.
const PERSONAL_NAMES: [&str; 14] = [
    "mail",
    "phone",
    "mobile",
    "name",
    "passport",
    "id_number",
    "identity",
    "ssn",
    "birth",
    "address",
    "password",
    "latitude",
    "longitude",
    "ip",
];

/// Why an event is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not on the list.
    #[error("'{0}' is not an event of the list; see docs/events.md")]
    UnknownName(String),
    /// It says too much.
    #[error("its properties are {0} bytes, more than {most}", most = LARGEST)]
    TooLarge(usize),
    /// It has something the list does not know.
    #[error("'{property}' is not a property of {event}")]
    UnknownProperty {
        /// The event.
        event: &'static str,
        /// The property.
        property: String,
    },
    /// It lacks something.
    #[error("'{0}' is missing")]
    Missing(&'static str),
    /// It has the wrong kind of value.
    #[error("'{property}' is not {expects}")]
    Wrong {
        /// The property.
        property: &'static str,
        /// What it should be.
        expects: String,
    },
    /// It would tell who somebody is.
    #[error("'{property}' looks like {what}; nothing personal is noted")]
    Personal {
        /// The property.
        property: String,
        /// What it looks like.
        what: &'static str,
    },
}

/// Whether an event may be noted.
///
/// # Errors
/// The first reason against it.
pub fn check(name: &str, properties: &Properties) -> Result<&'static str, Refusal> {
    let definition = definition(name).ok_or_else(|| Refusal::UnknownName(short(name)))?;
    let size = serde_json::to_string(properties).map_or(usize::MAX, |text| text.len());
    if size > LARGEST {
        return Err(Refusal::TooLarge(size));
    }
    for (property, value) in properties {
        if let Some(what) = personal(value) {
            return Err(Refusal::Personal { property: short(property), what });
        }
        let known = definition.properties.iter().find(|known| known.name == property);
        let known = known.ok_or_else(|| unknown(definition.name, property))?;
        if !fits(known.kind, value) {
            return Err(Refusal::Wrong { property: known.name, expects: known.kind.expects() });
        }
    }
    let missing = |it: &&Property| it.required && !properties.contains_key(it.name);
    match definition.properties.iter().find(missing) {
        Some(property) => Err(Refusal::Missing(property.name)),
        None => Ok(definition.name),
    }
}

/// A stranger's word, short enough to be repeated.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn unknown(event: &'static str, property: &str) -> Refusal {
    let lower = property.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['_', '-', '.', ' ']).collect();
    let personal = |name: &&str| words.contains(name) || name.len() > 4 && lower.contains(*name);
    if PERSONAL_NAMES.iter().any(personal) || lower.contains("mail") {
        return Refusal::Personal { property: short(property), what: "something about a person" };
    }
    Refusal::UnknownProperty { event, property: short(property) }
}

/// What a value looks like that would tell who somebody is, wherever in it that stands.
fn personal(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) => personal_text(text),
        Value::Number(number) if number.is_f64() => None,
        Value::Number(number) => (number.to_string().len() >= LONG_NUMBER).then_some("an ID number or a phone number"),
        Value::Array(values) => values.iter().find_map(personal),
        Value::Object(fields) => fields.values().find_map(personal),
        Value::Null | Value::Bool(_) => None,
    }
}

fn personal_text(text: &str) -> Option<&'static str> {
    if text.split('@').skip(1).any(|domain| domain.contains('.')) || text.contains("%40") {
        return Some("an e-mail address");
    }
    // Digits that belong together although people write spaces, dots, dashes and brackets between them.
    let (mut run, mut longest) = (0, 0);
    for letter in text.chars() {
        match letter {
            '0'..='9' => run += 1,
            ' ' | '.' | '-' | '(' | ')' | '/' | '+' => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    match longest {
        0..DIGITS => None,
        DIGITS..=12 if text.trim_start().starts_with(['+', '0', '(']) => Some("a phone number"),
        _ => Some("an ID number or a phone number"),
    }
}

fn fits(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Whole(most), Value::Number(number)) => number.as_u64().is_some_and(|number| number <= u64::from(most)),
        (Kind::Number(most), Value::Number(number)) => {
            number.as_f64().is_some_and(|number| (0.0..=f64::from(most)).contains(&number))
        }
        (Kind::Flag, Value::Bool(_)) => true,
        (Kind::Word(words), Value::String(text)) => words.contains(&text.as_str()),
        (Kind::Name, Value::String(text)) => is_of(text, 60, "-_."),
        (Kind::Page, Value::String(text)) => text.starts_with('/') && is_of(text, 100, "-_./{}*"),
        _ => false,
    }
}

fn is_of(text: &str, longest: usize, besides: &str) -> bool {
    let fine = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || besides.contains(letter);
    (1..=longest).contains(&text.len()) && text.chars().all(fine) && !has_id(text)
}

/// Whether a UUID stands in it: eight digits of sixteen, and a dash.
fn has_id(text: &str) -> bool {
    text.as_bytes().windows(9).any(|part| part[8] == b'-' && part[..8].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn said(name: &str, properties: Value) -> Result<&'static str, String> {
        let Value::Object(properties) = properties else { panic!("an object") };
        check(name, &properties).map_err(|refusal| refusal.to_string())
    }

    #[track_caller]
    fn taken(name: &str, properties: Value) {
        assert_eq!(said(name, properties), Ok(definition(name).unwrap().name));
    }

    #[track_caller]
    fn refused(name: &str, properties: Value, because: &str) {
        let why = said(name, properties).unwrap_err();
        assert!(why.contains(because), "{why}");
    }

    #[test]
    fn what_is_on_the_list_is_taken() {
        taken(
            "roster_generated",
            json!({ "algorithm": "generated", "shifts": 84, "seconds": 1.25, "fill_rate": 0.9762 }),
        );
        taken("roster_overridden", json!({}));
        taken("dashboard_viewed", json!({ "page": "/team/{site}/{worker}" }));
        taken("export_triggered", json!({ "page": "/financial/export.xlsx", "format": "xlsx" }));
        taken("shift_created", json!({ "how": "bulk", "count": 120_000 }));
    }

    #[test]
    fn an_unknown_name_is_refused_with_its_name() {
        refused("mouse_moved", json!({}), "'mouse_moved' is not an event");
    }

    #[test]
    fn an_event_that_says_too_much_is_refused() {
        refused("help", json!({ "page": "/me", "topic": "x".repeat(3_000) }), "more than 2000");
    }

    #[test]
    fn what_is_not_listed_is_refused_by_name() {
        refused(
            "dashboard_viewed",
            json!({ "page": "/me", "colour": "red" }),
            "'colour' is not a property of dashboard_viewed",
        );
        refused("dashboard_viewed", json!({}), "'page' is missing");
        refused("shift_created", json!({ "how": "magic" }), "one of manual, bulk");
        refused("roster_generated", json!({ "fill_rate": 1.2 }), "a number from 0 to 1");
        refused("roster_generated", json!({ "shifts": -3 }), "a whole number");
        refused("help", json!({ "page": ["/me"] }), "the pattern of a page");
    }

    #[test]
    fn what_looks_personal_is_refused_wherever_it_stands() {
        refused("help", json!({ "page": "/me", "topic": "ana@example.com" }), "an e-mail address");
        refused("help", json!({ "page": "/me", "topic": { "deep": ["x", "ana@example.com"] } }), "an e-mail address");
        refused("help", json!({ "page": "/me", "topic": "+27 82 555-0199" }), "a phone number");
        refused("help", json!({ "page": "/me", "topic": "8001015009087" }), "an ID number");
        refused("roster_generated", json!({ "shifts": 8_001_015_009_087_u64 }), "an ID number");
        for property in ["email", "user_email", "phone", "first_name", "id_number", "home-address", "ip"] {
            refused("help", json!({ "page": "/me", property: "x" }), "something about a person");
        }
        // Innocent words with such words in them.
        refused("help", json!({ "page": "/me", "description": "x" }), "is not a property");
    }

    #[test]
    fn a_page_is_a_pattern_and_no_address() {
        let page = |page: &str| json!({ "page": page });
        refused("dashboard_viewed", page("/team/019ac2f1-7c1e-7e59-a2a4-d4a1c1f3b4aa"), "");
        refused("dashboard_viewed", page("/people?name=ana"), "the pattern of a page");
        refused("dashboard_viewed", page("https://elsewhere.test/"), "the pattern of a page");
    }

    proptest! {
        #[test]
        fn nothing_said_makes_it_panic(name in ".{0,80}", property in ".{0,80}", text in ".{0,200}", number in any::<f64>()) {
            for value in [json!(text), json!(number), json!([text]), json!({ "a": text })] {
                for event in [name.as_str(), "help"] {
                    let _ = said(event, json!({ property.clone(): value.clone() }));
                }
            }
        }

        #[test]
        fn no_phone_number_passes_however_it_is_written(digits in "[0-9]{9,13}", gaps in "[ ./()-]{0,4}") {
            let mut text = digits;
            for (nth, gap) in gaps.char_indices() {
                text.insert((nth + 2).min(text.len()), gap);
            }
            let refused = said("help", json!({ "page": "/me", "topic": text.clone() })).is_err();
            prop_assert!(refused, "{text}");
        }
    }
}
