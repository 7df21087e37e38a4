//! Rules between measures, and what measures, groups and targets have in common.

use super::reader::{Reader, check_keys};
use crate::ast::{MeasureRef, Stacking, StackingKind};
use crate::diag::{Diagnostic, Span};
use crate::yaml::Node;

pub(super) fn features(reader: &mut Reader, root: &Node) -> Vec<(u8, Span)> {
    let mut features = Vec::new();
    for (word, span) in reader.words(root, "features") {
        match word.parse::<u8>() {
            Ok(number) if (1..=46).contains(&number) => features.push((number, span)),
            _ => reader.error(
                "E0331",
                span,
                format!("没有第 {word} 项特征(1 至 46)"),
                format!("there is no feature {word} (1 to 46)"),
            ),
        }
    }
    features
}

pub(super) fn references(reader: &mut Reader, node: &Node, key: &str) -> Vec<MeasureRef> {
    reader
        .words(node, key)
        .into_iter()
        .map(|(word, span)| match word.strip_prefix("tag:") {
            Some(tag) => MeasureRef::Tag(tag.to_owned(), span),
            None => MeasureRef::Id(word, span),
        })
        .collect()
}

pub(super) fn stacking(reader: &mut Reader, node: &Node) -> Option<Stacking> {
    let forms = ["exclusive", "highest", "ladder", "ceiling", "permits", "cap", "pool"];
    let Some(form) = forms.into_iter().find(|form| node.get(form).is_some()) else {
        let list = forms.join(", ");
        reader.push(
            Diagnostic::error("E0335", node.span, "看不懂这条叠加规则", "this is not a rule between measures")
                .hint(format!("应含以下之一：{list}"), format!("it has one of: {list}")),
        );
        return None;
    };
    let own: &[&str] = match form {
        "ladder" => &["received"],
        "ceiling" => &["over", "received", "own"],
        "cap" => &["over", "received", "per"],
        "pool" => &["over", "per"],
        _ => &[],
    };
    let known: Vec<&str> = [form, "cite", "label", "note"].iter().chain(own).copied().collect();
    check_keys(reader, node, &known);
    let kind = match form {
        "exclusive" | "highest" => {
            StackingKind::Exclusive { others: references(reader, node, form), highest: form == "highest" }
        }
        "ladder" => {
            StackingKind::Ladder { name: reader.required(node, form), received: reader.formula_at(node, "received") }
        }
        "ceiling" => StackingKind::Ceiling {
            at_most: reader.formula_at(node, form)?,
            over: references(reader, node, "over"),
            received: reader.formula_at(node, "received"),
            own_counts: reader.choice(node, "own", &[("counts", true), ("unclear", false)]).unwrap_or(true),
        },
        "permits" => StackingKind::Permits(references(reader, node, form)),
        "cap" => StackingKind::Cap {
            at_most: reader.formula_at(node, form)?,
            over: references(reader, node, "over"),
            received: reader.formula_at(node, "received"),
            per: reader.words(node, "per").into_iter().map(|(word, _)| word).collect(),
        },
        _ => StackingKind::Pool { at_most: reader.formula_at(node, form)?, over: references(reader, node, "over") },
    };
    Some(Stacking { kind, cite: reader.word(node, "cite"), label: reader.text_opt(node, "label"), span: node.span })
}
