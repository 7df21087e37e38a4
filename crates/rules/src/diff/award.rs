//! Named values and tables, the award, rules between measures.

use super::{Notes, Pair, matched};
use crate::ast::{Award, Cell, LetBody, Limit, Payout, Row, Stacking, StackingKind, Table, Version};
use crate::diag::Text;
use crate::phrases::{self, same};

pub(super) fn values(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Version, new: &Version) {
    let name = |a: &(String, crate::diag::Span, LetBody), b: &(String, crate::diag::Span, LetBody)| a.0 == b.0;
    for found in matched(&old.lets, &new.lets, &[&name]) {
        match found {
            (Some((_, _, from)), Some((name, _, to))) => {
                let (zh, en) = (format!("“{name}”"), format!("“{name}”"));
                match (from, to) {
                    (LetBody::Table(from), LetBody::Table(to)) => {
                        table(pair, notes, (&format!("表{zh}"), &format!("table {en}")), from, to)
                    }
                    (LetBody::Formula(from), LetBody::Formula(to)) => {
                        notes.formula(pair, &format!("取值{zh}"), &format!("value {en}"), Some(from), Some(to))
                    }
                    _ => notes.changed(
                        &format!("取值{zh}"),
                        &format!("value {en}"),
                        pair.old.body(from),
                        pair.new.body(to),
                    ),
                }
            }
            (None, Some((name, _, to))) => {
                notes.added(&format!("取值“{name}”"), &format!("value “{name}”"), pair.new.body(to))
            }
            (Some((name, _, from)), None) => {
                notes.removed(&format!("取值“{name}”"), &format!("value “{name}”"), pair.old.body(from))
            }
            (None, None) => {}
        }
    }
}

fn table(pair: &Pair<'_>, notes: &mut Notes<'_>, (zh, en): (&str, &str), old: &Table, new: &Table) {
    if old.hit != new.hit {
        notes.changed(
            &format!("{zh}的取行方式"),
            &format!("how rows are picked in {en}"),
            phrases::hit(old.hit),
            phrases::hit(new.hit),
        );
    }
    let inputs = old.inputs.len() == new.inputs.len() && old.inputs.iter().zip(&new.inputs).all(|(a, b)| same(a, b));
    if !inputs {
        // with other inputs no row can be matched with another
        let (from, to) = (LetBody::Table(old.clone()), LetBody::Table(new.clone()));
        notes.changed(zh, en, pair.old.body(&from), pair.new.body(&to));
        return;
    }
    let when = |a: &Row, b: &Row| cells(&a.when, &b.when);
    let then = |a: &Row, b: &Row| same(&a.then, &b.then);
    let pairs = matched(&old.rows, &new.rows, &[&|a, b| when(a, b) && then(a, b), &when, &then]);
    let mut order = Vec::new();
    for found in pairs {
        match found {
            (Some(from), Some(to)) => {
                order.push(from.span.start);
                row(pair, notes, (zh, en), (old, from), (new, to));
            }
            (None, Some(to)) => {
                notes.added(&format!("{zh}中的一行"), &format!("row in {en}"), line(pair, true, new, to))
            }
            (Some(from), None) => {
                notes.removed(&format!("{zh}中的一行"), &format!("row in {en}"), line(pair, false, old, from))
            }
            (None, None) => {}
        }
    }
    // only where the first row that holds is taken does the order matter
    if new.hit == crate::ast::Hit::First && !order.is_sorted() {
        let what = notes.what(&format!("{zh}中各行的先后次序有变"), &format!("the order of the rows in {en} changes"));
        notes.changes.push(super::Change { what, from: None, to: None });
    }
}

fn line(pair: &Pair<'_>, after: bool, table: &Table, row: &Row) -> Text {
    let speaker = if after { &pair.new } else { &pair.old };
    let (when, then) = (speaker.when(table, &row.when), speaker.say(&row.then));
    Text::new(format!("{}：{}", when.zh, then.zh), format!("{}: {}", when.en, then.en))
}

fn row(
    pair: &Pair<'_>,
    notes: &mut Notes<'_>,
    (zh, en): (&str, &str),
    (old, from): (&Table, &Row),
    (new, to): (&Table, &Row),
) {
    let name = pair.old.when(old, &from.when);
    let (zh, en) = (format!("{zh}中“{}”一行", name.zh), format!("row “{}” in {en}", name.en));
    if !cells(&from.when, &to.when) {
        let value = pair.new.say(&to.then);
        notes.changed(
            &format!("{zh}（{}）的条件", value.zh),
            &format!("test of {en} ({})", value.en),
            name,
            pair.new.when(new, &to.when),
        );
    }
    notes.formula(pair, &zh, &en, Some(&from.then), Some(&to.then));
    notes.optional(
        &format!("{zh}的依据"),
        &format!("clause of {en}"),
        from.cite.as_ref().map(Text::same),
        to.cite.as_ref().map(Text::same),
    );
}

fn cells(a: &[Cell], b: &[Cell]) -> bool {
    let many = |a: &[crate::formula::Expr], b: &[crate::formula::Expr]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    };
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            (Cell::Any, Cell::Any) => true,
            (Cell::Compare(op, a), Cell::Compare(other, b)) => op == other && same(a, b),
            (Cell::Band(low, closed, high, also), Cell::Band(l, c, h, o)) => {
                closed == c && also == o && same(low, l) && same(high, h)
            }
            (Cell::OneOf(a), Cell::OneOf(b)) | (Cell::NoneOf(a), Cell::NoneOf(b)) => many(a, b),
            (Cell::Within(a), Cell::Within(b)) => same(a, b),
            _ => false,
        })
}

pub(super) fn award(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Award, new: &Award) {
    notes.optional(
        "支持方式",
        "kind of benefit",
        Some(phrases::award_kind(old.kind)),
        Some(phrases::award_kind(new.kind)),
    );
    notes.formula(pair, "金额", "amount", old.amount.as_ref(), new.amount.as_ref());
    notes.formula(pair, "保底", "floor", old.at_least.as_ref(), new.at_least.as_ref());
    notes.formula(
        pair,
        "最低资助额（低于此数不予资助）",
        "least award (none is made below)",
        old.refuse_below.as_ref(),
        new.refuse_below.as_ref(),
    );
    if old.round != new.round {
        notes.changed("取整", "rounding", phrases::rounding(old.round), phrases::rounding(new.round));
    }
    let gives =
        |award: &Award, speaker: &phrases::Speaker<'_>| award.gives.as_ref().map(|code| speaker.code("status", code));
    notes.optional("授予的资质", "status given", gives(old, &pair.old), gives(new, &pair.new));
    notes.optional("有效期", "validity", old.valid.map(phrases::quantity), new.valid.map(phrases::quantity));
    notes.optional(
        "金额中待人工确定的部分",
        "what is left to a person in the amount",
        old.open.clone(),
        new.open.clone(),
    );
    notes.optional(
        "金额的依据",
        "clause of the amount",
        old.cite.as_ref().map(Text::same),
        new.cite.as_ref().map(Text::same),
    );
    limits(pair, notes, old, new);
    payout(pair, notes, old, new);
}

fn limits(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Award, new: &Award) {
    let per = |a: &Limit, b: &Limit| a.per.len() == b.per.len() && a.per.iter().all(|word| b.per.contains(word));
    let most = |a: &Limit, b: &Limit| same(&a.at_most, &b.at_most);
    for found in matched(&old.limits, &new.limits, &[&|a, b| per(a, b) && most(a, b), &per, &most]) {
        match found {
            (Some(from), Some(to)) => {
                let name = pair.old.per(&from.per);
                let (zh, en) = (format!("“{}”的上限", name.zh), format!("limit per {}", name.en));
                if !per(from, to) {
                    notes.changed(
                        &format!("{zh}的计算范围"),
                        &format!("what the {en} is counted over"),
                        name,
                        pair.new.per(&to.per),
                    );
                }
                notes.formula(pair, &zh, &en, Some(&from.at_most), Some(&to.at_most));
                notes.optional(
                    &format!("{zh}的依据"),
                    &format!("clause of the {en}"),
                    from.cite.as_ref().map(Text::same),
                    to.cite.as_ref().map(Text::same),
                );
            }
            (None, Some(to)) => notes.added("上限", "limit", pair.new.limit(to)),
            (Some(from), None) => notes.removed("上限", "limit", pair.old.limit(from)),
            (None, None) => {}
        }
    }
}

fn payout(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Award, new: &Award) {
    let when = |a: &Payout, b: &Payout| a.when == b.when;
    let amount = |a: &Payout, b: &Payout| match (&a.amount, &b.amount) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    };
    for found in matched(&old.payout, &new.payout, &[&|a, b| when(a, b) && amount(a, b), &when, &amount]) {
        match found {
            (Some(from), Some(to)) if when(from, to) && amount(from, to) => {}
            (Some(from), Some(to)) => notes.changed("兑付", "payout", pair.old.part(from), pair.new.part(to)),
            (None, Some(to)) => notes.added("兑付", "payout", pair.new.part(to)),
            (Some(from), None) => notes.removed("兑付", "payout", pair.old.part(from)),
            (None, None) => {}
        }
    }
}

pub(super) fn stacking(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Version, new: &Version) {
    let text = |a: &Stacking, b: &Stacking| pair.old.stacking(a) == pair.new.stacking(b);
    let kind = |a: &Stacking, b: &Stacking| match (&a.kind, &b.kind) {
        (StackingKind::Exclusive { highest: a, .. }, StackingKind::Exclusive { highest: b, .. }) => a == b,
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    for found in matched(&old.stacking, &new.stacking, &[&text, &kind]) {
        match found {
            (Some(from), Some(to)) => {
                let (before, after) = (pair.old.stacking(from), pair.new.stacking(to));
                if before != after {
                    notes.changed("与其他措施的关系", "rule between measures", before.clone(), after);
                }
                let cite = |rule: &Stacking| rule.cite.as_ref().map(Text::same);
                notes.optional(
                    &format!("“{}”的依据", before.zh),
                    &format!("clause of “{}”", before.en),
                    cite(from),
                    cite(to),
                );
            }
            (None, Some(to)) => notes.added("与其他措施的关系", "rule between measures", pair.new.stacking(to)),
            (Some(from), None) => notes.removed("与其他措施的关系", "rule between measures", pair.old.stacking(from)),
            (None, None) => {}
        }
    }
}
