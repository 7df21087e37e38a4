use super::*;

fn errors(text: &str) -> Vec<String> {
    told(&Mapping::read("m.yaml", text.as_bytes(), &vocabulary()).unwrap_err())
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let text = "columns:
  a: org.revenu
  b: { fact: org.revenue }
  c: { fact: org.place, year: 2025 }
  d: { fact: org.revenue, year: 2025, unit: m2 }
  e: { fact: org.kind, values: { '1': enterprize } }
  f: org.age
  g: org.staff
  h: org.staff
  i: { fact: org.staff, rounded: up }
  j: { fact: org.capital, units: 元 }
children:
  contract5: { files: x.csv, join: id, columns: {} }
";
    assert_eq!(
        errors(text),
        [
            "E0803:2:6 unknown fact `org.revenu`",
            "E0805:3:14 `org.revenue` is kept by year, and `year` is missing",
            "E0805:4:31 `org.place` is not kept by year",
            "E0808:5:45 `org.revenue` is not measured in `m2`",
            "E0809:6:39 Kind: there is no `enterprize`, did you mean `enterprise`?",
            "E0804:7:6 `org.age` is computed and cannot be given",
            "E0807:9:3 `h` and `g` are mapped to the same fact",
            "E0123:10:34 `rounded` cannot be `up`",
            "E0127:11:27 there is no key `units` here",
            "E0811:13:3 there are no records `contract5`",
        ]
    );
    assert_eq!(errors("- a"), ["E0801:1:1 a mapping is made of keys and values"]);
    assert_eq!(
        errors("children:\n  contracts: { files: x.csv, join: id, columns: {} }\n"),
        ["E0810:2:3 records need the `id` of their parents"]
    );
    assert!(errors("columns: { a: org.place, a: org.staff }")[0].starts_with("E01"));
}

#[test]
fn a_fact_may_be_named_as_in_party_files() {
    let text = "as_of: 2026-06-30\ncolumns: { a: org.revenue.2024, b: 'org.revenue[2025]', c: org.revenue@2023 }";
    let mapping = Mapping::read("m.yaml", text.as_bytes(), &vocabulary()).unwrap();
    let years: Vec<_> = mapping.entries.iter().map(|entry| entry.year).collect();
    assert_eq!(years, [Some(2024), Some(2025), Some(2023)]);
    assert_eq!(mapping.as_of().map(|date| date.to_string()).as_deref(), Some("2026-06-30"));
}

#[test]
fn what_the_files_lack_or_hold_twice_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "uscc,人数,org.revenue,org.place\n1,2,3,深圳\n").unwrap();
    let mapping = mapping_in(folder.path(), "id: usc\ncolumns: { 人员: org.staff, 面: org.area }");
    let found = told(&open(folder.path(), &["a.csv"], &mapping, &Options::default()).unwrap_err());
    assert_eq!(found[0], "E0821:2:12 no file has the column `人员`");
    assert_eq!(found[1], "E0821:2:27 no file has the column `面`");
    assert_eq!(found[2], "E0805:0:0 the fact of the column `org.revenue` is kept by year");
    assert!(found[3].starts_with("E0822:1:5 "), "{found:?}");
    assert_eq!(found.len(), 4);
}
