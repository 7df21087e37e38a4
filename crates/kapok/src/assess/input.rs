//! Party files: YAML, JSON and CSV.

use std::io::Read;
use std::path::Path;

use app::facts::{self, Format};
use rules::diag::Diagnostic;
use rules::party::PartyFile;
use rules::vocabulary::Vocabulary;
use rules::yaml;

use crate::output::{Tried, colour};

/// Mistakes in a party file, with its text to show them in.
pub struct Findings {
    findings: Vec<Diagnostic>,
    text: String,
}

impl Findings {
    pub fn print(&self, lang: rules::Lang) {
        for finding in &self.findings {
            anstream::eprintln!("{}\n", finding.render(Some(&self.text), lang, colour()));
        }
        let count = self.findings.len();
        match lang {
            rules::Lang::Zh => anstream::eprintln!("主体文件有 {count} 处错误，未作任何测算"),
            rules::Lang::En => anstream::eprintln!("the party file has {count} mistake(s); nothing was assessed"),
        }
    }
}

/// Reads the parties of a file.
pub fn read(path: &Path, vocabulary: &Vocabulary) -> anyhow::Result<Result<Vec<PartyFile>, Findings>> {
    let name = if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() };
    let limit = u64::try_from(yaml::MAX_PARTY_BYTES).unwrap_or(u64::MAX) + 1;
    let failed = || (format!("无法读取 {name}"), format!("cannot read {name}"));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .tried(|| ("无法读取标准输入".into(), "cannot read standard input".into()))?;
    } else {
        let file = std::fs::File::open(path).tried(failed)?;
        file.take(limit).read_to_end(&mut bytes).tried(failed)?;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(facts::read(&name, &bytes, Format::of(&name), vocabulary).map_err(|findings| Findings { findings, text }))
}
