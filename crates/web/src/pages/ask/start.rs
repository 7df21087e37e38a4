//! `/ask/start`: how to begin: with a code in the registry, with a file, or with nothing.

use app::Profile;
use app::interview;
use app::profile::Origin;
use app::registry::Lookup;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use domain::{Party, PartyKind};
use rules::diag::{Diagnostic, Text};
use serde::Deserialize;

use super::view::quoted;
use crate::error::WebError;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

/// Mistakes of a file that are listed at most.
const MOST_MISTAKES: usize = 30;

/// What the page of the beginning shows.
#[derive(Default)]
pub(super) struct Start {
    /// What was typed as code.
    pub(super) uscc: String,
    /// What is wrong with the code.
    pub(super) uscc_error: Option<Text>,
    /// What is wrong with the file as a whole.
    pub(super) file_error: Option<Text>,
    /// The mistakes in the file.
    pub(super) mistakes: Vec<Diagnostic>,
    /// Whether there are answers already.
    pub(super) has_answers: bool,
}

#[derive(Template)]
#[template(path = "ask/start.html")]
struct Page {
    v: Visitor,
    uscc: String,
    uscc_error: Option<String>,
    file_error: Option<String>,
    mistakes: Vec<Mistake>,
    more_mistakes: usize,
    has_answers: bool,
}

/// A mistake in a file.
struct Mistake {
    line: u32,
    message: String,
    hint: Option<String>,
}

#[derive(Template)]
#[template(path = "ask/company.html")]
struct Company {
    v: Visitor,
    name: String,
    uscc: String,
    facts: Vec<Known>,
    has_answers: bool,
}

/// A fact of the registry.
struct Known {
    label: String,
    value: String,
    source: String,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// A code of the registry.
    uscc: String,
}

/// How to begin.
#[derive(Debug, Deserialize)]
pub(super) struct Begin {
    /// `organisation` or `person`, with nothing known.
    kind: Option<String>,
    /// A code of the registry, with what the registry knows.
    uscc: Option<String>,
}

/// The page, with status 422 where something was wrong.
pub(super) fn page(visitor: Visitor, start: Start) -> Result<Response, WebError> {
    let l = visitor.l;
    let text = |text: Option<Text>| text.map(|text| quoted(l.text(&text)));
    let wrong = start.uscc_error.is_some() || start.file_error.is_some();
    let more_mistakes = start.mistakes.len().saturating_sub(MOST_MISTAKES);
    let mistakes = start.mistakes.iter().take(MOST_MISTAKES).map(|mistake| Mistake {
        line: mistake.line,
        message: quoted(l.text(&mistake.message)),
        hint: mistake.hint.as_ref().map(|hint| quoted(l.text(hint))),
    });
    let page = Page {
        uscc: start.uscc,
        uscc_error: text(start.uscc_error),
        file_error: text(start.file_error),
        mistakes: mistakes.collect(),
        more_mistakes,
        has_answers: start.has_answers,
        v: visitor,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, html(&page)?).into_response())
}

/// `GET /ask/start`: how to begin; with a code, what the registry knows of the company.
pub(super) async fn get(
    State(app): State<App>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let has_answers = visitor.profile(&app)?.is_some();
    let typed = wanted.uscc.trim().to_owned();
    if typed.is_empty() {
        return page(visitor, Start { has_answers, ..Start::default() });
    }
    let error = match app.kapok().registry.look_up(&typed) {
        Lookup::Company(entry) => {
            let party = app.kapok().registry.party(entry);
            return company(&app, visitor, &party, entry.name.clone(), entry.uscc.clone(), has_answers);
        }
        Lookup::NoSuchCode(_) => Text::new(
            format!("`{typed}` 是正确的代码，但演示登记库中没有这家企业(库中企业均为虚构)。可以直接填写。"),
            format!(
                "`{typed}` is a correct code, but the demo registry, whose companies are made up, does not have it. You can answer the questions yourself."
            ),
        ),
        Lookup::WrongCode(error) => Text::new(error.zh(), error.to_string()),
        Lookup::Name(found) => match found.entries.as_slice() {
            [entry] => {
                let party = app.kapok().registry.party(entry);
                return company(&app, visitor, &party, entry.name.clone(), entry.uscc.clone(), has_answers);
            }
            _ if found.total > 0 => Text::new(
                format!("有{}家企业的名称含“{typed}”，请填写完整名称或代码，或在首页搜索。", found.total),
                format!(
                    "{} companies have “{typed}” in their names. Type the whole name or the code, or use the search.",
                    found.total
                ),
            ),
            _ => Text::new(
                format!("演示登记库中没有名称或代码含“{typed}”的企业。"),
                format!("The demo registry has no company with “{typed}” in its name or code."),
            ),
        },
    };
    page(visitor, Start { uscc: typed, uscc_error: Some(error), has_answers, ..Start::default() })
}

/// What the registry knows of a company, before it is taken over.
fn company(
    app: &App,
    visitor: Visitor,
    party: &Party,
    name: String,
    uscc: String,
    has_answers: bool,
) -> Result<Response, WebError> {
    let profile = Profile { party: party.clone(), ..Profile::new(party.kind) };
    let assessment = app.kapok().assess(&profile, app.today());
    let l = visitor.l;
    let mut facts = Vec::new();
    for given in interview::given(&assessment, &profile) {
        for field in &given.fields {
            for cell in &field.cells {
                let Some(said) = &cell.said else { continue };
                let label = l.text(&field.label);
                facts.push(Known {
                    label: match cell.year {
                        Some(year) => l.m("ask-label-of-year").s("label", label).s("year", year).to_string(),
                        None => label.to_owned(),
                    },
                    value: l.text(said).to_owned(),
                    source: cell.source.clone().unwrap_or_default(),
                });
            }
        }
    }
    html(&Company { v: visitor, name, uscc, facts, has_answers })
}

/// `POST /ask/start`: begins anew, with nothing or with what the registry knows.
pub(super) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    Form(begin): Form<Begin>,
) -> Result<Response, WebError> {
    let profile = match begin.uscc {
        Some(code) => {
            let registry = &app.kapok().registry;
            let entry = registry.find(&code).ok().flatten().ok_or(WebError::NotFound)?;
            let party = registry.party(entry);
            Profile {
                origin: Some(Origin::Registry(entry.uscc.clone())),
                party,
                ..Profile::new(PartyKind::Organisation)
            }
        }
        None => {
            let kind = begin.kind.as_deref().and_then(PartyKind::from_code);
            Profile::new(kind.ok_or(WebError::NotFound)?)
        }
    };
    begin_with(&app, &visitor, &profile)
}

/// Keeps a profile and goes to its first question.
pub(super) fn begin_with(app: &App, visitor: &Visitor, profile: &Profile) -> Result<Response, WebError> {
    let cookie = visitor.keep(app, profile)?;
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/ask".to_owned())]).into_response())
}
