//! Party files: YAML, JSON and CSV.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use rules::diag::{Diagnostic, Span};
use rules::party::{self, PartyFile};
use rules::vocabulary::Vocabulary;
use rules::yaml::{self, Kind, Node};

use crate::output::colour;

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
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("cannot read {name}"))?;
        file.take(limit).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let roots = if csv { rows(&name, &bytes) } else { yaml::parse(&bytes, yaml::MAX_PARTY_BYTES).map(|root| vec![root]) };
    let mut findings = Vec::new();
    let mut parties = Vec::new();
    match roots {
        Ok(roots) => {
            for root in roots {
                match party::read(&name, &root, vocabulary) {
                    Ok(party) => parties.push(party),
                    Err(more) => findings.extend(more),
                }
            }
        }
        Err(more) => findings.extend(more.into_iter().map(|finding| finding.in_file(&name))),
    }
    Ok(if findings.is_empty() { Ok(parties) } else { Err(Findings { findings, text }) })
}

/// A CSV file with a header of fact names as one tree a row. Empty cells are unknown.
fn rows(name: &str, bytes: &[u8]) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let wrong = |line: u64, zh: String, en: String| {
        let span = Span { line: u32::try_from(line).unwrap_or(0), column: 1, start: 0, end: 1 };
        Diagnostic::error("E0630", span, zh, en).in_file(name)
    };
    if bytes.len() > yaml::MAX_PARTY_BYTES {
        return Err(vec![wrong(0, "文件过大".into(), format!("the file is larger than {} bytes", yaml::MAX_PARTY_BYTES))]);
    }
    let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(vec![wrong(1, format!("表头有误：{error}"), format!("the header cannot be read: {error}"))]),
    };
    let mut roots = Vec::new();
    let mut findings = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                findings.push(wrong(line, format!("此行有误：{error}"), format!("the row cannot be read: {error}")));
                continue;
            }
        };
        let line = u32::try_from(record.position().map_or(0, csv::Position::line)).unwrap_or(0);
        let node = |text: &str, column: usize| Node {
            span: Span { line, column: u32::try_from(column + 1).unwrap_or(0), start: 0, end: 1 },
            kind: Kind::Scalar { text: text.to_owned(), quoted: false },
        };
        let mut column = 0;
        let mut entries = Vec::new();
        for (key, value) in header.iter().zip(&record) {
            if !value.is_empty() {
                entries.push((node(key, column), node(value, column)));
            }
            column += value.chars().count() + 1;
        }
        roots.push(Node { span: Span { line, column: 1, start: 0, end: 1 }, kind: Kind::Map(entries) });
    }
    if roots.is_empty() && findings.is_empty() {
        findings.push(wrong(1, "没有一行数据".into(), "there is no row".into()));
    }
    if findings.is_empty() { Ok(roots) } else { Err(findings) }
}
