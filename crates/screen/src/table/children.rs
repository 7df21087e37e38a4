//! Records below the rows of a registry, joined by the parent's id.
//!
//! The tables of records are read whole when the registry is opened and sorted by parent, so that they need not be in
//! the order of the parents. They stay in memory: the columns that are asked for, and each parent's id once.

#[expect(clippy::disallowed_types, reason = "the index of parents, below")]
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array, new_empty_array};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{concat, filter, take};
use arrow::datatypes::UInt32Type;
use rules::diag::Text;
use serde::Serialize;

use super::decode::{MAX_TOLD, form};
use super::field::Reason;
use super::file::broken;
use super::frames::{Known, Symbols, column};
use super::mapping::Mapping;
use super::rows::Table;
use crate::frame::{Bits, Children};
use crate::source::{ReadError, Rejected};

#[expect(clippy::disallowed_types, reason = "its hasher is fixed, and it is only looked up")]
type Parents = HashMap<Box<str>, u32, BuildHasherDefault<DefaultHasher>>;

/// Examples that are kept.
const EXAMPLES: usize = 10;

/// Records whose parent is in none of the parts that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Orphans {
    /// The record's name.
    pub record: String,
    /// How many ids of parents were not found.
    pub parents: u64,
    /// How many records belong to them.
    pub records: u64,
    /// The first of the ids.
    pub examples: Vec<String>,
}

/// The records of one kind.
#[derive(Debug)]
pub(crate) struct ChildTable {
    pub(crate) name: String,
    /// Group 0 is that of no parent; the others are numbered as they come.
    parents: Parents,
    starts: Vec<u32>,
    columns: Vec<ArrayRef>,
    /// Whether a record of the group could not be read, so that its records are not known.
    broken: Vec<bool>,
    seen: Vec<AtomicBool>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) left_out: u64,
}

impl ChildTable {
    pub(crate) fn load(name: &str, table: &Table, mapping: &Mapping) -> Result<Self, ReadError> {
        let mut parents = Parents::default();
        let mut groups: Vec<u32> = Vec::new();
        let mut broken_groups: Vec<u32> = Vec::new();
        let mut pieces: Vec<Vec<ArrayRef>> = table.fields.iter().map(|_| Vec::new()).collect();
        let (mut rejected, mut left_out) = (Vec::new(), 0);
        let mut fault = None;
        for part in 0..table.parts.len() {
            let Some(file) = table.file(part) else { continue };
            table.read(part, mapping, &mut |mut block| {
                let keys = block.key.take();
                let keys = keys.as_ref().map(|keys| keys.as_string::<i32>());
                for row in 0..block.len {
                    let Some(id) = keys.and_then(|keys| keys.is_valid(row).then(|| keys.value(row))) else {
                        block.sink.reject(
                            row,
                            table.key.as_ref().map_or("", |key| &key.column),
                            Reason::Parent,
                            |_| Text::new("没有所属主体的编号", "the id of its parent is missing"),
                        );
                        continue;
                    };
                    let next = u32::try_from(parents.len() + 1).unwrap_or(u32::MAX);
                    let group = match parents.entry(id.into()) {
                        Slot::Occupied(slot) => *slot.get(),
                        Slot::Vacant(slot) => *slot.insert(next),
                    };
                    if block.sink.is_out(row) {
                        broken_groups.push(group);
                    } else {
                        groups.push(group);
                    }
                }
                let kept = block.sink.kept(block.len);
                for (pieces, column) in pieces.iter_mut().zip(&block.columns) {
                    match kept.as_ref().map_or_else(|| Ok(column.clone()), |kept| filter(column, kept)) {
                        Ok(column) => pieces.push(column),
                        Err(error) => fault = Some(broken(&error)),
                    }
                }
                left_out += block.sink.tally.values().sum::<u64>();
                let room = MAX_TOLD.saturating_sub(rejected.len());
                rejected.extend(block.rejected(&file.name).into_iter().take(room));
                if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        }
        let fail = |why| ReadError { file: table.files.first().map(|file| file.name.clone()).unwrap_or_default(), why };
        if let Some(why) = fault {
            return Err(fail(why));
        }
        if u32::try_from(groups.len()).is_err() {
            return Err(fail(Text::new("记录过多：最多约 42 亿条", "too many records: at most 2^32")));
        }
        let (starts, order) = sorted(&groups, parents.len());
        let columns = pieces.iter().zip(&table.fields).map(|(pieces, field)| {
            let pieces: Vec<&dyn Array> = pieces.iter().map(|piece| piece.as_ref()).collect();
            let whole = if pieces.is_empty() { Ok(new_empty_array(&form(field.ty))) } else { concat(&pieces) };
            whole.and_then(|whole| take(&whole, &order, None)).map_err(|error| fail(broken(&error)))
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut broken = vec![false; parents.len() + 1];
        broken_groups.iter().for_each(|group| broken[*group as usize] = true);
        let seen = (0..=parents.len()).map(|_| AtomicBool::new(false)).collect();
        Ok(Self { name: name.to_owned(), parents, starts, columns, broken, seen, rejected, left_out })
    }

    /// The groups of rows with these ids. A row without an id has none, and its records are not known; the same holds of
    /// rows that `told` says so of.
    pub(crate) fn groups(&self, ids: &ArrayRef, told: Option<&BooleanBuffer>) -> ArrayRef {
        let group = |id: &str| {
            let group = self.parents.get(id).copied().unwrap_or(0);
            if let Some(seen) = self.seen.get(group as usize) {
                seen.store(true, Ordering::Relaxed);
            }
            group
        };
        let groups = ids.as_string::<i32>().iter().map(|id| id.map(group));
        let groups: UInt32Array = match told {
            None => groups.collect(),
            Some(told) => groups.zip(told).map(|(group, told)| group.filter(|_| told)).collect(),
        };
        std::sync::Arc::new(groups)
    }

    /// The records of rows, by their groups.
    pub(crate) fn of(
        &self,
        groups: &ArrayRef,
        symbols: &mut Symbols,
        known: &Known,
    ) -> Result<Children, arrow::error::ArrowError> {
        let groups = groups.as_primitive::<UInt32Type>();
        let mut offsets = Vec::with_capacity(groups.len() + 1);
        let mut picked: Vec<u32> = Vec::new();
        let mut all = true;
        let mut told = Vec::with_capacity(groups.len());
        offsets.push(0);
        for group in groups {
            let sound = group.is_some_and(|group| !self.broken.get(group as usize).copied().unwrap_or(false));
            if let Some(group) = group.filter(|group| sound && *group > 0) {
                let at = |index: u32| self.starts.get(index as usize).copied().unwrap_or(0);
                picked.extend(at(group)..at(group + 1));
            }
            all &= sound;
            told.push(sound);
            offsets.push(u32::try_from(picked.len()).unwrap_or(u32::MAX));
        }
        let picked = UInt32Array::from(picked);
        let columns = self.columns.iter().map(|array| Ok(column(&take(array, &picked, None)?, symbols, known)));
        Ok(Children {
            offsets,
            known: (!all).then(|| told.into_iter().collect::<Bits>()),
            columns: columns.collect::<Result<_, arrow::error::ArrowError>>()?,
        })
    }

    pub(crate) fn orphans(&self) -> Orphans {
        let mut lost: Vec<(u32, &str)> = (self.parents.iter())
            .filter(|(_, group)| self.seen.get(**group as usize).is_some_and(|seen| !seen.load(Ordering::Relaxed)))
            .map(|(id, group)| (*group, id.as_ref()))
            .collect();
        lost.sort_unstable();
        let size = |group: u32| {
            let at = |index: u32| self.starts.get(index as usize).copied().unwrap_or(0);
            u64::from(at(group + 1) - at(group))
        };
        Orphans {
            record: self.name.clone(),
            parents: lost.len() as u64,
            records: lost.iter().map(|(group, _)| size(*group)).sum(),
            examples: lost.iter().take(EXAMPLES).map(|(_, id)| (*id).to_owned()).collect(),
        }
    }
}

/// Where each group begins once the rows are sorted by group, and that order. Rows of a group keep theirs.
fn sorted(groups: &[u32], parents: usize) -> (Vec<u32>, UInt32Array) {
    let mut starts = vec![0_u32; parents + 2];
    for group in groups {
        starts[*group as usize + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    let mut next = starts.clone();
    let mut order = vec![0_u32; groups.len()];
    for (group, row) in groups.iter().zip(0_u32..) {
        let place = &mut next[*group as usize];
        order[*place as usize] = row;
        *place += 1;
    }
    (starts, order.into())
}
