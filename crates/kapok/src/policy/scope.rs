//! The rules that a path belongs to, and which of them it means.

use std::path::Path;

use rules::source::Sources;

use super::one;
use crate::output::said;
use crate::texts;

/// Rules, and which of their files are meant.
pub struct Scope {
    pub sources: Sources,
    prefix: String,
    path: Option<String>,
}

impl Scope {
    /// The rules around a path, and of them what lies in it. Without a path: the built-in rules, all of them. A file that is
    /// not a part of a catalogue is a draft, and takes the place of what has its id.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self { sources: texts::built_in(), prefix: String::new(), path: None });
        };
        let shown = path.display().to_string();
        let full = texts::full(path)?;
        let root = texts::enclosing(&full);
        if let Some(root) = &root {
            let (sources, prefix) = (texts::folder(root)?, texts::name_of(root, &full));
            if full.is_dir() || sources.text(&prefix).is_some() || sources.catalogue.contains_key(&prefix) {
                return Ok(Self { sources, prefix, path: Some(shown) });
            }
        } else if full.is_dir() {
            return Err(said(
                format!("{shown} 不在含有 `catalogue` 和 `vocabulary` 的文件夹中"),
                format!("{shown} does not lie in a folder with `catalogue` and `vocabulary`"),
            ));
        }
        let (sources, _) = one::place(&full, &shown, root.as_deref())?;
        Ok(Self { sources, prefix: shown.clone(), path: Some(shown) })
    }

    /// Whether a file is meant.
    pub fn holds(&self, file: &str) -> bool {
        self.prefix.is_empty() || file == self.prefix || file.starts_with(&format!("{}/", self.prefix))
    }

    /// What is to be done about rules that have errors.
    pub fn broken(&self) -> anyhow::Error {
        one::broken(self.path.as_deref())
    }
}
