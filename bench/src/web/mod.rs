//! `make bench-web`: the API under load, and OpenFisca's own API with the same rules under the same load.

mod client;
mod load;
mod parties;
mod same_rules;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rules::ir::Program;

use crate::figure::{decimal, figure, times};
use crate::reference::Company;
use crate::{peers, texts};
use client::{Connection, post};
use load::{Outcome, Pace, Target, Until, digest};
use parties::{Case, Detail};
use server::Server;

/// Different parties that are sent.
const PARTIES: usize = 1_200;
/// Companies of the rules that OpenFisca has too.
const COMPANIES: usize = 400;
/// Connections that are open at a time.
const CONNECTIONS: usize = 8;
/// Requests a second that summaries are asked for at a fixed rate.
const SUMMARIES: u32 = 1_000;
/// The same for full answers.
const REPORTS: u32 = 200;

/// What is measured.
pub(crate) struct Options {
    bench: PathBuf,
    /// The program.
    kapok: PathBuf,
    /// So many requests for summaries as fast as they are answered, instead of half a minute of them.
    requests: Option<u64>,
    openfisca: bool,
}

impl Options {
    /// Reads the arguments; `bench` is the folder of the benchmarks.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn read(arguments: &[String], bench: &Path) -> Result<Self, String> {
        let root = bench.parent().ok_or("the bench folder has no parent")?;
        let kapok = root.join("target/release/kapok");
        let mut options = Self { bench: bench.to_path_buf(), kapok, requests: None, openfisca: true };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("`{argument}` needs a value"));
            match argument.as_str() {
                "--requests" => {
                    let text = value()?;
                    options.requests = Some(text.parse().map_err(|_| format!("`{text}` is not a number of requests"))?);
                }
                "--kapok" => options.kapok = PathBuf::from(value()?),
                "--without-openfisca" => options.openfisca = false,
                _ => return Err(format!("there is no option `{argument}`")),
            }
        }
        Ok(options)
    }
}

/// Runs everything and prints the figures.
///
/// # Errors
/// A server cannot be run, or an answer is wrong.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let root = options.bench.parent().ok_or("the bench folder has no parent")?;
    let work = root.join("target/bench-web");
    std::fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    whole_catalogue(options, root, &work)?;
    let kapok = same_rules_kapok(options, &work)?;
    if options.openfisca {
        let openfisca = same_rules_openfisca(options)?;
        figure("web_same_rules_kapok_to_openfisca", &times(kapok.0.rate(), openfisca.0.rate()), "times");
        figure("web_same_rules_openfisca_to_kapok_processor", &times(openfisca.1, kapok.1), "times");
    }
    Ok(())
}

/// Every measure that is shipped, for many parties.
fn whole_catalogue(options: &Options, root: &Path, work: &Path) -> Result<(), String> {
    let program = texts::load(&[root.join("vocabulary")], &[root.join("catalogue")])?;
    let cases = parties::draw(root, &program, PARTIES)?;
    let server = Server::kapok(&options.kapok, &work.join("data"), None)?;
    let summaries = checked(&server, &program, &cases, Detail::Summary)?;
    let reports = checked(&server, &program, &cases, Detail::Full)?;
    println!("{} different parties, answers checked against the rules", cases.len());
    load::run(&summaries, CONNECTIONS, Pace::Closed, Until::Time(Duration::from_secs(3)))?;

    let before = server.memory();
    let until = options.requests.map_or(Until::Time(Duration::from_secs(30)), Until::Requests);
    closed(&server, &summaries, "web_summary", until)?;
    fixed(&summaries, "web_summary", SUMMARIES)?;
    figure("web_summary_memory_before", &decimal(before), "MB");
    figure("web_summary_memory_after", &decimal(server.memory()), "MB");
    closed(&server, &reports, "web_full", Until::Time(Duration::from_secs(20)))?;
    fixed(&reports, "web_full", REPORTS)?;
    figure("web_full_memory_after", &decimal(server.memory()), "MB");
    Ok(())
}

/// The requests for these parties. Each is sent once, and its answer compared with what the rules say.
fn checked(server: &Server, program: &Program, cases: &[Case], detail: Detail) -> Result<Target, String> {
    let bodies = cases.iter().map(|case| case.body(detail));
    once(server, "/api/v1/assess", bodies, |number, answer| {
        cases.get(number).map_or(Ok(()), |case| case.check(program, detail, answer))
    })
}

/// Sends each request once and keeps what its answer was.
fn once(
    server: &Server,
    path: &str,
    bodies: impl Iterator<Item = Vec<u8>>,
    mut check: impl FnMut(usize, &[u8]) -> Result<(), String>,
) -> Result<Target, String> {
    let mut target = Target { address: server.address, requests: Vec::new(), answers: Vec::new() };
    let mut connection = Connection::new(server.address);
    for (number, body) in bodies.enumerate() {
        let request = post(path, &body);
        let answer = connection.send(&request).map_err(|error| format!("request {number}: {error}"))?;
        if answer.status != 200 {
            let said = String::from_utf8_lossy(answer.body);
            return Err(format!("request {number}: status {}: {said}", answer.status));
        }
        check(number, answer.body).map_err(|error| format!("request {number}: {error}"))?;
        target.answers.push(digest(answer.body));
        target.requests.push(request);
    }
    Ok(target)
}

/// As fast as the answers come. With the outcome, the processor time of the server for each request, in microseconds.
fn closed(server: &Server, target: &Target, name: &str, until: Until) -> Result<(Outcome, f64), String> {
    let before = server.processor();
    let outcome = right(load::run(target, CONNECTIONS, Pace::Closed, until)?)?;
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    let each = (server.processor() - before) * 1e6 / outcome.right.max(1) as f64;
    figure(&format!("{name}_requests"), &outcome.right.to_string(), "requests");
    figure(&format!("{name}_errors"), &outcome.errors.to_string(), "requests");
    figure(&format!("{name}_rate"), &decimal(outcome.rate()), "requests/s");
    figure(&format!("{name}_processor"), &decimal(each), "us/request");
    figure(&format!("{name}_p50"), &decimal(outcome.milliseconds(50.0)), "ms");
    figure(&format!("{name}_p99"), &decimal(outcome.milliseconds(99.0)), "ms");
    Ok((outcome, each))
}

/// At a fixed rate, for a quarter of a minute.
fn fixed(target: &Target, name: &str, rate: u32) -> Result<(), String> {
    let until = Until::Time(Duration::from_secs(15));
    let outcome = right(load::run(target, CONNECTIONS, Pace::Rate(rate), until)?)?;
    let name = format!("{name}_at_{rate}");
    figure(&format!("{name}_rate"), &decimal(outcome.rate()), "requests/s");
    for (percent, word) in [(50.0, "p50"), (99.0, "p99"), (99.9, "p999"), (100.0, "max")] {
        figure(&format!("{name}_{word}"), &decimal(outcome.milliseconds(percent)), "ms");
    }
    Ok(())
}

/// The outcome, if every answer was right.
fn right(outcome: Outcome) -> Result<Outcome, String> {
    match &outcome.first_error {
        Some(error) => Err(format!("{} of the answers were wrong; the first: {error}", outcome.errors)),
        None => Ok(outcome),
    }
}

fn companies(options: &Options) -> Result<Vec<Company>, String> {
    let sample = options.bench.join("rules/sample-1000.jsonl");
    let text = std::fs::read_to_string(&sample).map_err(|error| format!("{}: {error}", sample.display()))?;
    let mut companies = Company::read_all(&text)?;
    companies.truncate(COMPANIES);
    Ok(companies)
}

/// The eleven rules on Kapok.
fn same_rules_kapok(options: &Options, work: &Path) -> Result<(Outcome, f64), String> {
    let companies = companies(options)?;
    let rules = same_rules::rules(&options.bench, &work.join("same-rules"))?;
    let server = Server::kapok(&options.kapok, &work.join("data-same-rules"), Some(&rules))?;
    let bodies = companies.iter().map(same_rules::kapok_body);
    let target = once(&server, "/api/v1/assess", bodies, |number, answer| {
        companies.get(number).map_or(Ok(()), |company| same_rules::kapok_right(company, answer))
    })?;
    closed(&server, &target, "web_same_rules_kapok", Until::Time(Duration::from_secs(15)))
}

/// The eleven rules on OpenFisca.
fn same_rules_openfisca(options: &Options) -> Result<(Outcome, f64), String> {
    let peers = options.bench.join("peers");
    peers::install(&peers)?;
    let companies = companies(options)?;
    let server = Server::openfisca(&peers)?;
    let bodies = companies.iter().map(same_rules::openfisca_body);
    let mut off = 0_u32;
    let target = once(&server, "/calculate", bodies, |number, answer| {
        let Some(company) = companies.get(number) else { return Ok(()) };
        off += u32::from(!same_rules::openfisca_right(company, answer)?);
        Ok(())
    })?;
    figure("web_same_rules_companies", &companies.len().to_string(), "companies");
    figure("web_same_rules_openfisca_not_to_the_fen", &off.to_string(), "companies");
    let measured = closed(&server, &target, "web_same_rules_openfisca", Until::Time(Duration::from_secs(20)))?;
    figure("web_same_rules_openfisca_memory", &decimal(server.memory()), "MB");
    Ok(measured)
}
