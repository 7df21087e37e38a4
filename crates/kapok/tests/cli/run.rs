//! Running the program, and small files for it to read.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The output as JSON, of a run that succeeded.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.out))
    }
}

/// The folder of the repository, in which every run takes place.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `kapok` with these arguments.
pub fn kapok(args: &[&str]) -> Run {
    with(args, "", &[])
}

/// Runs `kapok` with these arguments, with a text on standard input.
pub fn typed(args: &[&str], stdin: &str) -> Run {
    with(args, stdin, &[])
}

/// Runs `kapok` with these arguments, standard input and variables.
pub fn with(args: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kapok"));
    command.args(args).current_dir(root()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // the wishes of whoever runs the tests must not change the answers
    for name in ["KAPOK_RULES", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let mut child = command.spawn().unwrap();
    // a program that ends early closes its input, which is no mistake
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).ok();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Run {
        code: output.status.code().expect("the program ends by itself"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Writes a file for the program to read, and returns its path. Tests run at the same time: each takes a name of its own.
pub fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A small catalogue of one measure in a folder of its own, and the folder's path.
pub fn rules(name: &str, measure: &str) -> String {
    let vocabulary = "\
facts:
  org.revenue: { type: money, period: year, range: [0 CNY], label: { zh: 营业收入, en: Revenue }, ask: { zh: \"该年度营业收入是多少？\", en: \"What was the revenue?\" }, evidence: [audit_report], source: tax }
codes:
  topic: { label: { zh: 主题, en: Topic }, values: { growth: { zh: 成长, en: Growth } } }
  evidence: { label: { zh: 证明, en: Evidence }, values: { audit_report: { zh: 审计报告, en: Audit report } } }
  source: { label: { zh: 来源, en: Source }, values: { tax: { zh: 税务, en: Tax } } }
";
    let document = "\
document: demo.rules
title: { zh: 虚构办法, en: Made-up rules }
issuer: { zh: 虚构机关, en: Made-up authority }
level: city
place: shenzhen
published: 2026-01-01
confidence: primary
";
    file(&format!("{name}/vocabulary/all.yaml"), vocabulary);
    file(&format!("{name}/catalogue/demo/document.yaml"), document);
    file(&format!("{name}/catalogue/demo/growth.yaml"), measure);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).to_str().unwrap().to_owned()
}

/// A measure that is right, for [`rules`].
pub const GROWTH: &str = "\
measure: demo.growth
name: { zh: 成长奖励, en: Growth reward }
document: demo.rules
clause: 第一条
topic: growth
applies_to: organisation
versions:
  - in_force: { from: 2026-01-01 }
    known_from: 2026-01-01
    eligible:
      - { fact: \"org.revenue[year-1]\", at_least: 1000万元, id: revenue }
    award:
      kind: money
      amount: min(1% * org.revenue[year-1], 50万元)
example:
  on: 2026-05-20
  org.revenue: { 2025: 2000万元 }
cases:
  - name: 营业收入2000万元
    expect: { outcome: eligible, amount: 20万元 }
  - name: 营业收入不足
    with: { org.revenue: { 2025: 999万元 } }
    expect: { outcome: not_eligible, failing: [revenue] }
";

/// One measure in a report.
pub fn measure<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["measures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|measure| measure["measure"] == id)
        .unwrap_or_else(|| panic!("there is no `{id}` in the report"))
}
