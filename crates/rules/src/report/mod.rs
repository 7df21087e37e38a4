//! The assessment as it is handed out: versioned, stable, with every reason, in both languages.

mod amount;
mod assessment;
mod bundle;
mod citation;
mod facts;
mod figures;
mod groups;
mod measure;
mod problem;
mod sentences;
mod summary;
mod why;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use assessment::Assessment;
pub use bundle::{BundleLine, BundleReport, ConflictReport, RunnerUp};
pub use summary::{
    MOST_MISSING, MOST_REASONS, MeasureSummary, SUMMARY_FORMAT, Summary, TopReason, TopReasonKind, condition_label,
};

use assessment::leaf_name;
pub(crate) use citation::citation;
pub use figures::{amount, decimal};
use figures::{iso, shown};
pub(crate) use sentences::Sentences;

use crate::assess::Reason;
use crate::ast::{AwardKind, Outcome};
use crate::diag::Text;

/// The format of [`Report`]; a change that readers could notice raises the number.
pub const FORMAT: &str = "kapok.assessment/1";

/// What a party is entitled to at two dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// `kapok.assessment/1`
    pub format: String,
    /// The date whose law applies, ISO.
    pub on: String,
    /// The date as known on, ISO.
    pub known_on: String,
    /// Who was assessed.
    pub party: PartyReport,
    /// The measures, in the order of the catalogue.
    pub measures: Vec<MeasureReport>,
    /// The best set of measures that may be taken together.
    pub bundle: BundleReport,
    /// Facts to ask for, the most money at stake first.
    pub missing: Vec<MissingReport>,
}

/// Who was assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartyReport {
    /// organisation or person
    pub kind: String,
    /// Identifier, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeasureReport {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// Where it stands.
    pub citation: Citation,
    /// Whether it is a policy of another place than the party's: it is assessed, but neither counted nor asked about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    /// The version that was used, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionReport>,
    /// The kind of benefit.
    pub kind: AwardKind,
    /// The outcome.
    pub outcome: Outcome,
    /// Why it cannot pay at this date, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonReport>,
    /// What the rule itself says, whether or not it can pay.
    pub would_be: Outcome,
    /// The amount.
    pub amount: Amount,
    /// The amount if every open condition turns out well.
    pub potential: Amount,
    /// What one of the records is called for each of which there is an award.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Text>,
    /// The conditions on the party.
    pub conditions: Vec<ConditionReport>,
    /// The awards, one for each record where the measure says so.
    pub items: Vec<ItemReport>,
    /// From the sum of the awards to the amount.
    pub steps: Vec<StepReport>,
    /// Parts in time.
    pub payout: Vec<PayoutReport>,
    /// Facts to ask for, the most at stake first.
    pub missing: Vec<MissingReport>,
    /// What only a person can settle.
    pub open: Vec<OpenReport>,
    /// Rules that the source leaves unclear, with what would be paid.
    pub conflicts: Vec<ConflictReport>,
    /// Documents to bring.
    pub documents: Vec<Text>,
    /// Dates to keep.
    pub deadlines: Vec<Deadline>,
    /// What the source leaves open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Where a measure stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    /// The document's id.
    pub document: String,
    /// Its title.
    pub title: Text,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Text,
    /// national, province, city, district or press
    pub level: String,
    /// When, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// primary, secondary or partial
    pub confidence: String,
}

/// A version and why it was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VersionReport {
    /// From when, ISO; absent where the source does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when, ISO; absent where the source does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// When it was published, ISO.
    pub known_from: String,
    /// Why this one.
    pub why: Text,
}

/// Why a measure cannot pay at a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReasonReport {
    /// The code.
    pub code: Reason,
    /// In words, with the dates.
    pub text: Text,
}

/// An amount or a range.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// `CNY`, `months`, `days`, `m2`, `card_hours`, `share` or `count`
    pub unit: String,
    /// The least, as a decimal.
    pub low: String,
    /// The most, as a decimal; absent when there is no upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// In words.
    pub text: Text,
}

/// A condition's truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TruthReport {
    /// It holds.
    Yes,
    /// It fails.
    No,
    /// It is not known.
    Unknown,
}

impl From<crate::value::Truth> for TruthReport {
    fn from(truth: crate::value::Truth) -> Self {
        match truth {
            crate::value::Truth::True => Self::Yes,
            crate::value::Truth::False => Self::No,
            crate::value::Truth::Unknown => Self::Unknown,
        }
    }
}

/// A condition with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionReport {
    /// Short name.
    pub id: String,
    /// In words.
    pub label: Text,
    /// Whether it holds.
    pub truth: TruthReport,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
    /// The facts that it was decided by.
    pub facts: Vec<FactReport>,
    /// What the tested value comes to, where it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
    /// What it lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Text>,
    /// Its parts.
    pub parts: Vec<ConditionReport>,
}

/// A fact as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactReport {
    /// Its name, with the year.
    pub fact: String,
    /// In words.
    pub label: Text,
    /// The value in words; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
    /// Whether sources disagree about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// official, audited, documented, declared or estimated
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The day that it held on, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

/// One award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemReport {
    /// The record's kind and id (`contract c1`), where there is one award for each record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// What readers call the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// Whether it is made.
    pub truth: TruthReport,
    /// The conditions on the record.
    pub conditions: Vec<ConditionReport>,
    /// The formula, its named values and its facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computation: Option<ComputationReport>,
    /// How the amount came about.
    pub steps: Vec<StepReport>,
    /// The amount.
    pub amount: Amount,
}

/// How an amount is computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComputationReport {
    /// The formula in words.
    pub formula: Text,
    /// The named values that it uses.
    pub values: Vec<ValueReport>,
    /// The facts that it uses.
    pub facts: Vec<FactReport>,
}

/// A named value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValueReport {
    /// Its name in the rule.
    pub name: String,
    /// Its formula, or the row of its table that decides.
    pub how: Text,
    /// What it comes to.
    pub value: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// A step of a computation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepReport {
    /// What was done.
    pub what: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
    /// The amount then.
    pub after: Amount,
}

/// A part of an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutReport {
    /// When.
    pub when: Text,
    /// How much.
    pub amount: Amount,
}

/// A missing fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingReport {
    /// The fact's name; `contract.provider` for a field.
    pub fact: String,
    /// For a field of a record: the record's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// In words.
    pub label: Text,
    /// The question to ask.
    pub ask: Text,
    /// The money at stake, in CNY, as a decimal; absent when there is no upper end or the benefit is not money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stake: Option<String>,
    /// Whether money hangs on it, rather than a status or another benefit.
    pub money: bool,
    /// Whether it decides who is eligible, not only how much.
    pub gates: bool,
    /// Accepted proof.
    pub evidence: Vec<Text>,
    /// The measures that wait for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
}

/// Something that only a person can settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenReport {
    /// Its key.
    pub key: String,
    /// Who settles it.
    pub by: String,
    /// The question.
    pub label: Text,
}

/// A date to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// The date, ISO.
    pub date: String,
    /// What for.
    pub what: Text,
}
