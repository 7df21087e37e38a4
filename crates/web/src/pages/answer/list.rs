//! The answer's page: the best bundle, then every measure by where it stands, with its first reasons.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use app::answer::{self, GROUPS, Group, Why};
use app::deadlines;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Date;
use rules::ast::AwardKind;
use rules::report::{MeasureReport, Report};

use super::bundle::{self, BundleView, DocumentView};
use super::subject::{AsOf, Asked, Subject};
use super::view::{MissingView, amount, ask, until};
use crate::error::WebError;
use crate::l10n::text_id;
use crate::pages::html;
use crate::show::{self, OutcomeView};
use crate::state::App;
use crate::visitor::Visitor;

/// First reasons of a measure that the list shows at most.
const REASONS: usize = 3;

/// Questions that are offered at most.
const QUESTIONS: usize = 3;

#[derive(Template)]
#[template(path = "answer/list.html")]
struct ListPage {
    v: Visitor,
    who: Option<String>,
    base: String,
    as_of: AsOf,
    dates: String,
    days_open: bool,
    shared: Option<String>,
    shared_name: String,
    bundle: BundleView,
    questions: Vec<MissingView>,
    documents: Vec<DocumentView>,
    due: Vec<DueView>,
    counts: Vec<(String, String, usize)>,
    groups: Vec<GroupView>,
    folded: Vec<GroupView>,
    filter: Filter,
}

/// A date to keep.
pub(super) struct DueView {
    /// ISO.
    pub(super) iso: String,
    /// For readers.
    pub(super) date: String,
    /// How many days are left.
    pub(super) left: String,
    /// The measure and what happens.
    pub(super) text: String,
    /// The measure's id.
    pub(super) measure: String,
}

struct GroupView {
    id: &'static str,
    title: String,
    rows: Vec<RowView>,
}

struct RowView {
    id: String,
    name: String,
    outcome: OutcomeView,
    amount: String,
    source: String,
    until: Option<String>,
    first: String,
    why: Vec<WhyView>,
    more: usize,
    href: String,
    part: String,
}

struct WhyView {
    text: String,
    href: Option<String>,
}

/// What the list can be narrowed to.
struct Filter {
    kinds: Vec<Choice>,
    levels: Vec<Choice>,
    sorts: Vec<Choice>,
    narrowed: bool,
}

struct Choice {
    code: String,
    label: String,
    chosen: bool,
}

/// `GET /answer` and `GET /s/{name}`
pub(super) async fn get(
    State(app): State<App>,
    v: Visitor,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let as_of = AsOf::new(&v, &subject, app.today(), &asked);
    let assessment = subject.assess(&app, as_of.dates);
    let report = assessment.report();
    let own = subject.shared.is_none();
    let wanted = Wanted::new(&asked);
    let groups = groups(&v, &report, &wanted, &subject.base, &as_of.query, own);
    let (folded, groups): (Vec<GroupView>, Vec<GroupView>) =
        groups.into_iter().partition(|group| matches!(group.id, "cannot-pay" | "not-for-you"));
    let counts = groups.iter().map(|group| (group.id.to_owned(), group.title.clone(), group.rows.len())).collect();
    let page = ListPage {
        who: subject.name().map(str::to_owned),
        dates: dates(&v, &as_of),
        days_open: as_of.wrong() || !as_of.query.is_empty(),
        shared: subject.shared.map(|until| show::date(until, v.l).text),
        shared_name: subject.base.strip_prefix("/s/").unwrap_or_default().to_owned(),
        bundle: BundleView::new(&v, &assessment, &report),
        questions: if own {
            report.missing.iter().take(QUESTIONS).map(|missing| MissingView::new(&v, missing, true)).collect()
        } else {
            Vec::new()
        },
        documents: bundle::documents(&v, &report),
        due: due(&v, &report),
        counts,
        groups,
        folded,
        filter: wanted.filter(&v, &report),
        base: subject.base.clone(),
        as_of,
        v,
    };
    let mut response = html(&page)?;
    if page.as_of.wrong() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

/// The dates of an answer as a sentence.
pub(super) fn dates(v: &Visitor, as_of: &AsOf) -> String {
    let (on, known) = (show::date(as_of.dates.on, v.l).text, show::date(as_of.dates.known_on, v.l).text);
    v.m("answer-dates").s("on", on).s("known", known).to_string()
}

/// The dates to keep, the nearest first.
pub(super) fn due(v: &Visitor, report: &Report) -> Vec<DueView> {
    let on = Date::parse(&report.on).unwrap_or(Date::MIN);
    let view = |due: deadlines::Due| DueView {
        iso: due.date.to_string(),
        date: show::date(due.date, v.l).text,
        left: show::days_left(on, due.date, v.l),
        text: format!("{}{}{}", v.l.text(&due.name), if v.l.zh() { "：" } else { ": " }, v.l.text(&due.what)),
        measure: due.measure,
    };
    deadlines::due(report).into_iter().map(view).collect()
}

/// What the list is narrowed to and sorted by.
struct Wanted<'a> {
    kind: Option<&'a str>,
    level: Option<&'a str>,
    by_deadline: bool,
}

impl<'a> Wanted<'a> {
    fn new(asked: &'a Asked) -> Self {
        let some = |text: &'a Option<String>| text.as_deref().filter(|text| !text.is_empty());
        Self {
            kind: some(&asked.kind),
            level: some(&asked.level),
            by_deadline: asked.sort.as_deref() == Some("deadline"),
        }
    }

    fn takes(&self, measure: &MeasureReport) -> bool {
        self.kind.is_none_or(|kind| kind == code(measure.kind))
            && self.level.is_none_or(|level| level == measure.citation.level)
    }

    /// The choices: what there is among the measures, each once.
    fn filter(&self, v: &Visitor, report: &Report) -> Filter {
        let kinds: BTreeSet<AwardKind> = report.measures.iter().map(|measure| measure.kind).collect();
        let there: BTreeSet<&str> = report.measures.iter().map(|measure| measure.citation.level.as_str()).collect();
        let levels = ["national", "province", "city", "district", "press"];
        let choice = |code: &str, label: String, chosen: bool| Choice { code: code.to_owned(), label, chosen };
        Filter {
            kinds: kinds
                .into_iter()
                .map(|kind| {
                    let label = v.l.text(&rules::labels::award_kind(kind)).to_owned();
                    choice(code(kind), label, self.kind == Some(code(kind)))
                })
                .collect(),
            levels: levels
                .into_iter()
                .filter(|level| there.contains(level))
                .map(|level| {
                    choice(level, v.l.text(&rules::labels::level(level)).to_owned(), self.level == Some(level))
                })
                .collect(),
            sorts: vec![
                choice("amount", v.t("answer-sort-amount"), !self.by_deadline),
                choice("deadline", v.t("answer-sort-deadline"), self.by_deadline),
            ],
            narrowed: self.kind.is_some() || self.level.is_some(),
        }
    }

    fn sort(&self, measures: &mut [&MeasureReport]) {
        let money = |measure: &MeasureReport| {
            let high = (measure.kind == AwardKind::Money).then(|| measure.potential.high.as_deref().map(answer::money));
            Reverse(high.map(Option::unwrap_or_default))
        };
        let until = |measure: &MeasureReport| {
            let date = measure.deadlines.first().map(|deadline| deadline.date.clone());
            (date.is_none(), date)
        };
        if self.by_deadline {
            measures.sort_by_key(|measure| (until(measure), money(measure)));
        } else {
            measures.sort_by_key(|measure| money(measure));
        }
    }
}

/// The name of a kind of benefit in addresses.
fn code(kind: AwardKind) -> &'static str {
    match kind {
        AwardKind::Money => "money",
        AwardKind::Months => "months",
        AwardKind::Days => "days",
        AwardKind::Area => "area",
        AwardKind::CardHours => "card-hours",
        AwardKind::RentFactor => "rent-factor",
        AwardKind::Status => "status",
        AwardKind::Nomination => "nomination",
        AwardKind::TaxBase => "tax-base",
    }
}

fn groups(v: &Visitor, report: &Report, wanted: &Wanted<'_>, base: &str, query: &str, own: bool) -> Vec<GroupView> {
    GROUPS
        .into_iter()
        .map(|group| {
            let (id, title) = match group {
                Group::Eligible => ("eligible", text_id("answer-group-eligible")),
                Group::Undetermined => ("undetermined", text_id("answer-group-undetermined")),
                Group::NeedsPerson => ("needs-person", text_id("answer-group-needs-person")),
                Group::NotEligible => ("not-eligible", text_id("answer-group-not-eligible")),
                Group::CannotPay => ("cannot-pay", text_id("answer-group-cannot-pay")),
                Group::NotForYou => ("not-for-you", text_id("answer-group-not-for-you")),
            };
            let mut measures: Vec<&MeasureReport> = report
                .measures
                .iter()
                .filter(|measure| answer::group(measure) == group && wanted.takes(measure))
                .collect();
            wanted.sort(&mut measures);
            let rows = measures.into_iter().map(|measure| row(v, measure, base, query, own)).collect();
            GroupView { id, title: v.t(title), rows }
        })
        .collect()
}

fn row(v: &Visitor, measure: &MeasureReport, base: &str, query: &str, own: bool) -> RowView {
    let why = answer::why(measure);
    let citation = &measure.citation;
    let href = format!("{base}/measures/{}{query}", measure.measure);
    RowView {
        id: measure.measure.clone(),
        name: v.l.text(&measure.name).to_owned(),
        outcome: show::outcome(measure.outcome),
        amount: amount(v, measure),
        source: format!("{} · {}", v.l.text(&rules::labels::level(&citation.level)), v.l.text(&citation.issuer)),
        until: until(v, measure),
        first: why.first().map(|why| why.sentence(v.l.0)).unwrap_or_default(),
        more: why.len().saturating_sub(REASONS),
        why: why.into_iter().take(REASONS).map(|why| reason(v, why, own)).collect(),
        part: format!("{href}{}part=yes", if query.is_empty() { '?' } else { '&' }),
        href,
    }
}

fn reason(v: &Visitor, why: Why<'_>, own: bool) -> WhyView {
    let href = match why {
        Why::Missing(missing) | Why::Amount(missing) if own => Some(ask(missing)),
        _ => None,
    };
    WhyView { text: why.sentence(v.l.0), href }
}
