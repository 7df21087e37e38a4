//! Benchmarks of Kapok. `kapok-bench` measures single assessments, `kapok-bench web` the server.

mod assess;
mod figure;
mod party;
mod peers;
mod reference;
mod screen;
mod texts;
mod web;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "\
usage: kapok-bench              one company, all open measures; and the same rules on other engines
       kapok-bench web [--requests N] [--kapok FILE] [--without-openfisca]
                                the API under load: N requests (default: half a minute of them)
       kapok-bench screen [--rows N] [--kapok FILE] [--without-openfisca] [--without-catalogue]
                                a whole registry (1,000,000 or 10,000,000 companies), against DuckDB and OpenFisca";

fn main() -> ExitCode {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        None => assess::run(bench),
        Some((command, rest)) if command == "web" => {
            web::Options::read(rest, bench).and_then(|options| web::run(&options))
        }
        Some((command, rest)) if command == "screen" => {
            screen::Options::read(rest, bench).and_then(|options| screen::run_all(&options))
        }
        Some(_) => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(1)
        }
    }
}

/// Now, for measuring.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
