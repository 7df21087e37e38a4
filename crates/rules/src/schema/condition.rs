//! Conditions, formulas and tables.

use serde_json::{Value, json};

use super::build::{Def, choice, described, list, object, of, one_or_list, scalar, some};

pub(super) fn definitions() -> Vec<Def> {
    vec![
        ("formula", described("A formula, such as `min(50% * contract.amount, 1000万元)`", scalar())),
        ("condition", condition()),
        (
            "conditions",
            described(
                "Conditions; all of them must hold",
                json!({ "anyOf": [of("condition"), list(of("condition"))] }),
            ),
        ),
        ("table", table()),
    ]
}

/// The keys that every form of condition may carry.
fn with_shared(own: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    let mut keys = own;
    keys.extend([
        ("id", described("Short name in cases and reports", scalar())),
        ("label", described("What readers see; made from the condition where it is left out", of("text"))),
        ("cite", described("The clause", scalar())),
        ("evidence", described("Codes of the list `evidence`, beside those of the facts", one_or_list(&scalar()))),
        ("unless", described("A condition that waives this one", of("condition"))),
        ("note", described("A remark", of("text"))),
    ]);
    keys
}

fn condition() -> Value {
    let parts = || json!({ "anyOf": [of("condition"), some(of("condition"))] });
    let form = |required: &[&str], own: Vec<(&'static str, Value)>| object(required, with_shared(own));
    let set = || one_or_list(&of("formula"));
    let tests = vec![
        ("fact", described("The fact or field that is tested, such as `org.kind` or `org.rd[year-1]`", scalar())),
        ("is", described("It is this value", of("formula"))),
        ("is_not", described("It is another value", of("formula"))),
        ("in", described("It is one of these codes", set())),
        ("not_in", described("It is none of these codes", set())),
        ("within", described("The place lies in this place", of("formula"))),
        ("not_within", described("The place does not lie in this place", of("formula"))),
        ("has", described("The set has this code", of("formula"))),
        ("has_any_of", described("The set has one of these codes", set())),
        ("has_none_of", described("The set has none of these codes", set())),
        ("at_least", described("≥", of("formula"))),
        ("more_than", described(">", of("formula"))),
        ("at_most", described("≤", of("formula"))),
        ("less_than", described("<", of("formula"))),
    ];
    let mut fact = form(&["fact"], tests);
    if let Some(fact) = fact.as_object_mut() {
        // the fact and at least one test
        fact.insert(
            "anyOf".to_owned(),
            crate::read::FACT_TESTS.into_iter().map(|name| json!({ "required": [name] })).collect(),
        );
    }
    let forms = vec![
        fact,
        form(&["is"], vec![("is", described("The formula is true", of("formula")))]),
        form(&["all"], vec![("all", described("Every one holds", parts()))]),
        form(&["any"], vec![("any", described("At least one holds", parts()))]),
        form(&["not"], vec![("not", described("It does not hold", of("condition")))]),
        form(
            &["listed", "list"],
            vec![
                ("listed", described("The member, such as `contract.provider`", of("formula"))),
                ("list", described("The id of a dated list", scalar())),
                ("on", described("On which date; the law's date when left out", of("formula"))),
                ("scope", described("For which scope", of("formula"))),
            ],
        ),
        form(
            &["review", "label"],
            vec![
                ("review", described("The key of the decision", scalar())),
                ("by", described("Who decides", choice(&["officer", "expert", "panel", "authority"]))),
            ],
        ),
        form(
            &["measure"],
            vec![
                ("measure", described("Another measure's id", scalar())),
                ("outcome", described("Its outcome", choice(&["eligible", "not_eligible"]))),
            ],
        ),
    ];
    described("A condition", json!({ "anyOf": forms }))
}

fn table() -> Value {
    let row = object(
        &["when", "then"],
        vec![
            (
                "when",
                described(
                    "One test for each input: `-`, `>= 100万元`, `[20%, 50%)`, `ai, robotics`, `not ai`, `within nanshan`",
                    list(scalar()),
                ),
            ),
            ("then", described("The value", of("formula"))),
            ("cite", described("The clause", scalar())),
            ("note", described("A remark", json!({}))),
        ],
    );
    described(
        "A decision table",
        object(
            &["table", "inputs", "rows"],
            vec![
                ("table", described("How rows are picked", choice(&["first", "unique", "highest", "sum", "marginal"]))),
                ("inputs", described("What the cells test", some(of("formula")))),
                (
                    "rows",
                    described("The rows; the last is `-` in every cell, so that every case is covered", some(row)),
                ),
                ("cite", described("The clause", scalar())),
                ("note", described("A remark", json!({}))),
                ("label", described("What readers call it", json!({}))),
            ],
        ),
    )
}
