//! Layout: on one line what is small and flat, as a block what is not.

use super::order::{Place, Style};
use super::scalar::{scalar, width};
use super::tree::{Entry, Many, Value};

/// The widest line that a mapping or list in brackets may make, comments not counted. Texts are never broken.
const WIDTH: usize = 110;
/// How many mappings and lists in brackets may stand inside each other.
const DEPTH: usize = 3;

/// Lines, and the comments that stand before them. Those are kept apart: before the first entry of a list item they
/// would part it from its dash, and so they move before the item.
struct Lines {
    lead: Vec<String>,
    body: Vec<String>,
}

/// The whole file.
pub(super) fn file(root: &Entry, place: Place) -> String {
    let lines = match &root.value {
        Value::Many(many) if !many.entries.is_empty() => {
            let mut lines = block(many, place, 0);
            lines.lead.append(&mut lines.body);
            lines.lead
        }
        value => {
            let text = inline(value, place, false, 0).unwrap_or_default();
            root.lead.iter().chain([&text]).chain(&root.trail).cloned().collect()
        }
    };
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The entries of a mapping or list, each on lines of its own.
fn block(many: &Many, place: Place, indent: usize) -> Lines {
    let mut out: Option<Lines> = None;
    for entry in &many.entries {
        let below = place.below(entry.key.as_deref());
        let Lines { lead, mut body } = self::entry(entry, below, indent);
        match &mut out {
            None => out = Some(Lines { lead, body }),
            Some(out) => {
                if entry.key.as_deref().is_some_and(|key| place.is_section(key)) {
                    out.body.push(String::new());
                }
                out.body.extend(indented(&lead, indent));
                out.body.append(&mut body);
            }
        }
    }
    let mut out = out.unwrap_or(Lines { lead: Vec::new(), body: Vec::new() });
    out.body.extend(indented(&many.tail, indent));
    out
}

fn entry(entry: &Entry, place: Place, indent: usize) -> Lines {
    let head = match &entry.key {
        Some(key) => format!("{:indent$}{}:", "", scalar(key, false)),
        None => format!("{:indent$}-", ""),
    };
    let mut lead = entry.lead.clone();
    let one_line = inline(&entry.value, place, false, 0).map(|text| format!("{head} {text}"));
    let can_break = matches!(&entry.value, Value::Many(many) if !many.entries.is_empty());
    let one_line = one_line.filter(|line| !can_break || width(line) <= WIDTH);
    match (one_line, &entry.value) {
        (Some(line), _) => match entry.trail.as_slice() {
            [comment] => Lines { lead, body: vec![format!("{line} {comment}")] },
            comments => {
                lead.extend_from_slice(comments);
                Lines { lead, body: vec![line] }
            }
        },
        (None, Value::Many(many)) => {
            lead.extend_from_slice(&entry.trail);
            let inner = block(many, place, indent + 2);
            if entry.key.is_some() {
                let body = std::iter::once(head).chain(indented(&inner.lead, indent + 2)).chain(inner.body).collect();
                return Lines { lead, body };
            }
            lead.extend(inner.lead);
            let mut rest = inner.body.into_iter();
            let first = rest.next().map(|line| format!("{head} {}", line.trim_start()));
            Lines { lead, body: first.into_iter().chain(rest).collect() }
        }
        // Not reached: a scalar always has one line.
        (None, Value::Scalar(text)) => Lines { lead, body: vec![format!("{head} {}", scalar(text, false))] },
    }
}

/// The value on one line, if it may stand so; `depth` counts the brackets around it.
fn inline(value: &Value, place: Place, flow: bool, depth: usize) -> Option<String> {
    let many = match value {
        Value::Scalar(text) => return Some(scalar(text, flow)),
        Value::Many(many) => many,
    };
    if many.entries.is_empty() {
        return Some(if many.map { "{}" } else { "[]" }.to_owned());
    }
    if depth == DEPTH || !many.tail.is_empty() || !may_inline(many, place) {
        return None;
    }
    let mut parts = Vec::with_capacity(many.entries.len());
    for entry in &many.entries {
        if !entry.lead.is_empty() || !entry.trail.is_empty() {
            return None;
        }
        let text = inline(&entry.value, place.below(entry.key.as_deref()), true, depth + 1)?;
        parts.push(match &entry.key {
            Some(key) => format!("{}: {text}", scalar(key, true)),
            None => text,
        });
    }
    let parts = parts.join(", ");
    Some(if many.map { format!("{{ {parts} }}") } else { format!("[{parts}]") })
}

/// Lists of mappings have one item a line; some mappings are always blocks, some as soon as they hold another.
fn may_inline(many: &Many, place: Place) -> bool {
    let holds_map = many.entries.iter().any(|entry| matches!(&entry.value, Value::Many(inner) if inner.map));
    match place.style() {
        _ if !many.map => !holds_map,
        Style::Block => false,
        Style::Flat => !holds_map,
        Style::Free => true,
    }
}

fn indented(comments: &[String], indent: usize) -> impl Iterator<Item = String> {
    comments.iter().map(move |comment| format!("{:indent$}{comment}", ""))
}
