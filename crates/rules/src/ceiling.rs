//! The most that a version of a measure can give by its own text, whoever applies.

use crate::assess::most;
use crate::ast::AppliesTo;
use crate::bind::{Bound, Dates, Row};
use crate::eval::Eval;
use crate::ir::{Program, VersionIr};
use crate::value::{Range, UNBOUNDED, Val, WHOLE};
use crate::vocabulary::{FactDef, Type};

/// The most that a version can give, as far as its text sets an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// The type of the amount.
    pub ty: Type,
    /// To one applicant in all, scaled as [`crate::value`] says; `None` where the text sets no end.
    pub total: Option<i128>,
    /// For one record, where there is an award for each; `None` where the text sets no end, or where there is only one
    /// award.
    pub each: Option<i128>,
}

/// The most that a version of a measure can give, both by index. `None` if there is no such version, or if its text says
/// nothing of an amount.
#[must_use]
pub fn ceiling(program: &Program, measure: usize, version: usize) -> Option<Ceiling> {
    let ir = program.measures.get(measure)?;
    let version = ir.versions.get(version)?;
    version.amount?;
    let mut bound = Bound::nothing(program);
    // other measures count as they stand when this one begins
    let on = version.in_force.from().or(version.in_force.to()).unwrap_or(version.known_from);
    bound.dates = Dates { on, known_on: on.max(version.known_from) };
    bound.kind = Some(match ir.applies_to {
        AppliesTo::Organisation => domain::PartyKind::Organisation,
        AppliesTo::Person => domain::PartyKind::Person,
    });
    for (slot, value) in program.slots.iter().zip(&mut bound.slots) {
        if let Some(fact) = program.vocabulary.facts.get(slot.fact) {
            *value = widened(*value, fact);
        }
    }
    let total = end(total(program, &bound, version));
    let each = match (&version.each, total) {
        (Some(each), _) => {
            let record = usize::from(each.record);
            let definition = program.vocabulary.records.get(record)?;
            let fields = program.field_defaults.get(record)?.iter().zip(&definition.fields);
            let one = Row { id: String::new(), fields: fields.map(|(value, field)| widened(*value, field)).collect() };
            if let Some(rows) = bound.records.get_mut(record) {
                *rows = Some(vec![one]);
            }
            end(self::total(program, &bound, version))
        }
        (None, _) => None,
    };
    Some(Ceiling { ty: version.amount_type, total, each })
}

fn total(program: &Program, bound: &Bound, version: &VersionIr) -> i128 {
    most(&mut Eval::new(program, bound), version)
}

/// A share of something without an end has no end either.
fn end(value: i128) -> Option<i128> {
    Some(value).filter(|value| *value < UNBOUNDED / 1000)
}

/// What an unknown fact may be if the greatest value that the vocabulary expects is no end: it is there to bound what is
/// unknown, and no policy states it. Shares of a whole and dates keep theirs.
fn widened(value: Val, fact: &FactDef) -> Val {
    match (value, fact.ty) {
        (Val::Range(range), Type::Rate) if range.hi <= WHOLE => Val::Range(range),
        (Val::Range(range), Type::Date) => Val::Range(range),
        (Val::Range(range), _) => Val::Range(Range { lo: range.lo, hi: UNBOUNDED }),
        (value, _) => value,
    }
}
