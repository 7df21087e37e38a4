//! `/answer/print`: the bundle, what to bring, the dates and all reasons of the bundle on one page, for paper.

use app::answer;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::bundle::{self, BundleView, DocumentView};
use super::list::{self, DueView};
use super::reasons::Reasons;
use super::subject::{AsOf, Asked, Subject};
use super::view::amount;
use crate::error::WebError;
use crate::pages::html;
use crate::show::{self, OutcomeView};
use crate::state::App;
use crate::visitor::Visitor;

/// Measures whose reasons are printed at most.
const MEASURES: usize = 20;

#[derive(Template)]
#[template(path = "answer/print.html")]
struct PrintPage {
    v: Visitor,
    who: Option<String>,
    base: String,
    query: String,
    dates: String,
    bundle: BundleView,
    documents: Vec<DocumentView>,
    due: Vec<DueView>,
    measures: Vec<MeasureView>,
}

struct MeasureView {
    name: String,
    outcome: OutcomeView,
    amount: String,
    reasons: Reasons,
}

/// `GET /answer/print`
pub(super) async fn get(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let as_of = AsOf::new(&v, &subject, app.today(), &asked);
    let assessment = subject.assess(&app, as_of.dates);
    let report = assessment.report();
    let (now, later) = answer::now_and_later(&report.bundle);
    let lines = now.into_iter().chain(later).take(MEASURES);
    html(&PrintPage {
        who: subject.name().map(str::to_owned),
        base: subject.base.clone(),
        dates: list::dates(&v, &as_of),
        query: as_of.query,
        // on paper nothing can be unfolded
        bundle: BundleView { open_later: true, ..BundleView::new(&v, &assessment, &report) },
        documents: bundle::documents(&v, &report),
        due: list::due(&v, &report),
        measures: lines
            .filter_map(|line| answer::measure(&report, &line.measure))
            .map(|measure| MeasureView {
                name: v.l.text(&measure.name).to_owned(),
                outcome: show::outcome(measure.outcome),
                amount: amount(&v, measure),
                reasons: Reasons::new(&v, measure, false, 3),
            })
            .collect(),
        v,
    })
}
