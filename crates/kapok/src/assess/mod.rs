//! `kapok assess`: what a party is entitled to, how much, and why.

mod ask;
mod input;
mod marks;
mod show;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::Date;
use rules::bind::Dates;
use rules::ir::Program;
use rules::party::PartyFile;
use rules::report::Assessment;

use crate::output::{Lang, colour, said};
use crate::{clock, texts};

/// What a company or person is entitled to, how much, and why
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Assess {
    /// The party's facts: YAML, JSON or CSV (one party a row); `-` reads standard input
    #[arg(long, value_name = "FILE")]
    party: PathBuf,
    /// The date whose law applies [default: the file's `on`, else today in Shanghai]
    #[arg(long, value_name = "DATE", value_parser = texts::date)]
    on: Option<Date>,
    /// What was published and recorded by this date counts [default: the file's `known_on`, else the same as --on]
    #[arg(long, value_name = "DATE", value_parser = texts::date)]
    known_on: Option<Date>,
    /// Only these measures
    #[arg(long, value_name = "ID", num_args = 1..)]
    measure: Vec<String>,
    /// Print every condition of one measure as a tree, with facts, evidence and citations
    #[arg(long, value_name = "ID")]
    why: Option<String>,
    /// Ask for missing facts one by one, the most money at stake first, until none can change the best bundle
    #[arg(long, conflicts_with = "json")]
    ask: bool,
    /// The whole assessment as JSON (see `kapok policy schema assessment`)
    #[arg(long, conflicts_with = "table")]
    json: bool,
    /// Only the table, without reasons
    #[arg(long)]
    table: bool,
    /// List the measures too that cannot pay on the date: expired, closed, not yet in force, drafts
    #[arg(long)]
    all: bool,
    /// The language of the answer
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    /// A folder with `catalogue` and `vocabulary` [default: the rules that are built in]
    #[arg(long, value_name = "DIR", env = "KAPOK_RULES")]
    rules: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  kapok assess --party company.yaml
  kapok assess --party company.yaml --on 2026-05-20 --lang en
  kapok assess --party company.yaml --why sz.training-voucher.demand-2026
  kapok assess --party company.yaml --ask
  kapok assess --party companies.csv --json > answers.json

A party file has flat keys (kapok policy facts lists them):
  party: organisation
  org.kind: enterprise
  org.place: nanshan
  org.founded_on: 2025-09-20
  org.revenue: { 2025: 300万元 }
  contracts: [ { id: c1, amount: 1200万元, related_party: no } ]

Exit code: 0 assessed, 1 the party file has mistakes (nothing is assessed), 2 anything else.";

impl Assess {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let loaded = texts::chosen(self.rules.as_deref())?.load();
        if loaded.errors() > 0 {
            return Err(texts::with_errors(loaded.errors(), self.rules.as_deref()));
        }
        let program = loaded.program;
        let wanted = self.wanted(&program)?;
        let mut parties = match input::read(&self.party, &program.vocabulary)? {
            Ok(parties) => parties,
            Err(findings) => {
                findings.print(self.lang.into());
                return Ok(ExitCode::from(1));
            }
        };
        if self.ask {
            let [party] = parties.as_mut_slice() else {
                return Err(said("--ask 只接受一个主体的文件", "--ask takes a file with one party"));
            };
            let dates = self.dates(party);
            ask::ask(&program, &mut party.party, dates, &wanted, self.lang.into())?;
        }
        let reports: Vec<_> = parties
            .iter()
            .map(|party| {
                let dates = self.dates(party);
                Assessment::new(&program, &party.party, dates, &|index| wanted.get(index).copied().unwrap_or(false))
                    .report()
            })
            .collect();
        if self.json {
            let text = match reports.as_slice() {
                [one] => serde_json::to_string_pretty(one)?,
                many => serde_json::to_string_pretty(many)?,
            };
            anstream::println!("{text}");
            return Ok(ExitCode::SUCCESS);
        }
        for (number, report) in reports.iter().enumerate() {
            if number > 0 {
                anstream::println!();
            }
            match &self.why {
                Some(id) => why::tree(report, id, self.lang.into(), colour()),
                None => show::all(report, self.lang.into(), colour(), !self.table, self.all),
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// For each measure whether it is wanted.
    fn wanted(&self, program: &Program) -> anyhow::Result<Vec<bool>> {
        let ids: Vec<&str> = program.catalogue.measures.iter().map(|measure| measure.id.as_str()).collect();
        for id in self.measure.iter().chain(&self.why) {
            if !ids.contains(&id.as_str()) {
                return Err(match domain::text::nearest(id, ids.iter().copied()) {
                    Some(near) => said(
                        format!("没有措施 `{id}`：是否想写 `{near}`？"),
                        format!("there is no measure `{id}`; did you mean `{near}`?"),
                    ),
                    None => said(
                        format!("没有措施 `{id}`：`kapok policy measures` 列出全部措施"),
                        format!("there is no measure `{id}`; `kapok policy measures` lists all measures"),
                    ),
                });
            }
        }
        Ok(ids
            .iter()
            .map(|id| {
                if self.measure.is_empty() {
                    self.why.as_deref().is_none_or(|why| why == *id)
                } else {
                    self.measure.iter().any(|wanted| wanted == id)
                }
            })
            .collect())
    }

    fn dates(&self, party: &PartyFile) -> Dates {
        let on = self.on.or(party.on).unwrap_or_else(clock::today);
        Dates { on, known_on: self.known_on.or(party.known_on).unwrap_or(on) }
    }
}
