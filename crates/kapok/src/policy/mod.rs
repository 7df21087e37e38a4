//! `kapok policy`: working on the rules themselves.

mod check;
mod diff;
mod explain;
mod facts;
mod features;
mod fmt;
mod measures;
mod one;
mod schema;
mod scope;
mod test;

use std::process::ExitCode;

use clap::Subcommand;

/// Sub-commands of `kapok policy`.
#[derive(Subcommand)]
pub enum Policy {
    /// Find every mistake in the rules, with file, line and hint
    Check(check::Check),
    /// Run the cases that stand beside the rules
    Test(test::Test),
    Explain(explain::Explain),
    Diff(diff::Diff),
    Fmt(fmt::Fmt),
    Measures(measures::Measures),
    Facts(facts::Facts),
    Features(features::Features),
    Schema(schema::Schema),
}

impl Policy {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(command) => command.run(),
            Self::Test(command) => command.run(),
            Self::Explain(command) => command.run(),
            Self::Diff(command) => command.run(),
            Self::Fmt(command) => command.run(),
            Self::Measures(command) => command.run(),
            Self::Facts(command) => command.run(),
            Self::Features(command) => command.run(),
            Self::Schema(command) => command.run(),
        }
    }
}
