//! `POST /ask`: the answers of a question.

use app::Profile;
use app::interview::{self, Form, Rest};
use axum::Form as Posted;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use domain::PartyKind;
use rules::diag::Text;

use crate::error::WebError;
use crate::state::App;
use crate::visitor::Visitor;

/// Fields of a form at most; a question has far fewer.
const MOST_FIELDS: usize = 2_000;

/// A form as it came.
pub(super) struct Sent {
    /// The question's name.
    pub(super) question: String,
    /// Where to go on.
    pub(super) back: &'static str,
    /// What kind of party it is, if the answers have ended meanwhile.
    kind: PartyKind,
    /// The answers.
    pub(super) form: Form,
}

impl Sent {
    /// Reads the fields: `question`, `back`, `kind`, `rest`, `shown` for each field that was shown, and `f.KEY` for what was
    /// entered.
    fn read(fields: Vec<(String, String)>) -> Option<Self> {
        let mut sent =
            Self { question: String::new(), back: "next", kind: PartyKind::Organisation, form: Form::default() };
        if fields.len() > MOST_FIELDS {
            return None;
        }
        for (name, value) in fields {
            match name.as_str() {
                "question" => sent.question = value,
                "back" => sent.back = back(&value),
                "kind" => sent.kind = PartyKind::from_code(&value)?,
                "rest" => sent.form.rest = if value == "none" { Rest::None } else { Rest::Unknown },
                "shown" => {
                    sent.form.shown.insert(value);
                }
                name => {
                    if let Some(key) = name.strip_prefix("f.") {
                        sent.form.entries.entry(key.to_owned()).or_default().push(value);
                    }
                }
            }
        }
        Some(sent)
    }
}

fn back(word: &str) -> &'static str {
    match word {
        "answers" => "answers",
        "answer" => "answer",
        "more" => "more",
        _ => "next",
    }
}

/// The page that a word of [`back`] stands for.
pub(super) fn address(back: &str) -> &'static str {
    match back {
        "answers" => "/ask/answers",
        "answer" => "/answer",
        "more" => "/ask?more=yes",
        _ => "/ask",
    }
}

/// `POST /ask`: keeps what is right; with mistakes the question comes again, without them the next one.
pub(super) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let sent = Sent::read(fields).ok_or_else(|| {
        WebError::Bad(Text::new(
            "表单不完整，请回到问卷重新填写。",
            "The form is not complete. Go back to the questions.",
        ))
    })?;
    let vocabulary = &app.kapok().program.vocabulary;
    let mut profile = visitor.profile(&app)?.unwrap_or_else(|| Profile::new(sent.kind));
    let result = interview::answer(vocabulary, &mut profile, &sent.form);
    let cookie = visitor.keep(&app, &profile)?;
    let mut response = match result {
        Ok(()) => (StatusCode::SEE_OTHER, [(LOCATION, address(sent.back))]).into_response(),
        Err(errors) => super::again(&app, visitor, &profile, &sent, &errors)?,
    };
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
