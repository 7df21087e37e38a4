//! A screening says what assessing each company by itself says, and leaves no half file.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Date, Knowledge, Party};
use rules::assess::outline;
use rules::bind::Binder;
use rules::eval::Eval;
use rules::value::{Range, UNBOUNDED};
use screen::{Mapping, Registry, table};

use super::*;
use crate::city::City;
use crate::generate::{Plan as Made, generate, rights_beside};

const ROWS: u32 = 1_500;
const SEED: u64 = 5;

fn program() -> Program {
    crate::catalogue::tests::shipped().load().program
}

fn request() -> Request {
    let on = Date::new(2026, 5, 20).unwrap();
    let dates = Dates { on, known_on: on };
    Request { measures: Vec::new(), dates, groups: true, missing: true, budget: None, rules: String::new() }
}

fn open(folder: &Path, screening: &Screening<'_>, program: &Program) -> Registry {
    let companies = folder.join("city.parquet");
    if !companies.exists() {
        let city = City::new(&program.vocabulary).unwrap();
        let rights = rights_beside(&companies);
        let plan = Made { seed: SEED, rows: ROWS, rights, companies: companies.clone(), threads: 2 };
        generate(&city, &plan, |_| true).unwrap();
    }
    let options = table::Options { wanted: Some(screening.wanted()), ids: true };
    let paths = [companies.display().to_string()];
    Registry::open(&paths, &Mapping::default(), &program.vocabulary, &program.texts, &options).unwrap()
}

/// As the registry knows it: where registers disagree, it knows nothing.
fn known(mut party: Party) -> Party {
    for fact in party.facts.values_mut() {
        if matches!(fact.value, Knowledge::Disputed(_)) {
            fact.value = Knowledge::Unknown;
        }
    }
    party
}

/// An amount with its decimals, in the unit of [`rules::value`] for money.
fn money(text: &str) -> i128 {
    if text.is_empty() {
        return UNBOUNDED;
    }
    let (whole, rest) = text.split_once('.').unwrap();
    format!("{whole}{}", &rest[..2]).parse::<i128>().unwrap() * rules::value::FEN
}

#[test]
fn the_whole_catalogue_says_of_each_company_what_assessing_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let program = program();
    let screening = Screening::new(&program, request()).unwrap();
    let registry = open(folder.path(), &screening, &program);
    let rows = folder.path().join("rows.csv");
    let files = Files { rows: Some((rows.clone(), true)), entitled: None };
    let report = screening.run(&registry, 2, &Progress::default(), &files).unwrap();
    assert!(report.measures.len() >= 70 && report.rows == u64::from(ROWS) && report.left_out == 0);

    let mut said: BTreeMap<(String, String), (String, Range)> = BTreeMap::new();
    for row in csv::Reader::from_path(&rows).unwrap().records() {
        let row = row.unwrap();
        let amount = if &row[3] == "CNY" { Range { lo: money(&row[4]), hi: money(&row[5]) } } else { Range::ZERO };
        said.insert((row[0].to_owned(), row[1].to_owned()), (row[2].to_owned(), amount));
    }
    let city = City::new(&program.vocabulary).unwrap();
    let binder = Binder::new(&program);
    let mut compared = 0;
    for row in (0..ROWS).step_by(15) {
        let company = city.company(SEED, row);
        let bound = binder.bind(&known(city.party(&company)), request().dates);
        let mut eval = Eval::new(&program, &bound);
        for measure in &screening.measures {
            let id = &program.catalogue.measures[*measure as usize].id;
            let (outcome, amount) = outline(&mut eval, *measure);
            let found = &said[&(city.uscc(&company), id.clone())];
            assert_eq!(found.0, outcome.code(), "{id} of row {row}");
            if screening.version(*measure).unwrap().amount_type == rules::vocabulary::Type::Money {
                // the table has whole fen
                let fen = |end: i128| if end >= UNBOUNDED { end } else { end / rules::value::FEN * rules::value::FEN };
                assert_eq!(found.1, Range { lo: fen(amount.lo), hi: fen(amount.hi) }, "{id} of row {row}");
            }
            compared += 1;
        }
    }
    assert!(compared >= 100 * 70);
}

#[test]
fn any_number_of_threads_gives_the_same_report_and_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let program = program();
    let screening = Screening::new(&program, request()).unwrap();
    let registry = open(folder.path(), &screening, &program);
    let run = |threads: usize| {
        let path = folder.path().join(format!("{threads}.parquet"));
        let files = Files { rows: Some((path.clone(), false)), entitled: None };
        let report = screening.run(&registry, threads, &Progress::default(), &files).unwrap();
        (serde_json::to_string(&report).unwrap(), std::fs::read(path).unwrap())
    };
    assert!(run(1) == run(3));
}

#[test]
fn a_run_that_is_called_off_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let program = program();
    let measures = vec!["sz-longgang.rd-tier".to_owned()];
    let screening = Screening::new(&program, Request { measures, ..request() }).unwrap();
    let registry = open(folder.path(), &screening, &program);
    let before = folder.path().read_dir().unwrap().count();
    let progress = Progress::default();
    progress.cancel();
    let files =
        Files { rows: Some((folder.path().join("rows.csv"), true)), entitled: Some(folder.path().join("list.csv")) };
    let ended = screening.run(&registry, 2, &progress, &files);
    assert!(matches!(ended, Err(ScreenError::Run(RunError::Cancelled))), "{ended:?}");
    assert_eq!(folder.path().read_dir().unwrap().count(), before);
}
