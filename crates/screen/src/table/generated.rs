//! Registries that `kapok registry generate` has written open by themselves: the files say what they are.

use rules::diag::{Diagnostic, Span, Text};
use rules::vocabulary::Vocabulary;

use super::file::{TableFile, wrong};
use super::mapping::{ChildMapping, Mapping};

/// The key under which a Parquet file says that it is part of a generated registry.
pub const REGISTRY_NOTE: &str = "kapok.registry";
/// The key under which it says which part: [`COMPANIES`], or the list of records that it holds.
pub const TABLE_NOTE: &str = "kapok.table";
/// The table of the companies. Its column [`ID`] identifies them; a column with the name of a list of records is empty
/// where a company's records are not known.
pub const COMPANIES: &str = "companies";
/// The column with the ids of companies, in every table.
pub const ID: &str = "uscc";

/// The mapping of a generated registry, where the user gives none and every file says that it is part of one. Files of
/// records among `files` are taken out of them; others are looked for beside the companies.
pub(super) fn implied(
    mapping: &Mapping,
    files: &mut Vec<TableFile>,
    vocabulary: &Vocabulary,
    findings: &mut Vec<Diagnostic>,
) -> Option<Mapping> {
    let plain = mapping.file.is_empty() && mapping.id.is_none() && mapping.children.is_empty();
    if !plain || files.is_empty() || files.iter().any(|file| file.note(REGISTRY_NOTE).is_none()) {
        return None;
    }
    let said = |file: &TableFile| file.note(TABLE_NOTE).map(str::to_owned);
    let is_companies = |file: &TableFile| file.note(TABLE_NOTE) == Some(COMPANIES);
    if !files.iter().any(is_companies) {
        let name = files.first().map(|file| file.name.clone()).unwrap_or_default();
        let why = Text::new(
            "这是企业的记录，不是企业：请给出企业的文件",
            "these are records of companies and not the companies: give the file of the companies",
        );
        findings.push(wrong(&name, why));
    }
    let (companies, rest): (Vec<_>, Vec<_>) = std::mem::take(files).into_iter().partition(is_companies);
    *files = companies;
    let mut mapping = mapping.clone();
    mapping.id = Some((ID.to_owned(), Span::default()));
    for (record, index) in vocabulary.records.iter().zip(0_u16..) {
        let list = record.list.as_str();
        let beside = files.iter().filter(|file| file.column(list).is_some()).map(|file| {
            let ending = file.path.extension().unwrap_or_default().to_string_lossy();
            file.path.with_extension(format!("{}.{ending}", record.name))
        });
        let mut paths: Vec<_> = beside.collect();
        if paths.is_empty() {
            continue;
        }
        let given = rest.iter().filter(|file| said(file).as_deref() == Some(list));
        let given: Vec<_> = given.map(|file| file.path.clone()).collect();
        // records that were given by name need not stand beside the companies
        paths.retain(|path| given.is_empty() || path.exists());
        paths.extend(given);
        mapping.children.push(ChildMapping {
            record: index,
            span: Span::default(),
            files: paths.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
            join: (ID.to_owned(), Span::default()),
            known: Some((list.to_owned(), Span::default())),
            entries: Vec::new(),
        });
    }
    Some(mapping)
}

/// What helps if the records of a generated registry cannot be opened.
pub(super) fn records_missing(finding: &mut Diagnostic) {
    *finding = finding.clone().hint(
        "生成的企业名录，其记录应在企业文件旁边，或一并给出；只读企业时请用仅有 id: uscc 的对照文件",
        "the records of a generated registry stand beside its companies, or are given with them; to read the companies \
         alone, take a mapping file that has just `id: uscc`",
    );
}
