//! `/catalogue/{id}/versions`: how a measure has changed, version by version.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use rules::diff::{Diff, Stands};
use rules::labels;

use super::address;
use crate::error::WebError;
use crate::pages::html;
use crate::show::{self, DateView};
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "catalogue/versions.html")]
struct Versions {
    v: Visitor,
    name: String,
    href: String,
    versions: Vec<VersionView>,
}

/// A version, and what is different from the one before.
struct VersionView {
    number: usize,
    href: String,
    published: DateView,
    in_force: String,
    status: String,
    /// It applies today.
    now: bool,
    /// With which version it is compared, in words.
    against: Option<String>,
    changes: Vec<ChangeView>,
    cases_run: usize,
    cases_differ: usize,
    cases: Vec<CaseView>,
}

/// What a rule says differently.
pub(super) struct ChangeView {
    pub(super) what: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// A case whose answer differs.
struct CaseView {
    name: String,
    /// It was written for this version.
    new: bool,
    before: String,
    after: String,
}

/// `GET /catalogue/{id}/versions`
pub async fn get(State(app): State<App>, v: Visitor, Path(id): Path<String>) -> Result<Response, WebError> {
    let kapok = app.kapok();
    let card = kapok.index().card(&id).ok_or(WebError::NotFound)?;
    let now = card.on(&kapok.program, app.today()).version;
    let order = card.published();
    let mut versions = Vec::new();
    for (place, index) in order.iter().enumerate() {
        let Some(version) = card.versions.get(*index) else { continue };
        let before = place.checked_sub(1).and_then(|place| order.get(place)).copied();
        let diff = kapok.difference(card, *index);
        versions.push(VersionView {
            number: index + 1,
            href: format!("{}?version={}", address(&card.id), index + 1),
            published: show::date(version.known_from, v.l),
            in_force: v.l.text(&labels::period(version.in_force)).to_owned(),
            status: v.l.text(&labels::status(version.status)).to_owned(),
            now: *index == now && version.in_force.contains(app.today()),
            against: before.map(|before| v.m("versions-against").n("n", before + 1).to_string()),
            changes: diff.map(|diff| changes(&v, diff)).unwrap_or_default(),
            cases_run: diff.map_or(0, |diff| diff.cases_run),
            cases_differ: diff.map_or(0, |diff| diff.cases.len()),
            cases: diff.map(|diff| cases(&v, diff)).unwrap_or_default(),
        });
    }
    versions.reverse();
    html(&Versions { name: v.l.text(&card.name).to_owned(), href: address(&card.id), versions, v })
}

pub(super) fn changes(v: &Visitor, diff: &Diff) -> Vec<ChangeView> {
    let say = |text: &rules::diag::Text| v.l.text(text).trim().to_owned();
    let changes = diff.changes.iter().map(|change| ChangeView {
        what: say(&change.what),
        from: change.from.as_ref().map(say),
        to: change.to.as_ref().map(say),
    });
    changes.collect()
}

fn cases(v: &Visitor, diff: &Diff) -> Vec<CaseView> {
    let cases = diff.cases.iter().map(|case| CaseView {
        name: case.case.clone(),
        new: case.stands == Stands::After,
        before: v.l.text(&case.before.text).to_owned(),
        after: v.l.text(&case.after.text).to_owned(),
    });
    cases.collect()
}
