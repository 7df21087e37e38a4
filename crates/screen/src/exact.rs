//! A row by itself, assessed by the explaining evaluator: for measures that the machine lacks something for, and to hold
//! the two evaluators to one answer.

use domain::PartyKind;
use rules::assess::{Assessed, CondResult, assess};
use rules::ast::Outcome;
use rules::bind::{Bound, Row as Record};
use rules::eval::{Eval, Leaf};
use rules::formula::YearRef;
use rules::ir::{CondIr, CondShape, Read};
use rules::value::{FEN, Range, Truth, Val};
use rules::vocabulary::Type;

use crate::frame::{Column, Frame};
use crate::machine::Row;
use crate::plan::Plan;

/// The facts of a row, laid out for the explaining evaluator.
#[must_use]
pub fn bound(plan: &Plan<'_>, frame: &Frame, row: usize) -> Bound {
    let program = plan.program;
    let mut bound = Bound::nothing(program);
    bound.set_dates(plan.dates);
    bound.kind = Some(PartyKind::Organisation);
    bound.texts.clone_from(&frame.texts);
    for (slot, value) in program.slots.iter().zip(&mut bound.slots) {
        let year = slot.year.map(|year| match year {
            YearRef::Relative(offset) => plan.dates.on.year() + offset,
            YearRef::Fixed(year) => year,
        });
        let column = plan.layout.facts.iter().position(|column| column.fact == slot.fact && column.year == year);
        let column = column.and_then(|at| frame.columns.get(at));
        if let (Some(column), Some(fact)) = (column, program.vocabulary.facts.get(slot.fact)) {
            set(value, column, row, fact.ty);
        }
    }
    for (table, children) in plan.layout.children.iter().zip(&frame.children) {
        let record = usize::from(table.record);
        let (Some(defaults), Some(definition), Some(place)) =
            (program.field_defaults.get(record), program.vocabulary.records.get(record), bound.records.get_mut(record))
        else {
            continue;
        };
        if children.known.as_ref().is_some_and(|known| !known.get(row)) {
            continue;
        }
        let offset = |row: usize| children.offsets.get(row).map_or(0, |at| *at as usize);
        let records = (offset(row)..offset(row + 1)).map(|at| {
            let mut fields = defaults.clone();
            for (field, column) in table.fields.iter().zip(&children.columns) {
                let field = usize::from(*field);
                if let (Some(value), Some(definition)) = (fields.get_mut(field), definition.fields.get(field)) {
                    set(value, column, at, definition.ty);
                }
            }
            Record { id: String::new(), fields }
        });
        *place = Some(records.collect());
    }
    bound
}

fn set(value: &mut Val, column: &Column, row: usize, ty: Type) {
    let Some(number) = column.get(row) else { return };
    let range = |unit: i128| Val::Range(Range::point(i128::from(number) * unit));
    *value = match ty {
        Type::Bool => Val::Truth(Truth::from(number != 0)),
        Type::Money | Type::MoneyPer(_) => range(FEN),
        Type::Rate => range(2),
        Type::Count | Type::Quantity(_) | Type::Date | Type::Months | Type::Days => range(1),
        Type::Code(_) | Type::Place | Type::Text => Val::Symbol(u32::try_from(number).ok()),
        Type::Codes(_) => Val::Set { sure: number.cast_unsigned(), maybe: number.cast_unsigned() },
    };
}

/// Assesses one measure for some rows of a frame, one by one.
pub(crate) fn rows(plan: &Plan<'_>, index: usize, frame: &Frame, first: usize, len: usize) -> Vec<Row> {
    let Some(screened) = plan.measures.get(index) else { return Vec::new() };
    let row = |row: usize| {
        let bound = bound(plan, frame, row);
        let mut eval = Eval::new(plan.program, &bound);
        let assessed = assess(&mut eval, screened.measure);
        let missing = screened.missing.iter().map(|read| missing(&assessed, *read)).collect();
        let fail = first_fail(plan, &assessed);
        Row { outcome: assessed.outcome, amount: assessed.amount, potential: assessed.potential, fail, missing }
    };
    (first..first + len).map(row).collect()
}

/// What a row fails by first, as its place in [`crate::plan::Screened::fails`].
fn first_fail(plan: &Plan<'_>, assessed: &Assessed) -> Option<u16> {
    let ir = plan.program.measures.get(assessed.measure as usize)?;
    let version = assessed.chosen.version.and_then(|version| ir.versions.get(version))?;
    if assessed.outcome != Outcome::NotEligible || assessed.chosen.reason.is_some() {
        return None;
    }
    let mut before = 0;
    if let Some(at) = failing(&version.eligible, &assessed.conditions, &mut before) {
        return u16::try_from(at).ok();
    }
    let party = before;
    let conditions = version.each.as_ref().map_or(&[][..], |each| &each.conditions);
    let mut records = 0;
    conditions.iter().for_each(|cond| count(cond, &mut records));
    for item in &assessed.items {
        let mut before = party;
        if let Some(at) = failing(conditions, &item.conditions, &mut before) {
            return u16::try_from(at).ok();
        }
        if item.truth == Truth::False && version.refuse_below.is_some() {
            return u16::try_from(party + records).ok();
        }
    }
    version.each.as_ref().and_then(|_| u16::try_from(party + records + 1).ok())
}

/// The place of the first condition that fails, counted from `before`, which is moved on past all of them.
fn failing(conditions: &[CondIr], results: &[CondResult], before: &mut usize) -> Option<usize> {
    let mut found = None;
    for (cond, result) in conditions.iter().zip(results) {
        if cond.shape == CondShape::All {
            let inner = failing(&cond.children, &result.children, before);
            found = found.or(inner);
        } else {
            if result.truth == Truth::False && found.is_none() {
                found = Some(*before);
            }
            *before += 1;
        }
    }
    found
}

fn count(cond: &CondIr, records: &mut usize) {
    if cond.shape == CondShape::All {
        cond.children.iter().for_each(|cond| count(cond, records));
    } else {
        *records += 1;
    }
}

fn missing(assessed: &Assessed, read: Read) -> (bool, bool) {
    let found = assessed.missing.iter().filter(|missing| match (missing.leaf, read) {
        (Leaf::Slot(slot), Read::Slot(of)) => slot == of,
        (Leaf::Field { record, field, .. }, Read::Field(r, f)) => record == r && field == f,
        (Leaf::Records(record), Read::Records(of)) => record == of,
        _ => false,
    });
    found.fold((false, false), |(gates, amounts), missing| (gates || missing.gates, amounts || !missing.gates))
}
