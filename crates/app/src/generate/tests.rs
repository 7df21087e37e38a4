//! The files are the same for any number of threads, and say what party files say.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use arrow::util::display::array_value_to_string;
use domain::{FactKey, Knowledge, PlaceTree, Value};

use super::*;
use crate::city::{MARK, NO_CODES, SEED, vocabulary};

fn city() -> City {
    City::new(&vocabulary()).unwrap()
}

fn plan(folder: &Path, ending: &str, rows: u32, threads: usize) -> Plan {
    let companies = folder.join(format!("city-{threads}.{ending}"));
    Plan { seed: SEED, rows, rights: rights_beside(&companies), companies, threads }
}

/// A cell as the value of a party file; `None` where it is null.
fn cell(batch: &RecordBatch, column: usize, row: usize, like: &Value) -> Option<Value> {
    let array = batch.column(column);
    let text = || array_value_to_string(array, row).unwrap();
    array.is_valid(row).then(|| match like {
        Value::Bool(_) => Value::Bool(array.as_boolean().value(row)),
        Value::Count(_) => Value::Count(array.as_primitive::<Int32Type>().value(row).into()),
        Value::Money(_) => Value::Money(domain::Money::from_fen(array.as_primitive::<Int64Type>().value(row))),
        Value::Date(_) => Value::Date(domain::Date::from_days(array.as_primitive::<Date32Type>().value(row)).unwrap()),
        Value::Place(_) => Value::Place(PlaceTree::china().get(&text()).unwrap()),
        Value::Code(_) => Value::Code(text()),
        Value::Codes(_) if text() == NO_CODES => Value::Codes(Vec::new()),
        Value::Codes(_) => Value::Codes(text().split(crate::city::SEPARATOR).map(str::to_owned).collect()),
        other => panic!("{other:?}"),
    })
}

#[test]
fn columns_say_what_party_files_say() {
    let city = city();
    let columns = Columns::new(&city, Amounts::Fen);
    let rows = columns.rows(SEED, 0..400).unwrap();
    let owners = rows.rights.column(0).as_string::<i32>();
    let mut next = 0;
    for row in 0..400 {
        let company = city.company(SEED, u32::try_from(row).unwrap());
        let mut party = city.party(&company);
        let at = |column: usize| rows.companies.column(column).as_string::<i32>().value(row);
        assert_eq!((at(0), Some(at(1))), (city.uscc(&company).as_str(), party.name.as_deref()));
        assert!(at(1).ends_with(MARK));
        party.facts.remove(&FactKey::new("org.uscc")).unwrap();
        for (index, field) in columns.companies().fields().iter().enumerate().skip(2) {
            let name = field.name();
            if name == "patents" {
                let known = party.records.get("patent");
                let count = rows.companies.column(index).as_primitive::<Int32Type>();
                let count = count.is_valid(row).then(|| usize::try_from(count.value(row)).unwrap());
                assert_eq!(count, known.map(Vec::len));
                for record in known.into_iter().flatten() {
                    assert_eq!(owners.value(next), city.uscc(&company));
                    let id = rows.rights.column(1).as_string::<i32>().value(next);
                    assert_eq!(id, record.id);
                    for (column, field) in [(2, "kind"), (3, "class"), (4, "granted_on")] {
                        let stated = record.facts[field].value.known().unwrap();
                        assert_eq!(cell(&rows.rights, column, next, stated).as_ref(), Some(stated), "{field}");
                    }
                    next += 1;
                }
                continue;
            }
            let key = match name.rsplit_once('.').and_then(|(base, year)| Some((base, year.parse().ok()?))) {
                Some((base, year)) => FactKey::of_year(base, year),
                None => FactKey::new(name.clone()),
            };
            match party.facts.remove(&key).map(|fact| fact.value) {
                Some(Knowledge::Known(value)) => {
                    assert_eq!(cell(&rows.companies, index, row, &value), Some(value), "{name} of row {row}");
                }
                None | Some(_) => assert!(rows.companies.column(index).is_null(row), "{name} of row {row}"),
            }
        }
        assert!(party.facts.is_empty(), "no column has {:?}", party.facts);
    }
    assert_eq!((next, rows.rights.num_rows()), (rows.rights.num_rows(), next));
    assert!(next > 100);
}

#[test]
fn the_files_are_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let city = city();
    for ending in ["parquet", "csv"] {
        let rows = u32::try_from(PART_ROWS).unwrap() + 5_001;
        let mut seen: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for threads in [1, 3] {
            let plan = plan(folder.path(), ending, rows, threads);
            let made = generate(&city, &plan, |done| done <= u64::from(rows)).unwrap();
            assert_eq!(made.companies, u64::from(rows));
            for (what, path) in [("companies", &plan.companies), ("rights", &plan.rights)] {
                let bytes = std::fs::read(path).unwrap();
                assert!(*seen.entry(what).or_insert_with(|| bytes.clone()) == bytes, "{what} {ending} {threads}");
            }
        }
    }
}

#[test]
fn what_is_stopped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let city = city();
    let plan = plan(folder.path(), "parquet", 1_000_000, 2);
    std::fs::write(&plan.companies, "before").unwrap();
    let mut asked = 0;
    let stopped = generate(&city, &plan, |_| {
        asked += 1;
        asked < 3
    });
    assert!(matches!(stopped, Err(GenerateError::Stopped)));
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    assert_eq!(std::fs::read_to_string(&plan.companies).unwrap(), "before");
}

#[test]
fn amounts_are_yuan_in_csv() {
    let folder = tempfile::tempdir().unwrap();
    let city = city();
    let plan = plan(folder.path(), "csv", 20, 1);
    generate(&city, &plan, |_| true).unwrap();
    let text = std::fs::read_to_string(&plan.companies).unwrap();
    let mut lines = text.split("\r\n");
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let revenue = names.iter().position(|name| *name == "org.revenue.2025").unwrap();
    let mut known = 0;
    for (row, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), names.len());
        let company = city.company(SEED, u32::try_from(row).unwrap());
        if !cells[revenue].is_empty() {
            assert_eq!(cells[revenue], format!("{}.00", company.last_year().unwrap().revenue));
            known += 1;
        }
    }
    assert!(known > 10);
}

#[test]
fn one_file_is_not_two() {
    let city = city();
    let plan = Plan { seed: 1, rows: 1, companies: "x.csv".into(), rights: "x.csv".into(), threads: 1 };
    assert!(matches!(generate(&city, &plan, |_| true), Err(GenerateError::Plan(_))));
    assert_eq!(rights_beside(Path::new("a/city.parquet")), Path::new("a/city.patent.parquet"));
}
