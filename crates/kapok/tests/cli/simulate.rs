//! `kapok simulate` and `kapok alerts`: what a change of the rules does to the companies of a registry.

use std::path::Path;

use crate::run::{GROWTH, file, kapok, rules};

const COMPANIES: &str = "\
uscc,org.revenue.2025
a,900万元
b,2000万元
c,6000万元
d,
";

/// Rules, a registry, and a draft with a higher rate and a higher threshold.
fn setting(name: &str) -> [String; 3] {
    let text = GROWTH.replace("1% *", "2% *").replace("at_least: 1000万元", "at_least: 2500万元");
    [
        rules(&format!("simulate-{name}-rules"), GROWTH),
        file(&format!("simulate-{name}/city.csv"), COMPANIES),
        file(&format!("simulate-{name}/draft.yaml"), &text),
    ]
}

fn simulate(rules: &str, more: &[&str]) -> crate::run::Run {
    kapok(&[&["simulate", "--rules", rules, "--on", "2026-05-20", "--id", "uscc", "--threads", "2"][..], more].concat())
}

#[test]
fn a_draft_says_who_gains_who_loses_and_what_it_costs() {
    let [rules, city, draft] = setting("draft");
    let out = file("simulate-draft/changes.csv", "");
    let found = simulate(&rules, &["--draft", &draft, "--changes", &out, "--json", &city]).json();
    assert_eq!(found["format"], "kapok.simulation/1");
    let measure = &found["drafts"][0]["measures"][0];
    let all = &measure["all"];
    // b loses 20万元, c has 50万元 at most before and after, a gets nothing, of d nothing is known
    for (key, value) in [("companies", 4), ("gain", 0), ("lose", 1), ("same", 3), ("no_longer_eligible", 1)] {
        assert_eq!(all[key], value, "{key}: {all}");
    }
    assert_eq!((&all["before"]["low"]["value"], &all["after"]["low"]["value"]), (&"700000".into(), &"500000".into()));
    assert_eq!(all["lost"]["text"]["zh"], "-20万元");
    assert_eq!((&measure["lost_by"][0]["key"], &measure["lost_by"][0]["companies"]), (&"revenue".into(), &1.into()));
    assert!(found["base"]["sha256"].as_str().unwrap().len() == 64 && found["data"]["hashed"] == "bytes");
    assert!(found["drafts"][0]["differences"][0]["changes"].as_array().unwrap().len() >= 2);
    let list = std::fs::read_to_string(&out).unwrap();
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains("b,demo.growth,lose,eligible,not_eligible,200000.00,200000.00,0.00,0.00,CNY,"), "{list}");
}

#[test]
fn the_answer_is_a_table_in_either_language() {
    let [rules, city, draft] = setting("table");
    let english = simulate(&rules, &["--draft", &draft, "--lang", "en", &city]);
    assert_eq!((english.code, english.err.as_str()), (0, ""));
    for part in ["Growth reward", "CNY 700,000", "becomes", "1 no longer", "not sure"] {
        assert!(english.out.contains(part), "{part}: {}", english.out);
    }
    let chinese = simulate(&rules, &["--draft", &draft, &city]);
    assert!(chinese.out.contains("成长奖励") && chinese.out.contains("70万元"), "{}", chinese.out);
    let both = simulate(&rules, &["--draft", &draft, "--draft", &draft, "--lang", "en", &city]);
    assert!(both.code == 0 && both.out.matches("draft.yaml").count() >= 4, "{}", both.out);
}

#[test]
fn a_sweep_is_a_cost_curve() {
    let [rules, city, _] = setting("sweep");
    let sweep = "demo.growth:eligible.revenue.at_least=1000万元..7000万元/3000万元";
    let found = simulate(&rules, &["--sweep", sweep, "--json", &city]).json();
    let steps = found["sweep"]["steps"].as_array().unwrap();
    let costs: Vec<&str> = steps.iter().map(|s| s["measure"]["after"]["low"]["value"].as_str().unwrap()).collect();
    assert_eq!(costs, ["700000", "500000", "0"]);
    let table = simulate(&rules, &["--sweep", sweep, "--lang", "en", &city]);
    assert!(table.code == 0 && table.out.contains("4000万元"), "{}", table.out);
}

#[test]
fn what_cannot_be_simulated_is_told() {
    let [rules, city, draft] = setting("wrong");
    let broken = file("simulate-wrong/broken.yaml", &GROWTH.replace("1% * org.revenue", "1% * org.revenuee"));
    let other = file("simulate-wrong/other.yaml", "nothing: here\n");
    let out = file("simulate-wrong/x.csv", "before");
    let cases: [(&[&str], &str); 8] = [
        (&["--draft", &broken, &city], "org.revenuee"),
        (&["--draft", "none.yaml", &city], "cannot read none.yaml"),
        (&["--draft", &other, &city], "no file of rules|first key"),
        (&["--sweep", "demo.growth=1..2", &city], "is not a sweep"),
        (&["--sweep", "demo.growht:x=1..2/1", &city], "did you mean `demo.growth`?"),
        (&["--draft", &draft, "--measure", "demo.none", &city], "there is no measure"),
        (&["--draft", &draft, "--draft", &draft, "--changes", &out, &city], "goes with one draft"),
        (&["--draft", &draft, "none.csv"], "none.csv"),
    ];
    for (args, told) in cases {
        let run = simulate(&rules, &[args, &["--lang", "en"]].concat());
        assert!(run.code == 2 && run.out.is_empty(), "{args:?}: {run:?}");
        assert!(told.split('|').any(|told| run.err.contains(told)), "{args:?}: {}", run.err);
    }
    let run = kapok(&["simulate", "--rules", &rules, "--draft", &draft, "--changes", &out, "--lang", "en", &city]);
    assert!(run.code == 2 && run.err.contains("--id"), "{run:?}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "before");
    assert_eq!(kapok(&["simulate", &city]).code, 2, "a draft or a sweep is asked for");
}

#[test]
fn rows_that_cannot_be_read_are_left_out_and_told() {
    let [rules, _, draft] = setting("left");
    let city = file("simulate-left/city2.csv", &COMPANIES.replace("900万元", "900个"));
    let run = simulate(&rules, &["--draft", &draft, "--lang", "en", &city]);
    assert!(run.code == 1 && run.out.contains("1 rows could not be read"), "{run:?}");
}

#[test]
fn alerts_list_whose_answers_change() {
    let [old, city, draft] = setting("alerts");
    let text = std::fs::read_to_string(&draft).unwrap();
    let new = rules("simulate-alerts-new", &text);
    let out = file("simulate-alerts/alerts.csv", "");
    let args =
        |more: &[&str]| kapok(&[&["alerts", "--id", "uscc", "--on", "2026-05-20", "--lang", "en"][..], more].concat());
    let run = args(&["--from", &old, "--to", &new, "--out", &out, &city]);
    assert!(run.code == 0 && run.out.contains("1 rows"), "{run:?}");
    assert!(std::fs::read_to_string(&out).unwrap().contains("b,demo.growth,lose,eligible,not_eligible,"));
    // the same rules before they came into force
    let run = args(&["--rules", &old, "--from", "2025-12-31", "--to", "2026-01-01", "--out", &out, &city]);
    assert_eq!(run.code, 0, "{run:?}");
    let list = std::fs::read_to_string(&out).unwrap();
    assert!(list.contains("b,demo.growth,gain,not_eligible,eligible,0.00,0.00,200000.00,200000.00,CNY,"), "{list}");
    let absent = Path::new(&out).with_file_name("none.csv");
    let wrong = args(&["--from", "no-folder", "--to", &new, "--out", absent.to_str().unwrap(), &city]);
    assert!(wrong.code == 2 && wrong.err.contains("no-folder") && !absent.exists(), "{wrong:?}");
    let twice = args(&["--from", &old, "--from", &new, "--to", &new, "--out", &out, &city]);
    assert!(twice.code == 2 && twice.err.contains("one folder and one date"), "{twice:?}");
}
