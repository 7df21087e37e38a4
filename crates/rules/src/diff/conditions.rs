//! Conditions: matched by id, else by label, and compared part by part.

use super::{Notes, Pair, matched};
use crate::ast::{Cond, CondKind};
use crate::diag::Text;
use crate::formula::{BinaryOp, ExprKind};
use crate::phrases::{self, Speaker, same};

/// Compares two lists of conditions. `zh` and `en` say whose they are.
pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes<'_>, (zh, en): (&str, &str), old: &[Cond], new: &[Cond]) {
    let alike = |a: &Cond, b: &Cond| a.id == b.id && equal(a, b);
    let id = |a: &Cond, b: &Cond| a.id == b.id && std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind);
    let name = |a: &Cond, b: &Cond| pair.old.label(a) == pair.new.label(b);
    let any_kind = |a: &Cond, b: &Cond| a.id == b.id && !is_group(a) && !is_group(b);
    for found in matched(old, new, &[&alike, &id, &name, &any_kind]) {
        match found {
            (Some(from), Some(to)) => changed(pair, notes, (zh, en), from, to),
            (None, Some(to)) => notes.added(zh, en, whole(&pair.new, to)),
            (Some(from), None) => notes.removed(zh, en, whole(&pair.old, from)),
            (None, None) => {}
        }
    }
}

const fn is_group(cond: &Cond) -> bool {
    matches!(cond.kind, CondKind::All(_) | CondKind::Any(_))
}

/// A condition with its clause and parts in one line.
fn whole(speaker: &Speaker<'_>, cond: &Cond) -> Text {
    let label = speaker.label(cond);
    let parts = match &cond.kind {
        CondKind::All(parts) | CondKind::Any(parts) => parts.as_slice(),
        _ => &[],
    };
    let mut text = label;
    if !parts.is_empty() {
        let parts = phrases::join(parts.iter().map(|part| whole(speaker, part)), "；", "; ");
        text = Text::new(format!("{}（{}）", text.zh, parts.zh), format!("{} ({})", text.en, parts.en));
    }
    if let Some(cite) = &cond.cite {
        text = Text::new(format!("{}〔{cite}〕", text.zh), format!("{} [{cite}]", text.en));
    }
    if let Some(unless) = &cond.unless {
        let unless = whole(speaker, unless);
        text = Text::new(format!("{}，{}的除外", text.zh, unless.zh), format!("{}, unless {}", text.en, unless.en));
    }
    text
}

fn changed(pair: &Pair<'_>, notes: &mut Notes<'_>, (zh, en): (&str, &str), from: &Cond, to: &Cond) {
    let name = subject(pair, from, to);
    let (zh, en) = (format!("{zh}“{}”", name.zh), format!("{en} “{}”", name.en));
    kind(pair, notes, (&zh, &en), from, to);
    if let (Some(a), Some(b)) = (&from.label, &to.label)
        && a != b
    {
        notes.changed(&format!("{zh}的表述"), &format!("wording of {en}"), a.clone(), b.clone());
    }
    let cite = |cond: &Cond| cond.cite.as_ref().map(Text::same);
    notes.optional(&format!("{zh}的依据"), &format!("clause of {en}"), cite(from), cite(to));
    let evidence = |cond: &Cond, speaker: &Speaker<'_>| {
        if cond.evidence.is_empty() {
            None
        } else {
            Some(phrases::list(cond.evidence.iter().map(|code| speaker.code("evidence", code))))
        }
    };
    notes.optional(
        &format!("{zh}的证明材料"),
        &format!("proof of {en}"),
        evidence(from, &pair.old),
        evidence(to, &pair.new),
    );
    notes.optional(&format!("{zh}的备注"), &format!("note on {en}"), from.note.clone(), to.note.clone());
    let (zh, en) = (format!("{zh}的例外"), format!("exception to {en}"));
    match (&from.unless, &to.unless) {
        (Some(a), Some(b)) => changed(pair, notes, (&zh, &en), a, b),
        (a, b) => notes.optional(
            &zh,
            &en,
            a.as_ref().map(|cond| whole(&pair.old, cond)),
            b.as_ref().map(|cond| whole(&pair.new, cond)),
        ),
    }
}

/// What a condition that changes is called: its label; for a comparison without one, what is compared.
fn subject(pair: &Pair<'_>, from: &Cond, to: &Cond) -> Text {
    if let Some(label) = from.label.as_ref().or(to.label.as_ref()) {
        return label.clone();
    }
    if let (CondKind::Formula(a), CondKind::Formula(_)) = (&from.kind, &to.kind)
        && let Some((name, _)) = pair.old.right(a)
    {
        return name;
    }
    pair.old.label(from)
}

fn kind(pair: &Pair<'_>, notes: &mut Notes<'_>, (zh, en): (&str, &str), from: &Cond, to: &Cond) {
    match (&from.kind, &to.kind) {
        (CondKind::All(a), CondKind::All(b)) | (CondKind::Any(a), CondKind::Any(b)) => {
            compare(pair, notes, (&format!("{zh}中的条件"), &format!("condition in {en}")), a, b);
        }
        (CondKind::All(a), CondKind::Any(b)) | (CondKind::Any(a), CondKind::All(b)) => {
            notes.changed(zh, en, pair.old.test(from), pair.new.test(to));
            compare(pair, notes, (&format!("{zh}中的条件"), &format!("condition in {en}")), a, b);
        }
        (CondKind::Not(a), CondKind::Not(b)) => kind(pair, notes, (zh, en), a, b),
        (CondKind::Formula(a), CondKind::Formula(b)) if !same(a, b) => {
            // what is compared stays: only the right side is shown
            match (left(a), left(b), pair.old.right(a), pair.new.right(b)) {
                (Some(old), Some(new), Some((_, from)), Some((_, to))) if same(old, new) && from != to => {
                    notes.changed(zh, en, from, to)
                }
                _ => notes.formula(pair, zh, en, Some(a), Some(b)),
            }
        }
        _ if !equal_kind(from, to) => notes.changed(zh, en, pair.old.test(from), pair.new.test(to)),
        _ => {}
    }
}

fn left(formula: &crate::formula::Expr) -> Option<&crate::formula::Expr> {
    match &formula.kind {
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) => None,
        ExprKind::Binary(_, left, _) | ExprKind::In(left, ..) => Some(left),
        _ => None,
    }
}

/// Whether two conditions are the same in everything, their names too.
fn equal(a: &Cond, b: &Cond) -> bool {
    a.label == b.label
        && a.cite == b.cite
        && a.evidence == b.evidence
        && a.note == b.note
        && equal_kind(a, b)
        && match (&a.unless, &b.unless) {
            (Some(a), Some(b)) => equal(a, b),
            (None, None) => true,
            _ => false,
        }
}

fn equal_kind(a: &Cond, b: &Cond) -> bool {
    let many = |a: &[Cond], b: &[Cond]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b));
    let maybe = |a: &Option<crate::formula::Expr>, b: &Option<crate::formula::Expr>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    };
    match (&a.kind, &b.kind) {
        (CondKind::All(a), CondKind::All(b)) | (CondKind::Any(a), CondKind::Any(b)) => many(a, b),
        (CondKind::Not(a), CondKind::Not(b)) => equal(a, b),
        (CondKind::Formula(a), CondKind::Formula(b)) => same(a, b),
        (CondKind::Listed { member, list, on, scope }, CondKind::Listed { member: m, list: l, on: o, scope: s }) => {
            list == l && same(member, m) && maybe(on, o) && maybe(scope, s)
        }
        (CondKind::Review { key, by }, CondKind::Review { key: k, by: b }) => key == k && by == b,
        (CondKind::Measure { id, outcome }, CondKind::Measure { id: i, outcome: o }) => id == i && outcome == o,
        _ => false,
    }
}
