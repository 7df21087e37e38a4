//! The files that a registry is made of.

use std::path::{Path, PathBuf};

use crate::table::Registry;

impl Registry {
    /// Whether the mapping names the column that identifies a company.
    #[must_use]
    pub fn names_ids(&self) -> bool {
        self.table.key.is_some()
    }

    /// The files of the companies and of their records, in the order in which they are read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.table.files.iter().map(|file| file.path.clone()).collect();
        let folder = Path::new(&self.mapping.file).parent().unwrap_or(Path::new(""));
        for pattern in self.mapping.children.iter().flat_map(|child| &child.files) {
            let full = folder.join(pattern);
            // a file may have the signs of a pattern in its name
            let found: Vec<PathBuf> = if full.is_file() {
                vec![full]
            } else {
                glob::glob(&full.to_string_lossy()).into_iter().flatten().filter_map(Result::ok).collect()
            };
            files.extend(found);
        }
        files
    }
}
