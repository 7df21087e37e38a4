//! What is noted of every request: an id, a line in the log, and counts. Never its address beyond the route's template,
//! its query, its body or its cookies: these can tell who asks, and about whom.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument;

use crate::metrics::Metrics;
use crate::state::App;

/// The header that tells a request's id to who sent it, so that she can name it when she asks for help.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a server notes of itself while it runs.
#[derive(Debug, Default)]
pub struct Telemetry {
    /// Counts and times.
    pub metrics: Metrics,
    last_id: AtomicU64,
    stopping: AtomicBool,
}

impl Telemetry {
    /// From now on the server takes no new work, and says so when it is asked whether it is ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// An id that no other request of this server has. One that came with the request is not taken: it could say
    /// anything, and would stand in the log.
    fn id(&self, now: u64) -> String {
        format!("{now:x}-{:x}", self.last_id.fetch_add(1, Ordering::Relaxed))
    }
}

/// Notes a request and its answer.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let telemetry = app.telemetry();
    let id = telemetry.id(app.now());
    let method = method(request.method());
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let running = telemetry.metrics.begin();
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    drop(running);
    let (status, micros) = (response.status(), u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    telemetry.metrics.note(method, &route, status.as_u16(), micros);
    span.in_scope(|| log(method, &route, status, micros));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// One line for a request. What machines ask for every few seconds is only told to who wants to know everything.
fn log(method: &str, route: &str, status: StatusCode, micros: u64) {
    let status = status.as_u16();
    if matches!(route, "/healthz" | "/readyz" | "/metrics") {
        tracing::debug!(method, route, status, micros, "answered");
    } else {
        tracing::info!(method, route, status, micros, "answered");
    }
}

/// A method by its name; made-up ones are one, so that nobody can fill the counts with them.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}
