//! `kapok policy check`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rules::diag::Severity;

use super::scope::Scope;
use crate::output::{Lang, colour, pick};

/// Find every mistake in the rules.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  kapok policy check\n  kapok policy check catalogue/sz-training-voucher-guide-2026 --lang en\n  kapok policy check draft.yaml              a draft among the built-in rules\n  kapok policy check --json\n\nA file outside a catalogue is a draft: it takes the place of what has its id in the built-in rules.\n\nExit code: 0 no error, 1 errors, 2 the rules cannot be read."
)]
pub struct Check {
    /// A file or folder of rules; without it the rules that are built in
    path: Option<PathBuf>,
    /// Print counts and findings as JSON
    #[arg(long)]
    json: bool,
    /// The language of the messages
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Check {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let scope = Scope::open(self.path.as_deref())?;
        let loaded = scope.sources.load();
        let findings: Vec<_> = loaded.findings.iter().filter(|finding| scope.holds(&finding.file)).collect();
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let catalogue = &loaded.program.catalogue;
        let measures = catalogue.measures.iter().filter(|measure| scope.holds(&measure.at.file)).count();
        let documents = catalogue.documents.iter().filter(|document| scope.holds(&document.at.file)).count();
        if self.json {
            let report = serde_json::json!({ "measures": measures, "documents": documents, "errors": errors, "warnings": warnings, "findings": findings });
            anstream::println!("{report}");
        } else {
            let lang = self.lang.into();
            for finding in &findings {
                anstream::println!("{}\n", finding.render(scope.sources.text(&finding.file), lang, colour()));
            }
            let line = pick(
                lang,
                "措施 {m} 项，政策文件 {d} 份，错误 {e} 处，警告 {w} 处",
                "{m} measures, {d} issuing documents, {e} errors, {w} warnings",
            );
            let line = line
                .replace("{m}", &measures.to_string())
                .replace("{d}", &documents.to_string())
                .replace("{e}", &errors.to_string())
                .replace("{w}", &warnings.to_string());
            anstream::println!("{line}");
        }
        Ok(ExitCode::from(u8::from(errors > 0)))
    }
}
