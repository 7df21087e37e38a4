//! `kapok policy facts`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rules::diag::Text;
use rules::listing::{self, ListedFact};
use rules::vocabulary::{FactDef, Type, Vocabulary};
use serde::Serialize;

use crate::output::{Lang, colour, paint, pick, said};
use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok policy facts                 every fact and record
  kapok policy facts org.revenue     one fact, with its question, proof and codes
  kapok policy facts contract        a record with its fields
  kapok policy facts 租金            every fact whose name or label has the word
  kapok policy facts --json --lang en

Exit code: 0 printed, 2 there is no such fact.";

/// The facts that party files and rules may name, with type, label and question
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Facts {
    /// A fact, a record, or a word in a name or label
    name: Option<String>,
    /// A folder with `catalogue` and `vocabulary` [default: the vocabulary that is built in]
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Print the facts as JSON
    #[arg(long)]
    json: bool,
    /// The language of the labels
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

/// A fact as it is shown.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    fact: ListedFact,
    /// Codes that it may have, with their labels.
    codes: Vec<(String, Text)>,
}

impl Facts {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let sources = match &self.rules {
            Some(folder) => texts::folder(folder)?,
            None => texts::built_in(),
        };
        let vocabulary = sources.load().program.vocabulary;
        let rows = find(&vocabulary, self.name.as_deref());
        if rows.is_empty() {
            let name = self.name.unwrap_or_default();
            return Err(match domain::text::nearest(&name, vocabulary.names()) {
                Some(near) => said(
                    format!("没有事实 `{name}`：是否想写 `{near}`？"),
                    format!("there is no fact `{name}`: did you mean `{near}`?"),
                ),
                None => said(
                    format!("没有事实 `{name}`：`kapok policy facts` 列出全部"),
                    format!("there is no fact `{name}`: `kapok policy facts` lists all"),
                ),
            });
        }
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&rows)?);
            return Ok(ExitCode::SUCCESS);
        }
        let (lang, colour) = (self.lang.into(), colour());
        for row in &rows {
            let fact = &row.fact;
            let year = if fact.by_year { pick(lang, "，按年度", ", by year") } else { "" };
            anstream::println!(
                "{}  {}{year}  {}",
                paint(&fact.fact, "1", colour),
                paint(&fact.r#type, "36", colour),
                fact.label.get(lang)
            );
            details(row, lang, rows.len() == 1);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn details(row: &Row, lang: rules::Lang, all: bool) {
    let fact = &row.fact;
    let line = |zh: &str, en: &str, text: &str| {
        anstream::println!("    {}{}{text}", pick(lang, zh, en), pick(lang, "：", ": "))
    };
    match (&fact.computed, &fact.decided_by) {
        (Some(formula), _) => line("由公式算出", "computed", formula),
        (None, Some(by)) => line("由人认定", "decided by", by),
        (None, None) if !fact.ask.get(lang).is_empty() => line("问", "asked", fact.ask.get(lang)),
        (None, None) => {}
    }
    if !all {
        return;
    }
    if !fact.evidence.is_empty() {
        let proof: Vec<&str> = fact.evidence.iter().map(|text| text.get(lang)).collect();
        line("证明", "proof", &proof.join(pick(lang, "、", ", ")));
    }
    if let Some(source) = &fact.source {
        line("来源", "source", source.get(lang));
    }
    for (code, label) in &row.codes {
        anstream::println!("      {code}  {}", label.get(lang));
    }
}

fn find(vocabulary: &Vocabulary, name: Option<&str>) -> Vec<Row> {
    let all: Vec<&FactDef> = vocabulary
        .facts
        .iter()
        .chain(vocabulary.records.iter().flat_map(|record| record.fields.iter().skip(1)))
        .collect();
    let row = |fact: &&FactDef| row(vocabulary, fact);
    let Some(name) = name else { return all.iter().map(row).collect() };
    // a year is not a part of the name
    let name = name.split('[').next().unwrap_or(name);
    if let Some(fact) = all.iter().find(|fact| fact.name == name) {
        return vec![row(fact)];
    }
    if let Some(record) = vocabulary.records.iter().find(|record| record.name == name || record.list == name) {
        return record.fields.iter().skip(1).collect::<Vec<_>>().iter().map(row).collect();
    }
    let word = name.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&word);
    all.iter().filter(|fact| has(&fact.name) || has(&fact.label.zh) || has(&fact.label.en)).map(row).collect()
}

fn row(vocabulary: &Vocabulary, fact: &FactDef) -> Row {
    let codes = match fact.ty {
        Type::Code(list) | Type::Codes(list) => {
            vocabulary.codes.get(list as usize).map(|list| list.values.clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    Row { fact: listing::fact(vocabulary, fact), codes }
}
