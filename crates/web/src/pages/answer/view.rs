//! Parts of an answer as finished texts in the visitor's language: outcomes, amounts, citations, facts, conditions.

use askama::Template;
use domain::{Date, Evidence};
use rules::ast::Outcome;
use rules::diag::Text;
use rules::report::{
    Citation, ConditionReport, ConflictReport, FactReport, MeasureReport, MissingReport, TruthReport, VersionReport,
};

use crate::show;
use crate::visitor::Visitor;

/// Several names as one text.
pub(super) fn list<'t>(v: &Visitor, names: impl IntoIterator<Item = &'t Text>) -> String {
    names.into_iter().map(|name| v.l.text(name)).collect::<Vec<_>>().join(if v.l.zh() { "、" } else { ", " })
}

/// What a measure gives; a dash where it gives nothing.
pub(super) fn amount(v: &Visitor, measure: &MeasureReport) -> String {
    match measure.outcome {
        Outcome::NotEligible => "—".to_owned(),
        _ => v.l.text(&measure.amount.text).to_owned(),
    }
}

/// Until when a measure can be applied for.
pub(super) fn until(v: &Visitor, measure: &MeasureReport) -> Option<String> {
    let deadline = measure.deadlines.first()?;
    Some(Date::parse(&deadline.date).map_or_else(|_| deadline.date.clone(), |date| show::date(date, v.l).text))
}

/// Where a measure stands.
#[derive(Clone, Debug)]
pub(super) struct CiteView {
    /// Document, number, clause, dates and how much of the source was seen.
    pub(super) text: String,
    /// Who issued it.
    pub(super) issuer: String,
    /// Where it can be read.
    pub(super) url: Option<String>,
}

impl CiteView {
    pub(super) fn new(v: &Visitor, citation: &Citation, version: Option<&VersionReport>) -> Self {
        let title = v.l.text(&citation.title);
        let mut parts = vec![if v.l.zh() { format!("《{title}》") } else { format!("“{title}”") }];
        parts.extend(citation.number.clone());
        parts.extend(citation.clause.clone());
        parts.extend(version.map(|version| in_force(v, version)));
        if citation.confidence != "primary" {
            parts.push(v.l.text(&rules::labels::confidence(&citation.confidence)).to_owned());
        }
        Self {
            text: parts.join(" · "),
            issuer: v.l.text(&citation.issuer).to_owned(),
            url: citation.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        }
    }
}

fn in_force(v: &Visitor, version: &VersionReport) -> String {
    let day = |date: &str| Date::parse(date).map_or_else(|_| date.to_owned(), |date| show::date(date, v.l).text);
    match (&version.from, &version.to) {
        (Some(from), Some(to)) => v.m("answer-in-force").s("from", day(from)).s("to", day(to)).to_string(),
        (Some(from), None) => v.m("answer-in-force-from").s("from", day(from)).to_string(),
        (None, Some(to)) => v.m("answer-in-force-to").s("to", day(to)).to_string(),
        (None, None) => v.t("answer-in-force-unstated"),
    }
}

/// A fact as it was used.
#[derive(Clone, Debug)]
pub(super) struct FactView {
    /// What it is called.
    pub(super) label: String,
    /// Its value, or that it is unknown.
    pub(super) value: String,
    /// Whether it is unknown.
    pub(super) unknown: bool,
    /// Source, evidence and date.
    pub(super) proof: String,
}

impl FactView {
    pub(super) fn new(v: &Visitor, fact: &FactReport) -> Self {
        let mut proof = Vec::new();
        if fact.disputed {
            proof.push(v.t("answer-disputed"));
        }
        proof.extend(fact.source.clone());
        let grade = fact.evidence.as_deref().and_then(Evidence::from_code);
        proof.extend(grade.map(|grade| if v.l.zh() { grade.zh() } else { grade.en() }.to_owned()));
        proof.extend(fact.as_of.as_ref().map(|date| v.m("answer-as-of").s("date", date).to_string()));
        Self {
            label: v.l.text(&fact.label).to_owned(),
            value: fact.value.as_ref().map_or_else(|| v.t("answer-unknown"), |value| v.l.text(value).to_owned()),
            unknown: fact.value.is_none(),
            proof: proof.join(if v.l.zh() { "，" } else { ", " }),
        }
    }
}

/// A condition with its parts.
#[derive(Clone, Debug, Template)]
#[template(path = "answer/condition.html")]
pub(super) struct ConditionView {
    class: &'static str,
    word: String,
    label: String,
    value: Option<String>,
    shortfall: Option<String>,
    cite: Option<String>,
    facts: Vec<FactView>,
    parts: Vec<ConditionView>,
}

impl ConditionView {
    pub(super) fn new(v: &Visitor, condition: &ConditionReport) -> Self {
        let (class, word) = truth(v, condition.truth);
        let text = |text: &Text| v.l.text(text).to_owned();
        Self {
            class,
            word,
            label: text(&condition.label),
            value: condition.value.as_ref().filter(|_| condition.shortfall.is_none()).map(text),
            shortfall: condition.shortfall.as_ref().map(text),
            cite: condition.cite.clone(),
            facts: condition.facts.iter().map(|fact| FactView::new(v, fact)).collect(),
            parts: condition.parts.iter().map(|part| Self::new(v, part)).collect(),
        }
    }
}

/// The class and word of a truth.
pub(super) fn truth(v: &Visitor, truth: TruthReport) -> (&'static str, String) {
    match truth {
        TruthReport::Yes => ("yes", v.t("answer-holds")),
        TruthReport::No => ("no", v.t("answer-fails")),
        TruthReport::Unknown => ("unknown", v.t("answer-not-known")),
    }
}

/// A fact to ask for.
#[derive(Clone, Debug)]
pub(super) struct MissingView {
    /// What it is called.
    pub(super) label: String,
    /// The question.
    pub(super) ask: String,
    /// The address where it is answered; none for facts that are not the visitor's own.
    pub(super) href: Option<String>,
    /// The money at stake.
    pub(super) stake: Option<String>,
}

impl MissingView {
    pub(super) fn new(v: &Visitor, missing: &MissingReport, own: bool) -> Self {
        Self {
            label: v.l.text(&missing.label).to_owned(),
            ask: v.l.text(&missing.ask).to_owned(),
            href: own.then(|| ask(missing)),
            stake: missing.stake.as_deref().map(|stake| show::money_text(app::answer::money(stake), v.l)),
        }
    }
}

/// Where a missing fact is asked for: `/ask?fact=contract.amount%23c1`.
pub(super) fn ask(missing: &MissingReport) -> String {
    let key = match &missing.record {
        Some(record) => format!("{}#{record}", missing.fact),
        None => missing.fact.clone(),
    };
    format!("/ask?fact={}", encoded(&key))
}

/// Text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// Texts that contradict each other.
#[derive(Clone, Debug)]
pub(super) struct ConflictView {
    /// What is at odds.
    pub(super) text: String,
    /// The clauses.
    pub(super) cites: String,
}

impl ConflictView {
    /// `of` is the measure's name, where the text does not say it.
    pub(super) fn new(v: &Visitor, conflict: &ConflictReport, of: Option<&Text>) -> Self {
        let text = v.l.text(&conflict.text);
        let colon = if v.l.zh() { "：" } else { ": " };
        Self {
            text: of.map_or_else(|| text.to_owned(), |name| format!("{}{colon}{text}", v.l.text(name))),
            cites: conflict.cites.join(if v.l.zh() { "；" } else { "; " }),
        }
    }
}
