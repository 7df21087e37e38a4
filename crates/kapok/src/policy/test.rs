//! `kapok policy test`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::texts::Scope;

/// Run the cases that stand beside the rules.
#[derive(Args)]
#[command(after_help = "Examples:\n  kapok policy test\n  kapok policy test catalogue/sz-training-voucher-guide-2026\n\nExit code: 0 all pass, 1 a case fails, 2 the rules have errors.")]
pub struct Test {
    /// A file or folder of rules; without it the rules that are built in
    path: Option<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
}

impl Test {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let scope = Scope::open(self.path.as_deref())?;
        let loaded = scope.sources.load();
        if loaded.findings.iter().any(|finding| finding.severity == rules::diag::Severity::Error && scope.holds(&finding.file)) {
            anyhow::bail!("the rules have errors: run `kapok policy check` first");
        }
        let results = rules::cases::run(&loaded.program, &|measure| scope.holds(&measure.at.file));
        let failed = results.iter().filter(|result| !result.passed).count();
        let passed = results.len() - failed;
        if self.json {
            anstream::println!("{}", serde_json::json!({ "passed": passed, "failed": failed, "cases": results }));
        } else {
            for result in results.iter().filter(|result| !result.passed) {
                anstream::println!("FAILED {} — {}\n  {}:{}", result.measure, result.name, result.file, result.line);
                for difference in &result.differences {
                    anstream::println!("    {difference}");
                }
            }
            anstream::println!("{passed} passed, {failed} failed");
        }
        Ok(ExitCode::from(u8::from(failed > 0)))
    }
}
