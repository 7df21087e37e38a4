//! Every mistake is told at once, at its place in the body.

use std::path::Path;
use std::sync::LazyLock;

use super::*;

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = rules::source::Sources::default();
    for entry in std::fs::read_dir(root.join("vocabulary")).unwrap() {
        let path = entry.unwrap().path();
        sources.vocabulary.insert(path.display().to_string(), std::fs::read(&path).unwrap());
    }
    for folder in ["sz-training-voucher-guide-2026", "sz-training-voucher-providers-2026"] {
        for entry in std::fs::read_dir(root.join("catalogue").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            sources.catalogue.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    sources.load().program
});

fn mistakes(body: &str) -> Vec<(String, &'static str)> {
    let refusal = Assess::read(body.as_bytes(), &PROGRAM).unwrap_err();
    refusal.mistakes.into_iter().map(|mistake| (mistake.pointer.unwrap_or_default(), mistake.code)).collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let body = r#"{
        "party": {
            "party": "organisation", "org.kind": "enterprize", "org.staf": 3,
            "org.revenue": { "2025": "many", "20255": 1 },
            "contracts": [ { "id": "c1", "amount": -1 }, { "id": "c1", "sum": 2 } ]
        },
        "On": "2026-05-20", "known_on": "3026-13-01", "detail": "long", "measures": ["nothing"]
    }"#;
    let mut found = mistakes(body);
    found.sort();
    let expected = [
        ("/On", "E0127"),
        ("/detail", "E0123"),
        ("/known_on", "E0124"),
        ("/measures/0", "E0704"),
        ("/party/contracts/0/amount", "E0611"),
        ("/party/contracts/1", "E0608"),
        ("/party/contracts/1/sum", "E0604"),
        ("/party/org.kind", "E0612"),
        ("/party/org.revenue/2025", "E0611"),
        ("/party/org.revenue/20255", "E0606"),
        ("/party/org.staf", "E0604"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn what_is_not_a_request_is_refused() {
    for (body, pointer, code) in [
        ("[]", "", "E0702"),
        ("{}", "", "E0120"),
        (r#"{"party": []}"#, "/party", "E0601"),
        (r#"{"party": {}, "measures": []}"#, "/measures", "E0703"),
        (r#"{"party": {}, "measures": "x"}"#, "/measures", "E0703"),
        (r#"{"party": {}, "measures": [{}]}"#, "/measures/0", "E0704"),
        (r#"{"party": {}, "on": {}}"#, "/on", "E0124"),
        (r#"{"party": {}, "party": {}}"#, "", "E0109"),
    ] {
        assert_eq!(mistakes(body), [(pointer.to_owned(), code)], "{body}");
    }
    assert!(Assess::read(b"{", &PROGRAM).unwrap_err().unreadable);
}

#[test]
fn the_request_decides_the_dates_before_the_party_before_today() {
    let today = Date::parse("2026-05-20").unwrap();
    for (body, on, known_on) in [
        (r#"{"party": {}}"#, "2026-05-20", "2026-05-20"),
        (r#"{"party": {"on": "2025-01-01"}}"#, "2025-01-01", "2025-01-01"),
        (
            r#"{"party": {"on": "2025-01-01", "known_on": "2025-02-01"}, "on": "2024-01-01"}"#,
            "2024-01-01",
            "2025-02-01",
        ),
        (r#"{"party": {}, "on": "2024年1月1日", "known_on": 20250301}"#, "2024-01-01", "2025-03-01"),
    ] {
        let dates = Assess::read(body.as_bytes(), &PROGRAM).unwrap().subject.dates(today);
        assert_eq!((dates.on.to_string(), dates.known_on.to_string()), (on.to_owned(), known_on.to_owned()), "{body}");
    }
}

#[test]
fn measures_are_asked_for_by_id() {
    let id = PROGRAM.catalogue.measures[0].id.as_str();
    let body = format!(r#"{{"party": {{}}, "measures": ["{id}", "{id}"], "detail": "full"}}"#);
    let request = Assess::read(body.as_bytes(), &PROGRAM).unwrap();
    assert_eq!(request.detail, Detail::Full);
    assert_eq!(request.measures, Some([0].into()));
}

#[test]
fn very_many_records_and_very_many_mistakes_are_bounded() {
    let rows = |count: usize| {
        let rows: Vec<String> = (0..count).map(|id| format!(r#"{{"id": "c{id}", "amount": "1 CNY"}}"#)).collect();
        format!(r#"{{"party": {{"contracts": [{}]}}}}"#, rows.join(","))
    };
    assert!(Assess::read(rows(MAX_RECORDS).as_bytes(), &PROGRAM).is_ok());
    assert_eq!(mistakes(&rows(MAX_RECORDS + 1)), [("/party/contracts".to_owned(), "E0705")]);
    let ids = vec!["\"x\""; MAX_ITEMS + 1].join(",");
    assert_eq!(mistakes(&format!(r#"{{"party": {{}}, "measures": [{ids}]}}"#)), [("/measures".to_owned(), "E0708")]);
    let keys: Vec<String> = (0..20_000).map(|number| format!(r#""org.x{number}": 1"#)).collect();
    let refusal = Assess::read(format!(r#"{{"party": {{{}}}}}"#, keys.join(",")).as_bytes(), &PROGRAM).unwrap_err();
    assert_eq!((refusal.mistakes.len(), refusal.more), (MAX_MISTAKES, 20_000 - MAX_MISTAKES));
}
