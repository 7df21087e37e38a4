//! The questionnaire: which question comes next and why, what was answered, and how answers become facts.
//!
//! What belongs together is asked together: the facts of one question of the vocabulary, or the fields of the records of one
//! kind. A question shows what is unknown and could still change the answer.

mod answer;
mod field;
mod given;
mod key;
mod stake;

use std::collections::{BTreeMap, BTreeSet};

use domain::{FactKey, Party};
use rules::diag::Text;
use rules::ir::Read;
use rules::report::{Assessment, MissingReport};
use rules::vocabulary::{Asked, Vocabulary};
use schemars::JsonSchema;
use serde::Serialize;

pub use answer::{FieldError, Form, MAX_RECORDS, Rest, answer, clear, take};
pub use field::{Cell, Choice, Field, Input};
pub use given::{Given, given, reopen};
pub use key::Key;
pub use stake::{Running, Stake};

use stake::Stakes;

/// A question: one page of the questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Question {
    /// Its name: of the vocabulary's question, or of the kind of record whose fields it asks for.
    pub name: String,
    /// What it is about.
    pub label: Text,
    /// The question in words.
    pub ask: Text,
    /// The fields: one section, or one for each record.
    pub sections: Vec<Section>,
    /// The measures that wait for an answer, the greatest first.
    pub waiting: Vec<Waiting>,
    /// The money at stake over these measures.
    pub stake: Stake,
    /// Why it is asked: the measures that wait and the money at stake, as a sentence.
    pub why: Text,
    /// Whether there are several fields that “none of these” would answer.
    pub checklist: bool,
}

/// Fields that stand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Section {
    /// The record's id, where the fields are those of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// What the record is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// A measure that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// The money that it could bring.
    pub stake: Stake,
}

/// Where an interview stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Interview {
    /// The questions that could still change the money of the best bundle; the first is to be asked next. When there is none
    /// the answer is as good as the answers given.
    pub questions: Vec<Question>,
    /// The questions on which only other benefits than money hang: statuses, tax bases, places. They are asked on wish.
    pub others: Vec<Question>,
    /// How many facts could still change the money, but the party does not know them.
    pub skipped: usize,
}

impl Interview {
    /// Where the interview with a party stands. `skipped` has the keys that the party does not know.
    ///
    /// The order: the first question of the vocabulary, who the party is, comes first while it matters, because it decides
    /// which measures are meant for the party at all; what other questions are worth is known only then. Of the others each
    /// is worth the money of the measures that wait for one of its facts, every measure counted once, and the one that is
    /// worth most comes next. A measure whose support has no upper end counts as much as the greatest that has one:
    /// otherwise a rare support without a ceiling would come before everything that most parties want. Equal questions come
    /// in the order of the vocabulary.
    #[must_use]
    pub fn new(assessment: &Assessment<'_>, skipped: &BTreeSet<String>) -> Self {
        let (known, open): (Vec<_>, Vec<_>) =
            missing(assessment).into_iter().partition(|(key, _)| skipped.contains(&key.to_string()));
        let (money, other): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, missing)| missing.money);
        let stakes = Stakes::new(assessment);
        let builder = Builder { assessment, skipped, stakes: &stakes };
        Self {
            questions: builder.questions(money),
            others: builder.questions(other),
            skipped: known.iter().filter(|(_, missing)| missing.money).count(),
        }
    }

    /// The question to ask next.
    #[must_use]
    pub fn next(&self) -> Option<&Question> {
        self.questions.first()
    }
}

/// The field for one key, with what is known under it.
#[must_use]
pub fn field(vocabulary: &Vocabulary, party: &Party, key: &Key) -> Field {
    field::field(vocabulary, party, key, None, &BTreeSet::new())
}

/// Records whose fields are asked for on one page at most; the others come next.
const MOST_RECORDS: usize = 20;

/// Puts missing facts into questions.
struct Builder<'a> {
    assessment: &'a Assessment<'a>,
    skipped: &'a BTreeSet<String>,
    stakes: &'a Stakes,
}

impl Builder<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        &self.assessment.program.vocabulary
    }

    fn questions(&self, missing: Vec<(Key, MissingReport)>) -> Vec<Question> {
        let mut groups: BTreeMap<String, Vec<(Key, MissingReport)>> = BTreeMap::new();
        for (key, missing) in missing {
            groups.entry(key.question(self.vocabulary())).or_default().push((key, missing));
        }
        let mut questions: Vec<(i128, usize, Question)> = groups
            .into_iter()
            .map(|(name, mut asked)| {
                let worth = self.stakes.worth(&measures(&asked));
                Self::limit(&mut asked);
                let place = place(self.vocabulary(), &name);
                (worth, place, self.question(name, &asked, BTreeSet::new()))
            })
            .collect();
        questions.sort_by(|a, b| (b.1 == 0).cmp(&(a.1 == 0)).then(b.0.cmp(&a.0)).then(a.1.cmp(&b.1)));
        questions.into_iter().map(|(_, _, question)| question).collect()
    }

    /// Leaves out the fields of all but the first records.
    fn limit(asked: &mut Vec<(Key, MissingReport)>) {
        let mut first: BTreeSet<(String, String)> = BTreeSet::new();
        asked.retain(|(key, _)| match key {
            Key::Fact(_) | Key::List(_) => true,
            Key::Field { record, id, .. } => {
                let of = (record.clone(), id.clone());
                first.contains(&of) || (first.len() < MOST_RECORDS && first.insert(of))
            }
        });
    }

    /// The question with the missing facts `asked`, and with `more` that is not missing.
    fn question(&self, name: String, asked: &[(Key, MissingReport)], more: BTreeSet<Key>) -> Question {
        let measures = measures(asked);
        let mut keys: BTreeMap<Key, Option<&MissingReport>> =
            asked.iter().map(|(key, missing)| (key.clone(), Some(missing))).collect();
        for key in self.companions(&name, asked, &measures).into_iter().chain(more) {
            keys.entry(key).or_insert(None);
        }
        let waiting = self.stakes.waiting(self.assessment, &measures);
        let (label, ask) = texts(self.vocabulary(), &name);
        let stake = self.stakes.total(&measures);
        let sections = field::sections(self.assessment, &keys, self.skipped);
        let checklist = field::is_checklist(&sections);
        Question { why: stake::why(&waiting, stake), name, label, ask, sections, waiting, stake, checklist }
    }

    /// Records and fields of records that the same measures will ask for next. They are asked at once, so that nobody is led
    /// to the same contract twice. Single facts are not: most of them turn out not to matter.
    fn companions(&self, name: &str, asked: &[(Key, MissingReport)], measures: &BTreeSet<&str>) -> BTreeSet<Key> {
        let (program, party) = (self.assessment.program, self.assessment.party);
        let vocabulary = self.vocabulary();
        if asked.iter().all(|(key, _)| matches!(key, Key::Fact(_))) {
            return BTreeSet::new();
        }
        let versions = self.stakes.versions(self.assessment, measures);
        let read: BTreeSet<Read> = versions.flat_map(|version| program.reads(version)).collect();
        let mut found = BTreeSet::new();
        for read in read {
            match read {
                Read::Slot(_) => {}
                Read::Records(record) => {
                    let record = vocabulary.records.get(usize::from(record));
                    found.extend(record.map(|record| Key::List(record.list.clone())));
                }
                Read::Field(record, field) => {
                    let Some(record) = vocabulary.records.get(usize::from(record)) else { continue };
                    let Some(field) =
                        record.fields.get(usize::from(field)).and_then(|field| field.name.rsplit('.').next())
                    else {
                        continue;
                    };
                    let ids = asked.iter().filter_map(|(key, _)| match key {
                        Key::Field { record: of, id, .. } if *of == record.name => Some(id.clone()),
                        _ => None,
                    });
                    found.extend(ids.map(|id| Key::Field { record: record.name.clone(), field: field.to_owned(), id }));
                }
            }
        }
        found.retain(|key| {
            key.question(vocabulary) == name
                && key.is_askable(vocabulary)
                && !field::is_known(party, key, vocabulary)
                && !self.skipped.contains(&key.to_string())
        });
        found
    }
}

/// What is missing and could change the best bundle, by key.
fn missing(assessment: &Assessment<'_>) -> Vec<(Key, MissingReport)> {
    let vocabulary = &assessment.program.vocabulary;
    let all = assessment.missing().into_iter();
    all.filter_map(|missing| Some((Key::of(&missing, vocabulary)?, missing))).collect()
}

/// The measures that wait for one of several facts.
fn measures(asked: &[(Key, MissingReport)]) -> BTreeSet<&str> {
    asked.iter().flat_map(|(_, missing)| missing.measures.iter().map(String::as_str)).collect()
}

/// The place of a question in the questionnaire: fields of records come right after the question that has their list.
fn place(vocabulary: &Vocabulary, name: &str) -> usize {
    let own = vocabulary.questions.iter().position(|question| question.name == name).map(|index| 2 * index);
    let list = || {
        let record = vocabulary.record(name)?;
        Some(2 * vocabulary.question_of(Asked::Records(record))? + 1)
    };
    own.or_else(list).unwrap_or(usize::MAX)
}

/// Label and wording of a question by its name.
fn texts(vocabulary: &Vocabulary, name: &str) -> (Text, Text) {
    if let Some(question) = vocabulary.question(name) {
        return (question.label.clone(), question.ask.clone());
    }
    if let Some(record) = vocabulary.record(name).and_then(|index| vocabulary.records.get(index)) {
        let ask = Text::new(
            format!("请补充{}的情况。", record.label.zh),
            format!("Please say more about each: {}.", record.label.en.to_lowercase()),
        );
        return (record.label.clone(), ask);
    }
    let key = Key::parse(name, vocabulary).unwrap_or_else(|| Key::Fact(FactKey::new(name)));
    if let Some(record) = key.record(vocabulary) {
        return (record.label.clone(), record.ask.clone());
    }
    let fact = vocabulary.fact(name).and_then(|index| vocabulary.facts.get(index));
    fact.map_or_else(|| (Text::same(name), Text::same(name)), |fact| (fact.label.clone(), fact.ask.clone()))
}

#[cfg(test)]
mod tests;
