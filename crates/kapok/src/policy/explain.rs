//! `kapok policy explain`.

use std::process::ExitCode;

use clap::Args;
use domain::Date;
use rules::explain::{explain, latest, version_on};

use super::one::One;
use crate::output::{Lang, colour, paint, said};

const EXAMPLES: &str = "\
Examples:
  kapok policy explain sz.training-voucher.demand-2026
  kapok policy explain catalogue/sz-nanshan-rd-support/base.yaml --on 2021-06-01 --lang en
  kapok policy explain draft.yaml > draft.md

The text is made from the rule itself, as Markdown: what it says is what is computed.
Without --on the version published last is explained; the others are listed.

Exit code: 0 explained, 2 there is no such measure or it has errors.";

/// A measure in plain language, made from the rule itself
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// The id of a built-in measure, or a file
    measure: String,
    /// Explain the version in force on this date [default: the version published last]
    #[arg(long, value_name = "DATE", value_parser = |text: &str| Date::parse(text).map_err(|error| error.to_string()))]
    on: Option<Date>,
    /// Print the explanation as JSON
    #[arg(long)]
    json: bool,
    /// The language of the text
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Explain {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let one = One::open(&self.measure, None, self.lang.into())?;
        let version = match self.on {
            Some(on) => version_on(&one.loaded.program, one.index, on),
            None => one.measure().and_then(latest),
        };
        let Some(explanation) = version.and_then(|version| explain(&one.loaded.program, one.index, version)) else {
            return Err(said("该措施在这一天没有可用的版本", "the measure has no version for this date"));
        };
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&explanation)?);
        } else {
            let colour = colour();
            for line in explanation.markdown(self.lang.into()).lines() {
                // headings stand out where there is colour; a file gets plain Markdown
                anstream::println!(
                    "{}",
                    if line.starts_with('#') { paint(line, "1", colour) } else { line.to_owned() }
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
