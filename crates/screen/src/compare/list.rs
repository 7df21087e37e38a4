//! The companies whose answers change, one row for each company and measure.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use rules::Lang;
use rules::ast::Outcome;
use rules::value::{FEN, UNBOUNDED};
use rules::vocabulary::Type;

use super::change::{Answer, Verdict};
use super::{Inner, Pair};
use crate::output::{Table, TableWriter, WriteError};

/// A company and a measure whose answer changes.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) id: Option<Arc<str>>,
    /// The measure, by its place among the pairs.
    pub(super) pair: usize,
    pub(super) from: Answer,
    pub(super) to: Answer,
    pub(super) verdict: Verdict,
    /// What it fails by on the side on which it is not eligible.
    pub(super) failed: Option<usize>,
}

/// Where the list goes.
pub(super) struct List {
    writer: TableWriter,
    schema: Arc<Schema>,
    lang: Lang,
}

/// Digits behind the point of an amount.
const SCALE: i8 = 2;

/// Digits of an amount.
const PRECISION: u8 = 38;

impl List {
    pub(super) fn create(path: &Path, notes: &[(String, String)], lang: Lang) -> Result<Self, WriteError> {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let amount = |name: &str| Field::new(name, DataType::Decimal128(PRECISION, SCALE), true);
        let schema = Arc::new(Schema::new(vec![
            text("id"),
            text("measure"),
            text("change"),
            text("outcome_before"),
            text("outcome_after"),
            amount("low_before"),
            amount("high_before"),
            amount("low_after"),
            amount("high_after"),
            text("unit"),
            text("why"),
        ]));
        let table = Table { notes: notes.to_vec(), mark: true, ..Table::new(schema.clone()) };
        Ok(Self { writer: TableWriter::create(path, &table)?, schema, lang })
    }

    pub(super) fn take(&mut self, inner: &Inner<'_>, listed: &[Listed], path: &Path) -> Result<(), WriteError> {
        if listed.is_empty() {
            return Ok(());
        }
        let mut texts: [StringBuilder; 7] = std::array::from_fn(|_| StringBuilder::new());
        let mut amounts: Vec<Decimal128Builder> = (0..4).map(|_| Decimal128Builder::new()).collect();
        let pairs = inner.drafts.first().map(|draft| draft.pairs.as_slice()).unwrap_or_default();
        for row in listed {
            let Some(pair) = pairs.get(row.pair) else { continue };
            let (ty_before, ty_after) = (pair.types.0.or(pair.types.1), pair.types.1.or(pair.types.0));
            let [id, measure, change, before, after, unit_of, why] = &mut texts;
            id.append_option(row.id.as_deref());
            measure.append_value(&pair.measure);
            change.append_value(row.verdict.code());
            before.append_value(code(row.from.outcome));
            after.append_value(code(row.to.outcome));
            unit_of.append_option(ty_after.map(unit));
            why.append_option(inner.why(pair, row, self.lang));
            let (from, to) = (row.from.amount, row.to.amount);
            let cells = [(from.lo, ty_before), (from.hi, ty_before), (to.lo, ty_after), (to.hi, ty_after)];
            for (column, (value, ty)) in amounts.iter_mut().zip(cells) {
                column.append_option(ty.and_then(|ty| hundredths(value, ty)));
            }
        }
        let bad = |error: arrow::error::ArrowError| WriteError::content(path, &error.to_string());
        let [id, measure, change, before, after, unit, why] = texts.map(|mut text| Arc::new(text.finish()) as ArrayRef);
        let mut columns = vec![id, measure, change, before, after];
        for mut column in amounts {
            let column = column.finish().with_precision_and_scale(PRECISION, SCALE).map_err(bad)?;
            columns.push(Arc::new(column));
        }
        columns.extend([unit, why]);
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(bad)?;
        self.writer.write(&batch)
    }

    pub(super) fn finish(self) -> Result<u64, WriteError> {
        self.writer.finish()
    }
}

/// The name of an outcome in files.
fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Eligible => "eligible",
        Outcome::NotEligible => "not_eligible",
        Outcome::Undetermined => "undetermined",
        Outcome::NeedsPerson => "needs_person",
    }
}

fn unit(ty: Type) -> &'static str {
    match ty {
        Type::Money | Type::MoneyPer(_) => "CNY",
        Type::Months => "months",
        Type::Days => "days",
        Type::Quantity(unit) => unit.code(),
        Type::Rate => "percent",
        _ => "count",
    }
}

/// An amount in hundredths of its unit; `None` if it has no end.
fn hundredths(value: i128, ty: Type) -> Option<i128> {
    if value.abs() >= UNBOUNDED / 1000 {
        return None;
    }
    Some(match ty {
        Type::Money | Type::MoneyPer(_) => value.div_euclid(FEN),
        // two for a millionth: of a percent a hundredth is 200
        Type::Rate => value.div_euclid(200),
        Type::Quantity(_) => value.div_euclid(10),
        _ => value.saturating_mul(100),
    })
}

impl Inner<'_> {
    /// Why a company is not eligible on the side on which it is not.
    fn why(&self, pair: &Pair, row: &Listed, lang: Lang) -> Option<String> {
        let fail = row.failed?;
        let draft = self.drafts.first()?;
        let (plan, measure) = if row.to.outcome == Outcome::NotEligible {
            (draft.plan, draft.plan.measures.get(pair.draft?)?)
        } else {
            (self.base, self.base.measures.get(pair.base?)?)
        };
        let label = super::fail_label(plan, measure.fails.get(fail)?);
        Some(label.get(lang).to_owned())
    }
}
