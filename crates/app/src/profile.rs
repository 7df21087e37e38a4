//! What a visitor has told us, and what was filled in for her: the party, the dates, and what she does not know.

use std::collections::BTreeSet;

use domain::{Date, Party, PartyKind};
use rules::bind::Dates;
use rules::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};

use crate::facts;

/// What a visitor has told us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The party, with what is known of it.
    pub party: Party,
    /// The date whose law applies; today where none is given.
    pub on: Option<Date>,
    /// The date as known on; the same as `on` where none is given.
    pub known_on: Option<Date>,
    /// What the visitor said that she does not know: keys of facts (`org.revenue[2025]`), lists of records (`contracts`)
    /// and fields of records (`contract.amount#c1`). These are not asked again unless she reopens them.
    pub skipped: BTreeSet<String>,
    /// Where the first facts came from.
    pub origin: Option<Origin>,
}

/// Where the first facts of a profile came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From the registry, by the social credit code.
    Registry(String),
    /// From a file of this name.
    Upload(String),
    /// From a link that someone shared.
    Shared,
}

/// The form in which a profile is kept and handed on: the party as a party file, so that it outlives changes of types.
#[derive(Serialize, Deserialize)]
struct Kept {
    party: serde_json::Value,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    skipped: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

/// Why kept text is not a profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not JSON, or not of this shape.
    #[error("this is not a profile: {0}")]
    Format(#[from] serde_json::Error),
    /// Facts that the vocabulary does not have any more, or values that it does not allow.
    #[error("{} facts cannot be read", .0.len())]
    Facts(Vec<rules::diag::Diagnostic>),
}

impl Profile {
    /// Nothing known.
    #[must_use]
    pub fn new(kind: PartyKind) -> Self {
        Self { party: Party::new(kind), on: None, known_on: None, skipped: BTreeSet::new(), origin: None }
    }

    /// The dates to assess at, given today's.
    #[must_use]
    pub fn dates(&self, today: Date) -> Dates {
        let on = self.on.unwrap_or(today);
        Dates { on, known_on: self.known_on.unwrap_or(on) }
    }

    /// As JSON, in which the party has the form of a party file.
    #[must_use]
    pub fn to_json(&self, vocabulary: &Vocabulary) -> String {
        let party = facts::write(&self.party, self.on, self.known_on, vocabulary);
        let kept = Kept { party, skipped: self.skipped.clone(), origin: self.origin.clone() };
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// From the form that [`Profile::to_json`] gives.
    ///
    /// # Errors
    /// [`ProfileError`] when the text has another shape, or facts that the vocabulary does not have.
    pub fn from_json(text: &str, vocabulary: &Vocabulary) -> Result<Self, ProfileError> {
        let kept: Kept = serde_json::from_str(text)?;
        let file = facts::from_json(&kept.party, vocabulary).map_err(ProfileError::Facts)?;
        Ok(Self { party: file.party, on: file.on, known_on: file.known_on, skipped: kept.skipped, origin: kept.origin })
    }
}
