//! Whatever stands in a file: a finding with its place and what would be right, never a crash, never a wait.

#[path = "common/tape.rs"]
mod tape;
#[path = "common/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use rules::diag::{Diagnostic, Severity};
use rules::source::{Loaded, Sources};
use rules::vocabulary::Vocabulary;
use rules::yaml::{self, MAX_PARTY_BYTES, MAX_POLICY_BYTES};
use rules::{Lang, cases, party};
use tape::{Tape, cases as runs, tape};
use world::{loaded, shipped};

/// The shipped catalogue with one measure more, whose text these tests know.
static SHIPPED: LazyLock<Sources> = LazyLock::new(|| {
    let mut sources = shipped();
    sources.catalogue.insert(VOUCHER.to_owned(), include_bytes!("common/voucher.yaml").to_vec());
    sources
});
static WHOLE: LazyLock<Loaded> = LazyLock::new(|| loaded(&SHIPPED));

const VOUCHER: &str = "t/voucher.yaml";

/// The errors of the shipped catalogue with a text replaced in the voucher's file.
fn with_mistake(right: &str, wrong: &str) -> Vec<Diagnostic> {
    with_text(VOUCHER, |text| {
        assert!(text.contains(right), "the file does not say `{right}`");
        text.replacen(right, wrong, 1)
    })
}

fn with_text(file: &str, change: impl FnOnce(String) -> String) -> Vec<Diagnostic> {
    let mut sources = SHIPPED.clone();
    let text = String::from_utf8(sources.catalogue[file].clone()).unwrap();
    sources.catalogue.insert(file.to_owned(), change(text).into_bytes());
    errors(sources.load().findings)
}

fn errors(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

/// The only error: what it says, and what would be right.
#[track_caller]
fn only(findings: &[Diagnostic]) -> (&str, &str) {
    let [finding] = findings else { panic!("one error is expected: {findings:#?}") };
    assert!(finding.line > 0 && finding.column > 0 && !finding.file.is_empty(), "it has a place: {finding:?}");
    assert!(
        !finding.message.zh.is_empty() && finding.hint.as_ref().is_none_or(|hint| !hint.zh.is_empty()),
        "it is said in both languages: {finding:?}"
    );
    (&finding.message.en, finding.hint.as_ref().map_or("", |hint| hint.en.as_str()))
}

fn vocabulary() -> &'static Vocabulary {
    &WHOLE.program.vocabulary
}

fn party_errors(text: &str) -> Vec<Diagnostic> {
    match yaml::parse(text.as_bytes(), MAX_PARTY_BYTES).and_then(|root| party::read("party.yaml", &root, vocabulary()))
    {
        Ok(file) => panic!("it is read without a finding: {:?}", file.party),
        Err(findings) => findings.into_iter().map(|finding| finding.in_file("party.yaml")).collect(),
    }
}

#[test]
fn an_unknown_fact_is_answered_with_the_nearest_name() {
    for (wrong, right) in
        [("org.plase", "org.place"), ("org.kimd", "org.kind"), ("org.legal_persson", "org.legal_person")]
    {
        let findings = with_mistake(&format!("fact: {right},"), &format!("fact: {wrong},"));
        let (message, hint) = only(&findings);
        assert!(message.contains(wrong) && hint.contains(right), "{message} / {hint}");
    }
    let findings = with_mistake("contract.purpose, in", "contract.purpos, in");
    let (_, hint) = only(&findings);
    assert!(hint.contains("contract.purpose"), "{hint}");
    let findings = party_errors("party: organisation\norg.foundedon: 2025-01-01\n");
    let (message, hint) = only(&findings);
    assert!(message.contains("org.foundedon") && hint.contains("org.founded_on"), "{message} / {hint}");
}

#[test]
fn a_wrong_unit_is_named() {
    let findings = with_mistake("< 1 year", "< 1 kwh");
    let (message, _) = only(&findings);
    assert!(message.contains("kwh") && message.contains("months"), "{message}");
    // money without its unit is a count
    let findings = with_mistake(">= 50万元", ">= 500000");
    let (message, hint) = only(&findings);
    assert!(message.contains("money") && hint.contains("500000 CNY"), "{message} / {hint}");
    let findings = with_mistake("at_most: 1000万元", "at_most: 1000 万米");
    only(&findings);
}

#[test]
fn a_wrong_currency_is_named() {
    let findings = with_mistake("at_most: 1000万元", "at_most: 1000 USD");
    let (message, _) = only(&findings);
    assert!(message.contains("USD"), "{message}");
    let findings = party_errors("party: organisation\napplication.requested: 500 USD\n");
    let (message, hint) = only(&findings);
    assert!(message.contains("USD") && hint.contains("CNY"), "{message} / {hint}");
}

#[test]
fn a_malformed_date_is_named() {
    for wrong in ["2026-02-30", "2026-13-01", "2026/05/06x", "yesterday", "2026-5-6-7"] {
        let findings = with_mistake("known_from: 2026-05-06", &format!("known_from: {wrong}"));
        assert!(
            findings
                .iter()
                .any(|finding| finding.message.en.contains(wrong) && finding.line > 0 && finding.hint.is_some()),
            "{wrong}: {findings:#?}"
        );
        let findings = party_errors(&format!("party: organisation\norg.founded_on: {wrong}\n"));
        let (message, hint) = only(&findings);
        assert!(message.contains(wrong) && hint.contains("2026-05-06"), "{message} / {hint}");
    }
    // a period that ends before it begins
    let findings =
        with_mistake("window: { from: 2026-05-06, to: 2026-06-05 }", "window: { from: 2026-06-05, to: 2026-05-06 }");
    only(&findings);
}

#[test]
fn an_id_that_is_used_twice_is_named_with_both_places() {
    let mut sources = SHIPPED.clone();
    let text = sources.catalogue[VOUCHER].clone();
    sources.catalogue.insert("zz-copy/demand.yaml".to_owned(), text);
    let findings = errors(sources.load().findings);
    let twice: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.message.en.contains("twice")).collect();
    assert_eq!(twice.len(), 1, "{findings:#?}");
    assert!(
        twice[0].message.en.contains("t.voucher") && twice[0].hint.as_ref().unwrap().en.contains(VOUCHER),
        "{twice:#?}"
    );
}

#[test]
fn a_key_that_is_there_twice_is_named_with_both_lines() {
    let findings = with_mistake("topic: compute\n", "topic: compute\ntopic: compute\n");
    let found = findings.iter().find(|finding| finding.message.en.contains("`topic`")).unwrap();
    assert!(
        found.line > 0 && found.hint.as_ref().unwrap().en.contains(&format!("line {}", found.line - 1)),
        "{found:?}"
    );
    let findings = party_errors("party: organisation\norg.kind: enterprise\norg.kind: institute\n");
    let (message, hint) = only(&findings);
    assert!(message.contains("org.kind") && hint.contains("line 2"), "{message} / {hint}");
}

#[test]
fn a_party_file_with_three_mistakes_names_all_three_and_yields_no_party() {
    let text = "party: organisation\norg.kind: entreprise\norg.founded_on: 2025-02-30\norg.revenu: { 2025: 100万元 }\norg.place: nanshan\n";
    let findings = party_errors(text);
    let at: Vec<(u32, bool)> = findings.iter().map(|finding| (finding.line, finding.hint.is_some())).collect();
    assert_eq!(at, [(2, true), (3, true), (4, true)], "{findings:#?}");
    for (finding, (wrong, right)) in
        findings.iter().zip([("entreprise", "enterprise"), ("2025-02-30", "2026-05-06"), ("org.revenu", "org.revenue")])
    {
        assert!(finding.message.en.contains(wrong) && finding.hint.as_ref().unwrap().en.contains(right), "{finding:?}");
    }
}

#[test]
fn nesting_of_a_hundred_levels_is_refused() {
    let flow = "[".repeat(100) + &"]".repeat(100);
    let map = "{ a: ".repeat(100) + "1" + &" }".repeat(100);
    let block: String = (0..100).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for text in [flow, map, block] {
        for limit in [MAX_POLICY_BYTES, MAX_PARTY_BYTES] {
            let findings = yaml::parse(text.as_bytes(), limit).unwrap_err();
            assert!(findings[0].message.en.contains("too deep") && findings[0].line > 0, "{findings:?}");
        }
    }
}

#[test]
fn fifty_megabytes_are_refused_without_being_read() {
    let mut text = String::with_capacity(50 << 20);
    while text.len() < 50 << 20 {
        text.push_str("org.kind: enterprise\n");
    }
    for limit in [MAX_POLICY_BYTES, MAX_PARTY_BYTES] {
        let findings = yaml::parse(text.as_bytes(), limit).unwrap_err();
        assert!(findings[0].message.en.contains("too large") && findings[0].hint.is_some(), "{findings:?}");
    }
    let sources = Sources {
        vocabulary: BTreeMap::new(),
        catalogue: BTreeMap::from([("large.yaml".to_owned(), text.into_bytes())]),
    };
    assert_eq!(errors(sources.load().findings).len(), 1);
}

/// A text of `pattern` again and again, as long as a party file may be.
fn junk(pattern: &str) -> String {
    pattern.repeat(MAX_PARTY_BYTES / pattern.len())
}

#[test]
fn eight_megabytes_of_signs_end_in_a_finding() {
    for pattern in [
        "[", "{", "]", "}", "- ", "a: ", "? ", ": ", "-\n", "a:\n", "?\n", "[{", "{[", "[a,", "{a: [", "\"", "'", "|",
        ">", "&a ", "*a ", "!a ", "%", "@", "`", "\t", "---\n", "...\n", "#", ",", "\\", "a: b: ",
    ] {
        let text = junk(pattern);
        let findings = match yaml::parse(text.as_bytes(), MAX_PARTY_BYTES) {
            Err(findings) => findings,
            // one long word is YAML, and no party
            Ok(root) => party::read("party.yaml", &root, vocabulary())
                .err()
                .unwrap_or_else(|| panic!("`{}` is a party", pattern.escape_debug())),
        };
        assert!(
            !findings.is_empty() && findings.iter().all(|finding| !finding.message.en.is_empty()),
            "{}",
            pattern.escape_debug()
        );
    }
}

#[test]
fn wide_files_of_the_greatest_size_are_read() {
    for (pattern, what) in
        [("- a\n", "a list"), ("- [a, b]\n", "lists"), ("- {a: b}\n", "maps"), ("\n", "nothing"), ("# a\n", "remarks")]
    {
        let text = junk(pattern);
        let outcome = yaml::parse(text.as_bytes(), MAX_PARTY_BYTES)
            .map(|root| party::read("party.yaml", &root, vocabulary()).is_err());
        assert!(outcome.is_err() || outcome == Ok(true), "{what} are no party");
    }
    let mut keys = String::with_capacity(MAX_PARTY_BYTES);
    for number in 0..300_000 {
        keys.push_str(&format!("org.k{number}: 1\n"));
    }
    let findings = party_errors(&keys);
    assert_eq!(findings.len(), 300_000);
}

#[test]
fn long_and_deep_formulas_end_in_a_finding_or_a_program() {
    let deep = |open: &str, close: &str| open.repeat(40_000) + "1" + &close.repeat(40_000);
    let texts = [
        "1 + ".repeat(200_000) + "1 >= 1",
        "org.flag and ".repeat(50_000) + "org.flag",
        "org.flag or ".repeat(50_000) + "org.flag",
        "1 = ".repeat(1000) + "1",
        deep("(", ")"),
        deep("min(", ")"),
        deep("if yes then ", " else 1"),
        "not ".repeat(100_000) + "yes",
        "- ".repeat(100_000) + "1",
        "up to ".repeat(50_000) + "1",
        "org.kind in [".repeat(10_000),
        format!("min({}1) >= 1", "1, ".repeat(100_000)),
        "9".repeat(500_000) + " >= 1",
        format!("\"{}\" = \"a\"", "a".repeat(500_000)),
    ];
    for text in texts {
        let findings =
            with_mistake("\"sum(contract.amount where not contract.related_party) >= 50万元\"", &format!("'{text}'"));
        assert!(findings.iter().all(|finding| finding.message.en.len() < 10_000_000), "a finding is short");
    }
}

#[test]
fn very_long_words_end_in_a_finding() {
    let long = "a".repeat(7 << 20);
    for text in [
        format!("? {long}\n: 1\n"),
        format!("\"{long}\": 1\n"),
        format!("org.place: {long}\n"),
        format!("org.kind: {long}\n"),
        format!("org.founded_on: {long}\n"),
        format!("org.roles: [{long}]\n"),
        format!("org.revenue: {{ 2025: {long} }}\n"),
        format!("contracts: [ {{ {long}: 1 }} ]\n"),
    ] {
        assert!(!party_errors(&text).is_empty());
    }
    let long = "a".repeat(900_000);
    for (right, wrong) in [
        ("fact: org.place,", format!("fact: {long},")),
        ("within: shenzhen", format!("within: {long}")),
        ("topic: compute", format!("topic: {long}")),
        ("at_most: 1000万元", format!("at_most: {long}(1)")),
    ] {
        assert!(!with_mistake(right, &wrong).is_empty());
    }
}

#[test]
fn wide_policies_end_in_findings_or_a_program() {
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(", ");
    let condition = "{ fact: org.kind, in: [enterprise, university, institute] }";
    for wide in [
        many(8000, &|number| format!("{{ fact: org.staff, at_least: {number} }}")),
        many(4000, &|number| {
            format!("{{ is: \"org.revenue[year-1] * {number} >= org.rd[year-1] * {number} + {number} CNY\" }}")
        }),
        format!("{{ fact: org.status, has_any_of: [{}] }}", many(100_000, &|_| "hnte".to_owned())),
        format!("{{ fact: org.kind, in: [{}] }}", many(100_000, &|_| "enterprise".to_owned())),
        format!("{{ any: [ {} ] }}", many(8000, &|number| format!("{{ fact: org.staff, is: {number} }}"))),
        format!("{{ is: \"org.staff in [{}]\" }}", many(400, &|number| number.to_string())),
    ] {
        let findings = with_mistake(condition, &wide);
        assert!(findings.len() < 200_000);
    }
    let lets =
        |count: usize, one: &dyn Fn(usize) -> String| format!("    let:\n{}", (0..count).map(one).collect::<String>());
    for wide in [
        // each name builds on the one before
        lets(20_000, &|number| {
            if number == 0 {
                "      v0: 1 CNY\n".to_owned()
            } else {
                format!("      v{number}: v{} + 1 CNY\n", number - 1)
            }
        }),
        lets(5000, &|number| {
            if number == 0 {
                "      v0: org.staff\n".to_owned()
            } else {
                format!("      v{number}: v{0} + v{0}\n", number - 1)
            }
        }),
        lets(1, &|_| {
            format!(
                "      v0: {{ table: first, inputs: [org.staff], rows: [ {}, {{ when: [\"-\"], then: 1 CNY }} ] }}\n",
                many(3000, &|number| format!("{{ when: [\"< {}\"], then: {number} CNY }}", number + 1))
            )
        }),
        lets(1, &|_| {
            format!(
                "      v0: {{ table: unique, inputs: [{}], rows: [ {{ when: [{}], then: 1 CNY }} ] }}\n",
                many(40, &|_| "org.staff".to_owned()),
                many(40, &|number| format!("\"< {number}\""))
            )
        }),
    ] {
        let findings = with_mistake("    let:\n", &wide);
        assert!(findings.len() < 200_000);
    }
}

#[test]
fn facts_that_are_computed_from_each_other_end_in_a_finding_or_a_program() {
    let fact = |name: &str, formula: &str| {
        format!("  {name}: {{ type: count, derive: \"{formula}\", label: {{ zh: 甲, en: a }} }}\n")
    };
    let loops = fact("org.x0", "org.x1 + org.x1") + &fact("org.x1", "org.x0 + org.x0");
    let tower = |height: usize| {
        (0..height)
            .map(|level| fact(&format!("org.x{level}"), &format!("org.x{0} + org.x{0}", level + 1)))
            .collect::<String>()
            + &fact(&format!("org.x{height}"), "1")
    };
    for (facts, fine) in [(loops, false), (fact("org.x0", "org.x0"), false), (tower(60), true), (tower(2000), false)] {
        let mut sources = SHIPPED.clone();
        sources.vocabulary.insert("zz.yaml".to_owned(), format!("facts:\n{facts}").into_bytes());
        let text = String::from_utf8(sources.catalogue[VOUCHER].clone()).unwrap();
        sources.catalogue.insert(
            VOUCHER.to_owned(),
            text.replacen("{ fact: org.legal_person, is: yes }", "{ is: org.x0 >= 1 }", 1).into_bytes(),
        );
        let loaded = sources.load();
        assert_eq!(loaded.errors() == 0, fine, "{:#?}", loaded.findings);
        let _ = cases::run(&loaded.program, &|measure| measure.id.starts_with("t.voucher"));
    }
}

#[test]
fn values_at_the_edge_of_what_is_representable_do_not_overflow() {
    for (right, wrong) in [
        ("at_most: 1000万元", "at_most: 9223372036854775807 CNY"),
        ("at_most: 1000万元", "at_most: 92233720368547758.07 CNY * 92233720368547758"),
        ("at_most: 1000万元", "at_most: 92233720368547758 CNY + 92233720368547758 CNY"),
        (
            "rate * contract.amount",
            "rate * contract.amount * 1000000000000 * 1000000000000 * 1000000000000 * 1000000000000",
        ),
        (
            "rate * contract.amount",
            "scale(contract.amount * 1000000000000, contract.amount * 1000000000000, contract.amount) * 1000000000000",
        ),
        ("50% * contract.amount", "9223372036854% * contract.amount * 1000000000000"),
        ("on: contract.signed_on", "on: contract.signed_on + 2000000000 months"),
        ("on: contract.signed_on", "on: contract.signed_on - 9000000000000 days"),
        ("< 1 year", "< 900000000000 year"),
    ] {
        let mut sources = SHIPPED.clone();
        let text = String::from_utf8(sources.catalogue[VOUCHER].clone()).unwrap();
        assert!(text.contains(right), "{right}");
        sources.catalogue.insert(VOUCHER.to_owned(), text.replace(right, wrong).into_bytes());
        let loaded = sources.load();
        let _ = cases::run(&loaded.program, &|measure| measure.id.starts_with("t.voucher"));
    }
}

/// Everything that takes a file takes these bytes.
fn everything(bytes: &[u8]) {
    for limit in [MAX_POLICY_BYTES, MAX_PARTY_BYTES] {
        if let Ok(root) = yaml::parse(bytes, limit) {
            let _ = party::read("party.yaml", &root, vocabulary());
        }
    }
    let one = || BTreeMap::from([("file.yaml".to_owned(), bytes.to_vec())]);
    for sources in [
        Sources { vocabulary: one(), catalogue: BTreeMap::new() },
        Sources { vocabulary: BTreeMap::new(), catalogue: one() },
        Sources { vocabulary: one(), catalogue: one() },
    ] {
        let loaded = sources.load();
        let _ = cases::run(&loaded.program, &|_| true);
        for finding in &loaded.findings {
            assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
            let _ = finding.render(sources.text(&finding.file), Lang::Zh, true);
        }
    }
}

/// Lines that look like a file of Kapok's.
fn lookalike() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("measure"),
        Just("document"),
        Just("group"),
        Just("list"),
        Just("target"),
        Just("versions"),
        Just("award"),
        Just("eligible"),
        Just("known_from"),
        Just("kind"),
        Just("money"),
        Just("amount"),
        Just("let"),
        Just("table"),
        Just("rows"),
        Just("when"),
        Just("then"),
        Just("facts"),
        Just("records"),
        Just("codes"),
        Just("type"),
        Just("org.kind"),
        Just("org.place"),
        Just("contracts"),
        Just("party"),
        Just("2026-05-06"),
        Just("50万元"),
        Just("5%"),
        Just("-"),
        Just("yes"),
        Just("x"),
        Just("zh"),
        Just("cases"),
        Just("example"),
        Just("expect"),
    ];
    let line = (
        0_usize..6,
        word.clone(),
        prop_oneof![
            Just(": "),
            Just(":"),
            Just("- "),
            Just(": ["),
            Just(": {"),
            Just(", "),
            Just("]"),
            Just("}"),
            Just(": \"")
        ],
        word,
    )
        .prop_map(|(indent, key, sign, value)| format!("{}{key}{sign}{value}", "  ".repeat(indent)));
    prop::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}

/// A file of the shipped catalogue or vocabulary with bytes or lines lost, doubled or replaced.
fn mutate(choices: &mut Tape) -> (Sources, String) {
    let mut sources = SHIPPED.clone();
    let in_vocabulary = choices.chance(15);
    let files = if in_vocabulary { &mut sources.vocabulary } else { &mut sources.catalogue };
    let names: Vec<String> = files.keys().cloned().collect();
    let name = choices.pick(&names).clone();
    let bytes = files.get_mut(&name).unwrap();
    for _ in 0..=choices.below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = choices.below(bytes.len());
        let length = choices.below(8).min(bytes.len() - at);
        match choices.below(7) {
            0 => drop(bytes.drain(at..at + length)),
            1 => bytes[at] = *choices.pick(b" :-[]{}\"'#&*!|>%@`,?\n\t0a\xff\x00"),
            2 => bytes.insert(at, *choices.pick(b" :-[]{}\"'#,\n9")),
            3 => {
                let copy = bytes[at..at + length].to_vec();
                bytes.splice(at..at, copy);
            }
            other => {
                let mut lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let (one, two) = (choices.below(lines.len()), choices.below(lines.len()));
                match other {
                    4 => drop(lines.remove(one)),
                    5 => lines.insert(one, lines[one].clone()),
                    _ => lines[one] = lines[two].clone(),
                }
                *bytes = lines.concat();
            }
        }
    }
    (sources, name)
}

proptest! {
    #![proptest_config(runs(2000))]

    #[test]
    fn arbitrary_bytes_never_crash(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        everything(&bytes);
    }

    #[test]
    fn arbitrary_signs_never_crash(text in "[\\[\\]{}:,\\-?&*!|>'\"%@`#a0 \n\t]{0,80}") {
        everything(text.as_bytes());
    }

    #[test]
    fn lookalike_files_never_crash(text in lookalike()) {
        everything(text.as_bytes());
    }

    #[test]
    fn arbitrary_formulas_never_crash(text in "(org\\.place|org\\.rd|contract\\.amount|year|on|min|max|sum|if|then|else|not|and|or|in|within|has|up to|at least|where|between|scale|[0-9]{1,20}|[0-9.]{1,6}|万元|CNY|%|months|[-+*/()\\[\\],=<>!.\" ]){0,25}") {
        let _ = rules::formula::parse(&text, rules::diag::Span::default());
    }
}

proptest! {
    #![proptest_config(runs(100))]

    #[test]
    fn damaged_files_of_the_catalogue_never_crash(mut choices in tape(24)) {
        let (sources, name) = mutate(&mut choices);
        let loaded = sources.load();
        for finding in &loaded.findings {
            let _ = finding.render(sources.text(&finding.file), Lang::En, false);
        }
        // what could be read may be run, even with errors in the texts
        let folder = name.split('/').next().unwrap_or_default().to_owned();
        let _ = cases::run(&loaded.program, &|measure| measure.at.file.starts_with(&folder));
    }
}
