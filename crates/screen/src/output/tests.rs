//! Tables come out whole and readable, or not at all.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow::datatypes::{Int8Type, Int64Type, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn numbers(from: i64, rows: usize) -> RecordBatch {
    let end = from + i64::try_from(rows).unwrap();
    batch(vec![("n", Arc::new(Int64Array::from_iter_values(from..end)))])
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A disk with room for so many bytes.
struct Full(NewFile, usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.1 == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        let written = self.0.write(&bytes[..bytes.len().min(self.1)])?;
        self.1 -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Sink for Full {
    fn commit(self) -> io::Result<()> {
        self.0.commit()
    }
}

#[test]
fn csv_has_a_form_for_every_kind_of_value_and_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.CSV");
    let codes: DictionaryArray<Int8Type> = [Some("ai"), None, Some("=ai"), Some("a,i")].into_iter().collect();
    let rows = batch(vec![
        ("yes", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]))),
        ("count, n", Arc::new(Int32Array::from(vec![Some(-7), None, Some(0), Some(i32::MAX)]))),
        ("day", Arc::new(Date32Array::from(vec![Some(0), None, Some(20_573), Some(-1)]))),
        (
            "yuan",
            Arc::new(
                Decimal64Array::from(vec![Some(-5), None, Some(123_456), Some(100)])
                    .with_precision_and_scale(18, 2)
                    .unwrap(),
            ),
        ),
        ("code", Arc::new(codes)),
        ("text", Arc::new(StringArray::from(vec![Some("-1"), Some(""), None, Some("说\"好\"\n了")]))),
    ]);
    let mut table = Table::new(rows.schema());
    table.mark = true;
    let mut writer = TableWriter::create(&path, &table).unwrap();
    writer.write(&rows).unwrap();
    assert_eq!(writer.finish().unwrap(), 4);
    let expected = "\u{feff}yes,\"count, n\",day,yuan,code,text\r\n\
        yes,-7,1970-01-01,-0.05,ai,'-1\r\n\
        no,,,,,\"\"\r\n\
        ,0,2026-04-30,1234.56,'=ai,\r\n\
        yes,2147483647,1969-12-31,1.00,\"a,i\",\"说\"\"好\"\"\n了\"\r\n";
    assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
}

#[test]
fn parquet_is_read_back_with_its_notes_and_row_groups() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    let mut table = Table::new(numbers(0, 1).schema());
    table.notes = vec![("kapok.note".into(), "注".into())];
    let mut writer = TableWriter::create(&path, &table).unwrap();
    for from in 0..3 {
        writer.write(&numbers(from * 100_000, 100_000)).unwrap();
    }
    assert_eq!(writer.finish().unwrap(), 300_000);
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap();
    let groups: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [122_880, 122_880, 54_240]);
    let notes = reader.metadata().file_metadata().key_value_metadata().unwrap();
    assert!(notes.iter().any(|note| note.key == "kapok.note" && note.value.as_deref() == Some("注")));
    let mut next = 0;
    for batch in reader.build().unwrap() {
        for value in batch.unwrap().column(0).as_primitive::<Int64Type>() {
            assert_eq!(value, Some(next));
            next += 1;
        }
    }
    assert_eq!(next, 300_000);
}

#[test]
fn parts_that_other_threads_encode_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["parquet", "csv"] {
        let (one, two) = (folder.path().join(format!("one.{ending}")), folder.path().join(format!("two.{ending}")));
        let table = Table::new(numbers(0, 1).schema());
        let mut writer = TableWriter::create(&one, &table).unwrap();
        writer.write(&numbers(0, 2 * PART_ROWS)).unwrap();
        writer.finish().unwrap();

        let mut writer = TableWriter::create(&two, &table).unwrap();
        let encoder = &writer.encoder();
        let encode = move |from: usize| {
            let mut part = encoder.part().unwrap();
            part.write(&numbers(i64::try_from(from).unwrap(), PART_ROWS)).unwrap();
            part.finish().unwrap()
        };
        let parts = std::thread::scope(|scope| {
            let threads = [0, PART_ROWS].map(|from| scope.spawn(move || encode(from)));
            threads.map(|thread| thread.join().unwrap())
        });
        for part in parts {
            writer.append(part).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), 2 * PART_ROWS as u64);
        assert!(std::fs::read(one).unwrap() == std::fs::read(two).unwrap(), "{ending}");
    }
}

#[test]
fn a_full_disk_leaves_what_was_there_and_says_what_to_do() {
    for ending in ["parquet", "csv"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("x.{ending}"));
        std::fs::write(&path, "before").unwrap();
        let rows = numbers(0, 2 * PART_ROWS);
        for room in [1, 10_000, 100_000] {
            let try_it = || {
                let sink = Full(NewFile::create(&path).unwrap(), room);
                let mut writer = TableWriter::new(sink, &path, &Table::new(rows.schema()))?;
                writer.write(&rows)?;
                writer.finish()
            };
            let error = try_it().unwrap_err();
            assert_eq!(error.kind(), Some(ErrorKind::StorageFull), "{error:?}");
            assert!(error.why.en.contains(&path.display().to_string()) && error.why.en.contains("the disk is full"));
            assert!(error.why.zh.starts_with("无法写入 ") && error.why.zh.contains("磁盘已满"), "{}", error.why.zh);
            assert_eq!(files(folder.path()), [format!("x.{ending}")]);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        }
    }
}

#[test]
fn a_table_that_is_not_finished_never_appears() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    let mut writer = TableWriter::create(&path, &Table::new(numbers(0, 1).schema())).unwrap();
    writer.write(&numbers(0, PART_ROWS + 1)).unwrap();
    let open = files(folder.path());
    assert!(open.len() == 1 && open[0].starts_with(".x.parquet.") && open[0].ends_with(".part"), "{open:?}");
    // two tables of the same name do not get into each other's way
    let other = TableWriter::create(&path, &Table::new(numbers(0, 1).schema())).unwrap();
    assert_eq!(files(folder.path()).len(), 2);
    drop(writer);
    assert_eq!(other.finish().unwrap(), 0);
    assert_eq!(files(folder.path()), ["x.parquet"]);
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
}

#[test]
fn what_cannot_be_begun_is_told_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let told = |path: &Path, schema: SchemaRef| {
        let error = TableWriter::create(path, &Table::new(schema)).err().unwrap();
        assert!(error.why.zh.starts_with("无法写入 ") && error.to_string() == error.why.en);
        error.why.en.rsplit_once(": ").map(|(_, end)| end.to_owned()).unwrap()
    };
    let schema = numbers(0, 1).schema();
    std::fs::create_dir(folder.path().join("folder.csv")).unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (name, end) in [
        ("x.xlsx", "the name has to end in .parquet or .csv, which says what is written"),
        ("x", "the name has to end in .parquet or .csv, which says what is written"),
        ("none/x.csv", "make it first"),
        ("folder.csv", "give the name of a file"),
        ("file/x.csv", "correct the path"),
    ] {
        assert_eq!(told(&folder.path().join(name), schema.clone()), end);
    }
    let floats = batch(vec![("share", Arc::new(arrow::array::Float64Array::from(vec![0.5])))]);
    assert!(told(&folder.path().join("x.csv"), floats.schema()).contains("Float64"));
    assert_eq!(files(folder.path()), ["file", "folder.csv"]);
}

#[test]
fn rows_of_another_table_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = TableWriter::create(&folder.path().join("x.csv"), &Table::new(Arc::new(Schema::empty()))).unwrap();
    assert!(writer.write(&numbers(0, 1)).unwrap_err().why.en.contains("another table"));
}

#[test]
fn a_link_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("x.csv"), folder.path().join("link.csv"));
    std::fs::write(&path, "before").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut writer = TableWriter::create(&link, &Table::new(numbers(0, 1).schema())).unwrap();
    writer.write(&numbers(5, 1)).unwrap();
    writer.finish().unwrap();
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(path).unwrap(), "n\r\n5\r\n");
}
