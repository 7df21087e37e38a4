//! What a screening has found, in the form that is handed out.

use rules::ast::AwardKind;
use rules::bind::Bound;
use rules::diag::Text;
use rules::eval::Leaf;
use rules::ir::{Program, Read};
use rules::names;
use rules::report::{ReasonReport, amount, condition_label, decimal};
use rules::value::{Range, UNBOUNDED};
use rules::vocabulary::Type;
use schemars::JsonSchema;
use screen::plan::{Fail, Screened};
use screen::source::Rejected;
use screen::{Cell, Dimension, MeasureTotals, Plan, Ran, Totals};
use serde::Serialize;

use super::rounds::RoundReport;
use super::{Screening, reason_text};

/// The format of [`Report`]; a change that readers could notice raises the number.
pub const FORMAT: &str = "kapok.screening/1";

/// Rows left out that are told of at most.
const MOST_REJECTED: usize = 20;

/// What the rules come to over a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// `kapok.screening/1`
    pub format: String,
    /// The date whose law applies, ISO.
    pub on: String,
    /// The date as known on, ISO.
    pub known_on: String,
    /// The SHA-256 of the texts of the rules.
    pub rules: String,
    /// Companies that were screened.
    pub rows: u64,
    /// Rows that could not be read and count nowhere.
    pub left_out: u64,
    /// The first of them.
    pub rejected: Vec<RejectedReport>,
    /// The measures, in the order asked for, else in that of the catalogue.
    pub measures: Vec<MeasureReport>,
    /// The list of those entitled, if one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitled: Option<EntitledReport>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RejectedReport {
    /// The file.
    pub file: String,
    /// The row in the file, from 1; the line, for text files.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What is wrong and what would be right.
    pub why: Text,
}

/// One measure over all companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureReport {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// The title of its document.
    pub document: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The kind of benefit; absent where no version is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<AwardKind>,
    /// Why it cannot pay at the dates, if so; then nobody is eligible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonReport>,
    /// How many companies have which outcome.
    pub companies: Counts,
    /// What they get.
    pub amount: Sum,
    /// The same by groups of companies; groups without companies are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupsReport>,
    /// What companies fail by, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonCount>,
    /// Facts that are missing, the most money at stake first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingCount>,
    /// What the call comes to, where applicants compete or a budget is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundReport>,
}

/// Companies by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Every condition holds.
    pub eligible: u64,
    /// Facts are missing.
    pub undetermined: u64,
    /// Only a person's decision is open.
    pub needs_person: u64,
    /// A condition fails.
    pub not_eligible: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.eligible + self.undetermined + self.needs_person + self.not_eligible
    }
}

/// A sum of amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sum {
    /// `CNY`, `months`, `days`, `m2`, `card_hours`, `share` or `count`
    pub unit: String,
    /// The least, as a decimal.
    pub low: String,
    /// The most, as a decimal; absent if the amount of a company has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// Companies whose amount has no end.
    #[serde(skip_serializing_if = "is_zero")]
    pub without_end: u64,
    /// The most of all others, if there are companies whose amount has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_of_others: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Sum {
    pub(super) fn new(ty: Type, lo: i128, hi: i128, endless: u64) -> Self {
        let high = decimal(hi, ty);
        Self {
            unit: amount(Range::ZERO, ty).unit,
            low: decimal(lo, ty).unwrap_or_else(|| "0".to_owned()),
            high: high.clone().filter(|_| endless == 0),
            without_end: endless,
            high_of_others: high.filter(|_| endless > 0),
        }
    }

    fn of(cell: &Cell, ty: Type) -> Self {
        Self::new(ty, cell.lo, cell.hi, cell.endless)
    }
}

/// The groups of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupsReport {
    /// `size`, `age`, `place` or `industry`
    pub dimension: String,
    /// In words.
    pub label: Text,
    /// Its groups.
    pub groups: Vec<GroupReport>,
}

/// One group of companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupReport {
    /// Its short name.
    pub key: String,
    /// In words.
    pub label: Text,
    /// Its companies.
    pub companies: Counts,
    /// What they get.
    pub amount: Sum,
}

/// What companies fail by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReasonCount {
    /// The condition's short name.
    pub key: String,
    /// In words.
    pub label: Text,
    /// The clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
    /// Companies that fail by it, and by none of the conditions before it.
    pub first: u64,
    /// Companies that fail by no other condition on themselves.
    pub alone: u64,
}

/// A fact that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissingCount {
    /// Its name.
    pub fact: String,
    /// In words.
    pub label: Text,
    /// Companies whose outcome it keeps open.
    pub companies: u64,
    /// Companies of which it keeps the amount alone open.
    pub amounts: u64,
    /// What they could get by it at most, in the unit of the measure, as a decimal.
    pub stake: String,
    /// Companies of which that has no end; they are not in `stake`.
    #[serde(skip_serializing_if = "is_zero")]
    pub without_end: u64,
}

/// Those entitled to a settled amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EntitledReport {
    /// How many are on the list.
    pub companies: u64,
    /// What they get.
    pub amount: Sum,
    /// Companies that are eligible, but not on the list, because their amount is not settled.
    pub amount_open: u64,
}

pub(super) fn build(
    screening: &Screening<'_>,
    plan: &Plan<'_>,
    dimensions: &[Dimension],
    totals: &Totals,
    ran: Ran,
) -> Report {
    let request = &screening.request;
    let rejected = |rejected: &Rejected| RejectedReport {
        file: rejected.file.to_string(),
        row: rejected.row,
        column: rejected.column.clone(),
        why: rejected.why.clone(),
    };
    let measures = plan.measures.iter().zip(&totals.measures).zip(0..);
    let measures = measures.map(|((screened, totals), at)| measure(screening, screened, totals, dimensions, at));
    Report {
        format: FORMAT.to_owned(),
        on: request.dates.on.to_string(),
        known_on: request.dates.known_on.to_string(),
        rules: request.rules.clone(),
        rows: ran.rows,
        left_out: ran.left_out,
        rejected: ran.rejected.iter().take(MOST_REJECTED).map(rejected).collect(),
        measures: measures.collect(),
        entitled: None,
    }
}

fn measure(
    screening: &Screening<'_>,
    screened: &Screened<'_>,
    totals: &MeasureTotals,
    dimensions: &[Dimension],
    at: usize,
) -> MeasureReport {
    let program = screening.program;
    let dates = screening.request.dates;
    let source = program.catalogue.measures.get(screened.measure as usize);
    let document = source.map(|source| source.document.as_str()).unwrap_or_default();
    let document = program.catalogue.documents.iter().find(|other| other.id == document);
    let ty = screening.type_of(at);
    let reason = screened.reason.map(|code| ReasonReport {
        code,
        text: reason_text(program, screened.measure, code, dates.on, dates.known_on),
    });
    let groups = dimensions.iter().zip(&totals.groups).map(|(dimension, cells)| GroupsReport {
        dimension: dimension.name.to_owned(),
        label: dimension.label.clone(),
        groups: dimension
            .groups
            .iter()
            .zip(cells)
            .filter(|(_, cell)| cell.companies() > 0)
            .map(|(group, cell)| GroupReport {
                key: group.key.clone(),
                label: group.label.clone(),
                companies: counts(cell),
                amount: Sum::of(cell, ty),
            })
            .collect(),
    });
    MeasureReport {
        measure: source.map(|source| source.id.clone()).unwrap_or_default(),
        name: source.map(|source| source.name.clone()).unwrap_or_default(),
        document: document.map(|document| document.title.clone()).unwrap_or_default(),
        clause: source.and_then(|source| source.clause.clone()),
        kind: screening.version(screened.measure).map(|version| version.kind),
        reason,
        companies: counts(&totals.all),
        amount: Sum::of(&totals.all, ty),
        groups: groups.collect(),
        reasons: reasons(screening, screened, totals),
        missing: missing(screening, screened, totals, ty),
        round: None,
    }
}

const fn counts(cell: &Cell) -> Counts {
    Counts {
        eligible: cell.eligible,
        undetermined: cell.undetermined,
        needs_person: cell.needs_person,
        not_eligible: cell.not_eligible,
    }
}

/// The short name of what a row fails by.
pub(super) fn fail_key<'p>(program: &'p Program, fail: &Fail<'p>) -> &'p str {
    match fail {
        Fail::Party(cond) | Fail::Record(cond) => &cond.id,
        Fail::Refused => "refuse_below",
        Fail::NoRecord(record) => {
            program.vocabulary.records.get(usize::from(*record)).map_or("", |record| record.name.as_str())
        }
    }
}

fn reasons(screening: &Screening<'_>, screened: &Screened<'_>, totals: &MeasureTotals) -> Vec<ReasonCount> {
    let program = screening.program;
    let mut found: Vec<ReasonCount> = screened
        .fails
        .iter()
        .zip(&totals.fails)
        .filter(|(_, (first, _))| *first > 0)
        .map(|(fail, (first, alone))| {
            let (label, cite) = match fail {
                Fail::Party(cond) | Fail::Record(cond) => (condition_label(cond).into_owned(), cond.cite.clone()),
                Fail::Refused => {
                    (Text::new("低于最低资助额，不予资助", "below the least award, so none is made"), None)
                }
                Fail::NoRecord(record) => {
                    let record = program.vocabulary.records.get(usize::from(*record));
                    let label = record.map(|record| record.label.clone()).unwrap_or_default();
                    let (zh, en) = (label.zh, label.en.to_lowercase());
                    (Text::new(format!("没有符合条件的{zh}"), format!("no {en} that qualifies")), None)
                }
            };
            ReasonCount { key: fail_key(program, fail).to_owned(), label, cite, first: *first, alone: *alone }
        })
        .collect();
    // of equally many those stay in the order of the rule
    found.sort_by_key(|reason| std::cmp::Reverse(reason.first));
    found
}

fn missing(screening: &Screening<'_>, screened: &Screened<'_>, totals: &MeasureTotals, ty: Type) -> Vec<MissingCount> {
    let program = screening.program;
    let mut bound = Bound::nothing(program);
    bound.set_dates(screening.request.dates);
    let mut found: Vec<_> = screened
        .missing
        .iter()
        .zip(&totals.missing)
        .filter(|(_, total)| total.gates + total.amounts > 0)
        .map(|(read, total)| {
            let (fact, label) = named(program, &bound, *read);
            let stake = decimal(total.stake.clamp(0, UNBOUNDED), ty).unwrap_or_else(|| "0".to_owned());
            let (companies, amounts, without_end) = (total.gates, total.amounts, total.endless);
            (total.stake, MissingCount { fact, label, companies, amounts, stake, without_end })
        })
        .collect();
    found.sort_by_key(|(stake, missing)| std::cmp::Reverse((*stake, missing.without_end, missing.companies)));
    found.into_iter().map(|(_, missing)| missing).collect()
}

/// A fact's short name and what readers call it; of a field the record and the field.
fn named(program: &Program, bound: &Bound, read: Read) -> (String, Text) {
    let leaf = match read {
        Read::Slot(slot) => Leaf::Slot(slot),
        Read::Records(record) => Leaf::Records(record),
        Read::Field(record, field) => {
            let Some(definition) = program.vocabulary.records.get(usize::from(record)) else {
                return Default::default();
            };
            let Some(field) = definition.fields.get(usize::from(field)) else { return Default::default() };
            let (record, label) = (&definition.label, &field.label);
            let label = Text::new(format!("{}：{}", record.zh, label.zh), format!("{}: {}", record.en, label.en));
            return (field.name.clone(), label);
        }
    };
    (names::leaf(program, bound, leaf), names::label(program, bound, leaf))
}
