//! `kapok policy test`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::scope::Scope;
use crate::output::{Lang, pick};

/// Run the cases that stand beside the rules.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  kapok policy test\n  kapok policy test catalogue/sz-training-voucher-guide-2026 --lang en\n  kapok policy test draft.yaml              a draft among the built-in rules\n\nThe last line is `N passed, N failed` in both languages.\n\nExit code: 0 all pass, 1 a case fails, 2 the rules have errors."
)]
pub struct Test {
    /// A file or folder of rules; without it the rules that are built in
    path: Option<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
    /// The language of what differs
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Test {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang = self.lang.into();
        let scope = Scope::open(self.path.as_deref())?;
        let loaded = scope.sources.load();
        if loaded
            .findings
            .iter()
            .any(|finding| finding.severity == rules::diag::Severity::Error && scope.holds(&finding.file))
        {
            return Err(scope.broken());
        }
        let results = rules::cases::run(&loaded.program, &|measure| scope.holds(&measure.at.file));
        let failed = results.iter().filter(|result| !result.passed).count();
        let passed = results.len() - failed;
        if self.json {
            let cases: Vec<_> = results
                .iter()
                .map(|result| {
                    let differences: Vec<&str> = result.differences.iter().map(|text| text.get(lang)).collect();
                    serde_json::json!({ "measure": result.measure, "name": result.name, "file": result.file, "line": result.line, "passed": result.passed, "differences": differences })
                })
                .collect();
            anstream::println!("{}", serde_json::json!({ "passed": passed, "failed": failed, "cases": cases }));
        } else {
            for result in results.iter().filter(|result| !result.passed) {
                anstream::println!(
                    "{} {} — {}\n  {}:{}",
                    pick(lang, "未通过", "FAILED"),
                    result.measure,
                    result.name,
                    result.file,
                    result.line
                );
                for difference in &result.differences {
                    anstream::println!("    {}", difference.get(lang));
                }
            }
            // read by machines: the same in both languages
            anstream::println!("{passed} passed, {failed} failed");
        }
        Ok(ExitCode::from(u8::from(failed > 0)))
    }
}
