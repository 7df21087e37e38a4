//! The canonical form of policy files: fixed key order, 2-space indent, one style, comments kept.

mod order;
mod scalar;
mod tree;
mod write;

#[cfg(test)]
mod tests;

use crate::diag::{Diagnostic, Span};
use crate::yaml::{self, Kind, MAX_POLICY_BYTES, Node};
use order::Place;
use tree::{Entry, Source, Value};

/// How long a key may be: YAML has no short form for keys of more than 1024 characters, quotes and escapes included.
const MAX_KEY: usize = 1000;

/// Writes a policy or vocabulary file in its canonical form. The meaning stays the same ([`Node::same`]), every comment
/// is kept, and what is canonical already comes back as it is.
///
/// # Errors
/// What [`yaml::parse`] finds; a file that is no mapping; a key that is too long; a file whose canonical form would be larger than a policy file
/// may be.
pub fn canonical(source: &str) -> Result<String, Vec<Diagnostic>> {
    let root = yaml::parse(source.as_bytes(), MAX_POLICY_BYTES)?;
    if root.map().is_none() {
        // any text is YAML, a table too: its lines would be joined into one
        let hint = ("例如 measure: sz.example", "for example measure: sz.example");
        return Err(vec![
            Diagnostic::error("E0128", root.span, "规则文件应是键和值", "a rule file is made of keys and values")
                .hint(hint.0, hint.1),
        ]);
    }
    tidy(source, root)
}

/// Writes a tree and the comments of the text that it was read from.
fn tidy(source: &str, root: Node) -> Result<String, Vec<Diagnostic>> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    check_keys(&root)?;
    let place = Place::of_file(&root);
    let parsed = Source::new(source);
    let comments = parsed.comments();
    let count = comments.len();
    let mut root = parsed.build(root);
    tree::attach(&mut root, comments);
    order::sort(&mut root, place);
    let text = write::file(&root, place);
    // A formatter that loses something is worse than none: what was written is read again before it is handed out.
    match yaml::parse(text.as_bytes(), MAX_POLICY_BYTES) {
        Ok(again) if says(&root, &again) && Source::new(&text).comments().len() == count => Ok(text),
        _ => Err(vec![
            Diagnostic::error(
                "E0119",
                Span::default(),
                "文件无法写成规范形式",
                "the file cannot be written in canonical form",
            )
            .hint(
                format!("规范形式最多 {MAX_POLICY_BYTES} 字节"),
                format!("the canonical form has at most {MAX_POLICY_BYTES} bytes"),
            ),
        ]),
    }
}

fn check_keys(node: &Node) -> Result<(), Vec<Diagnostic>> {
    match &node.kind {
        Kind::Scalar { .. } => Ok(()),
        Kind::Seq(items) => items.iter().try_for_each(check_keys),
        Kind::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            let text = key.text().unwrap_or_default();
            if scalar::quoted(text).chars().count() > MAX_KEY {
                let hint = (format!("最多 {MAX_KEY} 个字符"), format!("at most {MAX_KEY} characters"));
                return Err(vec![
                    Diagnostic::error("E0118", key.span, "键过长", "the key is too long").hint(hint.0, hint.1),
                ]);
            }
            check_keys(value)
        }),
    }
}

/// Whether a tree, in its order, says the same as one that was read.
fn says(entry: &Entry, node: &Node) -> bool {
    match (&entry.value, &node.kind) {
        (Value::Scalar(text), Kind::Scalar { text: other, .. }) => text == other,
        (Value::Many(many), Kind::Seq(items)) => {
            !many.map
                && many.entries.len() == items.len()
                && many.entries.iter().zip(items).all(|(entry, item)| says(entry, item))
        }
        (Value::Many(many), Kind::Map(pairs)) => {
            let same = |(entry, (key, value)): (&Entry, &(Node, Node))| {
                entry.key.as_deref() == key.text() && says(entry, value)
            };
            many.map && many.entries.len() == pairs.len() && many.entries.iter().zip(pairs).all(same)
        }
        _ => false,
    }
}
