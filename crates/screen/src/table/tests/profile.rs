use super::super::{Duplicates, Reason, check};
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
    let profile = check(&registry, &vocabulary()).unwrap();
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
    assert_eq!(profile.faults[2].examples[0].1, 5);
    let duplicates = Duplicates { ids: 1, rows: 1, missing: 2, examples: vec!["A".into()] };
    assert_eq!(profile.duplicates, Some(duplicates));
    assert_eq!((profile.orphans[0].parents, profile.orphans[0].examples[0].as_str()), (1, "Q"));
    let json = serde_json::to_value(&profile).unwrap();
    assert_eq!(json["faults"][2]["reason"], "type");
}
