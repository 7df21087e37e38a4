//! A simulation says what assessing each company by itself under both rules says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::Date;
use rules::assess::assess;
use rules::ast::Outcome;
use rules::bind::Binder;
use rules::eval::Eval;
use rules::value::Range;
use screen::{Mapping, Registry, table};

use super::*;
use crate::city::City;
use crate::facts::tests::sources;
use crate::generate::{Plan as Made, generate, rights_beside};

const MEASURE: &str = "\
measure: test.rd
name: { zh: 研发补助, en: R&D support }
document: test.rules
clause: 第一条
topic: research
applies_to: organisation
versions:
  - in_force: { from: 2026-01-01 }
    known_from: 2026-01-01
    let: { rate: 5% }
    eligible:
      - { id: revenue, fact: \"org.revenue[year-1]\", at_least: 2000万元 }
      - { id: rd, fact: \"org.rd[year-1]\", at_least: 100万元 }
    award:
      kind: money
      amount: min(rate * org.rd[year-1], 100万元)
";

fn dates() -> Dates {
    let on = Date::new(2026, 5, 20).unwrap();
    Dates { on, known_on: on }
}

const DOCUMENT: &str = "\
document: test.rules
title: { zh: 虚构办法, en: Made-up rules }
issuer: { zh: 虚构机关, en: Made-up authority }
level: city
place: shenzhen
published: 2026-01-01
confidence: primary
";

fn base() -> Sources {
    let mut base = sources();
    base.catalogue.insert("catalogue/test/document.yaml".to_owned(), DOCUMENT.into());
    base.catalogue.insert("catalogue/test/rd.yaml".to_owned(), MEASURE.into());
    base
}

fn draft(text: &str) -> Draft {
    Draft { name: "draft.yaml".to_owned(), files: vec![("draft.yaml".to_owned(), text.into())] }
}

/// A higher rate, another cap, another threshold.
fn other() -> Draft {
    let text = MEASURE.replace("5%", "8%").replace("100万元)", "80万元)").replace("2000万元", "5000万元");
    draft(
        &text.replace(
            "rd, fact: \"org.rd[year-1]\", at_least: 100万元",
            "rd, fact: \"org.rd[year-1]\", at_least: 50万元",
        ),
    )
}

fn request<'a>(base: &'a Sources, drafts: Vec<Draft>) -> Request<'a> {
    Request { name: "in force".to_owned(), base, drafts, sweep: None, measures: Vec::new(), dates: dates() }
}

const SEEDS: [u64; 3] = [1, 2, 3];
const ROWS: u32 = 700;

/// Three files of companies.
fn registry(folder: &Path) -> Vec<String> {
    let city = City::new(&crate::city::vocabulary()).unwrap();
    let file = |seed: u64| {
        let companies = folder.join(format!("city-{seed}.parquet"));
        let plan =
            Made { seed, rows: ROWS, rights: rights_beside(&companies), companies: companies.clone(), threads: 1 };
        generate(&city, &plan, |_| true).unwrap();
        companies.display().to_string()
    };
    SEEDS.map(file).into()
}

fn open(prepared: &Prepared, paths: &[String]) -> Registry {
    let program = prepared.program();
    let mapping = Mapping::read("", b"id: uscc", &program.vocabulary).unwrap();
    let options = table::Options { wanted: Some(prepared.wanted()), ids: true };
    Registry::open(paths, &mapping, &program.vocabulary, &program.texts, &options).unwrap()
}

fn run(prepared: &Prepared, paths: &[String], threads: usize, changes: Option<&Path>) -> Simulation {
    let registry = open(prepared, paths);
    let used = data(&registry.files()).unwrap();
    prepared.run(&registry, used, threads, changes.map(|path| (path, Lang::En)), &Progress::default()).unwrap()
}

type Answers = BTreeMap<String, (Outcome, Range)>;

/// Each company assessed by itself.
fn assessed(sources: &Sources) -> Answers {
    let program = sources.load().program;
    let city = City::new(&program.vocabulary).unwrap();
    let measure = program.measure("test.rd").unwrap() as u32;
    let binder = Binder::new(&program);
    let mut answers = Answers::new();
    for seed in SEEDS {
        for row in 0..ROWS {
            let company = city.company(seed, row);
            let bound = binder.bind(&city.party(&company), dates());
            let assessed = assess(&mut Eval::new(&program, &bound), measure);
            answers.insert(city.uscc(&company), (assessed.outcome, assessed.amount));
        }
    }
    answers
}

fn number(figure: &Figure) -> i128 {
    let (whole, rest) = figure.value.split_once('.').unwrap_or((&figure.value, "0"));
    let fen = format!("{whole}{rest:0<2}");
    fen.parse::<i128>().unwrap() * rules::value::FEN
}

#[test]
fn a_draft_costs_what_assessing_each_company_says() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let base = base();
    let prepared = Prepared::new(&request(&base, vec![other()])).unwrap();
    assert_eq!(prepared.measures(), ["test.rd"]);
    let list = folder.path().join("changes.csv");
    let simulation = run(&prepared, &paths, 3, Some(&list));
    let (before, after) = (assessed(&base), assessed(&overlay(&base, &other())));
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut gained, mut lost) = (0, 0);
    for (id, (was, from)) in &before {
        let (is, to) = &after[id];
        let decided = |outcome: &Outcome| matches!(outcome, Outcome::Eligible | Outcome::NotEligible);
        let kind = if (was, from) == (is, to) {
            "same"
        } else if to.lo > from.hi {
            gained += to.lo - from.hi;
            "gain"
        } else if to.hi < from.lo {
            lost += to.hi - from.lo;
            "lose"
        } else if from == to && from.is_point() && decided(was) && decided(is) {
            "other"
        } else {
            "unsure"
        };
        *counts.entry(kind).or_default() += 1;
        if *was == Outcome::Eligible && *is == Outcome::NotEligible {
            *counts.entry("no longer").or_default() += 1;
        }
        if *was == Outcome::NotEligible && *is == Outcome::Eligible {
            *counts.entry("newly").or_default() += 1;
        }
    }
    let count = |kind: &str| counts.get(kind).copied().unwrap_or_default();
    let found = &simulation.drafts[0].measures[0];
    let all = &found.all;
    assert_eq!(before.len() as u64, all.companies, "codes are all different");
    assert_eq!((all.same, all.gain, all.lose), (count("same"), count("gain"), count("lose")));
    assert_eq!((all.other, all.unsure), (count("other"), count("unsure")));
    assert_eq!((all.no_longer_eligible, all.newly_eligible), (count("no longer"), count("newly")));
    for kind in ["same", "gain", "lose", "unsure", "no longer"] {
        assert!(count(kind) > 0, "the companies are of every kind: {counts:?}");
    }
    let sums = |answers: &Answers| {
        let hi = answers.values().filter(|(_, amount)| amount.hi < rules::value::UNBOUNDED);
        (answers.values().map(|(_, amount)| amount.lo).sum::<i128>(), hi.map(|(_, amount)| amount.hi).sum::<i128>())
    };
    assert_eq!((number(&all.before.low), number(&all.before.high)), sums(&before));
    assert_eq!((number(&all.after.low), number(&all.after.high)), sums(&after));
    assert_eq!((number(&all.gained), number(&all.lost)), (gained, lost));
    assert_eq!(number(&all.difference.surely_from), sums(&after).0 - sums(&before).1);
    assert_eq!(number(&all.difference.surely_to), sums(&after).1 - sums(&before).0);
    // all measures together are this one
    assert_eq!(simulation.drafts[0].all, *all);
    // groups make up the whole
    for dimension in &found.groups {
        assert_eq!(dimension.groups.iter().map(|group| group.change.gain).sum::<u64>(), all.gain);
        assert_eq!(dimension.groups.iter().map(|group| group.change.companies).sum::<u64>(), all.companies);
    }
    assert_eq!(all.bands.iter().map(|band| band.surely).sum::<u64>(), all.gain + all.lose);
    // and everyone who cannot get it any more fails by something
    let gone =
        before.iter().filter(|(id, (was, _))| *was != Outcome::NotEligible && after[*id].0 == Outcome::NotEligible);
    assert_eq!(found.lost_by.iter().map(|cause| cause.companies).sum::<u64>(), gone.count() as u64);
    assert_eq!((found.lost_by[0].key.as_str(), found.lost_otherwise), ("revenue", 0));
    // the list has those whose answers differ, in the order of the registry
    let text = std::fs::read_to_string(&list).unwrap();
    let ids: Vec<&str> = text.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let differ: Vec<&String> = before.keys().filter(|id| before[*id] != after[*id]).collect();
    assert_eq!((ids.len(), simulation.listed), (differ.len(), Some(differ.len() as u64)));
    assert!(differ.iter().all(|id| ids.contains(&id.as_str())));
    assert!(simulation.drafts[0].differences[0].changes.len() >= 3);
}

#[test]
fn any_number_of_threads_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let base = base();
    let prepared = Prepared::new(&request(&base, vec![other(), draft(&MEASURE.replace("5%", "6%"))])).unwrap();
    let lists: [PathBuf; 2] = ["one.parquet", "three.parquet"].map(|name| folder.path().join(name));
    let one = run(&prepared, &paths, 1, Some(&lists[0]));
    assert_eq!(one, run(&prepared, &paths, 3, Some(&lists[1])));
    assert!(std::fs::read(&lists[0]).unwrap() == std::fs::read(&lists[1]).unwrap());
    assert_eq!((one.drafts.len(), one.data.rows), (2, 3 * u64::from(ROWS)));
    assert_ne!(one.drafts[0].rules.sha256, one.drafts[1].rules.sha256);
}

#[test]
fn the_same_rules_change_nothing_even_where_facts_are_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let base = base();
    let mut request = request(&base, vec![draft(MEASURE)]);
    assert!(matches!(Prepared::new(&request), Err(SimulationError::Request(_))));
    request.measures = vec!["test.rd".to_owned()];
    let simulation = run(&Prepared::new(&request).unwrap(), &paths, 2, None);
    let all = &simulation.drafts[0].all;
    assert_eq!((all.same, all.unsure), (all.companies, 0));
    assert!(all.before.high != all.before.low, "something is unknown");
}

#[test]
fn a_draft_for_comment_is_treated_as_in_force_and_said_so() {
    let base = base();
    let later = MEASURE
        .replace("from: 2026-01-01", "from: 2027-01-01")
        .replace("known_from: 2026-01-01", "known_from: 2026-12-01\n    status: draft")
        .replace("5%", "8%");
    let prepared = Prepared::new(&request(&base, vec![draft(&later)])).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let simulation = run(&prepared, &registry(folder.path()), 2, None);
    assert!(simulation.drafts[0].measures[0].after_reason.is_none());
    assert!(simulation.drafts[0].all.gain > 0);
    assert!(simulation.assumed().unwrap().en.contains("in force"));
    let plain = run(
        &Prepared::new(&request(&base, vec![draft(&MEASURE.replace("5%", "8%"))])).unwrap(),
        &registry(folder.path()),
        2,
        None,
    );
    assert_eq!((plain.drafts[0].all.clone(), plain.assumed()), (simulation.drafts[0].all.clone(), None));
}

#[test]
fn a_sweep_has_a_step_for_each_value() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let base = base();
    let mut request = request(&base, Vec::new());
    request.sweep = Some(Sweep::parse("test.rd:rate=4%..6%/1%").unwrap());
    let simulation = run(&Prepared::new(&request).unwrap(), &paths, 2, None);
    let steps = &simulation.sweep.as_ref().unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.value.as_str()).collect::<Vec<_>>(), ["4%", "5%", "6%"]);
    let costs: Vec<i128> = steps.iter().map(|step| number(&step.measure.after.low)).collect();
    assert!(costs.is_sorted() && costs[0] < costs[2], "{costs:?}");
    assert_eq!((steps[1].measure.same, steps[0].measure.gain), (3 * u64::from(ROWS), 0));
    assert!(simulation.drafts.is_empty());
}

#[test]
fn a_draft_with_errors_is_told_with_its_findings() {
    let base = base();
    let wrong = draft(&MEASURE.replace("org.rd[year-1], 100", "org.nothing, 100"));
    let Err(SimulationError::Draft(name, findings, sources)) = Prepared::new(&request(&base, vec![wrong])) else {
        panic!("the draft has errors")
    };
    assert_eq!(name, "draft.yaml");
    assert!(findings.iter().any(|finding| finding.file == "draft.yaml"));
    assert!(sources.text("draft.yaml").is_some());
    let mut missing = request(&base, vec![other()]);
    missing.measures = vec!["test.rdd".to_owned()];
    let Err(SimulationError::Request(text)) = Prepared::new(&missing) else { panic!("there is no such measure") };
    assert!(text.en.contains("test.rd`?"), "{}", text.en);
}

#[test]
fn what_asks_for_a_changed_measure_is_compared_too() {
    let mut base = sources();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue")];
    while let Some(folder) = open.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                base.catalogue.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    let program = base.load().program;
    let organisation = |index: usize| program.measures[index].applies_to == rules::ast::AppliesTo::Organisation;
    let uses = |index: usize| program.uses(&program.measures[index]).measures;
    let asks = |index: &usize| organisation(*index) && uses(*index).iter().any(|used| organisation(*used as usize));
    let asks = (0..program.measures.len()).find(asks).unwrap();
    let used = *program.uses(&program.measures[asks]).measures.iter().next().unwrap() as usize;
    let (asks, used) = (&program.catalogue.measures[asks], &program.catalogue.measures[used]);
    let text = base.text(&used.at.file).unwrap().replacen("known_from: 20", "known_from: 19", 1);
    let prepared = Prepared::new(&request(&base, vec![draft(&text)])).unwrap();
    for id in [&asks.id, &used.id] {
        assert!(prepared.measures().contains(id), "{id}: {:?}", prepared.measures());
    }
}

#[test]
fn two_catalogues_or_dates_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let (from, to) = (base(), overlay(&base(), &other()));
    let prepared = Prepared::between(("old", &from, dates()), ("new", &to, dates()), &[]).unwrap();
    let between = run(&prepared, &paths, 2, None);
    let draft = run(&Prepared::new(&request(&from, vec![other()])).unwrap(), &paths, 2, None);
    assert_eq!(between.drafts[0].all, draft.drafts[0].all);
    let before = Date::new(2025, 12, 31).unwrap();
    let before = Dates { on: before, known_on: before };
    let one = ["test.rd".to_owned()];
    let prepared = Prepared::between(("2025", &from, before), ("2026", &from, dates()), &one).unwrap();
    let begins = run(&prepared, &paths, 2, None);
    let measure = &begins.drafts[0].measures[0];
    assert!(measure.before_reason.is_some() && measure.all.gain > 0 && measure.all.before.high.value == "0");
    assert!(measure.won_otherwise > 0 && measure.won_by.is_empty());
}

#[test]
fn what_is_called_off_leaves_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let paths = registry(folder.path());
    let files = folder.path().read_dir().unwrap().count();
    let base = base();
    let prepared = Prepared::new(&request(&base, vec![other()])).unwrap();
    let registry = open(&prepared, &paths);
    let progress = Progress::default();
    progress.cancel();
    let used = data(&registry.files()).unwrap();
    let list = folder.path().join("changes.csv");
    let error = prepared.run(&registry, used, 2, Some((&list, Lang::Zh)), &progress).unwrap_err();
    assert!(matches!(error, RunError::Cancelled));
    assert_eq!(folder.path().read_dir().unwrap().count(), files);
}

#[test]
fn texts_mean_the_same_under_rules_that_number_them_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.csv");
    let made = City::new(&crate::city::vocabulary()).unwrap();
    let [one, two, three] = [0, 1, 2].map(|row| made.uscc(&made.company(1, row)));
    std::fs::write(&city, format!("uscc,org.uscc\na,{one}\nb,{two}\nc,{three}\nd,\n")).unwrap();
    let rule = |condition: &str| {
        let (first, _) = MEASURE.split_once("    let:").unwrap();
        let rest = format!("    eligible:\n      - {{ id: code, is: '{condition}' }}\n");
        format!("{first}{rest}    award: {{ kind: money, amount: 1万元 }}\n")
    };
    let either = |a: &str, b: &str| format!("org.uscc = \"{a}\" or org.uscc = \"{b}\"");
    let mut base = base();
    base.catalogue.insert("catalogue/test/rd.yaml".to_owned(), rule(&either(&one, &two)).into_bytes());
    // the third is new to the draft, the first is gone from it, the second has another number
    let draft = draft(&rule(&either(&three, &two)));
    let prepared = Prepared::new(&request(&base, vec![draft])).unwrap();
    let list = folder.path().join("changes.csv");
    let simulation = run(&prepared, &[city.display().to_string()], 1, Some(&list));
    let all = &simulation.drafts[0].all;
    assert_eq!((all.gain, all.lose, all.same, all.companies), (1, 1, 2, 4));
    let text = std::fs::read_to_string(&list).unwrap();
    assert!(text.contains("\na,test.rd,lose,") && text.contains("\nc,test.rd,gain,"), "{text}");
}
