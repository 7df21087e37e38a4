//! `/answer/measures/{id}`: all reasons of one measure for the facts at hand.

use app::answer;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::Date;
use rules::report::{ComputationReport, ItemReport, MeasureReport, StepReport, TruthReport};
use serde::Deserialize;

use super::subject::{AsOf, Asked, Subject};
use super::view::{CiteView, ConditionView, ConflictView, FactView, MissingView, amount, truth};
use crate::error::WebError;
use crate::pages::html;
use crate::show::{self, OutcomeView};
use crate::state::App;
use crate::visitor::Visitor;

/// The measure that is asked for.
#[derive(Deserialize)]
pub(super) struct Which {
    id: String,
}

#[derive(Template)]
#[template(path = "answer/measure.html")]
struct MeasurePage {
    v: Visitor,
    name: String,
    outcome: OutcomeView,
    amount: String,
    potential: Option<String>,
    who: Option<String>,
    dates: String,
    back: String,
    reasons: Reasons,
}

/// The reasons of a measure, without the page around them.
#[derive(Template)]
#[template(path = "answer/reasons.html")]
pub(super) struct Reasons {
    v: Visitor,
    /// The level of its headings.
    h: u8,
    cannot: Option<String>,
    cite: CiteView,
    why_version: Option<String>,
    conditions: Vec<ConditionView>,
    items: Vec<ItemView>,
    steps: Vec<StepView>,
    payout: Vec<(String, String)>,
    missing: Vec<MissingView>,
    open: Vec<(String, String)>,
    conflicts: Vec<ConflictView>,
    documents: Vec<String>,
    deadlines: Vec<(String, String)>,
    note: Option<String>,
    catalogue: String,
}

struct ItemView {
    label: Option<String>,
    class: &'static str,
    word: String,
    amount: String,
    conditions: Vec<ConditionView>,
    how: Option<HowView>,
    steps: Vec<StepView>,
}

struct HowView {
    formula: String,
    values: Vec<ValueView>,
    facts: Vec<FactView>,
}

struct ValueView {
    name: String,
    value: String,
    how: Option<String>,
    cite: Option<String>,
}

struct StepView {
    what: String,
    after: String,
    cite: Option<String>,
}

/// `GET /answer/measures/{id}`; with `?part=yes` only the reasons, for putting them into the list.
pub(super) async fn get(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Path(which): Path<Which>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let as_of = AsOf::new(&v, &subject, app.today(), &asked);
    let program = &app.kapok().program;
    let index =
        program.catalogue.measures.iter().position(|measure| measure.id == which.id).ok_or(WebError::NotFound)?;
    let report =
        rules::report::Assessment::new(program, &subject.profile.party, as_of.dates, &|other| other == index).report();
    let measure = answer::measure(&report, &which.id).ok_or(WebError::NotFound)?;
    let own = subject.shared.is_none();
    if asked.part.is_some() {
        return Ok(axum::response::Html(Reasons::new(&v, measure, own, 4).render()?).into_response());
    }
    html(&MeasurePage {
        name: v.l.text(&measure.name).to_owned(),
        outcome: show::outcome(measure.outcome),
        amount: amount(&v, measure),
        potential: (measure.potential != measure.amount).then(|| v.l.text(&measure.potential.text).to_owned()),
        who: subject.name().map(str::to_owned),
        dates: v
            .m("answer-dates")
            .s("on", show::date(as_of.dates.on, v.l).text)
            .s("known", show::date(as_of.dates.known_on, v.l).text)
            .to_string(),
        back: format!("{}{}", subject.base, as_of.query),
        reasons: Reasons::new(&v, measure, own, 2),
        v,
    })
}

impl Reasons {
    /// The reasons of a measure with headings of level `h`; missing facts are links where the facts are the visitor's own.
    pub(super) fn new(v: &Visitor, measure: &MeasureReport, own: bool, h: u8) -> Self {
        let text = |text: &rules::diag::Text| v.l.text(text).to_owned();
        let day = |date: &str| Date::parse(date).map_or_else(|_| date.to_owned(), |date| show::date(date, v.l).text);
        Self {
            h,
            cannot: measure.reason.as_ref().map(|reason| text(&reason.text)),
            cite: CiteView::new(v, &measure.citation, measure.version.as_ref()),
            why_version: measure.version.as_ref().map(|version| text(&version.why)),
            conditions: measure.conditions.iter().map(|condition| ConditionView::new(v, condition)).collect(),
            items: measure.items.iter().map(|one| item(v, one)).collect(),
            steps: measure.steps.iter().map(|one| step(v, one)).collect(),
            payout: measure.payout.iter().map(|part| (text(&part.when), text(&part.amount.text))).collect(),
            missing: measure.missing.iter().map(|missing| MissingView::new(v, missing, own)).collect(),
            open: measure
                .open
                .iter()
                .map(|open| (text(&open.label), text(&rules::labels::reviewer(&open.by))))
                .collect(),
            conflicts: measure.conflicts.iter().map(|conflict| ConflictView::new(v, conflict, None)).collect(),
            documents: measure.documents.iter().map(text).collect(),
            deadlines: measure.deadlines.iter().map(|one| (day(&one.date), text(&one.what))).collect(),
            note: measure.note.as_ref().map(text),
            catalogue: format!("/catalogue/{}", measure.measure),
            v: v.clone(),
        }
    }
}

fn item(v: &Visitor, item: &ItemReport) -> ItemView {
    let (class, word) = truth(v, item.truth);
    ItemView {
        label: item.label.as_ref().map(|label| v.l.text(label).to_owned()),
        class,
        word,
        amount: match item.truth {
            TruthReport::No => "—".to_owned(),
            _ => v.l.text(&item.amount.text).to_owned(),
        },
        conditions: item.conditions.iter().map(|condition| ConditionView::new(v, condition)).collect(),
        how: item.computation.as_ref().map(|computation| how(v, computation)),
        steps: item.steps.iter().map(|one| step(v, one)).collect(),
    }
}

fn how(v: &Visitor, computation: &ComputationReport) -> HowView {
    HowView {
        formula: v.l.text(&computation.formula).to_owned(),
        values: computation
            .values
            .iter()
            .map(|value| ValueView {
                name: value.name.clone(),
                value: v.l.text(&value.value).to_owned(),
                how: Some(v.l.text(&value.how)).filter(|how| *how != v.l.text(&value.value)).map(str::to_owned),
                cite: value.cite.clone(),
            })
            .collect(),
        facts: computation.facts.iter().map(|fact| FactView::new(v, fact)).collect(),
    }
}

fn step(v: &Visitor, step: &StepReport) -> StepView {
    StepView {
        what: v.l.text(&step.what).to_owned(),
        after: v.l.text(&step.after.text).to_owned(),
        cite: step.cite.clone(),
    }
}
