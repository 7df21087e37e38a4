//! What a registry holds, before anything is computed over it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

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
use super::ids::{Duplicates, Ids};
use super::registry::Registry;
use crate::source::{ReadError, Rejected, Source};

/// Examples that are kept of each fault.
pub(super) const EXAMPLES: usize = 5;

/// How often whoever waits is told how far it is.
const TICK: Duration = Duration::from_millis(100);

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
    /// The first of them.
    pub record_examples: Vec<Example>,
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
    /// The first of them.
    pub examples: Vec<Example>,
}

/// A row that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The file.
    pub file: String,
    /// The row in the file, from 1; the line, for text files.
    pub row: u64,
    /// What is wrong and what would be right.
    pub why: Text,
}

impl From<&Rejected> for Example {
    fn from(rejected: &Rejected) -> Self {
        Self { file: rejected.file.to_string(), row: rejected.row, why: rejected.why.clone() }
    }
}

/// Why there is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckError {
    /// Whoever waited has stopped it.
    Stopped,
    /// The first part that cannot be read.
    Read(ReadError),
}

impl From<ReadError> for CheckError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// What is counted of one column.
#[derive(Clone, Default)]
struct Tally {
    known: u64,
    range: Option<(i64, i64)>,
    codes: Vec<u64>,
}

impl Tally {
    fn code(&mut self, code: usize) {
        if self.codes.len() <= code {
            self.codes.resize(code + 1, 0);
        }
        if let Some(count) = self.codes.get_mut(code) {
            *count += 1;
        }
    }

    fn add(&mut self, ty: Type, value: i64) {
        self.known += 1;
        match ty {
            Type::Bool | Type::Code(_) | Type::Place => self.code(usize::from(u16::try_from(value).unwrap_or(0))),
            Type::Codes(_) => {
                let mut bits = value.cast_unsigned();
                while bits != 0 {
                    self.code(bits.trailing_zeros() as usize);
                    bits &= bits - 1;
                }
            }
            Type::Text => {}
            _ => self.reach((value, value)),
        }
    }

    fn reach(&mut self, (from, to): (i64, i64)) {
        let (least, greatest) = self.range.unwrap_or((from, to));
        self.range = Some((least.min(from), greatest.max(to)));
    }

    fn column(&mut self, ty: Type, array: &ArrayRef, sink: &Sink) {
        let whole = sink.tally.is_empty();
        let mut each = |value: &dyn Fn(usize) -> i64| {
            for row in (0..array.len()).filter(|row| array.is_valid(*row) && (whole || !sink.is_out(*row))) {
                self.add(ty, value(row));
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

    fn merge(&mut self, other: Self) {
        self.known += other.known;
        if let Some(range) = other.range {
            self.reach(range);
        }
        self.codes.resize(self.codes.len().max(other.codes.len()), 0);
        self.codes.iter_mut().zip(other.codes).for_each(|(count, more)| *count += more);
    }
}

/// What is counted of one part, and of all.
#[derive(Default)]
struct Counted {
    rows: u64,
    tallies: Vec<Tally>,
    faults: BTreeMap<(String, Reason), ColumnFault>,
    ids: Ids,
}

impl Counted {
    fn new(columns: usize) -> Self {
        Self { tallies: vec![Tally::default(); columns], ..Self::default() }
    }

    fn part(registry: &Registry, part: usize, done: &AtomicU64, stop: &AtomicBool) -> Result<Self, ReadError> {
        let table = &registry.table;
        let file = table.file(part).map(|file| file.name.clone()).unwrap_or_default();
        let mut counted = Self::new(table.fields.len());
        table.read(part, &registry.mapping, &mut |mut block| {
            counted.rows += block.len as u64;
            done.fetch_add(block.len as u64, Ordering::Relaxed);
            if let Some(key) = &block.key {
                counted.ids.add(key);
                registry.children.iter().for_each(|child| drop(child.groups(key, None)));
            }
            for ((field, tally), array) in table.fields.iter().zip(&mut counted.tallies).zip(&block.columns) {
                tally.column(field.ty, array, &block.sink);
            }
            for (key, count) in std::mem::take(&mut block.sink.tally) {
                counted.fault(key).count += count;
            }
            let reasons: Vec<Reason> = block.sink.told.iter().map(|(_, _, reason, _)| *reason).collect();
            for (rejected, reason) in block.rejected(&file).iter().zip(reasons) {
                let fault = counted.fault((rejected.column.clone(), reason));
                if fault.examples.len() < EXAMPLES {
                    fault.examples.push(rejected.into());
                }
            }
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(counted)
    }

    fn fault(&mut self, key: (String, Reason)) -> &mut ColumnFault {
        let (column, reason) = key.clone();
        self.faults.entry(key).or_insert_with(|| ColumnFault { column, reason, count: 0, examples: Vec::new() })
    }

    /// Adds the next part.
    fn merge(&mut self, next: Self) {
        self.rows += next.rows;
        self.tallies.iter_mut().zip(next.tallies).for_each(|(tally, next)| tally.merge(next));
        for (key, next) in next.faults {
            let fault = self.fault(key);
            fault.count += next.count;
            let room = EXAMPLES.saturating_sub(fault.examples.len());
            fault.examples.extend(next.examples.into_iter().take(room));
        }
        self.ids.merge(next.ids);
    }
}

/// Reads everything with some threads and tells what is there; it is the same for any number of them. Whoever waits is
/// told every now and then how many rows have been read, and says whether to go on. Memory: 16 bytes for each row with
/// an id, and the tables of records.
///
/// # Errors
/// [`CheckError`].
pub fn check(
    registry: &Registry,
    vocabulary: &Vocabulary,
    threads: usize,
    mut go_on: impl FnMut(u64) -> bool,
) -> Result<Profile, CheckError> {
    let table = &registry.table;
    let parts = table.parts.len();
    let (next, done, stop) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let mut all = Counted::new(table.fields.len());
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(threads);
        for _ in 0..threads.clamp(1, parts.max(1)) {
            let (send, next, done, stop) = (send.clone(), &next, &done, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    let sent = part < parts && send.send((part, Counted::part(registry, part, done, stop))).is_ok();
                    if !sent {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut collect = || {
            let mut early = BTreeMap::new();
            let mut wanted = 0;
            while wanted < parts {
                if !go_on(done.load(Ordering::Relaxed)) {
                    return Err(CheckError::Stopped);
                }
                match receive.recv_timeout(TICK) {
                    Ok((part, counted)) => drop(early.insert(part, counted)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return Err(CheckError::Stopped),
                }
                // parts are added in their order, so that the first examples are the first
                while let Some(counted) = early.remove(&wanted) {
                    all.merge(counted?);
                    wanted += 1;
                }
            }
            Ok(())
        };
        let collected = collect();
        stop.store(true, Ordering::Relaxed);
        // whoever waits to send goes on
        drop(receive);
        collected
    })?;
    let rejected = all.faults.values().map(|fault| fault.count).sum();
    let facts = registry.layout().facts.iter().zip(&table.fields).zip(all.tallies).map(|((at, field), tally)| {
        let end = |value: i64| Text::new(written(value, field.ty, Lang::Zh), written(value, field.ty, Lang::En));
        let codes = tally.codes.iter().zip(0_i64..).filter(|(count, _)| **count > 0);
        FactProfile {
            fact: vocabulary.facts.get(at.fact).map(|fact| fact.name.clone()).unwrap_or_default(),
            year: at.year,
            column: field.column.clone(),
            known: tally.known,
            unknown: all.rows - rejected - tally.known,
            least: tally.range.map(|(least, _)| end(least)),
            greatest: tally.range.map(|(_, greatest)| end(greatest)),
            codes: codes.map(|(count, code)| (code_name(code, field, vocabulary), *count)).collect(),
        }
    });
    let (rejected_records, told) = registry.rejected_records();
    Ok(Profile {
        rows: all.rows,
        rejected,
        facts: facts.collect(),
        faults: all.faults.into_values().collect(),
        duplicates: table.key.as_ref().map(|key| all.ids.duplicates(registry, key)).transpose()?,
        orphans: registry.orphans(),
        rejected_records,
        record_examples: told.into_iter().take(EXAMPLES).map(Example::from).collect(),
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
