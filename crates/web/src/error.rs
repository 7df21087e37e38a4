//! What goes wrong with a page, said to the person who can act; the same as problem+json for the API.

use app::drafts::KeepError;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rules::diag::Text;

use crate::pages;
use crate::state::App;
use crate::visitor::Visitor;

/// Why a page cannot be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WebError {
    /// There is no such page or thing.
    #[error("not found")]
    NotFound,
    /// It was there and has ended.
    #[error("gone")]
    Gone,
    /// What was sent cannot be used, with the reason.
    #[error("bad request: {}", .0.en)]
    Bad(Text),
    /// Too much was sent.
    #[error("too large")]
    TooLarge,
    /// Something that the visitor cannot mend.
    #[error("{0}")]
    Internal(String),
}

impl From<std::io::Error> for WebError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<KeepError> for WebError {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::TooLarge(_) => Self::TooLarge,
            KeepError::Io(error) => error.into(),
        }
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl WebError {
    /// The status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        if let Self::Internal(reason) = &self {
            tracing::error!(%reason, "a page could not be made");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes the page of an error, which needs the visitor's language; whatever made the error, the visitor gets a page.
pub async fn show(State(app): State<App>, visitor: Visitor, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let error = match response.extensions().get::<WebError>() {
        Some(error) => error.clone(),
        None if status == StatusCode::NOT_FOUND => WebError::NotFound,
        None if status == StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        None if status == StatusCode::INTERNAL_SERVER_ERROR => WebError::Internal("panic".to_owned()),
        None if status.is_client_error() && !response.headers().contains_key("content-type") => {
            WebError::Bad(Text::new("请求的方式或内容不对。", "The request is of the wrong kind or content."))
        }
        None => return response,
    };
    let mut page = pages::error::page(&app, visitor, &error);
    *page.status_mut() = if status.is_success() { error.status() } else { status };
    page
}
