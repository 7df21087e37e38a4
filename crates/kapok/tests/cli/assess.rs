//! `kapok assess` on the made-up parties of the demonstration.

use jsonschema::validator_for;

use crate::run::{GROWTH, kapok, measure, root, rules, with};

const STARTUP: &str = "demo/companies/ai-startup.yaml";
const ROBOTS: &str = "demo/companies/robot-maker.yaml";
const PARTIES: [&str; 4] = [STARTUP, ROBOTS, "demo/companies/little-known.yaml", "demo/people/graduate.yaml"];
const VOUCHER: &str = "sz.training-voucher.demand-2026";
const ON: &str = "2026-05-20";

#[test]
fn every_demo_party_gets_an_answer_in_both_languages() {
    for party in PARTIES {
        let text = std::fs::read_to_string(root().join(party)).unwrap();
        let name = text.lines().find_map(|line| line.strip_prefix("name: ")).unwrap();
        for (lang, words, others) in [
            ("zh", ["最佳组合", "结论"], ["Best bundle", "Outcome"]),
            ("en", ["Best bundle", "Outcome"], ["最佳组合", "结论"]),
        ] {
            let run = kapok(&["assess", "--party", party, "--on", ON, "--lang", lang]);
            assert_eq!((run.code, run.err.as_str()), (0, ""), "{party} {lang}");
            assert!(run.out.starts_with(name), "{party} {lang}: {}", run.out);
            for word in words {
                assert!(run.out.contains(word), "{party} {lang} lacks {word}");
            }
            for word in others {
                assert!(!run.out.contains(word), "{party} {lang} has {word}");
            }
        }
    }
}

#[test]
fn chinese_is_the_default() {
    let args = ["assess", "--party", STARTUP, "--on", ON];
    assert_eq!(kapok(&args).out, kapok(&[args.as_slice(), &["--lang", "zh"]].concat()).out);
}

#[test]
fn the_same_question_gets_the_same_answer() {
    for extra in [&["--json"][..], &[]] {
        let args = [&["assess", "--party", ROBOTS, "--on", ON], extra].concat();
        assert_eq!(kapok(&args).out, kapok(&args).out);
    }
}

#[test]
fn the_training_voucher_of_the_start_up_is_a_range_with_the_conflict_named() {
    let report = kapok(&["assess", "--party", STARTUP, "--on", ON, "--json"]).json();
    let voucher = measure(&report, VOUCHER);
    assert_eq!(voucher["outcome"], "needs_person");
    assert_eq!((&voucher["amount"]["low"], &voucher["amount"]["high"]), (&"0".into(), &"7200000".into()));
    assert_eq!(voucher["conflicts"][0]["if_binding"]["high"], "6000000");
    assert_eq!(voucher["missing"].as_array().unwrap().len(), 0);
    for (lang, amount) in [("zh", "720万元"), ("en", "7,200,000")] {
        let run = kapok(&["assess", "--party", STARTUP, "--on", ON, "--measure", VOUCHER, "--lang", lang]);
        assert!(run.out.contains(amount), "{}", run.out);
    }
}

#[test]
fn support_that_was_received_leaves_less_under_the_ceiling() {
    // half of 4.2 million less the 420,000 received, and half of 800,000
    let report = kapok(&["assess", "--party", ROBOTS, "--on", ON, "--json"]).json();
    assert_eq!(measure(&report, VOUCHER)["amount"]["high"], "2080000");
}

#[test]
fn a_company_of_which_little_is_known_is_refused_nothing_that_may_still_be_true() {
    let report = kapok(&["assess", "--party", "demo/companies/little-known.yaml", "--on", ON, "--json"]).json();
    assert_eq!(measure(&report, VOUCHER)["outcome"], "undetermined");
    assert!(!report["missing"].as_array().unwrap().is_empty());
}

#[test]
fn the_json_has_the_form_that_its_schema_says() {
    let schema = std::fs::read_to_string(root().join("docs/schema/assessment.schema.json")).unwrap();
    let validator = validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for party in PARTIES {
        let report = kapok(&["assess", "--party", party, "--on", ON, "--json"]).json();
        assert_eq!(report["format"], "kapok.assessment/1");
        let mistakes: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(mistakes.is_empty(), "{party}: {mistakes:?}");
    }
}

#[test]
fn only_the_measures_that_are_named_are_assessed() {
    let report =
        kapok(&["assess", "--party", STARTUP, "--on", ON, "--json", "--measure", VOUCHER, "sz.model-voucher.quota"])
            .json();
    let ids: Vec<&str> =
        report["measures"].as_array().unwrap().iter().map(|measure| measure["measure"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(ids.contains(&VOUCHER) && ids.contains(&"sz.model-voucher.quota"), "{ids:?}");
}

#[test]
fn the_table_alone_gives_no_reasons() {
    let (short, long) = (
        kapok(&["assess", "--party", STARTUP, "--on", ON, "--table"]),
        kapok(&["assess", "--party", STARTUP, "--on", ON]),
    );
    assert!(!short.out.contains('〔') && long.out.contains('〔'));
    assert!(short.out.contains(VOUCHER));
}

#[test]
fn why_shows_facts_with_their_evidence_and_the_clause() {
    let run = kapok(&["assess", "--party", ROBOTS, "--on", ON, "--why", "cn.hnte-recognition"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for part in ["168", "社保缴纳清单", "2026-05-01", "审计报告", "国科发火〔2016〕32号", "第十一条", "〔工作指引 三〕"]
    {
        assert!(run.out.contains(part), "no {part} in\n{}", run.out);
    }
    let other = "sz.training-voucher";
    assert!(!run.out.contains(other), "another measure is shown too");
}

#[test]
fn why_names_every_condition_of_the_report() {
    for (lang, party) in [("zh", STARTUP), ("en", ROBOTS)] {
        let report = kapok(&["assess", "--party", party, "--on", ON, "--json"]).json();
        let run = kapok(&["assess", "--party", party, "--on", ON, "--why", VOUCHER, "--lang", lang]);
        let voucher = measure(&report, VOUCHER);
        let conditions = voucher["conditions"].as_array().unwrap();
        assert!(conditions.len() > 3);
        for condition in conditions
            .iter()
            .chain(voucher["items"].as_array().unwrap().iter().flat_map(|item| item["conditions"].as_array().unwrap()))
        {
            let label = condition["label"][lang].as_str().unwrap();
            assert!(run.out.contains(label), "no {label} in\n{}", run.out);
            if let Some(cite) = condition["cite"].as_str() {
                assert!(run.out.contains(cite), "no {cite} in\n{}", run.out);
            }
        }
    }
}

#[test]
fn after_the_window_the_measure_is_closed_and_still_explained() {
    let report = kapok(&["assess", "--party", STARTUP, "--on", "2026-07-01", "--json"]).json();
    let voucher = measure(&report, VOUCHER);
    assert_eq!((&voucher["outcome"], &voucher["reason"]["code"]), (&"not_eligible".into(), &"window_closed".into()));
    assert_eq!((&voucher["amount"]["high"], &voucher["potential"]["high"]), (&"0".into(), &"7200000".into()));
    let run = kapok(&["assess", "--party", STARTUP, "--on", "2026-07-01", "--why", VOUCHER, "--lang", "en"]);
    assert!(run.out.contains("2026-06-05"), "{}", run.out);
}

#[test]
fn what_was_not_yet_published_is_not_known() {
    let report = kapok(&["assess", "--party", STARTUP, "--on", ON, "--known-on", "2026-05-01", "--json"]).json();
    assert_eq!((&report["on"], &report["known_on"]), (&ON.into(), &"2026-05-01".into()));
    assert_eq!(measure(&report, VOUCHER)["reason"]["code"], "not_yet_known");
}

#[test]
fn known_on_is_the_date_of_the_law_where_it_is_not_given() {
    let report = kapok(&["assess", "--party", STARTUP, "--on", "2026-05-10", "--json"]).json();
    assert_eq!(report["known_on"], "2026-05-10");
}

#[test]
fn without_a_date_today_is_meant() {
    let report = kapok(&["assess", "--party", STARTUP, "--json"]).json();
    let on = report["on"].as_str().unwrap();
    assert!(on > "2026-01-01" && on.len() == 10 && report["known_on"] == on, "{on}");
}

#[test]
fn a_date_that_is_none_is_refused() {
    for date in ["2026-02-30", "tomorrow", ""] {
        let run = kapok(&["assess", "--party", STARTUP, "--on", date]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{date}");
        assert!(run.err.contains("--on"), "{}", run.err);
    }
}

#[test]
fn an_unknown_measure_is_refused_with_the_nearest_one() {
    for option in ["--why", "--measure"] {
        let run = kapok(&["assess", "--party", STARTUP, "--on", ON, option, "sz.training-voucher.demand-2025"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(
            run.err.contains("`sz.training-voucher.demand-2025`")
                && run.err.contains("`sz.training-voucher.demand-2026`"),
            "{}",
            run.err
        );
    }
}

#[test]
fn rules_may_come_from_a_folder() {
    let folder = rules("assess-rules", GROWTH);
    let party = crate::run::file("assess-rules/party.yaml", "party: organisation\norg.revenue: { 2025: 3000万元 }\n");
    let args = ["assess", "--party", &party, "--on", ON, "--json"];
    let named = kapok(&[args.as_slice(), &["--rules", &folder]].concat());
    let report = named.json();
    assert_eq!(report["measures"].as_array().unwrap().len(), 1);
    assert_eq!(measure(&report, "demo.growth")["amount"]["high"], "300000");
    assert_eq!(with(&args, "", &[("KAPOK_RULES", &folder)]).out, named.out);
}

#[test]
fn rules_with_mistakes_assess_nothing() {
    let folder = rules("assess-wrong-rules", &GROWTH.replace("1% *", "1% +"));
    let run = kapok(&["assess", "--party", STARTUP, "--on", ON, "--rules", &folder]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("policy check"), "{}", run.err);
}
