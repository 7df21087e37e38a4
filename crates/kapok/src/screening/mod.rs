//! `kapok screen`: the rules over a registry of very many companies.

mod detail;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use app::screening::{Files, Report, Request, ScreenError, Screening, hash};
use clap::Args;
use domain::Money;
use screen::Source;

use crate::output::{colour, pick, said};
use crate::progress::{rate, watched};
use crate::registry_args::{RegistryArgs, Told, run_error};

const EXAMPLES: &str = "\
Examples:
  kapok registry generate --rows 100000 --out city.parquet
  kapok screen city.parquet --on 2026-05-20                         every measure in force
  kapok screen city.parquet --on 2026-05-20 --lang en --json > screening.json
  kapok screen city.parquet --measure sz.training-voucher.demand-2026
                                           one measure: groups, reasons, missing facts
  kapok screen city.parquet --id uscc --rows results.parquet        a line for each company and measure
  kapok screen city.parquet --id uscc --measure ID --entitled list.csv
                                           grants without application: who gets how much
  kapok screen city.parquet --measure ID --budget 5000万元           what a budget comes to
  kapok screen 'companies/*.csv' --mapping mapping.yaml

Columns named like facts (kapok policy facts), such as org.place or org.revenue.2025, need no mapping. One says what other
columns are:
  id: uscc
  as_of: 2026-06-30
  columns:
    reg_place: org.place
    营业收入_2025: { fact: org.revenue, year: 2025, unit: 万元 }

--rows writes id, measure, outcome, unit, low, high (empty if there is no end) and fails (the first condition that fails),
in the order of the registry with any number of threads. Where a measure ranks, grades or limits its applicants, all that
are eligible are taken to apply. In the order of application (first come) no registry can be settled.

Exit code: 0 all rows screened, 1 some rows were left out (the rest is printed), 2 anything else; no file is written then.";

/// Screen a registry: how many companies each measure reaches, what it costs, why not, and what is missing
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Screen {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only this measure; may be repeated [default: all that can pay at the date]
    #[arg(long, value_name = "ID")]
    measure: Vec<String>,
    /// Write the result of each company to this file: .parquet or .csv
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// With --rows: a line for companies that are not eligible too
    #[arg(long, requires = "rows")]
    all_rows: bool,
    /// With one --measure: write those surely entitled to a settled amount to this file: .parquet or .csv
    #[arg(long, value_name = "FILE")]
    entitled: Option<PathBuf>,
    /// With one --measure: settle the call with this budget, such as 5000万元 or 'CNY 500000'
    #[arg(long, value_name = "AMOUNT", value_parser = |text: &str| Money::parse(text).map_err(|error| error.to_string()))]
    budget: Option<Money>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Screen {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang = self.registry.lang();
        let (program, sources) = self.registry.program()?;
        let mapping = match self.registry.read_mapping(&program)? {
            Ok(mapping) => mapping,
            Err(Told) => return Ok(ExitCode::from(2)),
        };
        let detailed = self.json || self.measure.len() == 1;
        let request = Request {
            measures: self.measure.clone(),
            dates: self.registry.dates(&mapping),
            groups: detailed,
            missing: detailed,
            budget: self.budget,
            rules: hash(&sources),
        };
        let screening = Screening::new(&program, request).map_err(|text| said(text.zh, text.en))?;
        let files =
            Files { rows: self.rows.clone().map(|path| (path, self.all_rows)), entitled: self.entitled.clone() };
        let ids = files.rows.is_some() || files.entitled.is_some();
        let registry = match self.registry.open(&program, &mapping, Some(screening.wanted()), ids)? {
            Ok(registry) => registry,
            Err(Told) => return Ok(ExitCode::from(2)),
        };
        let threads = self.registry.threads();
        let total = registry.rows().unwrap_or(0);
        let (report, took) = watched(total, lang, |progress| screening.run(&registry, threads, progress, &files))?;
        let report = report.map_err(|error| match error {
            ScreenError::Run(error) => run_error(error),
            ScreenError::Request(text) => said(text.zh, text.en),
        })?;
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            self.print(&report, took);
        }
        self.tell_left_out(&report);
        Ok(ExitCode::from(u8::from(report.left_out > 0)))
    }

    fn print(&self, report: &Report, took: Duration) {
        let (lang, colour) = (self.registry.lang(), colour());
        show::all(report, lang, colour);
        if let [measure] = report.measures.as_slice() {
            detail::measure(measure, lang, colour);
        }
        let line = pick(
            lang,
            "\n{n} 家企业 × {m} 项措施，每秒 {rate} 家",
            "\n{n} companies × {m} measures, {rate} companies a second",
        );
        let line = line
            .replace("{n}", &report.rows.to_string())
            .replace("{m}", &report.measures.len().to_string())
            .replace("{rate}", &rate(report.rows, took).to_string());
        anstream::println!("{line}");
        if let Some(entitled) = &report.entitled {
            let text = pick(
                lang,
                "享受名单：{n} 家，合计{sum}；另有 {m} 家符合但金额未定，不在名单内",
                "entitled: {n} companies, {sum} in all; {m} more are eligible, but their amounts are not settled",
            );
            let text = text
                .replace("{n}", &entitled.companies.to_string())
                .replace("{sum}", &show::sum(&entitled.amount, lang))
                .replace("{m}", &entitled.amount_open.to_string());
            anstream::println!("{text}");
        }
        for path in self.entitled.iter().chain(&self.rows) {
            anstream::println!("{} {}", pick(lang, "已写入", "written:"), path.display());
        }
    }

    /// Says on standard error which rows count nowhere.
    fn tell_left_out(&self, report: &Report) {
        if report.left_out == 0 {
            return;
        }
        let lang = self.registry.lang();
        let line = pick(lang, "有 {n} 行无法读取，未计入结果：", "{n} rows could not be read and count nowhere:");
        anstream::eprintln!("{}", line.replace("{n}", &report.left_out.to_string()));
        for rejected in report.rejected.iter().take(5) {
            let at = pick(lang, "{file} 第 {row} 行，列 `{column}`：", "{file} row {row}, column `{column}`: ");
            let at = at
                .replace("{row}", &rejected.row.to_string())
                .replace("{column}", &rejected.column)
                .replace("{file}", &rejected.file);
            anstream::eprintln!("  {at}{}", rejected.why.get(lang));
        }
        if report.left_out > 5 {
            anstream::eprintln!("  {}", pick(lang, "……（--json 列出更多）", "… (--json lists more)"));
        }
    }
}
