use arrow::array::{Int32Array, StringArray};
use parquet::file::metadata::KeyValue;

use super::super::{COMPANIES, ID, REGISTRY_NOTE, TABLE_NOTE};
use super::*;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, table: &str) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, a)| (name, a, true))).unwrap();
    let note = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let notes = vec![note(REGISTRY_NOTE, "made up"), note(TABLE_NOTE, table)];
    let properties = WriterProperties::builder().set_key_value_metadata(Some(notes)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn ids(ids: [&str; 3]) -> (&'static str, ArrayRef) {
    (ID, array(StringArray::from(ids.to_vec())))
}

fn city(path: &Path) {
    let counts = array(Int32Array::from(vec![Some(2), None, Some(0)]));
    let staff = array(Int32Array::from(vec![1, 2, 3]));
    write(
        &path.join("city.parquet"),
        vec![ids(["A", "B", "C"]), ("org.staff", staff), ("contracts", counts)],
        COMPANIES,
    );
}

fn contracts(path: &Path) {
    let provider = array(StringArray::from(vec!["甲", "乙", "甲"]));
    write(path, vec![ids(["A", "A", "Z"]), ("contract.provider", provider)], "contracts");
}

/// The ids of the rows, whether their records are known and how many there are.
fn records(registry: &Registry) -> Vec<(String, bool, u32)> {
    let all = batches(registry);
    let rows = all.iter().flat_map(|batch| {
        let records = &batch.frame.children[0];
        let known = |row| records.known.as_ref().is_none_or(|known| known.get(row));
        let ids = batch.ids.as_ref().unwrap();
        (0..batch.frame.len)
            .map(|row| (ids[row].to_string(), known(row), records.offsets[row + 1] - records.offsets[row]))
            .collect::<Vec<_>>()
    });
    rows.collect()
}

#[test]
fn a_generated_registry_opens_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    city(path);
    contracts(&path.join("city.contract.parquet"));
    let options = Options { wanted: None, ids: true };
    let expected = [("A".to_owned(), true, 2), ("B".to_owned(), false, 0), ("C".to_owned(), true, 0)];
    // by the file of the companies, and by all files
    for files in [&["city.parquet"][..], &["*.parquet"]] {
        let registry = open(path, files, &Mapping::default(), &options).unwrap();
        assert_eq!(records(&registry), expected);
        assert_eq!(registry.orphans()[0].examples, ["Z"]);
    }
    // records elsewhere are given by name
    std::fs::rename(path.join("city.contract.parquet"), path.join("other.parquet")).unwrap();
    let registry = open(path, &["city.parquet", "other.parquet"], &Mapping::default(), &options).unwrap();
    assert_eq!(records(&registry), expected);
    let errors = open(path, &["other.parquet"], &Mapping::default(), &options).unwrap_err();
    assert!(errors[0].message.en.contains("not the companies"), "{errors:?}");
    let errors = open(path, &["city.parquet"], &Mapping::default(), &options).unwrap_err();
    assert!(errors.len() == 1 && errors[0].hint.as_ref().unwrap().en.contains("beside"), "{errors:?}");
    // a mapping says everything itself
    let registry = open(path, &["city.parquet"], &mapping_in(path, "id: uscc"), &options).unwrap();
    assert!(registry.layout().children.is_empty());
}

#[test]
fn other_files_need_a_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    contracts(&path.join("city.contract.parquet"));
    let counts = array(Int32Array::from(vec![Some(2), None, Some(0)]));
    let staff = array(Int32Array::from(vec![1, 2, 3]));
    parquet(&path.join("city.parquet"), vec![ids(["A", "B", "C"]), ("org.staff", staff), ("contracts", counts)], 9);
    let registry = open(path, &["city.parquet"], &Mapping::default(), &Options::default()).unwrap();
    assert!(registry.layout().children.is_empty() && registry.layout().facts.len() == 1);
}
