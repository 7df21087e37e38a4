use super::super::{CheckError, Duplicates, Reason, check};
use super::*;

#[test]
fn a_profile_counts_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(
        path.join("a.csv"),
        "id,org.staff,org.kind,org.status,org.place,org.legal,资本
A,5,企业,hnte,深圳,是,1
B,,institute,\"hnte,srdi\",深圳,否,3.5
A,7,企业,无,nanshan,,2
C,x,企业,,深圳,,2
D,y,企业,,深圳,,2
,1,no,,深圳,,2
E,1,企业
",
    )
    .unwrap();
    std::fs::write(path.join("c.csv"), "company,amount\nC,1 CNY\nQ,2 CNY\n").unwrap();
    let mapping = mapping_in(
        path,
        "id: id
columns: { 资本: { fact: org.capital, unit: 万元 } }
children: { contracts: { files: c.csv, join: company, columns: { amount: amount } } }",
    );
    let registry = open(path, &["a.csv"], &mapping, &Options::default()).unwrap();
    let profile = check(&registry, &vocabulary(), 2, |_| true).unwrap();
    assert_eq!((profile.rows, profile.rejected, profile.rejected_records), (7, 4, 0));
    let fact = |name: &str| profile.facts.iter().find(|fact| fact.fact == name).unwrap();
    let staff = fact("org.staff");
    assert_eq!((staff.known, staff.unknown), (2, 1));
    let ends = (staff.least.clone().unwrap().en, staff.greatest.clone().unwrap().en);
    assert_eq!(ends, ("5".to_owned(), "7".to_owned()));
    let capital = fact("org.capital");
    assert_eq!(capital.greatest.as_ref().unwrap().zh, "3.5万元");
    let codes = |name: &str| fact(name).codes.iter().map(|(code, n)| format!("{code} {n}")).collect::<Vec<_>>();
    assert_eq!(codes("org.kind"), ["enterprise 2", "institute 1"]);
    assert_eq!(codes("org.status"), ["hnte 2", "srdi 1"]);
    assert_eq!(codes("org.place"), ["nanshan 1", "shenzhen 2"]);
    assert_eq!(codes("org.legal"), ["no 1", "yes 1"]);
    let faults: Vec<_> = profile.faults.iter().map(|f| (f.column.as_str(), f.reason, f.count)).collect();
    let expected = [("", Reason::Cells, 1), ("org.kind", Reason::Code, 1), ("org.staff", Reason::Type, 2)];
    assert_eq!(faults, expected);
    assert_eq!(profile.faults[2].examples[0].row, 5);
    let duplicates = Duplicates { ids: 1, rows: 1, missing: 2, examples: vec!["A".into()] };
    assert_eq!(profile.duplicates, Some(duplicates));
    assert_eq!((profile.orphans[0].parents, profile.orphans[0].examples[0].as_str()), (1, "Q"));
    let json = serde_json::to_value(&profile).unwrap();
    assert_eq!(json["faults"][2]["reason"], "type");
}

#[test]
fn a_profile_is_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let staff = (0..200).map(|row| if row % 7 == 3 { -row } else { row });
    let ids: Vec<String> = (0..200).map(|row| format!("X{}", row % 190)).collect();
    let columns = vec![
        ("id", array(arrow::array::StringArray::from(ids))),
        ("org.staff", array(arrow::array::Int64Array::from_iter_values(staff))),
    ];
    parquet(&path.join("a.parquet"), columns, 9);
    let mapping = mapping_in(path, "id: id");
    let registry = open(path, &["a.parquet"], &mapping, &Options::default()).unwrap();
    let profile =
        |threads| serde_json::to_string(&check(&registry, &vocabulary(), threads, |_| true).unwrap()).unwrap();
    let one = profile(1);
    assert_eq!(one, profile(5));
    let profile: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!((&profile["rejected"], &profile["duplicates"]["rows"]), (&29.into(), &10.into()));
    let rows: Vec<_> = (0..5).map(|at| profile["faults"][0]["examples"][at]["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [4, 11, 18, 25, 32]);
    assert_eq!(check(&registry, &vocabulary(), 2, |_| false).unwrap_err(), CheckError::Stopped);
}
