//! Parties as frames.

use arrow::buffer::ScalarBuffer;
use domain::{FactKey, Party};
use rules::bind::{Binder, Bound, Dates};
use rules::formula::YearRef;
use rules::ir::{Program, Slot};
use rules::value::{FEN, Val};
use rules::vocabulary::Type;
use screen::frame::{Bits, ChildColumns, Values};
use screen::{Children, Column, FactColumn, Frame, Layout};

fn column_of(slot: &Slot, dates: Dates) -> FactColumn {
    let year = slot.year.map(|year| match year {
        YearRef::Relative(offset) => dates.on.year() + offset,
        YearRef::Fixed(year) => year,
    });
    FactColumn { fact: slot.fact, year }
}

/// Columns for everything that the program reads.
pub(crate) fn layout(program: &Program, dates: Dates) -> Layout {
    let mut facts: Vec<FactColumn> = program.slots.iter().map(|slot| column_of(slot, dates)).collect();
    facts.sort();
    facts.dedup();
    let children = (0_u16..)
        .zip(&program.vocabulary.records)
        .map(|(record, definition)| ChildColumns { record, fields: (0..definition.fields.len() as u16).collect() })
        .collect();
    Layout { facts, children }
}

/// What a party's file says, as far as there are columns for it.
pub(crate) fn within(mut party: Party, program: &Program, layout: &Layout, dates: Dates) -> Party {
    let _ = dates;
    let vocabulary = &program.vocabulary;
    let has = |key: &FactKey| {
        let fact = vocabulary.fact(&key.name);
        layout.facts.iter().any(|column| Some(column.fact) == fact && column.year == key.year)
    };
    party.facts.retain(|key, _| has(key));
    party.records.retain(|name, rows| {
        let Some(record) = vocabulary.record(name) else { return false };
        let Some(table) = layout.children.iter().find(|table| usize::from(table.record) == record) else {
            return false;
        };
        for row in rows.iter_mut() {
            row.facts.retain(|field, _| {
                let field = vocabulary.records[record].field(field);
                field.is_some_and(|field| table.fields.contains(&(field as u16)))
            });
            if !table.fields.contains(&0) {
                row.id = String::new();
            }
        }
        true
    });
    party
}

/// A frame whose rows are some of the parties.
pub(crate) fn frame(program: &Program, layout: &Layout, parties: &[Party], of: &[usize], dates: Dates) -> Frame {
    let binder = Binder::new(program);
    let bounds: Vec<Bound> = parties.iter().map(|party| binder.bind(party, dates)).collect();
    let mut texts: Vec<String> = Vec::new();
    let mut columns = Vec::new();
    for column in &layout.facts {
        let slot = program.slots.iter().position(|slot| column_of(slot, dates) == *column).unwrap();
        let ty = program.vocabulary.facts[column.fact].ty;
        let values: Vec<Option<i64>> = of
            .iter()
            .map(|party| number(program, &bounds[*party], bounds[*party].slots[slot], ty, &mut texts))
            .collect();
        columns.push(column_from(&values, ty));
    }
    let mut children = Vec::new();
    for table in &layout.children {
        let record = usize::from(table.record);
        let rows = |party: usize| bounds[party].records[record].as_deref();
        let known: Bits = of.iter().map(|party| rows(*party).is_some()).collect();
        let mut offsets = vec![0_u32];
        for party in of {
            offsets.push(offsets.last().unwrap() + rows(*party).map_or(0, <[_]>::len) as u32);
        }
        let fields = table.fields.iter().map(|field| {
            let ty = program.vocabulary.records[record].fields[usize::from(*field)].ty;
            let mut values = Vec::new();
            for party in of {
                for row in rows(*party).unwrap_or_default() {
                    values.push(number(program, &bounds[*party], row.fields[usize::from(*field)], ty, &mut texts));
                }
            }
            column_from(&values, ty)
        });
        children.push(Children { offsets, columns: fields.collect(), known: Some(known) });
    }
    Frame { len: of.len(), columns, children, texts }
}

fn number(program: &Program, bound: &Bound, value: Val, ty: Type, texts: &mut Vec<String>) -> Option<i64> {
    if !value.is_known() {
        return None;
    }
    let unit = match ty {
        Type::Money | Type::MoneyPer(_) => FEN,
        Type::Rate => 2,
        _ => 1,
    };
    match value {
        Val::Truth(truth) => Some(i64::from(truth == rules::value::Truth::True)),
        Val::Range(range) => Some(i64::try_from(range.lo / unit).unwrap()),
        Val::Symbol(symbol) if ty == Type::Text => {
            let text = bound.text(program, symbol?);
            if let Some(known) = program.texts.iter().position(|known| known == text) {
                return Some(known as i64);
            }
            let at = texts.iter().position(|known| known == text).unwrap_or_else(|| {
                texts.push(text.to_owned());
                texts.len() - 1
            });
            Some((program.texts.len() + at) as i64)
        }
        Val::Symbol(symbol) => symbol.map(i64::from),
        Val::Set { sure, .. } => Some(sure.cast_signed()),
    }
}

fn column_from(values: &[Option<i64>], ty: Type) -> Column {
    let known: Bits = values.iter().map(Option::is_some).collect();
    let numbers = values.iter().map(|value| value.unwrap_or(0));
    let values = match ty {
        Type::Bool => Values::Bits(numbers.map(|value| value != 0).collect()),
        Type::Date => Values::I32(numbers.map(|value| value as i32).collect::<ScalarBuffer<i32>>()),
        Type::Code(_) => Values::U8(numbers.map(|value| value as u8).collect()),
        Type::Codes(_) => Values::U64(numbers.map(i64::cast_unsigned).collect()),
        Type::Place => Values::U16(numbers.map(|value| value as u16).collect()),
        Type::Text => Values::U32(numbers.map(|value| value as u32).collect()),
        _ => Values::I64(numbers.collect()),
    };
    let full = known.count() == known.len();
    Column { values, known: (!full).then_some(known) }
}
