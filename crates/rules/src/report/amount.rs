//! How an amount comes about: the formula in words, its named values with what they come to, the row of a table that
//! decides, and the facts that go in.

use super::facts::facts;
use super::sentences::{How, Named, Sentences};
use super::{Assessment, ComputationReport, ValueReport};
use crate::ast::{LetBody, Version};
use crate::diag::Text;
use crate::eval::Eval;
use crate::formula::{Expr, ExprKind};
use crate::ir::{Node, NodeId, Program, TableHit};
use crate::phrases;
use crate::value::Truth;
use crate::vocabulary::Type;
use crate::words;

/// The computation of an award, for the record that is the current one.
pub(super) fn computation(
    assessment: &Assessment<'_>,
    eval: &mut Eval<'_>,
    sentences: Option<&Sentences>,
) -> Option<ComputationReport> {
    let sentences = sentences?;
    let formula = sentences.formula.clone()?;
    let values = sentences.values.iter().map(|named| value(eval, named)).collect();
    let mut used = Vec::new();
    for read in &sentences.reads {
        facts(assessment, eval, *read, &mut used);
    }
    Some(ComputationReport { formula, values, facts: used })
}

/// The named values that a formula uses, also through others, in the order in which they are met.
pub(super) fn mentioned(formula: &Expr, written: &Version, names: &mut Vec<String>) {
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

fn value(eval: &mut Eval<'_>, named: &Named) -> ValueReport {
    let (how, cite) = match &named.how {
        How::Formula(formula) => (formula.clone(), None),
        How::Rows(rows) => deciding(eval, rows, named.node),
    };
    let value = match named.ty {
        Type::Bool => match eval.truth(named.node) {
            Truth::True => Text::new("是", "yes"),
            Truth::False => Text::new("否", "no"),
            Truth::Unknown => Text::new("未知", "unknown"),
        },
        Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text => how.clone(),
        ty => words::range(eval.range(named.node), ty),
    };
    ValueReport { name: named.name.clone(), how, value, cite }
}

/// The row of a table that decides, or every row that still may.
fn deciding(eval: &mut Eval<'_>, rows: &[(Text, Option<String>)], node: NodeId) -> (Text, Option<String>) {
    let Node::Table(hit, compiled) = eval.program.arena.get(node) else { return (Text::default(), None) };
    let mut said = Vec::new();
    let mut cite = None;
    for ((row, clause), (when, _)) in rows.iter().zip(compiled) {
        let truth = eval.truth(*when);
        if truth == Truth::False {
            continue;
        }
        said.push(row.clone());
        cite = cite.or_else(|| clause.clone());
        if truth == Truth::True && *hit == TableHit::First {
            break;
        }
    }
    (phrases::join(said, "；或", "; or "), cite)
}

/// The facts and fields below a node, in reading order.
pub(super) fn reads(program: &Program, node: NodeId) -> Vec<NodeId> {
    let mut open = vec![node];
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        let node = program.arena.get(next);
        if matches!(node, Node::Slot(_) | Node::Field { .. }) {
            found.push(next);
        }
        let mut children = Vec::new();
        node.children(&mut |child| children.push(child));
        open.extend(children.into_iter().rev());
    }
    found
}
