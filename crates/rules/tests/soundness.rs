//! Filling in what was unknown never leads outside what was said before: random rules, random parties, random answers.

#[path = "common/tape.rs"]
mod tape;
#[path = "common/unknowns.rs"]
mod unknowns;
#[path = "common/world.rs"]
mod world;
#[path = "common/write.rs"]
mod write;

use std::cell::Cell;

use domain::{Date, Party};
use proptest::test_runner::{TestCaseError, TestRunner};
use rules::assess::{Assessed, CondResult, assess, outline};
use rules::ast::Outcome;
use rules::bind::{Binder, Dates};
use rules::eval::Eval;
use rules::ir::Program;
use rules::source::Sources;
use rules::value::{FEN, Range};
use rules::vocabulary::FactDef;
use tape::{Tape, cases, tape};
use unknowns::{Hole, fill, holes, party};
use write::{MAIN, catalogue};

const ONS: [(i32, u32, u32); 3] = [(2026, 5, 20), (2024, 2, 29), (2025, 12, 31)];

/// What is said about the main measure; with the fast path, which must agree.
fn said(program: &Program, party: &Party, on: Date) -> Result<Assessed, TestCaseError> {
    let dates = Dates { on, known_on: on };
    let bound = Binder::new(program).bind(party, dates);
    let measure = u32::try_from(program.measure(MAIN).unwrap()).unwrap();
    let full = assess(&mut Eval::new(program, &bound), measure);
    let fast = outline(&mut Eval::new(program, &bound), measure);
    ensure(fast == (full.outcome, full.amount), || {
        format!("the fast path says {fast:?}, the full one {:?} {:?}", full.outcome, full.amount)
    })?;
    Ok(full)
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), TestCaseError> {
    if holds { Ok(()) } else { Err(TestCaseError::fail(what())) }
}

/// What must be true of an answer by itself.
fn consistent(said: &Assessed) -> Result<(), TestCaseError> {
    let Range { lo, hi } = said.amount;
    ensure(0 <= lo && lo <= hi, || format!("an amount of {lo} to {hi}"))?;
    match said.outcome {
        Outcome::Eligible => {}
        Outcome::NotEligible => ensure(said.amount == Range::ZERO && said.missing.is_empty(), || {
            format!("not eligible, and yet {:?}", said.amount)
        })?,
        Outcome::Undetermined => ensure(lo == 0 && said.missing.iter().any(|missing| missing.gates), || {
            "undetermined, and nothing to ask".to_owned()
        })?,
        Outcome::NeedsPerson => ensure(lo == 0 && said.missing.iter().all(|missing| !missing.gates), || {
            "it waits for a fact, not for a person".to_owned()
        })?,
    }
    Ok(())
}

/// Whether the later answer is one that the earlier one left open. `asked`: what was filled in is a fact of the party,
/// not somebody's decision.
fn allowed(before: &Assessed, after: &Assessed, asked: bool) -> Result<(), TestCaseError> {
    let outcome = match before.outcome {
        Outcome::Undetermined => true,
        Outcome::NeedsPerson if asked => after.outcome == Outcome::NeedsPerson,
        Outcome::NeedsPerson => after.outcome != Outcome::Undetermined,
        sure => after.outcome == sure,
    };
    ensure(outcome, || format!("{:?} became {:?}", before.outcome, after.outcome))?;
    let contains = |before: Range, after: Range| before.contains(after);
    ensure(contains(before.amount, after.amount), || format!("{:?} became {:?}", before.amount, after.amount))?;
    ensure(contains(before.potential, after.potential), || {
        format!("potential {:?} became {:?}", before.potential, after.potential)
    })?;
    conditions(&before.conditions, &after.conditions)?;
    for (part, later) in before.payout.iter().zip(&after.payout) {
        ensure(contains(*part, *later), || format!("payout {part:?} became {later:?}"))?;
    }
    Ok(())
}

/// Whether the party itself can be asked for it.
fn askable(hole: &Hole, program: &Program) -> bool {
    let vocabulary = &program.vocabulary;
    let by = |definition: Option<&FactDef>| definition.is_some_and(|definition| definition.by.is_some());
    match hole {
        Hole::Fact(key) => !by(vocabulary.fact(&key.name).map(|index| &vocabulary.facts[index])),
        Hole::Field(record, _, field) => {
            let definition = &vocabulary.records[vocabulary.record(record).unwrap()];
            !by(definition.field(field).map(|index| &definition.fields[index]))
        }
        Hole::Records(_) => true,
        Hole::Decision(_) | Hole::Member => false,
    }
}

fn conditions(before: &[CondResult], after: &[CondResult]) -> Result<(), TestCaseError> {
    for (before, after) in before.iter().zip(after) {
        ensure(before.truth.allows(after.truth), || {
            format!("a condition that was {:?} became {:?}", before.truth, after.truth)
        })?;
        conditions(&before.children, &after.children)?;
    }
    Ok(())
}

/// The texts and the party, for a failure.
fn shown(sources: &Sources, party: &Party) -> String {
    let rules: String = ["other.yaml", "main.yaml"].iter().filter_map(|file| sources.text(file)).collect();
    let facts: Vec<String> = party.facts.iter().map(|(key, fact)| format!("{key} = {:?}", fact.value)).collect();
    format!(
        "{rules}\n{}\nrecords: {:?}\nlists: {:?}\ndecisions: {:?}",
        facts.join("\n"),
        party.records,
        party.lists,
        party.decisions
    )
}

/// Runs a property over random rules that the checker accepts; most must be accepted.
fn for_random_rules(
    count: u32,
    property: impl Fn(&Program, &Sources, Tape, &mut Tape, Tape) -> Result<(), TestCaseError>,
) {
    let (tried, accepted) = (Cell::new(0_u32), Cell::new(0_u32));
    let mut runner = TestRunner::new(cases(count));
    let outcome = runner.run(&(tape(160), tape(160), tape(160)), |(choices, mut facts, answers)| {
        let sources = catalogue(choices.clone(), None, None);
        let loaded = sources.load();
        tried.set(tried.get() + 1);
        if loaded.errors() > 0 {
            return Ok(());
        }
        accepted.set(accepted.get() + 1);
        property(&loaded.program, &sources, choices, &mut facts, answers)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(
        accepted.get() * 2 >= tried.get(),
        "only {} of {} random texts pass the checker",
        accepted.get(),
        tried.get()
    );
}

#[test]
fn a_known_fact_never_widens_and_whatever_is_filled_in_was_allowed() {
    for_random_rules(4000, |program, sources, _, facts, mut answers| {
        let (year, month, day) = *facts.pick(&ONS);
        let on = Date::new(year, month, day).unwrap();
        let mut party = party(facts, program, on);
        let first = said(program, &party, on)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(sources, &party))))?;
        let mut before = first.clone();
        consistent(&before).map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(sources, &party))))?;
        for _ in 0..120 {
            let open = holes(&party, program, on);
            if open.is_empty() {
                break;
            }
            let hole: &Hole = answers.pick(&open);
            let earlier = party.clone();
            fill(&mut party, hole, &mut answers, program);
            let step = || -> Result<Assessed, TestCaseError> {
                let after = said(program, &party, on)?;
                consistent(&after)?;
                allowed(&before, &after, askable(hole, program))?;
                allowed(&first, &after, false)?;
                Ok(after)
            };
            before = step().map_err(|error| {
                TestCaseError::fail(format!(
                    "{error}\nafter {hole:?} of\n{}\nbecame {:?}",
                    shown(sources, &earlier),
                    party.facts
                ))
            })?;
        }
        // with every fact known nothing is left to ask
        ensure(before.outcome != Outcome::Undetermined && before.missing.is_empty(), || {
            format!("everything is known, and yet {:?}\n{}", before.missing, shown(sources, &party))
        })
    });
}

#[test]
fn order_of_conditions_never_matters() {
    for_random_rules(2000, |program, sources, choices, facts, answers| {
        let (year, month, day) = *facts.pick(&ONS);
        let on = Date::new(year, month, day).unwrap();
        let party = party(facts, program, on);
        let shuffled = catalogue(choices, Some(answers), None);
        let loaded = shuffled.load();
        let errors: Vec<&str> = loaded
            .findings
            .iter()
            .filter(|finding| finding.severity == rules::diag::Severity::Error)
            .map(|finding| finding.message.en.as_str())
            .collect();
        ensure(errors.is_empty(), || format!("{errors:?}\n{}", shown(&shuffled, &party)))?;
        let (one, other) = (said(program, &party, on)?, said(&loaded.program, &party, on)?);
        let key = |said: &Assessed| (said.outcome, said.amount, said.potential);
        ensure(key(&one) == key(&other), || {
            format!(
                "{:?} {:?} against {:?} {:?}\n{}\n{}",
                one.outcome,
                one.amount,
                other.outcome,
                other.amount,
                shown(sources, &party),
                shown(&shuffled, &party)
            )
        })
    });
}

/// What a measure with this award says about parties, from the text of each.
fn award(text: &str, parties: &[&str]) -> Vec<Assessed> {
    let mut sources = catalogue(Tape::new(Vec::new()), None, None);
    let head = format!(
        "measure: {MAIN}\nname: {{ zh: 措施, en: Measure }}\ndocument: t.doc\nclause: 一\ntopic: any\napplies_to: organisation\nversions:\n  - known_from: 2020-01-01\n"
    );
    sources.catalogue.insert("main.yaml".to_owned(), (head + text).into_bytes());
    let program = world::loaded(&sources).program;
    parties
        .iter()
        .map(|text| said(&program, &world::party(text, &program.vocabulary), Date::new(2026, 5, 20).unwrap()).unwrap())
        .collect()
}

const WAN: i128 = 10_000 * 100 * FEN;

#[test]
fn the_lower_end_of_a_discretion_may_turn_out_above_the_upper_one() {
    let found = award(
        "    award: { kind: money, amount: 'between(org.assets, 1万元)' }\n",
        &["org.flag: yes", "org.assets: 5万元"],
    );
    assert_eq!((found[0].amount, found[1].amount), (Range { lo: 0, hi: 1000 * WAN }, Range::point(5 * WAN)));
}

#[test]
fn an_award_that_may_be_too_small_asks_for_what_decides_it() {
    let one = "    award: { kind: money, amount: 10万元, limits: [ { per: [org], at_most: 10万元 } ], refuse_below: org.assets }\n";
    let each = "    each: { record: deal }\n    award: { kind: money, amount: deal.amount, refuse_below: 50万元 }\n";
    for (text, party) in [(one, "deals: []"), (each, "deals: [ { id: d1 } ]")] {
        let found = award(text, &[party]).remove(0);
        assert_eq!((found.outcome, found.missing.len()), (Outcome::Undetermined, 1), "{text}");
        assert!(found.missing[0].gates);
    }
    // a record that is surely large enough settles the outcome, whatever the others are
    let found = award(each, &["deals: [ { id: d1 }, { id: d2, amount: 60万元 } ]"]).remove(0);
    assert_eq!(found.outcome, Outcome::Eligible);
}

#[test]
fn a_limit_below_zero_pays_nothing() {
    for per in ["[org]", "[org, year]", "[deal]"] {
        let text = format!(
            "    each: {{ record: deal }}\n    award: {{ kind: money, amount: deal.amount, limits: [ {{ per: {per}, at_most: org.balance }} ] }}\n"
        );
        let found = award(&text, &["deals: [ { id: d1, amount: 60万元 } ]\norg.balance: -5万元\nawards: []"]).remove(0);
        assert_eq!((found.outcome, found.amount), (Outcome::Eligible, Range::ZERO), "{per}");
    }
}

#[test]
fn a_marginal_table_whose_band_ends_where_nobody_knows_yet_keeps_its_range() {
    let text = "    let:\n      tax: { table: marginal, inputs: [org.turnover], rows: [ { when: [\"<= org.assets\"], then: 10% }, { when: [\"-\"], then: 50% } ] }\n    award: { kind: money, amount: tax }\n";
    let parties = [
        "org.turnover: 100万元",
        "org.turnover: 100万元\norg.assets: 0 CNY",
        "org.turnover: 100万元\norg.assets: 40万元",
        "org.turnover: 100万元\norg.assets: 200万元",
    ];
    let found = award(text, &parties);
    let amounts: Vec<Range> = found.iter().map(|found| found.amount).collect();
    assert_eq!(amounts[1..], [50, 4 + 30, 10].map(|wan| Range::point(wan * WAN)));
    assert!(amounts[1..].iter().all(|amount| amounts[0].contains(*amount)), "{amounts:?}");
}

#[test]
fn of_rows_that_only_may_hold_the_least_may_be_the_only_one() {
    let text = "    let:\n      tier: { table: highest, inputs: [org.kind], rows: [ { when: [firm], then: 30万元 }, { when: [school], then: 10万元 }, { when: [club], then: 20万元 } ] }\n    award: { kind: money, amount: tier }\n";
    let amounts: Vec<Range> =
        award(text, &["org.flag: yes", "org.kind: school", "org.kind: { disputed: [firm, club] }"])
            .iter()
            .map(|found| found.amount)
            .collect();
    assert_eq!(amounts[..2], [Range { lo: 10 * WAN, hi: 30 * WAN }, Range::point(10 * WAN)]);
    assert!(amounts[2].contains(Range { lo: 20 * WAN, hi: 30 * WAN }));
}
