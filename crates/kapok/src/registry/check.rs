//! `kapok registry check`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use screen::Source;
use screen::table::{CheckError, check};

use super::show;
use crate::output::{Lang, said};
use crate::progress::{Progress, interrupted, rate};
use crate::registry_args::{RegistryArgs, Told};

const EXAMPLES: &str = "\
Examples:
  kapok registry check city.parquet
  kapok registry check 'companies/*.csv' --mapping mapping.yaml --lang en
  kapok registry check city.parquet --json > profile.json

A registry is one or more Parquet or CSV files with one row a company. Columns that are called like facts, such as
org.place or org.revenue.2025, are read by themselves (`kapok policy facts` lists the facts); a mapping file says what
other columns hold:

  id: code                                                # finds companies that are there twice
  columns:
    area: org.place
    营业收入: { fact: org.revenue, year: 2025, unit: 万元 }

Told are, for each fact, the share of rows in which it is unknown, the least and the greatest value, and how often each
code occurs; then the rows that are left out, with the first of them and what would be right; ids that occur twice; and
records whose company is missing. Files of `kapok registry generate` need no mapping.

Exit code: 0 all can be used, 1 rows or records are left out or ids occur twice, 2 the registry cannot be read.";

/// Look at what a registry holds, and what in it cannot be used
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// Files of companies: Parquet or CSV, or patterns such as 'companies/*.parquet'
    #[arg(required = true, value_name = "REGISTRY")]
    paths: Vec<String>,
    /// Which column is which fact: a YAML file [default: columns named like facts, such as org.revenue.2025]
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The column that identifies a company, where no mapping says it
    #[arg(long, value_name = "COLUMN", conflicts_with = "mapping")]
    id: Option<String>,
    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// A folder with `catalogue` and `vocabulary` [default: the vocabulary that is built in]
    #[arg(long, value_name = "DIR", env = "KAPOK_RULES")]
    rules: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Check {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let json = self.json;
        let args = RegistryArgs {
            paths: self.paths,
            mapping: self.mapping,
            id: self.id,
            on: None,
            known_on: None,
            threads: self.threads,
            rules: self.rules,
            lang: self.lang,
        };
        let lang = args.lang();
        let (program, _) = args.program()?;
        let Ok(mapping) = args.read_mapping(&program)? else { return Ok(ExitCode::from(2)) };
        let registry = match args.open(&program, &mapping, None, true)? {
            Ok(registry) => registry,
            Err(Told) => return Ok(ExitCode::from(2)),
        };
        let interrupted = interrupted()?;
        let mut progress = Progress::new(registry.rows().unwrap_or(0), lang);
        let profile = check(&registry, &program.vocabulary, args.threads(), |rows| {
            progress.show(rows);
            !interrupted.load(std::sync::atomic::Ordering::Relaxed)
        });
        progress.end();
        let profile = profile.map_err(|error| match error {
            CheckError::Stopped => said("已中断", "stopped"),
            CheckError::Read(error) => {
                said(format!("{}：{}", error.file, error.why.zh), format!("{}: {}", error.file, error.why.en))
            }
        })?;
        if json {
            let mut whole = serde_json::to_value(&profile)?;
            whole["rows_per_second"] = rate(profile.rows, progress.took()).into();
            anstream::println!("{whole}");
        } else {
            show::profile(&profile, lang, rate(profile.rows, progress.took()));
        }
        let twice = profile.duplicates.as_ref().is_some_and(|duplicates| duplicates.rows > 0);
        let clean = profile.rejected == 0 && profile.rejected_records == 0 && !twice;
        Ok(ExitCode::from(u8::from(!clean)))
    }
}
