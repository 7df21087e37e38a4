//! What one answer is about: a fact, a list of records, or a field of a record; and how it is written in forms.

use std::fmt;

use domain::FactKey;
use rules::report::MissingReport;
use rules::vocabulary::{Asked, FactDef, RecordDef, Vocabulary};

/// What one answer is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A fact, of one year if it is kept by year: `org.revenue[2025]`.
    Fact(FactKey),
    /// A list of records, by its key in party files: `contracts`.
    List(String),
    /// A field of a record: `contract.amount#c1`.
    Field {
        /// The kind of record.
        record: String,
        /// The field.
        field: String,
        /// The record's id.
        id: String,
    },
}

impl Key {
    /// Reads a key; `None` where the vocabulary has nothing of this name, or not by year.
    #[must_use]
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Option<Self> {
        let key = if let Some((name, id)) = text.split_once('#') {
            let (record, field) = name.split_once('.')?;
            Self::Field { record: record.to_owned(), field: field.to_owned(), id: id.to_owned() }
        } else if vocabulary.record_by_list(text).is_some() {
            return Some(Self::List(text.to_owned()));
        } else {
            Self::Fact(FactKey::parse(text).ok()?)
        };
        key.is_askable(vocabulary).then_some(key)
    }

    /// Whether a party can be asked for it: it exists, by year or not as declared, and is neither computed nor decided by a
    /// reviewer.
    #[must_use]
    pub fn is_askable(&self, vocabulary: &Vocabulary) -> bool {
        if let Self::List(list) = self {
            return vocabulary.record_by_list(list).is_some();
        }
        let by_year = matches!(self, Self::Fact(fact) if fact.year.is_some());
        self.definition(vocabulary).is_some_and(|definition| {
            definition.derive.is_none() && definition.by.is_none() && definition.yearly == by_year
        })
    }

    /// The key of a missing fact.
    #[must_use]
    pub fn of(missing: &MissingReport, vocabulary: &Vocabulary) -> Option<Self> {
        match &missing.record {
            Some(id) => Self::parse(&format!("{}#{id}", missing.fact), vocabulary),
            None => Self::parse(&missing.fact, vocabulary),
        }
    }

    /// The definition of the fact or field; `None` for a list.
    #[must_use]
    pub fn definition<'v>(&self, vocabulary: &'v Vocabulary) -> Option<&'v FactDef> {
        match self {
            Self::Fact(key) => vocabulary.facts.get(vocabulary.fact(&key.name)?),
            Self::List(_) => None,
            Self::Field { record, field, .. } => {
                let record = vocabulary.records.get(vocabulary.record(record)?)?;
                record.fields.get(record.field(field)?).filter(|definition| definition.name != id_of(record))
            }
        }
    }

    /// The kind of record of a list or a field.
    #[must_use]
    pub fn record<'v>(&self, vocabulary: &'v Vocabulary) -> Option<&'v RecordDef> {
        let index = match self {
            Self::Fact(_) => None,
            Self::List(list) => vocabulary.record_by_list(list),
            Self::Field { record, .. } => vocabulary.record(record),
        };
        vocabulary.records.get(index?)
    }

    /// The name of the question that it is asked in: one of the vocabulary's; the kind of record for a field, since the
    /// fields of records of a kind are asked together; the fact itself where no question has it.
    #[must_use]
    pub fn question(&self, vocabulary: &Vocabulary) -> String {
        let (asked, name) = match self {
            Self::Field { record, .. } => return record.clone(),
            Self::Fact(key) => (vocabulary.fact(&key.name).map(Asked::Fact), key.name.as_str()),
            Self::List(list) => (vocabulary.record_by_list(list).map(Asked::Records), list.as_str()),
        };
        let question = asked.and_then(|asked| vocabulary.question_of(asked));
        let question = question.and_then(|index| vocabulary.questions.get(index));
        question.map_or_else(|| name.to_owned(), |question| question.name.clone())
    }
}

fn id_of(record: &RecordDef) -> String {
    format!("{}.id", record.name)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(key) => write!(f, "{key}"),
            Self::List(list) => f.write_str(list),
            Self::Field { record, field, id } => write!(f, "{record}.{field}#{id}"),
        }
    }
}
