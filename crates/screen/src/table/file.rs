//! The files of a table: finding them, what columns they have, and where their parts begin.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use rules::diag::{Diagnostic, Span, Text};

use super::csv::{self, CsvFile};
use super::field::Field;

/// A file that has been looked into.
#[derive(Clone, Debug)]
pub(crate) struct TableFile {
    pub(crate) name: Arc<str>,
    pub(crate) path: PathBuf,
    pub(crate) columns: Vec<(String, DataType)>,
    pub(crate) body: Body,
}

/// What kind of file it is.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Parquet(ArrowReaderMetadata),
    Csv(CsvFile),
}

impl TableFile {
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }

    /// How many parts it has.
    pub(crate) fn parts(&self) -> usize {
        match &self.body {
            Body::Parquet(metadata) => metadata.metadata().num_row_groups(),
            Body::Csv(file) => file.parts.len(),
        }
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> u64 {
        match &self.body {
            Body::Parquet(metadata) => {
                metadata.metadata().row_groups().iter().map(|group| count(group.num_rows())).sum()
            }
            Body::Csv(file) => file.rows,
        }
    }

    /// What a Parquet file says of itself under a key.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        let Body::Parquet(metadata) = &self.body else { return None };
        let notes = metadata.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|note| note.key == key).and_then(|note| note.value.as_deref())
    }

    /// Asks for the columns of texts that stand for something else as dictionaries, so that each is read once.
    pub(crate) fn hint(&mut self, fields: &[&Field]) {
        let Body::Parquet(metadata) = &self.body else { return };
        let coded = |column: &ArrowField| {
            let text = matches!(column.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
            let of = fields.iter().find(|field| field.column == *column.name());
            text && of.is_some_and(|field| field.ty != rules::vocabulary::Type::Text)
        };
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let hinted = |column: &Arc<ArrowField>| {
            if coded(column) {
                Arc::new(column.as_ref().clone().with_data_type(dictionary.clone()))
            } else {
                Arc::clone(column)
            }
        };
        let schema: Schema = Schema::new(metadata.schema().fields().iter().map(hinted).collect::<Vec<_>>());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        // a hint: without it the same comes out, only later
        if let Ok(metadata) = guarded(|| ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)) {
            self.body = Body::Parquet(metadata);
        }
    }
}

pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A finding about a whole file.
pub(crate) fn wrong(file: &str, why: Text) -> Diagnostic {
    Diagnostic::error("E0820", Span::default(), why.zh, why.en).in_file(file)
}

/// The files that a path or pattern means, in the order of their names.
pub(crate) fn find(pattern: &str, folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    // never a path in a folder
    if let Some((scheme, _)) = pattern.split_once("://") {
        let (zh, en) = (
            format!("暂不支持 {scheme}:// 地址"),
            format!("addresses that begin with {scheme}:// are not supported yet"),
        );
        return Err(wrong(pattern, Text::new(zh, en))
            .hint("请先下载文件，或把存储挂载为文件夹", "download the files, or mount the bucket as a folder"));
    }
    let full = folder.join(pattern);
    let shown = full.to_string_lossy();
    // a file may be called as a pattern is written
    if full.exists() {
        if full.is_dir() {
            let (zh, en) = ("这是文件夹", "this is a folder");
            return Err(wrong(&shown, Text::new(zh, en)).hint(
                format!("请写作 {shown}/*.parquet 或 {shown}/*.csv"),
                format!("write {shown}/*.parquet or {shown}/*.csv"),
            ));
        }
        return Ok(vec![full]);
    }
    let none = || {
        wrong(&shown, Text::new("找不到文件", "there is no such file"))
            .hint("请检查路径或通配符", "check the path or pattern")
    };
    let pattern = glob::Pattern::escape(&folder.to_string_lossy());
    let pattern = if folder.as_os_str().is_empty() {
        full.to_string_lossy().into_owned()
    } else {
        let rest = full.strip_prefix(folder).map(|rest| rest.to_string_lossy().into_owned());
        rest.map_or_else(|_| full.to_string_lossy().into_owned(), |rest| format!("{pattern}/{rest}"))
    };
    let found = glob::glob(&pattern).map_err(|error| {
        let (zh, en) = (format!("通配符有误：{}", error.msg), format!("the pattern is wrong: {}", error.msg));
        wrong(&shown, Text::new(zh, en))
    })?;
    let files: Vec<PathBuf> = found.filter_map(Result::ok).filter(|path| path.is_file()).collect();
    if files.is_empty() { Err(none()) } else { Ok(files) }
}

/// Looks into a file. CSV files are read once for this, to find where their rows begin.
pub(crate) fn open(path: &Path) -> Result<TableFile, Diagnostic> {
    let name: Arc<str> = path.to_string_lossy().into();
    let io = |error: &std::io::Error| {
        wrong(&name, Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}")))
    };
    let mut file = File::open(path).map_err(|error| io(&error))?;
    let mut start = [0_u8; 4];
    let read = file.read(&mut start).map_err(|error| io(&error))?;
    if read == 0 {
        let why =
            Text::new("文件是空的：应有表头或 Parquet 内容", "the file is empty: a header or Parquet is expected");
        return Err(wrong(&name, why));
    }
    let said = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    if start == *b"PAR1" {
        return parquet(path, name);
    }
    if said {
        let why = Text::new(
            "不是 Parquet 文件：开头不是 PAR1。请重新导出，或用 .csv 结尾",
            "not a Parquet file: it does not begin with PAR1. Export it again, or name it .csv",
        );
        return Err(wrong(&name, why));
    }
    if start.starts_with(&[0x1f, 0x8b]) || start.starts_with(b"PK") || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let why = Text::new("这是压缩文件：请先解压", "this is a compressed file: unpack it first");
        return Err(wrong(&name, why));
    }
    let (columns, body) = csv::open(path).map_err(|why| wrong(&name, why))?;
    let columns = columns.into_iter().map(|column| (column, DataType::Utf8)).collect();
    Ok(TableFile { name, path: path.to_owned(), columns, body: Body::Csv(body) })
}

fn parquet(path: &Path, name: Arc<str>) -> Result<TableFile, Diagnostic> {
    let file = File::open(path)
        .map_err(|error| wrong(&name, Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"))))?;
    let metadata = guarded(|| ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()));
    let metadata = metadata.map_err(|why| wrong(&name, why))?;
    let columns = metadata.schema().fields().iter().map(|f| (f.name().clone(), f.data_type().clone())).collect();
    Ok(TableFile { name, path: path.to_owned(), columns, body: Body::Parquet(metadata) })
}

/// Does a step of reading Parquet. The library panics on some damaged files; here that is an error like any other.
pub(crate) fn guarded<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, Text> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(step)) {
        Ok(done) => done.map_err(|error| broken(&error)),
        Err(_) => Err(broken(&"damaged values")),
    }
}

/// What is told of a Parquet file that cannot be read.
pub(crate) fn broken(error: &dyn std::fmt::Display) -> Text {
    Text::new(
        format!("Parquet 文件已损坏或不完整：{error}。请重新导出或重新复制"),
        format!("the Parquet file is broken or ends too early: {error}. Export or copy it again"),
    )
}
