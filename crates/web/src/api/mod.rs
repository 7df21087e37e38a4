//! `/api/v1`: what pages show, for programs. Each endpoint has a file with its tests; its description for OpenAPI stands
//! with its handler.

mod accept;
mod ask_next;
mod assess;
mod body;
mod companies;
pub mod docs;
mod explain;
mod limit;
mod measure;
mod measures;
mod openapi;
mod params;
mod problem;
mod schema;
mod versions;
mod vocabulary;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

pub use limit::Rate;
pub use openapi::document;

/// What is read of a request's body at most, in bytes: a party with a thousand records has about 200 kB.
pub const MAX_BODY: usize = 1 << 20;

/// The endpoints with their descriptions.
fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assess::post))
        .routes(routes!(ask_next::post))
        .routes(routes!(measures::get))
        .routes(routes!(measure::get))
        .routes(routes!(explain::get))
        .routes(routes!(versions::get))
        .routes(routes!(vocabulary::get))
        .routes(routes!(companies::list))
        .routes(routes!(companies::get))
        .routes(routes!(openapi::get))
}

/// The routes under `/api/v1`, with what holds for all of them.
pub fn routes(app: &App) -> Router<App> {
    let (endpoints, _) = endpoints().split_for_parts();
    // below the prefix everything is answered here, so that a mistyped path gets an answer that a program can read
    let missing = || async { problem::Problem::new(problem::Kind::NotFound) };
    let unknown = Router::new()
        .route("/api/v1", axum::routing::any(missing))
        .route("/api/v1/{*path}", axum::routing::any(missing));
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, IF_NONE_MATCH])
        .expose_headers([ETAG, RETRY_AFTER, limit::LIMIT, limit::POLICY])
        .max_age(Duration::from_secs(86_400));
    endpoints
        .merge(unknown)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(20)))
        .layer(middleware::from_fn(accept::check))
        .layer(middleware::from_fn_with_state(limit::Limiter::new(app), limit::check))
        .layer(middleware::from_fn(problem::show))
        .layer(cors)
}

/// JSON as an answer.
fn json(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(accept::JSON))], bytes).into_response()
}

/// A type of this API as JSON.
///
/// # Errors
/// When it cannot be written, which is a mistake of ours.
fn to_json(value: &impl serde::Serialize) -> Result<Vec<u8>, problem::Problem> {
    serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        problem::Problem::new(problem::Kind::Internal)
    })
}

/// JSON that others may keep for a while, and ask for again only if it has changed.
///
/// # Errors
/// None; so that handlers can end with it.
fn cached(headers: &HeaderMap, bytes: Vec<u8>) -> Result<Response, problem::Problem> {
    Ok(cached_as(headers, bytes, accept::JSON))
}

/// The same for any kind of content.
fn cached_as(headers: &HeaderMap, bytes: Vec<u8>, kind: &'static str) -> Response {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    // weak, since the answer may be sent compressed
    let tag = format!("W/\"{:016x}\"", hasher.finish());
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|value| value.split(',')).map(str::trim).any(|known| known == tag || known == "*");
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, HeaderValue::from_static(kind))], bytes).into_response()
    };
    let kept = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        kept.insert(ETAG, tag);
    }
    kept.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    kept.insert(VARY, HeaderValue::from_static("accept, accept-language"));
    response
}

#[cfg(test)]
mod tests;
