//! `kapok simulate`: a draft against the rules in force, over a registry.

mod alerts;
mod show;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::simulation::{Draft, Prepared, Request, Simulation, SimulationError, Sweep, data, head};
use clap::Args;
use rules::Lang;
use rules::bind::Dates;
use rules::diag::Severity;
use screen::{Mapping, Source};

pub use alerts::Alerts;

use crate::output::{Tried, colour, said};
use crate::progress::watched;
use crate::registry_args::{RegistryArgs, Told, run_error};
use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok simulate --draft draft.yaml city.parquet
  kapok simulate --draft a.yaml --draft b.yaml 'companies/*.parquet' --on 2026-05-20
  kapok simulate --draft draft.yaml city.parquet --id uscc --changes changes.parquet
  kapok simulate --draft draft.yaml city.parquet --sweep 'sz.my-measure:rate=40%..70%/5%'
  kapok simulate city.parquet --sweep 'sz.my-measure:eligible.revenue.at_least=500万元..2000万元/500万元' --json

A draft is a file of a measure (a list, a document); it takes the place of the one in force with its id. Files that belong
together are one draft: a folder, or names with commas between them. What is not in force on the date is treated as if it
were, and the answer says so. A sweep varies one number: a named value under `let`, or a place such as
`award.limits.0.at_most`; without a draft, in the rules in force.

Amounts are from – to: what is unknown, or left to a person, keeps them apart. “More” and “less” count companies of whom
it is sure; of the others whose answer differs it depends on those facts.

Exit code: 0 every company was computed, 1 some rows were left out, 2 nothing was computed.";

/// What a draft would change: who gains, who loses, what it costs
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Simulate {
    #[command(flatten)]
    registry: RegistryArgs,
    /// A draft: files with commas between them, or a folder; give it again to compare several drafts
    #[arg(long, value_name = "FILE", required_unless_present = "sweep")]
    draft: Vec<String>,
    /// Compare these measures [default: those that differ, and those that ask for them]
    #[arg(long, value_name = "ID")]
    measure: Vec<String>,
    /// Vary one number and tell what it costs: 'ID:PLACE=FROM..TO/STEP'
    #[arg(long, value_name = "SWEEP")]
    sweep: Option<String>,
    /// List the companies whose answers change: .parquet or .csv
    #[arg(long, value_name = "FILE", requires = "draft")]
    changes: Option<PathBuf>,
    /// Print the simulation as JSON
    #[arg(long)]
    json: bool,
}

impl Simulate {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang = self.registry.lang();
        let sweep = self.sweep.as_deref().map(Sweep::parse).transpose().map_err(|text| said(text.zh, text.en))?;
        if self.changes.is_some() && self.draft.len() > 1 {
            return Err(said("--changes 只用于一个草案", "--changes goes with one draft"));
        }
        let drafts = self.draft.iter().map(|text| read(text)).collect::<anyhow::Result<Vec<_>>>()?;
        let (program, sources) = self.registry.program()?;
        let Ok(mapping) = self.registry.read_mapping(&program)? else { return Ok(ExitCode::from(2)) };
        let request = Request {
            name: base_name(self.registry.rules.as_deref(), lang),
            base: &sources,
            drafts,
            sweep,
            measures: self.measure.clone(),
            dates: self.registry.dates(&mapping),
        };
        let prepared = match Prepared::new(&request) {
            Ok(prepared) => prepared,
            Err(error) => return Err(told(error, self.registry.rules.as_deref(), lang)),
        };
        let Ok(simulation) = simulate(&self.registry, &prepared, &mapping, self.changes.as_deref())? else {
            return Ok(ExitCode::from(2));
        };
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&simulation)?);
        } else {
            show::all(&simulation, lang, colour());
            listed(&simulation, self.changes.as_deref(), lang);
        }
        Ok(code(&simulation))
    }
}

/// Runs over the registry, with a line that says how far it is.
fn simulate(
    args: &RegistryArgs,
    prepared: &Prepared,
    mapping: &Mapping,
    changes: Option<&Path>,
) -> anyhow::Result<Result<Simulation, Told>> {
    let registry = match args.open(prepared.program(), mapping, Some(prepared.wanted()), changes.is_some())? {
        Ok(registry) => registry,
        Err(told) => return Ok(Err(told)),
    };
    if changes.is_some() && !registry.names_ids() {
        return Err(said(
            "名单需要企业的编号：请用 --id 写出该列，或在对照文件中写明 id",
            "a list needs to name companies: say which column does with --id, or with `id` in the mapping",
        ));
    }
    let used = data(&registry.files()).tried(|| ("无法读取企业登记数据".into(), "cannot read the registry".into()))?;
    let (threads, lang) = (args.threads(), args.lang());
    let total = registry.rows().unwrap_or_default();
    let (done, _) = watched(total, lang, |progress| {
        prepared.run(&registry, used, threads, changes.map(|path| (path, lang)), progress)
    })?;
    done.map(Ok).map_err(run_error)
}

fn code(simulation: &Simulation) -> ExitCode {
    ExitCode::from(u8::from(simulation.data.left_out > 0))
}

/// Says where the list of changes is.
fn listed(simulation: &Simulation, path: Option<&Path>, lang: Lang) {
    if let (Some(rows), Some(path)) = (simulation.listed, path) {
        let path = path.display();
        match lang {
            Lang::Zh => anstream::println!("\n{path}：结果有变化的企业与措施 {rows} 行"),
            Lang::En => anstream::println!("\n{path}: {rows} rows, a company and a measure whose answer changes each"),
        }
    }
}

/// What rules are called: their folder, or that they are built in.
fn base_name(rules: Option<&Path>, lang: Lang) -> String {
    let built_in = || crate::output::pick(lang, "内置规则", "built-in rules").to_owned();
    rules.map_or_else(built_in, |path| path.display().to_string())
}

/// Reads a draft: files with commas between them, or folders.
fn read(text: &str) -> anyhow::Result<Draft> {
    let mut draft = Draft { name: text.to_owned(), files: Vec::new() };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in text.split(',').map(str::trim).filter(|path| !path.is_empty()) {
        let path = Path::new(path);
        if path.is_dir() {
            let inside = texts::listing(path)?;
            paths.extend(inside.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "yaml")));
        } else {
            paths.push(path.to_owned());
        }
    }
    // a draft's own document may stand beside it
    for path in paths.clone() {
        let document = path.with_file_name("document.yaml");
        if !paths.contains(&document) && document.is_file() {
            paths.push(document);
        }
    }
    for path in paths {
        let bytes = texts::bytes(&path)?;
        let shown = path.display().to_string();
        if head(&bytes).is_none() && rules::yaml::parse(&bytes, rules::yaml::MAX_POLICY_BYTES).is_ok() {
            return Err(said(
                format!("{shown} 不是规则文件：第一个键应是 `measure`、`document`、`list` 或 `group`"),
                format!("{shown} is no file of rules: its first key must be `measure`, `document`, `list` or `group`"),
            ));
        }
        draft.files.push((shown, bytes));
    }
    if draft.files.is_empty() {
        return Err(said(format!("{text} 中没有草案文件"), format!("there is no file of a draft in {text}")));
    }
    Ok(draft)
}

/// Why nothing is simulated; findings in a draft are shown first.
fn told(error: SimulationError, rules: Option<&Path>, lang: Lang) -> anyhow::Error {
    match error {
        SimulationError::Base(errors) => texts::with_errors(errors, rules),
        SimulationError::Request(text) => said(text.zh, text.en),
        SimulationError::Draft(name, findings, sources) => {
            let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
            for finding in &errors {
                anstream::eprintln!("{}\n", finding.render(sources.text(&finding.file), lang, colour()));
            }
            let count = errors.len();
            said(format!("{name} 有 {count} 处错误"), format!("{name} has {count} error(s)"))
        }
    }
}

/// The dates, one of them perhaps another.
fn with_date(dates: Dates, on: Option<domain::Date>) -> Dates {
    on.map_or(dates, |on| Dates { on, known_on: on })
}
