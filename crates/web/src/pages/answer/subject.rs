//! Whose facts an answer is about, and for which dates: the visitor's own, or those of a shared answer.

use app::Profile;
use app::drafts::Name;
use app::share;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::{Date, Party};
use rules::bind::Dates;
use rules::report::Assessment;
use serde::Deserialize;

use super::empty;
use crate::error::WebError;
use crate::state::App;
use crate::visitor::Visitor;

/// Years after today that a date may be asked for at most.
const YEARS_AHEAD: i32 = 5;

/// The first year that can be asked for: the oldest policy of the catalogue is younger.
const FIRST_YEAR: i32 = 2000;

/// Whose facts an answer is about.
pub(super) struct Subject {
    /// The facts.
    pub(super) profile: Profile,
    /// The address that the answer's pages begin with.
    pub(super) base: String,
    /// The day whose law applies where nothing else is asked for.
    pub(super) day: Date,
    /// Until when it is shared, where it is not the visitor's own.
    pub(super) shared: Option<Date>,
}

/// Facts are taken from the address: `/s/NAME…` is a shared answer, all else the visitor's own. Where she has none yet,
/// a page that says how to begin takes the place of what was asked for.
impl FromRequestParts<App> for Subject {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        match parts.uri.path().strip_prefix("/s/") {
            Some(rest) => {
                let name = rest.split('/').next().unwrap_or_default();
                Self::shared(app, name).map_err(IntoResponse::into_response)
            }
            None => match Self::own(app, &visitor).map_err(IntoResponse::into_response)? {
                Some(own) => Ok(own),
                None => Err(empty(visitor)),
            },
        }
    }
}

impl Subject {
    /// The visitor's own answers; `None` where she has given none yet. Not to know is an answer too.
    pub(super) fn own(app: &App, visitor: &Visitor) -> Result<Option<Self>, WebError> {
        let profile =
            visitor.profile(app)?.filter(|profile| says_something(&profile.party) || !profile.skipped.is_empty());
        Ok(profile.map(|profile| Self { profile, base: "/answer".to_owned(), day: app.today(), shared: None }))
    }

    /// A shared answer by its name.
    pub(super) fn shared(app: &App, name: &str) -> Result<Self, WebError> {
        let name = Name::parse(name).ok_or(WebError::NotFound)?;
        let shared = share::get(app.kapok(), &name, app.now())?.ok_or(WebError::Gone)?;
        Ok(Self {
            profile: shared.profile,
            base: format!("/s/{}", name.as_str()),
            day: shared.made_on,
            shared: Some(crate::state::day(shared.until)),
        })
    }

    /// What the facts are called: the party's name, where there is one.
    pub(super) fn name(&self) -> Option<&str> {
        self.profile.party.name.as_deref()
    }

    /// Assesses the facts at dates.
    pub(super) fn assess<'a>(&'a self, app: &'a App, dates: Dates) -> Assessment<'a> {
        app.kapok().assess_at(&self.profile, dates)
    }
}

/// Whether anything is known of a party.
pub(super) fn says_something(party: &Party) -> bool {
    !party.facts.is_empty() || !party.records.is_empty()
}

/// What can be asked for in the address of an answer.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The date whose law applies.
    pub(super) on: Option<String>,
    /// The date as known on.
    pub(super) known_on: Option<String>,
    /// Only benefits of this kind.
    pub(super) kind: Option<String>,
    /// Only documents of this level of government.
    pub(super) level: Option<String>,
    /// By amount or by deadline.
    pub(super) sort: Option<String>,
    /// Whether only the part is wanted that is put into another page.
    pub(super) part: Option<String>,
}

/// A date in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateField {
    /// The date, ISO.
    pub(super) value: String,
    /// What is wrong with what was entered.
    pub(super) error: Option<String>,
}

/// The dates that an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AsOf {
    /// The dates.
    pub(super) dates: Dates,
    /// The date whose law applies.
    pub(super) on: DateField,
    /// The date as known on.
    pub(super) known_on: DateField,
    /// The first and last date that can be chosen, ISO.
    pub(super) bounds: (String, String),
    /// What addresses of this answer's pages end with, so that they are for the same dates: empty, or `?on=…`.
    pub(super) query: String,
}

impl AsOf {
    /// The dates that are asked for. Where one is wrong the answer is for the facts' own dates, and the mistake is told.
    pub(super) fn new(v: &Visitor, subject: &Subject, today: Date, asked: &Asked) -> Self {
        let own = subject.profile.dates(subject.day);
        let last = Date::new(today.year() + YEARS_AHEAD, 12, 31).unwrap_or(Date::MAX);
        let first = Date::new(FIRST_YEAR, 1, 1).unwrap_or(Date::MIN);
        let read = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            Some(
                match Date::parse(text) {
                    Ok(date) if (first..=last).contains(&date) => Ok(date),
                    Ok(_) | Err(domain::DateError::YearOutOfRange { .. }) => {
                        Err(v.m("answer-date-range").s("text", text).s("first", first.year()).s("last", last.year()))
                    }
                    Err(_) => Err(v.m("answer-date-wrong").s("text", text)),
                }
                .map_err(|message| message.to_string()),
            )
        };
        let (on, known) = (read(&asked.on), read(&asked.known_on));
        let good = |read: &Option<Result<Date, String>>| read.as_ref().and_then(|read| read.as_ref().ok().copied());
        let dates =
            Dates { on: good(&on).unwrap_or(own.on), known_on: good(&known).or(good(&on)).unwrap_or(own.known_on) };
        let mut query = String::new();
        for (name, date) in [("on", good(&on)), ("known_on", good(&known))] {
            if let Some(date) = date {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(&format!("{name}={date}"));
            }
        }
        let field = |date: Date, read: Option<Result<Date, String>>| DateField {
            value: date.to_string(),
            error: read.and_then(Result::err),
        };
        Self {
            dates,
            on: field(dates.on, on),
            known_on: field(dates.known_on, known),
            bounds: (first.to_string(), last.to_string()),
            query,
        }
    }

    /// Whether a date that was entered cannot be used.
    pub(super) fn wrong(&self) -> bool {
        self.on.error.is_some() || self.known_on.error.is_some()
    }
}
