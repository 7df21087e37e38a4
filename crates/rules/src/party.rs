//! Party files: flat keys with values, checked against the vocabulary. Every mistake is found, and nothing is guessed.

use domain::{
    Date, Evidence, Fact, FactKey, Knowledge, Money, Party, PartyKind, PlaceTree, Quantity, Rate, Record, Unit, Uscc,
    Value,
};

use crate::diag::{Diagnostic, Span, Text};
use crate::read::list_entry;
use crate::reader::{Reader, scalar};
use crate::vocabulary::{FactDef, RecordDef, Type, Vocabulary};
use crate::yaml::{Kind, Node};

/// A party file as read: the party and, if the file says so, the dates to assess it at.
#[derive(Clone, Debug)]
pub struct PartyFile {
    /// The party.
    pub party: Party,
    /// The date whose law applies, if given.
    pub on: Option<Date>,
    /// The date as known on, if given.
    pub known_on: Option<Date>,
}

/// Reads a party from a tree.
///
/// # Errors
/// Every mistake in the file.
pub fn read(file: &str, root: &Node, vocabulary: &Vocabulary) -> Result<PartyFile, Vec<Diagnostic>> {
    let mut reader = Reader::new(file);
    let mut result = PartyFile { party: Party::new(PartyKind::Organisation), on: None, known_on: None };
    let Some(entries) = root.map() else {
        reader.push(
            Diagnostic::error("E0601", root.span, "主体文件应是键和值", "a party file is made of keys and values")
                .hint("例如 org.kind: enterprise", "for example org.kind: enterprise"),
        );
        return Err(reader.findings);
    };
    for (key, value) in entries {
        let name = key.text().unwrap_or_default();
        match name {
            "party" => {
                let kinds = [("organisation", PartyKind::Organisation), ("person", PartyKind::Person)];
                if let Some(kind) = reader.choice(root, "party", &kinds) {
                    result.party.kind = kind;
                }
            }
            "name" => result.party.name = value.text().map(str::to_owned),
            "id" => result.party.id = value.text().map(str::to_owned),
            "on" => result.on = reader.date_of(value),
            "known_on" => result.known_on = reader.date_of(value),
            "note" => {}
            "lists" => lists(&mut reader, value, &mut result.party),
            "decisions" => decisions(&mut reader, value, &mut result.party),
            _ => entry(&mut reader, key, value, vocabulary, &mut result.party),
        }
    }
    wrong_kind(&mut reader, entries, result.party.kind);
    if reader.findings.is_empty() { Ok(result) } else { Err(reader.findings) }
}

/// Facts of a person in an organisation's file, or the other way round: nobody would ever read them.
fn wrong_kind(reader: &mut Reader, entries: &[(Node, Node)], kind: PartyKind) {
    let (prefix, other, zh, en) = match kind {
        PartyKind::Organisation => ("person.", "person", "个人", "a person"),
        PartyKind::Person => ("org.", "organisation", "单位", "an organisation"),
    };
    for (key, _) in entries {
        let name = key.text().unwrap_or_default();
        if name.starts_with(prefix) {
            reader.push(
                Diagnostic::error(
                    "E0613",
                    key.span,
                    format!("`{name}` 是{zh}的事实"),
                    format!("`{name}` is a fact of {en}"),
                )
                .hint(format!("{zh}的文件请写明 party: {other}"), format!("the file of {en} says `party: {other}`")),
            );
        }
    }
}

fn lists(reader: &mut Reader, node: &Node, party: &mut Party) {
    for (list, entries) in node.map().unwrap_or_default() {
        let members = entries.seq().unwrap_or_default().iter().filter_map(|entry| list_entry(reader, entry)).collect();
        party.lists.insert(list.text().unwrap_or_default().to_owned(), members);
    }
}

fn decisions(reader: &mut Reader, node: &Node, party: &mut Party) {
    for (key, _) in node.map().unwrap_or_default() {
        let key = key.text().unwrap_or_default();
        if let Some(decided) = reader.flag(node, key) {
            party.decisions.insert(key.to_owned(), decided);
        }
    }
}

/// A fact, a fact of one year (`org.revenue.2025`), or a list of records.
fn entry(reader: &mut Reader, key: &Node, value: &Node, vocabulary: &Vocabulary, party: &mut Party) {
    let name = key.text().unwrap_or_default();
    if let Some(record) = vocabulary.record_by_list(name).and_then(|index| vocabulary.records.get(index)) {
        records(reader, value, record, vocabulary, party);
        return;
    }
    if let Some(definition) = vocabulary.fact(name).and_then(|index| vocabulary.facts.get(index)) {
        if definition.derive.is_some() {
            reader.push(Diagnostic::error(
                "E0603",
                key.span,
                format!("`{name}` 是算出来的，不能填写"),
                format!("`{name}` is computed and cannot be given"),
            ));
        } else if definition.yearly {
            years(reader, name, value, definition, vocabulary, party);
        } else if let Some(fact) = fact(reader, value, definition, vocabulary) {
            party.facts.insert(FactKey::new(name), fact);
        }
        return;
    }
    let of_year = name.rsplit_once('.').or_else(|| name.strip_suffix(']').and_then(|name| name.split_once('[')));
    if let Some((base, year)) = of_year
        && let Some(definition) = vocabulary.fact(base).and_then(|index| vocabulary.facts.get(index))
        && definition.yearly
        && let Ok(year) = year.parse::<i32>()
    {
        if let Some(fact) = fact(reader, value, definition, vocabulary) {
            party.facts.insert(FactKey::of_year(base, year), fact);
        }
        return;
    }
    let known = vocabulary
        .facts
        .iter()
        .filter(|fact| fact.derive.is_none())
        .map(|fact| fact.name.as_str())
        .chain(vocabulary.records.iter().map(|record| record.list.as_str()));
    // in a file with very many mistakes the first are enough to see what is wrong
    let known = known.chain(["party", "name", "id", "on", "known_on", "lists", "decisions"]);
    let near = if reader.findings.len() < 200 { domain::text::nearest(name, known).map(str::to_owned) } else { None };
    let finding = Diagnostic::error("E0604", key.span, format!("未知事实 `{name}`"), format!("unknown fact `{name}`"));
    reader.push(match near {
        Some(near) => finding.nearest(Some(&near)),
        None => finding.hint("所有事实见 kapok policy facts", "`kapok policy facts` lists every fact"),
    });
}

fn years(
    reader: &mut Reader,
    name: &str,
    value: &Node,
    definition: &FactDef,
    vocabulary: &Vocabulary,
    party: &mut Party,
) {
    if is_unknown(value) {
        return;
    }
    let Some(entries) = value.map() else {
        reader.push(
            Diagnostic::error(
                "E0605",
                value.span,
                format!("`{name}` 按年度填写"),
                format!("`{name}` is given by year"),
            )
            .hint(format!("例如 {name}: {{ 2025: … }}"), format!("for example {name}: {{ 2025: … }}")),
        );
        return;
    };
    for (year, value) in entries {
        match year.text().unwrap_or_default().parse::<i32>() {
            Ok(number) if (1900..=2199).contains(&number) => {
                if let Some(fact) = fact(reader, value, definition, vocabulary) {
                    party.facts.insert(FactKey::of_year(name, number), fact);
                }
            }
            _ => reader.error(
                "E0606",
                year.span,
                format!("`{}` 不是年度", year.text().unwrap_or_default()),
                format!("`{}` is not a year", year.text().unwrap_or_default()),
            ),
        }
    }
}

fn records(reader: &mut Reader, value: &Node, record: &RecordDef, vocabulary: &Vocabulary, party: &mut Party) {
    if is_unknown(value) {
        return;
    }
    let Some(items) = value.seq() else {
        // a cell of a CSV file is text, so that an empty list has to be read from it too
        let none = matches!(value.text().map(str::trim), Some("none" | "无" | "[]"));
        if none {
            party.records.insert(record.name.clone(), Vec::new());
        } else {
            reader.push(
                Diagnostic::error(
                    "E0607",
                    value.span,
                    format!("`{}` 应是列表", record.list),
                    format!("`{}` must be a list", record.list),
                )
                .hint(
                    "没有的写 [] 或 none，不知道的不写",
                    "write [] or none where there are none, and leave it out where it is not known",
                ),
            );
        }
        return;
    };
    let mut rows: Vec<Record> = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for (number, item) in items.iter().enumerate() {
        let Some(entries) = item.map() else {
            reader.error("E0607", item.span, "每条记录应是键和值", "a record is made of keys and values");
            continue;
        };
        let mut row = Record { id: (number + 1).to_string(), facts: std::collections::BTreeMap::new() };
        for (key, value) in entries {
            let name = key.text().unwrap_or_default();
            if name == "id" {
                value.text().unwrap_or_default().clone_into(&mut row.id);
            } else if name == "note" {
            } else if let Some(definition) = record.field(name).and_then(|field| record.fields.get(field)) {
                if let Some(fact) = fact(reader, value, definition, vocabulary) {
                    row.facts.insert(name.to_owned(), fact);
                }
            } else {
                let near = domain::text::nearest(name, record.fields.iter().filter_map(|f| f.name.rsplit('.').next()))
                    .map(str::to_owned);
                reader.push(
                    Diagnostic::error(
                        "E0604",
                        key.span,
                        format!("`{}` 没有 `{name}`", record.list),
                        format!("`{}` has no `{name}`", record.list),
                    )
                    .nearest(near.as_deref()),
                );
            }
        }
        if !ids.insert(row.id.clone()) {
            reader.error(
                "E0608",
                item.span,
                format!("编号 `{}` 重复", row.id),
                format!("the id `{}` is there twice", row.id),
            );
        }
        rows.push(row);
    }
    party.records.insert(record.name.clone(), rows);
}

fn is_unknown(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { text, quoted } => {
            matches!(text.trim(), "unknown" | "未知" | "?") || (!quoted && matches!(text.as_str(), "" | "null" | "~"))
        }
        _ => false,
    }
}

/// A value, or `{ value: …, source: …, evidence: …, as_of: … }`, or `{ disputed: [ … ] }`.
fn fact(reader: &mut Reader, node: &Node, definition: &FactDef, vocabulary: &Vocabulary) -> Option<Fact> {
    if is_unknown(node) {
        return None;
    }
    if node.map().is_none() {
        return value(reader, node, definition, vocabulary).map(Fact::known);
    }
    crate::reader::check_keys(reader, node, &["value", "disputed", "source", "evidence", "as_of"]);
    let known = if let Some(candidates) = node.get("disputed") {
        let values: Vec<Value> = candidates
            .seq()
            .unwrap_or_default()
            .iter()
            .filter_map(|candidate| value(reader, candidate, definition, vocabulary))
            .collect();
        if values.len() < 2 {
            reader.error(
                "E0609",
                candidates.span,
                "有争议的事实至少有两个候选值",
                "a disputed fact has at least two candidates",
            );
        }
        Knowledge::Disputed(values)
    } else {
        match node.get("value") {
            Some(inner) if !is_unknown(inner) => Knowledge::Known(value(reader, inner, definition, vocabulary)?),
            Some(_) => Knowledge::Unknown,
            None => {
                reader.error("E0610", node.span, "缺少 value", "`value` is missing");
                return None;
            }
        }
    };
    let grades = Evidence::ALL.map(|grade| (grade.code(), grade));
    Some(Fact {
        value: known,
        source: reader.word(node, "source"),
        evidence: reader.choice(node, "evidence", &grades),
        as_of: reader.date(node, "as_of"),
    })
}

fn value(reader: &mut Reader, node: &Node, definition: &FactDef, vocabulary: &Vocabulary) -> Option<Value> {
    match parse_value(node, definition, vocabulary) {
        Ok(value) => Some(value),
        Err(error) => {
            reader.push(error);
            None
        }
    }
}

/// Reads one value of a fact, as a party file or an answer gives it.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn parse_value(node: &Node, definition: &FactDef, vocabulary: &Vocabulary) -> Result<Value, Diagnostic> {
    let text = node.text().unwrap_or_default().trim();
    let wrong = |zh: String, en: String| {
        Diagnostic::error(
            "E0611",
            node.span,
            format!("{}：{zh}", definition.label.zh),
            format!("{}: {en}", definition.label.en),
        )
    };
    if let Type::Codes(list) = definition.ty {
        let items: Vec<(&str, Span)> = match &node.kind {
            Kind::Seq(items) => items.iter().map(|item| (item.text().unwrap_or_default(), item.span)).collect(),
            _ if matches!(text, "" | "none" | "无" | "[]") => Vec::new(),
            _ => text.split([',', ';', '、', ',']).map(|item| (item.trim(), node.span)).collect(),
        };
        return items
            .into_iter()
            .map(|(item, span)| code(item, list, span, definition, vocabulary))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Codes);
    }
    if node.text().is_none() {
        return Err(wrong("应是单个值".into(), "a single value is expected".into()));
    }
    let parsed =
        match definition.ty {
            Type::Bool => match text {
                "yes" | "true" | "是" | "有" | "y" => Value::Bool(true),
                "no" | "false" | "否" | "无" | "没有" | "n" => Value::Bool(false),
                _ => return Err(wrong(format!("`{text}` 应为 yes 或 no"), format!("`{text}` is neither yes nor no"))),
            },
            Type::Money => Value::Money(Money::parse(text).map_err(|e| {
                wrong(e.zh(), e.to_string()).hint("例如 500000 CNY 或 50万元", "for example 500000 CNY")
            })?),
            Type::Rate => Value::Rate(
                Rate::parse(text).map_err(|e| wrong(e.zh(), e.to_string()).hint("例如 60%", "for example 60%"))?,
            ),
            Type::Count => match scalar(text, Type::Count) {
                Ok(count) => Value::Count(i64::try_from(count).unwrap_or(i64::MAX)),
                Err(error) => return Err(wrong(error.zh, error.en)),
            },
            Type::Quantity(unit) => Value::Quantity(quantity(text, unit).map_err(|e| wrong(e.zh, e.en))?),
            Type::Months => Value::Quantity(quantity(text, Unit::Month).map_err(|e| wrong(e.zh, e.en))?),
            Type::Days => Value::Quantity(quantity(text, Unit::Day).map_err(|e| wrong(e.zh, e.en))?),
            Type::Date => Value::Date(
                Date::parse(text)
                    .map_err(|e| wrong(e.zh(), e.to_string()).hint("例如 2026-05-06", "for example 2026-05-06"))?,
            ),
            Type::Code(list) => Value::Code(code(text, list, node.span, definition, vocabulary)?),
            Type::Place => match PlaceTree::china().get(text) {
                Some(place) => Value::Place(place),
                None => {
                    let near = PlaceTree::china().nearest(text).map(str::to_owned);
                    return Err(wrong(format!("没有 `{text}` 这个地方"), format!("there is no place `{text}`"))
                        .nearest(near.as_deref()));
                }
            },
            _ => words(text, definition, node.span)?,
        };
    in_range(&parsed, text, definition).map_err(|error| wrong(error.zh, error.en))?;
    Ok(parsed)
}

/// A text; a social credit code in its canonical form.
fn words(text: &str, definition: &FactDef, span: Span) -> Result<Value, Diagnostic> {
    if definition.name != "org.uscc" {
        return Ok(Value::Text(text.to_owned()));
    }
    let code = Uscc::parse(text).map_err(|error| Diagnostic::error("E0602", span, error.zh(), error.to_string()))?;
    Ok(Value::Text(code.to_string()))
}

fn quantity(text: &str, unit: Unit) -> Result<Quantity, Text> {
    match Quantity::parse(text) {
        Ok(quantity) if quantity.unit == unit => Ok(quantity),
        Ok(other) => Err(Text::new(
            format!("`{text}` 的单位应为{}({})", unit.zh(), unit.code()),
            format!("`{text}` is in {}, not in {}", other.unit.code(), unit.code()),
        )),
        Err(error) => Err(Text::new(error.zh(), error.to_string())),
    }
}

fn code(
    text: &str,
    list: u16,
    span: Span,
    definition: &FactDef,
    vocabulary: &Vocabulary,
) -> Result<String, Diagnostic> {
    let empty = Vec::new();
    let codes = vocabulary.codes.get(list as usize).map_or(&empty, |list| &list.values);
    if let Some((code, _)) =
        codes.iter().find(|(code, label)| code == text || label.zh == text || label.en.eq_ignore_ascii_case(text))
    {
        return Ok(code.clone());
    }
    let near = domain::text::nearest(text, codes.iter().flat_map(|(code, label)| [code.as_str(), label.zh.as_str()]));
    let all: Vec<&str> = codes.iter().take(20).map(|(code, _)| code.as_str()).collect();
    let all = all.join(", ");
    let finding = Diagnostic::error(
        "E0612",
        span,
        format!("{}：没有 `{text}` 这一项", definition.label.zh),
        format!("{}: there is no `{text}`", definition.label.en),
    );
    Err(match near {
        Some(near) => finding.nearest(Some(near)),
        None => finding.hint(format!("可用：{all}"), format!("one of: {all}")),
    })
}

fn in_range(value: &Value, text: &str, definition: &FactDef) -> Result<(), Text> {
    let ordered =
        matches!(value, Value::Money(_) | Value::Rate(_) | Value::Count(_) | Value::Quantity(_) | Value::Date(_));
    if !ordered {
        return Ok(());
    }
    let Ok(number) = scalar(text, definition.ty) else { return Ok(()) };
    let show = |value: i128, lang| crate::words::number(value, definition.ty, lang);
    if number < definition.range.lo {
        return Err(Text::new(
            format!("`{text}` 低于最小值 {}", show(definition.range.lo, crate::Lang::Zh)),
            format!("`{text}` is below {}", show(definition.range.lo, crate::Lang::En)),
        ));
    }
    if number > definition.range.hi {
        return Err(Text::new(
            format!("`{text}` 超过最大值 {}", show(definition.range.hi, crate::Lang::Zh)),
            format!("`{text}` is above {}", show(definition.range.hi, crate::Lang::En)),
        ));
    }
    Ok(())
}
