//! Two dates: the law of one day, as known on another. What was said about the past stays byte for byte the same.

#[path = "common/tape.rs"]
mod tape;
#[path = "common/unknowns.rs"]
mod unknowns;
#[path = "common/world.rs"]
mod world;
#[path = "common/write.rs"]
mod write;

use std::collections::BTreeMap;

use domain::{Fact, Party};
use proptest::prelude::*;
use rules::ast::Outcome;
use rules::bind::Dates;
use rules::ir::Program;
use rules::report::{Assessment, Report};
use rules::source::{Loaded, Sources};
use tape::{cases, tape};
use unknowns::{Hole, fill, holes};
use world::{at, day, loaded, party, shipped};
use write::{LATER, Later, MAIN, VOCABULARY, catalogue};

fn report(program: &Program, party: &Party, dates: Dates) -> Report {
    Assessment::new(program, party, dates, &|_| true).report()
}

/// The answer as it is handed out, byte for byte.
fn json(program: &Program, party: &Party, dates: Dates) -> String {
    serde_json::to_string_pretty(&report(program, party, dates)).unwrap()
}

/// The first line in which two texts differ.
fn difference(one: &str, other: &str) -> String {
    let at = one.lines().zip(other.lines()).position(|(a, b)| a != b).unwrap_or(0);
    let part = |text: &str| text.lines().skip(at.saturating_sub(12)).take(24).collect::<Vec<_>>().join("\n");
    format!("before\n{}\nafter\n{}", part(one), part(other))
}

/// A catalogue of one measure with the versions given, each from `in_force` on.
fn measure(versions: &str) -> Loaded {
    let document = "document: t.doc\ntitle: { zh: 文件, en: Document }\nissuer: { zh: 机关, en: Office }\nlevel: city\nplace: shenzhen\nconfidence: primary\n";
    let head = format!(
        "measure: {MAIN}\nname: {{ zh: 措施, en: Measure }}\ndocument: t.doc\nclause: 一\ntopic: any\napplies_to: organisation\nversions:\n"
    );
    let catalogue = BTreeMap::from([
        ("document.yaml".to_owned(), document.as_bytes().to_vec()),
        ("main.yaml".to_owned(), (head + versions).into_bytes()),
    ]);
    loaded(&Sources {
        vocabulary: BTreeMap::from([("test.yaml".to_owned(), VOCABULARY.as_bytes().to_vec())]),
        catalogue,
    })
}

/// A version that pays a fixed amount to whoever has the flag.
fn version(in_force: &str, known_from: &str, status: &str, amount: &str) -> String {
    format!(
        "  - in_force: {in_force}\n    known_from: {known_from}\n    status: {status}\n    eligible: [ {{ fact: org.flag, is: yes }} ]\n    award: {{ kind: money, amount: {amount} }}\n"
    )
}

const FLAGGED: &str = "party: organisation\norg.flag: yes\n";

#[test]
fn the_laws_date_and_the_known_date_choose_the_version_together() {
    // a rule for each year, and in 2025 a correction of each
    let versions = [
        version("{ from: 2024-01-01, to: 2024-12-31 }", "2024-01-01", "in_force", "1万元"),
        version("{ from: 2025-01-01 }", "2024-12-01", "in_force", "2万元"),
        version("{ from: 2024-01-01, to: 2024-12-31 }", "2025-07-01", "in_force", "3万元"),
        version("{ from: 2025-01-01 }", "2025-08-01", "in_force", "4万元"),
    ];
    let reversed: String = versions.iter().rev().cloned().collect();
    for texts in [versions.concat(), reversed] {
        let loaded = measure(&texts);
        let party = party(FLAGGED, &loaded.program.vocabulary);
        for (on, known_on, amount, known_from) in [
            ("2024-06-01", "2024-12-31", "10000", "2024-01-01"),
            ("2025-06-01", "2025-01-31", "20000", "2024-12-01"),
            ("2024-06-01", "2025-12-31", "30000", "2025-07-01"),
            ("2025-06-01", "2025-12-31", "40000", "2025-08-01"),
        ] {
            let found =
                report(&loaded.program, &party, Dates { on: day(on), known_on: day(known_on) }).measures.remove(0);
            assert_eq!(
                (found.outcome, found.amount.low.as_str()),
                (Outcome::Eligible, amount),
                "on {on} as known on {known_on}"
            );
            assert_eq!(found.version.unwrap().known_from, known_from);
        }
        // before anything was published nobody can say
        let found = report(&loaded.program, &party, Dates { on: day("2024-06-01"), known_on: day("2023-12-31") })
            .measures
            .remove(0);
        assert_eq!((found.outcome, found.reason.unwrap().code.code()), (Outcome::NotEligible, "not_yet_known"));
    }
}

/// The answer of the only measure: outcome, reason, what it would be, amount, what would be paid.
fn answer(loaded: &Loaded, dates: Dates) -> (Outcome, Option<&'static str>, Outcome, String, String) {
    let party = party(FLAGGED, &loaded.program.vocabulary);
    let report = report(&loaded.program, &party, dates);
    let paid = report.bundle.total.high.clone().unwrap();
    let found = &report.measures[0];
    assert_eq!(paid, found.amount.low, "the best set pays what the measure pays");
    (
        found.outcome,
        found.reason.as_ref().map(|reason| reason.code.code()),
        found.would_be,
        found.amount.low.clone(),
        found.potential.low.clone(),
    )
}

#[test]
fn drafts_and_closed_plans_never_pay_but_say_what_they_would_have() {
    for (status, reason) in [("draft", "draft"), ("closed", "closed")] {
        let loaded = measure(&version("{ from: 2024-01-01, to: 2026-12-31 }", "2024-01-01", status, "5万元"));
        for date in ["2024-01-01", "2025-06-01", "2026-12-31", "2027-01-01"] {
            assert_eq!(
                answer(&loaded, at(date)),
                (Outcome::NotEligible, Some(reason), Outcome::Eligible, "0".to_owned(), "50000".to_owned()),
                "{status} on {date}"
            );
        }
    }
}

#[test]
fn a_version_outside_its_period_never_pays_but_says_what_it_would_have() {
    let loaded = measure(&version("{ from: 2024-01-01, to: 2024-12-31 }", "2023-06-01", "in_force", "5万元"));
    for (date, reason) in [
        ("2023-12-31", Some("not_yet_in_force")),
        ("2024-01-01", None),
        ("2024-12-31", None),
        ("2025-01-01", Some("expired")),
    ] {
        let (outcome, found, would_be, paid, potential) = answer(&loaded, at(date));
        let pays = reason.is_none();
        assert_eq!(
            (outcome, found, would_be),
            (if pays { Outcome::Eligible } else { Outcome::NotEligible }, reason, Outcome::Eligible),
            "{date}"
        );
        assert_eq!((paid.as_str(), potential.as_str()), (if pays { "50000" } else { "0" }, "50000"), "{date}");
    }
}

#[test]
fn a_superseded_version_pays_for_its_own_time_only() {
    let texts = version("{ from: 2024-01-01 }", "2024-01-01", "in_force", "5万元")
        + &version("{ from: 2025-01-01 }", "2024-12-01", "in_force", "6万元");
    let loaded = measure(&texts);
    for (date, amount) in [("2024-12-31", "50000"), ("2025-01-01", "60000"), ("2030-01-01", "60000")] {
        assert_eq!(answer(&loaded, at(date)).3, amount, "{date}");
    }
    // a draft that follows does not replace what is in force
    let loaded = measure(&(texts + &version("{ from: 2026-01-01 }", "2025-12-01", "draft", "9万元")));
    assert_eq!(answer(&loaded, at("2026-06-01")).3, "60000");
}

/// The party with facts that were recorded after `known`: they fill holes of the party, and nobody knew them then.
fn with_later_facts(party: &Party, program: &Program, dates: Dates, answers: &mut tape::Tape) -> Party {
    let mut later = party.clone();
    for hole in holes(party, program, dates.on) {
        let mut filled = later.clone();
        fill(&mut filled, &hole, answers, program);
        let recorded = Some(day(LATER));
        let mark = |fact: &Fact| Fact {
            as_of: recorded,
            source: Some("later".to_owned()),
            evidence: Some(domain::Evidence::Official),
            ..fact.clone()
        };
        match &hole {
            Hole::Fact(key) if !party.facts.contains_key(key) => {
                later.facts.insert(key.clone(), mark(&filled.facts[key]));
            }
            Hole::Field(record, row, field) if !party.records[record][*row].facts.contains_key(field) => {
                let fact = mark(&filled.records[record][*row].facts[field]);
                later.records.get_mut(record).unwrap()[*row].facts.insert(field.clone(), fact);
            }
            _ => {}
        }
    }
    later
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn versions_published_later_change_no_byte_of_an_earlier_answer(choices in tape(160), mut facts in tape(160), later in tape(160), first in any::<bool>()) {
        let before = catalogue(choices.clone(), None, None).load();
        let sources = catalogue(choices, None, Some(Later { choices: later, first }));
        let after = sources.load();
        prop_assume!(before.errors() == 0);
        prop_assume!(after.errors() == 0);
        let dates = Dates { on: day("2025-05-20"), known_on: day("2025-08-31") };
        let party = unknowns::party(&mut facts, &before.program, dates.on);
        let (one, other) = (json(&before.program, &party, dates), json(&after.program, &party, dates));
        prop_assert!(one == other, "{}\n{}", difference(&one, &other), sources.text("main.yaml").unwrap());
    }

    #[test]
    fn facts_recorded_later_change_no_byte_of_an_earlier_answer(choices in tape(160), mut facts in tape(160), mut answers in tape(160)) {
        let sources = catalogue(choices, None, None);
        let loaded = sources.load();
        prop_assume!(loaded.errors() == 0);
        let dates = Dates { on: day("2025-05-20"), known_on: day("2025-08-31") };
        let party = unknowns::party(&mut facts, &loaded.program, dates.on);
        let later = with_later_facts(&party, &loaded.program, dates, &mut answers);
        let (one, other) = (json(&loaded.program, &party, dates), json(&loaded.program, &later, dates));
        prop_assert!(one == other, "{}\n{}", difference(&one, &other), sources.text("main.yaml").unwrap());
    }
}

#[test]
fn the_shipped_catalogue_of_an_earlier_day_answers_the_same_for_ever() {
    // what was published later is taken out of the files; a measure of which nothing was known keeps its text
    let sources = shipped();
    let whole = loaded(&sources);
    let known_on = day("2025-06-30");
    let mut earlier = whole.program.catalogue.clone();
    for measure in &mut earlier.measures {
        if measure.versions.iter().any(|version| version.known_from <= known_on) {
            measure.versions.retain(|version| version.known_from <= known_on);
        }
    }
    let (program, _) = rules::compile(whole.program.vocabulary.clone(), earlier);
    for measure in &whole.program.catalogue.measures {
        for case in measure.cases.iter().take(2) {
            let Ok(prepared) = rules::cases::prepare(&whole.program, measure, case) else { continue };
            let dates = Dates { on: prepared.dates.on, known_on };
            let (one, other) = (json(&program, &prepared.party, dates), json(&whole.program, &prepared.party, dates));
            assert!(one == other, "{}: {}", measure.id, difference(&one, &other));
        }
    }
}
