//! Party files: three forms, one meaning; and what happens to mistakes.

use crate::run::{file, kapok, typed};

const YAML: &str = "\
party: organisation
name: 示例制造有限公司
org.kind: enterprise
org.legal_person: yes
org.place: nanshan
org.founded_on: 2018-04-12
org.industry: robotics
org.roles: []
org.status: [hnte, srdi_sme]
org.staff: 168
org.revenue: { 2024: 8600万元, 2025: 12800万元 }
";
const JSON: &str = r#"{
  "party": "organisation", "name": "示例制造有限公司", "org.kind": "enterprise", "org.legal_person": true,
  "org.place": "nanshan", "org.founded_on": "2018-04-12", "org.industry": "robotics", "org.roles": [],
  "org.status": ["hnte", "srdi_sme"], "org.staff": 168, "org.revenue": { "2024": "8600万元", "2025": "12800万元" }
}"#;
const CSV: &str = "\
party,name,org.kind,org.legal_person,org.place,org.founded_on,org.industry,org.roles,org.status,org.staff,org.revenue.2024,org.revenue.2025
organisation,示例制造有限公司,enterprise,yes,nanshan,2018-04-12,robotics,none,\"hnte, srdi_sme\",168,8600万元,12800万元
";

fn answer(path: &str) -> String {
    let run = kapok(&["assess", "--party", path, "--on", "2026-05-20", "--json"]);
    run.json();
    run.out
}

#[test]
fn yaml_json_and_csv_say_the_same() {
    let yaml = answer(&file("parties/same.yaml", YAML));
    assert!(yaml.contains("12,800万元") || yaml.contains("1.28亿元"), "the facts are in the reasons");
    assert_eq!(answer(&file("parties/same.json", JSON)), yaml);
    assert_eq!(answer(&file("parties/same.csv", CSV)), yaml);
}

#[test]
fn a_dash_reads_standard_input() {
    let run = typed(&["assess", "--party", "-", "--on", "2026-05-20", "--json"], YAML);
    assert_eq!(run.out, answer(&file("parties/dash.yaml", YAML)));
}

#[test]
fn every_row_of_a_csv_is_a_party_and_an_empty_cell_is_unknown() {
    let path = file("parties/two.csv", "name,org.kind,org.place\n甲,enterprise,nanshan\n乙,,longgang\n");
    let report = kapok(&["assess", "--party", &path, "--on", "2026-05-20", "--json"]).json();
    let names: Vec<&str> =
        report.as_array().unwrap().iter().map(|one| one["party"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["甲", "乙"]);
    let asks = |party: usize, fact: &str| {
        report[party]["missing"].as_array().unwrap().iter().any(|missing| missing["fact"] == fact)
    };
    assert!(!asks(0, "org.kind") && asks(1, "org.kind"));
}

#[test]
fn unknown_is_the_same_as_left_out() {
    let left_out = YAML.replace("org.staff: 168\n", "");
    let unknown = YAML.replace("org.staff: 168", "org.staff: unknown");
    assert_eq!(answer(&file("parties/left-out.yaml", &left_out)), answer(&file("parties/unknown.yaml", &unknown)));
}

#[test]
fn the_dates_of_the_file_hold_unless_others_are_asked_for() {
    let path = file("parties/dated.yaml", &format!("on: 2026-05-21\nknown_on: 2026-05-22\n{YAML}"));
    let dates = |extra: &[&str]| {
        let report = kapok(&[&["assess", "--party", &path, "--json"], extra].concat()).json();
        (report["on"].as_str().unwrap().to_owned(), report["known_on"].as_str().unwrap().to_owned())
    };
    assert_eq!(dates(&[]), ("2026-05-21".into(), "2026-05-22".into()));
    assert_eq!(dates(&["--on", "2026-05-20", "--known-on", "2026-05-23"]), ("2026-05-20".into(), "2026-05-23".into()));
}

#[test]
fn every_mistake_is_named_and_nothing_is_assessed() {
    let wrong = YAML
        .replace("org.kind: enterprise", "org.kind: enterprize")
        .replace("org.place", "org.placce")
        .replace("2018-04-12", "2018-13-12");
    let path = file("parties/wrong.yaml", &wrong);
    for lang in ["zh", "en"] {
        for extra in [&[][..], &["--json"], &["--table"], &["--ask"]] {
            let run = kapok(&[&["assess", "--party", &path, "--on", "2026-05-20", "--lang", lang], extra].concat());
            assert_eq!((run.code, run.out.as_str()), (1, ""), "{extra:?}");
            for part in
                ["`enterprize`", "`enterprise`", "`org.placce`", "`org.place`", "2018-13-12", ":3:11", ":5:1", ":6:17"]
            {
                assert!(run.err.contains(part), "no {part} in\n{}", run.err);
            }
            assert_eq!(run.err.matches("error[E").count(), 3, "{}", run.err);
        }
    }
}

#[test]
fn mistakes_of_every_row_are_named() {
    let path = file("parties/wrong.csv", "name,org.kind,org.staff\n甲,enterprize,3\n乙,enterprise,many\n");
    let run = kapok(&["assess", "--party", &path, "--lang", "en"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    for part in ["wrong.csv:2", "`enterprize`", "wrong.csv:3", "`many`"] {
        assert!(run.err.contains(part), "no {part} in\n{}", run.err);
    }
}

#[test]
fn a_file_that_is_no_party_is_refused() {
    for (name, text) in [
        ("empty.yaml", ""),
        ("list.yaml", "- 1\n"),
        ("broken.json", "{\"org.kind\": "),
        ("empty.csv", ""),
        ("header.csv", "name,org.kind\n"),
    ] {
        let run = kapok(&["assess", "--party", &file(&format!("parties/{name}"), text)]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{name}: {}", run.err);
        assert!(run.err.contains(name), "{}", run.err);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let run = kapok(&["assess", "--party", "no-such-file.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("no-such-file.yaml"), "{}", run.err);
}

/// Whether Chinese stands in a text.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c))
}

#[test]
fn mistakes_are_told_in_one_language() {
    let text = "org.founded_on: 2025-13-20\norg.revenue: { 2025: 300 }\norg.staff: many\norg.uscc: 9144030\n";
    let path = file("parties/language.yaml", text);
    let run = kapok(&["assess", "--party", &path, "--on", "2026-05-20"]);
    for part in [
        "没有第 13 月，月份为 1 至 12",
        "`300` 没有写单位：以元计请写 `300元`",
        "`many` 不是整数",
        "统一社会信用代码应为 18 位",
    ] {
        assert!(run.err.contains(part), "no {part} in\n{}", run.err);
    }
    for part in ["there is", "write", "not a", "characters"] {
        assert!(!run.err.contains(part), "{part} in\n{}", run.err);
    }
    let run = kapok(&["assess", "--party", &path, "--on", "2026-05-20", "--lang", "en"]);
    assert_eq!(run.code, 1);
    assert!(!is_chinese(&run.err), "{}", run.err);

    let broken = file("parties/language-broken.yaml", "org.roles: [a\n");
    let run = kapok(&["assess", "--party", &broken]);
    assert!(run.err.contains("不是有效的 YAML：方括号中应有 `,` 或 `]`"), "{}", run.err);
}

#[test]
fn an_empty_list_is_written_in_csv_as_in_yaml() {
    let with = |cell: &str| {
        answer(&file(
            &format!("parties/none-{}.csv", cell.len()),
            &format!("org.kind,org.roles,contracts\nenterprise,{cell},{cell}\n"),
        ))
    };
    let yaml = answer(&file("parties/none.yaml", "org.kind: enterprise\norg.roles: []\ncontracts: []\n"));
    assert_eq!(with("none"), yaml);
    assert_eq!(with("[]"), yaml);
}

#[test]
fn a_fact_of_the_other_kind_of_party_is_a_mistake() {
    let party = crate::run::file("wrong-kind.yaml", "party: person\norg.kind: enterprise\n");
    let run = crate::run::kapok(&["assess", "--party", &party, "--on", "2026-05-20", "--lang", "en"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("E0613") && run.err.contains("`org.kind` is a fact of an organisation"), "{}", run.err);
    assert!(run.err.contains("`party: organisation`"), "{}", run.err);
}
