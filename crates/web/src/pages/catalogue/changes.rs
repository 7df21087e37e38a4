//! `/catalogue/changes`: what has changed in the catalogue, as a page and as an Atom feed.

use app::catalogue::{Change, ChangeKind};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::response::{IntoResponse, Response};
use domain::Date;

use super::address;
use super::versions::{ChangeView, changes};
use crate::error::WebError;
use crate::pages::html;
use crate::show::{self, DateView};
use crate::state::App;
use crate::visitor::Visitor;

/// Differences that are shown before the reader is sent to the page that has all.
const SHOWN: usize = 6;
/// Entries of the feed.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "catalogue/changes.html")]
struct Changes {
    v: Visitor,
    years: Vec<Year>,
}

struct Year {
    year: i32,
    /// Shown at once; earlier years are folded away.
    open: bool,
    n: usize,
    days: Vec<Day>,
}

struct Day {
    date: DateView,
    changes: Vec<Entry>,
}

struct Entry {
    kind: String,
    class: &'static str,
    name: String,
    href: String,
    title: String,
    issuer: String,
    differences: Vec<ChangeView>,
    /// Where the rest of the differences stands.
    more: Option<String>,
}

/// `GET /catalogue/changes`
pub async fn get(State(app): State<App>, v: Visitor) -> Result<Response, WebError> {
    let mut years: Vec<Year> = Vec::new();
    for change in app.kapok().changes(app.today()) {
        let (year, date) = (change.day.year(), show::date(change.day, v.l));
        if years.last().is_none_or(|last| last.year != year) {
            years.push(Year { year, open: years.len() < 2, n: 0, days: Vec::new() });
        }
        let Some(of_year) = years.last_mut() else { continue };
        of_year.n += 1;
        if of_year.days.last().is_none_or(|last| last.date != date) {
            of_year.days.push(Day { date, changes: Vec::new() });
        }
        if let Some(day) = of_year.days.last_mut() {
            day.changes.push(entry(&app, &v, &change));
        }
    }
    html(&Changes { v, years })
}

fn entry(app: &App, v: &Visitor, change: &Change<'_>) -> Entry {
    let card = change.card;
    // an end says nothing new of the version that ends
    let diff = app.kapok().difference(card, change.version).filter(|_| change.kind != ChangeKind::Ended);
    let mut differences = diff.map(|diff| changes(v, diff)).unwrap_or_default();
    let more = (differences.len() > SHOWN).then(|| format!("{}/versions", address(&card.id)));
    differences.truncate(SHOWN);
    let (kind, class) = kind(v, change.kind);
    Entry {
        kind,
        class,
        name: v.l.text(&card.name).to_owned(),
        href: format!("{}?version={}", address(&card.id), change.version + 1),
        title: v.l.text(&card.title).to_owned(),
        issuer: v.l.text(&card.issuer).to_owned(),
        differences,
        more,
    }
}

fn kind(v: &Visitor, kind: ChangeKind) -> (String, &'static str) {
    match kind {
        ChangeKind::New => (v.t("changes-new"), "good"),
        ChangeKind::Changed => (v.t("changes-changed"), "hot"),
        ChangeKind::Draft => (v.t("changes-draft"), "warn"),
        ChangeKind::Closed => (v.t("changes-closed"), ""),
        ChangeKind::Ended => (v.t("changes-ended"), ""),
    }
}

#[derive(Template)]
#[template(path = "catalogue/changes.xml")]
struct Feed {
    v: Visitor,
    /// The site's address.
    site: String,
    updated: String,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    id: String,
    href: String,
    title: String,
    updated: String,
    author: String,
    summary: String,
}

/// `GET /catalogue/changes.atom`
pub async fn atom(State(app): State<App>, v: Visitor, headers: HeaderMap) -> Result<Response, WebError> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    // a server behind another is told how it was asked for
    let scheme = match headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok()) {
        Some("https") => "https",
        _ => "http",
    };
    let site = format!("{scheme}://{host}");
    let changes = app.kapok().changes(app.today());
    let updated = changes.first().map_or(app.today(), |change| change.day);
    let entries = changes.iter().take(ENTRIES).map(|change| feed_entry(&app, &v, &site, change)).collect();
    let feed = Feed { updated: instant(updated), site, entries, v }.render()?;
    let kept = [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")];
    Ok((kept, feed).into_response())
}

fn feed_entry(app: &App, v: &Visitor, site: &str, change: &Change<'_>) -> FeedEntry {
    let entry = entry(app, v, change);
    let code = match change.kind {
        ChangeKind::New => "new",
        ChangeKind::Changed => "changed",
        ChangeKind::Draft => "draft",
        ChangeKind::Closed => "closed",
        ChangeKind::Ended => "ended",
    };
    let differences: Vec<String> = entry.differences.iter().map(sentence).collect();
    let mut summary = v.m("changes-of").s("title", entry.title).s("issuer", &entry.issuer).to_string();
    if !differences.is_empty() {
        summary = format!("{summary} {}", differences.join(&v.t("changes-between")));
    }
    FeedEntry {
        // an entry keeps its id wherever the site moves, and in each language
        id: format!("urn:kapok:change:{}:{}:{code}", change.card.id, change.version + 1),
        href: format!("{site}{}", entry.href),
        title: v.m("changes-title-of").s("kind", entry.kind).s("name", entry.name).to_string(),
        updated: instant(change.day),
        author: entry.issuer,
        summary,
    }
}

/// The start of a day in Shanghai, as feeds write it.
fn instant(date: Date) -> String {
    format!("{date}T00:00:00+08:00")
}

fn sentence(change: &ChangeView) -> String {
    match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("{}: {from} → {to}", change.what),
        (None, Some(to)) => format!("+ {}: {to}", change.what),
        (Some(from), None) => format!("− {}: {from}", change.what),
        (None, None) => change.what.clone(),
    }
}
