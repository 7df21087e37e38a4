//! The same rules on other engines: runs `bench/peers/run.sh` and reads what it prints.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::reference;

/// One figure of another engine.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Peer {
    /// The engine, with the way of calling it where there are several: `zen`, `zen-trace`, `zen-batch`, `publicodes`.
    pub(crate) engine: String,
    /// Its version.
    pub(crate) version: String,
    /// How many companies it assessed: the first ones of the generated companies.
    pub(crate) companies: u64,
    /// Processor time, in seconds.
    pub(crate) seconds_cpu: f64,
    /// Time on the clock, in seconds.
    pub(crate) seconds_wall: f64,
    /// The sum of the companies' totals, in ten-thousandths of a yuan.
    pub(crate) sum_total: i128,
}

impl Peer {
    /// Reads one line of `run.sh`.
    ///
    /// # Errors
    /// What is missing or has another type.
    pub(crate) fn read(line: &str) -> Result<Self, String> {
        let row: Value = serde_json::from_str(line).map_err(|error| format!("`{line}` is not a figure: {error}"))?;
        let wrong = |name: &str| format!("`{line}` has no usable `{name}`");
        let text = |name: &str| row[name].as_str().ok_or_else(|| wrong(name));
        let seconds = |name: &str| row[name].as_f64().filter(|seconds| *seconds > 0.0).ok_or_else(|| wrong(name));
        Ok(Self {
            engine: text("engine")?.to_owned(),
            version: text("version")?.to_owned(),
            companies: row["companies"].as_u64().filter(|count| *count > 0).ok_or_else(|| wrong("companies"))?,
            seconds_cpu: seconds("seconds_cpu")?,
            seconds_wall: seconds("seconds_wall")?,
            sum_total: ten_thousandths(text("sum_total_yuan")?).ok_or_else(|| wrong("sum_total_yuan"))?,
        })
    }

    /// Nanoseconds of processor time for each company.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of companies are far below 2^52")]
    pub(crate) fn nanoseconds_cpu_each(&self) -> f64 {
        self.seconds_cpu * 1e9 / self.companies as f64
    }

    /// Whether the engine found the right sum, where the control sum for this many companies is known.
    #[must_use]
    pub(crate) fn agrees(&self) -> Option<bool> {
        let companies = usize::try_from(self.companies).ok()?;
        reference::control(companies).map(|control| control.total == self.sum_total)
    }
}

/// Runs the other engines over the first `zen` and `publicodes` companies and returns their figures. `folder` is
/// `bench/peers`. The first run installs the engines and makes the companies (`data/sample.jsonl` in that folder).
///
/// # Errors
/// The script cannot be run or fails, or prints something else than figures.
pub(crate) fn run(folder: &Path, zen: u64, publicodes: u64) -> Result<Vec<Peer>, String> {
    let script = folder.join("run.sh");
    let output = Command::new(&script)
        .args([zen.to_string(), publicodes.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{} cannot be run: {error}", script.display()))?;
    if !output.status.success() {
        return Err(format!("{} failed: {}", script.display(), output.status));
    }
    let text =
        String::from_utf8(output.stdout).map_err(|error| format!("{} printed no text: {error}", script.display()))?;
    text.lines().map(Peer::read).collect()
}

/// An engine that was run over a whole registry.
#[derive(Clone, Debug)]
pub(crate) struct Screened {
    /// The engine and where its columns come from: `duckdb_memory`, `duckdb_parquet`, `openfisca`.
    pub(crate) engine: String,
    rows: u64,
    /// Time on the clock, in seconds.
    pub(crate) seconds_wall: f64,
}

impl Screened {
    /// Seconds for each company.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of companies are far below 2^52")]
    pub(crate) fn seconds_each(&self) -> f64 {
        self.seconds_wall / self.rows as f64
    }
}

/// Runs the other engines over a registry of so many companies, which the first run makes. `folder` is `bench/peers`.
///
/// # Errors
/// The script cannot be run or fails, or prints something else than figures.
pub(crate) fn screen(folder: &Path, rows: u64, openfisca: bool) -> Result<Vec<Screened>, String> {
    let script = folder.join("screen/run.sh");
    let output = Command::new(&script)
        .arg(rows.to_string())
        .args((!openfisca).then_some("--without-openfisca"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{} cannot be run: {error}", script.display()))?;
    if !output.status.success() {
        return Err(format!("{} failed: {}", script.display(), output.status));
    }
    let text =
        String::from_utf8(output.stdout).map_err(|error| format!("{} printed no text: {error}", script.display()))?;
    text.lines()
        .map(|line| {
            let row: Value =
                serde_json::from_str(line).map_err(|error| format!("`{line}` is not a figure: {error}"))?;
            let engine = row["engine"].as_str().map(str::to_owned);
            match (engine, row["rows"].as_u64(), row["seconds_wall"].as_f64()) {
                (Some(engine), Some(rows), Some(seconds_wall)) if rows > 0 => {
                    Ok(Screened { engine, rows, seconds_wall })
                }
                _ => Err(format!("`{line}` is not a figure")),
            }
        })
        .collect()
}

/// Installs the engines that are not there yet. `folder` is `bench/peers`.
///
/// # Errors
/// The script cannot be run or fails.
pub(crate) fn install(folder: &Path) -> Result<(), String> {
    let script = folder.join("install.sh");
    let status = Command::new(&script)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("{} cannot be run: {error}", script.display()))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed: {status}", script.display())) }
}

/// `12.3456` as 123456; at most four decimals.
fn ten_thousandths(yuan: &str) -> Option<i128> {
    let (whole, part) = yuan.split_once('.').unwrap_or((yuan, ""));
    if whole.is_empty() || part.len() > 4 || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{part:0<4}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_and_compared_with_the_control_sum() {
        let line = r#"{"engine":"zen","version":"2.1.3","companies":1000,"seconds_cpu":0.25,"seconds_wall":0.3,"sum_total_yuan":"213049504.0706"}"#;
        let peer = Peer::read(line).expect("well formed");
        assert_eq!((peer.engine.as_str(), peer.companies, peer.sum_total), ("zen", 1000, 2_130_495_040_706));
        assert!((peer.nanoseconds_cpu_each() - 250_000.0).abs() < 1e-6);
        assert_eq!(peer.agrees(), Some(true));
        assert_eq!(Peer { sum_total: 1, ..peer.clone() }.agrees(), Some(false));
        assert_eq!(Peer { companies: 999, ..peer }.agrees(), None);
    }

    #[test]
    fn what_is_wrong_with_a_line_is_named() {
        let line = r#"{"engine":"zen","version":"2.1.3","companies":0,"seconds_cpu":0.25}"#;
        assert_eq!(Peer::read(line), Err(format!("`{line}` has no usable `companies`")));
        assert!(Peer::read("installing").is_err());
    }

    #[test]
    fn sums_are_read_without_loss() {
        assert_eq!(ten_thousandths("4490036463.1666"), Some(44_900_364_631_666));
        assert_eq!(ten_thousandths("3.5"), Some(35_000));
        assert_eq!(ten_thousandths("3"), Some(30_000));
        for wrong in ["", ".5", "-1", "1.23456", "1e9"] {
            assert_eq!(ten_thousandths(wrong), None);
        }
    }
}
