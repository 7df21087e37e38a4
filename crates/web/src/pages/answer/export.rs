//! The answer for other programs: CSV, JSON, and a calendar of its deadlines.

use app::{answer, deadlines};
use axum::extract::{Query, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rules::bind::Dates;
use rules::report::Report;

use super::subject::{AsOf, Asked, Subject};
use crate::error::WebError;
use crate::state::App;
use crate::visitor::Visitor;

/// Facts of a visitor are kept by no one on the way.
const NOT_KEPT: (HeaderName, &str) = (CACHE_CONTROL, "private, no-store");

fn report(app: &App, v: &Visitor, subject: &Subject, asked: &Asked) -> Result<Report, WebError> {
    let as_of = AsOf::new(v, subject, app.today(), asked);
    if let Some(error) = as_of.on.error.as_ref().or(as_of.known_on.error.as_ref()) {
        return Err(WebError::Bad(rules::diag::Text::same(error.as_str())));
    }
    Ok(subject.assess(app, as_of.dates).report())
}

fn file(kind: &'static str, name: &'static str, content: String) -> Response {
    let attached = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind), NOT_KEPT], [(CONTENT_DISPOSITION, attached)], content).into_response()
}

/// `GET /answer.csv`: one row a measure.
pub(super) async fn csv(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let report = report(&app, &v, &subject, &asked)?;
    Ok(file("text/csv; charset=utf-8", "kapok.csv", answer::csv::write(&report, v.l.0)))
}

/// `GET /answer.json`: `kapok.assessment/1`.
pub(super) async fn json(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let report = report(&app, &v, &subject, &asked)?;
    let text = serde_json::to_string_pretty(&report).map_err(|error| WebError::Internal(error.to_string()))?;
    Ok(file("application/json", "kapok.json", text))
}

/// `GET /answer.ics`: the deadlines of the answer.
pub(super) async fn calendar(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let report = report(&app, &v, &subject, &asked)?;
    Ok(file("text/calendar; charset=utf-8", "kapok.ics", events(&app, &v, &subject, &report)))
}

/// `GET /s/{name}/deadlines.ics`: the deadlines of a shared answer as they are today, so that calendars that read it again
/// and again stay up to date.
pub(super) async fn feed(State(app): State<App>, v: Visitor, subject: Subject) -> Response {
    let today = app.today();
    let report = subject.assess(&app, Dates { on: today, known_on: today }).report();
    let content = events(&app, &v, &subject, &report);
    ([(CONTENT_TYPE, "text/calendar; charset=utf-8"), NOT_KEPT], content).into_response()
}

fn events(app: &App, v: &Visitor, subject: &Subject, report: &Report) -> String {
    let name = match subject.name() {
        Some(name) => v.m("answer-calendar-of").s("name", name).to_string(),
        None => v.t("answer-calendar"),
    };
    deadlines::calendar(&deadlines::due(report), v.l.0, &name, app.now())
}
