//! `kapok policy explain`, `diff`, `fmt`, `facts`, `features` and `schema` from the outside.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const DEMAND: &str = "catalogue/sz-training-voucher-guide-2026/demand.yaml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code, standard output, standard error.
fn kapok(args: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kapok"));
    command
        .arg("policy")
        .args(args)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // a program that ends early closes its input, which is no mistake
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).ok();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file of this test's own.
fn draft(name: &str, text: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("draft.yaml");
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn diff_of_a_draft_outside_the_catalogue() {
    let text = std::fs::read_to_string(root().join(DEMAND)).unwrap();
    let path = draft("diff", &text.replace(">= 50万元", ">= 100万元"));
    // a path or an id may stand on either side
    for before in [DEMAND, "sz.training-voucher.demand-2026"] {
        let (code, out, err) = kapok(&["diff", before, &path], "");
        assert_eq!(code, 1, "{err}");
        assert!(out.contains("由 ≥ 50万元 改为 ≥ 100万元") && out.contains("年度租用额恰好50万元"), "{out}");
    }
    let (code, out, _) = kapok(&["diff", DEMAND, &path, "--json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &report["format"], report["changes"].as_array().map(Vec::len)),
        (1, &"kapok.diff/1".into(), Some(1))
    );
    assert_eq!(report["cases"][0]["before"]["outcome"], "eligible");
    assert_eq!(report["cases"][0]["after"]["outcome"], "not_eligible");
    let (code, out, err) = kapok(&["diff", DEMAND, DEMAND], "");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn diff_of_two_versions_by_number_and_by_date() {
    let (code, by_number, _) = kapok(&["diff", "sz-nanshan.rd-support", "--versions", "2", "3", "--lang", "en"], "");
    assert_eq!(code, 1);
    let (_, by_date, _) =
        kapok(&["diff", "sz-nanshan.rd-support", "--versions", "2021-06-01", "2023-08-10", "--lang", "en"], "");
    assert_eq!(by_number, by_date);
    assert!(by_number.contains("period in force: until 2022-11-17 becomes 2023-08-08 to 2023-08-23"), "{by_number}");
    for (args, part) in [
        (&["diff", "sz-nanshan.rd-support", "--versions", "2", "9"][..], "没有第 9 个版本"),
        (&["diff", "sz-nanshan.rd-support", "--versions", "2", "new"], "`new`"),
        (&["diff", "sz-nanshan.rd-support"], "--versions"),
        (&["diff", "sz-nanshan.rd-suport", "--versions", "1", "2"], "sz-nanshan.rd-support"),
    ] {
        let (code, out, err) = kapok(args, "");
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(part), "{args:?}: {err}");
    }
}

#[test]
fn a_draft_with_mistakes_is_shown_with_its_lines() {
    let text = std::fs::read_to_string(root().join(DEMAND)).unwrap();
    let path = draft("wrong", &text.replace("rate * contract.amount", "rate * contract.amuont"));
    let (code, out, err) = kapok(&["explain", &path, "--lang", "en"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("contract.amuont") && err.contains("draft.yaml"), "{err}");
    let (code, _, err) = kapok(&["explain", "catalogue/sz-training-voucher-guide-2026/document.yaml"], "");
    assert_eq!(code, 2);
    assert!(err.contains("`measure`"), "{err}");
}

#[test]
fn explain_an_id_and_a_file_alike() {
    let (code, by_id, _) = kapok(&["explain", "sz.training-voucher.demand-2026"], "");
    assert_eq!(code, 0);
    assert_eq!(kapok(&["explain", DEMAND], "").1, by_id);
    assert!(by_id.starts_with("# 2026年度训力券"), "{by_id}");
    let (_, json, _) = kapok(&["explain", DEMAND, "--json"], "");
    let explanation: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(explanation["measure"], "sz.training-voucher.demand-2026");
    let (_, old, _) = kapok(&["explain", "sz-nanshan.rd-support", "--on", "2021-06-01", "--lang", "en"], "");
    assert!(old.contains("2. until 2022-11-17, published 2020-12-14, in force ← explained below"), "{old}");
}

#[test]
fn features_are_46_rows() {
    let (code, out, _) = kapok(&["features", "--json"], "");
    let rows: Value = serde_json::from_str(&out).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!((code, rows.len()), (0, 46));
    for (row, number) in rows.iter().zip(1..) {
        let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["feature", "title", "measures"]);
        assert_eq!(row["feature"], number);
        assert!(row["title"].is_string());
    }
    let (_, out, _) = kapok(&["features", "catalogue/sz-training-voucher-guide-2026", "--json", "--lang", "en"], "");
    let rows: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        rows[0],
        serde_json::json!({ "feature": 1, "title": "Capped rate", "measures": ["sz.training-voucher.demand-2026"] })
    );
}

#[test]
fn features_are_counted_and_their_ids_are_never_broken() {
    let (_, json, _) = kapok(&["features", "--json"], "");
    let rows: Value = serde_json::from_str(&json).unwrap();
    let (code, out, _) = kapok(&["features", "--lang", "en"], "");
    assert_eq!(code, 0);
    let first = rows[0]["measures"].as_array().unwrap();
    assert_eq!(out.lines().next(), Some(format!(" 1  Capped rate ({})", first.len()).as_str()));
    let words: Vec<&str> = out.split_whitespace().collect();
    for id in first {
        assert!(words.contains(&id.as_str().unwrap()), "{id} is not there in one piece");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn facts_by_name_record_and_word() {
    let (code, out, _) = kapok(&["facts", "org.revenue", "--lang", "en"], "");
    assert_eq!(code, 0);
    assert!(out.starts_with("org.revenue  money, by year  ") && out.contains("asked: "), "{out}");
    assert!(
        kapok(&["facts", "contract"], "")
            .1
            .lines()
            .filter(|line| !line.starts_with(' '))
            .all(|line| line.starts_with("contract."))
    );
    let (_, all, _) = kapok(&["facts", "--json"], "");
    assert!(serde_json::from_str::<Value>(&all).unwrap().as_array().unwrap().len() > 100);
    let (code, out, err) = kapok(&["facts", "org.revnue"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("org.revenue"), "{err}");
}

#[test]
fn schemas_are_those_of_the_documentation() {
    for kind in ["policy", "vocabulary", "assessment", "party"] {
        let (code, out, _) = kapok(&["schema", kind], "");
        assert_eq!(code, 0);
        assert!(
            out == std::fs::read_to_string(root().join(format!("docs/schema/{kind}.schema.json"))).unwrap(),
            "{kind}"
        );
    }
}

#[test]
fn fmt_checks_writes_and_reads_standard_input() {
    let loose = "target:   t\n\n\nname: { zh: 名,   en: Name }\ndocument: 'd'\n";
    let (code, canonical, err) = kapok(&["fmt", "-"], loose);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(kapok(&["fmt", "-"], &canonical).1, canonical, "the canonical form of the canonical form is itself");
    let path = draft("fmt", loose);
    let (code, out, _) = kapok(&["fmt", "--check", &path], "");
    assert_eq!((code, out.trim_end()), (1, path.as_str()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), loose, "--check changes nothing");
    assert_eq!(kapok(&["fmt", &path], "").0, 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), canonical);
    assert_eq!(kapok(&["fmt", "--check", &path], "").0, 0);
    // what cannot be read stays as it is
    let broken = draft("fmt-broken", "a: [1\n");
    let (code, out, err) = kapok(&["fmt", &broken, "--lang", "en"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("draft.yaml"), "{err}");
    assert_eq!(std::fs::read_to_string(&broken).unwrap(), "a: [1\n");
}

#[test]
fn fmt_never_touches_what_is_no_rule_file() {
    let table = "name,org.kind\n\u{7532},enterprise\n";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmt-none");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text, word) in [
        ("party.csv", table, "only .yaml and .yml files"),
        ("notes.md", "a:   1\n", "only .yaml and .yml files"),
        ("party.yaml", table, "E0128"),
        ("list.yml", "- 1\n-   2\n", "E0128"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        for check in [&[][..], &["--check"]] {
            let args = [&["fmt", path.to_str().unwrap(), "--lang", "en"], check].concat();
            let (code, out, err) = kapok(&args, "");
            assert_eq!((code, out.as_str()), (2, ""), "{name}");
            assert!(err.contains(word) && err.contains(name), "{name}: {err}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
        }
    }
    // a file that is no rule file keeps the others from being written, too
    let right = draft("fmt-right", "a:   1\n");
    let (code, _, _) = kapok(&["fmt", &right, folder.join("party.csv").to_str().unwrap()], "");
    assert_eq!((code, std::fs::read_to_string(&right).unwrap().as_str()), (2, "a:   1\n"));
    let (code, out, err) = kapok(&["fmt", "-"], table);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("E0128") && err.contains("标准输入不是规则文件"), "{err}");
}
