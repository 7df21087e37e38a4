//! The two evaluators have one meaning: random rules over random parties, of which much is not known, give the same
//! outcome, amounts, first reason and missing facts row by row, on every instruction set and wherever a chunk ends.

#[path = "../../rules/tests/common/tape.rs"]
mod tape;
#[path = "../../rules/tests/common/unknowns.rs"]
mod unknowns;
#[path = "../../rules/tests/common/write.rs"]
mod write;

mod frames;

use std::cell::Cell;

use domain::{Date, Knowledge, Party};
use frames::{frame, layout};
use proptest::test_runner::{TestCaseError, TestRunner};
use rules::assess::{Assessed, assess};
use rules::ast::Outcome;
use rules::bind::{Binder, Dates};
use rules::eval::{Eval, Leaf};
use rules::ir::{Program, Read};
use rules::report::Assessment;
use rules::value::Range;
use screen::plan::{Fail, Screened};
use screen::{CHUNK, Isa, Layout, Machine, Options, Plan, Sink, View};
use tape::{Tape, cases, tape};
use write::catalogue;

/// What is said of one measure and row.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    outcome: Outcome,
    amount: Range,
    potential: Option<Range>,
    fails: Option<String>,
    /// For each fact that may be missing: whether the conditions rest on it, or the amount alone.
    missing: Vec<(Read, bool)>,
}

fn expected(program: &Program, party: &Party, dates: Dates, screened: &Screened<'_>) -> Said {
    let bound = Binder::new(program).bind(party, dates);
    let assessed = assess(&mut Eval::new(program, &bound), screened.measure);
    let assessment = Assessment::new(program, party, dates, &|_| true);
    let summary = assessment.summary();
    let reasons = &summary.measures[screened.measure as usize].reasons;
    let not = assessed.outcome == Outcome::NotEligible;
    Said {
        outcome: assessed.outcome,
        amount: assessed.amount,
        potential: (!not).then_some(assessed.potential),
        fails: reasons.first().filter(|_| not).map(|reason| reason.key.to_string()),
        missing: missing(&assessed),
    }
}

fn missing(assessed: &Assessed) -> Vec<(Read, bool)> {
    let mut found: Vec<(Read, bool)> = Vec::new();
    for missing in &assessed.missing {
        let read = match missing.leaf {
            Leaf::Slot(slot) => Read::Slot(slot),
            Leaf::Field { record, field, .. } => Read::Field(record, field),
            Leaf::Records(record) => Read::Records(record),
            _ => continue,
        };
        match found.iter_mut().find(|(known, _)| *known == read) {
            Some((_, gates)) => *gates = *gates || missing.gates,
            None => found.push((read, missing.gates)),
        }
    }
    found.sort();
    found
}

/// Collects what a screening says, measure by measure and row by row.
struct Collect<'p> {
    plan: &'p Plan<'p>,
    said: Vec<Vec<Said>>,
}

impl Sink for Collect<'_> {
    fn measure(&mut self, first: usize, view: &View<'_>) {
        let program_measure = &self.plan.measures[view.index];
        let rows = &mut self.said[view.index];
        assert_eq!(rows.len(), first);
        let (mut lo, mut hi, mut endless) = (0, 0, 0);
        for row in 0..view.rows {
            let amount = view.amount(row);
            lo += amount.lo;
            if amount.hi >= rules::value::UNBOUNDED {
                endless += 1
            } else {
                hi += amount.hi
            }
            let outcome = view.outcome(row);
            rows.push(Said {
                outcome,
                amount,
                potential: (outcome != Outcome::NotEligible).then(|| view.potential(row)),
                fails: None,
                missing: Vec::new(),
            });
        }
        assert_eq!((lo, hi, endless), (view.lo, view.hi, view.endless), "the sums are those of the rows");
        let set = |words: &[u64; 16], row: usize| words[row / 64] >> (row % 64) & 1 == 1;
        let mut told = Vec::new();
        view.fails(|number, first_of, _| {
            for row in 0..view.rows {
                if set(first_of, row) {
                    told.push((row, number));
                }
            }
        });
        for (row, number) in told {
            assert_eq!(rows[first + row].fails, None, "one reason is first");
            rows[first + row].fails = Some(key(self.plan, &program_measure.fails[number]));
        }
        view.missing(|number, gates, amounts| {
            for row in 0..view.rows {
                if set(gates, row) || set(amounts, row) {
                    let read = program_measure.missing[number];
                    rows[first + row].missing.push((read, set(gates, row)));
                }
            }
        });
    }
}

fn key(plan: &Plan<'_>, fail: &Fail<'_>) -> String {
    match fail {
        Fail::Party(cond) | Fail::Record(cond) => cond.id.clone(),
        Fail::Refused => "refuse_below".to_owned(),
        Fail::NoRecord(record) => plan.program().vocabulary.records[usize::from(*record)].name.clone(),
    }
}

/// A party as a registry can know it: no dispute, no decision, no list of its own.
fn plain(mut party: Party) -> Party {
    let settle = |fact: &mut domain::Fact| {
        if let Knowledge::Disputed(values) = &fact.value {
            fact.value = Knowledge::Known(values[0].clone());
        }
    };
    party.facts.values_mut().for_each(settle);
    party.records.values_mut().flatten().flat_map(|row| row.facts.values_mut()).for_each(settle);
    party.decisions.clear();
    party.lists.clear();
    party
}

fn check(program: &Program, choices: &mut Tape, facts: &[Tape]) -> Result<(usize, usize), TestCaseError> {
    let on = [(2026, 5, 20), (2024, 2, 29), (2025, 12, 31)][choices.below(3)];
    let on = Date::new(on.0, on.1, on.2).unwrap();
    let dates = Dates { on, known_on: on };
    let mut layout: Layout = layout(program, dates);
    layout.facts.retain(|_| !choices.chance(10));
    layout.children.retain(|_| !choices.chance(20));
    for table in &mut layout.children {
        table.fields.retain(|field| *field == 0 || !choices.chance(10));
    }
    let parties: Vec<Party> = facts
        .iter()
        .map(|facts| frames::within(plain(unknowns::party(&mut facts.clone(), program, on)), program, &layout, dates))
        .collect();
    // the same parties again and again, so that chunks end everywhere
    let rows = [parties.len(), 63, 64, CHUNK - 1, CHUNK, CHUNK + 70, 2 * CHUNK][choices.below(7)];
    let of: Vec<usize> = (0..rows).map(|row| row % parties.len()).collect();
    let frame = frame(program, &layout, &parties, &of, dates);
    let measures: Vec<u32> = (0..program.measures.len() as u32).collect();
    let options = Options { measures, dates, missing: true };
    let plan = Plan::new(program, &layout, &options);
    let slow = plan.measures.iter().filter(|measure| measure.one_by_one).count();
    let expected: Vec<Vec<Said>> = plan
        .measures
        .iter()
        .map(|measure| parties.iter().map(|party| expected(program, party, dates, measure)).collect())
        .collect();
    for isa in Isa::all() {
        let mut collect = Collect { plan: &plan, said: vec![Vec::new(); plan.measures.len()] };
        Machine::new(&plan, isa).run(&frame, &mut collect);
        for (measure, (said, expected)) in collect.said.iter_mut().zip(&expected).enumerate() {
            if said.len() != rows {
                return Err(TestCaseError::fail(format!("{} rows instead of {rows}", said.len())));
            }
            for (row, said) in said.iter_mut().enumerate() {
                said.missing.sort();
                let expected = &expected[of[row]];
                if said != expected {
                    let party = &parties[of[row]];
                    return Err(TestCaseError::fail(format!(
                        "{} row {row}, measure {}: {said:?} instead of {expected:?}\n{:?}\nfacts {:?}\nrecords {:?}",
                        isa.name(),
                        program.catalogue.measures[measure].id,
                        plan.measures[measure],
                        party.facts.iter().map(|(key, fact)| format!("{key} = {:?}", fact.value)).collect::<Vec<_>>(),
                        party.records,
                    )));
                }
            }
        }
    }
    Ok((plan.measures.len(), slow))
}

#[test]
fn screening_says_what_assessing_says() {
    let (tried, accepted, measures, slow) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(cases(300));
    let strategy = (tape(160), proptest::collection::vec(tape(160), 1..6), tape(40));
    let outcome = runner.run(&strategy, |(choices, facts, mut rest)| {
        let sources = catalogue(choices, None, None);
        let loaded = sources.load();
        tried.set(tried.get() + 1);
        if loaded.errors() > 0 {
            return Ok(());
        }
        accepted.set(accepted.get() + 1);
        let (all, by_row) = check(&loaded.program, &mut rest, &facts).map_err(|error| {
            let rules: String = ["other.yaml", "main.yaml"].iter().filter_map(|file| sources.text(file)).collect();
            TestCaseError::fail(format!("{error}\n{rules}"))
        })?;
        measures.set(measures.get() + all);
        slow.set(slow.get() + by_row);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(accepted.get() * 2 > tried.get(), "{} of {} catalogues were accepted", accepted.get(), tried.get());
    assert!(slow.get() * 4 < measures.get(), "{} of {} measures were assessed row by row", slow.get(), measures.get());
}
