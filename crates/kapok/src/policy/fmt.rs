//! `kapok policy fmt`.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use rules::diag::Diagnostic;

use crate::output::{Lang, Tried, colour, said};
use crate::texts;

const EXAMPLES: &str = "\
Examples:
  kapok policy fmt catalogue/sz-nanshan-rd-support/base.yaml
  kapok policy fmt catalogue vocabulary
  kapok policy fmt --check catalogue        name the files that would change, and change none
  kapok policy fmt --check --json catalogue  the same for programs
  kapok policy fmt - < draft.yaml           print the canonical form

The canonical form has one order of keys and one style; comments are kept and the meaning stays the same.

Only files that end in .yaml or .yml are taken, and only those made of keys and values.

Exit code: 0 done, 1 with --check files would change, 2 a file cannot be read or is no rule file (it is left as it is).";

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
    /// Print the files that change, or would, as JSON
    #[arg(long)]
    json: bool,
    /// The language of the messages
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Fmt {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang: rules::Lang = self.lang.into();
        if self.paths.iter().any(|path| path == Path::new("-")) {
            if self.paths.len() > 1 {
                return Err(said(
                    "`-` 须单独使用：整理标准输入或文件，不能兼有",
                    "`-` stands alone: format standard input or files, not both",
                ));
            }
            return self.standard_input(lang);
        }
        let mut files = Vec::new();
        for path in &self.paths {
            collect(path, &mut files)?;
        }
        let mut changing: Vec<String> = Vec::new();
        let mut broken = 0_usize;
        for file in &files {
            let text = std::fs::read_to_string(file)
                .tried(|| (format!("无法读取 {}", file.display()), format!("cannot read {}", file.display())))?;
            match rules::fmt::canonical(&text) {
                Ok(canonical) if canonical == text => {}
                Ok(canonical) => {
                    changing.push(file.display().to_string());
                    if !self.json {
                        anstream::println!("{}", file.display());
                    }
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
        let changed = changing.len();
        if self.json {
            anstream::println!(
                "{}",
                serde_json::json!({ "files": files.len(), "changed": changing, "unreadable": broken })
            );
        }
        let line = match (lang, self.check) {
            (rules::Lang::Zh, true) => format!("{} 个文件中有 {changed} 个需要改写", files.len()),
            (rules::Lang::Zh, false) => format!("{} 个文件中改写了 {changed} 个", files.len()),
            (rules::Lang::En, true) => format!("{changed} of {} files would change", files.len()),
            (rules::Lang::En, false) => format!("{changed} of {} files changed", files.len()),
        };
        anstream::eprintln!("{line}");
        if broken > 0 {
            return Err(said(
                format!("无法读懂、保持原样的文件有 {broken} 个"),
                format!("files that cannot be read and are left as they are: {broken}"),
            ));
        }
        Ok(ExitCode::from(u8::from(self.check && changed > 0)))
    }

    fn standard_input(&self, lang: rules::Lang) -> anyhow::Result<ExitCode> {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .tried(|| ("无法读取标准输入".into(), "cannot read standard input".into()))?;
        match rules::fmt::canonical(&text) {
            Ok(canonical) if self.check => Ok(ExitCode::from(u8::from(canonical != text))),
            Ok(canonical) => {
                std::io::stdout()
                    .write_all(canonical.as_bytes())
                    .tried(|| ("无法写入标准输出".into(), "cannot write to standard output".into()))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(findings) => {
                report(&findings, "-", &text, lang);
                Err(said("标准输入不是规则文件", "standard input is not a rule file"))
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
    let failed = |path: &Path| (format!("无法写入 {}", path.display()), format!("cannot write {}", path.display()));
    let beside = file.with_extension("yaml.new");
    std::fs::write(&beside, text).tried(|| failed(&beside))?;
    std::fs::rename(&beside, file).tried(|| failed(file))
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_dir() {
        for inner in texts::listing(path)? {
            if inner.is_dir() || is_yaml(&inner) {
                collect(&inner, files)?;
            }
        }
        return Ok(());
    }
    texts::full(path)?;
    if !is_yaml(path) {
        let shown = path.display();
        return Err(said(
            format!("{shown} 不是规则文件：只整理 .yaml 和 .yml 文件"),
            format!("{shown} is no rule file: only .yaml and .yml files are formatted"),
        ));
    }
    files.push(path.to_path_buf());
    Ok(())
}
