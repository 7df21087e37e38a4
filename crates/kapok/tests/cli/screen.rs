//! `kapok screen`: a registry on the command line.

use std::path::Path;

use crate::run::{GROWTH, Run, file, kapok, rules};

const COMPANIES: &str = "\
uscc,org.revenue.2025
a,900万元
b,2000万元
c,6000万元
d,
";

fn screen(rules: &str, more: &[&str]) -> Run {
    kapok(&[&["screen", "--rules", rules, "--on", "2026-05-20", "--id", "uscc", "--threads", "2"][..], more].concat())
}

fn beside(path: &str, name: &str) -> String {
    Path::new(path).with_file_name(name).display().to_string()
}

#[test]
fn a_measure_says_who_how_much_why_not_and_what_is_missing() {
    let rules = rules("screen-good-rules", GROWTH);
    let city = file("screen-good/city.csv", COMPANIES);
    let report = screen(&rules, &["--json", &city]).json();
    assert_eq!((&report["format"], &report["rows"]), (&"kapok.screening/1".into(), &4.into()));
    let measure = &report["measures"][0];
    for (key, value) in [("eligible", 2), ("undetermined", 1), ("needs_person", 0), ("not_eligible", 1)] {
        assert_eq!(measure["companies"][key], value, "{measure}");
    }
    // b and c have 20万元 and at most 50万元; d may have up to 50万元
    assert_eq!((&measure["amount"]["low"], &measure["amount"]["high"]), (&"700000".into(), &"1200000".into()));
    assert_eq!((&measure["reasons"][0]["key"], &measure["reasons"][0]["first"]), (&"revenue".into(), &1.into()));
    let table = screen(&rules, &["--lang", "en", &city]);
    assert_eq!((table.code, table.err.as_str()), (0, ""));
    assert!(table.out.contains("Growth reward") && table.out.contains("CNY 700,000"), "{}", table.out);
    let chinese = screen(&rules, &[&city]);
    assert!(chinese.out.contains("成长奖励") && chinese.out.contains("70万元"), "{}", chinese.out);
}

#[test]
fn companies_are_listed_in_the_order_of_the_registry() {
    let rules = rules("screen-list-rules", GROWTH);
    let city = file("screen-list/city.csv", COMPANIES);
    let (rows, list) = (beside(&city, "rows.csv"), beside(&city, "list.csv"));
    let run = screen(&rules, &["--rows", &rows, "--all-rows", "--entitled", &list, "--measure", "demo.growth", &city]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines = |path: &str| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let rows = lines(&rows);
    assert_eq!(rows.len(), 5);
    assert!(rows[1].starts_with("a,demo.growth,not_eligible,CNY,0.00,0.00,revenue"), "{rows:?}");
    assert!(rows[4].starts_with("d,demo.growth,undetermined,CNY,0.00,500000.00"), "{rows:?}");
    assert_eq!(lines(&list)[1..], ["b,demo.growth,CNY,200000.00", "c,demo.growth,CNY,500000.00"]);
}

#[test]
fn rows_that_cannot_be_read_are_told_and_the_rest_is_screened() {
    let rules = rules("screen-broken-rules", GROWTH);
    let mut text = "uscc,org.revenue.2025\n".to_owned();
    for row in 0..1000 {
        text += &if row % 10 == 3 { format!("c{row},many\n") } else { format!("c{row},2000万元\n") };
    }
    let city = file("screen-broken/city.csv", &text);
    let run = screen(&rules, &["--lang", "en", &city]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = format!("{}{}", run.out, run.err);
    assert!(told.contains("100") && told.contains("org.revenue.2025") && told.contains("900"), "{told}");
}

#[test]
fn what_cannot_be_read_is_an_error_and_leaves_no_file() {
    let rules = rules("screen-wrong-rules", GROWTH);
    let city = file("screen-wrong/city.csv", COMPANIES);
    let parquet = beside(&city, "city.parquet");
    let made = kapok(&["registry", "generate", "--rows", "3000", "--out", &parquet, "--json"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let bytes = std::fs::read(&parquet).unwrap();
    let cut = beside(&city, "cut.parquet");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let none = beside(&city, "none.parquet");
    let rows = beside(&city, "rows.csv");
    for (path, told) in [(&cut, "cut.parquet"), (&none, "none.parquet")] {
        let run = screen(&rules, &["--lang", "en", "--rows", &rows, path]);
        assert!(run.code == 2 && run.out.is_empty() && run.err.contains(told), "{run:?}");
        assert!(!Path::new(&rows).exists());
    }
    // a column of another type than its fact
    let dates =
        file("screen-wrong/mapping.yaml", "id: uscc\ncolumns: { org.founded_on: { fact: org.revenue, year: 2025 } }\n");
    let run = kapok(&["screen", "--mapping", &dates, "--on", "2026-05-20", "--lang", "en", "--rows", &rows, &parquet]);
    assert!(run.code == 2 && run.err.contains("org.founded_on"), "{run:?}");
    assert!(!Path::new(&rows).exists());
    let run = screen(&rules, &["--lang", "en", "--measure", "demo.grow", &city]);
    assert!(run.code == 2 && run.err.contains("demo.growth"), "{run:?}");
}
