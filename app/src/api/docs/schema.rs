//! A JSON Schema in words: of which type is a field, and what does it mean?

use leptos::prelude::*;
use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

/// A parameter, or a field of an object.
pub(super) struct Field {
    name: String,
    required: bool,
    schema: Value,
    about: String,
}

impl Field {
    /// A parameter of an operation.
    pub(super) fn parameter(parameter: &Value) -> Self {
        let text = |field: &str| parameter[field].as_str().unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            required: parameter["required"] == true,
            schema: parameter["schema"].clone(),
            about: text("description"),
        }
    }

    /// Name, type and meaning.
    pub(super) fn cells(self) -> Vec<AnyView> {
        let name = self.name;
        let required = self.required.then_some(" (required)");
        vec![
            view! { <code>{name}</code>{required} }.into_any(),
            shape(&self.schema),
            format!("{}{}", self.about, bounds(&self.schema)).into_any(),
        ]
    }
}

/// The fields of an object; none of what is no object.
pub(super) fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let schema = resolved(document, schema);
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| Field {
            name: name.clone(),
            required: required(name),
            about: property["description"].as_str().unwrap_or_default().to_owned(),
            schema: property.clone(),
        })
        .collect()
}

/// The schema of a JSON body.
pub(super) fn body_of(request: &Value) -> Option<&Value> {
    request.get("content")?.get("application/json")?.get("schema")
}

/// The schema of an answer, of whatever media type.
pub(super) fn schema_of(answer: &Value) -> Option<&Value> {
    answer.get("content")?.as_object()?.values().next()?.get("schema")
}

/// The type in words, with a link to what is told elsewhere.
pub(super) fn shape(schema: &Value) -> AnyView {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(SCHEMAS)) {
        return view! { <a href=format!("#schema-{name}")>{name.to_owned()}</a> }.into_any();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choices = choices.iter().enumerate();
        return choices.map(|(nth, choice)| ((nth > 0).then_some(" or "), shape(choice))).collect_view().into_any();
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", words.join(", ")).into_any();
    }
    if is(schema, "array") {
        return view! { "list of "{shape(&schema["items"])} }.into_any();
    }
    plain(schema).into_any()
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|it| it == kind))
}

fn plain(schema: &Value) -> String {
    let word = match (schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]).as_str(), &schema["format"])
    {
        (Some("string"), format) if format == "date" => "date",
        (Some("string"), format) if format == "date-time" => "moment",
        (Some("string"), format) if format == "uuid" => "id",
        (Some("string"), _) => "text",
        (Some("integer"), _) => "whole number",
        (Some("number"), _) => "number",
        (Some("boolean"), _) => "true or false",
        (Some("null"), _) => "null",
        _ => "object",
    };
    let or_null = schema["type"].is_array() && is(schema, "null");
    format!("{word}{}", if or_null { " or null" } else { "" })
}

/// What a value must keep to, as a sentence.
fn bounds(schema: &Value) -> String {
    let number = |field: &str| schema[field].as_f64();
    let range = match (number("minimum"), number("maximum"), number("minLength"), number("maxLength")) {
        (Some(least), Some(most), ..) => format!(" From {least} to {most}."),
        (.., Some(least), Some(most)) => format!(" {least} to {most} characters."),
        _ => String::new(),
    };
    let default = schema.get("default").map(|default| format!(" {default} when left out.")).unwrap_or_default();
    format!("{range}{default}")
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix(SCHEMAS));
    name.map_or(schema, |name| &document["components"]["schemas"][name])
}

/// A body one could send.
pub(super) fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(example) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return example.clone();
    }
    let Some(properties) = schema["properties"].as_object() else {
        return if schema["format"] == "uuid" { json!("019ac2f1-…") } else { json!("…") };
    };
    let fields = properties.iter().map(|(name, property)| (name.clone(), example(document, property)));
    Value::Object(fields.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schema: Value, expected: &str) {
        assert_eq!(plain(&schema), expected);
    }

    #[test]
    fn types_are_told_in_words() {
        check(json!({"type": "string", "format": "date"}), "date");
        check(json!({"type": ["string", "null"], "format": "date-time"}), "moment or null");
        check(json!({"type": "integer", "format": "int64"}), "whole number");
        check(json!({"type": ["number", "null"]}), "number or null");
        check(json!({}), "object");
    }

    #[test]
    fn limits_are_told_in_words() {
        assert_eq!(bounds(&json!({"minimum": 7, "maximum": 365, "default": 90})), " From 7 to 365. 90 when left out.");
        assert_eq!(bounds(&json!({"minLength": 1, "maxLength": 500})), " 1 to 500 characters.");
    }

    #[test]
    fn an_example_has_every_field_of_the_body() {
        let document = json!({"components": {"schemas": {
            "New": {"properties": {"id": {"type": "string", "format": "uuid"}, "kind": {"$ref": "#/components/schemas/Kind"}}},
            "Kind": {"type": "string", "enum": ["a", "b"]},
        }}});
        let example = example(&document, &json!({"$ref": "#/components/schemas/New"}));
        assert_eq!(example, json!({"id": "019ac2f1-…", "kind": "a"}));
    }
}
