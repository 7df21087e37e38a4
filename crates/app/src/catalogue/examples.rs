//! The cases beside a rule as worked examples: how each differs from the example that they start from, and what the rule
//! says of it.

use domain::{Fact, FactKey, Knowledge, Party, Record};
use rules::ast::Measure;
use rules::cases::{self, Prepared};
use rules::diag::Text;
use rules::explain;
use rules::ir::Program;
use rules::vocabulary::{FactDef, Vocabulary};
use rules::yaml::{Kind, Node};

use super::Card;
use crate::Kapok;

/// A worked example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The case's name, in the language of the rule's file.
    pub name: String,
    /// What is different from the example that the cases start from: all that is given where a case stands alone.
    pub given: Vec<Given>,
    /// What the rule is expected to say, in words.
    pub expected: Text,
    /// Whether it does.
    pub holds: bool,
}

/// A fact of a worked example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What it is.
    pub label: Text,
    /// What it comes to.
    pub value: Text,
}

impl Kapok {
    /// The facts of the example that the cases of a measure start from; none where each case stands alone.
    #[must_use]
    pub fn basic_example(&self, card: &Card) -> Vec<Given> {
        let Some(measure) = self.program.catalogue.measures.get(card.measure) else { return Vec::new() };
        if measure.example.is_none() {
            return Vec::new();
        }
        given(&self.program, measure, &nothing(measure), None)
    }

    /// The worked examples of a measure, run when they are asked for.
    #[must_use]
    pub fn examples(&self, card: &Card) -> Vec<Example> {
        let program = &self.program;
        let Some(measure) = program.catalogue.measures.get(card.measure) else { return Vec::new() };
        let explained = explain::latest(measure).and_then(|version| explain::explain(program, card.measure, version));
        let expected = explained.map(|explained| explained.examples).unwrap_or_default();
        let results = cases::run(program, &|other| other.id == measure.id);
        let base = cases::prepare(program, measure, &nothing(measure)).ok();
        let lines = measure.cases.iter().zip(&expected).zip(&results);
        lines
            .map(|((case, expected), result)| Example {
                name: expected.name.clone(),
                given: given(program, measure, case, base.as_ref()),
                expected: expected.expected.clone(),
                holds: result.passed,
            })
            .collect()
    }
}

/// A case that changes nothing.
fn nothing(measure: &Measure) -> Node {
    Node { span: measure.at.span, kind: Kind::Map(Vec::new()) }
}

/// What is different in a case.
fn given(program: &Program, measure: &Measure, case: &Node, base: Option<&Prepared>) -> Vec<Given> {
    let Ok(case) = cases::prepare(program, measure, case) else { return Vec::new() };
    let nothing = Party::new(case.party.kind);
    let from = base.map_or(&nothing, |base| &base.party);
    let mut given = Vec::new();
    if base.is_none_or(|base| base.dates.on != case.dates.on) {
        let on = case.dates.on;
        given.push(Given { label: Text::new("测算日期", "date"), value: Text::new(on.zh(), on.to_string()) });
    }
    facts(&program.vocabulary, from, &case.party, &mut given);
    records(&program.vocabulary, from, &case.party, &mut given);
    for (list, entries) in &case.party.lists {
        if from.lists.get(list) != Some(entries) {
            let known = program.catalogue.lists.iter().find(|known| known.id == *list);
            let members: Vec<&str> = entries.iter().map(|entry| entry.member.as_str()).collect();
            given.push(Given {
                label: known.map_or_else(|| Text::same(list), |known| known.name.clone()),
                value: if members.is_empty() { none() } else { Text::new(members.join("、"), members.join(", ")) },
            });
        }
    }
    for (key, decided) in &case.party.decisions {
        if from.decisions.get(key) != Some(decided) {
            let review = program.reviews.iter().find(|review| review.key == *key);
            let value = if *decided {
                Text::new("已认定成立", "decided: yes")
            } else {
                Text::new("已认定不成立", "decided: no")
            };
            given.push(Given { label: review.map_or_else(|| Text::same(key), |review| review.label.clone()), value });
        }
    }
    let open = from.decisions.keys().filter(|key| !case.party.decisions.contains_key(*key));
    for review in open.filter_map(|key| program.reviews.iter().find(|review| review.key == *key)) {
        given.push(Given { label: review.label.clone(), value: Text::new("尚未认定", "not decided yet") });
    }
    given
}

fn none() -> Text {
    Text::new("无", "none")
}

fn unknown() -> Text {
    Text::new("未知", "not known")
}

fn facts(vocabulary: &Vocabulary, from: &Party, to: &Party, given: &mut Vec<Given>) {
    let changed =
        to.facts.iter().filter(|(key, fact)| from.facts.get(key).map(|before| &before.value) != Some(&fact.value));
    let label = |key: &FactKey, definition: &FactDef| match key.year {
        Some(year) => Text::new(format!("{year}年{}", definition.label.zh), format!("{} {year}", definition.label.en)),
        None => definition.label.clone(),
    };
    let definition = |key: &FactKey| vocabulary.fact(&key.name).and_then(|index| vocabulary.facts.get(index));
    for (key, fact) in changed {
        if let Some(definition) = definition(key) {
            given.push(Given { label: label(key, definition), value: said(vocabulary, definition, fact) });
        }
    }
    for key in from.facts.keys().filter(|key| !to.facts.contains_key(key)) {
        if let Some(definition) = definition(key) {
            given.push(Given { label: label(key, definition), value: unknown() });
        }
    }
}

/// Lists of records: each record that is new or different, by the fields that differ.
fn records(vocabulary: &Vocabulary, from: &Party, to: &Party, given: &mut Vec<Given>) {
    for definition in &vocabulary.records {
        let (before, after) = (from.records.get(&definition.name), to.records.get(&definition.name));
        let Some(after) = after else {
            if before.is_some() {
                given.push(Given { label: definition.label.clone(), value: unknown() });
            }
            continue;
        };
        if after.is_empty() && before.is_none_or(|before| !before.is_empty()) {
            given.push(Given { label: definition.label.clone(), value: none() });
        }
        for row in after {
            let twin = before.into_iter().flatten().find(|other| other.id == row.id);
            let fields = fields(vocabulary, &definition.fields, twin, row);
            if !fields.is_empty() || twin.is_none() {
                let label = Text::new(
                    format!("{} {}", definition.label.zh, row.id),
                    format!("{} {}", definition.label.en, row.id),
                );
                let join =
                    |pick: fn(&Text) -> &str, between: &str| fields.iter().map(pick).collect::<Vec<_>>().join(between);
                given
                    .push(Given { label, value: Text::new(join(|text| &text.zh, "，"), join(|text| &text.en, ", ")) });
            }
        }
    }
}

fn fields(vocabulary: &Vocabulary, definitions: &[FactDef], twin: Option<&Record>, row: &Record) -> Vec<Text> {
    let short = |definition: &FactDef| definition.name.rsplit('.').next().unwrap_or_default().to_owned();
    let mut said_fields = Vec::new();
    for definition in definitions {
        let before = twin.and_then(|twin| twin.facts.get(&short(definition)));
        let after = row.facts.get(&short(definition));
        let value = match (before, after) {
            (before, Some(after)) if before.map(|before| &before.value) != Some(&after.value) => {
                said(vocabulary, definition, after)
            }
            (Some(_), None) => unknown(),
            _ => continue,
        };
        let label = &definition.label;
        said_fields.push(Text::new(format!("{}：{}", label.zh, value.zh), format!("{}: {}", label.en, value.en)));
    }
    said_fields
}

fn said(vocabulary: &Vocabulary, definition: &FactDef, fact: &Fact) -> Text {
    let candidates = match &fact.value {
        Knowledge::Known(value) => vec![vocabulary.say(definition.ty, value)],
        Knowledge::Unknown => return unknown(),
        Knowledge::Disputed(values) => values.iter().map(|value| vocabulary.say(definition.ty, value)).collect(),
    };
    let join = |pick: fn(&Text) -> &str, between: &str| candidates.iter().map(pick).collect::<Vec<_>>().join(between);
    Text::new(join(|text| &text.zh, " 或 "), join(|text| &text.en, " or "))
}
