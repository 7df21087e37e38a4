//! What a simulation says, in the form that is handed out.

use rules::assess::Reason;
use rules::diag::Text;
use rules::diff::Diff;
use schemars::JsonSchema;
use serde::Serialize;

/// The format of [`Simulation`]; a change that readers could notice raises the number.
pub const FORMAT: &str = "kapok.simulation/1";

/// Drafts against the rules in force, over a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Simulation {
    /// `kapok.simulation/1`
    pub format: &'static str,
    /// The date whose law applies before, ISO.
    pub on_before: String,
    /// The date whose law applies after, ISO; the same unless two dates are compared.
    pub on_after: String,
    /// The rules before.
    pub base: RulesUsed,
    /// The registry.
    pub data: DataUsed,
    /// The drafts.
    pub drafts: Vec<DraftReport>,
    /// What it costs for each value of the number that was varied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepReport>,
    /// How many rows the list of changes has, if one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<u64>,
    /// How to read the numbers.
    pub notes: Vec<Text>,
}

/// The rules of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RulesUsed {
    /// What they are called.
    pub name: String,
    /// SHA-256 of the names and bytes of all files of the vocabulary and the catalogue, hexadecimal.
    pub sha256: String,
}

/// How the data was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hashed {
    /// The names, sizes and bytes of the files.
    Bytes,
    /// Their names and sizes alone, because they are very large.
    Sizes,
}

/// The registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DataUsed {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Of what.
    pub hashed: Hashed,
    /// The files.
    pub files: Vec<DataFile>,
    /// Companies that were computed.
    pub rows: u64,
    /// Companies that could not be read and were left out.
    pub left_out: u64,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DataFile {
    /// Its name, without its folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// A draft that was treated as if it were in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Assumed {
    /// The measure.
    pub measure: String,
    /// Its version, from 1.
    pub version: usize,
    /// What was assumed.
    pub text: Text,
}

/// One draft against the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DraftReport {
    /// The rules.
    #[serde(flatten)]
    pub rules: RulesUsed,
    /// What was assumed so that the draft pays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Assumed>,
    /// Measures that are new.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub new_measures: Vec<String>,
    /// Measures that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone_measures: Vec<String>,
    /// What the rules say differently.
    pub differences: Vec<Diff>,
    /// All measures that were compared, added up for each company.
    pub all: ChangeReport,
    /// The same by group.
    pub groups: Vec<DimensionReport>,
    /// The measures.
    pub measures: Vec<MeasureReport>,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureReport {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// Why it cannot pay before, whoever the company is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_reason: Option<WhyNot>,
    /// Why it cannot pay after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_reason: Option<WhyNot>,
    /// All companies.
    pub all: ChangeReport,
    /// By group.
    pub groups: Vec<DimensionReport>,
    /// What those fail by first that could get it before and cannot after.
    pub lost_by: Vec<Cause>,
    /// Those of them that fail by nothing of their own, such as a measure that is gone.
    pub lost_otherwise: u64,
    /// What those failed by first that could not get it before and can after.
    pub won_by: Vec<Cause>,
    /// Those of them that failed by nothing of their own, such as a measure that was not there.
    pub won_otherwise: u64,
}

/// Why a measure pays nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WhyNot {
    /// The reason.
    pub code: Reason,
    /// In words.
    pub text: Text,
}

/// A condition and how many companies it decides for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cause {
    /// The condition's short name.
    pub key: String,
    /// In words.
    pub label: Text,
    /// How many companies.
    pub companies: u64,
}

/// Groups of companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DimensionReport {
    /// `industry`, `place`, `size` or `age`
    pub dimension: String,
    /// In words.
    pub label: Text,
    /// Groups that have companies.
    pub groups: Vec<GroupReport>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupReport {
    /// Its short name.
    pub group: String,
    /// In words.
    pub label: Text,
    /// What changes.
    pub change: ChangeReport,
}

/// An amount, exact as a decimal and rounded in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figure {
    /// The decimal.
    pub value: String,
    /// In words, rounded.
    pub text: Text,
}

/// A sum of amounts between two ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SumReport {
    /// The least.
    pub low: Figure,
    /// The most of those companies of whom it has an end.
    pub high: Figure,
    /// Companies of whom it has none.
    pub endless: u64,
}

/// A difference between two ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DifferenceReport {
    /// The least after less the least before.
    pub low: Figure,
    /// The most after less the most before, of companies of whom both have an end.
    pub high: Figure,
    /// It is surely not less: the least after less the most before.
    pub surely_from: Figure,
    /// Companies of whom that has no end, and who are left out of it.
    pub surely_from_endless: u64,
    /// It is surely not more: the most after less the least before.
    pub surely_to: Figure,
    /// Companies of whom that has no end, and who are left out of it.
    pub surely_to_endless: u64,
}

/// What changes for many companies. `same`, `gain`, `lose`, `other` and `unsure` make up all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// The unit of the amounts: `CNY`, `months`, `days`, `m2`, `card_hours`, `share` or `count`.
    pub unit: String,
    /// Companies.
    pub companies: u64,
    /// The same answer.
    pub same: u64,
    /// Surely more.
    pub gain: u64,
    /// Surely less.
    pub lose: u64,
    /// Another outcome with the same amount.
    pub other: u64,
    /// Another answer, and more or less rests on what is not known.
    pub unsure: u64,
    /// Of the unsure, those of whom neither end of the amount falls and one rises.
    pub may_gain: u64,
    /// Of the unsure, those of whom neither end rises and one falls.
    pub may_lose: u64,
    /// Another outcome.
    pub changed_outcome: u64,
    /// From surely not eligible to surely eligible.
    pub newly_eligible: u64,
    /// From surely eligible to surely not.
    pub no_longer_eligible: u64,
    /// The amounts before.
    pub before: SumReport,
    /// The amounts after.
    pub after: SumReport,
    /// How they differ.
    pub difference: DifferenceReport,
    /// What those gain at least that surely gain.
    pub gained: Figure,
    /// What those lose at least that surely lose; not above 0.
    pub lost: Figure,
    /// Gains and losses by how much; for money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
}

/// Companies that gain or lose about as much. A gain belongs to the band that begins with it, a loss to the one that ends
/// with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Band {
    /// From, in yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// To, in yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// In words.
    pub label: Text,
    /// Those that surely do.
    pub surely: u64,
    /// Those of whom the most that they can get changes by so much.
    pub at_most: u64,
}

/// A cost curve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SweepReport {
    /// The measure whose number was varied.
    pub measure: String,
    /// Where the number stands.
    pub path: String,
    /// What was assumed so that it pays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Assumed>,
    /// The steps, in their order.
    pub steps: Vec<StepReport>,
}

/// One value of the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReport {
    /// The value as it is written.
    pub value: String,
    /// SHA-256 of the rules with it.
    pub sha256: String,
    /// The measure over all companies, against the base.
    pub measure: ChangeReport,
    /// All measures that were compared.
    pub all: ChangeReport,
}
