//! What follows from a program alone and is wanted for every party: lookups, and sentences that are made when first used.

use std::sync::OnceLock;

use domain::{PlaceId, PlaceTree};

use crate::ast::Document;
use crate::ir::Program;
use crate::report::Sentences;

/// See the module. Made once for a program, by [`Program::prepared`].
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// The program's texts as indices, in the order of the texts.
    texts: Vec<u32>,
    /// The vocabulary's facts as indices, in the order of their names.
    facts: Vec<usize>,
    /// For each measure its document's index in the catalogue.
    documents: Vec<Option<usize>>,
    /// For each measure the place of its issuer.
    pub(crate) issuers: Vec<Option<PlaceId>>,
    /// For each measure and version what it says in words.
    sentences: Vec<Vec<OnceLock<Sentences>>>,
}

impl Prepared {
    pub(crate) fn new(program: &Program) -> Self {
        let catalogue = &program.catalogue;
        let mut texts: Vec<(&str, u32)> = program.texts.iter().map(String::as_str).zip(0..).collect();
        let mut facts: Vec<(&str, usize)> =
            program.vocabulary.facts.iter().map(|fact| fact.name.as_str()).zip(0..).collect();
        texts.sort_unstable();
        facts.sort_unstable();
        let documents: Vec<Option<usize>> = catalogue
            .measures
            .iter()
            .map(|measure| catalogue.documents.iter().position(|document| document.id == measure.document))
            .collect();
        let tree = PlaceTree::china();
        let place = |document: &Option<usize>| tree.get(&catalogue.documents.get((*document)?)?.place);
        let sentences = program.measures.iter().map(|measure| vec![OnceLock::new(); measure.versions.len()]).collect();
        Self {
            texts: texts.into_iter().map(|(_, index)| index).collect(),
            facts: facts.into_iter().map(|(_, index)| index).collect(),
            issuers: documents.iter().map(place).collect(),
            documents,
            sentences,
        }
    }

    /// The symbol of a text that the program knows.
    pub(crate) fn text(&self, program: &Program, text: &str) -> Option<u32> {
        let at = |index: &u32| program.texts.get(*index as usize).map_or("", String::as_str);
        let found = self.texts.binary_search_by(|index| at(index).cmp(text)).ok()?;
        self.texts.get(found).copied()
    }

    /// The index of a fact in the vocabulary.
    pub(crate) fn fact(&self, program: &Program, name: &str) -> Option<usize> {
        let at = |index: &usize| program.vocabulary.facts.get(*index).map_or("", |fact| fact.name.as_str());
        let found = self.facts.binary_search_by(|index| at(index).cmp(name)).ok()?;
        self.facts.get(found).copied()
    }

    /// The document that a measure stands in.
    pub(crate) fn document<'p>(&self, program: &'p Program, measure: u32) -> Option<&'p Document> {
        let document = self.documents.get(measure as usize).copied().flatten()?;
        program.catalogue.documents.get(document)
    }

    /// What a version of a measure says in words.
    pub(crate) fn sentences(&self, program: &Program, measure: u32, version: usize) -> Option<&Sentences> {
        let place = self.sentences.get(measure as usize)?.get(version)?;
        Some(place.get_or_init(|| Sentences::new(program, measure, version)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::repository::shipped;

    #[test]
    fn every_text_and_every_fact_is_found_and_nothing_else() {
        let program = shipped().load().program;
        let prepared = program.prepared();
        for (text, symbol) in program.texts.iter().zip(0..) {
            assert_eq!(prepared.text(&program, text), Some(symbol), "{text}");
        }
        for (index, fact) in program.vocabulary.facts.iter().enumerate() {
            assert_eq!(prepared.fact(&program, &fact.name), Some(index), "{}", fact.name);
        }
        assert_eq!((prepared.text(&program, "no such text"), prepared.fact(&program, "org.none")), (None, None));
        let by_name: BTreeMap<&str, u32> = program.texts.iter().map(String::as_str).zip(0..).collect();
        assert_eq!(by_name.len(), program.texts.len(), "a text has one symbol");
    }
}
