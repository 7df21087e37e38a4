//! Texts that are kept for a while under a name that cannot be guessed: a visitor's answers so far, and answers that she
//! shares by link.
//!
//! Each is a file of its own, written under another name first, so that a crash never leaves half of one. A file knows
//! when it ends; one that has ended is not there any more, whether or not it has been swept away yet.

use std::io;
use std::path::{Path, PathBuf};

/// Bytes of randomness in a name: enough that none is ever guessed.
pub const NAME_BYTES: usize = 16;

/// What may be kept at most, in bytes: a profile with a thousand facts has about 100 kB.
pub const MAX_BYTES: usize = 1 << 20;

/// A folder of kept texts.
#[derive(Debug)]
pub struct Drafts {
    folder: PathBuf,
}

/// The name of a kept text: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// A name from randomness.
    #[must_use]
    pub fn new(random: [u8; NAME_BYTES]) -> Self {
        Self(random.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A name as it stands in a cookie or link; `None` when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let right = text.len() == NAME_BYTES * 2 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        right.then(|| Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Larger than [`MAX_BYTES`].
    #[error("{0} bytes are more than can be kept ({MAX_BYTES})")]
    TooLarge(usize),
    /// The file could not be written.
    #[error("cannot write to the data folder")]
    Io(#[from] io::Error),
}

impl Drafts {
    /// Opens a folder, making it where it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let drafts = Self { folder: folder.to_owned() };
        drafts.check()?;
        Ok(drafts)
    }

    /// Tries to write to the folder.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn check(&self) -> io::Result<()> {
        let probe = self.folder.join(".writable");
        std::fs::write(&probe, b"")?;
        match std::fs::remove_file(probe) {
            // another check at the same time has removed it
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// A folder in this one for texts of another kind: a name of the one says nothing in the other.
    #[must_use]
    pub fn room(&self, kind: &'static str) -> Self {
        Self { folder: self.folder.join(kind) }
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.folder.join(&name.0)
    }

    /// Keeps a text until an instant (seconds since 1970), in place of what was there under the name.
    ///
    /// # Errors
    /// [`KeepError`]; what was kept before is then still there.
    pub fn keep(&self, name: &Name, text: &str, until: u64) -> Result<(), KeepError> {
        use std::io::Write;
        if text.len() > MAX_BYTES {
            return Err(KeepError::TooLarge(text.len()));
        }
        std::fs::create_dir_all(&self.folder)?;
        let part = self.folder.join(format!("{}.part", name.0));
        let mut file = std::fs::File::create(&part)?;
        writeln!(file, "{until}")?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(part, self.path(name))?;
        Ok(())
    }

    /// The text of a name and when it ends (seconds since 1970); `None` when there is none, or when it has ended by `now`.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn get(&self, name: &Name, now: u64) -> io::Result<Option<(String, u64)>> {
        let kept = match std::fs::read_to_string(self.path(name)) {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some((until, text)) = kept.split_once('\n') else { return Ok(None) };
        Ok(until.parse().ok().filter(|until| *until > now).map(|until| (text.to_owned(), until)))
    }

    /// Removes a text. It is no error if there is none.
    ///
    /// # Errors
    /// When the file is there and cannot be removed.
    pub fn forget(&self, name: &Name) -> io::Result<()> {
        match std::fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes every text that has ended by `now`, and what a crash left half-written; the number of files removed.
    ///
    /// # Errors
    /// When the folder cannot be read or a file not be removed.
    pub fn sweep(&self, now: u64) -> io::Result<usize> {
        let mut removed = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() {
                removed += Self { folder: path }.sweep(now)?;
                continue;
            }
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let ended = match Name::parse(name) {
                Some(name) => self.get(&name, now)?.is_none(),
                None => false,
            };
            if ended {
                std::fs::remove_file(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafts() -> (tempfile::TempDir, Drafts) {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::open(folder.path()).unwrap();
        (folder, drafts)
    }

    #[test]
    fn a_text_is_kept_until_its_end() {
        let (_folder, drafts) = drafts();
        let name = Name::new([7; NAME_BYTES]);
        assert_eq!(drafts.get(&name, 0).unwrap(), None);
        drafts.keep(&name, "甲\n乙", 100).unwrap();
        assert_eq!(drafts.get(&name, 99).unwrap(), Some(("甲\n乙".to_owned(), 100)));
        assert_eq!(drafts.get(&name, 100).unwrap(), None);
        drafts.keep(&name, "丙", 300).unwrap();
        assert_eq!(drafts.sweep(200).unwrap(), 0);
        assert_eq!(drafts.get(&name, 200).unwrap(), Some(("丙".to_owned(), 300)));
        assert_eq!(drafts.sweep(300).unwrap(), 1);
        assert_eq!(std::fs::read_dir(_folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn rooms_keep_their_texts_apart_and_are_swept_too() {
        let (_folder, drafts) = drafts();
        let name = Name::new([3; NAME_BYTES]);
        drafts.room("shared").keep(&name, "x", 100).unwrap();
        assert_eq!(drafts.get(&name, 0).unwrap(), None);
        assert_eq!(drafts.room("shared").get(&name, 0).unwrap(), Some(("x".to_owned(), 100)));
        assert_eq!(drafts.sweep(100).unwrap(), 1);
        assert_eq!(drafts.room("shared").get(&name, 0).unwrap(), None);
    }

    #[test]
    fn what_is_forgotten_is_gone() {
        let (_folder, drafts) = drafts();
        let name = Name::new([1; NAME_BYTES]);
        drafts.keep(&name, "x", 100).unwrap();
        drafts.forget(&name).unwrap();
        drafts.forget(&name).unwrap();
        assert_eq!(drafts.get(&name, 0).unwrap(), None);
    }

    #[test]
    fn a_name_is_nothing_but_digits() {
        for wrong in ["", "../../etc/passwd", "ABCDEF00000000000000000000000000", "0123", "甲"] {
            assert_eq!(Name::parse(wrong), None, "{wrong}");
        }
        let name = Name::new([255; NAME_BYTES]);
        assert_eq!(Name::parse(name.as_str()), Some(name));
    }

    #[test]
    fn too_much_is_refused_and_what_was_there_stays() {
        let (_folder, drafts) = drafts();
        let name = Name::new([2; NAME_BYTES]);
        drafts.keep(&name, "before", 100).unwrap();
        let error = drafts.keep(&name, &"x".repeat(MAX_BYTES + 1), 100).unwrap_err();
        assert!(matches!(error, KeepError::TooLarge(_)));
        assert_eq!(drafts.get(&name, 0).unwrap(), Some(("before".to_owned(), 100)));
    }
}
