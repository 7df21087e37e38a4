//! Every text that a page asks for is there in both languages, with the same arguments, and none is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::*;

/// The ids of one language with the arguments that each uses.
fn messages(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for file in LOCALES.get_dir(folder).unwrap().files() {
        let text = file.contents_utf8().unwrap();
        let parsed = fluent_syntax::parser::parse(text);
        let resource = parsed.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.path().display()));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut arguments = BTreeSet::new();
                let pattern = message.value.unwrap_or_else(|| panic!("{} has no text", message.id.name));
                collect(&pattern.elements, &mut arguments);
                let before = found.insert(message.id.name.to_owned(), arguments);
                assert!(before.is_none(), "{} is there twice in {folder}", message.id.name);
            }
        }
    }
    found
}

fn collect(elements: &[PatternElement<&str>], arguments: &mut BTreeSet<String>) {
    for element in elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => variable(inline, arguments),
                Expression::Select { selector, variants } => {
                    variable(selector, arguments);
                    for variant in variants {
                        collect(&variant.value.elements, arguments);
                    }
                }
            }
        }
    }
}

fn variable(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        arguments.insert(id.name.to_owned());
    }
}

/// The ids that templates and handlers ask for: `.t("…")` and `.m("…")`, and `id("…")` where one is chosen first.
fn used() -> BTreeSet<String> {
    fn visit(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                for mark in [".t(\"", ".m(\"", ".t(\n", "text_id(\""] {
                    for (at, _) in text.match_indices(mark) {
                        let rest = text[at + mark.len()..].trim_start().trim_start_matches('"');
                        found.insert(rest.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    visit(&root.join("templates"), &mut found);
    visit(&root.join("src/pages"), &mut found);
    visit(&root.join("src/api"), &mut found);
    for file in ["src/error.rs", "src/show.rs", "src/visitor.rs"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        for mark in [".t(\"", ".m(\"", "text_id(\""] {
            for (at, _) in text.match_indices(mark) {
                found.insert(text[at + mark.len()..].split('"').next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_texts_and_arguments() {
    assert_eq!(messages("zh-CN"), messages("en"));
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let there: BTreeSet<String> = messages("zh-CN").into_keys().collect();
    let missing: Vec<_> = used().difference(&there).cloned().collect();
    assert!(missing.is_empty(), "not in locales/: {missing:?}");
}

#[test]
fn no_text_is_left_over() {
    let used = used();
    let unused: Vec<_> = messages("zh-CN").into_keys().filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "in locales/ and asked for nowhere: {unused:?}");
}

#[test]
fn arguments_and_plurals_are_filled_in() {
    let missing = L10n(Lang::En).m("no-such-text").to_string();
    assert_eq!(missing, "⟦no-such-text⟧");
}
