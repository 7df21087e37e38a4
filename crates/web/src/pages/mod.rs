//! The pages: each a module with its handlers and its context.

mod about;
mod answer;
mod ask;
mod catalogue;
mod company;
mod design;
pub mod error;
mod glossary;
mod home;
mod preferences;
mod search;

use askama::Template;
use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::api;
use crate::error::WebError;
use crate::state::App;

/// The routes of all pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::get))
        .route("/about", get(about::get))
        .route("/api", get(api::docs::get))
        .route("/design", get(design::get))
        .route("/glossary", get(glossary::get))
        .route("/preferences", post(preferences::post))
        .route("/companies/{uscc}", get(company::get))
        .route("/search", get(search::get))
        .merge(answer::routes())
        .merge(ask::routes())
        .merge(catalogue::routes())
}

/// A page as an answer.
///
/// # Errors
/// When the template fails, which is a mistake of ours.
pub fn html(page: &impl Template) -> Result<Response, WebError> {
    Ok(Html(page.render()?).into_response())
}
