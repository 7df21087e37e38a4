//! `kapok policy fmt`.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use rules::diag::Diagnostic;

use crate::output::{Lang, colour, pick};

const EXAMPLES: &str = "\
Examples:
  kapok policy fmt catalogue/sz-nanshan-rd-support/base.yaml
  kapok policy fmt catalogue vocabulary
  kapok policy fmt --check catalogue        name the files that would change, and change none
  kapok policy fmt - < draft.yaml           print the canonical form

The canonical form has one order of keys and one style; comments are kept and the meaning stays the same.

Exit code: 0 done, 1 with --check files would change, 2 a file cannot be read or is not valid YAML (it is left as it is).";

/// Write rule files in their canonical form
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Fmt {
    /// Files or folders of rules; `-` reads standard input and prints
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only name the files that would change
    #[arg(long)]
    check: bool,
    /// The language of the messages
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Fmt {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang: rules::Lang = self.lang.into();
        if self.paths.iter().any(|path| path == Path::new("-")) {
            if self.paths.len() > 1 {
                bail!("`-` stands alone: format standard input or files, not both");
            }
            return self.standard_input(lang);
        }
        let mut files = Vec::new();
        for path in &self.paths {
            collect(path, &mut files)?;
        }
        let (mut changed, mut broken) = (0_usize, 0_usize);
        for file in &files {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            match rules::fmt::canonical(&text) {
                Ok(canonical) if canonical == text => {}
                Ok(canonical) => {
                    changed += 1;
                    anstream::println!("{}", file.display());
                    if !self.check {
                        replace(file, &canonical)?;
                    }
                }
                Err(findings) => {
                    broken += 1;
                    report(&findings, &file.to_string_lossy(), &text, lang);
                }
            }
        }
        let line = match (lang, self.check) {
            (rules::Lang::Zh, true) => format!("{} 个文件中有 {changed} 个需要改写", files.len()),
            (rules::Lang::Zh, false) => format!("{} 个文件中改写了 {changed} 个", files.len()),
            (rules::Lang::En, true) => format!("{changed} of {} files would change", files.len()),
            (rules::Lang::En, false) => format!("{changed} of {} files changed", files.len()),
        };
        anstream::eprintln!("{line}");
        if broken > 0 {
            let text = pick(lang, "无法读懂、保持原样的文件数", "files that cannot be read and are left as they are");
            bail!("{text}: {broken}");
        }
        Ok(ExitCode::from(u8::from(self.check && changed > 0)))
    }

    fn standard_input(&self, lang: rules::Lang) -> anyhow::Result<ExitCode> {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        match rules::fmt::canonical(&text) {
            Ok(canonical) if self.check => Ok(ExitCode::from(u8::from(canonical != text))),
            Ok(canonical) => {
                std::io::stdout().write_all(canonical.as_bytes()).context("cannot write to standard output")?;
                Ok(ExitCode::SUCCESS)
            }
            Err(findings) => {
                report(&findings, "-", &text, lang);
                bail!("standard input is not a rule file");
            }
        }
    }
}

fn report(findings: &[Diagnostic], file: &str, text: &str, lang: rules::Lang) {
    for finding in findings {
        anstream::eprintln!("{}\n", finding.clone().in_file(file).render(Some(text), lang, colour()));
    }
}

/// Writes beside the file and then takes its place, so that a file is never half written.
fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let beside = file.with_extension("yaml.new");
    std::fs::write(&beside, text).with_context(|| format!("cannot write {}", beside.display()))?;
    std::fs::rename(&beside, file).with_context(|| format!("cannot write {}", file.display()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        if !path.exists() {
            bail!("there is no {}", path.display());
        }
        files.push(path.to_path_buf());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot read the folder {}", path.display()))?;
    let mut inner: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().with_context(|| format!("cannot read the folder {}", path.display()))?;
    inner.sort();
    for path in inner {
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "yaml") {
            collect(&path, files)?;
        }
    }
    Ok(())
}
