//! `kapok policy measures`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::Date;
use rules::listing::{Listed, measures};

use crate::output::{Lang, colour, paint, said};
use crate::{clock, texts};

const EXAMPLES: &str = "\
Examples:
  kapok policy measures                    every measure
  kapok policy measures 训力券             those with a word in id, name, document, topic or kind
  kapok policy measures voucher shenzhen --lang en
  kapok policy measures --on 2024-01-01    as of another day
  kapok policy measures --json

The id in the first column is what `assess --why`, `policy explain` and `policy diff` take.

Exit code: 0 printed, 2 there is no such measure.";

/// All measures: id, name, what they give, and whether they are in force
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Measures {
    /// Words that all must occur, in Chinese or English
    text: Vec<String>,
    /// In force on this date [default: today in Shanghai]
    #[arg(long, value_name = "DATE", value_parser = |text: &str| Date::parse(text).map_err(|error| error.to_string()))]
    on: Option<Date>,
    /// A folder with `catalogue` and `vocabulary` [default: the rules that are built in]
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
    /// The language of the list
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Measures {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let sources = match &self.rules {
            Some(folder) => texts::folder(folder)?,
            None => texts::built_in(),
        };
        let on = self.on.unwrap_or_else(clock::today);
        let mut list = measures(&sources.load().program, on);
        list.retain(|measure| self.text.iter().all(|word| measure.mentions(word)));
        if list.is_empty() {
            let words = self.text.join(" ");
            return Err(said(
                format!("没有提到 `{words}` 的措施：`kapok policy measures` 列出全部措施"),
                format!("no measure mentions `{words}`: `kapok policy measures` lists all measures"),
            ));
        }
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&list)?);
        } else {
            self.show(&list, on);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, list: &[Listed], on: Date) {
        let (lang, colour) = (self.lang.into(), colour());
        // ids are ASCII, so that their length is their width
        let width = list.iter().map(|measure| measure.measure.len()).max().unwrap_or(0);
        for measure in list {
            let id = format!("{:width$}", measure.measure);
            let rest = format!("{} · {}", measure.gives.get(lang), measure.state.get(lang));
            anstream::println!(
                "{}  {} · {}",
                paint(&id, "1", colour),
                measure.name.get(lang),
                paint(&rest, "2", colour)
            );
        }
        let open = list.iter().filter(|measure| measure.in_force).count();
        match lang {
            rules::Lang::Zh => anstream::println!("\n共 {} 项，其中 {open} 项在{}有效", list.len(), on.zh()),
            rules::Lang::En => {
                anstream::println!("\n{} measures, {open} of them in force and open on {on}", list.len())
            }
        }
    }
}
