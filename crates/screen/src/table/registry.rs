//! A registry made of Parquet and CSV files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{concat, filter};
use rules::diag::{Diagnostic, Span, Text};
use rules::vocabulary::Vocabulary;

use super::children::{ChildTable, Orphans};
use super::field::{Field, Reading};
use super::file::{self, TableFile, broken, wrong};
use super::frames::{Known, Symbols, column};
use super::mapping::{ChildMapping, Entry, Mapping, named};
use super::rows::{Block, Table};
use crate::frame::{CHUNK, ChildColumns, FactColumn, Frame, Layout};
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
        let files = open_all(paths, Path::new(""), &mut findings);
        if paths.is_empty() {
            let (zh, en) = ("没有给出文件", "no file is given");
            findings.push(Diagnostic::error("E0820", Span::default(), zh, en));
        }
        let wanted = |fact: &FactColumn| options.wanted.as_ref().is_none_or(|wanted| wanted.facts.contains(fact));
        let mut fields = facts(&files, mapping, vocabulary, &mut findings);
        fields.retain(|fact, _| wanted(fact));
        let mut layout = Layout { facts: fields.keys().copied().collect(), children: Vec::new() };
        let key = key(&files, mapping.id.as_ref(), mapping, &mut findings);
        let table = Table::new(files, fields.into_values().collect(), key, &mut findings);
        let mut tables = Vec::new();
        for child in &mapping.children {
            if let Some(opened) = open_child(child, mapping, vocabulary, options, &mut findings) {
                tables.push(opened);
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        tables.sort_by_key(|(columns, ..)| columns.record);
        let mut children = Vec::new();
        for (columns, name, child) in tables {
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
            arrays.extend(self.children.iter().map(|child| child.groups(key)));
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

fn open_all(paths: &[String], folder: &Path, findings: &mut Vec<Diagnostic>) -> Vec<TableFile> {
    let mut files: Vec<TableFile> = Vec::new();
    for path in paths {
        match file::find(path, folder) {
            Ok(found) => {
                for path in found {
                    // a file that two patterns mean is still one file
                    if files.iter().any(|file| file.path == path) {
                        continue;
                    }
                    match file::open(&path) {
                        Ok(file) => files.push(file),
                        Err(finding) => findings.push(finding),
                    }
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    files
}

/// The columns that are facts, said by the mapping or by their names.
fn facts(
    files: &[TableFile],
    mapping: &Mapping,
    vocabulary: &Vocabulary,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<FactColumn, Field> {
    let mut fields = BTreeMap::new();
    for entry in &mapping.entries {
        missing(entry, files, &mapping.file, findings);
        let Some(definition) = vocabulary.facts.get(entry.fact) else { continue };
        let field = Field::new(&entry.column, definition, entry.reading.clone(), vocabulary);
        fields.insert(FactColumn { fact: entry.fact, year: entry.year }, field);
    }
    let mut told = BTreeSet::new();
    for file in files {
        for (name, _) in &file.columns {
            if mapping.entries.iter().any(|entry| entry.column == *name) {
                continue;
            }
            let Some((fact, year)) = named(name, vocabulary) else { continue };
            let Some(definition) = vocabulary.facts.get(fact).filter(|fact| fact.derive.is_none()) else { continue };
            if definition.yearly != year.is_some() {
                if told.insert(name.clone()) {
                    let (zh, en, right) = if definition.yearly {
                        ("按年度填写", "is kept by year", format!("{name}.2025"))
                    } else {
                        ("不按年度填写", "is not kept by year", definition.name.clone())
                    };
                    let why =
                        Text::new(format!("列 `{name}` 的事实{zh}"), format!("the fact of the column `{name}` {en}"));
                    let finding = Diagnostic::error("E0805", Span::default(), why.zh, why.en).in_file(&file.name);
                    findings.push(finding.hint(format!("例如 {right}"), format!("for example {right}")));
                }
                continue;
            }
            let at = FactColumn { fact, year };
            match fields.get(&at) {
                None => {
                    fields.insert(at, Field::new(name, definition, Reading::default(), vocabulary));
                }
                Some(other) if other.column == *name || mapping.entries.iter().any(|e| e.column == other.column) => {}
                Some(other) => {
                    if told.insert(name.clone()) {
                        let why = Text::new(
                            format!("列 `{name}` 与 `{}` 是同一事实", other.column),
                            format!("the columns `{name}` and `{}` are the same fact", other.column),
                        );
                        findings.push(Diagnostic::error("E0807", Span::default(), why.zh, why.en).in_file(&file.name));
                    }
                }
            }
        }
    }
    fields
}

/// Tells of a mapped column that no file has.
fn missing(entry: &Entry, files: &[TableFile], mapping: &str, findings: &mut Vec<Diagnostic>) {
    if files.is_empty() || files.iter().any(|file| file.column(&entry.column).is_some()) {
        return;
    }
    let names = files.iter().flat_map(|file| &file.columns).map(|(name, _)| name.as_str());
    let near = domain::nearest(&entry.column, names).map(str::to_owned);
    let (zh, en) = (format!("没有文件有列 `{}`", entry.column), format!("no file has the column `{}`", entry.column));
    findings.push(Diagnostic::error("E0821", entry.span, zh, en).nearest(near.as_deref()).in_file(mapping));
}

/// The column with ids, which every file must have.
fn key(
    files: &[TableFile],
    said: Option<&(String, Span)>,
    mapping: &Mapping,
    findings: &mut Vec<Diagnostic>,
) -> Option<Field> {
    let (name, span) = said?;
    for file in files.iter().filter(|file| file.column(name).is_none()) {
        let near = domain::nearest(name, file.columns.iter().map(|(name, _)| name.as_str())).map(str::to_owned);
        let (zh, en) = (format!("{} 没有列 `{name}`", file.name), format!("{} has no column `{name}`", file.name));
        findings.push(Diagnostic::error("E0822", *span, zh, en).nearest(near.as_deref()).in_file(&mapping.file));
    }
    Some(Field::name(name))
}

fn open_child(
    child: &ChildMapping,
    mapping: &Mapping,
    vocabulary: &Vocabulary,
    options: &Options,
    findings: &mut Vec<Diagnostic>,
) -> Option<(ChildColumns, String, Table)> {
    let record = vocabulary.records.get(usize::from(child.record))?;
    let wanted = match &options.wanted {
        None => None,
        Some(wanted) => Some(&wanted.children.iter().find(|wanted| wanted.record == child.record)?.fields),
    };
    let folder = Path::new(&mapping.file).parent().unwrap_or(Path::new(""));
    let files = open_all(&child.files, folder, findings);
    let mut fields: BTreeMap<u16, Field> = BTreeMap::new();
    for entry in &child.entries {
        missing(entry, &files, &mapping.file, findings);
        let Some(definition) = record.fields.get(entry.fact) else { continue };
        let field = Field::new(&entry.column, definition, entry.reading.clone(), vocabulary);
        fields.insert(u16::try_from(entry.fact).ok()?, field);
    }
    for (definition, index) in record.fields.iter().zip(0_u16..) {
        if definition.derive.is_none() && files.iter().any(|file| file.column(&definition.name).is_some()) {
            let field = || Field::new(&definition.name, definition, Reading::default(), vocabulary);
            fields.entry(index).or_insert_with(field);
        }
    }
    fields.retain(|field, _| wanted.is_none_or(|wanted| wanted.contains(field)));
    let key = key(&files, Some(&child.join), mapping, findings);
    let columns = ChildColumns { record: child.record, fields: fields.keys().copied().collect() };
    Some((columns, record.name.clone(), Table::new(files, fields.into_values().collect(), key, findings)))
}
