//! The summary says what the report says, for every party, whatever the dates.

#[path = "common/tape.rs"]
mod tape;
#[path = "common/unknowns.rs"]
mod unknowns;
#[path = "common/world.rs"]
mod world;
#[path = "common/write.rs"]
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use domain::Party;
use proptest::prelude::*;
use rules::ast::Outcome;
use rules::bind::Dates;
use rules::ir::Program;
use rules::report::{
    Assessment, ConditionReport, MOST_MISSING, MOST_REASONS, MeasureReport, MeasureSummary, Summary, TopReason,
    TopReasonKind, TruthReport,
};
use rules::source::{Loaded, Sources};
use tape::{cases, tape};
use world::{at, day, loaded, party, shipped};
use write::{MAIN, VOCABULARY, catalogue};

/// The conditions that fail below these, each before its parts.
fn failing<'r>(conditions: &'r [ConditionReport], found: &mut Vec<&'r ConditionReport>) {
    for condition in conditions.iter().filter(|condition| condition.truth == TruthReport::No) {
        found.push(condition);
        failing(&condition.parts, found);
    }
}

/// A refusal is explained by conditions that fail, the first one first, with the report's clause and shortfall.
fn refusal_agrees(full: &MeasureReport, short: &MeasureSummary<'_>) {
    let mut all = Vec::new();
    failing(&full.conditions, &mut all);
    full.items.iter().for_each(|item| failing(&item.conditions, &mut all));
    let known = |reason: &TopReason<'_>| {
        all.iter().any(|condition| {
            condition.id == reason.key
                && condition.cite.as_deref() == reason.cite.as_deref()
                && condition.shortfall == reason.shortfall
                && reason.label.zh.starts_with(&condition.label.zh)
        })
    };
    for reason in &short.reasons {
        assert!(
            match reason.what {
                TopReasonKind::Fails => known(reason) || reason.key == "refuse_below",
                TopReasonKind::NoRecord => full.each.is_some() && all.is_empty(),
                TopReasonKind::Missing | TopReasonKind::Open => false,
            },
            "{}: {reason:?}",
            full.measure
        );
    }
    assert!(!short.reasons.is_empty() || full.conditions.is_empty(), "{} gives no reason", full.measure);
    if let Some(first) = full.conditions.iter().find(|condition| condition.truth == TruthReport::No) {
        let mut inside = Vec::new();
        failing(std::slice::from_ref(first), &mut inside);
        assert!(
            inside.iter().any(|condition| condition.id == short.reasons[0].key),
            "{}: the first first",
            full.measure
        );
    }
}

/// The words of the first questions and facts.
fn expected(full: &MeasureReport) -> Vec<(TopReasonKind, &str, Option<&str>)> {
    let open = full.open.iter().map(|open| (TopReasonKind::Open, open.label.zh.as_str(), None));
    let missing = full
        .missing
        .iter()
        .map(|missing| (TopReasonKind::Missing, missing.label.zh.as_str(), missing.stake.as_deref()));
    let mut words: Vec<(TopReasonKind, &str, Option<&str>)> = Vec::new();
    for entry in open.filter(|_| full.outcome != Outcome::Undetermined).chain(missing) {
        if !words.iter().any(|known| known.1 == entry.1) {
            words.push(entry);
        }
    }
    words.truncate(MOST_REASONS);
    words
}

fn agree(assessment: &Assessment<'_>) {
    let (full, short) = (assessment.report(), assessment.summary());
    assert_eq!((&full.on, &full.known_on, &full.party), (&short.on, &short.known_on, &short.party));
    assert_eq!(full.bundle, short.bundle);
    assert_eq!(full.missing[..full.missing.len().min(MOST_MISSING)], short.missing[..]);
    assert_eq!(full.measures.len(), short.measures.len());
    for (full, short) in full.measures.iter().zip(&short.measures) {
        assert_eq!(
            (full.measure.as_str(), &full.name, full.elsewhere, full.kind, full.outcome, &full.reason, &full.amount),
            (&*short.measure, &*short.name, short.elsewhere, short.kind, short.outcome, &short.reason, &short.amount)
        );
        assert_eq!(&full.potential, short.potential.as_ref().unwrap_or(&short.amount), "{}", full.measure);
        assert!(short.reasons.len() <= MOST_REASONS);
        if full.reason.is_some() {
            assert_eq!(short.reasons, []);
        } else if full.outcome == Outcome::NotEligible {
            refusal_agrees(full, short);
        } else {
            let found: Vec<_> = short
                .reasons
                .iter()
                .map(|reason| (reason.what, reason.label.zh.as_str(), reason.stake.as_deref()))
                .collect();
            assert_eq!(found, expected(full), "{}", full.measure);
        }
    }
    let json = serde_json::to_string(&short).unwrap();
    assert_eq!(serde_json::from_str::<Summary<'_>>(&json).unwrap(), short);
}

fn assessed<'a>(program: &'a Program, party: &'a Party, dates: Dates) -> Assessment<'a> {
    Assessment::new(program, party, dates, &|_| true)
}

#[test]
fn demo_parties_get_the_same_in_short_before_during_and_after_what_is_open() {
    let program = loaded(&shipped()).program;
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let mut seen = 0;
    for folder in ["companies", "people"] {
        for entry in std::fs::read_dir(demo.join(folder)).unwrap() {
            let party = party(&std::fs::read_to_string(entry.unwrap().path()).unwrap(), &program.vocabulary);
            for on in ["2019-01-01", "2025-03-31", "2026-05-20", "2026-09-30", "2031-01-01"] {
                agree(&assessed(&program, &party, at(on)));
            }
            agree(&assessed(&program, &party, Dates { on: day("2026-05-20"), known_on: day("2025-06-30") }));
            seen += 1;
        }
    }
    assert!(seen >= 4);
}

#[test]
fn the_worked_examples_of_the_catalogue_get_the_same_in_short() {
    let program = loaded(&shipped()).program;
    for measure in &program.catalogue.measures {
        for case in measure.cases.iter().take(2) {
            let Ok(prepared) = rules::cases::prepare(&program, measure, case) else { continue };
            agree(&assessed(&program, &prepared.party, prepared.dates));
        }
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn random_rules_and_parties_get_the_same_in_short(choices in tape(160), mut facts in tape(160)) {
        let loaded = catalogue(choices, None, None).load();
        prop_assume!(loaded.errors() == 0);
        let dates = at("2026-05-20");
        let party = unknowns::party(&mut facts, &loaded.program, dates.on);
        agree(&assessed(&loaded.program, &party, dates));
    }
}

/// A catalogue of one measure with these conditions, records and award.
fn measure(body: &str) -> Loaded {
    let document = "document: t.doc\ntitle: { zh: 文件, en: Document }\nissuer: { zh: 机关, en: Office }\nlevel: city\nplace: shenzhen\nconfidence: primary\n";
    let text = format!(
        "measure: {MAIN}\nname: {{ zh: 措施, en: Measure }}\ndocument: t.doc\nclause: 一\ntopic: any\napplies_to: organisation\nversions:\n  - known_from: 2020-01-01\n{body}"
    );
    loaded(&Sources {
        vocabulary: BTreeMap::from([("test.yaml".to_owned(), VOCABULARY.as_bytes().to_vec())]),
        catalogue: BTreeMap::from([
            ("document.yaml".to_owned(), document.as_bytes().to_vec()),
            ("main.yaml".to_owned(), text.into_bytes()),
        ]),
    })
}

/// What is said of a party about the only measure: kinds, keys and English words.
fn said(loaded: &Loaded, facts: &str) -> Vec<(TopReasonKind, String, String)> {
    let party = party(&format!("party: organisation\n{facts}"), &loaded.program.vocabulary);
    let assessment = assessed(&loaded.program, &party, at("2026-05-20"));
    agree(&assessment);
    let summary = assessment.summary();
    let reasons = summary.measures[0].reasons.iter();
    reasons.map(|reason| (reason.what, reason.key.clone().into_owned(), reason.label.en.clone())).collect()
}

#[test]
fn a_refusal_names_the_parts_that_fail() {
    let loaded = measure(
        "    eligible:\n      - all: [ { fact: org.flag, is: yes }, { fact: org.staff, at_least: 10 } ]\n      - any: [ { fact: org.mark, is: yes }, { fact: org.staff, at_least: 50 } ]\n    award: { kind: money, amount: 1万元 }\n",
    );
    let found = said(&loaded, "org.flag: yes\norg.staff: 4\norg.mark: no\n");
    let words: Vec<&str> = found.iter().map(|(_, _, words)| words.as_str()).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(words[0].contains("10"), "the part that fails, not the whole: {words:?}");
    assert!(words[1].starts_with("at least one of these: ") && words[1].contains("Mark"), "{words:?}");
    assert!(found.iter().all(|(what, ..)| *what == TopReasonKind::Fails));
}

#[test]
fn a_refusal_without_a_failing_condition_says_what_is_lacking() {
    let loaded = measure(
        "    each: { record: deal, where: [ { fact: deal.ok, is: yes } ] }\n    award: { kind: money, amount: deal.amount, refuse_below: 5万元 }\n",
    );
    let none = said(&loaded, "deals: []\n");
    assert_eq!(none, [(TopReasonKind::NoRecord, "deal".to_owned(), "no deal that qualifies".to_owned())]);
    let small = said(&loaded, "deals: [ { id: d1, ok: yes, amount: 1万元 } ]\n");
    assert_eq!(small[0].1, "refuse_below");
}
