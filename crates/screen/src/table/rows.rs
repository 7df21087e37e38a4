//! A table: files of the same columns, read part by part into arrays in one form.

use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringBuilder, new_null_array};
use arrow::buffer::BooleanBuffer;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use rules::diag::{Diagnostic, Text};

use super::csv::{CsvFile, Rows};
use super::decode::{Sink, decode, form, present, refused};
use super::field::{Field, Reason};
use super::file::{Body, TableFile, broken, count, guarded, wrong};
use super::mapping::Mapping;
use crate::source::{ReadError, Rejected};

/// Rows that are read at once.
pub(crate) const BATCH: usize = 8 * crate::CHUNK;
/// Bytes of CSV that are read at once; rows with long cells make shorter batches.
const BATCH_BYTES: usize = 16 << 20;

/// Files of the same columns.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) files: Vec<TableFile>,
    /// The columns that are read.
    pub(crate) fields: Vec<Field>,
    /// The column with the id of the row, or of its parent.
    pub(crate) key: Option<Field>,
    /// For each table of records the column that is empty where a row's records are not known, if there is one.
    pub(crate) told: Vec<Option<Field>>,
    /// For each part its file, its number there and how many rows of the file come before it.
    pub(crate) parts: Vec<(usize, usize, u64)>,
}

/// Rows as they were read: those that are left out are still in the arrays.
pub(crate) struct Block {
    pub(crate) len: usize,
    pub(crate) columns: Vec<ArrayRef>,
    pub(crate) key: Option<ArrayRef>,
    /// For each table of records which rows' are known; `None` for all.
    pub(crate) told: Vec<Option<BooleanBuffer>>,
    pub(crate) sink: Sink,
    pub(crate) rows: RowNumbers,
}

/// The numbers of rows in their file.
pub(crate) enum RowNumbers {
    /// One after the other from here.
    From(u64),
    /// The lines that they begin on.
    Lines(Vec<u64>),
}

impl RowNumbers {
    fn of(&self, row: usize) -> u64 {
        match self {
            Self::From(first) => first + row as u64,
            Self::Lines(lines) => lines.get(row).copied().unwrap_or(0),
        }
    }
}

impl Block {
    /// The rows that are left out, as they are told.
    pub(crate) fn rejected(&mut self, file: &Arc<str>) -> Vec<Rejected> {
        let told = std::mem::take(&mut self.sink.told);
        let rejected = |(row, column, _, why)| Rejected { file: Arc::clone(file), row: self.rows.of(row), column, why };
        told.into_iter().map(rejected).collect()
    }
}

impl Table {
    /// A table of files, each of which must have the columns in a type that can be read.
    pub(crate) fn new(
        mut files: Vec<TableFile>,
        fields: Vec<Field>,
        key: Option<Field>,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        for file in &files {
            for field in fields.iter().chain(&key) {
                let mut found = file.columns.iter().filter(|(name, _)| *name == field.column);
                if let Some(why) = found.next().and_then(|(_, ty)| refused(field, ty)) {
                    findings.push(wrong(&file.name, why));
                }
                if found.next().is_some() {
                    let why = Text::new(
                        format!("有两列都叫 `{}`", field.column),
                        format!("two columns are called `{}`", field.column),
                    );
                    findings.push(wrong(&file.name, why));
                }
            }
        }
        let hinted: Vec<&Field> = fields.iter().collect();
        files.iter_mut().for_each(|file| file.hint(&hinted));
        let mut parts = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let mut before = 0;
            for part in 0..file.parts() {
                parts.push((index, part, before));
                if let Body::Parquet(metadata) = &file.body {
                    before += metadata.metadata().row_groups().get(part).map_or(0, |group| count(group.num_rows()));
                }
            }
        }
        Self { files, fields, key, told: Vec::new(), parts }
    }

    /// Everything that is read of a file.
    fn read_columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.key).chain(self.told.iter().flatten())
    }

    pub(crate) fn rows(&self) -> u64 {
        self.files.iter().map(TableFile::rows).sum()
    }

    pub(crate) fn file(&self, part: usize) -> Option<&TableFile> {
        self.parts.get(part).and_then(|(file, ..)| self.files.get(*file))
    }

    /// Reads a part block by block.
    pub(crate) fn read(
        &self,
        part: usize,
        mapping: &Mapping,
        each: &mut dyn FnMut(Block) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let Some((file, (_, index, before))) = self.file(part).zip(self.parts.get(part).copied()) else {
            return Err(ReadError { file: "".into(), why: Text::new("没有这一部分", "there is no such part") });
        };
        match &file.body {
            Body::Parquet(metadata) => self.parquet(file, metadata, index, before, mapping, each),
            Body::Csv(body) => self.csv(file, body, index, mapping, each),
        }
        .map_err(|why| ReadError { file: Arc::clone(&file.name), why })
    }

    fn parquet(
        &self,
        file: &TableFile,
        metadata: &ArrowReaderMetadata,
        group: usize,
        before: u64,
        mapping: &Mapping,
        each: &mut dyn FnMut(Block) -> ControlFlow<()>,
    ) -> Result<(), Text> {
        let opened = File::open(&file.path).map_err(|error| unreadable(&error))?;
        let mut roots: Vec<usize> = self.read_columns().filter_map(|field| file.column(&field.column)).collect();
        roots.sort_unstable();
        roots.dedup();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), roots.iter().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, metadata.clone());
        let mut reader =
            guarded(|| builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH).build())?;
        let mut first = before + 1;
        while let Some(batch) = guarded(|| reader.next().transpose())? {
            let find = |field: &Field| {
                let root = file.column(&field.column)?;
                batch.columns().get(roots.binary_search(&root).ok()?)
            };
            let block = self.block(batch.num_rows(), find, mapping, Sink::default(), RowNumbers::From(first))?;
            first += batch.num_rows() as u64;
            if each(block).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn block<'a>(
        &self,
        len: usize,
        find: impl Fn(&Field) -> Option<&'a ArrayRef>,
        mapping: &Mapping,
        mut sink: Sink,
        rows: RowNumbers,
    ) -> Result<Block, Text> {
        let mut decoded = |field: &Field| match find(field) {
            Some(array) => decode(field, array, mapping, &mut sink).map_err(|error| broken(&error)),
            None => Ok(new_null_array(&form(field.ty), len)),
        };
        let columns = self.fields.iter().map(&mut decoded).collect::<Result<Vec<_>, _>>()?;
        let key = self.key.as_ref().map(decoded).transpose()?;
        let told = self.told.iter().map(|field| field.as_ref().map(|field| present(find(field), len, mapping)));
        let told = told.map(Option::transpose).collect::<Result<_, _>>().map_err(|error| broken(&error))?;
        Ok(Block { len, columns, key, told, sink, rows })
    }

    fn csv(
        &self,
        file: &TableFile,
        body: &CsvFile,
        part: usize,
        mapping: &Mapping,
        each: &mut dyn FnMut(Block) -> ControlFlow<()>,
    ) -> Result<(), Text> {
        let Some(part) = body.parts.get(part) else { return Ok(()) };
        let mut rows = Rows::open(&file.path, part).map_err(|error| unreadable(&error))?;
        let needed: Vec<(usize, &Field)> =
            self.read_columns().filter_map(|field| Some((file.column(&field.column)?, field))).collect();
        let mut more = true;
        while more {
            let mut sink = Sink::default();
            let mut lines = Vec::new();
            let mut cells: Vec<StringBuilder> = needed.iter().map(|_| StringBuilder::new()).collect();
            let mut bytes = 0;
            while lines.len() < BATCH && (bytes < BATCH_BYTES || lines.len() % crate::CHUNK != 0) {
                let Some(line) = rows.next().map_err(|error| unreadable(&error))? else {
                    more = false;
                    break;
                };
                let row = lines.len();
                lines.push(line);
                let whole = rows.width() == body.width;
                if !whole {
                    sink.reject(row, "", Reason::Cells, |_| {
                        let (found, wanted) = (rows.width(), body.width);
                        Text::new(
                            format!("此行有 {found} 格，表头有 {wanted} 格"),
                            format!("the row has {found} cells, and the header has {wanted}"),
                        )
                    });
                }
                for ((column, field), builder) in needed.iter().zip(&mut cells) {
                    let cell = rows.cell(*column);
                    bytes += cell.len();
                    match std::str::from_utf8(cell) {
                        Ok(cell) if whole => builder.append_value(cell),
                        Ok(_) => builder.append_null(),
                        Err(_) => {
                            builder.append_null();
                            sink.reject(row, &field.column, Reason::Encoding, |_| {
                                Text::new("此格不是 UTF-8 文字", "the cell is not UTF-8 text")
                            });
                        }
                    }
                }
            }
            if lines.is_empty() {
                break;
            }
            let arrays: Vec<ArrayRef> =
                cells.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
            let find = |field: &Field| {
                let column = file.column(&field.column)?;
                needed.iter().position(|(needed, _)| *needed == column).and_then(|at| arrays.get(at))
            };
            let block = self.block(lines.len(), find, mapping, sink, RowNumbers::Lines(lines))?;
            debug_assert!(block.columns.iter().all(|column| column.len() == block.len));
            if each(block).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn unreadable(error: &std::io::Error) -> Text {
    Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"))
}
