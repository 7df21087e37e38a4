//! Loading texts and reading parties, for tests.
#![allow(dead_code)] // each test uses its part

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Date, Party};
use rules::bind::Dates;
use rules::source::{Loaded, Sources};
use rules::vocabulary::Vocabulary;
use rules::yaml::{self, MAX_PARTY_BYTES};

/// The texts of the catalogue that Kapok ships.
pub(crate) fn shipped() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Sources { vocabulary: texts(&root.join("vocabulary")), catalogue: texts(&root.join("catalogue")) }
}

fn texts(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A catalogue without errors.
pub(crate) fn loaded(sources: &Sources) -> Loaded {
    let loaded = sources.load();
    assert_eq!(loaded.errors(), 0, "{}", listing(&loaded, sources));
    loaded
}

/// The findings of a catalogue as a terminal shows them.
pub(crate) fn listing(loaded: &Loaded, sources: &Sources) -> String {
    loaded
        .findings
        .iter()
        .map(|finding| finding.render(sources.text(&finding.file), rules::Lang::En, false))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A party from the text of its file.
pub(crate) fn party(text: &str, vocabulary: &Vocabulary) -> Party {
    let root = yaml::parse(text.as_bytes(), MAX_PARTY_BYTES).unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"));
    rules::party::read("party.yaml", &root, vocabulary).unwrap_or_else(|findings| panic!("{findings:#?}\n{text}")).party
}

/// A day written in ISO form.
pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Both dates on one day.
pub(crate) fn at(text: &str) -> Dates {
    Dates { on: day(text), known_on: day(text) }
}
