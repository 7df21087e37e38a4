//! Files under `vocabulary/`.

use serde_json::{Value, json};

use super::build::{described, file, flag, list, map, object, of, pattern, scalar, shared, some};

/// The schema of a file under `vocabulary/`: facts, records, code lists and questions.
#[must_use]
pub fn vocabulary() -> Value {
    let mut definitions = shared();
    definitions.extend([
        ("type", ty()),
        ("fact", fact()),
        ("record", record()),
        ("codes", codes()),
        ("question", question()),
    ]);
    let mut facts = map(of("fact"));
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("propertyNames".to_owned(), json!({ "pattern": r"^(org|person|application|review)\.[^.]+$" }));
    }
    let mut questions = map(of("question"));
    if let Some(questions) = questions.as_object_mut() {
        questions.insert("propertyNames".to_owned(), json!({ "pattern": "^[a-z0-9_]+$" }));
    }
    let body = object(
        &[],
        vec![
            ("facts", described("Facts by name: `org.`, `person.`, `application.` or `review.` and one word", facts)),
            ("records", described("Kinds of record, by their name in formulas", map(of("record")))),
            ("codes", described("Lists of codes, by name", map(of("codes")))),
            ("questions", described("What is asked together, by name, in the order of the questionnaire", questions)),
        ],
    );
    file(
        "Kapok vocabulary file",
        "Declarations of facts, records, code lists and questions. See docs/rules.md, section 15.",
        body,
        definitions,
    )
}

fn ty() -> Value {
    let simple = ["bool", "money", "rate", "count", "date", "months", "days", "place", "text"];
    let units =
        ["quantity m2", "quantity kwh", "quantity card_hours", "quantity months", "quantity days", "quantity persons"];
    described(
        "The type of the value: one of these, `quantity UNIT`, `code LIST` or `codes LIST`",
        json!({ "anyOf": [{ "enum": simple }, { "enum": units }, pattern(r"^(quantity|codes?) \S.*$")] }),
    )
}

fn fact() -> Value {
    described(
        "A fact, or the field of a record",
        object(
            &["type", "label"],
            vec![
                ("type", of("type")),
                ("period", described("Kept by year", json!({ "enum": ["year"] }))),
                (
                    "range",
                    described(
                        "The least and the greatest that it can be; the greatest may be left out",
                        json!({ "type": "array", "items": scalar(), "minItems": 1, "maxItems": 2 }),
                    ),
                ),
                ("label", described("What readers call it", of("text"))),
                ("ask", described("The question to the party", of("text"))),
                ("evidence", described("Accepted proof: codes of the list `evidence`", list(scalar()))),
                ("source", described("Where it usually comes from: a code of the list `source`", scalar())),
                (
                    "by",
                    described(
                        "Who decides it, when the party cannot know it",
                        json!({ "enum": ["officer", "expert", "panel", "authority"] }),
                    ),
                ),
                ("personal", described("Whether it identifies a person", flag())),
                ("derive", described("The formula that computes it", scalar())),
            ],
        ),
    )
}

fn record() -> Value {
    described(
        "A kind of record: contracts, loans, patents",
        object(
            &["label"],
            vec![
                ("list", described("Its key in party files", scalar())),
                ("of", described("Whose records they are", json!({ "enum": ["organisation", "person", "party"] }))),
                ("label", described("What readers call one of them", of("text"))),
                ("ask", described("The question for the whole list", of("text"))),
                ("fields", described("The fields, beside `id`", map(of("fact")))),
            ],
        ),
    )
}

fn codes() -> Value {
    // other keys are let pass by the reader
    let values =
        json!({ "type": "object", "additionalProperties": of("text"), "minProperties": 1, "maxProperties": 64 });
    described(
        "A list of codes",
        json!({
            "type": "object",
            "properties": { "label": described("What readers call it", of("text")), "values": described("The codes with their labels", values) },
            "required": ["label", "values"],
        }),
    )
}

fn question() -> Value {
    described(
        "Facts and lists of records that are asked together",
        object(
            &["label", "ask", "facts"],
            vec![
                ("label", described("What readers call it", of("text"))),
                ("ask", described("The question in words", of("text"))),
                ("facts", described("Facts by name, and lists of records by their key in party files", some(scalar()))),
            ],
        ),
    )
}
