//! The page of an error: what went wrong, and what can be done.

use askama::Template;
use axum::response::{IntoResponse, Response};

use crate::error::WebError;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    v: Visitor,
    title: String,
    text: String,
}

/// The page of an error.
pub fn page(_: &App, v: Visitor, error: &WebError) -> Response {
    let (title, text) = match error {
        WebError::NotFound => (v.t("error-not-found"), v.t("error-not-found-text")),
        WebError::Gone => (v.t("error-gone"), v.t("error-gone-text")),
        WebError::Bad(reason) => (v.t("error-bad"), v.l.text(reason).to_owned()),
        WebError::TooLarge => (v.t("error-too-large"), v.t("error-too-large-text")),
        WebError::Internal(_) => (v.t("error-internal"), v.t("error-internal-text")),
    };
    html(&ErrorPage { v, title, text }).unwrap_or_else(|error| error.status().into_response())
}
