//! Answers as people type them, turned into facts; every mistake at its field, and what is right is kept.

use std::collections::{BTreeMap, BTreeSet};

use domain::text::half_width;
use domain::{Fact, Knowledge, Party, Record};
use rules::diag::{Span, Text};
use rules::party::parse_value;
use rules::vocabulary::{FactDef, Type, Vocabulary};
use rules::yaml::{Kind, Node};

use super::Key;
use super::field::{self, Input, none_answers};
use crate::Profile;

/// Records of one kind that can be entered at most.
pub const MAX_RECORDS: usize = 50;

/// What the fields that were left open mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// The party does not know.
    #[default]
    Unknown,
    /// None of these: no, no records, none of the codes. Other fields stay unknown.
    None,
}

/// A form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The keys of all fields that were shown.
    pub shown: BTreeSet<String>,
    /// What was entered, by key; several values where several codes were chosen.
    pub entries: BTreeMap<String, Vec<String>>,
    /// What the open ones mean.
    pub rest: Rest,
}

/// A mistake at a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's key.
    pub key: String,
    /// What was entered.
    pub entered: String,
    /// What is wrong, and what would be right.
    pub message: Text,
}

/// Takes the answers of a form. Every right one is kept, also when others are wrong; a field that was shown and left open is
/// unknown from now on, and not asked again.
///
/// # Errors
/// Every field whose answer cannot be read.
pub fn answer(vocabulary: &Vocabulary, profile: &mut Profile, form: &Form) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let keys: BTreeSet<&String> = form.shown.iter().chain(form.entries.keys()).collect();
    for name in keys {
        let values: Vec<&str> = form.entries.get(name).into_iter().flatten().map(String::as_str).collect();
        let Some(key) = Key::parse(name, vocabulary).filter(|key| exists(&profile.party, key)) else {
            let message = Text::new("这里没有这一项，请刷新页面", "there is no such field here: reload the page");
            errors.push(FieldError { key: name.clone(), entered: values.join(", "), message });
            continue;
        };
        let text = values.join(",");
        let result = if is_open(&text) && values.len() < 2 {
            leave_open(vocabulary, profile, &key, form.rest);
            Ok(())
        } else {
            take(vocabulary, &mut profile.party, &key, &text)
        };
        match result {
            Ok(()) if !is_open(&text) => {
                profile.skipped.remove(name);
            }
            Ok(()) => {}
            Err(message) => errors.push(FieldError { key: name.clone(), entered: text, message }),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Whether an entry says nothing.
fn is_open(text: &str) -> bool {
    matches!(text.trim(), "" | "?" | "？" | "unknown" | "未知" | "不知道")
}

/// Whether a key has a place in the party: a field needs its record.
pub(super) fn exists(party: &Party, key: &Key) -> bool {
    match key {
        Key::Fact(_) | Key::List(_) => true,
        Key::Field { record, id, .. } => {
            party.records.get(record).is_some_and(|rows| rows.iter().any(|row| row.id == *id))
        }
    }
}

fn leave_open(vocabulary: &Vocabulary, profile: &mut Profile, key: &Key, rest: Rest) {
    let input = field::field(vocabulary, &profile.party, key, None, &profile.skipped).input;
    if rest == Rest::None && none_answers(input) {
        let none = if input == Input::YesNo { "no" } else { "none" };
        // "no" and "none" are always read
        if take(vocabulary, &mut profile.party, key, none).is_ok() {
            profile.skipped.remove(&key.to_string());
        }
        return;
    }
    // what sources say differently stays as it is until somebody settles it
    if field::fact(&profile.party, key).is_some_and(|fact| matches!(fact.value, Knowledge::Disputed(_))) {
        return;
    }
    remove(vocabulary, &mut profile.party, key);
    profile.skipped.insert(key.to_string());
}

/// Takes back an answer, or that it is not known; it can be asked again. A list goes with its records.
pub fn clear(vocabulary: &Vocabulary, profile: &mut Profile, key: &Key) {
    remove(vocabulary, &mut profile.party, key);
    profile.skipped.remove(&key.to_string());
    if let Some(record) = key.record(vocabulary).filter(|_| matches!(key, Key::List(_))) {
        let fields = format!("{}.", record.name);
        profile.skipped.retain(|name| !(name.starts_with(&fields) && name.contains('#')));
    }
}

fn remove(vocabulary: &Vocabulary, party: &mut Party, key: &Key) {
    match key {
        Key::Fact(fact) => {
            party.facts.remove(fact);
        }
        Key::List(_) => {
            if let Some(record) = key.record(vocabulary) {
                party.records.remove(&record.name);
            }
        }
        Key::Field { record, field, id } => {
            if let Some(row) = row(party, record, id) {
                row.facts.remove(field);
            }
        }
    }
}

fn row<'p>(party: &'p mut Party, record: &str, id: &str) -> Option<&'p mut Record> {
    party.records.get_mut(record)?.iter_mut().find(|row| row.id == id)
}

/// Puts an answer where it belongs. An answer that says what is known already keeps its source.
///
/// # Errors
/// What is wrong with it and what would be right.
pub fn take(vocabulary: &Vocabulary, party: &mut Party, key: &Key, text: &str) -> Result<(), Text> {
    let Some(definition) = key.definition(vocabulary) else {
        return take_list(vocabulary, party, key, text);
    };
    let text = completed(text, definition);
    let node = Node { span: Span::default(), kind: Kind::Scalar { text, quoted: false } };
    let value = parse_value(&node, definition, vocabulary).map_err(|finding| {
        let hint = finding.hint.unwrap_or_default();
        if hint == Text::default() {
            return finding.message;
        }
        Text::new(format!("{}({})", finding.message.zh, hint.zh), format!("{} ({})", finding.message.en, hint.en))
    })?;
    if field::fact(party, key).is_some_and(|fact| fact.value.known() == Some(&value)) {
        return Ok(());
    }
    let fact = Fact::known(value);
    match key {
        Key::Fact(name) => {
            party.facts.insert(name.clone(), fact);
        }
        Key::Field { record, field, id } => {
            if let Some(row) = row(party, record, id) {
                row.facts.insert(field.clone(), fact);
            }
        }
        Key::List(_) => {}
    }
    Ok(())
}

/// An answer in half-width characters, with the unit that the field shows where only a number was typed.
fn completed(text: &str, definition: &FactDef) -> String {
    if matches!(definition.ty, Type::Text) && definition.name != "org.uscc" {
        return text.trim().to_owned();
    }
    let text = half_width(text);
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' '));
    match definition.ty {
        Type::Money if plain => format!("{text} CNY"),
        Type::Quantity(unit) if plain => format!("{text} {unit}"),
        Type::Months if plain => format!("{text} {}", domain::Unit::Month),
        Type::Days if plain => format!("{text} {}", domain::Unit::Day),
        _ => text,
    }
}

/// A list of records is answered by their number; their fields are asked next. Records that are there stay, the last go first.
fn take_list(vocabulary: &Vocabulary, party: &mut Party, key: &Key, text: &str) -> Result<(), Text> {
    let Some(record) = key.record(vocabulary) else { return Ok(()) };
    let text = half_width(text);
    let count = match text.as_str() {
        "none" | "无" | "没有" | "[]" => 0,
        number => number
            .trim_end_matches(['项', '个', '份', '家', '笔'])
            .trim()
            .parse::<usize>()
            .ok()
            .filter(|count| *count <= MAX_RECORDS)
            .ok_or_else(|| {
                Text::new(
                    format!("{}：`{text}` 不对，请填 0 至 {MAX_RECORDS} 的整数", record.label.zh),
                    format!("{}: `{text}` is not a whole number from 0 to {MAX_RECORDS}", record.label.en),
                )
            })?,
    };
    let rows = party.records.entry(record.name.clone()).or_default();
    rows.truncate(count);
    let mut number = 0;
    while rows.len() < count {
        number += 1;
        let id = number.to_string();
        if !rows.iter().any(|row| row.id == id) {
            rows.push(Record { id, facts: BTreeMap::new() });
        }
    }
    Ok(())
}
