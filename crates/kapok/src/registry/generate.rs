//! `kapok registry generate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use app::city::{City, MAX_ROWS, SEED};
use app::generate::{GenerateError, Made, Plan, generate, rights_beside};
use clap::Args;

use crate::output::{Lang, pick, said};
use crate::progress::{Progress, interrupted, rate};
use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok registry generate --rows 1000000 --out city.parquet
  kapok registry generate --rows 2600 --out city.csv --lang en
  kapok registry generate --rows 50000 --out a.parquet --seed 7 --children b.parquet --json

Every company is made up, and its name says so. The columns are `uscc`, `name` and the facts as party files name them
(`kapok policy facts`), with the year behind yearly ones: org.revenue.2025. What no register knows is empty. Amounts are
whole fen in Parquet and yuan in CSV; sets of codes have | between them, and `none` is the empty set.
Intellectual property rights stand in a second file, a row a right with the `uscc` of its owner.

The same seed gives the same files, byte for byte, with any number of threads. Files appear at the end or not at all.

Exit code: 0 written, 2 not written.";

/// Write a registry of made-up companies, as Parquet or CSV
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Generate {
    /// How many companies
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROWS)))]
    rows: u32,
    /// The file of the companies: .parquet or .csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The file of their intellectual property rights [default: FILE with .patent before its ending]
    #[arg(long, value_name = "FILE")]
    children: Option<PathBuf>,
    /// What the companies are drawn with; 2026 is the seed of the demo city
    #[arg(long, value_name = "SEED", default_value_t = SEED)]
    seed: u64,
    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    /// The language of the messages
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Generate {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let vocabulary = texts::built_in().load().program.vocabulary;
        let city = City::new(&vocabulary)?;
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let plan = Plan {
            seed: self.seed,
            rows: self.rows,
            rights: self.children.clone().unwrap_or_else(|| rights_beside(&self.out)),
            companies: self.out.clone(),
            threads: self.threads.map_or_else(processors, usize::from),
        };
        let interrupted = interrupted()?;
        let mut progress = Progress::new(u64::from(self.rows), self.lang.into());
        let made = generate(&city, &plan, |rows| {
            progress.show(rows);
            !interrupted.load(Ordering::Relaxed)
        });
        progress.end();
        let made = made.map_err(|error| match error {
            GenerateError::Stopped => said("已中断，没有写入任何文件", "stopped: no file was written"),
            GenerateError::Write(error) => said(error.why.zh, error.why.en),
            GenerateError::Plan(text) => said(text.zh, text.en),
        })?;
        self.print(&plan, made, &progress);
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, plan: &Plan, made: Made, progress: &Progress) {
        let took = progress.took();
        let rate = rate(made.companies, took);
        let (companies, rights) = (plan.companies.display().to_string(), plan.rights.display().to_string());
        if self.json {
            let file = |path: &Path, rows| serde_json::json!({ "file": path, "rows": rows, "bytes": size(path) });
            let summary = serde_json::json!({
                "companies": file(&plan.companies, made.companies),
                "patents": file(&plan.rights, made.rights),
                "columns": made.columns,
                "seed": plan.seed,
                "seconds": took.as_secs_f64(),
                "rows_per_second": rate,
            });
            anstream::println!("{summary}");
            return;
        }
        let text = pick(
            self.lang.into(),
            "{companies}：虚构企业 {n} 家，{columns} 列\n{rights}：知识产权 {m} 项\n每秒 {rate} 家",
            "{companies}: {n} made-up companies, {columns} columns\n{rights}: {m} intellectual property rights\n{rate} companies a second",
        );
        let text = text
            .replace("{n}", &made.companies.to_string())
            .replace("{m}", &made.rights.to_string())
            .replace("{columns}", &made.columns.to_string())
            .replace("{rate}", &rate.to_string())
            .replace("{companies}", &companies)
            .replace("{rights}", &rights);
        anstream::println!("{text}");
    }
}

fn size(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|file| file.len())
}
