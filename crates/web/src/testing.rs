//! A site in a test: the built-in rules, a folder of its own, a clock that stands still, and no network.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use app::Kapok;
use app::drafts::Drafts;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use rules::source::Sources;
use tower::ServiceExt;

use crate::{App, Config, Rate, router};

/// The texts of the catalogue and the vocabulary, read once.
static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Sources::default();
    for (folder, into) in [("catalogue", &mut sources.catalogue), ("vocabulary", &mut sources.vocabulary)] {
        read(&root, &root.join(folder), into);
    }
    sources
});

fn read(root: &Path, folder: &Path, into: &mut std::collections::BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, into);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            into.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// A site with one visitor, whose browser keeps cookies.
pub(crate) struct Site {
    pub(crate) app: App,
    router: Router,
    cookies: std::sync::Mutex<std::collections::BTreeMap<String, String>>,
    folder: tempfile::TempDir,
}

/// An answer.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// How many bytes came over the wire.
    pub(crate) bytes: usize,
}

impl Page {
    /// A header, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The page as a tree.
    pub(crate) fn html(&self) -> scraper::Html {
        scraper::Html::parse_document(&self.body)
    }

    /// The text of all elements that a selector finds, blanks made one.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = scraper::Selector::parse(selector).unwrap();
        let text = |element: scraper::ElementRef<'_>| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.html().select(&selector).map(text).collect()
    }
}

impl Site {
    /// A site on 2026-05-20, when many calls are open.
    pub(crate) fn new() -> Self {
        Self::with_rate(None)
    }

    /// The same site, on which a client may not ask the API as often as it likes.
    pub(crate) fn with_rate(rate: Option<Rate>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::open(folder.path()).unwrap();
        let kapok = Kapok::new(SOURCES.clone(), drafts).unwrap_or_else(|loaded| panic!("{:?}", loaded.findings));
        let counter = Arc::new(std::sync::atomic::AtomicU64::new(1));
        let config = Config {
            // 2026-05-20 12:00 in Shanghai
            clock: Box::new(|| 1_779_249_600),
            random: Box::new(move |bytes| {
                let next = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes();
                bytes.iter_mut().zip(next.iter().cycle()).for_each(|(byte, random)| *byte = *random);
            }),
            today: None,
            rate,
        };
        let app = App::new(kapok, config);
        let router = router(app.clone());
        Self { app, router, cookies: std::sync::Mutex::default(), folder }
    }

    /// Takes away the folder that answers are kept in, as a failing disk does.
    pub(crate) fn lose_folder(&self) {
        std::fs::remove_dir_all(self.folder.path()).unwrap();
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, &[], "").await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Page {
        self.send(Method::POST, path, &[], form.to_owned()).await
    }

    /// Sends anything.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header("cookie", cookies.join("; "));
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if rest.contains("Max-Age=0") {
                cookies.remove(name)
            } else {
                cookies.insert(name.into(), value.into())
            };
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            bytes: body.len(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
