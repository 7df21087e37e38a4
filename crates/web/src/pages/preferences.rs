//! `/preferences`: light or dark.

use axum::Form;
use axum::http::header::{HeaderName, REFERER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::cookie;
use crate::state::DAY;

/// What can be chosen.
#[derive(Deserialize)]
pub struct Preferences {
    /// `light`, `dark` or `auto`
    theme: String,
}

/// `POST /preferences`: remembers the choice and goes back.
pub async fn post(headers: HeaderMap, Form(chosen): Form<Preferences>) -> Response {
    let cookie = match chosen.theme.as_str() {
        theme @ ("light" | "dark") => cookie::set(cookie::THEME, theme, 365 * DAY),
        _ => cookie::set(cookie::THEME, "", 0),
    };
    // only the path of the page is used, so that no other site can be gone to
    let back = headers
        .get(REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|address| address.split_once("://")?.1.split_once('/'))
        .map_or_else(|| "/".to_owned(), |(_, path)| format!("/{}", path.trim_start_matches('/')));
    let location = HeaderName::from_static("location");
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (location, back)]).into_response()
}
