//! Which column is which fact: a YAML file beside the tables.

use std::collections::BTreeMap;

use domain::{Date, nearest};
use rules::diag::{Diagnostic, Span};
use rules::reader::{Reader, check_keys};
use rules::vocabulary::{FactDef, Type, Vocabulary};
use rules::yaml::{self, Node};

use super::field::{Field, Reading, factor, units};

/// Cells that say that something is not known, unless the mapping says otherwise; they are those of party files.
const NULLS: [&str; 6] = ["", "unknown", "未知", "?", "null", "~"];

/// Which column is which fact.
///
/// ```yaml
/// id: uscc                       # identifies a row; needed for records and for finding duplicates
/// as_of: 2026-06-30              # the day that the registry was recorded on
/// null: ["", "N/A"]              # texts that say “not known”
/// columns:
///   reg_place: org.place         # short for { fact: org.place }
///   营业收入_2025: { fact: org.revenue, year: 2025, unit: 万元 }
///   类型: { fact: org.kind, values: { '1': enterprise } }
///   研发费用: { fact: org.rd_expense, year: 2025, unit: 元, rounded: nearest fen }
/// children:
///   contracts:
///     files: [contracts/*.parquet]   # from the folder of this file
///     join: company_uscc             # the column that holds the parent's id
///     known: contract_count          # a column of the companies: where it is empty, their contracts are not known
///     columns: { amount_fen: amount }
/// ```
///
/// A column without an entry whose name is a fact's, as party files write it (`org.place`, `org.revenue.2025`,
/// `org.revenue[2025]`, also `org.revenue@2025`), maps by itself. Whole numbers without a unit are in the unit of a
/// frame (see [`crate::frame`]); other numbers need one, and a text may bring its own, such as `50万元`.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(crate) file: String,
    pub(crate) id: Option<(String, Span)>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) children: Vec<ChildMapping>,
    pub(crate) nulls: Vec<String>,
    as_of: Option<Date>,
}

/// A column and what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) column: String,
    pub(crate) span: Span,
    /// The fact's index in the vocabulary, or the field's in the record.
    pub(crate) fact: usize,
    pub(crate) year: Option<i32>,
    pub(crate) reading: Reading,
}

/// A table of records.
#[derive(Clone, Debug)]
pub(crate) struct ChildMapping {
    pub(crate) record: u16,
    pub(crate) span: Span,
    pub(crate) files: Vec<String>,
    pub(crate) join: (String, Span),
    /// The column of the parents that is empty where the records of a parent are not known.
    pub(crate) known: Option<(String, Span)>,
    pub(crate) entries: Vec<Entry>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            file: String::new(),
            id: None,
            entries: Vec::new(),
            children: Vec::new(),
            nulls: NULLS.map(str::to_owned).to_vec(),
            as_of: None,
        }
    }
}

impl Mapping {
    /// Reads a mapping. `file` is its path: the files of its records are looked for from its folder.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(file: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Result<Self, Vec<Diagnostic>> {
        let root = yaml::parse(bytes, yaml::MAX_POLICY_BYTES)
            .map_err(|findings| findings.into_iter().map(|finding| finding.in_file(file)).collect::<Vec<_>>())?;
        let mut reader = Reader::new(file);
        let mut mapping = Self { file: file.to_owned(), ..Self::default() };
        if root.map().is_none() {
            reader.push(
                Diagnostic::error("E0801", root.span, "对照文件应是键和值", "a mapping is made of keys and values")
                    .hint("例如 columns: { reg_place: org.place }", "for example columns: { reg_place: org.place }"),
            );
            return Err(reader.findings);
        }
        check_keys(&mut reader, &root, &["id", "as_of", "null", "columns", "children"]);
        mapping.id = root.get("id").and_then(|node| word(&mut reader, node, "id"));
        mapping.as_of = reader.date(&root, "as_of");
        if let Some(node) = root.get("null") {
            mapping.nulls =
                list(&mut reader, node, "null").into_iter().map(|(text, _)| text.trim().to_owned()).collect();
            mapping.nulls.push(String::new());
        }
        if let Some(node) = root.get("columns") {
            mapping.entries = entries(&mut reader, node, &Facts::Of(vocabulary), vocabulary);
        }
        for (key, body) in map(&mut reader, root.get("children"), "children") {
            mapping.children.extend(child(&mut reader, key, body, vocabulary));
        }
        if let (Some(first), None) = (mapping.children.first(), &mapping.id) {
            reader.push(
                Diagnostic::error("E0810", first.span, "有子表时须写明 id", "records need the `id` of their parents")
                    .hint("例如 id: uscc", "for example id: uscc"),
            );
        }
        if reader.findings.is_empty() { Ok(mapping) } else { Err(reader.findings) }
    }

    /// The day that the registry was recorded on, if the mapping says so: facts recorded after the day that an
    /// assessment knows of are not known to it.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    pub(crate) fn is_null(&self, text: &str) -> bool {
        let text = text.trim();
        text.is_empty() || self.nulls.iter().any(|null| null == text)
    }
}

/// What a column can be mapped to.
enum Facts<'v> {
    Of(&'v Vocabulary),
    Fields(&'v rules::vocabulary::RecordDef),
}

impl<'v> Facts<'v> {
    /// A fact or field by its name, with the year that the name says.
    fn find(&self, name: &str) -> Option<(usize, &'v FactDef, Option<i32>)> {
        match self {
            Self::Of(vocabulary) => {
                let (index, year) = named(name, vocabulary)?;
                vocabulary.facts.get(index).map(|fact| (index, fact, year))
            }
            Self::Fields(record) => {
                let short = name.strip_prefix(&format!("{}.", record.name)).unwrap_or(name);
                let index = record.field(short)?;
                record.fields.get(index).map(|field| (index, field, None))
            }
        }
    }

    fn names(&self) -> Vec<&'v str> {
        match self {
            Self::Of(vocabulary) => {
                vocabulary.facts.iter().filter(|f| f.derive.is_none()).map(|f| f.name.as_str()).collect()
            }
            Self::Fields(record) => record.fields.iter().filter_map(|f| f.name.rsplit('.').next()).collect(),
        }
    }
}

/// The fact that a name means, as party files write it, and the year that it says.
pub(crate) fn named(name: &str, vocabulary: &Vocabulary) -> Option<(usize, Option<i32>)> {
    if let Some(index) = vocabulary.fact(name) {
        return Some((index, None));
    }
    let (base, year) = name
        .rsplit_once('@')
        .or_else(|| name.strip_suffix(']').and_then(|name| name.split_once('[')))
        .or_else(|| name.rsplit_once('.'))?;
    let year = year.parse().ok().filter(|year| (1900..=2199).contains(year))?;
    Some((vocabulary.fact(base)?, Some(year)))
}

fn word(reader: &mut Reader, node: &Node, key: &str) -> Option<(String, Span)> {
    if node.text().is_none_or(str::is_empty) {
        reader.error("E0122", node.span, format!("`{key}` 应是一个词"), format!("`{key}` must be a single value"));
    }
    node.text().map(|text| (text.to_owned(), node.span))
}

fn list(reader: &mut Reader, node: &Node, key: &str) -> Vec<(String, Span)> {
    match node.seq() {
        Some(items) => items.iter().filter_map(|item| item.text().map(|text| (text.to_owned(), item.span))).collect(),
        None => word(reader, node, key).into_iter().collect(),
    }
}

fn map<'n>(reader: &mut Reader, node: Option<&'n Node>, key: &str) -> &'n [(Node, Node)] {
    let Some(node) = node else { return &[] };
    node.map().unwrap_or_else(|| {
        reader.error("E0801", node.span, format!("`{key}` 应是键和值"), format!("`{key}` is made of keys and values"));
        &[]
    })
}

fn entries(reader: &mut Reader, node: &Node, facts: &Facts<'_>, vocabulary: &Vocabulary) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut taken: BTreeMap<(usize, Option<i32>), String> = BTreeMap::new();
    for (key, body) in map(reader, Some(node), "columns") {
        let Some(entry) = entry(reader, key, body, facts, vocabulary) else { continue };
        if let Some(other) = taken.insert((entry.fact, entry.year), entry.column.clone()) {
            reader.error(
                "E0807",
                entry.span,
                format!("`{}` 与 `{other}` 对应同一事实", entry.column),
                format!("`{}` and `{other}` are mapped to the same fact", entry.column),
            );
        }
        found.push(entry);
    }
    found
}

fn entry(reader: &mut Reader, key: &Node, body: &Node, facts: &Facts<'_>, vocabulary: &Vocabulary) -> Option<Entry> {
    let column = key.text()?.to_owned();
    check_keys(reader, body, &["fact", "year", "unit", "rounded", "values"]);
    let node = if body.map().is_some() { body.get("fact") } else { Some(body) };
    let Some(node) = node else {
        reader.error("E0802", body.span, format!("`{column}` 缺少 fact"), format!("`{column}` lacks its `fact`"));
        return None;
    };
    let name = node.text().unwrap_or_default();
    let Some((fact, definition, said)) = facts.find(name) else {
        let near = nearest(name, facts.names().into_iter()).map(str::to_owned);
        reader.push(
            Diagnostic::error("E0803", node.span, format!("未知事实 `{name}`"), format!("unknown fact `{name}`"))
                .nearest(near.as_deref()),
        );
        return None;
    };
    if definition.derive.is_some() {
        reader.error(
            "E0804",
            node.span,
            format!("`{name}` 是算出来的，不能填写"),
            format!("`{name}` is computed and cannot be given"),
        );
        return None;
    }
    let year = year(reader, body, node, definition, said)?;
    let reading = reading(reader, body, definition, vocabulary)?;
    Some(Entry { column, span: key.span, fact, year, reading })
}

/// The year of a fact that is kept by year; the outer `None` if it is used wrongly.
fn year(reader: &mut Reader, body: &Node, fact: &Node, definition: &FactDef, said: Option<i32>) -> Option<Option<i32>> {
    let given = body.get("year");
    let year = match given {
        None => said,
        Some(node) => {
            match node.text().and_then(|text| text.parse().ok()).filter(|year| (1900..=2199).contains(year)) {
                Some(year) => Some(year),
                None => {
                    reader.error("E0806", node.span, "year 应是年份，例如 2025", "`year` is a year such as 2025");
                    return None;
                }
            }
        }
    };
    let name = &definition.name;
    let wrong = match (definition.yearly, year) {
        (true, None) => Some((
            format!("`{name}` 按年度填写，须写明 year"),
            format!("`{name}` is kept by year, and `year` is missing"),
            ("例如 year: 2025", "for example year: 2025"),
        )),
        (false, Some(_)) => Some((
            format!("`{name}` 不按年度填写"),
            format!("`{name}` is not kept by year"),
            ("请去掉年份", "leave the year out"),
        )),
        (true, Some(year)) if said.is_some_and(|said| said != year) => Some((
            format!("`{name}` 写了两个不同的年份"),
            format!("`{name}` has two different years"),
            ("请只写一个", "write only one"),
        )),
        _ => None,
    };
    if let Some((zh, en, (hint_zh, hint_en))) = wrong {
        let span = given.map_or(fact.span, |node| node.span);
        reader.push(Diagnostic::error("E0805", span, zh, en).hint(hint_zh, hint_en));
        return None;
    }
    Some(year)
}

fn reading(reader: &mut Reader, body: &Node, definition: &FactDef, vocabulary: &Vocabulary) -> Option<Reading> {
    let mut reading = Reading::default();
    let before = reader.findings.len();
    if let Some(node) = body.get("unit") {
        let unit = node.text().unwrap_or_default();
        reading.factor = factor(unit, definition.ty);
        if reading.factor.is_none() {
            let known = units(definition.ty);
            let finding = Diagnostic::error(
                "E0808",
                node.span,
                format!("`{}` 不以 `{unit}` 计", definition.name),
                format!("`{}` is not measured in `{unit}`", definition.name),
            );
            reader.push(if known.is_empty() {
                finding.hint("它没有单位", "it has no unit")
            } else {
                finding.hint(format!("可用：{known}"), format!("one of: {known}"))
            });
        }
    }
    let ways = [("nearest", true), ("nearest fen", true), ("no", false)];
    reading.rounded = reader.choice(body, "rounded", &ways).unwrap_or(false);
    for (from, to) in map(reader, body.get("values"), "values") {
        reading
            .values
            .insert(from.text().unwrap_or_default().trim().to_owned(), to.text().unwrap_or_default().to_owned());
    }
    // what they are translated to must mean something
    let field = Field::new("", definition, Reading { values: BTreeMap::new(), ..reading.clone() }, vocabulary);
    for (_, to) in body.get("values").and_then(Node::map).unwrap_or_default() {
        let text = to.text().unwrap_or_default();
        let wrong = if definition.ty == Type::Text { field.text(text).err() } else { field.parse(text).err() };
        if let Some(reason) = wrong {
            let why = field.explain(reason, text, true);
            reader.error("E0809", to.span, why.zh, why.en);
        }
    }
    (reader.findings.len() == before).then_some(reading)
}

fn child(reader: &mut Reader, key: &Node, body: &Node, vocabulary: &Vocabulary) -> Option<ChildMapping> {
    let name = key.text().unwrap_or_default();
    let found = vocabulary.record_by_list(name).or_else(|| vocabulary.record(name));
    let Some((index, record)) = found.and_then(|index| Some((index, vocabulary.records.get(index)?))) else {
        let near = nearest(name, vocabulary.records.iter().map(|record| record.list.as_str())).map(str::to_owned);
        let finding = Diagnostic::error(
            "E0811",
            key.span,
            format!("没有 `{name}` 这种记录"),
            format!("there are no records `{name}`"),
        );
        reader.push(finding.nearest(near.as_deref()));
        return None;
    };
    check_keys(reader, body, &["files", "join", "known", "columns"]);
    let mut needed = |key: &str| {
        let node = body.get(key);
        if node.is_none() {
            let (zh, en) = (format!("`{name}` 缺少 `{key}`"), format!("`{name}` lacks `{key}`"));
            reader.error("E0812", body.span, zh, en);
        }
        node
    };
    let (files, join, columns) = (needed("files")?, needed("join")?, needed("columns")?);
    let files = list(reader, files, "files").into_iter().map(|(file, _)| file).collect();
    let join = word(reader, join, "join")?;
    let known = body.get("known").and_then(|node| word(reader, node, "known"));
    let entries = entries(reader, columns, &Facts::Fields(record), vocabulary);
    Some(ChildMapping { record: u16::try_from(index).ok()?, span: key.span, files, join, known, entries })
}
