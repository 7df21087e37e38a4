//! How an amount comes about: the formula in words, its named values with what they come to, the row of a table that
//! decides, and the facts that go in.

use super::facts::facts;
use super::{Assessment, ComputationReport, ValueReport};
use crate::ast::{LetBody, Table, Version};
use crate::diag::Text;
use crate::eval::Eval;
use crate::formula::{Expr, ExprKind};
use crate::ir::{Node, NodeId, TableHit, VersionIr};
use crate::phrases::{self, Speaker};
use crate::value::Truth;
use crate::vocabulary::Type;
use crate::words;

/// The computation of an award, for the record that is the current one.
pub(super) fn computation(
    assessment: &Assessment<'_>,
    speaker: &Speaker<'_>,
    eval: &mut Eval<'_>,
    version: &VersionIr,
    written: &Version,
) -> Option<ComputationReport> {
    let (formula, node) = (written.award.amount.as_ref()?, version.amount?);
    let mut names = Vec::new();
    mentioned(formula, written, &mut names);
    let values = names
        .iter()
        .filter_map(|name| {
            let body = written.lets.iter().find(|(known, ..)| known == name).map(|(_, _, body)| body)?;
            let (_, node, ty) = version.lets.iter().find(|(known, ..)| known == name)?;
            Some(value(speaker, eval, name, body, *node, *ty))
        })
        .collect();
    let mut used = Vec::new();
    for read in reads(eval, node) {
        facts(assessment, eval, read, &mut used);
    }
    Some(ComputationReport { formula: speaker.say(formula), values, facts: used })
}

/// The named values that a formula uses, also through others, in the order in which they are met.
fn mentioned(formula: &Expr, written: &Version, names: &mut Vec<String>) {
    formula.walk(&mut |part| {
        if let ExprKind::Name(name, None) = &part.kind
            && !names.contains(name)
            && let Some((_, _, body)) = written.lets.iter().find(|(known, ..)| known == name)
        {
            names.push(name.clone());
            match body {
                LetBody::Formula(inner) => mentioned(inner, written, names),
                LetBody::Table(table) => {
                    table
                        .inputs
                        .iter()
                        .chain(table.rows.iter().map(|row| &row.then))
                        .for_each(|inner| mentioned(inner, written, names));
                }
            }
        }
    });
}

fn value(
    speaker: &Speaker<'_>,
    eval: &mut Eval<'_>,
    name: &str,
    body: &LetBody,
    node: NodeId,
    ty: Type,
) -> ValueReport {
    let (how, cite) = match body {
        LetBody::Formula(formula) => (speaker.say(formula), None),
        LetBody::Table(table) => rows(speaker, eval, table, node),
    };
    let value = match ty {
        Type::Bool => match eval.truth(node) {
            Truth::True => Text::new("是", "yes"),
            Truth::False => Text::new("否", "no"),
            Truth::Unknown => Text::new("未知", "unknown"),
        },
        Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text => how.clone(),
        ty => words::range(eval.range(node), ty),
    };
    ValueReport { name: name.to_owned(), how, value, cite }
}

/// The row of a table that decides, or every row that still may.
fn rows(speaker: &Speaker<'_>, eval: &mut Eval<'_>, table: &Table, node: NodeId) -> (Text, Option<String>) {
    let program = eval.program;
    let Node::Table(hit, compiled) = program.arena.get(node) else { return (phrases::hit(table.hit), None) };
    let mut said = Vec::new();
    let mut cite = None;
    for (row, (when, _)) in table.rows.iter().zip(compiled) {
        let truth = eval.truth(*when);
        if truth == Truth::False {
            continue;
        }
        let (when, then) = (speaker.when(table, &row.when), speaker.say(&row.then));
        said.push(Text::new(format!("{}：{}", when.zh, then.zh), format!("{}: {}", when.en, then.en)));
        cite = cite.or_else(|| row.cite.clone());
        if truth == Truth::True && *hit == TableHit::First {
            break;
        }
    }
    (phrases::join(said, "；或", "; or "), cite)
}

/// The facts and fields below a node, in reading order.
fn reads(eval: &Eval<'_>, node: NodeId) -> Vec<NodeId> {
    let mut open = vec![node];
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        let node = eval.program.arena.get(next);
        if matches!(node, Node::Slot(_) | Node::Field { .. }) {
            found.push(next);
        }
        let mut children = Vec::new();
        node.children(&mut |child| children.push(child));
        open.extend(children.into_iter().rev());
    }
    found
}
