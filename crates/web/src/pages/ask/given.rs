//! `/ask/answers`: what was answered, where it comes from, and how to change or take it back.

use app::interview::{self, Cell, Field, Input, Interview, Key};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Evidence;
use serde::Deserialize;

use super::SoFar;
use crate::cookie;
use crate::error::WebError;
use crate::l10n::L10n;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "ask/answers.html")]
struct Page {
    v: Visitor,
    so_far: SoFar,
    groups: Vec<Group>,
    done: bool,
}

/// The answers of one question.
struct Group {
    name: String,
    label: String,
    answers: Vec<Answer>,
}

/// An answer.
struct Answer {
    key: String,
    label: String,
    /// The value in words; nothing where it is not known.
    value: Option<String>,
    source: String,
}

/// `GET /ask/answers`
pub(super) async fn get(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    let Some(profile) = visitor.profile(&app)? else { return Ok(Redirect::to("/ask").into_response()) };
    let assessment = app.kapok().assess(&profile, app.today());
    let interview = Interview::new(&assessment, &profile.skipped);
    let so_far = super::so_far(visitor.l, &assessment, &interview, &profile);
    let groups = interview::given(&assessment, &profile).into_iter().map(|given| Group {
        name: given.name,
        label: visitor.l.text(&given.label).to_owned(),
        answers: given
            .fields
            .iter()
            .flat_map(|field| field.cells.iter().map(|cell| answer(visitor.l, field, cell)))
            .collect(),
    });
    html(&Page { so_far, groups: groups.collect(), done: interview.questions.is_empty(), v: visitor })
}

fn answer(l: L10n, field: &Field, cell: &Cell) -> Answer {
    let label = l.text(&field.label);
    let record = cell.key.split_once('#').map(|(_, id)| id);
    let label = match (cell.year, record) {
        (Some(year), _) => l.m("ask-label-of-year").s("label", label).s("year", year).to_string(),
        (None, Some(id)) => l.m("ask-label-of-record").s("label", label).s("id", id).to_string(),
        (None, None) => label.to_owned(),
    };
    let source = match (&cell.said, &cell.source) {
        (None, _) => String::new(),
        // the sources of records stand at their fields
        (Some(_), None) if field.input == Input::HowMany => String::new(),
        (Some(_), None) => l.t("ask-own-answer"),
        (Some(_), Some(source)) => {
            let grade = cell.evidence.and_then(Evidence::from_code);
            let grade = grade.map(|grade| if l.zh() { grade.zh() } else { grade.en() });
            let parts = [Some(source.as_str()), grade, cell.as_of.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    };
    let value = cell.said.as_ref().map(|said| match cell.disputed {
        true => l.m("ask-disputed").s("values", l.text(said)).to_string(),
        false => l.text(said).to_owned(),
    });
    Answer { key: cell.key.clone(), label, value, source }
}

/// What is taken back.
#[derive(Debug, Deserialize)]
pub(super) struct Clear {
    /// The key of the answer.
    key: String,
}

/// `POST /ask/answers/clear`: takes an answer back, so that it is asked again.
pub(super) async fn clear(
    State(app): State<App>,
    visitor: Visitor,
    Form(clear): Form<Clear>,
) -> Result<Response, WebError> {
    let Some(mut profile) = visitor.profile(&app)? else { return Ok(Redirect::to("/ask").into_response()) };
    let vocabulary = &app.kapok().program.vocabulary;
    let key = Key::parse(&clear.key, vocabulary).ok_or(WebError::NotFound)?;
    interview::clear(vocabulary, &mut profile, &key);
    let cookie = visitor.keep(&app, &profile)?;
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/ask/answers".to_owned())]).into_response())
}

/// `GET /ask/answers.json`: the answers as a party file, which can be uploaded again or given to the command line.
pub(super) async fn file(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    let profile = visitor.profile(&app)?.ok_or(WebError::NotFound)?;
    let party = app::facts::write(&profile.party, profile.on, profile.known_on, &app.kapok().program.vocabulary);
    let text = serde_json::to_string_pretty(&party).map_err(|error| WebError::Internal(error.to_string()))?;
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"kapok-answers.json\"")];
    Ok((headers, text).into_response())
}

/// `POST /ask/forget`: deletes all answers.
pub(super) async fn forget(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    if let Some(name) = &visitor.name {
        app.kapok().drafts.forget(name)?;
    }
    let cookie = cookie::set(cookie::PROFILE, "", 0);
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/ask".to_owned())]).into_response())
}
