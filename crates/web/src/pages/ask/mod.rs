//! `/ask`: the questionnaire. One question a page, with why it is asked and what the best bundle comes to so far.

mod given;
mod send;
mod start;
#[cfg(test)]
mod tests;
mod upload;
mod view;

use std::collections::BTreeSet;

use app::Profile;
use app::interview::{self, FieldError, Interview, Key, Question, Running};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::error::WebError;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

use view::{Entered, QuestionView};

/// The routes of the questionnaire.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ask", get(ask).post(send::post))
        .route("/ask/start", get(start::get).post(start::post))
        .route("/ask/upload", post(upload::post))
        .route("/ask/answers", get(given::get))
        .route("/ask/answers/clear", post(given::clear))
        .route("/ask/answers.json", get(given::file))
        .route("/ask/forget", post(given::forget))
}

/// Which question is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// A question by its name, to change its answers.
    q: Option<String>,
    /// The question that has this fact.
    fact: Option<String>,
    /// Whether questions on other benefits than money are wanted too.
    more: Option<String>,
    /// `answer` to go on with the answer after the question.
    back: Option<String>,
}

/// A question.
#[derive(Template)]
#[template(path = "ask/question.html")]
struct Page {
    v: Visitor,
    so_far: SoFar,
    question: QuestionView,
    /// `organisation` or `person`, so that a form is understood also when the answers have ended.
    kind: &'static str,
    /// Where to go on: `next` question, the `answers`, the `answer`, or `more` questions without money.
    back: &'static str,
}

impl Page {
    /// Where a question leads that was opened to change its answers; nothing for one that simply comes next.
    fn cancel(&self) -> Option<&'static str> {
        matches!(self.back, "answer" | "answers").then(|| send::address(self.back))
    }
}

/// No question is left.
#[derive(Template)]
#[template(path = "ask/done.html")]
struct Done {
    v: Visitor,
    so_far: SoFar,
    skipped: usize,
    others: usize,
}

/// How far the interview is, and what the bundle comes to.
pub(super) struct SoFar {
    /// The party's name, if known.
    name: Option<String>,
    /// Questions that have been answered, in part at least.
    answered: usize,
    /// Questions that are left as far as can be said now.
    left: usize,
    sure: String,
    possible: String,
    day: String,
}

impl SoFar {
    fn steps(&self) -> usize {
        self.answered + self.left
    }
}

/// `GET /ask`: the next question, or the one that is wanted; where nothing is known yet, how to begin.
async fn ask(State(app): State<App>, visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let Some(profile) = visitor.profile(&app)? else { return start::page(visitor, start::Start::default()) };
    let vocabulary = &app.kapok().program.vocabulary;
    let name = wanted.q.or_else(|| {
        let key = Key::parse(wanted.fact.as_deref()?, vocabulary)?;
        Some(key.question(vocabulary))
    });
    let back = if wanted.back.as_deref() == Some("answer") { "answer" } else { "answers" };
    show(&app, visitor, &profile, name.as_deref().map(|name| (name, back)), wanted.more.is_some())
}

fn show(
    app: &App,
    visitor: Visitor,
    profile: &Profile,
    named: Option<(&str, &'static str)>,
    more: bool,
) -> Result<Response, WebError> {
    let assessment = app.kapok().assess(profile, app.today());
    let interview = Interview::new(&assessment, &profile.skipped);
    let so_far = so_far(visitor.l, &assessment, &interview, profile);
    if let Some((name, back)) = named {
        return match interview::reopen(&assessment, profile, name, &BTreeSet::new()) {
            Some(question) => page(visitor, so_far, &question, profile, back),
            // a link to a question that cannot matter any more
            None => Ok(Redirect::to("/ask/answers").into_response()),
        };
    }
    match (interview.next(), interview.others.first().filter(|_| more)) {
        (Some(question), _) => page(visitor, so_far, question, profile, "next"),
        (None, Some(question)) => page(visitor, so_far, question, profile, "more"),
        (None, None) => {
            let (skipped, others) = (interview.skipped, interview.others.len());
            html(&Done { v: visitor, so_far, skipped, others })
        }
    }
}

fn page(
    visitor: Visitor,
    so_far: SoFar,
    question: &Question,
    profile: &Profile,
    back: &'static str,
) -> Result<Response, WebError> {
    let question = view::question(visitor.l, question, &Entered::new(), &[]);
    html(&Page { v: visitor, so_far, question, kind: profile.party.kind.code(), back })
}

/// A question whose answers had mistakes, with what was entered.
fn again(
    app: &App,
    visitor: Visitor,
    profile: &Profile,
    sent: &send::Sent,
    errors: &[FieldError],
) -> Result<Response, WebError> {
    let vocabulary = &app.kapok().program.vocabulary;
    let keys: BTreeSet<Key> = sent.form.shown.iter().filter_map(|key| Key::parse(key, vocabulary)).collect();
    let assessment = app.kapok().assess(profile, app.today());
    let question = interview::reopen(&assessment, profile, &sent.question, &keys).ok_or(WebError::NotFound)?;
    let interview = Interview::new(&assessment, &profile.skipped);
    let so_far = so_far(visitor.l, &assessment, &interview, profile);
    let question = view::question(visitor.l, &question, &sent.form.entries, errors);
    let page = Page { v: visitor, so_far, question, kind: profile.party.kind.code(), back: sent.back };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn so_far(
    l: crate::l10n::L10n,
    assessment: &rules::report::Assessment<'_>,
    interview: &Interview,
    profile: &Profile,
) -> SoFar {
    let (sure, possible) = Running::of(&assessment.summary().bundle).words();
    let on = assessment.bound.dates.on;
    SoFar {
        name: profile.party.name.clone(),
        answered: interview::given(assessment, profile).len(),
        left: interview.questions.len(),
        sure: l.text(&sure).to_owned(),
        possible: l.text(&possible).to_owned(),
        day: if l.zh() { on.zh() } else { on.to_string() },
    }
}
