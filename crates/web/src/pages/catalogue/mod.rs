//! `/catalogue`: all measures, to look through, to read and to follow.

mod changes;
mod list;
mod measure;
mod overview;
#[cfg(test)]
mod tests;
mod versions;

use app::catalogue::{Card, CardVersion, Most, Standing};
use axum::Router;
use axum::routing::get;
use domain::{Date, Period};
use rules::ast::AwardKind;
use rules::diag::Text;
use rules::ir::Program;
use rules::listing;

use crate::show;
use crate::state::App;
use crate::visitor::Visitor;

/// The routes of the catalogue.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/catalogue", get(list::get))
        .route("/catalogue/changes", get(changes::get))
        .route("/catalogue/changes.atom", get(changes::atom))
        .route("/catalogue/overview", get(overview::get))
        .route("/catalogue/{id}", get(measure::get))
        .route("/catalogue/{id}/versions", get(versions::get))
}

/// The address of a measure's page.
fn address(id: &str) -> String {
    // ids have only letters, digits, dots and hyphens
    format!("/catalogue/{id}")
}

/// A measure in a list.
struct CardView {
    href: String,
    name: String,
    title: String,
    issuer: String,
    place: String,
    topic: String,
    most: Option<String>,
    /// What stands where there is no amount.
    no_amount: Option<String>,
    state: String,
    open: bool,
    left: Option<String>,
    /// Few days are left.
    soon: bool,
}

impl CardView {
    fn new(v: &Visitor, program: &Program, card: &Card, standing: &Standing<'_>, today: Date) -> Self {
        let (most, no_amount) = match most(v, standing.now) {
            Ok(most) => (Some(most), None),
            Err(why) => (None, Some(why)),
        };
        Self {
            href: address(&card.id),
            name: v.l.text(&card.name).to_owned(),
            title: v.l.text(&card.title).to_owned(),
            issuer: v.l.text(&card.issuer).to_owned(),
            place: card.place.map(|place| show::place(place, v.l).to_owned()).unwrap_or_default(),
            topic: v.l.text(&card.topic_label).to_owned(),
            most,
            no_amount,
            state: v.l.text(&state(program, card, standing)).to_owned(),
            open: standing.open(),
            left: left(v, standing, today),
            soon: standing.days_left.is_some_and(|days| days <= SOON),
        }
    }
}

/// Days within which an end is near.
const SOON: i32 = 14;

/// How long a window is still open, where its end is stated.
fn left(v: &Visitor, standing: &Standing<'_>, today: Date) -> Option<String> {
    let last = standing.now.window.and_then(Period::to)?;
    standing.open().then(|| show::days_left(today, last, v.l))
}

/// How a measure stands, in words.
fn state(program: &Program, card: &Card, standing: &Standing<'_>) -> Text {
    let measure = program.catalogue.measures.get(card.measure);
    listing::state(measure.and_then(|measure| measure.versions.get(standing.version)), standing.reason)
}

/// The most that a version gives, or why no amount can be told.
fn most(v: &Visitor, now: &CardVersion) -> Result<String, String> {
    let text = |amount: &app::catalogue::Amount| v.l.text(&amount.text()).to_owned();
    match (&now.most, now.kind) {
        (Most::Total(amount), AwardKind::RentFactor) => {
            Ok(v.m("catalogue-most-rent").s("amount", text(amount)).to_string())
        }
        (Most::Total(amount), AwardKind::Nomination) => {
            Ok(v.m("catalogue-most-nominations").s("amount", text(amount)).to_string())
        }
        (Most::Total(amount), _) => Ok(v.m("catalogue-most").s("amount", text(amount)).to_string()),
        (Most::Each(amount, record), _) => {
            Ok(v.m("catalogue-most-each").s("amount", text(amount)).s("record", v.l.text(record)).to_string())
        }
        (Most::NoCeiling, _) => Err(v.t("catalogue-no-ceiling")),
        (Most::NoAmount, AwardKind::Status) => Err(v.t("catalogue-a-status")),
        (Most::NoAmount, _) => Err(v.t("catalogue-no-amount")),
    }
}
