//! The party that applies for support: its facts, records and memberships.

use std::collections::BTreeMap;
use std::fmt;

use crate::fact::Fact;
use crate::period::Period;

/// What the party is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A company, institute, university or other legal entity.
    Organisation,
    /// A natural person.
    Person,
}

impl PartyKind {
    /// The code: `organisation` or `person`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Person => "person",
        }
    }

    /// The kind with this code; `None` if there is none.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Organisation, Self::Person].into_iter().find(|kind| kind.code() == code)
    }
}

/// Which fact: its name in the vocabulary and, for yearly facts, the fiscal year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// The name, such as `org.revenue`.
    pub name: String,
    /// The fiscal year of a yearly fact.
    pub year: Option<i32>,
}

/// A text that names no fact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` does not name a fact: write for example `org.name`, or `org.revenue[2025]` for a year")]
pub struct FactKeyError {
    /// The text as found.
    pub found: String,
}

impl FactKey {
    /// The key of a fact that has no year.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), year: None }
    }

    /// The key of a yearly fact.
    pub fn of_year(name: impl Into<String>, year: i32) -> Self {
        Self { name: name.into(), year: Some(year) }
    }

    /// Reads `org.name` or `org.revenue[2025]`. Error: no name, or a year that is not four digits in brackets at the
    /// end.
    pub fn parse(text: &str) -> Result<Self, FactKeyError> {
        let text = text.trim();
        let error = || FactKeyError { found: text.to_owned() };
        let (name, year) = match text.split_once('[') {
            None => (text, None),
            Some((name, rest)) => {
                let digits = rest.strip_suffix(']').ok_or_else(error)?;
                if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(error());
                }
                (name, Some(digits.parse().map_err(|_| error())?))
            }
        };
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '[' || c == ']') {
            return Err(error());
        }
        Ok(Self { name: name.to_owned(), year })
    }
}

/// Canonical: `org.name`, `org.revenue[2025]`.
impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{}[{year}]", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A child record of a party: a contract, loan, member of staff, project, patent, premises.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Record {
    /// The record's own name within its type.
    pub id: String,
    /// Its facts by name.
    pub facts: BTreeMap<String, Fact>,
}

/// Membership in a dated list, such as a published list of recognised companies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// Who or what is on the list.
    pub member: String,
    /// What the entry is limited to, such as a product or a place.
    pub scope: Option<String>,
    /// When the entry holds.
    pub period: Period,
    /// The document that the entry was read from.
    pub source: Option<String>,
}

/// A party and all that is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// What the party is.
    pub kind: PartyKind,
    /// Its identifier, such as a unified social credit code.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its facts. A fact that is absent is unknown.
    pub facts: BTreeMap<FactKey, Fact>,
    /// Its child records by type. A type that is absent is unknown; a type that is present and empty is known to have
    /// none.
    pub records: BTreeMap<String, Vec<Record>>,
    /// Memberships by list. A list that is absent is unknown.
    pub lists: BTreeMap<String, Vec<ListEntry>>,
    /// What a reviewer decided for an open question, by the question's key.
    pub decisions: BTreeMap<String, bool>,
}

impl Party {
    /// A party of which nothing is known yet.
    pub const fn new(kind: PartyKind) -> Self {
        Self {
            kind,
            id: None,
            name: None,
            facts: BTreeMap::new(),
            records: BTreeMap::new(),
            lists: BTreeMap::new(),
            decisions: BTreeMap::new(),
        }
    }

    /// The years for which the yearly fact of this name is present, the earliest first.
    pub fn years<'a>(&'a self, name: &'a str) -> impl Iterator<Item = i32> + 'a {
        let first = FactKey::new(name);
        self.facts.range(first..).take_while(move |(key, _)| key.name == name).filter_map(|(key, _)| key.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Value;
    use proptest::prelude::*;

    #[test]
    fn keys_of_a_fact_sort_by_year() {
        let mut party = Party::new(PartyKind::Organisation);
        for key in ["org.revenue[2025]", "org.revenue[2023]", "org.revenue", "org.revenues[2020]", "org.profit[2024]"] {
            party.facts.insert(FactKey::parse(key).unwrap(), Fact::known(Value::Count(1)));
        }
        assert_eq!(party.years("org.revenue").collect::<Vec<_>>(), [2023, 2025]);
        assert_eq!(party.years("org.staff").count(), 0);
    }

    #[test]
    fn malformed_keys_are_refused() {
        for text in
            ["", "[2025]", "org.revenue[", "org.revenue[25]", "org.revenue[2025]x", "a[2025][2024]", "a b", "a]"]
        {
            assert_eq!(FactKey::parse(text), Err(FactKeyError { found: text.to_owned() }), "{text}");
        }
    }

    #[test]
    fn an_absent_record_type_is_not_an_empty_one() {
        let mut party = Party::new(PartyKind::Person);
        assert!(!party.records.contains_key("loan"));
        party.records.insert("loan".into(), Vec::new());
        assert_eq!(party.records.get("loan").map(Vec::len), Some(0));
    }

    #[test]
    fn kinds_are_read_back() {
        for kind in [PartyKind::Organisation, PartyKind::Person] {
            assert_eq!(PartyKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(PartyKind::from_code("robot"), None);
    }

    proptest! {
        #[test]
        fn keys_print_and_read_back(name in "[a-z][a-z._]{0,12}", year in proptest::option::of(1900_i32..2200)) {
            let key = FactKey { name, year };
            prop_assert_eq!(FactKey::parse(&key.to_string()), Ok(key));
        }
    }
}
