//! A measure in plain language, made from the rule itself: what the text that computes says to those who read it.

mod build;
mod markdown;

#[cfg(test)]
mod tests;

use domain::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ast::Measure;
use crate::diag::Text;
use crate::ir::Program;
use crate::report::Citation;

/// The format of [`Explanation`]; a change that readers could notice raises the number.
pub const FORMAT: &str = "kapok.explanation/1";

/// A measure in plain language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Explanation {
    /// `kapok.explanation/1`
    pub format: &'static str,
    /// The measure's id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// Its topic.
    pub topic: Text,
    /// Who can apply.
    pub applies_to: Text,
    /// Where it stands.
    pub source: Citation,
    /// Its versions, in the order of publication.
    pub versions: Vec<VersionLine>,
    /// Conditions on the party: all of them must hold.
    pub conditions: Vec<Condition>,
    /// One award for each record that meets these conditions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// The benefit.
    pub award: Award,
    /// Named values that conditions and amounts use.
    pub values: Vec<Value>,
    /// Caps.
    pub limits: Vec<Sentence>,
    /// Rules between this measure and others, its own and those of groups.
    pub stacking: Vec<Sentence>,
    /// How an amount is settled over all applicants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Text>,
    /// The budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Text>,
    /// How to apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// Documents to bring.
    pub documents: Vec<Text>,
    /// Parts in time.
    pub payout: Vec<Text>,
    /// What only a person can settle.
    pub open: Vec<Text>,
    /// What the source leaves open: of the measure, then of its document.
    pub notes: Vec<Text>,
    /// Worked examples.
    pub examples: Vec<Example>,
}

/// A version in the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VersionLine {
    /// Its number in the file, from 1.
    pub number: usize,
    /// When it applies.
    pub in_force: Text,
    /// When it was published, ISO.
    pub known_from: String,
    /// Whether it can pay.
    pub status: Text,
    /// Whether it is the one that is explained.
    pub explained: bool,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Condition {
    /// Short name in cases and reports.
    pub id: String,
    /// What readers call it.
    pub label: Text,
    /// What is computed, where that is more than the label says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Text>,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Condition>,
    /// The condition that waives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless: Option<Box<Condition>>,
}

/// One award for each record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Each {
    /// What the record is called.
    pub record: Text,
    /// Conditions on it.
    pub conditions: Vec<Condition>,
}

/// The benefit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Award {
    /// Its kind.
    pub kind: Text,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Text>,
    /// Never less than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Text>,
    /// Awards below are not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_below: Option<Text>,
    /// How it is rounded, where the rule says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Text>,
    /// The status given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gives: Option<Text>,
    /// How long it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<Text>,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// A named value: a formula in words, or a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Value {
    /// Its name in the rule.
    pub name: String,
    /// The formula.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<Text>,
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// A decision table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Table {
    /// How rows are picked.
    pub hit: Text,
    /// The inputs.
    pub inputs: Vec<Text>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// One test for each input.
    pub when: Vec<Text>,
    /// The value.
    pub then: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// A sentence with the clause it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sentence {
    /// The sentence.
    pub text: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// How to apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Procedure {
    /// The kind of process.
    pub kind: Text,
    /// When applications are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Text>,
    /// The public notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Text>,
    /// How a voucher is redeemed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redemption: Option<Text>,
}

/// A case as a worked example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Example {
    /// The case's name.
    pub name: String,
    /// What is expected of it.
    pub expected: Text,
}

/// The version that a reader wants by default: of those that can pay the one published last; else the last one.
#[must_use]
pub fn latest(measure: &Measure) -> Option<usize> {
    let rank = |version: &crate::ast::Version| {
        (version.status == crate::ast::Status::InForce, version.known_from, version.in_force.from())
    };
    measure.versions.iter().enumerate().max_by_key(|(_, version)| rank(version)).map(|(index, _)| index)
}

/// The version in force on a date, by all that is known; the nearest one when none is.
#[must_use]
pub fn version_on(program: &Program, measure: usize, on: Date) -> Option<usize> {
    crate::assess::choose(&program.measures.get(measure)?.versions, on, Date::MAX).version
}

/// Explains a version of a measure, both by index. `None` if there is no such version.
#[must_use]
pub fn explain(program: &Program, measure: usize, version: usize) -> Option<Explanation> {
    build::build(program, measure, version)
}
