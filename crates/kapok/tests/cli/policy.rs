//! `kapok policy`: working on the rules.

use crate::run::{GROWTH, kapok, rules};

#[test]
fn check_counts_and_finds_no_error_in_what_is_shipped() {
    for path in [None, Some("catalogue")] {
        let args: Vec<&str> = ["policy", "check", "--json"].into_iter().chain(path).collect();
        let report = kapok(&args).json();
        let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["measures", "documents", "errors", "warnings", "findings"]);
        assert_eq!(report["errors"], 0);
        assert!(report["measures"].as_u64().unwrap() >= 100 && report["documents"].as_u64().unwrap() > 0, "{report}");
    }
}

#[test]
fn check_of_one_folder_speaks_of_that_folder() {
    let report = kapok(&["policy", "check", "catalogue/sz-training-voucher-guide-2026", "--json"]).json();
    assert_eq!((&report["measures"], &report["documents"]), (&1.into(), &1.into()));
}

#[test]
fn check_names_every_mistake_with_its_place() {
    let wrong = GROWTH
        .replace("1% *", "1% +")
        .replace("topic: growth", "topic: grow")
        .replace("{ fact: \"org.revenue[year-1]\"", "{ fact: \"org.revenu[year-1]\"");
    let folder = rules("check-wrong", &wrong);
    for (lang, word) in [("zh", "错误"), ("en", "errors")] {
        let run = kapok(&["policy", "check", &folder, "--lang", lang]);
        assert_eq!(run.code, 1);
        for part in [
            "catalogue/demo/growth.yaml:11:",
            "catalogue/demo/growth.yaml:14:",
            "`grow`",
            "`org.revenu`",
            "`org.revenue`",
            word,
        ] {
            assert!(run.out.contains(part), "no {part} in\n{}", run.out);
        }
    }
    let run = kapok(&["policy", "check", &folder, "--json"]);
    assert_eq!(run.code, 1);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(report["errors"].as_u64().unwrap() >= 3, "{report}");
    assert_eq!(
        report["findings"].as_array().unwrap().len() as u64,
        report["errors"].as_u64().unwrap() + report["warnings"].as_u64().unwrap()
    );
}

#[test]
fn test_ends_with_the_count() {
    let shipped = kapok(&["policy", "test"]);
    assert_eq!((shipped.code, shipped.err.as_str()), (0, ""), "{}", shipped.out);
    let last = shipped.out.lines().last().unwrap();
    let passed: usize =
        last.strip_suffix(" passed, 0 failed").and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{last}"));
    assert!(passed > 1000, "{last}");

    let folder = rules("test-right", GROWTH);
    assert_eq!(kapok(&["policy", "test", &folder]).out.trim_end(), "2 passed, 0 failed");
}

#[test]
fn test_names_the_case_that_fails_and_what_it_found() {
    let folder = rules("test-wrong", &GROWTH.replace("amount: 20万元", "amount: 21万元"));
    let run = kapok(&["policy", "test", &folder]);
    assert_eq!(run.code, 1);
    for part in ["demo.growth", "营业收入2000万元", "catalogue/demo/growth.yaml:19", "210,000", "200,000"] {
        assert!(run.out.contains(part), "no {part} in\n{}", run.out);
    }
    assert!(run.out.trim_end().ends_with("1 passed, 1 failed"), "{}", run.out);
    let run = kapok(&["policy", "test", &folder, "--json"]);
    assert_eq!(run.code, 1);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["passed"], &report["failed"]), (&1.into(), &1.into()));
}

#[test]
fn test_does_not_run_rules_that_have_mistakes() {
    let folder = rules("test-broken", &GROWTH.replace("1% *", "1% +"));
    let run = kapok(&["policy", "test", &folder]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("policy check"), "{}", run.err);
}

#[test]
fn a_path_without_rules_is_refused() {
    for command in ["check", "test"] {
        for path in ["no-such-folder", env!("CARGO_TARGET_TMPDIR")] {
            let run = kapok(&["policy", command, path]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{command} {path}");
            assert!(run.err.contains(path), "{}", run.err);
        }
    }
}
