//! Why a table cannot be written, and what to do about it.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

use parquet::errors::ParquetError;
use rules::diag::Text;

/// Why a table cannot be written. Nothing stands under its name then but what stood there before.
#[derive(Debug)]
pub struct WriteError {
    /// The file, what is wrong and what to do.
    pub why: Text,
    source: Option<io::Error>,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why.en)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl WriteError {
    /// What the system says, if the system is why.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.source.as_ref().map(io::Error::kind)
    }

    pub(super) fn new(path: &Path, zh: &str, en: &str) -> Self {
        let file = path.display();
        let why = Text::new(format!("无法写入 {file}：{zh}"), format!("cannot write {file}: {en}"));
        Self { why, source: None }
    }

    pub(super) fn extension(path: &Path) -> Self {
        Self::new(
            path,
            "文件名应以 .parquet 或 .csv 结尾",
            "the name has to end in .parquet or .csv, which says what is written",
        )
    }

    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.display().to_string(),
            _ => ".".to_owned(),
        };
        let (zh, en) = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
                "磁盘已满，没有留下半个文件。请腾出空间或写到另一个磁盘".to_owned(),
                "the disk is full, and no half file is left: make room, or write to another disk".to_owned(),
            ),
            ErrorKind::NotFound => (
                format!("没有文件夹 {folder}。请先建立该文件夹"),
                format!("there is no folder {folder}: make it first"),
            ),
            ErrorKind::PermissionDenied => (
                format!("没有写入文件夹 {folder} 的权限。请更改权限或写到另一个文件夹"),
                format!(
                    "the folder {folder} may not be written to: change its permissions, or write to another folder"
                ),
            ),
            ErrorKind::ReadOnlyFilesystem => {
                ("磁盘只读。请写到另一个磁盘".to_owned(), "the disk is read-only: write to another disk".to_owned())
            }
            ErrorKind::IsADirectory => {
                ("这是文件夹。请写明文件名".to_owned(), "that is a folder: give the name of a file".to_owned())
            }
            ErrorKind::NotADirectory => (
                "路径中有一段不是文件夹。请更正路径".to_owned(),
                "a part of the path is not a folder: correct the path".to_owned(),
            ),
            _ => {
                let text = error.to_string();
                let text = text.split(" (os error ").next().unwrap_or_default().to_owned();
                (format!("系统报告“{text}”"), format!("the system says \"{text}\""))
            }
        };
        Self { source: Some(error), ..Self::new(path, &zh, &en) }
    }

    pub(super) fn parquet(path: &Path, error: ParquetError) -> Self {
        match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => Self::io(path, *error),
                Err(other) => Self::content(path, &other.to_string()),
            },
            other => Self::content(path, &other.to_string()),
        }
    }

    /// What is to be written does not fit into such a file.
    #[must_use]
    pub fn content(path: &Path, what: &str) -> Self {
        Self::new(path, &format!("内容不适合此格式({what})"), &format!("its content does not fit ({what})"))
    }
}
