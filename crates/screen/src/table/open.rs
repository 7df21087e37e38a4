//! Opening the files of a registry: which columns are which facts, and the tables of records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rules::diag::{Diagnostic, Span, Text};
use rules::vocabulary::Vocabulary;

use super::field::{Field, Reading};
use super::file::{self, TableFile};
use super::mapping::{ChildMapping, Entry, Mapping, named};
use super::registry::Options;
use super::rows::Table;
use crate::frame::{ChildColumns, FactColumn};

pub(super) fn open_all(paths: &[String], folder: &Path, findings: &mut Vec<Diagnostic>) -> Vec<TableFile> {
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
pub(super) fn facts(
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

/// A column of names or numbers that every file must have, such as that with ids.
pub(super) fn column_of_all(
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

pub(super) fn open_child(
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
    let key = column_of_all(&files, Some(&child.join), mapping, findings);
    let columns = ChildColumns { record: child.record, fields: fields.keys().copied().collect() };
    Some((columns, record.name.clone(), Table::new(files, fields.into_values().collect(), key, findings)))
}
