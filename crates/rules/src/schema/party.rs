//! Party files, from the vocabulary that they are written in.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::build::{choice, described, flag, list, map, object, of, scalar, shared};
use crate::vocabulary::{FactDef, RecordDef, Type, Vocabulary};

/// The schema of party files: every fact with its type; the description is its label.
#[must_use]
pub fn party(vocabulary: &Vocabulary) -> Value {
    let mut kinds: BTreeMap<String, Value> = BTreeMap::new();
    let mut properties: Map<String, Value> = head().into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    let mut by_year = Map::new();
    // what is computed cannot be given
    for fact in vocabulary.facts.iter().filter(|fact| fact.derive.is_none()) {
        let kind = kind(fact, vocabulary, &mut kinds);
        let schema = if fact.yearly { json!({ "anyOf": [years(&kind), of("unknown")] }) } else { of(&kind) };
        properties.insert(fact.name.clone(), described(&label(fact), schema));
        if fact.yearly {
            // `org.revenue.2025`, `org.revenue[2025]`
            let name = fact.name.replace('.', r"\.");
            by_year.insert(format!(r"^{name}(\.\d{{4}}|\[\d{{4}}\])$"), described(&label(fact), of(&kind)));
        }
    }
    for record in &vocabulary.records {
        properties.insert(record.list.clone(), records(record, vocabulary, &mut kinds));
    }
    let mut definitions: Map<String, Value> = shared()
        .into_iter()
        .filter(|(name, _)| matches!(*name, "date" | "entry"))
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    definitions.insert(
        "unknown".to_owned(),
        described(
            "Not known; the same as leaving it out",
            json!({ "enum": ["unknown", "未知", "?", "", "null", "~", null] }),
        ),
    );
    definitions.extend(kinds);
    json!({
        "$schema": super::DRAFT,
        "title": "Kapok party file",
        "description": "A company or person as flat keys. What is left out is unknown. See docs/rules.md, section 14.",
        "type": "object",
        "properties": properties,
        "patternProperties": by_year,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn head() -> Vec<(&'static str, Value)> {
    vec![
        ("party", described("What it is", choice(&["organisation", "person"]))),
        ("name", described("Its name", scalar())),
        ("id", described("Its identifier", scalar())),
        ("on", described("The date whose law applies", of("date"))),
        ("known_on", described("The date as known on", of("date"))),
        ("note", described("A remark", json!({}))),
        ("lists", described("Entries of dated lists, by the list's id", map(list(of("entry"))))),
        ("decisions", described("What a reviewer decided, by `measure#key`", map(flag()))),
    ]
}

fn label(fact: &FactDef) -> String {
    format!("{} / {}", fact.label.zh, fact.label.en)
}

fn years(kind: &str) -> Value {
    json!({ "type": "object", "patternProperties": { "^(19|20|21)\\d\\d$": of(kind) }, "additionalProperties": false })
}

fn records(record: &RecordDef, vocabulary: &Vocabulary, kinds: &mut BTreeMap<String, Value>) -> Value {
    let mut fields: Map<String, Value> = Map::new();
    fields.insert("id".to_owned(), described("Its id among its kind", scalar()));
    fields.insert("note".to_owned(), described("A remark", json!({})));
    for field in record.fields.iter().skip(1) {
        let short = field.name.rsplit('.').next().unwrap_or(&field.name).to_owned();
        fields.insert(short, described(&label(field), of(&kind(field, vocabulary, kinds))));
    }
    let item = json!({ "type": "object", "properties": fields, "additionalProperties": false });
    let schema = json!({ "anyOf": [{ "type": "array", "items": item }, { "enum": ["none", "无"] }, of("unknown")] });
    described(&format!("{} / {}; [] for none", record.label.zh, record.label.en), schema)
}

/// The definition for facts of a type: a value, or a value with its source; made once for each type.
fn kind(fact: &FactDef, vocabulary: &Vocabulary, kinds: &mut BTreeMap<String, Value>) -> String {
    let (name, value) = value(fact.ty, vocabulary);
    kinds.entry(name.clone()).or_insert_with(|| {
        let grades = domain::Evidence::ALL.map(domain::Evidence::code);
        let told = object(
            &[],
            vec![
                ("value", described("The value", json!({ "anyOf": [value.clone(), of("unknown")] }))),
                (
                    "disputed",
                    described(
                        "Candidates, where sources disagree",
                        json!({ "type": "array", "items": value.clone(), "minItems": 2 }),
                    ),
                ),
                ("source", described("Where it comes from", scalar())),
                ("evidence", described("How well it is proved", choice(&grades))),
                ("as_of", described("The day on which it was recorded", of("date"))),
            ],
        );
        let mut told = told;
        if let Some(told) = told.as_object_mut() {
            told.insert("anyOf".to_owned(), json!([{ "required": ["value"] }, { "required": ["disputed"] }]));
        }
        json!({ "anyOf": [value, told, of("unknown")] })
    });
    name
}

fn value(ty: Type, vocabulary: &Vocabulary) -> (String, Value) {
    let codes = |list: u16| vocabulary.codes.get(list as usize);
    let words = |list: u16| -> Vec<&str> {
        let values = codes(list).map(|list| list.values.as_slice()).unwrap_or_default();
        // codes first, so that they are what an editor offers; the labels are read as well
        let mut words: Vec<&str> = values.iter().map(|(code, _)| code.as_str()).collect();
        for (_, label) in values {
            for text in [label.zh.as_str(), label.en.as_str()] {
                if !words.contains(&text) {
                    words.push(text);
                }
            }
        }
        words
    };
    let list_name = |list: u16| codes(list).map(|list| list.name.clone()).unwrap_or_default();
    match ty {
        Type::Bool => (
            "bool".to_owned(),
            json!({ "enum": ["yes", "no", true, false, "true", "false", "是", "否", "有", "无", "没有", "y", "n"] }),
        ),
        Type::Money | Type::MoneyPer(_) => {
            ("money".to_owned(), described("An amount, such as 500000 CNY or 50万元", scalar()))
        }
        Type::Rate => ("rate".to_owned(), described("A share, such as 60%", scalar())),
        Type::Count => ("count".to_owned(), described("A whole number", scalar())),
        Type::Quantity(unit) => (
            format!("quantity.{}", unit.code()),
            described(&format!("A number of {}, such as 3000 {}", unit.code(), unit.code()), scalar()),
        ),
        Type::Months => ("quantity.months".to_owned(), described("A duration, such as 24 months", scalar())),
        Type::Days => ("quantity.days".to_owned(), described("A duration, such as 15 days", scalar())),
        Type::Date => ("day".to_owned(), of("date")),
        Type::Place => ("place".to_owned(), described("A place, such as nanshan or 深圳市", scalar())),
        Type::Text => ("words".to_owned(), scalar()),
        Type::Code(list) => {
            let values: Vec<Value> = words(list).into_iter().map(Value::from).collect();
            (format!("code.{}", list_name(list)), with_readings(values))
        }
        Type::Codes(list) => {
            let values: Vec<Value> = words(list).into_iter().map(Value::from).collect();
            // one line with commas is read as well
            (
                format!("codes.{}", list_name(list)),
                json!({ "anyOf": [{ "type": "array", "items": with_readings(values) }, { "type": "string" }] }),
            )
        }
    }
}

/// Codes that YAML reads as another value: `yes`, `no`, `1`.
fn with_readings(mut values: Vec<Value>) -> Value {
    let more: Vec<Value> = values
        .iter()
        .filter_map(|value| match value.as_str()? {
            "yes" | "true" => Some(json!(true)),
            "no" | "false" => Some(json!(false)),
            text => text.parse::<i64>().ok().map(Value::from),
        })
        .collect();
    values.extend(more);
    json!({ "enum": values })
}
