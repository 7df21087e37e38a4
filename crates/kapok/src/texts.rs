//! Where the rules come from: those built into the program, or a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};
use rules::source::Sources;

static CATALOGUE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue");
static VOCABULARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../vocabulary");

/// The rules that are built in.
pub fn built_in() -> Sources {
    let mut sources = Sources::default();
    embed(&CATALOGUE, "catalogue", &mut sources.catalogue);
    embed(&VOCABULARY, "vocabulary", &mut sources.vocabulary);
    sources
}

fn embed(dir: &Dir<'_>, root: &str, into: &mut BTreeMap<String, Vec<u8>>) {
    for file in dir.files() {
        if file.path().extension().is_some_and(|extension| extension == "yaml") {
            into.insert(format!("{root}/{}", file.path().display()), file.contents().to_vec());
        }
    }
    for inner in dir.dirs() {
        embed(inner, root, into);
    }
}

/// The rules of a folder that holds `catalogue` and `vocabulary`.
pub fn folder(root: &Path) -> anyhow::Result<Sources> {
    let mut sources = Sources::default();
    read(root, &root.join("catalogue"), &mut sources.catalogue)?;
    read(root, &root.join("vocabulary"), &mut sources.vocabulary)?;
    Ok(sources)
}

fn read(root: &Path, dir: &Path, into: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(dir).with_context(|| format!("cannot read the folder {}", dir.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read the folder {}", dir.display()))?.path();
        if path.is_dir() {
            read(root, &path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            into.insert(name_of(root, &path), bytes);
        }
    }
    Ok(())
}

fn name_of(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

/// The rules that a path belongs to, and which of their files it means. Without a path: the built-in rules, all of them.
pub struct Scope {
    pub sources: Sources,
    prefix: String,
}

impl Scope {
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self { sources: built_in(), prefix: String::new() });
        };
        let full = path.canonicalize().with_context(|| format!("there is no {}", path.display()))?;
        let root: Option<PathBuf> = full.ancestors().find(|dir| dir.join("vocabulary").is_dir() && dir.join("catalogue").is_dir()).map(Path::to_path_buf);
        let Some(root) = root else {
            bail!("{} does not lie in a folder with `catalogue` and `vocabulary`", path.display());
        };
        let prefix = name_of(&root, &full);
        Ok(Self { sources: folder(&root)?, prefix })
    }

    /// Whether a file is meant.
    pub fn holds(&self, file: &str) -> bool {
        self.prefix.is_empty() || file == self.prefix || file.starts_with(&format!("{}/", self.prefix))
    }
}
