//! The pieces that schemas are put together from.

use serde_json::{Map, Value, json};

/// A value with its description.
pub(super) fn described(description: &str, mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert("description".to_owned(), json!(description));
    }
    schema
}

/// A single value, however YAML reads it: `2026`, `yes` and `60%` are all text to the reader.
pub(super) fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A single value of a certain form.
pub(super) fn pattern(pattern: &str) -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": pattern })
}

/// One of several words.
pub(super) fn choice(words: &[&str]) -> Value {
    json!({ "enum": words })
}

/// `yes` or `no`.
pub(super) fn flag() -> Value {
    json!({ "enum": ["yes", "no", "true", "false", true, false] })
}

/// A reference to a shared definition.
pub(super) fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A list.
pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A list with at least one item.
pub(super) fn some(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

/// A list, or one item that stands for a list of one.
pub(super) fn one_or_list(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// A mapping with these keys and no others.
pub(super) fn object(required: &[&str], properties: Vec<(&str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// A mapping with any keys, all of one form.
pub(super) fn map(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

/// A shared definition and what it is called.
pub(super) type Def = (&'static str, Value);

/// Definitions that all files share.
pub(super) fn shared() -> Vec<Def> {
    vec![
        (
            "text",
            described(
                "A text for readers, in both languages",
                object(
                    &["zh", "en"],
                    vec![("zh", described("Chinese", scalar())), ("en", described("English", scalar()))],
                ),
            ),
        ),
        ("date", described("A date, such as 2026-05-06", pattern(DATE))),
        (
            "period",
            described(
                "A period; both ends belong to it, and an end that is not stated is left out",
                object(
                    &[],
                    vec![
                        ("from", described("The first day", of("date"))),
                        ("to", described("The last day", of("date"))),
                    ],
                ),
            ),
        ),
        ("id", described("Lower-case words joined by `.` and `-`", pattern("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))),
        (
            "entry",
            described(
                "A member of a list",
                object(
                    &["member"],
                    vec![
                        ("member", described("Who or what is on the list", scalar())),
                        ("scope", described("What the entry is limited to", scalar())),
                        ("from", described("The first day", of("date"))),
                        ("to", described("The last day", of("date"))),
                        ("source", described("Where the entry was read", scalar())),
                    ],
                ),
            ),
        ),
    ]
}

/// `2026-05-06`, `2026/5/6`, `2026年5月6日`, `20260506`.
const DATE: &str = r"^\s*\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?\s*$";

/// A whole schema.
pub(super) fn file(title: &str, description: &str, body: Value, definitions: Vec<Def>) -> Value {
    let mut schema = json!({ "$schema": super::DRAFT, "title": title, "description": description });
    if let (Some(schema), Value::Object(body)) = (schema.as_object_mut(), body) {
        schema.extend(body);
        let definitions: Map<String, Value> =
            definitions.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}
