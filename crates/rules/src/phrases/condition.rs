//! Conditions, table cells, and formulas compared for what they say.

use super::{Speaker, both, join, reviewer};
use crate::ast::{Cell, Cond, CondKind, LetBody, Table};
use crate::diag::{Span, Text};
use crate::formula::{BinaryOp, Expr, ExprKind};
use crate::ir::{CondIr, VersionIr};
use crate::words;

impl Speaker<'_> {
    /// What readers call a condition.
    pub(crate) fn label(&self, cond: &Cond) -> Text {
        words::condition(cond, &self.words())
    }

    /// What a condition asks, whatever it is called. Groups say only how their parts go together.
    pub(crate) fn test(&self, cond: &Cond) -> Text {
        match &cond.kind {
            CondKind::Formula(formula) => self.say(formula),
            CondKind::Listed { member, list, on, scope } => {
                let mut text = words::condition(&Cond { label: None, ..cond.clone() }, &self.words());
                if let Some(on) = on {
                    let on = self.say(on);
                    text =
                        Text::new(format!("{}（以{}为准）", text.zh, on.zh), format!("{} (as of {})", text.en, on.en));
                }
                if let Some(scope) = scope {
                    let scope = self.say(scope);
                    text =
                        Text::new(format!("{}，范围为{}", text.zh, scope.zh), format!("{}, for {}", text.en, scope.en));
                }
                // a list that is not in the catalogue keeps its id, which says more than nothing
                if text.zh.is_empty() {
                    Text::new(format!("{} {list}", self.say(member).zh), list.clone())
                } else {
                    text
                }
            }
            CondKind::Review { key, by } => {
                let (label, by) = (cond.label.clone().unwrap_or_else(|| Text::same(key)), reviewer(by));
                Text::new(format!("由{}认定：{}", by.zh, label.zh), format!("decided by {}: {}", by.en, label.en))
            }
            CondKind::Measure { id, outcome } => {
                let (name, outcome) = (self.measure(id), outcome.label());
                Text::new(
                    format!("{}的结果为{}", name.zh, outcome.zh),
                    format!("the outcome of {} is: {}", name.en, outcome.en),
                )
            }
            CondKind::Not(inner) => {
                let inner = self.test(inner);
                Text::new(format!("不属于：{}", inner.zh), format!("not: {}", inner.en))
            }
            CondKind::All(_) | CondKind::Any(_) => {
                words::condition(&Cond { label: None, ..cond.clone() }, &self.words())
            }
        }
    }

    /// A cell as a sentence with its input: “成立时间少于1年”.
    pub(crate) fn cell(&self, input: &Expr, cell: &Cell) -> Text {
        let compare = |op, value: &Expr| self.say(&binary(op, input, value));
        match cell {
            Cell::Any => {
                let input = self.say(input);
                Text::new(format!("{}不限", input.zh), format!("any {}", input.en))
            }
            Cell::Compare(op, value) => compare(*op, value),
            Cell::Band(low, closed, high, also) => {
                let low = compare(if *closed { BinaryOp::Ge } else { BinaryOp::Gt }, low);
                let (op, high) = (if *also { BinaryOp::Le } else { BinaryOp::Lt }, high);
                let high = self.value(input, &Cell::Compare(op, high.clone()));
                Text::new(format!("{}且{}", low.zh, high.zh), format!("{} and {}", low.en, high.en))
            }
            // one value reads as a comparison, several as a choice
            Cell::OneOf(values) => match values.as_slice() {
                [one] => compare(BinaryOp::Eq, one),
                _ => self.say(&Expr {
                    span: Span::default(),
                    kind: ExprKind::In(Box::new(input.clone()), values.clone(), false),
                }),
            },
            Cell::NoneOf(values) => self.say(&Expr {
                span: Span::default(),
                kind: ExprKind::In(Box::new(input.clone()), values.clone(), true),
            }),
            Cell::Within(place) => compare(BinaryOp::Within, place),
        }
    }

    /// A cell without its input, as it stands under the input's heading in a table.
    pub(crate) fn value(&self, input: &Expr, cell: &Cell) -> Text {
        if *cell == Cell::Any {
            return Text::new("不限", "any");
        }
        if let Cell::Band(low, closed, high, also) = cell {
            let low = self.value(input, &Cell::Compare(if *closed { BinaryOp::Ge } else { BinaryOp::Gt }, low.clone()));
            let high = self.value(input, &Cell::Compare(if *also { BinaryOp::Le } else { BinaryOp::Lt }, high.clone()));
            return join([low, high], "且", " and ");
        }
        let (subject, sentence) = (self.say(input), self.cell(input, cell));
        both(|lang| without(sentence.get(lang), subject.get(lang)))
    }

    /// A row's test: its cells that ask something.
    pub(crate) fn when(&self, table: &Table, cells: &[Cell]) -> Text {
        let asked: Vec<Text> = table
            .inputs
            .iter()
            .zip(cells)
            .filter(|(_, cell)| **cell != Cell::Any)
            .map(|(input, cell)| self.cell(input, cell))
            .collect();
        if asked.is_empty() { Text::new("其余情形", "in all other cases") } else { join(asked, "，", ", ") }
    }

    /// A named value as one sentence; a table row by row.
    pub(crate) fn body(&self, body: &LetBody) -> Text {
        match body {
            LetBody::Formula(formula) => self.say(formula),
            LetBody::Table(table) => join(
                table.rows.iter().map(|row| {
                    let (when, then) = (self.when(table, &row.when), self.say(&row.then));
                    Text::new(format!("{}：{}", when.zh, then.zh), format!("{}: {}", when.en, then.en))
                }),
                "；",
                "; ",
            ),
        }
    }
}

/// A sentence without the subject that it begins with, and without the word that joins them.
fn without(sentence: &str, subject: &str) -> String {
    let rest = sentence.strip_prefix(subject).unwrap_or(sentence);
    ["为", "：", ":", " is "].into_iter().find_map(|joint| rest.strip_prefix(joint)).unwrap_or(rest).trim().to_owned()
}

fn binary(op: BinaryOp, left: &Expr, right: &Expr) -> Expr {
    Expr { span: Span::default(), kind: ExprKind::Binary(op, Box::new(left.clone()), Box::new(right.clone())) }
}

/// A formula with every part for which `change` gives something replaced.
pub(super) fn map(formula: &Expr, change: &dyn Fn(&Expr) -> Option<ExprKind>) -> Expr {
    let boxed = |inner: &Expr| Box::new(map(inner, change));
    let many = |items: &[Expr]| items.iter().map(|item| map(item, change)).collect::<Vec<_>>();
    let kind = change(formula).unwrap_or_else(|| match &formula.kind {
        ExprKind::Literal(literal) => ExprKind::Literal(literal.clone()),
        ExprKind::Name(name, index) => ExprKind::Name(name.clone(), *index),
        ExprKind::Neg(inner) => ExprKind::Neg(boxed(inner)),
        ExprKind::Not(inner) => ExprKind::Not(boxed(inner)),
        ExprKind::UpTo(inner) => ExprKind::UpTo(boxed(inner)),
        ExprKind::AtLeast(inner) => ExprKind::AtLeast(boxed(inner)),
        ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, boxed(left), boxed(right)),
        ExprKind::In(subject, set, negated) => ExprKind::In(boxed(subject), many(set), *negated),
        ExprKind::If(condition, yes, no) => ExprKind::If(boxed(condition), boxed(yes), boxed(no)),
        ExprKind::Call(name, args, filter) => ExprKind::Call(name.clone(), many(args), filter.as_deref().map(boxed)),
    });
    Expr { span: Span::default(), kind }
}

/// A formula without its places.
fn bare(formula: &Expr) -> Expr {
    map(formula, &|_| None)
}

/// Whether two formulas say the same, wherever they stand.
pub(crate) fn same(a: &Expr, b: &Expr) -> bool {
    bare(a) == bare(b)
}

impl Speaker<'_> {
    /// What stands on the right of a comparison, with its sign: “≥ 100万元”.
    pub(crate) fn right(&self, formula: &Expr) -> Option<(Text, Text)> {
        let subject = match &formula.kind {
            ExprKind::Binary(op, left, _) if is_test(*op) => left,
            ExprKind::In(subject, ..) => subject,
            _ => return None,
        };
        let (name, sentence) = (self.say(subject), self.say(formula));
        let rest = both(|lang| {
            sentence
                .get(lang)
                .strip_prefix(name.get(lang))
                .unwrap_or(sentence.get(lang))
                .trim_start_matches(['：', ':'])
                .trim()
                .to_owned()
        });
        Some((name, rest))
    }
}

const fn is_test(op: BinaryOp) -> bool {
    !matches!(op, BinaryOp::Or | BinaryOp::And | BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div)
}

/// A condition of a version by its id, of the party or of its records, at any depth.
pub(crate) fn find_condition<'v>(version: &'v VersionIr, id: &str) -> Option<&'v CondIr> {
    fn within<'v>(cond: &'v CondIr, id: &str) -> Option<&'v CondIr> {
        if cond.id == id { Some(cond) } else { cond.children.iter().find_map(|child| within(child, id)) }
    }
    version
        .eligible
        .iter()
        .chain(version.each.iter().flat_map(|each| &each.conditions))
        .find_map(|cond| within(cond, id))
}
