//! Conditions. Structured forms become formulas, so that there is one evaluator and one way to put them into words.

use super::reader::{Reader, check_keys};
use crate::ast::{Cond, CondKind, Outcome};
use crate::diag::Diagnostic;
use crate::formula::{BinaryOp, Expr, ExprKind};
use crate::yaml::{Kind, Node};

/// A code list has no more.
const MAX_CODES: usize = 64;
const SHARED: [&str; 6] = ["id", "label", "cite", "evidence", "unless", "note"];
const FORMS: [&str; 8] = ["all", "any", "not", "fact", "is", "listed", "review", "measure"];
/// What a `fact` condition can ask of its fact.
pub(crate) const TESTS: [&str; 13] = [
    "is",
    "is_not",
    "in",
    "not_in",
    "within",
    "not_within",
    "has",
    "has_none_of",
    "at_least",
    "more_than",
    "at_most",
    "less_than",
    "has_any_of",
];

/// A list of conditions, or a single one.
pub(crate) fn conditions(reader: &mut Reader, node: &Node) -> Vec<Cond> {
    match &node.kind {
        Kind::Seq(items) => items.iter().filter_map(|item| condition(reader, item)).collect(),
        _ => condition(reader, node).into_iter().collect(),
    }
}

pub(crate) fn condition(reader: &mut Reader, node: &Node) -> Option<Cond> {
    let form = FORMS
        .into_iter()
        .find(|form| *form != "is" && node.get(form).is_some())
        .or_else(|| node.get("is").map(|_| "is"));
    let Some(form) = form else {
        let list = FORMS.join(", ");
        reader.push(
            Diagnostic::error("E0310", node.span, "看不懂这个条件", "this is not a condition")
                .hint(format!("条件应含以下之一：{list}"), format!("a condition has one of: {list}")),
        );
        return None;
    };
    let body = node.get(form)?;
    let (kind, default_id) = match form {
        "all" | "any" => {
            keys(reader, node, &[form]);
            let inner = conditions(reader, body);
            if inner.is_empty() {
                reader.error("E0311", body.span, "条件列表是空的", "the list of conditions is empty");
            }
            (if form == "all" { CondKind::All(inner) } else { CondKind::Any(inner) }, form.to_owned())
        }
        "not" => {
            keys(reader, node, &[form]);
            let inner = condition(reader, body)?;
            let id = inner.id.clone();
            (CondKind::Not(Box::new(inner)), id)
        }
        "is" => {
            keys(reader, node, &[form]);
            let formula = reader.formula(body)?;
            let id = formula.first_fact().unwrap_or("is").to_owned();
            (CondKind::Formula(formula), id)
        }
        "fact" => fact(reader, node, body)?,
        "listed" => {
            keys(reader, node, &["listed", "list", "on", "scope"]);
            let list = reader.required(node, "list");
            let member = reader.formula(body)?;
            (
                CondKind::Listed {
                    member,
                    list: list.clone(),
                    on: reader.formula_at(node, "on"),
                    scope: reader.formula_at(node, "scope"),
                },
                list,
            )
        }
        "review" => {
            keys(reader, node, &["review", "by"]);
            let by = reader
                .choice(
                    node,
                    "by",
                    &[("officer", "officer"), ("expert", "expert"), ("panel", "panel"), ("authority", "authority")],
                )
                .unwrap_or("officer");
            if node.get("label").is_none() {
                reader.error("E0312", node.span, "人工认定的条件需要 label", "a `review` needs a `label`");
            }
            let key = body.text().unwrap_or_default().to_owned();
            (CondKind::Review { key: key.clone(), by: by.to_owned() }, key)
        }
        _ => {
            keys(reader, node, &["measure", "outcome"]);
            let outcomes = [("eligible", Outcome::Eligible), ("not_eligible", Outcome::NotEligible)];
            let outcome = reader.choice(node, "outcome", &outcomes).unwrap_or(Outcome::Eligible);
            let id = body.text().unwrap_or_default().to_owned();
            (CondKind::Measure { id: id.clone(), outcome }, id)
        }
    };
    Some(Cond {
        id: reader.word(node, "id").unwrap_or(default_id),
        label: reader.text_opt(node, "label"),
        cite: reader.word(node, "cite"),
        evidence: reader.words(node, "evidence").into_iter().map(|(word, _)| word).collect(),
        note: reader.text_opt(node, "note"),
        kind,
        unless: node.get("unless").and_then(|node| condition(reader, node)).map(Box::new),
        span: node.span,
    })
}

fn keys(reader: &mut Reader, node: &Node, own: &[&str]) {
    let known: Vec<&str> = own.iter().chain(SHARED.iter()).copied().collect();
    check_keys(reader, node, &known);
}

/// `{ fact: NAME, TEST: VALUE }` as the formula it stands for.
fn fact(reader: &mut Reader, node: &Node, body: &Node) -> Option<(CondKind, String)> {
    let mut known = vec!["fact"];
    known.extend(TESTS);
    keys(reader, node, &known);
    let subject = reader.formula(body)?;
    let ExprKind::Name(name, _) = &subject.kind else {
        reader.push(
            Diagnostic::error("E0313", body.span, "fact 后应是一个事实名", "`fact` takes the name of a fact")
                .hint("公式请用 is:", "use `is:` for a formula"),
        );
        return None;
    };
    let id = name.clone();
    let mut parts = Vec::new();
    for (key, value) in node.map().unwrap_or_default() {
        let test = key.text().unwrap_or_default();
        if !TESTS.contains(&test) {
            continue;
        }
        let set = |reader: &mut Reader| -> Vec<Expr> {
            match &value.kind {
                Kind::Seq(items) => items.iter().filter_map(|item| reader.formula(item)).collect(),
                _ => reader.formula(value).into_iter().collect(),
            }
        };
        let kind = match test {
            "in" | "not_in" => {
                let items = set(reader);
                if items.is_empty() {
                    reader.error("E0314", value.span, "列表是空的", "the list is empty");
                    return None;
                }
                ExprKind::In(Box::new(subject.clone()), items, test == "not_in")
            }
            "has_none_of" | "has_any_of" => {
                let items = set(reader);
                if items.len() > MAX_CODES {
                    reader.error(
                        "E0316",
                        value.span,
                        format!("代码过多(最多 {MAX_CODES} 个)"),
                        format!("too many codes (at most {MAX_CODES})"),
                    );
                    return None;
                }
                let any = items.into_iter().map(|item| binary(BinaryOp::Has, &subject, item)).reduce(|a, b| Expr {
                    span: a.span,
                    kind: ExprKind::Binary(BinaryOp::Or, Box::new(a), Box::new(b)),
                })?;
                if test == "has_any_of" { any.kind } else { ExprKind::Not(Box::new(any)) }
            }
            "not_within" => {
                let place = reader.formula(value)?;
                ExprKind::Not(Box::new(binary(BinaryOp::Within, &subject, place)))
            }
            _ => {
                let op = match test {
                    "is" => BinaryOp::Eq,
                    "is_not" => BinaryOp::Ne,
                    "within" => BinaryOp::Within,
                    "has" => BinaryOp::Has,
                    "at_least" => BinaryOp::Ge,
                    "more_than" => BinaryOp::Gt,
                    "at_most" => BinaryOp::Le,
                    _ => BinaryOp::Lt,
                };
                binary(op, &subject, reader.formula(value)?).kind
            }
        };
        parts.push(Expr { span: value.span, kind });
    }
    match parts
        .into_iter()
        .reduce(|a, b| Expr { span: a.span, kind: ExprKind::Binary(BinaryOp::And, Box::new(a), Box::new(b)) })
    {
        Some(formula) => Some((CondKind::Formula(formula), id)),
        None => {
            let list = TESTS.join(", ");
            reader.push(
                Diagnostic::error(
                    "E0315",
                    node.span,
                    "条件没有说明要满足什么",
                    "the condition does not say what must hold",
                )
                .hint(format!("请加上：{list}"), format!("add one of: {list}")),
            );
            None
        }
    }
}

fn binary(op: BinaryOp, subject: &Expr, value: Expr) -> Expr {
    Expr { span: value.span, kind: ExprKind::Binary(op, Box::new(subject.clone()), Box::new(value)) }
}
