//! One measure among others: a file, which may be a draft outside any catalogue, or an id.

use std::path::{Path, PathBuf};

use rules::Lang;
use rules::ast::Measure;
use rules::diag::Severity;
use rules::source::{Loaded, Sources};

use crate::output::{colour, said};
use crate::texts;

/// A measure and everything that it stands among.
pub struct One {
    pub loaded: Loaded,
    /// The measure's index.
    pub index: usize,
}

impl One {
    /// Opens a file, or the measure with an id. A file takes the place of the measure with the same id in the catalogue that
    /// encloses it; a file outside any catalogue, in the one that encloses `beside`, else in the built-in rules.
    pub fn open(name: &str, beside: Option<&str>, lang: Lang) -> anyhow::Result<Self> {
        let path = Path::new(name);
        let other = beside.and_then(|name| Path::new(name).canonicalize().ok()).and_then(|full| catalogue_of(&full));
        if !looks_like_file(path) {
            let sources = match &other {
                Some(root) => texts::folder(root)?,
                None => texts::built_in(),
            };
            return Self::find(sources.load(), name, other.as_deref());
        }
        let full = texts::full(path)?;
        if full.is_dir() {
            return Err(said(
                format!("{name} 是文件夹：请写一项措施的文件"),
                format!("{name} is a folder: name the file of one measure"),
            ));
        }
        let root = catalogue_of(&full).or(other);
        let (sources, head) = place(&full, name, root.as_deref())?;
        let loaded = sources.load();
        let mistakes: Vec<_> = loaded
            .findings
            .iter()
            .filter(|finding| finding.file == name && finding.severity == Severity::Error)
            .collect();
        if !mistakes.is_empty() {
            for finding in &mistakes {
                anstream::eprintln!("{}\n", finding.render(sources.text(name), lang, colour()));
            }
            return Err(said(
                format!("{name} 有 {} 处错误", mistakes.len()),
                format!("{name} has {} error(s)", mistakes.len()),
            ));
        }
        match head {
            Some((kind, id)) if kind == "measure" => Self::find(loaded, &id, root.as_deref()),
            _ => Err(said(
                format!("{name} 不是措施的文件：第一个键应是 `measure`"),
                format!("{name} is not the file of a measure: its first key must be `measure`"),
            )),
        }
    }

    fn find(loaded: Loaded, id: &str, root: Option<&Path>) -> anyhow::Result<Self> {
        let Some(index) = loaded.program.measure(id) else {
            let ids = loaded.program.catalogue.measures.iter().map(|measure| measure.id.as_str());
            return Err(match domain::text::nearest(id, ids) {
                Some(near) => said(
                    format!("没有措施 `{id}`：是否想写 `{near}`？`kapok policy measures` 列出全部措施"),
                    format!(
                        "there is no measure `{id}`: did you mean `{near}`? `kapok policy measures` lists them all"
                    ),
                ),
                None => said(
                    format!("没有措施或文件 `{id}`：`kapok policy measures` 列出全部措施"),
                    format!("there is no measure or file `{id}`: `kapok policy measures` lists all measures"),
                ),
            });
        };
        if loaded.program.measures.get(index).is_none() {
            return Err(broken(root.map(|root| root.display().to_string()).as_deref()));
        }
        Ok(Self { loaded, index })
    }

    pub fn measure(&self) -> Option<&Measure> {
        self.loaded.program.catalogue.measures.get(self.index)
    }
}

/// The rules have errors; `path` is where they were looked for, if not in the program.
pub fn broken(path: Option<&str>) -> anyhow::Error {
    let path = match path {
        Some(path) if path.contains(char::is_whitespace) => format!(" '{path}'"),
        Some(path) => format!(" {path}"),
        None => String::new(),
    };
    said(
        format!("规则有错误：请先运行 `kapok policy check{path}`"),
        format!("the rules have errors: run `kapok policy check{path}` first"),
    )
}

/// Puts a file in its place among the rules of a folder, or among the built-in ones: what has its id goes. Returns the rules and
/// what the file is: its first key, and the id behind it.
pub fn place(full: &Path, name: &str, root: Option<&Path>) -> anyhow::Result<(Sources, Option<(String, String)>)> {
    let bytes = texts::bytes(full)?;
    let mut sources = match root {
        Some(root) => texts::folder(root)?,
        None => texts::built_in(),
    };
    let own = head(&bytes);
    if own.is_some() {
        sources.catalogue.retain(|_, text| head(text) != own);
    }
    // a draft's own document may stand beside it
    let document = full.with_file_name("document.yaml");
    if document != full
        && let Ok(text) = std::fs::read(&document)
        && let Some(which) = head(&text).filter(|(kind, _)| kind == "document")
    {
        sources.catalogue.retain(|_, text| head(text).as_ref() != Some(&which));
        sources.catalogue.insert(document.to_string_lossy().into_owned(), text);
    }
    sources.catalogue.insert(name.to_owned(), bytes);
    Ok((sources, own))
}

/// Ids have dots too, so what ends in `.yaml`, has a separator or is there is a file.
fn looks_like_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
        || path.components().count() > 1
        || path.exists()
}

/// The folder with `catalogue` and `vocabulary` whose catalogue holds a file.
fn catalogue_of(full: &Path) -> Option<PathBuf> {
    full.ancestors().find_map(|dir| texts::enclosing(dir).filter(|root| full.starts_with(root.join("catalogue"))))
}

/// What a file of a catalogue is: its first key, and the id behind it.
fn head(bytes: &[u8]) -> Option<(String, String)> {
    let root = rules::yaml::parse(bytes, rules::yaml::MAX_POLICY_BYTES).ok()?;
    let (kind, id) = root.map()?.first()?;
    Some((kind.text()?.to_owned(), id.text()?.to_owned()))
}
