//! `/api`: the API for reading, made from its own description.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use rules::Lang;
use serde_json::Value;

use super::problem::Kind;
use crate::error::WebError;
use crate::l10n::L10n;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "api/docs.html")]
struct Docs {
    v: Visitor,
    groups: Vec<Group>,
    problems: Vec<ProblemView>,
    rate: String,
}

/// Endpoints that belong together.
struct Group {
    title: String,
    operations: Vec<Operation>,
}

/// An endpoint.
struct Operation {
    id: String,
    method: String,
    path: String,
    title: String,
    text: String,
    params: Vec<Row>,
    body: Vec<Row>,
    answers: Vec<Row>,
    example: String,
}

/// A parameter, a key of a body, or an answer.
struct Row {
    name: String,
    text: String,
    required: bool,
}

/// A kind of problem.
struct ProblemView {
    slug: &'static str,
    status: u16,
    title: String,
    advice: String,
}

/// `GET /api`
pub async fn get(State(app): State<App>, v: Visitor, headers: HeaderMap) -> Result<Response, WebError> {
    let document = app.openapi();
    let reader = Reader { document, l: v.l, base: base(&headers), company: company(&app) };
    let group = |tag: &Value| {
        let name = text_at(tag, "name");
        Group { title: reader.pick(text_at(tag, "description")), operations: reader.operations(name) }
    };
    let groups = document.get("tags").and_then(Value::as_array).into_iter().flatten().map(group).collect();
    let problem = |kind: Kind| ProblemView {
        slug: kind.slug(),
        status: kind.status().as_u16(),
        title: v.l.text(&kind.title()).to_owned(),
        advice: v.l.text(&kind.advice()).to_owned(),
    };
    let problems = Kind::ALL.into_iter().map(problem).collect();
    let rate = app.rate().map_or_else(
        || v.t("api-rule-no-rate"),
        |rate| v.m("api-rule-rate").n("second", rate.per_second.get()).n("burst", rate.burst.get()).to_string(),
    );
    html(&Docs { v, groups, problems, rate })
}

/// The address that the examples ask: that of this page.
fn base(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
    let host = if plain && !host.is_empty() { host } else { "localhost:8080" };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let here = name == "localhost" || name.starts_with("127.") || name.starts_with('[');
    format!("{}://{host}", if here { "http" } else { "https" })
}

/// A company of the registry, for the example.
fn company(app: &App) -> String {
    let found = app.kapok().registry.search("智能");
    found.entries.first().map(|entry| entry.uscc.clone()).unwrap_or_default()
}

fn text_at<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Reads the description in one language.
struct Reader<'a> {
    document: &'a Value,
    l: L10n,
    base: String,
    company: String,
}

impl Reader<'_> {
    /// The part of a description that is in the reader's language: English stands first, Chinese in the next line.
    fn pick(&self, text: &str) -> String {
        let (en, zh) = text.split_once('\n').unwrap_or((text, text));
        match self.l.0 {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// A value, or what it refers to.
    fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        let reference = value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        reference.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    fn operations(&self, tag: &str) -> Vec<Operation> {
        let paths = self.document.get("paths").and_then(Value::as_object);
        let all = paths.into_iter().flatten().flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
        });
        all.filter(|(_, _, operation)| {
            operation.get("tags").and_then(Value::as_array).is_some_and(|tags| tags.iter().any(|known| known == tag))
        })
        .map(|(path, method, operation)| self.operation(path, method, operation))
        .collect()
    }

    fn operation(&self, path: &str, method: &str, operation: &Value) -> Operation {
        let (en, zh) = text_at(operation, "summary").split_once(" / ").unwrap_or_default();
        let params = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let body =
            operation.pointer("/requestBody/content/application~1json/schema").map(|schema| self.resolve(schema));
        let required = |schema: &Value, name: &str| {
            schema.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == name))
        };
        let keys = |schema: &Value| -> Vec<Row> {
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let row = |(name, property): (&String, &Value)| Row {
                name: name.clone(),
                text: self.pick(match text_at(property, "description") {
                    "" => text_at(self.resolve(property), "description"),
                    text => text,
                }),
                required: required(schema, name),
            };
            properties.map(row).collect()
        };
        let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        Operation {
            id: text_at(operation, "operationId").to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            title: if self.l.zh() { zh } else { en }.to_owned(),
            text: self.pick(text_at(operation, "description")),
            params: params
                .iter()
                .map(|param| Row {
                    name: text_at(param, "name").to_owned(),
                    text: self.pick(text_at(param, "description")),
                    required: param.get("required") == Some(&Value::Bool(true)),
                })
                .collect(),
            body: body.map(keys).unwrap_or_default(),
            answers: responses
                .map(|(status, response)| Row {
                    name: status.clone(),
                    text: self.pick(text_at(self.resolve(response), "description")),
                    required: false,
                })
                .collect(),
            example: self.example(path, params, body),
        }
    }

    /// A command that asks an endpoint with the examples of its description.
    fn example(&self, path: &str, params: &[Value], body: Option<&Value>) -> String {
        let mut path = path.to_owned();
        let mut query = Vec::new();
        for param in params {
            let name = text_at(param, "name");
            let value = match (name, param.get("example").and_then(Value::as_str)) {
                ("uscc", _) => self.company.as_str(),
                (_, Some(example)) => example,
                _ => continue,
            };
            let value: String = value.bytes().map(escaped).collect();
            match text_at(param, "in") {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                _ => query.push(format!("{name}={value}")),
            }
        }
        let join = if query.is_empty() { "" } else { "?" };
        let mut command = format!("curl -s '{}{path}{join}{}'", self.base, query.join("&"));
        if let Some(example) = body.and_then(|schema| schema.pointer("/examples/0")) {
            let body = serde_json::to_string_pretty(example).unwrap_or_default();
            command.push_str(&format!(" \\\n  -H 'content-type: application/json' \\\n  -d '{body}'"));
        }
        command
    }
}

/// A byte of a parameter as it stands in an address.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};

    use super::*;
    use crate::testing::Site;

    /// The address, headers and body of a command that the page shows.
    fn read(command: &str) -> (String, Vec<(String, String)>, Option<String>) {
        let mut parts = command.split('\'');
        assert_eq!(parts.next(), Some("curl -s "));
        let address = parts.next().unwrap();
        let path = address.split_once("://").unwrap().1.split_once('/').unwrap().1;
        let (mut headers, mut body) = (Vec::new(), None);
        while let (Some(option), Some(value)) = (parts.next(), parts.next()) {
            match option.split_whitespace().last().unwrap() {
                "-H" => {
                    let (name, value) = value.split_once(": ").unwrap();
                    headers.push((name.to_owned(), value.to_owned()));
                }
                "-d" => body = Some(value.to_owned()),
                other => panic!("{other}"),
            }
        }
        (format!("/{path}"), headers, body)
    }

    #[tokio::test]
    async fn every_endpoint_is_shown_with_an_example_that_works() {
        let site = Site::new();
        for lang in ["zh", "en"] {
            let page = site.get(&format!("/api?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains('⟦'), "a text is missing");
            let selector = scraper::Selector::parse("pre.example").unwrap();
            let html = page.html();
            let commands: Vec<String> = html.select(&selector).map(|command| command.text().collect()).collect();
            let count = |value: &Value| value.as_object().unwrap().len();
            let operations: usize = site.app.openapi()["paths"].as_object().unwrap().values().map(count).sum();
            assert_eq!(commands.len(), operations);
            for command in commands {
                let (path, headers, body) = read(&command);
                let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                let method = if body.is_some() { Method::POST } else { Method::GET };
                let answer = site.send(method, &path, &headers, body.unwrap_or_default()).await;
                assert_eq!(answer.status, StatusCode::OK, "{command}: {}", answer.body);
            }
        }
    }

    #[tokio::test]
    async fn every_kind_of_problem_has_its_place() {
        let page = Site::new().get("/api").await;
        for kind in Kind::ALL {
            assert!(page.body.contains(&format!("id=\"errors-{}\"", kind.slug())), "{kind:?}");
        }
    }

    #[test]
    fn examples_ask_the_address_of_the_page() {
        let of = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            base(&headers)
        };
        assert_eq!(of("127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(of("kapok.example"), "https://kapok.example");
        assert_eq!(of("x' rm -rf"), "http://localhost:8080");
        assert_eq!(base(&HeaderMap::new()), "http://localhost:8080");
    }
}
