//! Files that appear whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where the bytes of a table go. What is dropped before it is committed leaves nothing behind.
pub trait Sink: Write + Send {
    /// Lets what was written appear under its name.
    ///
    /// # Errors
    /// When it cannot be stored for good. Nothing appears then.
    fn commit(self) -> io::Result<()>;
}

/// A file under a name of its own in the folder of the final one, until it is committed.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    part: PathBuf,
    path: PathBuf,
    committed: bool,
}

impl NewFile {
    /// Begins a file; what stands under its name stays until the end.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to, or the path is a folder.
    pub fn create(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        // a link stays one: what it points to is replaced
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_string_lossy().into_owned();
        let process = std::process::id();
        // a file of that name is left from a process that was killed, or belongs to another table of this one
        for number in 0..1000 {
            let part = path.with_file_name(format!(".{name}.{process}-{number}.part"));
            match OpenOptions::new().write(true).create_new(true).open(&part) {
                Ok(file) => return Ok(Self { file, part, path, committed: false }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Sink for NewFile {
    fn commit(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.sync_all()?;
        std::fs::rename(&self.part, &self.path)?;
        self.committed = true;
        // the name too survives a power cut; where a folder cannot be synced, the file is still right
        if let Some(folder) = self.path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder).and_then(|folder| folder.sync_all()).ok();
        }
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.committed {
            std::fs::remove_file(&self.part).ok();
        }
    }
}
