//! The measures of a catalogue as a list, for finding one.

use domain::Date;
use serde::Serialize;

use crate::assess::{Reason, choose};
use crate::ast::Version;
use crate::diag::Text;
use crate::ir::Program;
use crate::phrases;

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
