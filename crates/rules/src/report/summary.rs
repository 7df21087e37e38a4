//! The short form of an assessment: outcomes, amounts and the first reasons, for callers that ask often.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{End, Problem};
use super::why::{shortfall, why_not};
use super::{
    Amount, Assessment, BundleReport, MissingReport, PartyReport, ReasonReport, bundle, decimal, leaf_name, measure,
    shown,
};
use crate::assess::{Assessed, CondResult, Step, StepKind};
use crate::ast::{AwardKind, Outcome, Version};
use crate::diag::Text;
use crate::eval::Eval;
use crate::ir::{CondIr, CondShape, Program, VersionIr};
use crate::names;
use crate::phrases;
use crate::value::{Range, Truth};
use crate::vocabulary::Type;
use crate::words;

/// The format of [`Summary`]; a change that readers could notice raises the number.
pub const SUMMARY_FORMAT: &str = "kapok.summary/1";

/// Reasons that are given for one measure at most.
pub const MOST_REASONS: usize = 3;

/// Missing facts that are given over all measures at most.
pub const MOST_MISSING: usize = 5;

/// What a party is entitled to at two dates, in short. It says what [`super::Report`] says, without the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary<'a> {
    /// `kapok.summary/1`
    pub format: String,
    /// The date whose law applies, ISO.
    pub on: String,
    /// The date as known on, ISO.
    pub known_on: String,
    /// Who was assessed.
    pub party: PartyReport,
    /// The measures, in the order of the catalogue.
    pub measures: Vec<MeasureSummary<'a>>,
    /// The best set of measures that may be taken together.
    pub bundle: BundleReport,
    /// Facts to ask for, the most money at stake first: the first five.
    pub missing: Vec<MissingReport>,
}

/// One measure in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeasureSummary<'a> {
    /// Its id.
    pub measure: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, Text>,
    /// Whether it is a policy of another place than the party's: it is assessed, but neither counted nor asked about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    /// The kind of benefit.
    pub kind: AwardKind,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it cannot pay at this date, if so; then no other reasons are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonReport>,
    /// The amount.
    pub amount: Amount,
    /// The amount if every open condition turns out well; absent where that changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub potential: Option<Amount>,
    /// The first reasons, three at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<TopReason<'a>>,
}

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopReasonKind {
    /// A condition that fails.
    Fails,
    /// There is no record (contract, project …) that qualifies.
    NoRecord,
    /// A fact that is missing.
    Missing,
    /// A question that only a person can settle.
    Open,
}

/// One of the first reasons for an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TopReason<'a> {
    /// What it is about.
    pub what: TopReasonKind,
    /// The condition's, fact's or question's short name; of a record its kind.
    pub key: Cow<'a, str>,
    /// In words.
    pub label: Cow<'a, Text>,
    /// The clause, for a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cow<'a, str>>,
    /// What a condition lacks, where that can be said in numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Text>,
    /// The money at stake with a missing fact, in CNY, as a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stake: Option<String>,
}

impl<'a> TopReason<'a> {
    fn new(what: TopReasonKind, key: impl Into<Cow<'a, str>>, label: Cow<'a, Text>) -> Self {
        Self { what, key: key.into(), label, cite: None, shortfall: None, stake: None }
    }
}

impl<'a> Assessment<'a> {
    /// The summary. It costs a small part of [`Assessment::report`] and agrees with it.
    #[must_use]
    pub fn summary(&self) -> Summary<'a> {
        let mut eval = Eval::new(self.program, &self.bound);
        let high = Problem::new(self, &mut eval, End::High);
        let bundle = bundle::build(self, &mut eval, &high);
        Summary {
            format: SUMMARY_FORMAT.to_owned(),
            on: self.bound.dates.on.to_string(),
            known_on: self.bound.dates.known_on.to_string(),
            party: self.party_report(),
            measures: self.assessed.iter().filter_map(|assessed| self.short(assessed)).collect(),
            bundle,
            missing: self.missing_within(&high, MOST_MISSING),
        }
    }

    fn short(&self, assessed: &Assessed) -> Option<MeasureSummary<'a>> {
        let program: &'a Program = self.program;
        let source = program.catalogue.measures.get(assessed.measure as usize)?;
        let written = assessed.chosen.version.and_then(|index| source.versions.get(index));
        let version = self.version(assessed);
        let ty = version.map_or(Type::Money, |version| version.amount_type);
        let reason = assessed.chosen.reason.map(|reason| ReasonReport { code: reason, text: why_not(reason, written) });
        let potential =
            (assessed.potential != assessed.amount).then(|| shown(assessed, assessed.potential, ty, written));
        Some(MeasureSummary {
            measure: Cow::Borrowed(&source.id),
            name: Cow::Borrowed(&source.name),
            elsewhere: self.elsewhere(assessed),
            kind: written.map_or(AwardKind::Money, |version| version.award.kind),
            outcome: assessed.outcome,
            reasons: match (version, written) {
                (Some(version), Some(written)) if reason.is_none() => self.reasons(assessed, version, written),
                _ => Vec::new(),
            },
            reason,
            amount: shown(assessed, assessed.amount, ty, written),
            potential,
        })
    }

    /// The first reasons for an outcome: of a refusal the conditions that fail, of what is not known yet the facts to
    /// ask for, and otherwise what a person has to settle and what the amount still depends on.
    fn reasons(&self, assessed: &Assessed, version: &'a VersionIr, written: &'a Version) -> Vec<TopReason<'a>> {
        let money = version.kind == AwardKind::Money;
        let mut found = Vec::new();
        match assessed.outcome {
            Outcome::NotEligible => self.failing(assessed, version, written, &mut found),
            Outcome::Undetermined => self.missing_facts(assessed, money, &mut found),
            Outcome::NeedsPerson | Outcome::Eligible => {
                for open in measure::open(self, assessed, written) {
                    add(&mut found, || TopReason::new(TopReasonKind::Open, open.key, Cow::Owned(open.label)));
                }
                self.missing_facts(assessed, money, &mut found);
            }
        }
        found
    }

    fn failing(
        &self,
        assessed: &Assessed,
        version: &'a VersionIr,
        written: &'a Version,
        found: &mut Vec<TopReason<'a>>,
    ) {
        version.eligible.iter().zip(&assessed.conditions).for_each(|(cond, result)| fails(found, cond, result));
        let of_record = version.each.as_ref().map_or(&[][..], |each| &each.conditions);
        for item in &assessed.items {
            of_record.iter().zip(&item.conditions).for_each(|(cond, result)| fails(found, cond, result));
            let held = item.conditions.iter().all(|result| result.truth != Truth::False);
            if item.truth == Truth::False && held && version.refuse_below.is_some() {
                let refused = Step { kind: StepKind::Refused, after: Range::ZERO };
                let step = measure::step(&refused, written, version.amount_type);
                add(found, || TopReason {
                    cite: step.cite.map(Cow::Owned),
                    ..TopReason::new(TopReasonKind::Fails, "refuse_below", Cow::Owned(step.what))
                });
            }
        }
        if found.is_empty()
            && let Some(each) = &version.each
            && let Some(record) = self.program.vocabulary.records.get(each.record as usize)
        {
            let none = Text::new(
                format!("没有符合条件的{}", record.label.zh),
                format!("no {} that qualifies", record.label.en.to_lowercase()),
            );
            found.push(TopReason::new(TopReasonKind::NoRecord, record.name.as_str(), Cow::Owned(none)));
        }
    }

    fn missing_facts(&self, assessed: &Assessed, money: bool, found: &mut Vec<TopReason<'a>>) {
        for missing in &assessed.missing {
            if found.len() >= MOST_REASONS {
                return;
            }
            add(found, || TopReason {
                stake: if money { decimal(missing.stake, Type::Money) } else { None },
                ..TopReason::new(
                    TopReasonKind::Missing,
                    leaf_name(self, missing.leaf),
                    Cow::Owned(names::label(self.program, &self.bound, missing.leaf)),
                )
            });
        }
    }
}

/// Adds a condition that fails. Of several that must all hold, those that fail say more than that one of them does.
fn fails<'a>(found: &mut Vec<TopReason<'a>>, cond: &'a CondIr, result: &CondResult) {
    if result.truth != Truth::False {
        return;
    }
    if cond.shape == CondShape::All {
        cond.children.iter().zip(&result.children).for_each(|(cond, result)| fails(found, cond, result));
        return;
    }
    add(found, || TopReason {
        cite: cond.cite.as_deref().map(Cow::Borrowed),
        shortfall: result.shortfall.map(|lack| shortfall(&lack)),
        ..TopReason::new(TopReasonKind::Fails, cond.id.as_str(), condition_label(cond))
    });
}

/// A condition in words. Where the rule gives no words for a choice, its parts are named.
#[must_use]
pub fn condition_label(cond: &CondIr) -> Cow<'_, Text> {
    if cond.shape != CondShape::Any || cond.label.zh != words::ANY_OF.0 {
        return Cow::Borrowed(&cond.label);
    }
    let parts = phrases::join(cond.children.iter().map(|part| part.label.clone()), "；", "; ");
    Cow::Owned(Text::new(format!("{}：{}", cond.label.zh, parts.zh), format!("{}: {}", cond.label.en, parts.en)))
}

/// Adds a reason if there is room and nothing with the same words yet.
fn add<'a>(found: &mut Vec<TopReason<'a>>, make: impl FnOnce() -> TopReason<'a>) {
    if found.len() >= MOST_REASONS {
        return;
    }
    let reason = make();
    if !found.iter().any(|known| known.label == reason.label) {
        found.push(reason);
    }
}
