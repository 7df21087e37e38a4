//! One measure among others: a file, which may be a draft outside any catalogue, or an id.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rules::Lang;
use rules::ast::Measure;
use rules::diag::Severity;
use rules::source::{Loaded, Sources};

use crate::output::colour;
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
        let enclosing = |name: &str| Path::new(name).canonicalize().ok().and_then(|full| catalogue_of(&full));
        let other = beside.and_then(enclosing);
        if !looks_like_file(path) {
            let sources = match &other {
                Some(root) => texts::folder(root)?,
                None => texts::built_in(),
            };
            return Self::by_id(&sources, name);
        }
        let full = path.canonicalize().with_context(|| format!("there is no file {}", path.display()))?;
        if full.is_dir() {
            bail!("{} is a folder: name the file of one measure", path.display());
        }
        let bytes = std::fs::read(&full).with_context(|| format!("cannot read {}", path.display()))?;
        let mut sources = match catalogue_of(&full).or(other) {
            Some(root) => texts::folder(&root)?,
            None => texts::built_in(),
        };
        let id = id_of(&bytes).with_context(|| format!("{} is not the file of a measure: its first key must be `measure`", path.display()))?;
        // the file stands for the measure, wherever that was
        sources.catalogue.retain(|_, text| id_of(text).as_deref() != Some(id.as_str()));
        beside_it(&full, &mut sources);
        sources.catalogue.insert(name.to_owned(), bytes);
        let loaded = sources.load();
        let mistakes: Vec<_> = loaded.findings.iter().filter(|finding| finding.file == name && finding.severity == Severity::Error).collect();
        if !mistakes.is_empty() {
            for finding in &mistakes {
                anstream::eprintln!("{}\n", finding.render(sources.text(name), lang, colour()));
            }
            bail!("{name} has {} error(s)", mistakes.len());
        }
        Self::find(loaded, &id)
    }

    fn by_id(sources: &Sources, id: &str) -> anyhow::Result<Self> {
        Self::find(sources.load(), id)
    }

    fn find(loaded: Loaded, id: &str) -> anyhow::Result<Self> {
        let Some(index) = loaded.program.measure(id) else {
            let ids = loaded.program.catalogue.measures.iter().map(|measure| measure.id.as_str());
            match domain::text::nearest(id, ids) {
                Some(near) => bail!("there is no measure `{id}`: did you mean `{near}`?"),
                None => bail!("there is no measure or file `{id}`: `kapok policy features` names every measure"),
            }
        };
        if loaded.program.measures.get(index).is_none() {
            bail!("the rules have errors: run `kapok policy check` first");
        }
        Ok(Self { loaded, index })
    }

    pub fn measure(&self) -> Option<&Measure> {
        self.loaded.program.catalogue.measures.get(self.index)
    }
}

/// Ids have dots too, so what ends in `.yaml`, has a separator or is there is a file.
fn looks_like_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") || path.components().count() > 1 || path.exists()
}

/// The folder with `catalogue` and `vocabulary` whose catalogue holds a file.
fn catalogue_of(full: &Path) -> Option<PathBuf> {
    full.ancestors().find(|dir| dir.join("vocabulary").is_dir() && dir.join("catalogue").is_dir() && full.starts_with(dir.join("catalogue"))).map(Path::to_path_buf)
}

/// The id of the measure in a file; `None` if it holds none.
fn id_of(bytes: &[u8]) -> Option<String> {
    let root = rules::yaml::parse(bytes, rules::yaml::MAX_POLICY_BYTES).ok()?;
    root.get("measure").and_then(|id| id.text()).map(str::to_owned)
}

/// A draft's own document may stand beside it.
fn beside_it(full: &Path, sources: &mut Sources) {
    let document = full.with_file_name("document.yaml");
    let Ok(bytes) = std::fs::read(&document) else { return };
    let id = |bytes: &[u8]| -> Option<String> {
        let root = rules::yaml::parse(bytes, rules::yaml::MAX_POLICY_BYTES).ok()?;
        root.get("document").and_then(|id| id.text()).map(str::to_owned)
    };
    // a file of another kind that names the document is not the document
    let is_document = |bytes: &[u8]| id_of(bytes).is_none() && rules::yaml::parse(bytes, rules::yaml::MAX_POLICY_BYTES).is_ok_and(|root| root.get("title").is_some());
    let own = id(&bytes);
    sources.catalogue.retain(|_, text| !(is_document(text) && id(text) == own));
    sources.catalogue.insert(document.to_string_lossy().into_owned(), bytes);
}
