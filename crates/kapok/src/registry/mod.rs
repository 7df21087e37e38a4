//! `kapok registry`: registries of very many companies.

mod check;
mod generate;
mod show;

use std::process::ExitCode;

use clap::Subcommand;

/// Sub-commands of `kapok registry`.
#[derive(Subcommand)]
pub enum Registry {
    Check(check::Check),
    Generate(generate::Generate),
}

impl Registry {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(command) => command.run(),
            Self::Generate(command) => command.run(),
        }
    }
}
