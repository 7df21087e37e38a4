//! Reading rules from folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rules::ir::Program;
use rules::source::Sources;

/// The program of vocabulary and catalogue folders; the latter are read with all that is in them.
///
/// # Errors
/// A folder cannot be read, or the rules have errors.
pub(crate) fn load(vocabulary: &[PathBuf], catalogue: &[PathBuf]) -> Result<Program, String> {
    let mut sources = Sources::default();
    for folder in vocabulary {
        read(folder, false, &mut sources.vocabulary)?;
    }
    for folder in catalogue {
        read(folder, true, &mut sources.catalogue)?;
    }
    let loaded = sources.load();
    if loaded.errors() > 0 {
        return Err(format!("the rules have {} errors", loaded.errors()));
    }
    Ok(loaded.program)
}

fn read(folder: &Path, deep: bool, into: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() && deep {
            read(&path, true, into)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            into.insert(path.display().to_string(), std::fs::read(&path).map_err(wrong)?);
        }
    }
    Ok(())
}
