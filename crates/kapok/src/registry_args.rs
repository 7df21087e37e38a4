//! What commands that run the rules over a registry share: which files, which dates, which rules.

use std::path::PathBuf;

use clap::Args;
use domain::Date;
use rules::bind::Dates;
use rules::diag::Diagnostic;
use rules::ir::Program;
use rules::source::Sources;
use screen::{Layout, Mapping, Registry, RunError, table};

use crate::output::{Lang, colour, pick, said};
use crate::{clock, texts};

/// A registry, and what is computed over it.
#[derive(Args)]
pub struct RegistryArgs {
    /// Files of companies: Parquet or CSV, or patterns such as 'companies/*.parquet'
    #[arg(required = true, value_name = "REGISTRY")]
    pub paths: Vec<String>,
    /// Which column is which fact: a YAML file [default: columns named like facts, such as org.revenue.2025]
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// The column that identifies a company, where no mapping says it
    #[arg(long, value_name = "COLUMN", conflicts_with = "mapping")]
    pub id: Option<String>,
    /// The date whose law applies [default: the mapping's `as_of`, else today in Shanghai]
    #[arg(long, value_name = "DATE", value_parser = texts::date)]
    pub on: Option<Date>,
    /// What was published by this date counts [default: the same as --on]
    #[arg(long, value_name = "DATE", value_parser = texts::date)]
    pub known_on: Option<Date>,
    /// How many threads work [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// A folder with `catalogue` and `vocabulary` [default: the rules that are built in]
    #[arg(long, value_name = "DIR", env = "KAPOK_RULES")]
    pub rules: Option<PathBuf>,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

/// A problem with the registry has been told already; only the exit code is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told;

impl RegistryArgs {
    pub fn lang(&self) -> rules::Lang {
        self.lang.into()
    }

    pub fn threads(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(processors, usize::from)
    }

    /// The rules, and the texts that they were read from.
    pub fn program(&self) -> anyhow::Result<(Program, Sources)> {
        let sources = texts::chosen(self.rules.as_deref())?;
        let loaded = sources.load();
        if loaded.errors() > 0 {
            return Err(texts::with_errors(loaded.errors(), self.rules.as_deref()));
        }
        Ok((loaded.program, sources))
    }

    /// The mapping: that of the file, or one that names the id alone. Mistakes in it are told on standard error.
    pub fn read_mapping(&self, program: &Program) -> anyhow::Result<Result<Mapping, Told>> {
        let (name, bytes) = match (&self.mapping, &self.id) {
            (Some(path), _) => (path.display().to_string(), texts::bytes(path)?),
            // a text in JSON is one in YAML too
            (None, Some(id)) => (String::new(), format!("id: {}\n", serde_json::to_string(id)?).into_bytes()),
            (None, None) => return Ok(Ok(Mapping::default())),
        };
        Ok(Mapping::read(&name, &bytes, &program.vocabulary).map_err(|findings| {
            self.tell(&findings, Some(&String::from_utf8_lossy(&bytes)));
            Told
        }))
    }

    pub fn dates(&self, mapping: &Mapping) -> Dates {
        let on = self.on.or(mapping.as_of()).unwrap_or_else(clock::today);
        Dates { on, known_on: self.known_on.unwrap_or(on) }
    }

    /// Opens the registry. `wanted` is what the rules read; `ids` whether rows are told apart by name. What is wrong with
    /// the files is told on standard error.
    pub fn open(
        &self,
        program: &Program,
        mapping: &Mapping,
        wanted: Option<Layout>,
        ids: bool,
    ) -> anyhow::Result<Result<Registry, Told>> {
        let options = table::Options { wanted, ids };
        let opened = Registry::open(&self.paths, mapping, &program.vocabulary, &program.texts, &options);
        let text = self.mapping.as_deref().map(texts::bytes).transpose()?;
        let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(opened.map_err(|findings| {
            self.tell(&findings, text.as_deref());
            Told
        }))
    }

    fn tell(&self, findings: &[Diagnostic], mapping: Option<&str>) {
        let lang = self.lang();
        let file = self.mapping.as_ref().map(|path| path.display().to_string());
        for finding in findings {
            let text = mapping.filter(|_| file.as_deref() == Some(finding.file.as_str()));
            anstream::eprintln!("{}\n", finding.render(text, lang, colour()));
        }
        let line = pick(
            lang,
            "企业登记数据有 {n} 处错误，未作任何计算",
            "the registry has {n} mistake(s); nothing was computed",
        );
        anstream::eprintln!("{}", line.replace("{n}", &findings.len().to_string()));
    }
}

/// Why a run did not come to its end.
pub fn run_error(error: RunError) -> anyhow::Error {
    match error {
        RunError::Read(error) => {
            said(format!("{}：{}", error.file, error.why.zh), format!("{}: {}", error.file, error.why.en))
        }
        RunError::Write(error) => said(error.why.zh, error.why.en),
        RunError::Cancelled => said("已中断，没有写入任何文件", "stopped: no file was written"),
    }
}
