//! `/catalogue/{id}`: one measure, read from the rule itself.

use app::Kapok;
use app::catalogue::{Card, Example, Given};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, Query as Pairs, State};
use axum::response::Response;
use domain::PlaceTree;
use rules::assess::Reason;
use rules::explain::{self, Condition, Explanation, Sentence};
use rules::labels;
use serde::Deserialize;

use super::{CardView, address};
use crate::error::WebError;
use crate::pages::html;
use crate::state::App;
use crate::visitor::Visitor;

/// Worked examples that are shown before the rest is folded away.
const EXAMPLES: usize = 3;
/// Related measures that are shown of each kind.
const RELATED: usize = 6;

/// Which version is asked for, from 1; the one that applies today when it is left out.
#[derive(Deserialize)]
pub struct Asked {
    version: Option<String>,
}

#[derive(Template)]
#[template(path = "catalogue/measure.html")]
struct MeasurePage {
    v: Visitor,
    id: String,
    card: CardView,
    /// Another version than today's is shown.
    other_version: bool,
    /// No such version: today's is shown.
    no_version: bool,
    draft: bool,
    applies_to: String,
    clause: Option<String>,
    number: Option<String>,
    level: String,
    published: Option<String>,
    url: Option<String>,
    host: String,
    confidence: String,
    /// Whether the official text was seen.
    primary: bool,
    conditions: Vec<ConditionView>,
    each: Option<EachView>,
    award: Vec<Row>,
    limits: Vec<Cited>,
    values: Vec<ValueView>,
    payout: Vec<String>,
    stacking: Vec<Cited>,
    procedure: Vec<Row>,
    documents: Vec<String>,
    open: Vec<String>,
    notes: Vec<String>,
    versions: Vec<VersionView>,
    /// Whether there is something to compare.
    several: bool,
    /// The facts of the basic case.
    basic: Vec<Row>,
    examples: Vec<ExampleView>,
    more_examples: Vec<ExampleView>,
    more: usize,
    file: String,
    text: String,
    has_profile: bool,
    same_document: Vec<CardView>,
    same_topic: Vec<CardView>,
}

/// A condition with its parts, which are shown like itself.
#[derive(Template)]
#[template(path = "catalogue/condition.html")]
struct ConditionView {
    label: String,
    test: Option<String>,
    cite: Option<String>,
    note: Option<String>,
    parts: Vec<ConditionView>,
    /// What stands before the condition that waives it, and that condition.
    unless: Option<(String, Box<ConditionView>)>,
}

impl HtmlSafe for ConditionView {}

struct EachView {
    record: String,
    conditions: Vec<ConditionView>,
}

struct Row {
    label: String,
    value: String,
    cite: Option<String>,
}

/// A sentence in which other measures are links.
struct Cited {
    parts: Vec<Part>,
    cite: Option<String>,
}

struct Part {
    text: String,
    href: Option<String>,
}

struct ValueView {
    name: String,
    formula: Option<String>,
    table: Option<TableView>,
}

struct TableView {
    id: String,
    hit: String,
    inputs: Vec<String>,
    rows: Vec<TableRow>,
    cites: bool,
}

struct TableRow {
    when: Vec<String>,
    then: String,
    cite: String,
}

struct VersionView {
    href: String,
    number: usize,
    in_force: String,
    published: String,
    status: String,
    here: bool,
}

struct ExampleView {
    name: String,
    given: Vec<Row>,
    expected: String,
    holds: bool,
}

/// `GET /catalogue/{id}`
pub async fn get(
    State(app): State<App>,
    v: Visitor,
    Path(id): Path<String>,
    Pairs(asked): Pairs<Asked>,
) -> Result<Response, WebError> {
    let kapok = app.kapok();
    let card = kapok.index().card(&id).ok_or(WebError::NotFound)?;
    let standing = card.on(&kapok.program, app.today());
    let wanted = asked.version.as_deref().map(|text| text.trim().parse::<usize>().ok());
    let version =
        wanted.flatten().and_then(|number| number.checked_sub(1)).filter(|index| *index < card.versions.len());
    let shown = version.unwrap_or(standing.version);
    let explained = explain::explain(&kapok.program, card.measure, shown).ok_or(WebError::NotFound)?;
    let has_profile = v.profile(&app)?.is_some();
    let page = page(&app, v, card, &explained, shown);
    let page = MeasurePage {
        other_version: shown != standing.version,
        no_version: wanted.is_some() && version.is_none(),
        has_profile,
        ..page
    };
    html(&page)
}

fn page(app: &App, v: Visitor, card: &Card, explained: &Explanation, shown: usize) -> MeasurePage {
    let kapok = app.kapok();
    let standing = card.on(&kapok.program, app.today());
    let source = &explained.source;
    let say = |text: &rules::diag::Text| v.l.text(text).to_owned();
    let all = |texts: &[rules::diag::Text]| texts.iter().map(say).collect::<Vec<_>>();
    let cited = |sentence: &Sentence| linked(&v, kapok, card, sentence);
    let file = kapok.program.catalogue.measures.get(card.measure).map(|measure| measure.at.file.clone());
    let file = file.unwrap_or_default();
    let mut examples: Vec<ExampleView> =
        kapok.examples(card).iter().map(|example| self::example(&v, example)).collect();
    let more_examples = examples.split_off(examples.len().min(EXAMPLES));
    let (same_document, same_topic) = related(app, &v, card);
    MeasurePage {
        id: card.id.clone(),
        card: CardView::new(&v, &kapok.program, card, &standing, app.today()),
        other_version: false,
        no_version: false,
        draft: standing.reason == Some(Reason::Draft),
        applies_to: say(&explained.applies_to),
        clause: source.clause.clone(),
        number: source.number.clone(),
        level: say(&labels::level(&source.level)),
        published: source.published.clone(),
        url: source.url.clone(),
        host: source.url.as_deref().map(host).unwrap_or_default().to_owned(),
        confidence: say(&labels::confidence(&source.confidence)),
        primary: source.confidence == "primary",
        conditions: conditions(&v, &explained.conditions),
        each: explained
            .each
            .as_ref()
            .map(|each| EachView { record: say(&each.record), conditions: conditions(&v, &each.conditions) }),
        award: award(&v, explained),
        limits: explained.limits.iter().map(cited).collect(),
        values: values(&v, explained),
        payout: all(&explained.payout),
        stacking: explained.stacking.iter().map(cited).collect(),
        procedure: procedure(&v, explained),
        documents: all(&explained.documents),
        open: all(&explained.open),
        notes: all(&explained.notes),
        versions: explained
            .versions
            .iter()
            .map(|version| VersionView {
                href: format!("{}?version={}", address(&card.id), version.number),
                number: version.number,
                in_force: say(&version.in_force),
                published: version.known_from.clone(),
                status: say(&version.status),
                here: version.number == shown + 1,
            })
            .collect(),
        several: explained.versions.len() > 1,
        basic: given(&v, &kapok.basic_example(card)),
        examples,
        more: more_examples.len(),
        more_examples,
        text: kapok.sources.text(&file).unwrap_or_default().to_owned(),
        file,
        has_profile: false,
        same_document,
        same_topic,
        v,
    }
}

/// The host of a link, which tells readers where it leads.
fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default()
}

fn conditions(v: &Visitor, list: &[Condition]) -> Vec<ConditionView> {
    list.iter().map(|cond| condition(v, cond)).collect()
}

fn condition(v: &Visitor, cond: &Condition) -> ConditionView {
    let say = |text: &rules::diag::Text| v.l.text(text).to_owned();
    ConditionView {
        label: say(&cond.label),
        test: cond.test.as_ref().map(say),
        cite: cond.cite.clone(),
        note: cond.note.as_ref().map(say),
        parts: conditions(v, &cond.parts),
        unless: cond.unless.as_deref().map(|unless| (v.t("measure-unless"), Box::new(condition(v, unless)))),
    }
}

fn award(v: &Visitor, explained: &Explanation) -> Vec<Row> {
    let award = &explained.award;
    let rows = [
        (v.t("measure-kind"), Some(&award.kind), award.cite.clone()),
        (v.t("measure-amount"), award.amount.as_ref(), None),
        (v.t("measure-floor"), award.at_least.as_ref(), None),
        (v.t("measure-refuse"), award.refuse_below.as_ref(), None),
        (v.t("measure-round"), award.round.as_ref(), None),
        (v.t("measure-gives"), award.gives.as_ref(), None),
        (v.t("measure-valid"), award.valid.as_ref(), None),
    ];
    rows.into_iter()
        .filter_map(|(label, value, cite)| Some(Row { label, value: v.l.text(value?).to_owned(), cite }))
        .collect()
}

fn procedure(v: &Visitor, explained: &Explanation) -> Vec<Row> {
    let procedure = explained.procedure.as_ref();
    let rows = [
        (v.t("measure-process"), procedure.map(|procedure| &procedure.kind)),
        (v.t("measure-window"), procedure.and_then(|procedure| procedure.window.as_ref())),
        (v.t("measure-notice"), procedure.and_then(|procedure| procedure.notice.as_ref())),
        (v.t("measure-redemption"), procedure.and_then(|procedure| procedure.redemption.as_ref())),
        (v.t("measure-settled"), explained.round.as_ref()),
        (v.t("measure-budget"), explained.budget.as_ref()),
    ];
    rows.into_iter()
        .filter_map(|(label, value)| Some(Row { label, value: v.l.text(value?).to_owned(), cite: None }))
        .collect()
}

fn values(v: &Visitor, explained: &Explanation) -> Vec<ValueView> {
    let say = |text: &rules::diag::Text| v.l.text(text).to_owned();
    let value = |(index, value): (usize, &explain::Value)| ValueView {
        name: value.name.clone(),
        formula: value.formula.as_ref().map(say),
        table: value.table.as_ref().map(|table| TableView {
            id: format!("table-{index}"),
            hit: say(&table.hit),
            inputs: table.inputs.iter().map(say).collect(),
            rows: table
                .rows
                .iter()
                .map(|row| TableRow {
                    when: row.when.iter().map(say).collect(),
                    then: say(&row.then),
                    cite: row.cite.clone().unwrap_or_default(),
                })
                .collect(),
            cites: table.rows.iter().any(|row| row.cite.is_some()),
        }),
    };
    explained.values.iter().enumerate().map(value).collect()
}

/// A sentence with links on the names of other measures, which stand in quotes.
fn linked(v: &Visitor, kapok: &Kapok, card: &Card, sentence: &Sentence) -> Cited {
    let text = v.l.text(&sentence.text);
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('“') {
        let Some((name, after)) = quoted.split_once('”') else { break };
        let other = kapok.index().cards.iter().find(|other| v.l.text(&other.name) == name && other.id != card.id);
        parts.push(Part { text: format!("{before}“"), href: None });
        parts.push(Part { text: name.to_owned(), href: other.map(|other| address(&other.id)) });
        parts.push(Part { text: "”".to_owned(), href: None });
        rest = after;
    }
    parts.push(Part { text: rest.to_owned(), href: None });
    Cited { parts, cite: sentence.cite.clone() }
}

fn given(v: &Visitor, given: &[Given]) -> Vec<Row> {
    let row = |given: &Given| Row {
        label: v.l.text(&given.label).to_owned(),
        value: v.l.text(&given.value).to_owned(),
        cite: None,
    };
    given.iter().map(row).collect()
}

fn example(v: &Visitor, example: &Example) -> ExampleView {
    ExampleView {
        name: example.name.clone(),
        given: given(v, &example.given),
        expected: v.l.text(&example.expected).to_owned(),
        holds: example.holds,
    }
}

/// Measures of the same document, and others of the same topic: those that may concern the same applicants first, then
/// the open ones.
fn related(app: &App, v: &Visitor, card: &Card) -> (Vec<CardView>, Vec<CardView>) {
    let (kapok, tree) = (app.kapok(), PlaceTree::china());
    let near = |other: &Card| match (card.place, other.place) {
        (Some(here), Some(there)) => tree.within(here, there) || tree.within(there, here),
        _ => false,
    };
    let view =
        |other: &&Card| CardView::new(v, &kapok.program, other, &other.on(&kapok.program, app.today()), app.today());
    let others: Vec<&Card> = kapok.index().cards.iter().filter(|other| other.id != card.id).collect();
    let document = others.iter().filter(|other| other.document == card.document).take(RELATED).map(view).collect();
    let mut topic: Vec<&Card> =
        others.into_iter().filter(|other| other.document != card.document && other.topic == card.topic).collect();
    topic.sort_by_cached_key(|other| {
        (!near(other), !other.on(&kapok.program, app.today()).open(), other.place.map(|place| tree.path(place).len()))
    });
    (document, topic.iter().take(RELATED).map(view).collect())
}
