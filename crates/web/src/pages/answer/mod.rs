//! `/answer`: what the facts at hand entitle to, why, what to bring, until when; shared, printed and handed on.
//!
//! The same pages show the visitor's own answer (`/answer…`) and one that was shared with her (`/s/NAME…`).

mod bundle;
mod export;
mod list;
mod print;
mod reasons;
mod share;
mod subject;
#[cfg(test)]
mod tests;
mod view;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

/// The routes of the answer.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/answer", get(list::get))
        .route("/answer/print", get(print::get))
        .route("/answer/measures/{id}", get(reasons::get))
        .route("/answer.csv", get(export::csv))
        .route("/answer.json", get(export::json))
        .route("/answer.ics", get(export::calendar))
        .route("/answer/share", get(share::get).post(share::post))
        .route("/answer/share/end", post(share::end))
        .route("/answer/import", post(share::import))
        .route("/s/{name}", get(list::get))
        .route("/s/{name}/print", get(print::get))
        .route("/s/{name}/measures/{id}", get(reasons::get))
        .route("/s/{name}/answer.csv", get(export::csv))
        .route("/s/{name}/answer.json", get(export::json))
        .route("/s/{name}/deadlines.ics", get(export::feed))
}

#[derive(Template)]
#[template(path = "answer/empty.html")]
struct Empty {
    v: Visitor,
}

/// The page for those who have given no answers yet. Facts that stand in the address (`#f=…`) are taken from here too.
fn empty(v: Visitor) -> Response {
    html(&Empty { v }).unwrap_or_else(IntoResponse::into_response)
}
