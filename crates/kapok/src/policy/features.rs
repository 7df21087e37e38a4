//! `kapok policy features`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::scope::Scope;
use crate::output::{Lang, colour, paint};

const EXAMPLES: &str = "\
Examples:
  kapok policy features
  kapok policy features catalogue/sz-training-voucher-guide-2026
  kapok policy features --json | jq '.[] | select(.measures == [])'

Exit code: 0 printed, 2 the rules cannot be read.";

/// The 46 abilities that real policies need of the language, with the measures that use each
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Features {
    /// A file or folder of rules; without it the rules that are built in
    path: Option<PathBuf>,
    /// Print the table as JSON: [{"feature":1,"title":"…","measures":["…"]}]
    #[arg(long)]
    json: bool,
    /// The language of the titles
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Features {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let scope = Scope::open(self.path.as_deref())?;
        let program = scope.sources.load().program;
        let lang = self.lang.into();
        let catalogue = &program.catalogue;
        let files: BTreeMap<&str, &str> = catalogue
            .measures
            .iter()
            .map(|measure| (measure.id.as_str(), measure.at.file.as_str()))
            .chain(catalogue.groups.iter().map(|group| (group.id.as_str(), group.at.file.as_str())))
            .chain(catalogue.targets.iter().map(|target| (target.id.as_str(), target.at.file.as_str())))
            .collect();
        let mut rows = rules::features::table(&program);
        for row in &mut rows {
            row.measures.retain(|id| files.get(id.as_str()).is_some_and(|file| scope.holds(file)));
        }
        if self.json {
            let rows: Vec<_> = rows.iter().map(|row| serde_json::json!({ "feature": row.feature, "title": row.title.get(lang), "measures": row.measures })).collect();
            anstream::println!("{}", serde_json::to_string(&rows)?);
            return Ok(ExitCode::SUCCESS);
        }
        let colour = colour();
        for row in &rows {
            let count = match (lang, row.measures.len()) {
                (rules::Lang::Zh, 0) => "(无)".to_owned(),
                (rules::Lang::En, 0) => "(none)".to_owned(),
                (_, count) => format!("({count})"),
            };
            anstream::println!("{:>2}  {} {count}", row.feature, paint(row.title.get(lang), "1", colour));
            for line in lines(&row.measures) {
                anstream::println!("    {}", paint(&line, "2", colour));
            }
        }
        let used = rows.iter().filter(|row| !row.measures.is_empty()).count();
        let line = match lang {
            rules::Lang::Zh => format!("{} 项中有 {used} 项被使用", rows.len()),
            rules::Lang::En => format!("{used} of {} are used", rows.len()),
        };
        anstream::println!("\n{line}");
        Ok(ExitCode::SUCCESS)
    }
}

/// How wide a line of ids is at most, the indent left out.
const WIDTH: usize = 76;

/// Ids in lines; none is broken, so that it can be copied.
fn lines(ids: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for id in ids {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + id.len() <= WIDTH => {
                line.push_str("  ");
                line.push_str(id);
            }
            _ => lines.push(id.clone()),
        }
    }
    lines
}
