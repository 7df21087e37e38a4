//! What is written is read back the same.

use std::path::Path;

use super::*;

/// The vocabulary as shipped, without policies.
pub(crate) fn sources() -> rules::source::Sources {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vocabulary");
    let mut sources = rules::source::Sources::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        sources.vocabulary.insert(path.display().to_string(), std::fs::read(&path).unwrap());
    }
    sources
}

fn vocabulary() -> Vocabulary {
    sources().load().program.vocabulary
}

#[test]
fn demo_parties_are_read_back_the_same() {
    let vocabulary = vocabulary();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let mut seen = 0;
    for folder in ["companies", "people"] {
        for entry in std::fs::read_dir(demo.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let files = read(&path.display().to_string(), &bytes, Format::Yaml, &vocabulary).unwrap();
            let [file] = files.as_slice() else { panic!("one party a file") };
            let written = write(&file.party, file.on, file.known_on, &vocabulary);
            let again = from_json(&written, &vocabulary).unwrap();
            assert_eq!(again.party, file.party, "{}", path.display());
            assert_eq!((again.on, again.known_on), (file.on, file.known_on));
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn disputed_and_unknown_facts_keep_their_sources() {
    let vocabulary = vocabulary();
    let text = "party: organisation\norg.staff: { disputed: [12, 15], source: 社保, evidence: official, as_of: 2026-05-01 }\n\
                org.revenue: { 2024: 12.34元, 2025: { value: unknown, source: 年报 } }\n\
                lists:\n  a.list: [ { member: 甲, scope: training, from: 2025-01-01, source: 名单 } ]\n\
                decisions: { purpose: yes }\n";
    let file = read("x.yaml", text.as_bytes(), Format::Yaml, &vocabulary).unwrap().remove(0);
    let again = from_json(&write(&file.party, None, None, &vocabulary), &vocabulary).unwrap();
    assert_eq!(again.party, file.party);
}

#[test]
fn the_name_of_a_file_tells_its_form() {
    assert_eq!(Format::of("a.CSV"), Format::Csv);
    assert_eq!(Format::of("a.json"), Format::Yaml);
    assert_eq!(Format::of("csv"), Format::Csv);
    assert_eq!(Format::of(""), Format::Yaml);
}
