//! `kapok policy`: working on the rules themselves.

mod check;
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
}

impl Policy {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(command) => command.run(),
            Self::Test(command) => command.run(),
        }
    }
}
