//! The tree says what the text says, exactly, and knows where.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::facts;

fn scalars(node: &Node) -> Vec<(u32, u32, String)> {
    match &node.kind {
        Kind::Scalar { text, .. } => vec![(node.span.line, node.span.column, text.clone())],
        Kind::Seq(items) => items.iter().flat_map(scalars).collect(),
        Kind::Map(entries) => entries.iter().flat_map(|(k, v)| [scalars(k), scalars(v)].concat()).collect(),
    }
}

#[test]
fn numbers_stay_as_written_and_values_know_their_place() {
    let text = "{\n  \"甲\": [0.1, 12345678901234567.89],\n  \"乙\" : { \"a/b~\": -1E400 },  \"丙\": null }";
    let root = parse(text.as_bytes()).unwrap();
    let found = scalars(&root);
    let expected = [
        (2, 3, "甲"),
        (2, 9, "0.1"),
        (2, 14, "12345678901234567.89"),
        (3, 3, "乙"),
        (3, 11, "a/b~"),
        (3, 19, "-1E400"),
        (3, 30, "丙"),
        (3, 35, "null"),
    ];
    assert_eq!(found, expected.map(|(line, column, text)| (line, column, text.to_owned())));
    let pointers = pointers(&root);
    for (place, pointer) in [
        ((1, 1), ""),
        ((2, 3), "/甲"),
        ((2, 9), "/甲/0"),
        ((2, 14), "/甲/1"),
        ((3, 11), "/乙/a~1b~0"),
        ((3, 19), "/乙/a~1b~0"),
    ] {
        assert_eq!(pointers.get(&place).map(String::as_str), Some(pointer), "{place:?}");
    }
}

#[test]
fn what_is_not_json_is_told_with_its_place() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{", 1, 2),
        ("{\"甲\": tru}", 1, 10),
        ("{\"a\": 1,\n}", 2, 1),
        ("[1 2]", 1, 4),
        ("{\"a\" 1}", 1, 6),
        ("\"\\ud800\"", 1, 7),
        ("[01]", 1, 3),
        ("[NaN]", 1, 2),
        ("{} x", 1, 4),
        ("\"a\nb\"", 1, 3),
    ] {
        let found = parse(text.as_bytes()).unwrap_err().remove(0);
        assert_eq!((found.code, found.line), ("E0701", line), "{text}: {found:?}");
        assert!(found.column.abs_diff(column) <= 1, "{text}: {found:?}");
        assert_ne!(found.message.zh, found.message.en);
    }
    assert_eq!(parse(b"\"\xff\"").unwrap_err()[0].code, "E0102");
}

#[test]
fn a_key_that_is_there_twice_is_a_mistake() {
    let found = parse(br#"{ "a": 1, "b": { "c": 1, "c": 2 }, "a": 3 }"#).unwrap_err();
    assert_eq!(found.iter().map(|f| (f.code, f.column)).collect::<Vec<_>>(), [("E0109", 26), ("E0109", 36)]);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(parse(nested(MAX_DEPTH + 2).as_bytes()).unwrap_err()[0].code, "E0106");
    assert_eq!(parse("[".repeat(1 << 20).as_bytes()).unwrap_err()[0].code, "E0106");
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever another reader makes of a text, this one makes of it too.
    #[test]
    fn it_reads_what_serde_json_reads(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let root = parse(text.as_bytes()).unwrap();
        prop_assert!(root.same(&facts::node(&value)));
        // every place is the place of one value, or of a key
        prop_assert_eq!(pointers(&root).values().filter(|pointer| value.pointer(pointer).is_none()).count(), 0);
    }

    /// What another reader refuses, this one refuses, and nothing makes it panic.
    #[test]
    fn it_refuses_what_serde_json_refuses(value in json(), cut in any::<prop::sample::Index>(), with in "[\\[\\]{},:\"a0.\\\\ ]{0,3}") {
        let mut text = serde_json::to_string(&value).unwrap();
        let at = (0..=cut.index(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &with);
        let theirs = serde_json::from_str::<Value>(&text).is_ok();
        let ours = parse(text.as_bytes());
        let twice = ours.as_ref().err().is_some_and(|all| all.iter().all(|found| found.code == "E0109"));
        prop_assert!(ours.is_ok() == theirs || twice, "{} {:?}", text, ours);
    }
}
