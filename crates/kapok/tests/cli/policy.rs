//! `kapok policy`: working on the rules.

use crate::run::{GROWTH, file, kapok, root, rules};

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
            "catalogue/demo/growth.yaml:5:8",
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
    let languages = [
        (&["--lang", "en"][..], "FAILED", "amount: expected CNY 210,000, found CNY 200,000"),
        (&[], "未通过", "amount：应为 21万元，实为 20万元"),
    ];
    for (lang, word, difference) in languages {
        let run = kapok(&[&["policy", "test", &folder], lang].concat());
        assert_eq!(run.code, 1);
        for part in [word, "demo.growth", "营业收入2000万元", "catalogue/demo/growth.yaml:19", difference] {
            assert!(run.out.contains(part), "no {part} in\n{}", run.out);
        }
        // machines read it, so it is the same in both languages
        assert_eq!(run.out.lines().last(), Some("1 passed, 1 failed"));
    }
    let run = kapok(&["policy", "test", &folder, "--json"]);
    assert_eq!(run.code, 1);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["passed"], &report["failed"]), (&1.into(), &1.into()));
    assert_eq!(report["cases"][0]["differences"][0], "amount：应为 21万元，实为 20万元");
}

#[test]
fn test_does_not_run_rules_that_have_mistakes() {
    let folder = rules("test-broken", &GROWTH.replace("1% *", "1% +"));
    let run = kapok(&["policy", "test", &folder]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.starts_with("错误：") && run.err.contains(&format!("`kapok policy check {folder}`")),
        "{}",
        run.err
    );
    let run = kapok(&["policy", "test", &folder, "--lang", "en"]);
    assert_eq!(run.err.trim_end(), format!("error: the rules have errors: run `kapok policy check {folder}` first"));
}

/// The text of a shipped measure.
fn shipped() -> String {
    let path = crate::run::root().join("catalogue/sz-training-voucher-guide-2026/demand.yaml");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_draft_outside_a_catalogue_stands_among_the_built_in_rules() {
    let right = file("draft-right/draft.yaml", &shipped());
    let report = kapok(&["policy", "check", &right, "--json"]).json();
    assert_eq!(
        (&report["measures"], &report["errors"], &report["findings"]),
        (&1.into(), &0.into(), &serde_json::json!([]))
    );
    let run = kapok(&["policy", "test", &right]);
    assert_eq!((run.code, run.out.trim_end()), (0, "37 passed, 0 failed"));

    // its own text counts, not that of the measure whose place it takes
    let changed = file("draft-changed/draft.yaml", &shipped().replace(">= 50万元", ">= 100万元"));
    let run = kapok(&["policy", "test", &changed]);
    assert!(run.code == 1 && run.out.contains(&format!("{changed}:")), "{}", run.out);

    let wrong = file("draft-wrong/draft.yaml", &shipped().replace("rate * contract.amount", "rate * contract.amuont"));
    let run = kapok(&["policy", "check", &wrong]);
    assert!(run.code == 1 && run.out.contains("contract.amuont") && run.out.contains(&wrong), "{}", run.out);
    let run = kapok(&["policy", "test", &wrong]);
    assert!(run.code == 2 && run.err.contains(&format!("`kapok policy check {wrong}`")), "{}", run.err);
}

#[test]
fn a_draft_may_bring_its_document_and_may_stand_beside_a_catalogue() {
    let document = "document: made-up.rules\ntitle: { zh: 虚构办法, en: Made-up rules }\nissuer: { zh: 虚构机关, en: Made-up authority }\nlevel: city\nplace: shenzhen\nconfidence: primary\n";
    file("draft-document/document.yaml", document);
    let draft = GROWTH.replace("demo.rules", "made-up.rules").replace("topic: growth", "topic: compute");
    let path = file("draft-document/draft.yaml", &draft);
    let run = kapok(&["policy", "check", &path]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("措施 1 项，政策文件 0 份，错误 0 处"), "{}", run.out);

    // a file that lies in the folder of the rules and not in its catalogue is checked against these
    let folder = rules("draft-beside", GROWTH);
    let path = file("draft-beside/drafts/growth.yml", GROWTH);
    let run = kapok(&["policy", "test", &path]);
    assert_eq!((run.code, run.out.trim_end()), (0, "2 passed, 0 failed"), "{folder}");
}

#[test]
fn what_is_no_rule_file_is_found_out() {
    let path = file("draft-none/party.yaml", "party: organisation\n");
    let run = kapok(&["policy", "check", &path, "--lang", "en"]);
    assert!(run.code == 1 && run.out.contains("the first key of a file says what it is"), "{}", run.out);
    assert!(run.out.trim_end().ends_with("0 measures, 0 issuing documents, 1 errors, 0 warnings"), "{}", run.out);
}

#[test]
fn measures_are_listed_with_what_they_give_and_when() {
    let all = kapok(&["policy", "measures", "--on", "2026-05-20"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    let ids: Vec<&str> =
        all.out.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(ids.len() > 90 && ids.is_sorted(), "{ids:?}");

    let line = |words: &[&str]| {
        let run = kapok(&[&["policy", "measures"], words].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
        run.out
            .lines()
            .find(|line| line.starts_with("sz.training-voucher.demand-2026 "))
            .unwrap_or_else(|| panic!("{}", run.out))
            .to_owned()
    };
    let zh = line(&["训力券", "--on", "2026-05-20"]);
    assert!(zh.ends_with("2026年度训力券(需求方) · 资金 · 现行，申报2026年5月6日至2026年6月5日"), "{zh}");
    // every word must occur, in whatever language and case
    let en = line(&["Training", "需求方", "--on", "2026-07-01", "--lang", "en"]);
    assert!(
        en.ends_with("Training voucher 2026, demand side · money · applications are closed (2026-05-06 to 2026-06-05)"),
        "{en}"
    );

    let json = kapok(&["policy", "measures", "demand-2026", "--on", "2026-05-20", "--json"]).json();
    assert_eq!((&json[0]["measure"], &json[0]["in_force"]), (&"sz.training-voucher.demand-2026".into(), &true.into()));
    let none = kapok(&["policy", "measures", "no-such-word"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("`no-such-word`"), "{}", none.err);
}

#[test]
fn a_measure_that_is_not_there_points_to_the_list() {
    for (lang, word) in [("zh", "错误：没有措施"), ("en", "error: there is no measure")] {
        let run = kapok(&["policy", "explain", "no.such-measure", "--lang", lang]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.starts_with(word) && run.err.contains("`kapok policy measures`"), "{}", run.err);
    }
}

#[test]
fn a_folder_without_rules_is_named_as_such() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let run = kapok(&["policy", "facts", "--rules", folder, "--lang", "en"]);
    assert_eq!(run.err.trim_end(), format!("error: {folder} is not a folder with `catalogue` and `vocabulary`"));
}

#[test]
fn a_path_without_rules_is_refused() {
    // a folder outside the checkout, in which nothing above has rules either
    let empty = std::env::temp_dir().join(format!("kapok-no-rules-{}", std::process::id()));
    std::fs::create_dir_all(&empty).unwrap();
    for command in ["check", "test"] {
        for path in ["no-such-folder", empty.to_str().unwrap()] {
            let run = kapok(&["policy", command, path]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{command} {path}");
            assert!(run.err.contains(path), "{}", run.err);
        }
    }
    std::fs::remove_dir(&empty).unwrap();
}

#[test]
fn fmt_and_schema_speak_json_like_their_sisters() {
    let path = root().join("catalogue/sz-training-voucher-guide-2026");
    let run = kapok(&["policy", "fmt", "--check", "--json", path.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.err);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["changed"], serde_json::json!([]));
    assert!(report["files"].as_u64().unwrap() >= 2);
    let run = kapok(&["policy", "schema", "assessment", "--json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&run.out).unwrap()["properties"].is_object());
}
