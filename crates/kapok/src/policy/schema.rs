//! `kapok policy schema`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok policy schema policy > policy.schema.json
  kapok policy schema party --rules . > party.schema.json

In VS Code with the YAML extension, settings.json:
  \"yaml.schemas\": {
    \"docs/schema/policy.schema.json\": \"catalogue/**/*.yaml\",
    \"docs/schema/vocabulary.schema.json\": \"vocabulary/*.yaml\",
    \"docs/schema/party.schema.json\": \"demo/**/*.yaml\"
  }

Exit code: 0 printed, 2 the folder of --rules cannot be read.";

/// Print the JSON Schema of a kind of file, for editors and other programs
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Schema {
    /// Which kind
    #[arg(value_enum, default_value_t)]
    kind: Kind,
    /// For party: a folder with `catalogue` and `vocabulary` [default: the vocabulary that is built in]
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Print JSON, which a schema always is; for symmetry with the other commands
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Files of a catalogue: documents, measures, groups, lists, targets
    #[default]
    Policy,
    /// Files of a vocabulary
    Vocabulary,
    /// What `kapok assess --json` prints
    Assessment,
    /// Party files: every fact with its type
    Party,
}

impl Schema {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let Self { json: _, .. } = &self;
        let schema = match self.kind {
            Kind::Policy => rules::schema::policy(),
            Kind::Vocabulary => rules::schema::vocabulary(),
            Kind::Assessment => rules::schema::assessment(),
            Kind::Party => {
                let sources = match &self.rules {
                    Some(folder) => texts::folder(folder)?,
                    None => texts::built_in(),
                };
                rules::schema::party(&sources.load().program.vocabulary)
            }
        };
        anstream::println!("{}", serde_json::to_string_pretty(&schema)?);
        Ok(ExitCode::SUCCESS)
    }
}
