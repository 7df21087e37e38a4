//! Sharing an answer: by a saved copy that ends, or by a link that holds the facts; and taking over what was shared.

use app::drafts::Name;
use app::share::{self, DAYS, ShareError};
use app::{Profile, profile::Origin};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header::{HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rules::diag::Text;
use serde::Deserialize;

use super::subject::{Subject, says_something};
use crate::error::WebError;
use crate::pages::html;
use crate::show;
use crate::state::{App, day};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "answer/share.html")]
struct SharePage {
    v: Visitor,
    facts: usize,
    who: Option<String>,
    days: Vec<DaysView>,
    links: Vec<LinkView>,
    packed: String,
    error: Option<String>,
}

struct DaysView {
    days: u64,
    chosen: bool,
}

/// An answer that is shared.
struct LinkView {
    name: String,
    url: String,
    feed: String,
    made: String,
    until: String,
}

/// The link and for how long.
#[derive(Deserialize)]
pub(super) struct Wanted {
    days: String,
}

/// The shared answer to end.
#[derive(Deserialize)]
pub(super) struct Ending {
    name: String,
}

/// `GET /answer/share`: what is shared, and how to share.
pub(super) async fn get(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    page(&app, v, &subject, &headers, None)
}

/// `POST /answer/share`: keeps a copy of the answers for some days under a name that cannot be guessed.
pub(super) async fn post(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Result<Response, WebError> {
    let days = wanted.days.trim().parse().ok().filter(|days| DAYS.contains(days));
    let Some(days) = days else {
        let error = v.t("answer-share-days-wrong");
        return page(&app, v, &subject, &headers, Some(error));
    };
    // whose answers are kept has a name
    let by = v.name.clone().ok_or(WebError::NotFound)?;
    match share::keep(app.kapok(), &subject.profile, &by, &app.name(), (app.today(), app.now(), days)) {
        Ok(()) => Ok(go("/answer/share")),
        Err(ShareError::TooMany) => {
            let error = v.m("answer-share-too-many").n("most", share::MOST).to_string();
            page(&app, v, &subject, &headers, Some(error))
        }
        Err(ShareError::Keep(error)) => Err(error.into()),
    }
}

/// `POST /answer/share/end`: ends a shared answer; only its maker can.
pub(super) async fn end(State(app): State<App>, v: Visitor, Form(ending): Form<Ending>) -> Result<Response, WebError> {
    let name = Name::parse(&ending.name).ok_or(WebError::NotFound)?;
    let by = v.name.as_ref().ok_or(WebError::NotFound)?;
    if share::end(app.kapok(), &name, by, app.now())? { Ok(go("/answer/share")) } else { Err(WebError::Gone) }
}

fn page(
    app: &App,
    v: Visitor,
    subject: &Subject,
    headers: &HeaderMap,
    error: Option<String>,
) -> Result<Response, WebError> {
    let site = site(headers);
    let made = match &v.name {
        Some(by) => share::made(app.kapok(), by, app.now())?,
        None => Vec::new(),
    };
    let links = made.into_iter().map(|(name, shared)| LinkView {
        url: format!("{site}/s/{}", name.as_str()),
        feed: format!("{site}/s/{}/deadlines.ics?lang={}", name.as_str(), if v.l.zh() { "zh" } else { "en" }),
        name: name.as_str().to_owned(),
        made: show::date(shared.made_on, v.l).text,
        until: show::date(day(shared.until), v.l).text,
    });
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = SharePage {
        facts: count(&subject.profile),
        who: subject.name().map(str::to_owned),
        days: DAYS.iter().map(|days| DaysView { days: *days, chosen: *days == 30 }).collect(),
        links: links.collect(),
        packed: format!("{site}/answer#f={}", share::pack(&subject.profile, &app.kapok().program.vocabulary)),
        error,
        v,
    };
    Ok((status, html(&page)?).into_response())
}

/// What the visitor's browser calls this site: `https://kapok.example`.
fn site(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    text(HOST.as_str()).map(|host| format!("{scheme}://{host}")).unwrap_or_default()
}

/// How many facts a profile holds, those of records included.
fn count(profile: &Profile) -> usize {
    let records = profile.party.records.values().flatten();
    profile.party.facts.len() + records.map(|record| record.facts.len()).sum::<usize>()
}

#[derive(Template)]
#[template(path = "answer/import.html")]
struct ImportPage {
    v: Visitor,
    who: Option<String>,
    facts: usize,
    labels: Vec<String>,
    own: usize,
    packed: Option<String>,
    shared: Option<String>,
}

/// What is taken over: the text of a link that holds facts, or the name of a shared answer.
#[derive(Deserialize)]
pub(super) struct Import {
    /// The text after `#f=`.
    f: Option<String>,
    /// The name of a shared answer.
    name: Option<String>,
    /// Whether the visitor has seen what it holds, and wants it.
    take: Option<String>,
}

/// `POST /answer/import`: shows what was shared; takes it over in place of the visitor's own answers once she says so.
pub(super) async fn import(
    State(app): State<App>,
    v: Visitor,
    Form(import): Form<Import>,
) -> Result<Response, WebError> {
    let vocabulary = &app.kapok().program.vocabulary;
    let mut profile = match (&import.f, &import.name) {
        (Some(packed), _) => share::unpack(packed, vocabulary).map_err(|_| WebError::Bad(damaged()))?,
        (None, Some(name)) => Subject::shared(&app, name)?.profile,
        (None, None) => return Err(WebError::Bad(damaged())),
    };
    if import.take.is_some() {
        profile.origin = Some(Origin::Shared);
        let cookie = v.keep(&app, &profile)?;
        return Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/answer".to_owned())]).into_response());
    }
    let own = v.profile(&app)?.filter(|own| says_something(&own.party));
    let facts = profile.party.facts.keys().filter_map(|key| {
        let definition = vocabulary.facts.get(vocabulary.fact(&key.name)?)?;
        let label = v.l.text(&definition.label);
        Some(key.year.map_or_else(|| label.to_owned(), |year| format!("{label} {year}")))
    });
    let records = profile.party.records.iter().filter(|(_, rows)| !rows.is_empty()).filter_map(|(name, rows)| {
        let record = vocabulary.records.get(vocabulary.record(name)?)?;
        Some(format!("{} × {}", v.l.text(&record.label), rows.len()))
    });
    html(&ImportPage {
        who: profile.party.name.clone(),
        facts: count(&profile),
        labels: facts.chain(records).collect(),
        own: own.as_ref().map(count).unwrap_or_default(),
        packed: import.f,
        shared: import.name,
        v,
    })
}

fn damaged() -> Text {
    Text::new(
        "这个链接不完整或被改动过，里面的事实读不出来。请对方重新发一次完整的链接。您自己填写的内容没有变化。",
        "This link was cut or changed, and its facts cannot be read. Ask for the whole link again. \
         Your own answers have not changed.",
    )
}

fn go(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}
