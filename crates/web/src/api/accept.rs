//! The forms of an answer: which of those on offer the sender wants.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Kind, Problem};
use crate::visitor::thousandths;

/// What answers are written in.
pub const JSON: &str = "application/json";
/// What explanations can be written in too.
pub const MARKDOWN: &str = "text/markdown";

/// Refuses requests that take no form in which there is any answer.
pub async fn check(request: Request, next: Next) -> Response {
    if choose(request.headers(), &[JSON, "application/problem+json", MARKDOWN]).is_none() {
        return Problem::new(Kind::NotAcceptable).into_response();
    }
    next.run(request).await
}

/// The form among those on offer that the sender likes best; of equals the first. `None` when it takes none of them.
pub fn choose<'a>(headers: &HeaderMap, offered: &[&'a str]) -> Option<&'a str> {
    let accepted: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accepted.iter().all(|value| value.trim().is_empty()) {
        return offered.first().copied();
    }
    let ranges: Vec<(&str, u32)> = accepted.iter().flat_map(|value| value.split(',')).map(range).collect();
    let mut best: Option<(u32, &'a str)> = None;
    for form in offered {
        let weight = weight(&ranges, form);
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, form));
        }
    }
    best.map(|(_, form)| form)
}

/// `text/*;q=0.5` as a range and its weight in thousandths.
fn range(text: &str) -> (&str, u32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (range, weight.map_or(Some(1000), thousandths).unwrap_or(0))
}

/// How much a form is wanted: what names it most exactly decides.
fn weight(ranges: &[(&str, u32)], form: &str) -> u32 {
    let kind = form.split('/').next().unwrap_or_default();
    let exactness = |range: &str| {
        if range.eq_ignore_ascii_case(form) {
            Some(2)
        } else if range.strip_suffix("/*").is_some_and(|range| range.eq_ignore_ascii_case(kind)) {
            Some(1)
        } else {
            (range == "*/*").then_some(0)
        }
    };
    let found = ranges.iter().filter_map(|(range, weight)| Some((exactness(range)?, *weight)));
    found.max_by_key(|(exactness, _)| *exactness).map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_what_the_sender_likes_best() {
        let chosen = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accepted.parse().unwrap());
            choose(&headers, &[JSON, MARKDOWN])
        };
        for (accepted, expected) in [
            ("", Some(JSON)),
            ("*/*", Some(JSON)),
            ("text/markdown", Some(MARKDOWN)),
            ("text/*", Some(MARKDOWN)),
            ("application/json;q=0.5, text/markdown", Some(MARKDOWN)),
            ("text/markdown;q=0.5, */*", Some(JSON)),
            ("application/json;q=0, */*;q=0.1", Some(MARKDOWN)),
            ("APPLICATION/JSON", Some(JSON)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=x", None),
        ] {
            assert_eq!(chosen(accepted), expected, "{accepted}");
        }
        assert_eq!(choose(&HeaderMap::new(), &[JSON]), Some(JSON));
    }
}
