//! `kapok alerts`: the companies whose answers change after a change of the rules, or from one date to another.

use std::path::PathBuf;
use std::process::ExitCode;

use app::simulation::Prepared;
use clap::Args;
use domain::Date;
use rules::source::Sources;

use super::{base_name, code, listed, show, simulate, told, with_date};
use crate::output::{colour, said};
use crate::registry_args::RegistryArgs;
use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok alerts --from old-rules --to new-rules city.parquet --id uscc --out alerts.csv
  kapok alerts --from 2026-05-31 --to 2026-06-30 city.parquet --id uscc --out alerts.parquet
  kapok alerts --from old-rules --from 2025-12-31 --to 2026-01-01 city.parquet --id uscc --out alerts.csv --json

Each side is a folder with `catalogue` and `vocabulary`, a date, or both. Without a folder it has the rules of --rules,
without a date that of --on. The file has a row for each company and measure whose outcome or amount differs: both
answers, whether it is surely more or less, and the first condition that fails.

Exit code: 0 every company was computed, 1 some rows were left out, 2 no file was written.";

/// Which companies' answers change after a change of the rules, or with time
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Alerts {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Before: a folder of rules, a date, or (given twice) both
    #[arg(long, value_name = "DIR|DATE", required = true)]
    from: Vec<String>,
    /// After: a folder of rules, a date, or (given twice) both
    #[arg(long, value_name = "DIR|DATE", required = true)]
    to: Vec<String>,
    /// The file of the companies whose answers change: .parquet or .csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Compare these measures [default: all whose rules differ; all, if the dates do]
    #[arg(long, value_name = "ID")]
    measure: Vec<String>,
    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
}

/// A side as it was written.
#[derive(Default)]
struct Which {
    folder: Option<PathBuf>,
    date: Option<Date>,
}

impl Which {
    fn parse(values: &[String]) -> anyhow::Result<Self> {
        let mut which = Self::default();
        for value in values {
            let twice = match Date::parse(value) {
                Ok(date) => which.date.replace(date).is_some(),
                Err(_) => which.folder.replace(PathBuf::from(value)).is_some(),
            };
            if twice {
                return Err(said(
                    format!("{value}：每侧只能有一个文件夹和一个日期"),
                    format!("{value}: each side has one folder and one date at most"),
                ));
            }
        }
        Ok(which)
    }

    fn sources(&self, rules: &Sources) -> anyhow::Result<Sources> {
        self.folder.as_deref().map_or_else(|| Ok(rules.clone()), texts::folder)
    }

    fn name(&self, args: &RegistryArgs) -> String {
        let name = base_name(self.folder.as_deref().or(args.rules.as_deref()), args.lang());
        self.date.map_or_else(|| name.clone(), |date| format!("{name} @ {date}"))
    }
}

impl Alerts {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let args = &self.registry;
        let (from, to) = (Which::parse(&self.from)?, Which::parse(&self.to)?);
        let rules = texts::chosen(args.rules.as_deref())?;
        let (before, after) = (from.sources(&rules)?, to.sources(&rules)?);
        let Ok(mapping) = args.read_mapping(&after.load().program)? else { return Ok(ExitCode::from(2)) };
        let dates = args.dates(&mapping);
        let prepared = Prepared::between(
            (&from.name(args), &before, with_date(dates, from.date)),
            (&to.name(args), &after, with_date(dates, to.date)),
            &self.measure,
        );
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Err(told(error, args.rules.as_deref(), args.lang())),
        };
        let Ok(simulation) = simulate(args, &prepared, &mapping, Some(&self.out))? else {
            return Ok(ExitCode::from(2));
        };
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&simulation)?);
        } else {
            show::alerts(&simulation, args.lang(), colour());
            listed(&simulation, Some(&self.out), args.lang());
        }
        Ok(code(&simulation))
    }
}
