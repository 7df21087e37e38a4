//! `/`: where everyone begins.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::error::WebError;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    v: Visitor,
    measures: usize,
}

/// `GET /`
pub async fn get(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    html(&Home { v: visitor, measures: app.kapok().program.measures.len() })
}
