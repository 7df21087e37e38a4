//! Finding ids that more than one row has, among very many.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use arrow::array::{ArrayRef, AsArray};
use serde::Serialize;

use super::field::Field;
use super::profile::EXAMPLES;
use super::registry::Registry;
use super::rows::Table;
use crate::source::ReadError;

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

/// The ids of all rows, as 128 bits of hash each: two ids of the same hash are as good as impossible.
#[derive(Default)]
pub(super) struct Ids {
    hashes: Vec<u128>,
    missing: u64,
}

impl Ids {
    pub(super) fn add(&mut self, key: &ArrayRef) {
        for id in key.as_string::<i32>() {
            match id {
                Some(id) => self.hashes.push(hash(id)),
                None => self.missing += 1,
            }
        }
    }

    /// Adds the ids of the next part.
    pub(super) fn merge(&mut self, next: Self) {
        self.hashes.extend(next.hashes);
        self.missing += next.missing;
    }

    pub(super) fn duplicates(mut self, registry: &Registry, key: &Field) -> Result<Duplicates, ReadError> {
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
            told: Vec::new(),
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
