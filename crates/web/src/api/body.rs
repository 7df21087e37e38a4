//! The body of a request: JSON that says that it is JSON, and not too large.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use super::problem::{Kind, Problem};

/// The bytes of a body that is marked as JSON.
pub struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Kind::MediaType));
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(error) => {
                let large = error.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
                Err(Problem::new(if large { Kind::TooLarge } else { Kind::Unreadable }))
            }
        }
    }
}

/// Whether a body is marked as JSON: `application/json` or `application/…+json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, form)) = kind.split_once('/') else { return false };
    kind == "application" && (form == "json" || form.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_json() {
        let marked = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            is_json(&headers)
        };
        for kind in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.party+json"] {
            assert!(marked(kind), "{kind}");
        }
        for kind in ["", "json", "text/json", "application/x-www-form-urlencoded", "application/jsonx"] {
            assert!(!marked(kind), "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
