//! Counts and times for monitoring, in the text form that Prometheus reads.
//!
//! Labels are methods, route templates and statuses: their number does not grow with what visitors send.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::state::App;

/// The upper ends of the classes that times are counted in, in microseconds.
const CLASSES: [u64; 11] = [500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// What is counted of the requests.
#[derive(Debug, Default)]
pub struct Metrics {
    running: AtomicU64,
    routes: Mutex<BTreeMap<String, Route>>,
}

/// What is counted of a route.
#[derive(Debug, Default)]
struct Route {
    answered: BTreeMap<(&'static str, u16), u64>,
    /// How many took as long as each of [`CLASSES`] or less, but longer than the one before; the last took longer.
    took: [u64; CLASSES.len() + 1],
    micros: u64,
}

/// A request that is being answered; it counts until it is dropped, also when nobody waits for the answer any more.
#[derive(Debug)]
pub struct Running<'a>(&'a AtomicU64);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request begins.
    pub fn begin(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(&self.running)
    }

    /// A request of a route has been answered with a status, after so many microseconds.
    pub fn note(&self, method: &'static str, route: &str, status: u16, micros: u64) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Route::default());
        }
        let Some(counts) = routes.get_mut(route) else { return };
        *counts.answered.entry((method, status)).or_default() += 1;
        let class = CLASSES.iter().position(|end| micros <= *end).unwrap_or(CLASSES.len());
        if let Some(took) = counts.took.get_mut(class) {
            *took += 1;
        }
        counts.micros = counts.micros.saturating_add(micros);
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        family(text, "kapok_http_requests_in_flight", "gauge", "Requests that are being answered.")?;
        writeln!(text, "kapok_http_requests_in_flight {}", self.running.load(Ordering::Relaxed))?;
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        family(text, "kapok_http_requests_total", "counter", "Requests answered.")?;
        for (route, counts) in &*routes {
            for ((method, status), count) in &counts.answered {
                let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
                writeln!(text, "kapok_http_requests_total{{{labels}}} {count}")?;
            }
        }
        let name = "kapok_http_request_duration_seconds";
        family(text, name, "histogram", "Time until the head of the answer was ready.")?;
        for (route, counts) in &*routes {
            let mut count = 0;
            for (end, took) in CLASSES.iter().zip(counts.took) {
                count += took;
                writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"{}\"}} {count}", seconds(*end))?;
            }
            count += counts.took.last().copied().unwrap_or_default();
            writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}")?;
            writeln!(text, "{name}_sum{{route=\"{route}\"}} {}", seconds(counts.micros))?;
            writeln!(text, "{name}_count{{route=\"{route}\"}} {count}")?;
        }
        Ok(())
    }
}

fn family(text: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n")
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `GET /metrics`
pub async fn get(State(app): State<App>) -> Response {
    let text = write(&app).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}

fn write(app: &App) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let kapok = app.kapok();
    family(&mut text, "kapok_build_info", "gauge", "The version that runs.")?;
    writeln!(text, "kapok_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))?;
    for (name, help, count) in [
        ("kapok_measures", "Measures in the catalogue.", kapok.program.measures.len()),
        ("kapok_companies", "Companies in the demo registry.", kapok.registry.len()),
    ] {
        family(&mut text, name, "gauge", help)?;
        writeln!(text, "{name} {count}")?;
    }
    family(&mut text, "kapok_assessments_total", "counter", "Parties assessed on the whole catalogue.")?;
    writeln!(text, "kapok_assessments_total {}", kapok.assessments())?;
    app.telemetry().metrics.write(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;

    fn value(text: &str, series: &str) -> Option<u64> {
        text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
    }

    #[test]
    fn times_are_exact() {
        let times = [0, 500, 1_000, 2_500_000, 12_345_678];
        assert_eq!(times.map(seconds), ["0", "0.0005", "0.001", "2.5", "12.345678"]);
    }

    #[test]
    fn classes_add_up() {
        let metrics = Metrics::default();
        for micros in [1, 500, 501, 20_000, u64::MAX] {
            metrics.note("GET", "/x", 200, micros);
        }
        let running = metrics.begin();
        let mut text = String::new();
        metrics.write(&mut text).unwrap();
        let count = |le: &str| {
            value(&text, &format!("kapok_http_request_duration_seconds_bucket{{route=\"/x\",le=\"{le}\"}}")).unwrap()
        };
        assert_eq!((count("0.0005"), count("0.001"), count("0.02"), count("+Inf")), (2, 3, 4, 5));
        assert_eq!(value(&text, "kapok_http_requests_in_flight"), Some(1));
        drop(running);
        assert_eq!(metrics.running.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn requests_are_counted_by_route_and_never_by_what_was_sent() {
        let site = Site::new();
        site.get("/").await;
        site.get("/?q=secret").await;
        for path in ["/no-such-page/9144030071526726XG", "/assets/secret.css"] {
            site.get(path).await;
        }
        let page = site.get("/metrics").await;
        assert!(page.header("content-type").starts_with("text/plain"), "{}", page.header("content-type"));
        let requests = |method, route, status| {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            value(&page.body, &format!("kapok_http_requests_total{{{labels}}}"))
        };
        assert_eq!(requests("GET", "/", 200), Some(2));
        assert_eq!(requests("GET", "none", 404), Some(1));
        assert_eq!(requests("GET", "/assets/{name}", 404), Some(1));
        for said in ["secret", "9144030071526726XG"] {
            assert!(!page.body.contains(said), "{}", page.body);
        }
        for line in page.body.lines().filter(|line| !line.starts_with('#')) {
            let (_, number) = line.rsplit_once(' ').unwrap();
            assert!(number.parse::<f64>().is_ok(), "{line}");
        }
        assert!(value(&page.body, "kapok_measures").unwrap() > 90);
        assert_eq!(value(&page.body, "kapok_companies"), Some(2600));
    }
}
