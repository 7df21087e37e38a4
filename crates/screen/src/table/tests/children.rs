use arrow::array::{Int64Array, StringArray};

use super::*;
use crate::frame::{ChildColumns, Layout};

const MAPPING: &str = "
id: id
children:
  contracts:
    files: ['contracts-*']
    join: company
    columns: { fen: { fact: amount, unit: fen }, provider: contract.provider }
";

#[test]
fn records_are_joined_by_id_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("a.csv"), "id,org.staff\nA,1\nB,2\nX,many\nC,3\nD,4\n,5\n").unwrap();
    std::fs::write(
        path.join("contracts-1.csv"),
        "company,fen,provider\nC,30,丁\nA,10,甲\nX,1,甲\nZ,9,甲\nD,-1,甲\n,4,甲\n",
    )
    .unwrap();
    parquet(
        &path.join("contracts-2.parquet"),
        vec![
            ("company", array(StringArray::from(vec!["D", "A", "C", "Z", "Y"]))),
            ("fen", array(Int64Array::from(vec![Some(1), None, Some(31), Some(8), Some(7)]))),
            ("provider", array(StringArray::from(vec!["甲", "丁", "戊", "甲", "甲"]))),
        ],
        2,
    );
    let mapping = mapping_in(path, MAPPING);
    let registry = open(path, &["a.csv"], &mapping, &Options::default()).unwrap();
    assert_eq!(registry.layout().children, [ChildColumns { record: 0, fields: vec![1, 2] }]);
    let all = batches(&registry);
    let frame = &all.last().unwrap().frame;
    let children = &frame.children[0];
    // A has two, B none, C two; one of D cannot be read, and the last row has no id
    assert_eq!(children.offsets, [0, 2, 2, 4, 4, 4]);
    let known: Vec<bool> = (0..5).map(|row| children.known.as_ref().unwrap().get(row)).collect();
    assert_eq!(known, [true, true, true, false, false]);
    let amounts: Vec<_> = (0..4).map(|row| children.columns[0].get(row)).collect();
    assert_eq!(amounts, [Some(10), None, Some(30), Some(31)]);
    let providers: Vec<_> = (0..4).map(|row| children.columns[1].get(row)).collect();
    assert_eq!(providers, [Some(0), Some(2), Some(2), Some(3)]);
    assert_eq!(frame.texts, ["丁", "戊"]);
    let orphans = &registry.orphans()[0];
    assert_eq!((orphans.parents, orphans.records, orphans.examples.clone()), (2, 3, vec!["Z".into(), "Y".into()]));
    let (count, told) = registry.rejected_records();
    assert_eq!(count, 2);
    assert_eq!(told.iter().map(|r| (r.row, r.column.as_str())).collect::<Vec<_>>(), [(6, "fen"), (7, "company")]);
}

#[test]
fn records_that_are_not_asked_for_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("a.csv"), "id,org.staff\nA,1\n").unwrap();
    std::fs::write(path.join("contracts-1.csv"), "company,fen,provider\nA,wrong,甲\n").unwrap();
    let mapping = mapping_in(path, MAPPING);
    let wanted = |children| Options { wanted: Some(Layout { facts: Vec::new(), children }), ids: false };
    let registry = open(path, &["a.csv"], &mapping, &wanted(Vec::new())).unwrap();
    assert!(registry.layout().children.is_empty());
    let provider = vec![ChildColumns { record: 0, fields: vec![2] }];
    let registry = open(path, &["a.csv"], &mapping, &wanted(provider.clone())).unwrap();
    assert_eq!(registry.layout().children, provider);
    assert_eq!(batches(&registry).last().unwrap().frame.children[0].offsets, [0, 1]);
    std::fs::remove_file(path.join("contracts-1.csv")).unwrap();
    let errors = open(path, &["a.csv"], &mapping, &Options::default()).unwrap_err();
    assert!(errors[0].message.en.contains("no such file"), "{errors:?}");
}

#[test]
fn an_empty_count_says_that_records_are_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("a.csv"), "id,n,org.staff\nA,2,1\nB,0,2\nC,,3\nD,未知,4\n").unwrap();
    parquet(
        &path.join("b.parquet"),
        vec![
            ("id", array(StringArray::from(vec!["E", "F"]))),
            ("n", array(Int64Array::from(vec![Some(0), None]))),
            ("org.staff", array(Int64Array::from(vec![5, 6]))),
        ],
        1,
    );
    std::fs::write(path.join("contracts-1.csv"), "company,fen,provider\nC,30,丁\nA,10,甲\nA,20,甲\nF,5,甲\n").unwrap();
    let text = format!("{MAPPING}    known: n\n");
    let mapping = mapping_in(path, &text);
    let registry = open(path, &["a.csv", "b.parquet"], &mapping, &Options::default()).unwrap();
    let known: Vec<(bool, u32)> = (batches(&registry).iter())
        .flat_map(|batch| {
            let records = &batch.frame.children[0];
            let known = |row| records.known.as_ref().is_none_or(|known| known.get(row));
            (0..batch.frame.len)
                .map(|row| (known(row), records.offsets[row + 1] - records.offsets[row]))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(known, [(true, 2), (true, 0), (false, 0), (false, 0), (true, 0), (false, 0)]);
    // a record of a company whose records are not known is none without a company
    assert_eq!(registry.orphans()[0].parents, 0);
    let errors = open(
        path,
        &["a.csv", "b.parquet"],
        &mapping_in(path, &text.replace("known: n", "known: m")),
        &Options::default(),
    );
    assert!(told(&errors.unwrap_err())[0].starts_with("E0822:8:12"));
}
