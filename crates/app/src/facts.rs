//! Parties from and to party files: JSON, YAML and CSV in, JSON out. What is written is read back the same.

use domain::{Date, Fact, Knowledge, ListEntry, Party, PartyKind, PlaceTree, Value};
use rules::diag::{Diagnostic, Span};
use rules::party::{self, PartyFile};
use rules::vocabulary::Vocabulary;
use rules::yaml::{self, Kind, Node};
use serde_json::{Map, Value as Json, json};

use crate::party_csv;

/// The form of a party file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML, and JSON as a part of it.
    Yaml,
    /// One party a row.
    Csv,
}

impl Format {
    /// The form that a file's name tells.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let csv = name.rsplit('.').next().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if csv { Self::Csv } else { Self::Yaml }
    }
}

/// Reads the parties of a file called `name`.
///
/// # Errors
/// Every mistake in it, with its place.
pub fn read(
    name: &str,
    bytes: &[u8],
    format: Format,
    vocabulary: &Vocabulary,
) -> Result<Vec<PartyFile>, Vec<Diagnostic>> {
    let roots = match format {
        Format::Csv => party_csv::rows(name, bytes)?,
        Format::Yaml => vec![
            yaml::parse(bytes, yaml::MAX_PARTY_BYTES)
                .map_err(|more| more.into_iter().map(|finding| finding.in_file(name)).collect::<Vec<_>>())?,
        ],
    };
    let mut findings = Vec::new();
    let mut parties = Vec::new();
    for root in roots {
        match party::read(name, &root, vocabulary) {
            Ok(party) => parties.push(party),
            Err(more) => findings.extend(more),
        }
    }
    if findings.is_empty() { Ok(parties) } else { Err(findings) }
}

/// Reads one party from JSON in the form of a party file.
///
/// # Errors
/// Every mistake in it. A finding's span has no place in a text.
pub fn from_json(value: &Json, vocabulary: &Vocabulary) -> Result<PartyFile, Vec<Diagnostic>> {
    party::read("", &node(value), vocabulary)
}

/// JSON as the tree that party files are read from.
#[must_use]
pub fn node(value: &Json) -> Node {
    let scalar = |text: String, quoted: bool| Kind::Scalar { text, quoted };
    let kind = match value {
        Json::Null => scalar("null".to_owned(), false),
        Json::Bool(value) => scalar(value.to_string(), false),
        Json::Number(value) => scalar(value.to_string(), false),
        Json::String(text) => scalar(text.clone(), true),
        Json::Array(items) => Kind::Seq(items.iter().map(node).collect()),
        Json::Object(entries) => Kind::Map(
            entries
                .iter()
                .map(|(key, value)| (Node { span: Span::default(), kind: scalar(key.clone(), true) }, node(value)))
                .collect(),
        ),
    };
    Node { span: Span::default(), kind }
}

/// A party as a party file, with its dates if given.
#[must_use]
pub fn write(party: &Party, on: Option<Date>, known_on: Option<Date>, vocabulary: &Vocabulary) -> Json {
    let mut file = head(party, on, known_on);
    facts(party, &mut file);
    records(party, vocabulary, &mut file);
    if !party.lists.is_empty() {
        let lists: Map<String, Json> =
            party.lists.iter().map(|(list, all)| (list.clone(), all.iter().map(list_entry).collect())).collect();
        file.insert("lists".into(), Json::Object(lists));
    }
    if !party.decisions.is_empty() {
        let decided = |yes: &bool| json!(if *yes { "yes" } else { "no" });
        let decisions: Map<String, Json> =
            party.decisions.iter().map(|(key, yes)| (key.clone(), decided(yes))).collect();
        file.insert("decisions".into(), Json::Object(decisions));
    }
    Json::Object(file)
}

fn head(party: &Party, on: Option<Date>, known_on: Option<Date>) -> Map<String, Json> {
    let mut file = Map::new();
    let kind = match party.kind {
        PartyKind::Organisation => "organisation",
        PartyKind::Person => "person",
    };
    file.insert("party".into(), json!(kind));
    for (key, text) in [("name", &party.name), ("id", &party.id)] {
        if let Some(text) = text {
            file.insert(key.into(), json!(text));
        }
    }
    for (key, date) in [("on", on), ("known_on", known_on)] {
        if let Some(date) = date {
            file.insert(key.into(), json!(date.to_string()));
        }
    }
    file
}

fn facts(party: &Party, file: &mut Map<String, Json>) {
    for (key, fact) in &party.facts {
        let value = fact_json(fact);
        match key.year {
            None => {
                file.insert(key.name.clone(), value);
            }
            Some(year) => {
                let years = file.entry(key.name.clone()).or_insert_with(|| json!({}));
                if let Some(years) = years.as_object_mut() {
                    years.insert(year.to_string(), value);
                }
            }
        }
    }
}

fn records(party: &Party, vocabulary: &Vocabulary, file: &mut Map<String, Json>) {
    for (name, rows) in &party.records {
        let definition = vocabulary.record(name).and_then(|index| vocabulary.records.get(index));
        let Some(definition) = definition else { continue };
        let rows = rows.iter().map(|row| {
            let mut entries = Map::new();
            entries.insert("id".into(), json!(row.id));
            entries.extend(row.facts.iter().map(|(field, fact)| (field.clone(), fact_json(fact))));
            Json::Object(entries)
        });
        file.insert(definition.list.clone(), rows.collect());
    }
}

fn list_entry(entry: &ListEntry) -> Json {
    let mut written = Map::new();
    written.insert("member".into(), json!(entry.member));
    let texts = [
        ("scope", entry.scope.clone()),
        ("from", entry.period.from().map(|date| date.to_string())),
        ("to", entry.period.to().map(|date| date.to_string())),
        ("source", entry.source.clone()),
    ];
    written.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text?)))));
    Json::Object(written)
}

/// A fact: its bare value, or the value with where it comes from.
fn fact_json(fact: &Fact) -> Json {
    let (key, value) = match &fact.value {
        Knowledge::Known(value) => ("value", value_json(value)),
        Knowledge::Unknown => ("value", json!("unknown")),
        Knowledge::Disputed(values) => ("disputed", values.iter().map(value_json).collect()),
    };
    let bare = fact.source.is_none() && fact.evidence.is_none() && fact.as_of.is_none();
    if bare && matches!(fact.value, Knowledge::Known(_)) {
        return value;
    }
    let mut written = Map::new();
    written.insert(key.into(), value);
    let texts = [
        ("source", fact.source.clone()),
        ("evidence", fact.evidence.map(|grade| grade.code().to_owned())),
        ("as_of", fact.as_of.map(|date| date.to_string())),
    ];
    written.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text?)))));
    Json::Object(written)
}

/// A value in the form that [`rules::party::parse_value`] reads.
fn value_json(value: &Value) -> Json {
    match value {
        Value::Bool(yes) => json!(if *yes { "yes" } else { "no" }),
        Value::Codes(codes) => json!(codes),
        other => json!(value_text(other)),
    }
}

/// A value as text in the form that [`rules::party::parse_value`] reads.
#[must_use]
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Money(money) => money.to_string(),
        Value::Rate(rate) => rate.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Code(code) | Value::Text(code) => code.clone(),
        Value::Codes(codes) => codes.join(", "),
        Value::Place(place) => PlaceTree::china().id(*place).to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
