//! Kapok: an innovation-support programme, end to end, in one program.

mod output;
mod policy;
mod texts;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Policies that compute: what a company is entitled to, how much, and why.
#[derive(Parser)]
#[command(name = "kapok", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check, test, explain and compare policies written as rules
    #[command(subcommand)]
    Policy(policy::Policy),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Policy(policy) => policy.run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
