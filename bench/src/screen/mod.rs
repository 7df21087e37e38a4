//! A whole registry: the rules in `bench/rules` over millions of companies, from memory and from Parquet, against DuckDB and
//! OpenFisca in the same run; and the whole catalogue over made-up companies.

mod control;
mod decode;
mod repeat;

use std::path::{Path, PathBuf};

use domain::Date;
use rules::bind::Dates;
use rules::ir::Program;
use rules::value::FEN;
use screen::table::{Mapping, Options as Reading, Registry};
use screen::{Adder, Isa, Layout, Memory, Options as Screening, Plan, Progress, Source, Totals, run};

use crate::figure::{decimal, figure, times};
use crate::{now, peers, texts};
use control::Control;
use repeat::Repeated;

/// Threads, as many as the machine that the goals are for has cores.
const THREADS: usize = 2;
/// Formulas for one company: whether it can be supported, whether it is a start-up, ten measures and the total.
const FORMULAS: u64 = 13;
/// Runs of which the best counts.
const RUNS: usize = 3;

/// Areas are whole square metres in the benchmark's files.
const AREAS: &str = "columns:\n  org.rent_area: { fact: org.rent_area, unit: m2 }\n";

/// What is measured.
#[derive(Debug)]
pub(crate) struct Options {
    bench: PathBuf,
    rows: u64,
    kapok: PathBuf,
    openfisca: bool,
    catalogue: bool,
}

impl Options {
    /// Reads the arguments of `kapok-bench screen`.
    ///
    /// # Errors
    /// An argument that is not known or has no value.
    pub(crate) fn read(arguments: &[String], bench: &Path) -> Result<Self, String> {
        let mut options = Self {
            bench: bench.to_owned(),
            rows: 10_000_000,
            kapok: bench.join("../target/release/kapok"),
            openfisca: true,
            catalogue: true,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--rows" => {
                    options.rows = value()?.parse().map_err(|error| format!("--rows: {error}"))?;
                }
                "--kapok" => options.kapok = PathBuf::from(value()?),
                "--without-openfisca" => options.openfisca = false,
                "--without-catalogue" => options.catalogue = false,
                other => return Err(format!("{other} is not an argument of `kapok-bench screen`")),
            }
        }
        Ok(options)
    }
}

/// Measures everything and prints figures.
///
/// # Errors
/// A sum is not the control sum, a file cannot be read, or another engine fails.
pub(crate) fn run_all(options: &Options) -> Result<(), String> {
    let bench = &options.bench;
    let program = texts::load(
        &[bench.join("rules")],
        &["support", "total"].map(|name| bench.join("rules/catalogue").join(name)),
    )?;
    let peers = peers::screen(&bench.join("peers"), options.rows, options.openfisca)?;
    let folder = bench.join("peers/data");
    let file = |gaps: &str| folder.join(format!("companies_{}{gaps}.parquet", options.rows)).display().to_string();
    let control = Control::read(&bench.join("peers/screen"), options.rows)?;
    let isa = Isa::best();
    println!("{} rows, {THREADS} threads, {}", options.rows, isa.name());

    let whole = Run::new(&program, &file(""), None)?;
    let gaps = Run::new(&program, &file("_unknown5"), None)?;
    let decoded = best(|| decode::alone(&file(""), THREADS, &whole.names))?;
    let (parquet, totals) = whole.measure(&whole.registry, isa)?;
    control.check(&program, &whole.plan, &totals)?;
    figure("screen_parquet_decode_alone", &decimal(decoded), "s");
    figure("screen_parquet", &decimal(parquet), "s");
    figure("screen_parquet_to_decode", &times(parquet, decoded), "times");
    let (parquet_gaps, totals) = gaps.measure(&gaps.registry, isa)?;
    control.check_gaps(&program, &gaps.plan, &totals)?;
    figure("screen_parquet_5_percent_unknown", &decimal(parquet_gaps), "s");
    let ten = Repeated::new(&whole.registry, 10);
    let once = now();
    whole.once(&ten, isa)?;
    let ten_times = once.elapsed().as_secs_f64();
    figure(&format!("screen_parquet_{}_million", options.rows * 10 / 1_000_000), &decimal(ten_times), "s");
    figure("screen_parquet_memory", &decimal(peak()), "MB");

    let memory = Memory::load(&whole.registry).map_err(|error| error.to_string())?;
    for isa in Isa::all() {
        let (seconds, totals) = whole.measure(&memory, isa)?;
        control.check(&program, &whole.plan, &totals)?;
        let name = isa.name().to_lowercase().replace('-', "");
        figure(&format!("screen_memory_{name}"), &decimal(seconds), "s");
        figure(&format!("screen_memory_{name}_each"), &each(seconds, options.rows), "ns/formula");
    }
    let (in_memory, _) = whole.measure(&memory, isa)?;
    figure("screen_memory", &decimal(in_memory), "s");
    drop(memory);
    let memory = Memory::load(&gaps.registry).map_err(|error| error.to_string())?;
    let (in_memory_gaps, totals) = gaps.measure(&memory, isa)?;
    control.check_gaps(&program, &gaps.plan, &totals)?;
    figure("screen_memory_5_percent_unknown", &decimal(in_memory_gaps), "s");
    drop(memory);

    for peer in &peers {
        figure(&format!("screen_{}", peer.engine), &decimal(peer.seconds_wall), "s");
        let ours = if peer.engine.ends_with("parquet") { parquet } else { in_memory };
        figure(
            &format!("screen_{}_ratio", peer.engine),
            &times(peer.seconds_each(), ours / as_f64(options.rows)),
            "times",
        );
    }
    if options.catalogue {
        catalogue(options, isa)?;
    }
    Ok(())
}

/// The whole catalogue over made-up companies.
fn catalogue(options: &Options, isa: Isa) -> Result<(), String> {
    let root = options.bench.join("..");
    let program = texts::load(&[root.join("vocabulary")], &[root.join("catalogue")])?;
    let file = options.bench.join(format!("peers/data/city_{}.parquet", options.rows));
    if !file.exists() {
        let status = std::process::Command::new(&options.kapok)
            .args(["registry", "generate", "--rows", &options.rows.to_string(), "--out"])
            .arg(&file)
            .status()
            .map_err(|error| format!("{}: {error}", options.kapok.display()))?;
        if !status.success() {
            return Err(format!("{} cannot make the registry: {status}", options.kapok.display()));
        }
    }
    let day = Date::parse("2026-05-20").map_err(|error| error.to_string())?;
    let run = Run::new(&program, &file.display().to_string(), Some(day))?;
    let can_pay = run.plan.measures.iter().filter(|measure| measure.reason.is_none()).count();
    let (seconds, _) = run.measure(&run.registry, isa)?;
    figure("screen_catalogue_measures", &run.plan.measures.len().to_string(), "measures");
    figure("screen_catalogue_can_pay", &can_pay.to_string(), "measures");
    figure("screen_catalogue_parquet", &decimal(seconds), "s");
    let decoded = best(|| decode::alone(&file.display().to_string(), THREADS, &run.names))?;
    figure("screen_catalogue_decode_alone", &decimal(decoded), "s");
    Ok(())
}

/// A screening of one file.
struct Run<'p> {
    registry: Registry,
    plan: Plan<'p>,
    /// The columns that are read.
    names: Vec<String>,
}

impl<'p> Run<'p> {
    fn new(program: &'p Program, file: &str, on: Option<Date>) -> Result<Self, String> {
        let day = on.map_or_else(|| Date::parse("2026-07-01").map_err(|error| error.to_string()), Ok)?;
        let dates = Dates { on: day, known_on: day };
        let mapping = if program.vocabulary.fact("org.rent_area").is_some() {
            Mapping::read("mapping.yaml", AREAS.as_bytes(), &program.vocabulary).map_err(|findings| said(&findings))?
        } else {
            Mapping::default()
        };
        let open = |wanted: Option<Layout>| {
            let options = Reading { wanted, ids: false };
            Registry::open(&[file.to_owned()], &mapping, &program.vocabulary, &program.texts, &options)
                .map_err(|findings| said(&findings))
        };
        let all = open(None)?;
        let measures: Vec<u32> = (0_u32..).take(program.measures.len()).collect();
        let options = Screening { measures, dates, missing: false };
        let wanted = Plan::new(program, all.layout(), &options).reads();
        let registry = open(Some(wanted))?;
        let plan = Plan::new(program, registry.layout(), &options);
        let names = registry.layout().facts.iter().map(|column| {
            let fact = program.vocabulary.facts.get(column.fact).map_or("", |fact| fact.name.as_str());
            column.year.map_or_else(|| fact.to_owned(), |year| format!("{fact}.{year}"))
        });
        let names = names.collect();
        Ok(Self { registry, plan, names })
    }

    fn once(&self, source: &dyn Source, isa: Isa) -> Result<Totals, String> {
        let adder = Adder::new(&self.plan, &[]);
        let ran =
            run(source, &self.plan, isa, THREADS, &adder, &Progress::default()).map_err(|error| error.to_string())?;
        if ran.left_out > 0 {
            return Err(format!("{} rows were left out: {:?}", ran.left_out, ran.rejected.first()));
        }
        Ok(adder.totals())
    }

    /// The best of some runs, in seconds.
    fn measure(&self, source: &dyn Source, isa: Isa) -> Result<(f64, Totals), String> {
        let mut totals = Totals::default();
        let seconds = best(|| {
            let start = now();
            totals = self.once(source, isa)?;
            Ok(start.elapsed().as_secs_f64())
        })?;
        Ok((seconds, totals))
    }
}

fn said(findings: &[rules::diag::Diagnostic]) -> String {
    findings.iter().map(|finding| finding.message.en.clone()).collect::<Vec<_>>().join("; ")
}

fn best(mut once: impl FnMut() -> Result<f64, String>) -> Result<f64, String> {
    (0..RUNS).try_fold(f64::INFINITY, |best, _| Ok(best.min(once()?)))
}

#[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

fn each(seconds: f64, rows: u64) -> String {
    decimal(seconds * 1e9 / as_f64(rows * FORMULAS))
}

/// The most memory that this process has had, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

/// Money in fen.
fn fen(amount: i128) -> i128 {
    amount / FEN
}
