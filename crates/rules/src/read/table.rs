//! Decision tables and the tests in their cells.

use super::reader::{Reader, check_keys};
use crate::ast::{Cell, Hit, LetBody, Row, Table};
use crate::diag::{Diagnostic, Span};
use crate::formula::{BinaryOp, FormulaParser};
use crate::lexer::lex;
use crate::yaml::{Kind, Node};

/// The body of a name under `let`: a formula or a table.
pub(super) fn let_body(reader: &mut Reader, node: &Node) -> Option<LetBody> {
    match &node.kind {
        Kind::Map(_) => table(reader, node).map(LetBody::Table),
        _ => reader.formula(node).map(LetBody::Formula),
    }
}

fn table(reader: &mut Reader, node: &Node) -> Option<Table> {
    check_keys(reader, node, &["table", "inputs", "rows", "cite", "note", "label"]);
    let hits = [
        ("first", Hit::First),
        ("unique", Hit::Unique),
        ("highest", Hit::Highest),
        ("sum", Hit::Sum),
        ("marginal", Hit::Marginal),
    ];
    let Some(hit) = reader.choice(node, "table", &hits) else {
        reader.required(node, "table");
        return None;
    };
    let inputs: Vec<_> =
        node.get("inputs").and_then(Node::seq).unwrap_or_default().iter().filter_map(|n| reader.formula(n)).collect();
    if inputs.is_empty() || (hit == Hit::Marginal && inputs.len() != 1) {
        reader.error(
            "E0320",
            node.span,
            "表格需要 inputs(累进表恰好一个)",
            "a table needs `inputs` (a marginal one exactly one)",
        );
        return None;
    }
    let mut rows = Vec::new();
    for row in node.get("rows").and_then(Node::seq).unwrap_or_default() {
        check_keys(reader, row, &["when", "then", "cite", "note"]);
        let cells: Vec<_> = row
            .get("when")
            .and_then(Node::seq)
            .unwrap_or_default()
            .iter()
            .filter_map(|cell| cell_of(reader, cell))
            .collect();
        if cells.len() != inputs.len() {
            reader.error(
                "E0321",
                row.span,
                format!("此行有 {} 格，表格有 {} 个输入", cells.len(), inputs.len()),
                format!("this row has {} cells, the table has {} inputs", cells.len(), inputs.len()),
            );
            continue;
        }
        if let Some(then) = reader.formula_at(row, "then") {
            rows.push(Row { when: cells, then, cite: reader.word(row, "cite"), span: row.span });
        } else if row.get("then").is_none() {
            reader.required(row, "then");
        }
    }
    if rows.is_empty() {
        reader.error("E0322", node.span, "表格没有行", "the table has no rows");
        return None;
    }
    Some(Table { hit, inputs, rows, span: node.span })
}

fn cell_of(reader: &mut Reader, node: &Node) -> Option<Cell> {
    let text = node.text().unwrap_or_default();
    match cell(text, reader.inner(node)) {
        Ok(cell) => Some(cell),
        Err(finding) => {
            reader.push(finding.hint(
                "例如 -、>= 100万元、[20%, 50%)、ai, robotics、not ai、yes、within nanshan",
                "for example `-`, `>= 1000000 CNY`, `[20%, 50%)`, `ai, robotics`, `not ai`, `yes`, `within nanshan`",
            ));
            None
        }
    }
}

/// Parses the test of a cell.
///
/// # Errors
/// The first mistake, with its place.
pub(crate) fn cell(text: &str, span: Span) -> Result<Cell, Diagnostic> {
    if matches!(text.trim(), "-" | "–" | "—" | "*") {
        return Ok(Cell::Any);
    }
    let tokens = lex(text, span)?;
    let end = span.part(text.chars().count(), text.chars().count() + 1);
    let mut parser = FormulaParser { tokens: &tokens, next: 0, end, depth: 0 };
    let found = if parser.is("[") || parser.is("(") {
        let open = !parser.eat("[");
        if open {
            parser.expect("(")?;
        }
        let low = parser.expression(8)?;
        parser.expect(",")?;
        let high = parser.expression(8)?;
        let closed = parser.eat("]");
        if !closed {
            parser.expect(")")?;
        }
        Cell::Band(low, !open, high, closed)
    } else if parser.eat("within") {
        Cell::Within(parser.expression(8)?)
    } else {
        let ops = [
            (">=", BinaryOp::Ge),
            ("<=", BinaryOp::Le),
            (">", BinaryOp::Gt),
            ("<", BinaryOp::Lt),
            ("!=", BinaryOp::Ne),
        ];
        match ops.into_iter().find(|(sign, _)| parser.is(sign)) {
            Some((sign, op)) => {
                parser.expect(sign)?;
                Cell::Compare(op, parser.expression(8)?)
            }
            None => {
                let negated = parser.eat("not");
                parser.eat("=");
                let mut items = Vec::new();
                loop {
                    items.push(parser.expression(8)?);
                    if !parser.eat(",") {
                        break;
                    }
                }
                if negated { Cell::NoneOf(items) } else { Cell::OneOf(items) }
            }
        }
    };
    match parser.peek() {
        None => Ok(found),
        Some(token) => Err(Diagnostic::error(
            "E0202",
            token.span,
            format!("多余的 `{}`", token.text),
            format!("unexpected `{}`", token.text),
        )),
    }
}
