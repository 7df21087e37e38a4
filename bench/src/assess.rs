//! `make bench-assess`: how long one assessment takes, and how long other engines take for the same rules.

use std::path::Path;
use std::time::Duration;

use domain::{Date, Party};
use rules::assess::{assess, choose, outline};
use rules::bind::{Binder, Bound, Dates};
use rules::eval::Eval;
use rules::ir::Program;
use rules::report::Assessment;
use rules::value::FEN;

use crate::figure::{self, figure, nanoseconds_each, per_second, times};
use crate::reference::{Company, Control, MEASURES, control};
use crate::texts::load;
use crate::{now, party, peers};

/// Companies that the other engines assess; see `docs/benchmarks.md`.
const ZEN_COMPANIES: u64 = 20_000;
const PUBLICODES_COMPANIES: u64 = 1_000;

/// Both parts; `bench` is the folder of the benchmarks.
pub(crate) fn run(bench: &Path) -> Result<(), String> {
    let root = bench.parent().ok_or("the bench folder has no parent")?;
    let program = load(&[root.join("vocabulary")], &[root.join("catalogue")])?;
    catalogue(root, &program)?;
    answers(root, &program)?;
    same_rules(bench)
}

/// Runs `work` for about two seconds, five times, and gives the least time of one call.
fn measure(mut work: impl FnMut()) -> Duration {
    let start = now();
    let mut calls = 0_u32;
    while start.elapsed() < Duration::from_millis(200) {
        work();
        calls += 1;
    }
    let batch = calls.max(1) * 2;
    (0..5)
        .map(|_| {
            let start = now();
            for _ in 0..batch {
                work();
            }
            start.elapsed() / batch
        })
        .min()
        .unwrap_or_default()
}

/// Every measure of the catalogue that is open on a day, for one company.
fn catalogue(root: &Path, program: &Program) -> Result<(), String> {
    let file = root.join("demo/companies/robot-maker.yaml");
    let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let tree = rules::yaml::parse(&text, rules::yaml::MAX_PARTY_BYTES).map_err(|_| "the demo company is not YAML")?;
    let party = rules::party::read("robot-maker.yaml", &tree, &program.vocabulary)
        .map_err(|_| "the demo company has mistakes")?
        .party;
    let on = Date::new(2026, 5, 20).ok_or("no such day")?;
    let dates = Dates { on, known_on: on };
    let open: Vec<u32> = (0_u32..)
        .zip(&program.measures)
        .filter(|(_, measure)| {
            measure.applies_to == rules::ast::AppliesTo::Organisation
                && choose(&measure.versions, on, on).reason.is_none()
        })
        .map(|(index, _)| index)
        .collect();
    let count = u64::try_from(open.len()).unwrap_or(0);
    let binder = Binder::new(program);
    let with_reasons = measure(|| {
        let bound = binder.bind(&party, dates);
        let mut eval = Eval::new(program, &bound);
        for measure in &open {
            std::hint::black_box(assess(&mut eval, *measure));
        }
    });
    let without = measure(|| {
        let bound = binder.bind(&party, dates);
        let mut eval = Eval::new(program, &bound);
        for measure in &open {
            std::hint::black_box(outline(&mut eval, *measure));
        }
    });
    let report = measure(|| {
        let assessment = Assessment::new(program, &party, dates, &|index| {
            u32::try_from(index).is_ok_and(|index| open.contains(&index))
        });
        std::hint::black_box(assessment.report());
    });
    let text = measure(|| {
        let assessment = Assessment::new(program, &party, dates, &|index| {
            u32::try_from(index).is_ok_and(|index| open.contains(&index))
        });
        std::hint::black_box(serde_json::to_string(&assessment.report()).map_or(0, |json| json.len()));
    });
    figure("assess_catalogue_measures", &count.to_string(), "measures");
    figure("assess_catalogue_with_reasons", &nanoseconds_each(count, with_reasons.as_nanos()), "ns/measure");
    figure("assess_catalogue_without_reasons", &nanoseconds_each(count, without.as_nanos()), "ns/measure");
    figure("assess_catalogue_report", &nanoseconds_each(count, report.as_nanos()), "ns/measure");
    figure("assess_catalogue_report_json", &nanoseconds_each(count, text.as_nanos()), "ns/measure");
    figure("assess_catalogue_companies", &per_second(1, with_reasons.as_nanos()), "companies/s");
    Ok(())
}

/// A whole answer for one company over the whole catalogue: from the bytes of its file to those of the answer.
fn answers(root: &Path, program: &Program) -> Result<(), String> {
    let file = root.join("demo/companies/ai-startup.yaml");
    let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let on = Date::new(2026, 5, 20).ok_or("no such day")?;
    let answer = |full: bool| -> Option<usize> {
        let tree = rules::yaml::parse(&text, rules::yaml::MAX_PARTY_BYTES).ok()?;
        let party = rules::party::read("ai-startup.yaml", &tree, &program.vocabulary).ok()?.party;
        let assessment = Assessment::new(program, &party, Dates { on, known_on: on }, &|_| true);
        let json =
            if full { serde_json::to_vec(&assessment.report()) } else { serde_json::to_vec(&assessment.summary()) };
        json.ok().map(|json| json.len())
    };
    for (full, name) in [(false, "summary"), (true, "full")] {
        let bytes = answer(full).ok_or("the demo company cannot be assessed")?;
        let time = measure(|| {
            std::hint::black_box(answer(full));
        });
        figure(&format!("assess_answer_{name}_bytes"), &bytes.to_string(), "bytes");
        figure(&format!("assess_answer_{name}"), &nanoseconds_each(1, time.as_nanos()), "ns/company");
    }
    Ok(())
}

/// The same rules in Kapok and in other engines, over the same companies.
fn same_rules(bench: &Path) -> Result<(), String> {
    let peers = peers::run(&bench.join("peers"), ZEN_COMPANIES, PUBLICODES_COMPANIES)?;
    for peer in &peers {
        if peer.agrees() == Some(false) {
            return Err(format!("{} found another sum than the control", peer.engine));
        }
    }
    let sample = bench.join("peers/data/sample.jsonl");
    let text = std::fs::read_to_string(&sample).map_err(|error| format!("{}: {error}", sample.display()))?;
    let companies = Company::read_all(&text)?;
    if control(companies.len()).is_some_and(|control| control != Control::of(&companies)) {
        return Err("the generated companies do not have the control sums".to_owned());
    }
    let rules = bench.join("rules");
    let program =
        load(std::slice::from_ref(&rules), &[rules.join("catalogue/support"), rules.join("catalogue/total")])?;
    let parties: Vec<Party> = companies.iter().map(party::party).collect::<Result<_, _>>()?;
    check(&program, &parties, &companies)?;

    let on = Date::new(2026, 7, 1).ok_or("no such day")?;
    let dates = Dates { on, known_on: on };
    let binder = Binder::new(&program);
    let count = u64::try_from(parties.len()).unwrap_or(0);
    let measures = u32::try_from(program.measures.len()).unwrap_or(0);
    let pass = |reasons: bool| {
        measure(|| {
            for party in &parties {
                let bound = binder.bind(party, dates);
                let mut eval = Eval::new(&program, &bound);
                for index in 0..measures {
                    if reasons {
                        std::hint::black_box(assess(&mut eval, index));
                    } else {
                        std::hint::black_box(outline(&mut eval, index));
                    }
                }
            }
        })
    };
    let (with_reasons, without) = (pass(true), pass(false));
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    let each = |time: Duration| time.as_nanos() as f64 / count.max(1) as f64;
    figure("same_rules_kapok_with_reasons", &figure::decimal(each(with_reasons)), "ns/company");
    figure("same_rules_kapok_without_reasons", &figure::decimal(each(without)), "ns/company");
    for peer in &peers {
        let name = peer.engine.replace('-', "_");
        figure(&format!("same_rules_{name}"), &figure::decimal(peer.nanoseconds_cpu_each()), "ns/company");
        figure(
            &format!("same_rules_{name}_to_kapok_with_reasons"),
            &times(peer.nanoseconds_cpu_each(), each(with_reasons)),
            "times",
        );
        figure(
            &format!("same_rules_{name}_to_kapok_without_reasons"),
            &times(peer.nanoseconds_cpu_each(), each(without)),
            "times",
        );
    }
    Ok(())
}

/// Kapok pays every company what the plain integers say, measure by measure, to the fen.
fn check(program: &Program, parties: &[Party], companies: &[Company]) -> Result<(), String> {
    let index = |id: &str| {
        program.measure(id).and_then(|index| u32::try_from(index).ok()).ok_or(format!("there is no measure `{id}`"))
    };
    let mut measures: Vec<u32> = MEASURES.iter().map(|id| index(id)).collect::<Result<_, _>>()?;
    measures.push(index("bench.total")?);
    let binder = Binder::new(program);
    let on = Date::new(2026, 7, 1).ok_or("no such day")?;
    for (party, company) in parties.iter().zip(companies) {
        let bound: Bound = binder.bind(party, Dates { on, known_on: on });
        let mut eval = Eval::new(program, &bound);
        let expected = company.to_the_fen();
        for (measure, expected) in measures.iter().zip(expected.each.iter().chain([&expected.total])) {
            let (_, amount) = outline(&mut eval, *measure);
            // the reference counts in ten-thousandths of a yuan, a hundred of them a fen
            let expected = expected / 100 * FEN;
            if amount.lo != expected || amount.hi != expected {
                return Err(format!(
                    "company {}: Kapok pays {} to {}, the reference {expected}",
                    company.id, amount.lo, amount.hi
                ));
            }
        }
    }
    Ok(())
}
