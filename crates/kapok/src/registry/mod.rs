//! `kapok registry`: registries of very many companies.

mod generate;

use std::process::ExitCode;

use clap::Subcommand;

/// Sub-commands of `kapok registry`.
#[derive(Subcommand)]
pub enum Registry {
    Generate(generate::Generate),
}

impl Registry {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Generate(command) => command.run(),
        }
    }
}
