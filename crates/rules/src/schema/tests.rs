//! The schemas against the files of the repository, and against broken ones.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::repository::{self, root};
use crate::vocabulary::Vocabulary;
use crate::yaml::{self, Kind, Node};

fn files(dir: &str) -> Vec<(String, Node)> {
    repository::files(dir)
        .into_iter()
        .map(|(file, bytes)| (file, yaml::parse(&bytes, yaml::MAX_PARTY_BYTES).unwrap()))
        .collect()
}

/// A tree as JSON, every scalar as text.
fn json_of(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, .. } => json!(text),
        Kind::Seq(items) => items.iter().map(json_of).collect(),
        Kind::Map(entries) => Value::Object(
            entries.iter().map(|(key, value)| (key.text().unwrap().to_owned(), json_of(value))).collect::<Map<_, _>>(),
        ),
    }
}

fn tree(text: &str) -> Value {
    json_of(&yaml::parse(text.as_bytes(), yaml::MAX_POLICY_BYTES).unwrap())
}

fn validator(schema: &Value) -> Validator {
    jsonschema::meta::validate(schema).unwrap();
    jsonschema::draft202012::new(schema).unwrap()
}

fn accepts_all(validator: &Validator, dir: &str) -> usize {
    let all = files(dir);
    for (file, tree) in &all {
        let errors: Vec<String> =
            validator.iter_errors(&json_of(tree)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{file}: {errors:#?}");
    }
    all.len()
}

fn vocabulary() -> Vocabulary {
    let (vocabulary, findings) = Vocabulary::read(&files("vocabulary"));
    assert!(findings.is_empty(), "{findings:?}");
    vocabulary
}

#[test]
fn every_file_of_the_catalogue_and_the_vocabulary_fits() {
    assert!(accepts_all(&validator(&super::policy()), "catalogue") > 50);
    assert!(accepts_all(&validator(&super::vocabulary()), "vocabulary") > 2);
    accepts_all(&validator(&super::party(&vocabulary())), "demo/companies");
    accepts_all(&validator(&super::party(&vocabulary())), "demo/people");
}

const MEASURE: &str = "
measure: m
name: { zh: 名, en: Name }
document: d
topic: compute
applies_to: organisation
features: [1, 46]
versions:
  - known_from: 2026-01-01
    eligible: [ { fact: org.kind, is: enterprise }, { review: use, by: officer, label: { zh: 用途, en: Use } } ]
    award: { kind: money, amount: 1万元, limits: [ { per: [org, year], at_most: 1万元 } ] }
    round: { kind: quota, places: 4 }
    procedure: { kind: review, notice: 5 working days }
cases: [ { name: 例, expect: { outcome: eligible, amount: [0 CNY, unbounded] } } ]
";

#[test]
fn what_the_reader_refuses_by_its_shape_is_refused() {
    let validator = validator(&super::policy());
    assert!(validator.is_valid(&tree(MEASURE)));
    let broken = [
        ("measure: m", "measure: M 1", "an id in capitals"),
        ("{ zh: 名, en: Name }", "{ zh: 名 }", "a text in one language"),
        ("applies_to: organisation", "applies_to: company", "an unknown kind of party"),
        ("topic: compute\n", "", "no topic"),
        ("topic: compute", "topics: compute", "an unknown key"),
        ("[1, 46]", "[1, 47]", "a feature that does not exist"),
        ("known_from: 2026-01-01", "known_from: soon", "a date that is none"),
        ("is: enterprise }", "equals: enterprise }", "an unknown test"),
        ("{ fact: org.kind, is: enterprise }", "{ fact: org.kind }", "a fact without a test"),
        (", label: { zh: 用途, en: Use }", "", "a review without a label"),
        ("by: officer", "by: nobody", "an unknown reviewer"),
        ("kind: money", "kind: cash", "an unknown kind of award"),
        ("{ per: [org, year], at_most: 1万元 }", "{ per: [org, year] }", "a limit without a cap"),
        ("kind: quota, places: 4", "kind: quota", "a quota without places"),
        ("notice: 5 working days", "notice: a week", "a notice that is not in working days"),
        ("outcome: eligible", "outcome: yes", "an unknown outcome"),
        ("[0 CNY, unbounded]", "[0 CNY]", "a range with one end"),
    ];
    for (from, to, why) in broken {
        let text = MEASURE.replacen(from, to, 1);
        assert_ne!(text, MEASURE, "{from}");
        assert!(!validator.is_valid(&tree(&text)), "{why} should be refused");
    }
    // numbers and booleans may stand as such: that is how editors read them
    assert!(validator.is_valid(&json!({
        "list": "l", "name": { "zh": "名", "en": "Name" }, "document": "d", "complete": false, "entries": [{ "member": 12, "from": "2026-01-01" }], "features": [45],
    })));
    assert!(!validator.is_valid(&json!({ "anything": "else" })));
}

#[test]
fn vocabulary_and_party_files_are_checked_too() {
    let words = validator(&super::vocabulary());
    let fact = |body: &str| tree(&format!("facts: {{ {body} }}"));
    assert!(words.is_valid(&fact("org.a: { type: code kind, label: { zh: 甲, en: A } }")));
    assert!(!words.is_valid(&fact("org.a: { type: number, label: { zh: 甲, en: A } }")), "an unknown type");
    assert!(!words.is_valid(&fact("firm.a: { type: money, label: { zh: 甲, en: A } }")), "an unknown owner");
    assert!(!words.is_valid(&fact("org.a: { type: money }")), "no label");
    let question = |name: &str, facts: &str| {
        tree(&format!(
            "questions: {{ {name}: {{ label: {{ zh: 甲, en: A }}, ask: {{ zh: 甲, en: A }}, facts: {facts} }} }}"
        ))
    };
    assert!(words.is_valid(&question("who", "[org.a, contracts]")));
    assert!(!words.is_valid(&question("who", "[]")), "a question without facts");
    assert!(!words.is_valid(&question("org.who", "[org.a]")), "a question that is called like a fact");
    let party = validator(&super::party(&vocabulary()));
    assert!(party.is_valid(&tree("{ party: organisation, org.kind: 企业, org.revenue: { 2024: 300万元 }, org.revenue.2025: unknown, org.place: { value: nanshan, source: 执照, evidence: official }, contracts: [] }")));
    assert!(party.is_valid(&json!({ "org.legal_person": true, "org.staff": 35, "contracts": [{ "id": "c1", "amount": "1200万元", "related_party": false }] })));
    for broken in [
        "{ org.kind: shop }",
        "{ org.colour: red }",
        "{ org.revenue: 300万元 }",
        "{ party: robot }",
        "{ contracts: [ { price: 1万元 } ] }",
        "{ org.rd: { 2025: { disputed: [500万元] } } }",
        "{ org.age: 8 months }",
    ] {
        assert!(!party.is_valid(&tree(broken)), "{broken} should be refused");
    }
}

#[test]
fn an_assessment_fits_its_schema() {
    let mut sources = crate::source::Sources::default();
    for (into, dir) in [(&mut sources.vocabulary, "vocabulary"), (&mut sources.catalogue, "catalogue")] {
        for (file, _) in files(dir) {
            let bytes = std::fs::read(root().join(&file)).unwrap();
            into.insert(file, bytes);
        }
    }
    let program = sources.load().program;
    let index = program.measure("sz.training-voucher.demand-2026").unwrap();
    let case = &program.catalogue.measures[index].cases[0];
    let prepared = crate::cases::prepare(&program, &program.catalogue.measures[index], case).unwrap();
    let report = crate::report::Assessment::new(&program, &prepared.party, prepared.dates, &|_| true).report();
    let validator = validator(&super::assessment());
    assert!(validator.is_valid(&serde_json::to_value(&report).unwrap()));
    assert!(!validator.is_valid(&json!({ "format": "kapok.assessment/1" })));
}

/// The committed copies, which editors are pointed to. `UPDATE=1` writes them anew.
#[test]
fn the_committed_copies_are_current() {
    let all = [
        ("policy", super::policy()),
        ("vocabulary", super::vocabulary()),
        ("assessment", super::assessment()),
        ("party", super::party(&vocabulary())),
    ];
    for (name, schema) in all {
        let path = root().join(format!("docs/schema/{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
        } else {
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == text,
                "docs/schema/{name}.schema.json is not current: run UPDATE=1 cargo nextest run -p rules schema"
            );
        }
    }
}
