//! The answer is what the rules say, and whatever is sent, there is an answer.

use std::path::Path;
use std::sync::LazyLock;

use app::facts::{self, Format};
use axum::http::{Method, StatusCode};
use domain::Date;
use proptest::prelude::*;
use rules::bind::Dates;
use rules::report::Assessment;
use serde_json::{Value, json};

use crate::api::tests::{JSON, problem};
use crate::testing::{Page, Site};

static SITE: LazyLock<Site> = LazyLock::new(Site::new);

async fn assess(body: &str) -> Page {
    SITE.send(Method::POST, "/api/v1/assess", &[JSON], body.to_owned()).await
}

/// The made-up parties, as JSON.
fn demo() -> Vec<(String, Value)> {
    let vocabulary = &SITE.app.kapok().program.vocabulary;
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let mut found = Vec::new();
    for folder in ["companies", "people"] {
        for entry in std::fs::read_dir(demo.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            let file =
                facts::read(&name, &std::fs::read(&path).unwrap(), Format::of(&name), vocabulary).unwrap().remove(0);
            found.push((name, facts::write(&file.party, file.on, file.known_on, vocabulary)));
        }
    }
    found
}

#[tokio::test]
async fn the_answer_is_what_the_rules_say() {
    let program = &SITE.app.kapok().program;
    for (name, party) in demo() {
        for (on, known_on) in [("2026-05-20", "2026-05-20"), ("2025-06-30", "2026-01-01"), ("1999-01-01", "1999-01-01")]
        {
            let file = facts::from_json(&party, &program.vocabulary).unwrap();
            let dates = Dates { on: Date::parse(on).unwrap(), known_on: Date::parse(known_on).unwrap() };
            let expected = Assessment::new(program, &file.party, dates, &|_| true);
            let full = json!({ "party": party, "on": on, "known_on": known_on, "detail": "full" });
            let page = assess(&full.to_string()).await;
            assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.body);
            assert_eq!(page.header("content-type"), "application/json");
            assert!(page.body == serde_json::to_string(&expected.report()).unwrap(), "{name} on {on}");
        }
    }
}

#[tokio::test]
async fn numbers_are_read_exactly() {
    // this company could spend more than a floating-point number can hold to the fen
    let body = |rd: &str| {
        format!(
            r#"{{"party": {{"org.kind": "enterprise", "org.rd": {{"2025": "{rd} CNY"}}, "org.revenue": {{"2025": {{"value": "90071992547409.93 CNY"}}}}}}, "detail": "full"}}"#
        )
    };
    let page = assess(&body("90071992547409.93")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for (count, right) in [("12", true), ("12.0", false), ("1e1", false), ("12345678901234567890123", false)] {
        let page = assess(&format!(r#"{{"party": {{"org.staff": {count}}}}}"#)).await;
        assert_eq!(page.status == StatusCode::OK, right, "{count}: {}", page.body);
        if !right {
            let message = problem(&page)["errors"][0]["message"]["en"].as_str().unwrap().to_owned();
            assert!(message.contains(&format!("`{count}`")), "the number as it was written: {message}");
        }
    }
}

#[tokio::test]
async fn every_mistake_is_told_with_its_place_and_what_would_be_right() {
    let body =
        "{\n  \"party\": { \"org.kind\": \"enterprize\", \"org.revenue\": { \"2025\": \"x\" } },\n  \"know_on\": 1\n}";
    let page = assess(body).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = problem(&page)["errors"].as_array().unwrap().clone();
    let mut places: Vec<_> =
        errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["line"].as_u64().unwrap())).collect();
    places.sort_unstable();
    assert_eq!(places, [("/know_on", 3), ("/party/org.kind", 2), ("/party/org.revenue/2025", 2)]);
    let hint = |pointer: &str| errors.iter().find(|error| error["pointer"] == pointer).unwrap()["hint"]["en"].clone();
    assert_eq!(hint("/know_on"), "did you mean `known_on`?");
    assert_eq!(hint("/party/org.kind"), "did you mean `enterprise`?");
}

#[tokio::test]
async fn what_is_not_json_is_told_with_line_and_column() {
    let page = assess("{\n  \"party\": {]\n}").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let error = problem(&page)["errors"][0].clone();
    assert_eq!((&error["code"], &error["line"]), (&json!("E0701"), &json!(2)));
    assert!(error.get("pointer").is_none());
}

fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "organisation",
        "person",
        "enterprise",
        "unknown",
        "2025",
        "c1",
        "500万元",
        "60%",
        "2026-05-20",
        "nanshan",
        "none",
        "full",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Keys that mean something, or nearly, or nothing.
fn key() -> impl Strategy<Value = String> {
    let vocabulary = &SITE.app.kapok().program.vocabulary;
    let facts = vocabulary.facts.iter().map(|fact| fact.name.clone());
    let lists = vocabulary.records.iter().map(|record| record.list.clone());
    let fields = vocabulary.records.iter().flat_map(|r| r.fields.iter().filter_map(|f| f.name.rsplit('.').next()));
    let words =
        ["party", "on", "known_on", "measures", "detail", "lists", "decisions", "value", "disputed", "as_of", "2025"];
    let known: Vec<String> =
        facts.chain(lists).chain(fields.map(str::to_owned)).chain(words.map(str::to_owned)).collect();
    prop_oneof![9 => prop::sample::select(known), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever JSON is sent as a party: an answer, or a problem that names a place in it.
    #[test]
    fn there_is_always_an_answer(party in value(), rest in value(), whole in any::<bool>()) {
        let body = if whole { party } else {
            let mut body = json!({ "party": party });
            if let (Some(body), Some(rest)) = (body.as_object_mut(), rest.as_object()) {
                body.extend(rest.clone().into_iter().filter(|(key, _)| key != "party"));
            }
            body
        };
        let page = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(assess(&body.to_string()));
        prop_assert!(matches!(page.status, StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY), "{} {}", body, page.body);
        if page.status != StatusCode::OK {
            for error in problem(&page)["errors"].as_array().unwrap() {
                prop_assert!(body.pointer(error["pointer"].as_str().unwrap()).is_some(), "{} {}", body, error);
            }
        }
    }
}
