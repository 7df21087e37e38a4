//! The fields of a question: what is typed or chosen, with units, choices, examples and what is known already.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Fact, FactKey, Knowledge, Party, PlaceTree, Unit, Value};
use rules::diag::Text;
use rules::report::{Assessment, MissingReport};
use rules::vocabulary::{FactDef, RecordDef, Type, Vocabulary};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Key, Section, Stake};
use crate::facts::value_text;

/// How a field is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Yes or no.
    YesNo,
    /// One of the choices.
    One,
    /// Any of the choices, or none of them.
    Several,
    /// An amount of renminbi.
    Money,
    /// A proportion.
    Rate,
    /// A whole number.
    Count,
    /// A number with the field's unit.
    Quantity,
    /// A day.
    Date,
    /// A place of the place table.
    Place,
    /// Text.
    Text,
    /// How many records there are; none is an answer.
    HowMany,
}

/// One of several answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Choice {
    /// What the form sends.
    pub code: String,
    /// What readers see.
    pub label: Text,
}

/// A field: one fact, with a cell for each year if it is kept by year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field {
    /// The fact, the list or the field of a record: `org.revenue`, `contracts`, `contract.amount`.
    pub name: String,
    /// What readers call it.
    pub label: Text,
    /// The question in words.
    pub ask: Text,
    /// How it is answered.
    pub input: Input,
    /// The unit that is meant where only a number is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// The answers to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// How it is written, with an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
    /// Accepted proof.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Text>,
    /// Whether it identifies a person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub personal: bool,
    /// The money that waits for it.
    pub stake: Stake,
    /// The measures that wait for it, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
    /// One cell, or one for each year that matters, the earliest first.
    pub cells: Vec<Cell>,
}

/// Where an answer is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// Its key in forms.
    pub key: String,
    /// The year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// What is known, in the form in which it is typed; empty if nothing is.
    pub value: Text,
    /// What is known in words; every candidate where sources disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text>,
    /// The codes that are known, for [`Input::Several`]; absent while it is not known which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<Vec<String>>,
    /// Where what is known comes from; absent for the party's own answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The grade of its evidence: a code of [`domain::Evidence`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<&'static str>,
    /// The day that it held on, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Whether sources disagree; an answer settles it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// Whether the party said that it does not know.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub skipped: bool,
}

/// The fields for keys: in the order of the vocabulary, those of a record under its name.
pub(super) fn sections(
    assessment: &Assessment<'_>,
    keys: &BTreeMap<Key, Option<&MissingReport>>,
    skipped: &BTreeSet<String>,
) -> Vec<Section> {
    let (vocabulary, party) = (&assessment.program.vocabulary, assessment.party);
    let mut placed: Vec<((usize, usize), &Key)> = keys.keys().map(|key| (place(vocabulary, party, key), key)).collect();
    placed.sort_by_key(|placed| placed.0);
    let mut sections: Vec<Section> = Vec::new();
    for (_, key) in placed {
        let record = match key {
            Key::Field { id, .. } => Some(id.clone()),
            Key::Fact(_) | Key::List(_) => None,
        };
        if sections.last().is_none_or(|section| section.record != record) {
            let title = key
                .record(vocabulary)
                .filter(|_| record.is_some())
                .map(|definition| title(definition, record.as_deref().unwrap_or_default()));
            sections.push(Section { record, title, fields: Vec::new() });
        }
        let Some(section) = sections.last_mut() else { continue };
        let missing = keys.get(key).copied().flatten();
        let field = field(vocabulary, party, key, missing, skipped);
        match section.fields.last_mut() {
            // the years of one fact stand in one row
            Some(last) if last.name == field.name => {
                last.cells.extend(field.cells);
                last.stake = last.stake.max(field.stake);
                let new = field.measures.into_iter().filter(|measure| !last.measures.contains(measure));
                let new: Vec<String> = new.collect();
                last.measures.extend(new);
            }
            _ => section.fields.push(field),
        }
    }
    sections
}

/// Where a key stands: facts and lists as their question has them, fields by record and as declared.
fn place(vocabulary: &Vocabulary, party: &Party, key: &Key) -> (usize, usize) {
    match key {
        Key::Fact(_) | Key::List(_) => {
            let question = vocabulary.question(&key.question(vocabulary));
            let name = match key {
                Key::Fact(fact) => fact.name.as_str(),
                Key::List(list) => list.as_str(),
                Key::Field { .. } => "",
            };
            let place = |asked: &_| vocabulary.asked_name(*asked) == name;
            (question.and_then(|question| question.facts.iter().position(place)).unwrap_or(usize::MAX), 0)
        }
        Key::Field { record, field, id } => {
            let rows = party.records.get(record);
            let row = rows.and_then(|rows| rows.iter().position(|row| row.id == *id));
            let number = key.record(vocabulary).and_then(|record| record.field(field));
            (row.unwrap_or(usize::MAX), number.unwrap_or(usize::MAX))
        }
    }
}

/// The field for one key, with one cell.
pub(super) fn field(
    vocabulary: &Vocabulary,
    party: &Party,
    key: &Key,
    missing: Option<&MissingReport>,
    skipped: &BTreeSet<String>,
) -> Field {
    let cell = cell(party, key, vocabulary, skipped);
    let stake =
        missing.map_or_else(Stake::default, |missing| Stake::of_report(missing.money, missing.stake.as_deref()));
    let measures = missing.map(|missing| missing.measures.clone()).unwrap_or_default();
    let Some(definition) = key.definition(vocabulary) else {
        let record = key.record(vocabulary);
        return Field {
            name: key.to_string(),
            label: record.map(|record| record.label.clone()).unwrap_or_default(),
            ask: record.map(|record| record.ask.clone()).unwrap_or_default(),
            input: Input::HowMany,
            unit: Some(Text::new("项", "in number")),
            choices: Vec::new(),
            hint: Some(Text::new("有几项？没有填 0", "How many? 0 for none")),
            evidence: Vec::new(),
            personal: false,
            stake,
            measures,
            cells: vec![cell],
        };
    };
    let (input, unit, choices) = input(vocabulary, party, definition);
    Field {
        name: definition.name.clone(),
        label: definition.label.clone(),
        ask: definition.ask.clone(),
        input,
        unit,
        choices,
        hint: hint(definition, input),
        evidence: definition.evidence.iter().map(|code| vocabulary.code_label("evidence", code)).collect(),
        personal: definition.personal,
        stake,
        measures,
        cells: vec![cell],
    }
}

fn input(vocabulary: &Vocabulary, party: &Party, definition: &FactDef) -> (Input, Option<Text>, Vec<Choice>) {
    let codes = |list: u16| {
        let list = vocabulary.codes.get(usize::from(list));
        let values = list.map(|list| list.values.as_slice()).unwrap_or_default();
        values.iter().map(|(code, label)| Choice { code: code.clone(), label: label.clone() }).collect()
    };
    let quantity = |unit: Unit| (Input::Quantity, Some(Text::new(unit.zh(), unit.en(true))), Vec::new());
    match definition.ty {
        Type::Bool => (Input::YesNo, None, Vec::new()),
        Type::Money | Type::MoneyPer(_) => (Input::Money, Some(Text::new("元", "CNY")), Vec::new()),
        Type::Rate => (Input::Rate, None, Vec::new()),
        Type::Count => (Input::Count, None, Vec::new()),
        Type::Quantity(unit) => quantity(unit),
        Type::Months => quantity(Unit::Month),
        Type::Days => quantity(Unit::Day),
        Type::Date => (Input::Date, None, Vec::new()),
        Type::Code(list) => (Input::One, None, codes(list)),
        Type::Codes(list) => (Input::Several, None, codes(list)),
        Type::Place => (Input::Place, None, Vec::new()),
        Type::Text => {
            let choices = referred(vocabulary, party, definition);
            if choices.is_empty() { (Input::Text, None, choices) } else { (Input::One, None, choices) }
        }
    }
}

/// The records that a text field refers to: a field that is called like a kind of record holds the id of one.
fn referred(vocabulary: &Vocabulary, party: &Party, definition: &FactDef) -> Vec<Choice> {
    let Some((owner, field)) = definition.name.split_once('.') else { return Vec::new() };
    let record = vocabulary.record(field).and_then(|index| vocabulary.records.get(index)).filter(|_| owner != field);
    let Some(record) = record.filter(|_| vocabulary.record(owner).is_some()) else { return Vec::new() };
    let rows = party.records.get(&record.name).map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| Choice { code: row.id.clone(), label: title(record, &row.id) }).collect()
}

/// What a record is called.
fn title(record: &RecordDef, id: &str) -> Text {
    Text::new(format!("{} {id}", record.label.zh), format!("{} {id}", record.label.en))
}

fn hint(definition: &FactDef, input: Input) -> Option<Text> {
    let hint = match input {
        Input::Money => Text::new("例如 50万元；只写数字按元计", "For example 500000; a plain number is taken as yuan"),
        Input::Date => Text::new("例如 2025-09-20", "For example 2025-09-20"),
        Input::Rate => Text::new("例如 60%", "For example 60%"),
        Input::Count => Text::new("整数，例如 20", "A whole number, for example 20"),
        Input::Place => Text::new("例如 南山区、深圳市", "For example nanshan or shenzhen"),
        Input::Text if definition.name == "org.uscc" => {
            Text::new("营业执照上的 18 位代码", "The 18 characters on the business licence")
        }
        Input::YesNo | Input::One | Input::Several | Input::Quantity | Input::Text | Input::HowMany => return None,
    };
    Some(hint)
}

/// Whether “none of these” answers several of the fields, and most of them: beside fields of other kinds it would be
/// misread.
pub(super) fn is_checklist(sections: &[Section]) -> bool {
    let fields = || sections.iter().flat_map(|section| &section.fields);
    let cells = |wanted: bool| -> usize {
        fields().filter(|field| none_answers(field.input) == wanted).map(|field| field.cells.len()).sum()
    };
    cells(true) > cells(false).max(1)
}

/// Whether “none of these” is an answer: no, none of the codes, no records.
pub(super) const fn none_answers(input: Input) -> bool {
    matches!(input, Input::YesNo | Input::Several | Input::HowMany)
}

/// The fact under a key.
pub(super) fn fact<'p>(party: &'p Party, key: &Key) -> Option<&'p Fact> {
    match key {
        Key::Fact(fact) => party.facts.get(fact),
        Key::List(_) => None,
        Key::Field { record, field, id } => {
            party.records.get(record)?.iter().find(|row| row.id == *id)?.facts.get(field)
        }
    }
}

/// Whether something is known under a key, disputed or not.
pub(super) fn is_known(party: &Party, key: &Key, vocabulary: &Vocabulary) -> bool {
    match key {
        Key::List(_) => key.record(vocabulary).is_some_and(|record| party.records.contains_key(&record.name)),
        Key::Fact(_) | Key::Field { .. } => fact(party, key).is_some_and(|fact| fact.value != Knowledge::Unknown),
    }
}

fn cell(party: &Party, key: &Key, vocabulary: &Vocabulary, skipped: &BTreeSet<String>) -> Cell {
    let name = key.to_string();
    let skipped = skipped.contains(&name);
    let year = match key {
        Key::Fact(FactKey { year, .. }) => *year,
        Key::List(_) | Key::Field { .. } => None,
    };
    let mut cell = Cell {
        key: name,
        year,
        value: Text::default(),
        said: None,
        codes: None,
        source: None,
        evidence: None,
        as_of: None,
        disputed: false,
        skipped,
    };
    if let Key::List(_) = key {
        let rows = key.record(vocabulary).and_then(|record| party.records.get(&record.name));
        if let Some(rows) = rows {
            cell.value = Text::same(rows.len().to_string());
            let count = Text::new(format!("{}项", rows.len()), rows.len().to_string());
            cell.said = Some(if rows.is_empty() { Text::new("无", "none") } else { count });
        }
        return cell;
    }
    let (Some(fact), Some(definition)) = (fact(party, key), key.definition(vocabulary)) else { return cell };
    let said: Vec<Text> = fact.value.candidates().iter().map(|value| vocabulary.say(definition.ty, value)).collect();
    let join = |pick: fn(&Text) -> &str, or: &str| said.iter().map(pick).collect::<Vec<_>>().join(or);
    cell.said = (!said.is_empty()).then(|| Text::new(join(|text| &text.zh, " 或 "), join(|text| &text.en, " or ")));
    cell.source.clone_from(&fact.source);
    cell.evidence = fact.evidence.map(domain::Evidence::code);
    cell.as_of = fact.as_of.map(|day| day.to_string());
    cell.disputed = matches!(fact.value, Knowledge::Disputed(_));
    if let Some(value) = fact.value.known() {
        cell.value = typed(value);
        if let Value::Codes(codes) = value {
            cell.codes = Some(codes.clone());
        }
    }
    cell
}

/// A value as one types it.
fn typed(value: &Value) -> Text {
    let tree = PlaceTree::china();
    match value {
        // the unit stands beside the field
        Value::Money(money) => {
            let text = money.to_string();
            let yuan = text.trim_end_matches(" CNY");
            Text::same(yuan.strip_suffix(".00").unwrap_or(yuan))
        }
        Value::Quantity(quantity) => {
            let text = quantity.to_string();
            Text::same(text.split_once(' ').map_or(text.as_str(), |(number, _)| number))
        }
        Value::Place(place) => Text::new(tree.zh(*place), tree.id(*place)),
        other => Text::same(value_text(other)),
    }
}
