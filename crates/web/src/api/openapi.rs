//! `GET /api/v1/openapi.json`: the description of the API, put together from what stands with the endpoints.

use std::collections::BTreeSet;

use app::catalogue::{KINDS, Sort};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rules::ir::Program;
use serde_json::{Map, Value, json};

use super::problem::{Kind, Problem};
use super::{cached, endpoints, schema};
use crate::state::App;

/// The description of the API as OpenAPI.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "openapi",
    tag = "vocabulary",
    summary = "This description / 本接口的 OpenAPI 描述",
    description = "The API as OpenAPI 3.1; /api shows it for reading.\n以 OpenAPI 3.1 描述的全部接口；/api 是给人看的版本。",
    responses((status = 200, description = "OpenAPI 3.1\nOpenAPI 3.1 描述", body = ref("#/components/schemas/OpenApi"))),
)]
pub async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    cached(&headers, super::to_json(app.openapi())?)
}

/// The API as OpenAPI 3.1.
pub fn document(program: &Program) -> Value {
    let (_, api) = endpoints().split_for_parts();
    let mut document = serde_json::to_value(api).unwrap_or_default();
    if let Some(document) = document.as_object_mut() {
        document.insert("info".to_owned(), info());
        document.insert("tags".to_owned(), tags());
        let schemas = schema::components(program);
        document.insert(
            "components".to_owned(),
            json!({ "schemas": schemas, "responses": problems(), "headers": headers() }),
        );
        for (path, item) in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
                for param in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
                    narrow(param, program);
                }
            }
        }
    }
    document
}

fn info() -> Value {
    json!({
        "title": "Kapok",
        "version": "1",
        "description": "Policies as computable rules: what a company or person is entitled to, and why.\n\
                        把政策变成可计算的规则：一家企业或一个人能得到什么，为什么。",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
}

fn tags() -> Value {
    json!([
        { "name": "assess", "description": "Assess parties and ask for what is missing\n测算，并询问还缺的事实" },
        { "name": "measures", "description": "The catalogue of measures\n政策措施目录" },
        { "name": "vocabulary", "description": "Words and descriptions\n词汇与描述" },
    ])
}

/// Every problem that any endpoint can answer with, by the name of its kind.
fn problems() -> Map<String, Value> {
    let problem = |kind: Kind| {
        let title = kind.title();
        let mut response = json!({
            "description": format!("{}\n{}", title.en, title.zh),
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        if kind == Kind::TooMany
            && let Some(response) = response.as_object_mut()
        {
            response
                .insert("headers".to_owned(), json!({ "Retry-After": { "$ref": "#/components/headers/Retry-After" } }));
        }
        (kind.slug().to_owned(), response)
    };
    Kind::ALL.into_iter().map(problem).collect()
}

fn headers() -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "ETag": text("Changes when the answer changes\n内容变化时随之变化"),
        "RateLimit": text("What is left: `r` requests for the next `t` seconds\n剩余额度：`t` 秒内还可请求 `r` 次"),
        "RateLimit-Policy": text("The limit: `q` requests in `w` seconds\n限额：`w` 秒内 `q` 次"),
        "Retry-After": {
            "description": "Seconds to wait\n需要等待的秒数",
            "schema": { "type": "integer", "minimum": 1 },
        },
    })
}

/// Adds to an operation what holds for all operations of its kind.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let body = method == "post";
    let mut kinds = vec![Kind::NotAcceptable, Kind::Timeout, Kind::TooMany, Kind::Internal];
    if body {
        kinds.extend([Kind::Unreadable, Kind::TooLarge, Kind::MediaType, Kind::Invalid]);
    } else {
        kinds.push(Kind::Query);
    }
    if path.contains('{') {
        kinds.push(Kind::NotFound);
    }
    if let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) {
        body.insert("required".to_owned(), json!(true));
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for kind in kinds {
        let reference = json!({ "$ref": format!("#/components/responses/{}", kind.slug()) });
        responses.entry(kind.status().as_str().to_owned()).or_insert(reference);
    }
    if let Some(good) = responses.get_mut("200").and_then(Value::as_object_mut) {
        let names: &[&str] =
            if body { &["RateLimit", "RateLimit-Policy"] } else { &["ETag", "RateLimit", "RateLimit-Policy"] };
        let of = |name: &&str| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
        good.insert("headers".to_owned(), Value::Object(names.iter().map(of).collect()));
    }
    if !body {
        let same =
            json!({ "description": "Not changed since the `ETag` in `If-None-Match`\n自上次的 ETag 以来没有变化" });
        responses.insert("304".to_owned(), same);
    }
    responses.sort_keys();
}

/// Says of a parameter what the type of its handler does not: the words that it may be, and that it is never null.
fn narrow(param: &mut Value, program: &Program) {
    let name = param.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(schema) = param.get_mut("schema").and_then(Value::as_object_mut) else { return };
    if let Some(kinds) = schema.get_mut("type").filter(|kinds| kinds.is_array()) {
        let kind = kinds.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null")).cloned();
        *kinds = kind.unwrap_or_default();
    }
    // the width of a number here is no limit that a sender has to know
    schema.remove("format");
    let words: Vec<&str> = match name.as_str() {
        "open" => vec!["yes", "no"],
        "lang" => vec!["zh", "en"],
        "sort" => Sort::ALL.iter().map(|sort| sort.code()).collect(),
        "kind" => KINDS.iter().map(|(_, code)| *code).collect(),
        "topic" => {
            let topics: BTreeSet<&str> =
                program.catalogue.measures.iter().map(|measure| measure.topic.as_str()).collect();
            topics.into_iter().collect()
        }
        _ => Vec::new(),
    };
    if name == "on" {
        schema.insert("format".to_owned(), json!("date"));
    }
    if !words.is_empty() {
        let target = match schema.get_mut("items").and_then(Value::as_object_mut) {
            Some(items) => items,
            None => schema,
        };
        target.insert("enum".to_owned(), json!(words));
    }
}

#[cfg(test)]
mod tests;
