//! What a registry holds, before anything is computed over it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt64Type};
use domain::PlaceTree;
use rules::Lang;
use rules::diag::Text;
use rules::vocabulary::{Type, Vocabulary};
use serde::Serialize;

use super::children::Orphans;
use super::decode::Sink;
use super::field::{Field, Reason, written};
use super::registry::Registry;
use super::rows::Table;
use crate::source::{ReadError, Source};

/// Examples that are kept of each fault.
const EXAMPLES: usize = 5;

/// What a registry holds.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Rows that were read, with those that are left out.
    pub rows: u64,
    /// Rows that are left out.
    pub rejected: u64,
    /// The facts, in the order of the layout.
    pub facts: Vec<FactProfile>,
    /// Why rows are left out, by column and reason. Each row counts once.
    pub faults: Vec<ColumnFault>,
    /// Ids that more than one row has; `None` if the mapping names no id.
    pub duplicates: Option<Duplicates>,
    /// Records whose parent is missing.
    pub orphans: Vec<Orphans>,
    /// Records that cannot be read.
    pub rejected_records: u64,
}

/// What a column holds in the rows that are not left out.
#[derive(Clone, Debug, Serialize)]
pub struct FactProfile {
    /// The fact's name.
    pub fact: String,
    /// The year, if it is kept by year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The column.
    pub column: String,
    /// Rows in which it is known.
    pub known: u64,
    /// Rows in which it is not.
    pub unknown: u64,
    /// The least value, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<Text>,
    /// The greatest value, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greatest: Option<Text>,
    /// For codes, places and truth values: how many rows have each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, u64>,
}

/// Rows that are left out for the same reason.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnFault {
    /// The column; empty for the row as a whole.
    pub column: String,
    /// The reason.
    pub reason: Reason,
    /// How many rows.
    pub count: u64,
    /// The first of them: file, row and what is wrong.
    pub examples: Vec<(String, u64, Text)>,
}

/// Ids that more than one row has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// How many ids.
    pub ids: u64,
    /// How many rows have an id that an earlier row has.
    pub rows: u64,
    /// Rows without an id.
    pub missing: u64,
    /// Some of the ids.
    pub examples: Vec<String>,
}

/// What is counted of one column.
#[derive(Default)]
struct Tally {
    known: u64,
    range: Option<(i64, i64)>,
    codes: BTreeMap<i64, u64>,
}

impl Tally {
    fn add(&mut self, ty: Type, value: Option<i64>) {
        let Some(value) = value else { return };
        self.known += 1;
        match ty {
            Type::Bool | Type::Code(_) | Type::Place => *self.codes.entry(value).or_default() += 1,
            Type::Codes(_) => {
                let mut bits = value.cast_unsigned();
                while bits != 0 {
                    *self.codes.entry(i64::from(bits.trailing_zeros())).or_default() += 1;
                    bits &= bits - 1;
                }
            }
            Type::Text => {}
            _ => {
                let (least, greatest) = self.range.unwrap_or((value, value));
                self.range = Some((least.min(value), greatest.max(value)));
            }
        }
    }

    fn column(&mut self, ty: Type, array: &ArrayRef, sink: &Sink) {
        let mut each = |value: &dyn Fn(usize) -> i64| {
            for row in (0..array.len()).filter(|row| !sink.is_out(*row)) {
                self.add(ty, array.is_valid(row).then(|| value(row)));
            }
        };
        match array.data_type() {
            DataType::Boolean => each(&|row| i64::from(array.as_boolean().value(row))),
            DataType::Int32 => each(&|row| i64::from(array.as_primitive::<Int32Type>().value(row))),
            DataType::UInt8 => each(&|row| i64::from(array.as_primitive::<UInt8Type>().value(row))),
            DataType::UInt16 => each(&|row| i64::from(array.as_primitive::<UInt16Type>().value(row))),
            DataType::UInt64 => each(&|row| array.as_primitive::<UInt64Type>().value(row).cast_signed()),
            DataType::Int64 => each(&|row| array.as_primitive::<Int64Type>().value(row)),
            _ => each(&|_| 0),
        }
    }
}

/// Reads everything and tells what is there. Memory: 16 bytes for each row with an id, and the tables of records.
///
/// # Errors
/// The first part that cannot be read.
pub fn check(registry: &Registry, vocabulary: &Vocabulary) -> Result<Profile, ReadError> {
    let table = &registry.table;
    let mut tallies: Vec<Tally> = table.fields.iter().map(|_| Tally::default()).collect();
    let mut faults: BTreeMap<(String, Reason), ColumnFault> = BTreeMap::new();
    let mut ids = Ids::default();
    let mut rows = 0;
    for part in 0..table.parts.len() {
        let file = table.file(part).map(|file| file.name.clone()).unwrap_or_default();
        table.read(part, &registry.mapping, &mut |mut block| {
            rows += block.len as u64;
            if let Some(key) = &block.key {
                ids.add(key);
                registry.children.iter().for_each(|child| drop(child.groups(key)));
            }
            for ((field, tally), array) in table.fields.iter().zip(&mut tallies).zip(&block.columns) {
                tally.column(field.ty, array, &block.sink);
            }
            for ((column, reason), count) in std::mem::take(&mut block.sink.tally) {
                let new = ColumnFault { column: column.clone(), reason, count: 0, examples: Vec::new() };
                faults.entry((column, reason)).or_insert(new).count += count;
            }
            let reasons: Vec<Reason> = block.sink.told.iter().map(|(_, _, reason, _)| *reason).collect();
            for (rejected, reason) in block.rejected(&file).into_iter().zip(reasons) {
                if let Some(fault) = faults.get_mut(&(rejected.column, reason))
                    && fault.examples.len() < EXAMPLES
                {
                    fault.examples.push((rejected.file.to_string(), rejected.row, rejected.why));
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    let rejected = faults.values().map(|fault| fault.count).sum();
    let facts = registry.layout().facts.iter().zip(&table.fields).zip(tallies).map(|((at, field), tally)| {
        let end = |value: i64| Text::new(written(value, field.ty, Lang::Zh), written(value, field.ty, Lang::En));
        FactProfile {
            fact: vocabulary.facts.get(at.fact).map(|fact| fact.name.clone()).unwrap_or_default(),
            year: at.year,
            column: field.column.clone(),
            known: tally.known,
            unknown: rows - rejected - tally.known,
            least: tally.range.map(|(least, _)| end(least)),
            greatest: tally.range.map(|(_, greatest)| end(greatest)),
            codes: tally.codes.iter().map(|(code, count)| (code_name(*code, field, vocabulary), *count)).collect(),
        }
    });
    Ok(Profile {
        rows,
        rejected,
        facts: facts.collect(),
        faults: faults.into_values().collect(),
        duplicates: table.key.as_ref().map(|key| ids.duplicates(registry, key)).transpose()?,
        orphans: registry.orphans(),
        rejected_records: registry.rejected_records().0,
    })
}

fn code_name(code: i64, field: &Field, vocabulary: &Vocabulary) -> String {
    match field.ty {
        Type::Bool => if code == 1 { "yes" } else { "no" }.to_owned(),
        Type::Place => {
            let tree = PlaceTree::china();
            u16::try_from(code)
                .ok()
                .and_then(|code| tree.at(code))
                .map(|place| tree.id(place))
                .unwrap_or_default()
                .to_owned()
        }
        Type::Code(list) | Type::Codes(list) => {
            let list = vocabulary.codes.get(usize::from(list));
            let code = usize::try_from(code).unwrap_or(usize::MAX);
            list.and_then(|list| list.values.get(code)).map(|(code, _)| code.clone()).unwrap_or_default()
        }
        _ => code.to_string(),
    }
}

/// The ids of all rows, as 128 bits of hash each: two ids of the same hash are as good as impossible.
#[derive(Default)]
struct Ids {
    hashes: Vec<u128>,
    missing: u64,
}

impl Ids {
    fn add(&mut self, key: &ArrayRef) {
        for id in key.as_string::<i32>() {
            match id {
                Some(id) => self.hashes.push(hash(id)),
                None => self.missing += 1,
            }
        }
    }

    fn duplicates(mut self, registry: &Registry, key: &Field) -> Result<Duplicates, ReadError> {
        self.hashes.sort_unstable();
        let mut found = Duplicates { missing: self.missing, ..Duplicates::default() };
        let mut twice = Vec::new();
        for same in self.hashes.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            found.ids += 1;
            found.rows += same.len() as u64 - 1;
            if twice.len() < EXAMPLES {
                twice.extend(same.first().copied());
            }
        }
        if twice.is_empty() {
            return Ok(found);
        }
        // only now are their texts wanted: the ids are read once more until they are found
        let table = &registry.table;
        let table = Table {
            files: table.files.clone(),
            fields: Vec::new(),
            key: Some(key.clone()),
            parts: table.parts.clone(),
        };
        for part in 0..table.parts.len() {
            table.read(part, &registry.mapping, &mut |block| {
                for id in block.key.iter().flat_map(|key| key.as_string::<i32>()).flatten() {
                    let hash = hash(id);
                    if let Some(at) = twice.iter().position(|twice| *twice == hash) {
                        twice.swap_remove(at);
                        found.examples.push(id.to_owned());
                    }
                }
                if twice.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if twice.is_empty() {
                break;
            }
        }
        Ok(found)
    }
}

fn hash(id: &str) -> u128 {
    let half = |first: u8| {
        let mut hasher = DefaultHasher::new();
        (first, id).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
