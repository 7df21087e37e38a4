//! Loading: the texts of a vocabulary and a catalogue to a checked program.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Severity};
use crate::ir::Program;
use crate::read::Catalogue;
use crate::vocabulary::Vocabulary;
use crate::yaml;

/// The texts of a catalogue by file name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Files of the vocabulary.
    pub vocabulary: BTreeMap<String, Vec<u8>>,
    /// Files of the catalogue.
    pub catalogue: BTreeMap<String, Vec<u8>>,
}

/// A loaded catalogue.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The program.
    pub program: Program,
    /// What is wrong with the texts.
    pub findings: Vec<Diagnostic>,
}

impl Loaded {
    /// How many findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

impl Sources {
    /// The text of a file, for showing the line of a finding.
    #[must_use]
    pub fn text(&self, file: &str) -> Option<&str> {
        self.catalogue.get(file).or_else(|| self.vocabulary.get(file)).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// Parses and checks everything.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let mut findings = Vec::new();
        let mut trees = Vec::new();
        for (file, bytes) in &self.vocabulary {
            match yaml::parse(bytes, yaml::MAX_POLICY_BYTES) {
                Ok(root) => trees.push((file.clone(), root)),
                Err(more) => findings.extend(more.into_iter().map(|finding| finding.in_file(file))),
            }
        }
        let (vocabulary, more) = Vocabulary::read(&trees);
        findings.extend(more);
        let mut catalogue = Catalogue::default();
        for (file, bytes) in &self.catalogue {
            match yaml::parse(bytes, yaml::MAX_POLICY_BYTES) {
                Ok(root) => findings.extend(catalogue.read(file, &root)),
                Err(more) => findings.extend(more.into_iter().map(|finding| finding.in_file(file))),
            }
        }
        let (program, more) = crate::compile(vocabulary, catalogue);
        findings.extend(more);
        Loaded { program, findings }
    }
}
