//! Styles, scripts and pictures: built into the program, each under a name with the hash of its content.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

static FILES: Dir<'_> = include_dir!("$OUT_DIR/assets");

/// From the plain name to that with the hash.
static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let manifest = FILES.get_file("manifest.json").map(include_dir::File::contents).unwrap_or_default();
    serde_json::from_slice(manifest).unwrap_or_default()
});

/// The address of a file by its plain name.
pub fn url(name: &str) -> String {
    NAMES.get(name).map_or_else(String::new, |hashed| format!("/assets/{hashed}"))
}

/// `GET /assets/{name}`: the name changes with the content, so that it may be kept for ever.
pub async fn get(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(plain) = FILES.get_file(&name).filter(|_| name != "manifest.json" && !name.ends_with(".br")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let kept =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable"), (VARY, "accept-encoding")];
    let brotli = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(accepts_brotli);
    match FILES.get_file(format!("{name}.br")).filter(|_| brotli) {
        Some(packed) => (kept, [(CONTENT_ENCODING, "br")], packed.contents()).into_response(),
        None => (kept, plain.contents()).into_response(),
    }
}

fn accepts_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.trim().split(';').map(str::trim);
        parts.next() == Some("br") && parts.all(|part| part != "q=0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        assert!(accepts_brotli("gzip, br;q=0.9"));
        assert!(!accepts_brotli("gzip, br;q=0"));
        assert!(!accepts_brotli("gzip, brx"));
    }

    #[test]
    fn the_files_that_pages_load_are_there() {
        fn visit(folder: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    visit(&path, found);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.extend(
                        text.split(".asset(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())),
                    );
                }
            }
        }
        let mut names = Vec::new();
        visit(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut names);
        assert!(names.iter().any(|name| name == "app.css"), "{names:?}");
        for name in names {
            assert!(url(&name).starts_with("/assets/"), "{name}");
        }
    }
}
