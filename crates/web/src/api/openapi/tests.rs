//! The description is current, complete, and true: every answer has the form that it says.

use std::path::Path;
use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::tests::JSON;
use crate::testing::{Page, Site};

static SITE: LazyLock<Site> = LazyLock::new(Site::new);

/// The committed copy. `UPDATE=1` writes it anew.
#[test]
fn the_committed_description_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
    let current = format!("{}\n", serde_json::to_string_pretty(SITE.app.openapi()).unwrap());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/api/openapi.json is not current: run UPDATE=1 cargo nextest run -p web openapi"
    );
}

/// Checks an answer against the form that the description gives it.
fn check(path: &str, method: &str, page: &Page) {
    let document = SITE.app.openapi();
    let status = page.status.as_u16().to_string();
    let response = &document["paths"][path][method]["responses"][&status];
    let response = match response["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => response,
    };
    let kind = page.header("content-type").split(';').next().unwrap();
    let schema = response["content"][kind]["schema"].clone();
    assert!(schema.is_object(), "{method} {path} {status} {kind} is not described");
    let mut root = json!({ "components": document["components"] });
    root.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
    let validator = jsonschema::draft202012::new(&root).unwrap();
    let body: Value = serde_json::from_str(&page.body).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: {}", errors.join("\n"));
}

#[tokio::test]
async fn answers_have_the_form_that_is_described() {
    let program = &SITE.app.kapok().program;
    let company = SITE.app.kapok().registry.search("智能").entries[0].uscc.clone();
    for (path, address) in [
        ("/api/v1/measures", "/api/v1/measures?per_page=200".to_owned()),
        ("/api/v1/measures", "/api/v1/measures?per_page=x".to_owned()),
        ("/api/v1/vocabulary", "/api/v1/vocabulary".to_owned()),
        ("/api/v1/companies", "/api/v1/companies?q=%E6%99%BA%E8%83%BD".to_owned()),
        ("/api/v1/companies/{uscc}", format!("/api/v1/companies/{company}")),
        ("/api/v1/companies/{uscc}", "/api/v1/companies/1".to_owned()),
        ("/api/v1/measures/{id}", "/api/v1/measures/none".to_owned()),
    ] {
        check(path, "get", &SITE.get(&address).await);
    }
    for measure in program.catalogue.measures.iter().step_by(10) {
        for end in ["", "/explain", "/versions"] {
            let path = format!("/api/v1/measures/{{id}}{end}");
            check(&path, "get", &SITE.get(&format!("/api/v1/measures/{}{end}", measure.id)).await);
        }
    }
    let party =
        json!({ "org.kind": "enterprise", "org.place": "nanshan", "org.staff": 12, "contracts": [{ "id": "c1" }] });
    for (path, body) in [
        ("/api/v1/assess", json!({ "party": party })),
        ("/api/v1/assess", json!({ "party": party, "detail": "full", "on": "2026-05-20" })),
        ("/api/v1/assess", json!({ "party": { "x": 1 } })),
        ("/api/v1/assess", json!([])),
        ("/api/v1/ask-next", json!({ "party": party })),
        ("/api/v1/ask-next", json!({ "party": party, "skipped": [1] })),
    ] {
        check(path, "post", &SITE.send(Method::POST, path, &[JSON], body.to_string()).await);
    }
}

#[tokio::test]
async fn requests_that_the_description_allows_are_read_and_others_are_not() {
    for (path, name) in [("/api/v1/assess", "AssessRequest"), ("/api/v1/ask-next", "AskNextRequest")] {
        let schema = &SITE.app.openapi()["components"]["schemas"][name];
        let mut root = json!({ "components": SITE.app.openapi()["components"] });
        root.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
        let validator = jsonschema::draft202012::new(&root).unwrap();
        let example = schema["examples"][0].clone();
        assert!(validator.is_valid(&example));
        for key in schema["properties"].as_object().unwrap().keys().map(String::as_str).chain(["more"]) {
            for value in [json!("x"), json!([]), json!({ "x": 1 }), json!(["org.staff"]), json!("2026-05-20")] {
                let mut body = example.clone();
                body[key] = value;
                let page = SITE.send(Method::POST, path, &[JSON], body.to_string()).await;
                if !validator.is_valid(&body) {
                    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}");
                }
            }
        }
        let page = SITE.send(Method::POST, path, &[JSON], example.to_string()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }
}

#[test]
fn every_text_is_in_both_languages() {
    let document = SITE.app.openapi();
    let mut missing = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !operation["summary"].as_str().unwrap_or_default().contains(" / ") {
                missing.push(format!("{method} {path}"));
            }
            let params = operation["parameters"].as_array().into_iter().flatten();
            let responses = operation["responses"].as_object().unwrap().values();
            for part in params.chain(responses).chain([operation]).filter(|part| part.get("$ref").is_none()) {
                if !part["description"].as_str().unwrap_or_default().contains('\n') {
                    missing.push(format!("{method} {path} {}", part["name"]));
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
