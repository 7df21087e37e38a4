//! What holds for every endpoint: the form of problems, limits, and that other sites may ask.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::testing::{Page, Site};

pub(super) const JSON: (&str, &str) = ("content-type", "application/json");

/// A problem as it was told.
pub(super) fn problem(page: &Page) -> Value {
    assert_eq!(page.header("content-type"), "application/problem+json", "{}", page.body);
    let told: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(told["status"], page.status.as_u16());
    told
}

#[tokio::test]
async fn every_error_is_a_problem_in_the_language_of_the_sender() {
    let site = Site::new();
    let large = format!("{{\"party\": {{\"note\": \"{}\"}}}}", "x".repeat(super::MAX_BODY));
    type Case<'a> = (Method, &'a str, &'a [(&'a str, &'a str)], &'a str, StatusCode, &'a str);
    let cases: [Case<'_>; 9] = [
        (Method::GET, "/api/v1/assess", &[], "", StatusCode::METHOD_NOT_ALLOWED, "method"),
        (Method::DELETE, "/api/v1/openapi.json", &[], "", StatusCode::METHOD_NOT_ALLOWED, "method"),
        (Method::GET, "/api/v1/nothing", &[], "", StatusCode::NOT_FOUND, "not-found"),
        (Method::GET, "/api/v1", &[], "", StatusCode::NOT_FOUND, "not-found"),
        (
            Method::GET,
            "/api/v1/openapi.json",
            &[("accept", "text/html")],
            "",
            StatusCode::NOT_ACCEPTABLE,
            "not-acceptable",
        ),
        (Method::POST, "/api/v1/assess", &[], "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"),
        (Method::POST, "/api/v1/assess", &[JSON], &large, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        (Method::POST, "/api/v1/assess", &[JSON], "{,}", StatusCode::BAD_REQUEST, "unreadable"),
        (Method::POST, "/api/v1/assess", &[JSON], "{}", StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
    ];
    for (method, path, headers, body, status, kind) in cases {
        for (accepted, title) in [("zh-CN,zh;q=0.9", "zh"), ("en-GB", "en")] {
            let mut headers = headers.to_vec();
            headers.push(("accept-language", accepted));
            let page = site.send(method.clone(), path, &headers, body.to_owned()).await;
            assert_eq!(page.status, status, "{path} {}", page.body);
            let told = problem(&page);
            assert_eq!(told["type"], format!("/api#errors-{kind}"));
            assert_eq!(told["title"], told["texts"]["title"][title]);
            assert_eq!(told["detail"], told["texts"]["detail"][title]);
            assert_ne!(told["texts"]["detail"]["zh"], told["texts"]["detail"]["en"]);
            assert!(page.header("content-language").starts_with(title));
        }
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_one() {
    let page = Site::new().get("/api/v1/assess").await;
    assert!(page.header("allow").contains("POST"), "{:?}", page.headers);
}

#[tokio::test]
async fn pages_of_other_sites_may_ask() {
    let site = Site::new();
    let headers = [
        ("origin", "https://example.org"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let page = site.send(Method::OPTIONS, "/api/v1/assess", &headers, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("access-control-allow-origin"), "*");
    assert!(page.header("access-control-allow-methods").contains("POST"));
    let headers = [("origin", "https://example.org"), ("sec-fetch-site", "cross-site"), JSON];
    let page = site.send(Method::POST, "/api/v1/assess", &headers, r#"{"party": {}}"#).await;
    assert_eq!((page.status, page.header("access-control-allow-origin")), (StatusCode::OK, "*"), "{}", page.body);
    assert_eq!(page.header("set-cookie"), "");
}
