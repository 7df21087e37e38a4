//! `/healthz` and `/readyz`: whether the server lives, and whether it should be sent work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use crate::state::App;

/// `GET /healthz`: the server answers.
pub async fn alive() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// `GET /readyz`: it can keep what visitors tell it, and is not about to stop.
pub async fn ready(State(app): State<App>) -> Response {
    if app.telemetry().stopping() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.kapok().drafts.check() {
        Ok(()) => plain(StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the data folder cannot be written to");
            plain(StatusCode::SERVICE_UNAVAILABLE, "the data folder cannot be written to\n")
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;

    #[tokio::test]
    async fn a_server_is_ready_until_it_stops() {
        let site = Site::new();
        for path in ["/healthz", "/readyz"] {
            let page = site.get(path).await;
            assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ok\n"), "{path}");
            assert!(!page.header("x-request-id").is_empty());
        }
        site.app.telemetry().stop();
        assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_server_that_cannot_keep_anything_is_not_ready() {
        let site = Site::new();
        site.lose_folder();
        let page = site.get("/readyz").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.body.contains("data folder"), "{}", page.body);
    }
}
