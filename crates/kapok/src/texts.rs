//! Where the rules come from: those built into the program, or a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::Date;
use include_dir::{Dir, include_dir};
use rules::source::Sources;

use crate::output::{Tried, said};

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
    if !holds_rules(root) {
        let shown = root.display();
        return Err(said(
            format!("{shown} 不是含有 `catalogue` 和 `vocabulary` 的文件夹"),
            format!("{shown} is not a folder with `catalogue` and `vocabulary`"),
        ));
    }
    let mut sources = Sources::default();
    read(root, &root.join("catalogue"), &mut sources.catalogue)?;
    read(root, &root.join("vocabulary"), &mut sources.vocabulary)?;
    Ok(sources)
}

/// The rules that a command was asked to take: those of a folder, or those that are built in.
pub fn chosen(rules: Option<&Path>) -> anyhow::Result<Sources> {
    rules.map_or_else(|| Ok(built_in()), folder)
}

/// Why rules with errors are not used.
pub fn with_errors(errors: usize, rules: Option<&Path>) -> anyhow::Error {
    let path = rules.map(|path| format!(" {}", path.display())).unwrap_or_default();
    said(
        format!("规则有 {errors} 处错误：请先运行 `kapok policy check{path}`"),
        format!("the rules have {errors} errors: run `kapok policy check{path}` to see them"),
    )
}

/// A date as an argument.
pub fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| error.to_string())
}

fn holds_rules(dir: &Path) -> bool {
    dir.join("vocabulary").is_dir() && dir.join("catalogue").is_dir()
}

/// The folder with `catalogue` and `vocabulary` that a path lies in, if there is one.
pub fn enclosing(full: &Path) -> Option<PathBuf> {
    full.ancestors().find(|dir| holds_rules(dir)).map(Path::to_path_buf)
}

fn read(root: &Path, dir: &Path, into: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    for path in listing(dir)? {
        if path.is_dir() {
            read(root, &path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            into.insert(name_of(root, &path), bytes(&path)?);
        }
    }
    Ok(())
}

/// What lies in a folder, by name.
pub fn listing(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let failed = || (format!("无法读取文件夹 {}", dir.display()), format!("cannot read the folder {}", dir.display()));
    let entries = std::fs::read_dir(dir).tried(failed)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().tried(failed)?;
    paths.sort();
    Ok(paths)
}

/// The bytes of a file.
pub fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).tried(|| (format!("无法读取 {}", path.display()), format!("cannot read {}", path.display())))
}

/// The full form of a path that is there.
pub fn full(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().map_err(|_| said(format!("没有 {}", path.display()), format!("there is no {}", path.display())))
}

/// How a file is named, seen from the folder of the rules.
pub fn name_of(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}
