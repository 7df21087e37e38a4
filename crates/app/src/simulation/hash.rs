//! What a simulation was about, as hashes: who has the same ones has the same rules and data.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use rules::source::Sources;
use sha2::{Digest, Sha256};

use super::report::{DataFile, DataUsed, Hashed};

/// Registries up to this size are hashed byte by byte.
const MOST: u64 = 8 << 30;

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A length and what has it, so that no two inputs run together.
fn put(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// Of all files of rules: their names and bytes, in the order of their names.
pub(super) fn rules(sources: &Sources) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in sources.vocabulary.iter().chain(&sources.catalogue) {
        put(&mut hash, name.as_bytes());
        put(&mut hash, bytes);
    }
    hex(hash)
}

/// Of the files of a registry: their bytes, or for very large ones their names and sizes.
///
/// # Errors
/// When a file cannot be read.
pub fn data(files: &[PathBuf]) -> io::Result<DataUsed> {
    let mut told = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        told.push(DataFile { name, bytes: std::fs::metadata(path)?.len() });
    }
    let whole = told.iter().map(|file| file.bytes).sum::<u64>() <= MOST;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    for (path, file) in files.iter().zip(&told) {
        put(&mut hash, file.name.as_bytes());
        hash.update(file.bytes.to_le_bytes());
        if !whole {
            continue;
        }
        let mut open = File::open(path)?;
        loop {
            match open.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => hash.update(buffer.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    let hashed = if whole { Hashed::Bytes } else { Hashed::Sizes };
    Ok(DataUsed { sha256: hex(hash), hashed, files: told, rows: 0, left_out: 0 })
}
