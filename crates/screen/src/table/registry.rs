//! A registry made of Parquet and CSV files.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{concat, filter};
use rules::diag::{Diagnostic, Span};
use rules::vocabulary::Vocabulary;

use super::children::{ChildTable, Orphans};
use super::field::Field;
use super::file::{broken, wrong};
use super::frames::{Known, Symbols, column};
use super::generated::{implied, records_missing};
use super::mapping::Mapping;
use super::open::{column_of_all, facts, open_all, open_child};
use super::rows::{Block, Table};
use crate::frame::{CHUNK, FactColumn, Frame, Layout};
use crate::source::{Batch, ReadError, Rejected, Source};

/// What is wanted of a registry.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only these facts and records are read, as far as there are columns; `None` for everything that is mapped.
    pub wanted: Option<Layout>,
    /// Whether batches tell the ids of their rows.
    pub ids: bool,
}

/// A registry made of Parquet and CSV files.
#[derive(Debug)]
pub struct Registry {
    layout: Layout,
    pub(crate) mapping: Mapping,
    pub(crate) table: Table,
    pub(crate) children: Vec<ChildTable>,
    known: Known,
    ids: bool,
}

impl Registry {
    /// Opens files and patterns such as `companies/*.parquet`. `texts` are those of the program that computes over the
    /// registry ([`rules::ir::Program::texts`]). Tables of records are read whole, and CSV files are looked through.
    ///
    /// # Errors
    /// Everything that is wrong with the files and how they are mapped: no such file, a broken file, a column of a wrong
    /// type, a mapped column that no file has.
    pub fn open(
        paths: &[String],
        mapping: &Mapping,
        vocabulary: &Vocabulary,
        texts: &[String],
        options: &Options,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Vec::new();
        let mut files = open_all(paths, Path::new(""), &mut findings);
        let generated = implied(mapping, &mut files, vocabulary, &mut findings);
        let mapping = generated.as_ref().unwrap_or(mapping);
        if paths.is_empty() {
            let (zh, en) = ("没有给出文件", "no file is given");
            findings.push(Diagnostic::error("E0820", Span::default(), zh, en));
        }
        let wanted = |fact: &FactColumn| options.wanted.as_ref().is_none_or(|wanted| wanted.facts.contains(fact));
        let mut fields = facts(&files, mapping, vocabulary, &mut findings);
        fields.retain(|fact, _| wanted(fact));
        let mut layout = Layout { facts: fields.keys().copied().collect(), children: Vec::new() };
        let key = column_of_all(&files, mapping.id.as_ref(), mapping, &mut findings);
        let told: Vec<(u16, Option<Field>)> = (mapping.children.iter())
            .map(|child| (child.record, column_of_all(&files, child.known.as_ref(), mapping, &mut findings)))
            .collect();
        let mut table = Table::new(files, fields.into_values().collect(), key, &mut findings);
        let mut tables = Vec::new();
        for child in &mapping.children {
            let before = findings.len();
            if let Some(opened) = open_child(child, mapping, vocabulary, options, &mut findings) {
                tables.push(opened);
            }
            if generated.is_some() {
                findings.iter_mut().skip(before).for_each(records_missing);
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        tables.sort_by_key(|(columns, ..)| columns.record);
        let mut children = Vec::new();
        for (columns, name, child) in tables {
            let known = told.iter().find(|(record, _)| *record == columns.record);
            table.told.push(known.and_then(|(_, field)| field.clone()));
            match ChildTable::load(&name, &child, mapping) {
                Ok(child) => children.push(child),
                Err(error) => findings.push(wrong(&error.file, error.why)),
            }
            layout.children.push(columns);
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self { layout, mapping: mapping.clone(), table, children, known: Known::new(texts), ids: options.ids })
    }

    /// Records of parents that no row has been read of so far; whole once every part has been read.
    #[must_use]
    pub fn orphans(&self) -> Vec<Orphans> {
        self.children.iter().map(ChildTable::orphans).collect()
    }

    /// Records that could not be read: how many, and the first of them. The records of their parents are not known.
    #[must_use]
    pub fn rejected_records(&self) -> (u64, Vec<&Rejected>) {
        let count = self.children.iter().map(|child| child.left_out).sum();
        (count, self.children.iter().flat_map(|child| &child.rejected).collect())
    }

    /// A block's arrays, with those of rows left out gone: the facts, the ids if asked for, the group for each record.
    fn kept(&self, block: &Block) -> Result<(usize, Vec<ArrayRef>), arrow::error::ArrowError> {
        let mut arrays = block.columns.clone();
        if let Some(key) = &block.key {
            arrays.extend(self.ids.then(|| Arc::clone(key)));
            let told = block.told.iter().map(Option::as_ref).chain(std::iter::repeat(None));
            arrays.extend(self.children.iter().zip(told).map(|(child, told)| child.groups(key, told)));
        }
        match block.sink.kept(block.len) {
            None => Ok((block.len, arrays)),
            Some(kept) => {
                let arrays = arrays.iter().map(|array| filter(array, &kept)).collect::<Result<_, _>>()?;
                Ok((kept.true_count(), arrays))
            }
        }
    }

    fn batch(
        &self,
        len: usize,
        arrays: &[ArrayRef],
        rejected: Vec<Rejected>,
        left_out: u64,
    ) -> Result<Batch, arrow::error::ArrowError> {
        let mut symbols = Symbols::default();
        let (facts, rest) = arrays.split_at_checked(self.layout.facts.len()).unwrap_or((arrays, &[]));
        let columns = facts.iter().map(|array| column(array, &mut symbols, &self.known)).collect();
        let has_ids = self.ids && self.table.key.is_some();
        let (ids, groups) = rest.split_at_checked(usize::from(has_ids)).unwrap_or((&[], rest));
        let children = self.children.iter().zip(groups);
        let children =
            children.map(|(child, groups)| child.of(groups, &mut symbols, &self.known)).collect::<Result<_, _>>()?;
        let ids =
            ids.first().map(|ids| ids.as_string::<i32>().iter().map(|id| id.unwrap_or_default().into()).collect());
        let frame = Frame { len, columns, children, texts: symbols.texts };
        Ok(Batch { frame, ids, rejected, left_out })
    }
}

impl Source for Registry {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn parts(&self) -> usize {
        self.table.parts.len()
    }

    fn rows(&self) -> Option<u64> {
        Some(self.table.rows())
    }

    fn read(&self, part: usize, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> Result<(), ReadError> {
        let name = self.table.file(part).map(|file| Arc::clone(&file.name)).unwrap_or_default();
        // rows that do not fill a chunk wait for the next block
        let mut rest: (usize, Vec<ArrayRef>) = (0, Vec::new());
        let (mut fault, mut stopped) = (None, false);
        self.table.read(part, &self.mapping, &mut |mut block| {
            let left_out = block.sink.tally.values().sum();
            let next = self.kept(&block).and_then(|next| joined(&rest, next)).and_then(|(len, arrays)| {
                let full = len - len % CHUNK;
                let cut =
                    |from: usize, len: usize| arrays.iter().map(|array| array.slice(from, len)).collect::<Vec<_>>();
                rest = if full == len { (0, Vec::new()) } else { (len - full, cut(full, len - full)) };
                let arrays = if full == len { arrays } else { cut(0, full) };
                self.batch(full, &arrays, block.rejected(&name), left_out)
            });
            match next {
                Ok(batch) if batch.frame.len == 0 && batch.left_out == 0 => ControlFlow::Continue(()),
                Ok(batch) => {
                    let flow = each(batch);
                    stopped = flow.is_break();
                    flow
                }
                Err(error) => {
                    fault = Some(broken(&error));
                    ControlFlow::Break(())
                }
            }
        })?;
        if fault.is_none() && !stopped && rest.0 > 0 {
            match self.batch(rest.0, &rest.1, Vec::new(), 0) {
                Ok(batch) => drop(each(batch)),
                Err(error) => fault = Some(broken(&error)),
            }
        }
        fault.map_or(Ok(()), |why| Err(ReadError { file: name, why }))
    }
}

type Rows = (usize, Vec<ArrayRef>);

fn joined(rest: &Rows, next: Rows) -> Result<Rows, arrow::error::ArrowError> {
    if rest.0 == 0 {
        return Ok(next);
    }
    let both = rest.1.iter().zip(&next.1).map(|(first, second)| concat(&[first.as_ref(), second.as_ref()]));
    Ok((rest.0 + next.0, both.collect::<Result<_, _>>()?))
}
