//! What was answered so far, with its source, and questions opened again.

use std::collections::{BTreeMap, BTreeSet};

use rules::diag::Text;
use rules::report::{Assessment, MissingReport};
use serde::Serialize;

use super::answer::exists;
use super::stake::Stakes;
use super::{Builder, Field, Key, Question, field, texts};
use crate::Profile;

/// A question that was answered, in part at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// Its name, by which it is opened again.
    pub name: String,
    /// What it is about.
    pub label: Text,
    /// The answers, and what the party does not know.
    pub fields: Vec<Field>,
}

/// The answers so far in the order of the questionnaire, those to fields of records included.
#[must_use]
pub fn given(assessment: &Assessment<'_>, profile: &Profile) -> Vec<Given> {
    let vocabulary = &assessment.program.vocabulary;
    let mut groups: BTreeMap<(usize, String), BTreeMap<Key, Option<&_>>> = BTreeMap::new();
    for key in keys(assessment, profile) {
        let name = key.question(vocabulary);
        groups.entry((super::place(vocabulary, &name), name)).or_default().insert(key, None);
    }
    groups
        .into_iter()
        .map(|((_, name), keys)| {
            let sections = field::sections(assessment, &keys, &profile.skipped);
            let (label, _) = texts(vocabulary, &name);
            Given { name, label, fields: sections.into_iter().flat_map(|section| section.fields).collect() }
        })
        .collect()
}

/// A question with its answers filled in, to change them: all that was answered or skipped, what is missing, and `also`
/// what was shown before. `None` when there is nothing to ask or to change under this name.
#[must_use]
pub fn reopen(assessment: &Assessment<'_>, profile: &Profile, name: &str, also: &BTreeSet<Key>) -> Option<Question> {
    let vocabulary = &assessment.program.vocabulary;
    let in_question = |key: &Key| key.question(vocabulary) == name;
    let asked: Vec<(Key, MissingReport)> =
        super::missing(assessment).into_iter().filter(|(key, _)| in_question(key)).collect();
    let given = keys(assessment, profile).into_iter().chain(also.iter().cloned());
    let given: BTreeSet<Key> = given.filter(|key| in_question(key) && exists(&profile.party, key)).collect();
    if asked.is_empty() && given.is_empty() {
        return None;
    }
    let stakes = Stakes::new(assessment);
    let builder = Builder { assessment, skipped: &profile.skipped, stakes: &stakes };
    Some(builder.question(name.to_owned(), &asked, given))
}

/// The keys of everything that was said: facts, lists, fields, and what the party does not know.
fn keys(assessment: &Assessment<'_>, profile: &Profile) -> BTreeSet<Key> {
    let vocabulary = &assessment.program.vocabulary;
    let facts = profile.party.facts.keys().cloned().map(Key::Fact);
    let records = profile.party.records.iter().flat_map(|(name, rows)| {
        let list = vocabulary
            .record(name)
            .and_then(|index| vocabulary.records.get(index))
            .map(|record| Key::List(record.list.clone()));
        let fields = rows.iter().flat_map(|row| {
            row.facts.keys().map(|field| Key::Field { record: name.clone(), field: field.clone(), id: row.id.clone() })
        });
        list.into_iter().chain(fields)
    });
    let skipped = profile.skipped.iter().filter_map(|name| Key::parse(name, vocabulary));
    let all = facts.chain(records).chain(skipped);
    all.filter(|key| key.is_askable(vocabulary) && exists(&profile.party, key)).collect()
}
