//! Tables out: Parquet or CSV, whole or not at all.
//!
//! A [`TableWriter`] takes batches of rows one after the other. Several threads encode a large table together: each asks
//! an [`Encoder`] for a [`PartWriter`], and the [`Part`]s that come out are appended in the order of the rows. The bytes
//! of a file rest on its rows and on where its parts end, and not on who encoded them.

mod csv;
mod error;
mod file;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

pub use error::WriteError;
pub use file::{NewFile, Sink};

use crate::CHUNK;

/// Rows of a part: a row group of a Parquet file.
pub const PART_ROWS: usize = 120 * CHUNK;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, compressed with Zstandard.
    Parquet,
    /// CSV in UTF-8.
    Csv,
}

impl Format {
    /// The format that the ending of a file's name says.
    ///
    /// # Errors
    /// When it says none.
    pub fn of(path: &Path) -> Result<Self, WriteError> {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("parquet") => Ok(Self::Parquet),
            Some("csv") => Ok(Self::Csv),
            _ => Err(WriteError::extension(path)),
        }
    }
}

/// What a table is, before there are rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its columns. CSV can hold truth values, whole numbers, decimals, days, texts and dictionaries of texts.
    pub schema: SchemaRef,
    /// What the file says of itself, as keys and values. CSV has no place for it.
    pub notes: Vec<(String, String)>,
    /// Whether a CSV file begins with the mark by which spreadsheets know UTF-8.
    pub mark: bool,
}

impl Table {
    /// A table that says nothing of itself.
    #[must_use]
    pub fn new(schema: SchemaRef) -> Self {
        Self { schema, notes: Vec::new(), mark: false }
    }
}

/// Writes a table. It appears under its name when [`TableWriter::finish`] returns, and never if it does not.
pub struct TableWriter<S: Sink = NewFile> {
    to: To<S>,
    encoder: Encoder,
    open: Option<PartWriter>,
    rows: u64,
}

enum To<S: Sink> {
    Parquet(Box<SerializedFileWriter<S>>),
    Csv(S),
}

impl TableWriter<NewFile> {
    /// Begins a file of the format that its name says.
    ///
    /// # Errors
    /// When the name says no format, or the folder cannot be written to.
    pub fn create(path: &Path, table: &Table) -> Result<Self, WriteError> {
        Format::of(path)?;
        let file = NewFile::create(path).map_err(|error| WriteError::io(path, error))?;
        Self::new(file, path, table)
    }
}

impl<S: Sink> TableWriter<S> {
    /// Begins a table in a sink; `path` says the format and is named in errors.
    ///
    /// # Errors
    /// When the path says no format, a column has no form in it, or the sink fails.
    pub fn new(sink: S, path: &Path, table: &Table) -> Result<Self, WriteError> {
        let (to, kind) = match Format::of(path)? {
            Format::Parquet => {
                let options = ArrowWriterOptions::new().with_properties(properties(&table.notes));
                let writer = ArrowWriter::try_new_with_options(sink, table.schema.clone(), options)
                    .and_then(ArrowWriter::into_serialized_writer);
                let (writer, factory) = writer.map_err(|error| WriteError::parquet(path, error))?;
                (To::Parquet(Box::new(writer)), Kind::Parquet(factory))
            }
            Format::Csv => {
                if let Some(field) = table.schema.fields().iter().find(|field| !csv::can_write(field.data_type())) {
                    return Err(WriteError::content(path, &format!("{}: {}", field.name(), field.data_type())));
                }
                let mut sink = sink;
                let head = csv::head(&table.schema, table.mark);
                sink.write_all(&head).map_err(|error| WriteError::io(path, error))?;
                (To::Csv(sink), Kind::Csv)
            }
        };
        let encoder = Encoder(Arc::new(Inner { kind, schema: table.schema.clone(), path: path.to_owned() }));
        Ok(Self { to, encoder, open: None, rows: 0 })
    }

    /// Takes rows, in parts of [`PART_ROWS`].
    ///
    /// # Errors
    /// When they do not fit the table or cannot be stored.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let mut from = 0;
        while from < batch.num_rows() {
            let mut part = match self.open.take() {
                Some(part) => part,
                None => self.encoder.part()?,
            };
            let taken = (batch.num_rows() - from).min(PART_ROWS.saturating_sub(part.rows()).max(1));
            part.write(&batch.slice(from, taken))?;
            from += taken;
            if part.rows() >= PART_ROWS {
                self.store(part.finish()?)?;
            } else {
                self.open = Some(part);
            }
        }
        Ok(())
    }

    /// What encodes parts of this table, in any thread.
    #[must_use]
    pub fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    /// Takes a part that was encoded elsewhere, behind what was written before.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub fn append(&mut self, part: Part) -> Result<(), WriteError> {
        if let Some(open) = self.open.take() {
            self.store(open.finish()?)?;
        }
        self.store(part)
    }

    fn store(&mut self, part: Part) -> Result<(), WriteError> {
        let path = &self.encoder.0.path;
        match (&mut self.to, part.data) {
            _ if part.rows == 0 => {}
            (To::Parquet(writer), PartData::Parquet(chunks)) => {
                let append = || {
                    let mut group = writer.next_row_group()?;
                    chunks.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut group))?;
                    group.close()
                };
                append().map_err(|error| WriteError::parquet(path, error))?;
            }
            (To::Csv(sink), PartData::Csv(text)) => {
                sink.write_all(&text).map_err(|error| WriteError::io(path, error))?;
            }
            (To::Parquet(_), PartData::Csv(_)) | (To::Csv(_), PartData::Parquet(_)) => {
                return Err(WriteError::content(path, "a part of another table"));
            }
        }
        self.rows += part.rows as u64;
        Ok(())
    }

    /// Ends the table and lets it appear under its name. The number of its rows.
    ///
    /// # Errors
    /// When it cannot be stored for good; it does not appear then.
    pub fn finish(mut self) -> Result<u64, WriteError> {
        if let Some(open) = self.open.take() {
            self.store(open.finish()?)?;
        }
        let path = &self.encoder.0.path;
        let sink = match self.to {
            To::Parquet(writer) => writer.into_inner().map_err(|error| WriteError::parquet(path, error))?,
            To::Csv(sink) => sink,
        };
        sink.commit().map_err(|error| WriteError::io(path, error))?;
        Ok(self.rows)
    }
}

fn properties(notes: &[(String, String)]) -> WriterProperties {
    let notes = notes.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(notes))
        .build()
}

/// Encodes parts of one table.
#[derive(Clone)]
pub struct Encoder(Arc<Inner>);

struct Inner {
    kind: Kind,
    schema: SchemaRef,
    path: PathBuf,
}

enum Kind {
    Parquet(ArrowRowGroupWriterFactory),
    Csv,
}

impl Encoder {
    /// Begins a part.
    ///
    /// # Errors
    /// When a column has no form in the format.
    pub fn part(&self) -> Result<PartWriter, WriteError> {
        let to = match &self.0.kind {
            Kind::Parquet(factory) => PartTo::Parquet(
                factory.create_column_writers(0).map_err(|error| WriteError::parquet(&self.0.path, error))?,
            ),
            Kind::Csv => PartTo::Csv(Vec::new()),
        };
        Ok(PartWriter { encoder: self.clone(), to, rows: 0 })
    }
}

/// A part of a table that is being encoded. It is held in memory, compressed.
pub struct PartWriter {
    encoder: Encoder,
    to: PartTo,
    rows: usize,
}

enum PartTo {
    Parquet(Vec<ArrowColumnWriter>),
    Csv(Vec<u8>),
}

/// A part of a table, encoded.
pub struct Part {
    data: PartData,
    rows: usize,
}

enum PartData {
    Parquet(Vec<ArrowColumnChunk>),
    Csv(Vec<u8>),
}

impl PartWriter {
    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Takes rows.
    ///
    /// # Errors
    /// When they do not fit the table.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let Inner { schema, path, .. } = &*self.encoder.0;
        if batch.schema_ref().fields() != schema.fields() {
            return Err(WriteError::content(path, "rows of another table"));
        }
        match &mut self.to {
            PartTo::Parquet(writers) => {
                let mut writers = writers.iter_mut();
                for (field, array) in schema.fields().iter().zip(batch.columns()) {
                    let leaves = compute_leaves(field, array).map_err(|error| WriteError::parquet(path, error))?;
                    for (leaf, writer) in leaves.iter().zip(writers.by_ref()) {
                        writer.write(leaf).map_err(|error| WriteError::parquet(path, error))?;
                    }
                }
            }
            PartTo::Csv(text) => {
                csv::rows(batch, text).map_err(|error| WriteError::content(path, &error.to_string()))?;
            }
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    /// Ends the part.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn finish(self) -> Result<Part, WriteError> {
        let data = match self.to {
            PartTo::Parquet(writers) => {
                let chunks: Result<Vec<_>, _> = writers.into_iter().map(ArrowColumnWriter::close).collect();
                PartData::Parquet(chunks.map_err(|error| WriteError::parquet(&self.encoder.0.path, error))?)
            }
            PartTo::Csv(text) => PartData::Csv(text),
        };
        Ok(Part { data, rows: self.rows })
    }
}
