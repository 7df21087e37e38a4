//! The files of the repository, for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::source::Sources;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The YAML files under a folder, by their path from the root.
pub(crate) fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let (root, mut found) = (root(), BTreeMap::new());
    let mut open = vec![root.join(folder)];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The catalogue and vocabulary that are shipped.
pub(crate) fn shipped() -> Sources {
    Sources { vocabulary: files("vocabulary"), catalogue: files("catalogue") }
}
