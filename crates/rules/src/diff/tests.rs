//! Comparisons of small measures, and of measures of the catalogue with themselves.

use super::*;
use crate::source::{Loaded, Sources};

const VOCABULARY: &str = "
facts:
  org.kind: { type: code org_kind, label: { zh: 单位类型, en: Kind of organisation } }
  org.place: { type: place, label: { zh: 注册地, en: Place of registration } }
  org.revenue: { type: money, period: year, range: [0 CNY], label: { zh: 营业收入, en: Revenue } }
  org.rental: { type: money, range: [0 CNY], label: { zh: 年度租用额, en: Yearly rental } }
codes:
  org_kind: { label: { zh: 单位类型, en: Kind }, values: { enterprise: { zh: 企业, en: Enterprise }, university: { zh: 高校, en: University } } }
  topic: { label: { zh: 主题, en: Topic }, values: { compute: { zh: 算力, en: Compute }, research: { zh: 研发, en: Research } } }
  evidence: { label: { zh: 证明, en: Proof }, values: { audit_report: { zh: 审计报告, en: Audit report } } }
  status: { label: { zh: 资质, en: Status }, values: { hnte: { zh: 高新技术企业, en: High-tech enterprise } } }
";

const DOCUMENT: &str = "
document: d
title: { zh: 办法, en: Measures }
issuer: { zh: 科创局, en: Bureau }
level: city
place: shenzhen
confidence: primary
";

const MEASURE: &str = "
measure: m
name: { zh: 算力券, en: Compute voucher }
document: d
clause: 第一条
topic: compute
applies_to: organisation
tags: [x]
versions:
  - in_force: { from: 2026-01-01 }
    known_from: 2026-01-01
    let:
      rate:
        table: first
        inputs: [org.kind]
        rows:
          - { when: [enterprise], then: 50% }
          - { when: ['-'], then: 30% }
    eligible:
      - { fact: org.place, within: shenzhen }
      - { fact: org.rental, at_least: 50万元, cite: 第二条 }
    award:
      kind: money
      amount: rate * org.rental
      limits:
        - { per: [org, year], at_most: 1000万元 }
    procedure:
      kind: review
      window: { from: 2026-03-01, to: 2026-06-30 }
      documents: [ { zh: 合同, en: Contract } ]
example: { on: 2026-05-01, org.kind: enterprise, org.place: nanshan, org.rental: 80万元, awards: [] }
cases:
  - { name: 八十万, expect: { outcome: eligible, amount: 40万元 } }
  - { name: 两百万, with: { org.rental: 200万元 }, expect: { outcome: eligible, amount: 100万元 } }
  - { name: 高校, with: { org.kind: university, org.rental: 200万元 }, expect: { outcome: eligible, amount: 60万元 } }
";

/// The records that limits and rules read.
const AWARDS: &str = "
records:
  award:
    list: awards
    of: organisation
    label: { zh: 已获资助, en: Award received }
    fields:
      measure: { type: text, label: { zh: 措施, en: Measure } }
      year: { type: count, label: { zh: 年度, en: Year } }
      amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } }
";

fn load(measure: &str) -> Loaded {
    let mut sources = Sources::default();
    sources.vocabulary.insert("vocabulary/a.yaml".into(), VOCABULARY.into());
    sources.vocabulary.insert("vocabulary/b.yaml".into(), AWARDS.into());
    sources.catalogue.insert("catalogue/d/document.yaml".into(), DOCUMENT.into());
    sources.catalogue.insert("catalogue/d/m.yaml".into(), measure.into());
    let loaded = sources.load();
    assert_eq!(loaded.errors(), 0, "{:?}", loaded.findings);
    loaded
}

fn diff(old: &str, new: &str) -> Diff {
    let (old, new) = (load(old), load(new));
    let side = |loaded| Side { program: loaded, measure: 0, version: None };
    compare(side(&old.program), side(&new.program)).unwrap()
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(MEASURE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn sentences(diff: &Diff) -> Vec<String> {
    diff.changes.iter().map(|change| change.sentence(Lang::Zh)).collect()
}

#[test]
fn a_threshold_is_named_with_both_values_and_the_case_that_it_excludes() {
    let diff = diff(MEASURE, &edited(&[("at_least: 50万元", "at_least: 100万元")]));
    assert_eq!(sentences(&diff), ["条件“年度租用额”：由 ≥ 50万元 改为 ≥ 100万元"]);
    assert_eq!(diff.changes[0].sentence(Lang::En), "condition “Yearly rental”: ≥ CNY 500,000 becomes ≥ CNY 1,000,000");
    assert_eq!(diff.cases_run, 3);
    let [case] = diff.cases.as_slice() else { panic!("{:?}", diff.cases) };
    assert_eq!((case.case.as_str(), case.stands), ("八十万", Stands::Both));
    assert_eq!(case.before.text.zh, "符合，40万元");
    assert!(case.after.text.zh.starts_with("不符合（未满足：年度租用额"), "{}", case.after.text.zh);
}

#[test]
fn how_a_rule_is_written_makes_no_difference() {
    let text = edited(&[
        ("at_least: 50万元", "at_least: \"500000 CNY\""),
        ("rate * org.rental", "(rate * org.rental)"),
        ("'-'", "\"-\""),
    ]);
    let diff = diff(MEASURE, &text);
    assert_eq!(sentences(&diff), Vec::<String>::new());
    assert!(diff.cases.is_empty());
}

#[test]
fn conditions_come_and_go() {
    let added = edited(&[(
        "      - { fact: org.rental, at_least: 50万元, cite: 第二条 }",
        "      - { fact: org.rental, at_least: 50万元, cite: 第三条 }\n      - { fact: org.kind, in: [enterprise] }",
    )]);
    let there = diff(MEASURE, &added);
    assert_eq!(
        sentences(&there),
        [
            "条件“年度租用额 ≥ 50万元”的依据：由 第二条 改为 第三条".replace(" ≥ 50万元", ""),
            "新增条件：单位类型为企业".to_owned()
        ]
    );
    assert_eq!(there.cases.iter().map(|case| case.case.as_str()).collect::<Vec<_>>(), ["高校"]);
    let back = diff(&added, MEASURE);
    assert!(sentences(&back).contains(&"取消条件：单位类型为企业".to_owned()), "{:?}", sentences(&back));
}

#[test]
fn table_rows_limits_rounding_windows_and_documents() {
    let text = edited(&[
        ("then: 50% }", "then: 60% }"),
        ("at_most: 1000万元", "at_most: 100万元"),
        (
            "      limits:",
            "      at_least: 1万元\n      round: down to 1万元\n      payout:\n        - { amount: rest, when: { zh: 验收后, en: after acceptance } }\n      limits:",
        ),
        ("to: 2026-06-30", "to: 2026-07-31"),
        ("[ { zh: 合同, en: Contract } ]", "[ { zh: 发票, en: Invoice } ]"),
        (
            "    procedure:",
            "    budget: { per: year, at_most: 5亿元 }\n    stacking: [ { permits: [tag:x] } ]\n    round: { kind: pro_rata }\n    procedure:",
        ),
    ]);
    let diff = diff(MEASURE, &text);
    let found = sentences(&diff);
    for expected in [
        "表“rate”中“单位类型为企业”一行：由 50% 改为 60%",
        "“每家单位每年”的上限：由 1,000万元 改为 100万元",
        "新增保底：1万元",
        "取整：由 向下取整到0.01元 改为 向下取整到1万元",
        "新增兑付：验收后：其余部分",
        "新增与其他措施的关系：可与标记为 x 的各项措施同时享受",
        "新增总体核定方式：预算不足时按比例核减",
        "新增预算：每年5亿元",
        "受理期：由 2026年3月1日至2026年6月30日 改为 2026年3月1日至2026年7月31日",
        "新增材料：发票",
        "取消材料：合同",
    ] {
        assert!(found.iter().any(|sentence| sentence == expected), "`{expected}` is not among {found:#?}");
    }
    let case = diff
        .cases
        .iter()
        .find(|case| case.case == "两百万")
        .map(|case| (case.before.text.zh.as_str(), case.after.text.zh.as_str()));
    assert_eq!(
        case, None,
        "60 % of two million stays under the new limit of one million only by the limit: the amount is the same"
    );
    assert_eq!(
        diff.cases.iter().map(|case| (case.case.as_str(), case.after.text.zh.as_str())).collect::<Vec<_>>(),
        [("八十万", "符合，48万元")]
    );
}

#[test]
fn rows_are_matched_by_their_test_else_by_their_value() {
    let from =
        edited(&[("inputs: [org.kind]", "inputs: [org.rental]"), ("when: [enterprise]", "when: [\"< 100万元\"]")]);
    let to = from.replace("< 100万元", "< 150万元");
    let diff = diff(&from, &to);
    assert_eq!(
        sentences(&diff),
        ["表“rate”中“年度租用额少于100万元”一行（50%）的条件：由 年度租用额少于100万元 改为 年度租用额少于150万元"]
    );
}

#[test]
fn a_new_version_is_compared_with_the_one_that_it_follows() {
    let second = MEASURE
        .split("versions:\n")
        .nth(1)
        .and_then(|rest| rest.split("example:").next())
        .unwrap()
        .replace("{ from: 2026-01-01 }", "{ from: 2027-01-01 }")
        .replace("known_from: 2026-01-01", "known_from: 2026-12-01")
        .replace("at_least: 50万元", "at_least: 80万元")
        .replace("2026-03-01", "2027-03-01")
        .replace("2026-06-30", "2027-06-30");
    let both = MEASURE
        .replace("in_force: { from: 2026-01-01 }", "in_force: { from: 2026-01-01, to: 2026-12-31 }")
        .replace("example:", &format!("{second}example:"));
    let diff = diff(MEASURE, &both);
    let found = sentences(&diff);
    assert!(
        found.iter().any(|sentence| sentence.starts_with("新增版本：2026-12-01公布，自2027年1月1日起")),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|sentence| sentence.contains("与2026-01-01公布的版本相比")
            && sentence.contains("由 ≥ 50万元 改为 ≥ 80万元")),
        "{found:#?}"
    );
    assert!(diff.cases.is_empty(), "the cases are of 2026, which the first version still covers: {:?}", diff.cases);
    // two versions of one file
    let loaded = load(&both);
    let side = |version| Side { program: &loaded.program, measure: 0, version: Some(version) };
    let within = compare(side(0), side(1)).unwrap();
    assert!(
        sentences(&within).contains(&"条件“年度租用额”：由 ≥ 50万元 改为 ≥ 80万元".to_owned()),
        "{:?}",
        sentences(&within)
    );
    assert!(within.cases.is_empty(), "eighty is enough for both: {:?}", within.cases);
    assert!(compare(side(0), side(2)).is_none());
}

#[test]
fn two_measures_are_compared_as_each_is_in_force_with_what_was_decided_and_paid() {
    let reviewed = edited(&[
        (
            "      - { fact: org.place, within: shenzhen }",
            "      - { fact: org.place, within: shenzhen }\n      - { review: use, by: officer, label: { zh: 用途属实, en: The use is true } }",
        ),
        ("awards: [] }", "awards: [ { id: a, measure: m, year: 2026, amount: 995万元 } ], decisions: { use: yes } }"),
    ]);
    let other = reviewed
        .replace("measure: m\n", "measure: n\n")
        .replace("measure: m,", "measure: n,")
        .replace("in_force: { from: 2026-01-01 }", "in_force: { from: 2020-01-01, to: 2020-12-31 }")
        .replace("      window: { from: 2026-03-01, to: 2026-06-30 }\n", "");
    let diff = diff(&reviewed, &other);
    assert!(sentences(&diff).contains(&"编号：由 m 改为 n".to_owned()));
    assert!(diff.cases.is_empty(), "{:#?}", diff.cases);
    assert_eq!(diff.cases_run, 6, "the awards name different measures, so the cases are not alike");
}

#[test]
fn groups_are_compared_part_by_part() {
    let group = "      - { any: [ { fact: org.rental, at_least: 50万元 }, { fact: org.kind, is: university } ], label: { zh: 规模, en: Size } }";
    let from = edited(&[("      - { fact: org.rental, at_least: 50万元, cite: 第二条 }", group)]);
    let to = from.replace("at_least: 50万元", "at_least: 60万元").replace("{ any:", "{ all:");
    let found = sentences(&diff(&from, &to));
    assert_eq!(
        found,
        ["条件“规模”：由 满足其一 改为 同时满足", "条件“规模”中的条件“年度租用额”：由 ≥ 50万元 改为 ≥ 60万元"]
    );
    let unless = edited(&[("cite: 第二条", "cite: 第二条, unless: { fact: org.kind, is: university }")]);
    assert_eq!(sentences(&diff(MEASURE, &unless)), ["新增条件“年度租用额”的例外：单位类型为高校"]);
}

#[test]
fn a_missing_measure_or_version_is_no_comparison() {
    let loaded = load(MEASURE);
    let side = |measure, version| Side { program: &loaded.program, measure, version };
    assert!(compare(side(0, None), side(1, None)).is_none());
    assert!(compare(side(0, Some(1)), side(0, None)).is_none());
    assert!(
        compare(side(0, Some(0)), side(0, Some(0)))
            .is_some_and(|diff| diff.changes.is_empty() && diff.cases.is_empty())
    );
}

#[test]
fn another_name_for_a_fact_is_no_change() {
    let named = edited(&[("    let:\n", "    let:\n      rent: org.rental\n"), ("rate * org.rental", "rate * rent")]);
    assert_eq!(sentences(&diff(MEASURE, &named)), Vec::<String>::new());
    let used = named.replace("rate * rent", "rate * rent + 1万元");
    assert_eq!(sentences(&diff(MEASURE, &used)), ["金额：由 rate × 年度租用额 改为 rate × 年度租用额 + 1万元"]);
}

#[test]
fn no_measure_of_the_catalogue_differs_from_itself_and_any_two_compare() {
    let load = || crate::repository::shipped().load().program;
    // two programs, so that the measures are not the same object
    let (old, new) = (load(), load());
    let side = |program, measure| Side { program, measure, version: None };
    for index in 0..old.measures.len() {
        let diff = compare(side(&old, index), side(&new, index)).unwrap();
        assert!(diff.changes.is_empty() && diff.cases.is_empty() && diff.skipped.is_empty(), "{diff:#?}");
    }
    for index in (1..old.measures.len()).step_by(10) {
        let diff = compare(side(&old, index - 1), side(&new, index)).unwrap();
        assert!(!diff.changes.is_empty());
        for change in &diff.changes {
            assert!(
                change.from != change.to && !change.what.zh.is_empty() && !change.what.en.is_empty(),
                "{change:#?}"
            );
        }
    }
}
