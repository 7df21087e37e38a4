use arrow::array::{
    BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int16Array, Int32Array, Int64Array,
    StringArray, StringViewArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use domain::PlaceTree;

use super::*;
use crate::frame::{CHUNK, FactColumn, Layout, Values};

fn place(name: &str) -> Option<i64> {
    PlaceTree::china().get(name).map(|place| i64::from(place.index()))
}

const ROWS: &str = "\u{feff}类型,org.legal,地,日,org.staff,收入,org.capital,占,org.name,org.status,别的
企业,是,深圳市,2020-01-02,12,100.5,50万元,12.5%,甲,\"hnte,专精特新\",x
institute,0,nanshan,2020/3/4,\"1,000\",0,7 CNY,0.5,丙,无,\"a\"\"b\"
,,,,,,,N/A,,,
Enterprise,no,440305,20200506,3人,1,-1元,3,乙,srdi,
";
const MAPPING: &str = "
null: [N/A]
columns:
  类型: org.kind
  地: org.place
  日: org.founded_on
  收入: { fact: org.revenue, year: 2025, unit: 万元 }
  占: { fact: org.share, unit: '%' }
";

#[test]
fn csv_and_parquet_of_the_same_data_are_the_same_frames() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), ROWS.replace(",0.5,", ",50,")).unwrap();
    let kinds: DictionaryArray<Int32Type> =
        [Some("企业"), Some("institute"), None, Some("Enterprise")].into_iter().collect();
    let date = |text: &str| Some(domain::Date::parse(text).unwrap().days());
    parquet(
        &folder.path().join("b.parquet"),
        vec![
            ("类型", array(kinds)),
            ("org.legal", array(BooleanArray::from(vec![Some(true), Some(false), None, Some(false)]))),
            ("地", array(StringArray::from(vec![Some("深圳市"), Some("nanshan"), None, Some("440305")]))),
            ("日", array(Date32Array::from(vec![date("2020-01-02"), date("2020-03-04"), None, date("2020-05-06")]))),
            ("org.staff", array(Int16Array::from(vec![Some(12), Some(1000), None, Some(3)]))),
            (
                "收入",
                array(
                    Decimal128Array::from(vec![Some(10_050), Some(0), None, Some(100)])
                        .with_precision_and_scale(18, 2)
                        .unwrap(),
                ),
            ),
            ("org.capital", array(Int64Array::from(vec![Some(50_000_000), Some(700), None, Some(-100)]))),
            (
                "占",
                array(
                    Decimal128Array::from(vec![Some(125), Some(500), None, Some(30)])
                        .with_precision_and_scale(9, 1)
                        .unwrap(),
                ),
            ),
            ("org.name", array(StringViewArray::from(vec![Some("甲"), Some("丙"), None, Some("乙")]))),
            ("org.status", array(StringArray::from(vec![Some("hnte,srdi"), Some("none"), None, Some("srdi")]))),
        ],
        100,
    );
    let mapping = mapping_in(folder.path(), MAPPING);
    let csv = open(folder.path(), &["a.csv"], &mapping, &Options::default()).unwrap();
    let parquet = open(folder.path(), &["b.parquet"], &mapping, &Options::default()).unwrap();
    assert_eq!(csv.layout(), parquet.layout());
    assert_eq!((csv.rows(), parquet.rows()), (Some(4), Some(4)));
    let (csv_batches, parquet_batches) = (batches(&csv), batches(&parquet));
    assert_eq!((csv_batches.len(), parquet_batches.len()), (1, 1));
    assert_eq!(csv_batches[0].rejected, []);
    assert_eq!(csv_batches[0].frame, parquet_batches[0].frame);
    for registry in [csv, parquet] {
        for (fact, expected) in [
            ("org.kind", [Some(0), Some(1), None, Some(0)]),
            ("org.legal", [Some(1), Some(0), None, Some(0)]),
            ("org.place", [place("深圳"), place("nanshan"), None, place("nanshan")]),
            ("org.staff", [Some(12), Some(1000), None, Some(3)]),
            ("org.revenue.2025", [Some(100_500_000), Some(0), None, Some(1_000_000)]),
            ("org.capital", [Some(50_000_000), Some(700), None, Some(-100)]),
            ("org.share", [Some(125_000), Some(500_000), None, Some(30_000)]),
            ("org.name", [Some(0), Some(2), None, Some(1)]),
            ("org.status", [Some(3), Some(0), None, Some(2)]),
        ] {
            assert_eq!(values(&registry, fact), expected, "{fact}");
        }
    }
}

#[test]
fn whole_columns_of_money_are_given_on_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let fen: Vec<i64> = (0..20_000).collect();
    let small: Vec<i32> = (0..20_000).collect();
    let columns = vec![("org.capital", array(Int64Array::from(fen))), ("org.staff", array(Int32Array::from(small)))];
    parquet(&folder.path().join("a.parquet"), columns, 10_000);
    let registry = open(folder.path(), &["*.parquet"], &Mapping::default(), &Options::default()).unwrap();
    assert_eq!((registry.parts(), registry.rows()), (2, Some(20_000)));
    let all = batches(&registry);
    let sizes: Vec<usize> = all.iter().map(|batch| batch.frame.len).collect();
    assert_eq!(sizes, [8192, 1024, 784, 8192, 1024, 784]);
    assert!(all.iter().all(|batch| batch.frame.columns.iter().all(|column| column.known.is_none())));
    assert!(matches!(all[0].frame.columns[0].values, Values::I32(_)));
    assert_eq!(values(&registry, "org.capital"), (0..20_000).map(Some).collect::<Vec<_>>());
    // unknown values are 0, whatever the file holds there
    let column = Int64Array::new(vec![5, 7].into(), Some(vec![true, false].into()));
    parquet(&folder.path().join("a.parquet"), vec![("org.capital", array(column))], 10);
    let registry = open(folder.path(), &["a.parquet"], &Mapping::default(), &Options::default()).unwrap();
    let column = &batches(&registry)[0].frame.columns[0];
    assert_eq!((column.values.get(0), column.values.get(1), column.get(1)), (Some(5), Some(0), None));
}

#[test]
fn only_what_is_asked_for_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "id,org.staff,org.area\n7,x,1 m2\n8,y,2平方米\n").unwrap();
    let mapping = mapping_in(folder.path(), "id: id");
    let area = FactColumn { fact: vocabulary().fact("org.area").unwrap(), year: None };
    let wanted = Some(Layout { facts: vec![area], children: Vec::new() });
    let registry = open(folder.path(), &["a.csv"], &mapping, &Options { wanted, ids: true }).unwrap();
    assert_eq!(registry.layout().facts, [area]);
    let all = batches(&registry);
    assert_eq!(all[0].left_out, 0);
    assert_eq!(values(&registry, "org.area"), [Some(1_000), Some(2_000)]);
    let ids: Vec<String> = all[0].ids.iter().flatten().map(|id| id.to_string()).collect();
    assert_eq!(ids, ["7", "8"]);
    let nothing = Options { wanted: Some(Layout::default()), ids: false };
    let registry = open(folder.path(), &["a.csv"], &mapping, &nothing).unwrap();
    assert_eq!(batches(&registry)[0].frame.len, 2);
}

#[test]
fn rows_that_mean_nothing_are_left_out_with_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let text = "org.name,org.staff,org.place,org.capital,org.founded_on,org.kind
a,1,深圳,1元,2020-01-01,企业
b,x,深圳,1元,2020-01-01,企业

c,1,shenzen,1元,2020-01-01,企业
\"d
e\",1,深圳,1元,2020-02-30,企业
f,1,深圳,1,2020-01-01,企业
g,1,深圳,1.234元,2020-01-01,企业
h,1,深圳,1元,1900-01-01,企业
i,1,深圳,1元,2020-01-01,社团
j,1,深圳,1元
k,1,深圳,20万亿元,2020-01-01,企业
l,1000001,深圳,1元,2020-01-01,企业
m,1,深圳,1元,2020-01-01,企业";
    std::fs::write(folder.path().join("a.csv"), text.replace('\n', "\r\n")).unwrap();
    let registry = open(folder.path(), &["a.csv"], &Mapping::default(), &Options::default()).unwrap();
    assert_eq!(registry.rows(), Some(12));
    let all = batches(&registry);
    assert_eq!(all.iter().map(|batch| batch.frame.len).sum::<usize>(), 2);
    let texts: Vec<&String> = all.iter().flat_map(|batch| &batch.frame.texts).collect();
    assert_eq!(texts, ["a", "m"]);
    let found: Vec<_> = all
        .iter()
        .flat_map(|batch| &batch.rejected)
        .map(|rejected| (rejected.row, rejected.column.as_str(), rejected.why.en.as_str()))
        .collect();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(all.iter().map(|batch| batch.left_out).sum::<u64>(), 10);
    let lines: Vec<(u64, &str)> = sorted.iter().map(|(row, column, _)| (*row, *column)).collect();
    assert_eq!(
        lines,
        [
            (3, "org.staff"),
            (5, "org.place"),
            (6, "org.founded_on"),
            (8, "org.capital"),
            (9, "org.capital"),
            (10, "org.founded_on"),
            (11, "org.kind"),
            (12, ""),
            (13, "org.capital"),
            (14, "org.staff"),
        ]
        .as_slice()
    );
    assert_eq!(sorted[0].2, "Staff: `x` is not a whole number: write for example 20");
    assert!(sorted[1].2.starts_with("Place: there is no place `shenzen`, did you mean `shenzhen`?"), "{}", sorted[1].2);
    assert!(sorted[3].2.contains("has no currency"), "{}", sorted[3].2);
    assert_eq!(sorted[5].2, "Founded: `1900-01-01` is out of range: at least 1949-10-01");
    assert_eq!(sorted[7].2, "the row has 4 cells, and the header has 6");
}

#[test]
fn numbers_in_a_frame_are_bounded_and_exact() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    let limit = super::super::LIMIT;
    let capital = Int64Array::from(vec![Some(limit), Some(-limit), Some(limit + 1), Some(i64::MIN), None, Some(1)]);
    let revenue = Decimal128Array::from(vec![1_000, 1_234, 1_001, 5, 6, -10]).with_precision_and_scale(20, 3).unwrap();
    let staff = UInt64Array::from(vec![0, 1, u64::MAX, 3, 4, 5]);
    let columns = vec![("org.capital", array(capital)), ("收入", array(revenue)), ("org.staff", array(staff))];
    parquet(&file, columns, 4);
    let mapping = mapping_in(folder.path(), "columns: { 收入: { fact: org.revenue, year: 2025, unit: 元 } }");
    let registry = open(folder.path(), &["a.parquet"], &mapping, &Options::default()).unwrap();
    // in the file's fifth row 0.006 yuan is below a fen, and in the sixth the amount is negative
    assert_eq!(values(&registry, "org.capital"), [Some(limit)]);
    let all = batches(&registry);
    let mut rows: Vec<u64> = all.iter().flat_map(|batch| &batch.rejected).map(|rejected| rejected.row).collect();
    rows.sort_unstable();
    assert_eq!(rows, [2, 3, 4, 5, 6]);
}

#[test]
fn floats_are_refused_unless_rounding_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    let columns = vec![
        ("org.capital", array(Float64Array::from(vec![0.1, 2.005, f64::NAN]))),
        ("org.staff", array(Float64Array::from(vec![Some(3.0), Some(4.0), None]))),
    ];
    parquet(&file, columns, 10);
    let errors = open(folder.path(), &["a.parquet"], &Mapping::default(), &Options::default()).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.en.contains("holds floats, which are not exact"), "{errors:?}");
    let text = "columns: { org.capital: { fact: org.capital, unit: 元, rounded: nearest fen } }";
    let mapping = mapping_in(folder.path(), text);
    let registry = open(folder.path(), &["a.parquet"], &mapping, &Options::default()).unwrap();
    assert_eq!(values(&registry, "org.capital"), [Some(10), Some(200), None]);
    assert_eq!(values(&registry, "org.staff"), [Some(3), Some(4), None]);
}

#[test]
fn a_tenth_of_broken_rows_leaves_whole_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("org.name,org.staff\n");
    for row in 0..40_000 {
        text.push_str(&if row % 10 == 3 { format!("n{row},many\n") } else { format!("n{row},{row}\n") });
    }
    std::fs::write(folder.path().join("a.csv"), text).unwrap();
    let registry = open(folder.path(), &["a.csv"], &Mapping::default(), &Options::default()).unwrap();
    let all = batches(&registry);
    assert_eq!(all.iter().map(|batch| batch.left_out).sum::<u64>(), 4_000);
    assert!(all.iter().rev().skip(1).all(|batch| batch.frame.len % CHUNK == 0));
    let rows: Vec<u64> = all.iter().flat_map(|batch| &batch.rejected).map(|rejected| rejected.row).collect();
    assert_eq!(rows[..3], [5, 15, 25]);
    let expected: Vec<_> = (0..40_000).filter(|row| row % 10 != 3).map(Some).collect();
    assert_eq!(values(&registry, "org.staff"), expected);
    // every row keeps its own text
    for batch in &all {
        for row in 0..batch.frame.len {
            let symbol = batch.frame.columns[0].get(row).unwrap() as usize - 2;
            let staff = batch.frame.columns[1].get(row).unwrap();
            assert_eq!(batch.frame.texts[symbol], format!("n{staff}"));
        }
    }
}

#[test]
fn what_is_told_is_bounded_and_what_is_counted_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("org.staff\n{}", "x\n".repeat(20_000));
    std::fs::write(folder.path().join("a.csv"), text).unwrap();
    let registry = open(folder.path(), &["a.csv"], &Mapping::default(), &Options::default()).unwrap();
    let all = batches(&registry);
    assert_eq!(all.iter().map(|batch| batch.left_out).sum::<u64>(), 20_000);
    assert!(all.iter().all(|batch| batch.rejected.len() <= super::super::MAX_TOLD && batch.frame.len == 0));
}

#[test]
fn a_column_that_one_file_lacks_is_unknown_there_and_a_wrong_type_is_told() {
    let folder = tempfile::tempdir().unwrap();
    parquet(&folder.path().join("a.parquet"), vec![("org.staff", array(Int64Array::from(vec![1])))], 10);
    parquet(&folder.path().join("b.parquet"), vec![("org.legal", array(BooleanArray::from(vec![true])))], 10);
    let registry = open(folder.path(), &["*.parquet"], &Mapping::default(), &Options::default()).unwrap();
    assert_eq!(values(&registry, "org.staff"), [Some(1), None]);
    assert_eq!(values(&registry, "org.legal"), [None, Some(1)]);
    parquet(&folder.path().join("c.parquet"), vec![("org.staff", array(BooleanArray::from(vec![true])))], 10);
    let errors = open(folder.path(), &["*.parquet"], &Mapping::default(), &Options::default()).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].file.ends_with("c.parquet"));
    assert_eq!(
        errors[0].message.en,
        "the column `org.staff` is Boolean, and must be whole numbers, decimal128 or text"
    );
}

#[test]
fn files_that_cannot_be_read_are_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let rows: Vec<i64> = (0..50_000).collect();
    parquet(&path("whole.parquet"), vec![("org.staff", array(Int64Array::from(rows)))], 100_000);
    let bytes = std::fs::read(path("whole.parquet")).unwrap();
    std::fs::write(path("short.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(path("text.parquet"), "org.staff\n1\n").unwrap();
    std::fs::write(path("empty.csv"), "").unwrap();
    std::fs::write(path("blank.csv"), "\n\n").unwrap();
    std::fs::write(path("open.csv"), "org.name\n\"a\n").unwrap();
    std::fs::write(path("packed.csv"), [0x1f, 0x8b, 8, 0]).unwrap();
    // 深圳 in GB18030
    std::fs::write(path("gb.csv"), b"org.place,org.staff\n\xc9\xee\xdb\xda,1\n\xc9\xee\xdb\xda,2\n").unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    for (name, why) in [
        ("short.parquet", "is broken or ends too early"),
        ("text.parquet", "not a Parquet file"),
        ("empty.csv", "the file is empty"),
        ("blank.csv", "there is no header"),
        ("open.csv", "the row that begins on line 2 does not end"),
        ("packed.csv", "compressed"),
        ("gb.csv", "GB18030"),
        ("folder", "this is a folder"),
        ("none-*.csv", "there is no such file"),
        ("a[.csv", "the pattern is wrong"),
    ] {
        let errors = open(folder.path(), &[name], &Mapping::default(), &Options::default()).unwrap_err();
        assert_eq!(errors.len(), 1, "{name}");
        assert!(errors[0].message.en.contains(why), "{name}: {errors:?}");
        assert!(errors[0].file.ends_with(name), "{name}: {errors:?}");
    }
    // broken in the middle: found when it is read
    let mut broken = bytes.clone();
    broken[4..bytes.len() / 2].fill(0xff);
    std::fs::write(path("broken.parquet"), broken).unwrap();
    let registry = open(folder.path(), &["broken.parquet"], &Mapping::default(), &Options::default()).unwrap();
    let error = registry.read(0, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(error.file.ends_with("broken.parquet") && error.why.en.contains("broken"), "{error}");
    assert!(registry.read(7, &mut |_| ControlFlow::Continue(())).is_err());
}

#[test]
fn codes_are_translated_and_a_reader_may_break_off() {
    let folder = tempfile::tempdir().unwrap();
    let text = "columns: { k: { fact: org.kind, values: { '1': enterprise, '2': 科研机构 } } }";
    let mapping = mapping_in(folder.path(), text);
    let kinds = Int64Array::from((0..30_000).map(|row| Some(row % 2 + 1)).collect::<Vec<_>>());
    parquet(&folder.path().join("a.parquet"), vec![("k", array(kinds))], 30_000);
    let registry = open(folder.path(), &["a.parquet"], &mapping, &Options::default()).unwrap();
    assert_eq!(values(&registry, "org.kind")[..3], [Some(0), Some(1), Some(0)]);
    let mut seen = 0;
    let broken_off = |batch: Batch| {
        seen += batch.frame.len;
        ControlFlow::Break(())
    };
    let mut broken_off = broken_off;
    registry.read(0, &mut broken_off).unwrap();
    assert_eq!(seen, 8192);
}

#[test]
fn no_damage_to_a_file_makes_reading_panic() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    let numbers = Int64Array::from((0..3_000).map(|row| (row % 7 != 0).then_some(row)).collect::<Vec<_>>());
    let kinds = StringArray::from((0..3_000).map(|row| ["企业", "institute"][row % 2]).collect::<Vec<_>>());
    let names = StringArray::from((0..3_000).map(|row| format!("名{row}")).collect::<Vec<_>>());
    let flags = BooleanArray::from((0..3_000).map(|row| Some(row % 3 == 0)).collect::<Vec<_>>());
    let columns = vec![
        ("org.staff", array(numbers)),
        ("org.kind", array(kinds)),
        ("org.name", array(names)),
        ("org.legal", array(flags)),
    ];
    parquet(&file, columns, 2_000);
    let bytes = std::fs::read(&file).unwrap();
    let mut state = 12_345_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..200 {
        let mut broken = bytes.clone();
        for _ in 0..=next(3) {
            // the footer is the smaller part, and is damaged as often
            let at = if round % 2 == 0 { next(bytes.len()) } else { bytes.len() - 1 - next(1_500) };
            broken[at] = u8::try_from(next(256)).unwrap();
        }
        if round % 5 == 0 {
            broken.truncate(next(bytes.len()));
        }
        std::fs::write(&file, broken).unwrap();
        let Ok(registry) = open(folder.path(), &["a.parquet"], &Mapping::default(), &Options::default()) else {
            continue;
        };
        for part in 0..registry.parts() {
            let _ = registry.read(part, &mut |_| ControlFlow::Continue(()));
        }
    }
}
