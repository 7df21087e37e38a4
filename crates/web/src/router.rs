//! All routes, and what holds for each of them: limits, headers, and that no other site can act for a visitor.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, SET_COOKIE, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::TimeoutLayer;

use crate::error;
use crate::state::{App, DAY};
use crate::{api, assets, cookie, health, metrics, pages, telemetry};

/// What is read of a request's body at most, in bytes; a party file has at most 8 MiB.
const MAX_BODY: usize = 9 << 20;

/// What a page may load: only what this server serves, and no script or style that stands in the page itself.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                              font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                              frame-ancestors 'none'; manifest-src 'self'";

/// The server's routes.
pub fn router(app: App) -> Router {
    let pages = pages::routes()
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .layer(middleware::from_fn_with_state(app.clone(), error::show))
        .layer(middleware::from_fn(language))
        .layer(middleware::from_fn(same_origin));
    let api = api::routes(&app);
    let packed = DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"));
    Router::new()
        .route("/assets/{name}", get(assets::get))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::get))
        .merge(pages)
        .merge(api)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(30)))
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new().compress_when(packed))
        .layer(middleware::from_fn_with_state(app.clone(), telemetry::observe))
        .with_state(app)
}

/// Headers that hold for every answer.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let page = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    let headers = response.headers_mut();
    let fixed = [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if page {
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
        if !headers.contains_key(CACHE_CONTROL) {
            // pages can hold a visitor's own facts
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
    response
}

/// A language that is asked for in the address is remembered.
async fn language(request: Request, next: Next) -> Response {
    let asked = request.uri().query().unwrap_or_default().split('&').find_map(|pair| match pair {
        "lang=zh" => Some("zh"),
        "lang=en" => Some("en"),
        _ => None,
    });
    let mut response = next.run(request).await;
    if let Some(lang) = asked
        && let Ok(value) = HeaderValue::from_str(&cookie::set(cookie::LANG, lang, 365 * DAY))
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// Refuses what changes something when a page of another site sent it.
async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || ours(request.headers()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(ORIGIN.as_str()) {
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text(HOST.as_str()),
        // not a browser, or one that is too old to be tricked by a form of today
        None => true,
    }
}

#[cfg(test)]
mod tests;
