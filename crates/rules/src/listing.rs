//! The measures of a catalogue and the facts of a vocabulary as lists, for finding one.

use domain::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::{Reason, choose};
use crate::ast::Version;
use crate::diag::Text;
use crate::ir::Program;
use crate::phrases;
use crate::vocabulary::{FactDef, Type, Vocabulary};

/// A measure in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// The title of its document.
    pub document: Text,
    /// Its topic.
    pub topic: Text,
    /// What kind of thing it gives.
    pub gives: Text,
    /// Whether it can pay on the day.
    pub in_force: bool,
    /// The same in words, with the dates that matter.
    pub state: Text,
}

impl Listed {
    /// Whether a word occurs in it, in either language, whatever the case of letters.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let texts = [&self.name, &self.document, &self.topic, &self.gives];
        let mut all =
            texts.into_iter().flat_map(|text| [text.zh.as_str(), text.en.as_str()]).chain([self.measure.as_str()]);
        all.any(|text| text.to_lowercase().contains(&word))
    }
}

/// How a version stands in words, with the dates that matter: whether it can pay, or why it cannot.
#[must_use]
pub fn state(version: Option<&Version>, reason: Option<Reason>) -> Text {
    let window = version.and_then(|version| version.procedure.as_ref()).and_then(|procedure| procedure.window);
    let period = match reason {
        Some(Reason::WindowClosed | Reason::WindowNotOpen) => window,
        _ => version.map(|version| version.in_force),
    };
    let dates = period.map(phrases::period).unwrap_or_default();
    let (zh, en) = match (reason, window) {
        (Some(reason), _) => {
            let reason = phrases::reason(reason);
            (format!("{}({})", reason.zh, dates.zh), format!("{} ({})", reason.en, dates.en))
        }
        (None, Some(window)) => {
            let window = phrases::period(window);
            (format!("现行，申报{}", window.zh), format!("in force, applications {}", window.en))
        }
        (None, None) => (format!("现行({})", dates.zh), format!("in force ({})", dates.en)),
    };
    Text::new(zh, en)
}

/// A fact, or the field of a record, in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListedFact {
    /// Its name.
    pub fact: String,
    /// Its type, as vocabulary files write it: `money`, `count`, `code industry` …
    pub r#type: String,
    /// Whether it is kept by year.
    pub by_year: bool,
    /// What readers call it.
    pub label: Text,
    /// The question to the party.
    pub ask: Text,
    /// Accepted proof.
    pub evidence: Vec<Text>,
    /// Its usual source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// Who decides it, where the party does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// The formula that computes it; then it cannot be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
}

/// A fact as it is listed.
#[must_use]
pub fn fact(vocabulary: &Vocabulary, fact: &FactDef) -> ListedFact {
    ListedFact {
        fact: fact.name.clone(),
        r#type: type_name(vocabulary, fact.ty),
        by_year: fact.yearly,
        label: fact.label.clone(),
        ask: fact.ask.clone(),
        evidence: fact.evidence.iter().map(|code| vocabulary.code_label("evidence", code)).collect(),
        source: fact.source.as_ref().map(|code| vocabulary.code_label("source", code)),
        decided_by: fact.by.clone(),
        computed: fact.derive.as_ref().map(|(formula, _)| formula.clone()),
    }
}

/// A type as vocabulary files write it.
fn type_name(vocabulary: &Vocabulary, ty: Type) -> String {
    let list = |index: u16| vocabulary.codes.get(index as usize).map(|list| list.name.clone()).unwrap_or_default();
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Money => "money".to_owned(),
        Type::MoneyPer(unit) => format!("money per {}", unit.code()),
        Type::Rate => "rate".to_owned(),
        Type::Count => "count".to_owned(),
        Type::Quantity(unit) => format!("quantity {}", unit.code()),
        Type::Date => "date".to_owned(),
        Type::Months => "months".to_owned(),
        Type::Days => "days".to_owned(),
        Type::Code(index) => format!("code {}", list(index)),
        Type::Codes(index) => format!("codes {}", list(index)),
        Type::Place => "place".to_owned(),
        Type::Text => "text".to_owned(),
    }
}

/// Every measure as it stands on a day, by id.
#[must_use]
pub fn measures(program: &Program, on: Date) -> Vec<Listed> {
    let catalogue = &program.catalogue;
    let mut list: Vec<Listed> = catalogue
        .measures
        .iter()
        .enumerate()
        .map(|(index, measure)| {
            let document = catalogue.documents.iter().find(|document| document.id == measure.document);
            let chosen = program.measures.get(index).map(|compiled| choose(&compiled.versions, on, Date::MAX));
            let version =
                chosen.and_then(|chosen| measure.versions.get(chosen.version?)).or_else(|| measure.versions.last());
            let reason = chosen.and_then(|chosen| chosen.reason);
            Listed {
                measure: measure.id.clone(),
                name: measure.name.clone(),
                document: document.map(|document| document.title.clone()).unwrap_or_default(),
                topic: program.vocabulary.code_label("topic", &measure.topic),
                gives: version.map(|version| phrases::award_kind(version.award.kind)).unwrap_or_default(),
                in_force: chosen.is_some() && reason.is_none(),
                state: state(version, reason),
            }
        })
        .collect();
    list.sort_by(|a, b| a.measure.cmp(&b.measure));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Listed {
        Listed {
            measure: "sz.demo".to_owned(),
            name: Text::new("训力券", "Training voucher"),
            document: Text::new("虚构办法", "Made-up rules"),
            topic: Text::new("算力", "Compute"),
            gives: Text::new("资金", "money"),
            in_force: true,
            state: Text::default(),
        }
    }

    #[test]
    fn a_word_is_found_in_either_language() {
        for word in ["DEMO", "训力", "training", "虚构", "Rules", "算力", "money"] {
            assert!(listed().mentions(word), "{word}");
        }
        assert!(!listed().mentions("voucher 2026"));
    }

    #[test]
    fn nothing_is_listed_of_nothing() {
        assert_eq!(measures(&crate::source::Sources::default().load().program, Date::MIN), []);
    }
}
