//! Operators between values.

use domain::Unit;

use super::Lower;
use crate::diag::{Diagnostic, Span};
use crate::formula::{BinaryOp, Expr, ExprKind};
use crate::ir::{Node, NodeId, Order};
use crate::value::{Val, WHOLE};
use crate::vocabulary::Type;

const fn ordered(ty: Type) -> bool {
    !matches!(ty, Type::Bool | Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text)
}

impl Lower<'_> {
    pub(super) fn negative(&mut self, inner: &Expr) -> Option<(NodeId, Type)> {
        let (node, ty) = self.expr(inner, None)?;
        if !ordered(ty) || ty == Type::Date {
            let name = self.type_name(ty);
            self.error("E0411", inner.span, format!("{}没有负值", name.zh), format!("{} has no negative", name.en));
            return None;
        }
        let zero = self.pool.arena.number(0);
        Some((self.pool.arena.add(Node::Sub(zero, node)), ty))
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Option<(NodeId, Type)> {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let (a, b) = (self.typed(left, Type::Bool), self.typed(right, Type::Bool));
                let items = [a?, b?];
                let node = if op == BinaryOp::And { Node::And(Box::new(items)) } else { Node::Or(Box::new(items)) };
                Some((self.pool.arena.add(node), Type::Bool))
            }
            BinaryOp::Within => {
                let place = self.typed(left, Type::Place);
                let ExprKind::Name(name, None) = &right.kind else {
                    self.error("E0412", right.span, "within 后应是一个地方", "`within` takes a place");
                    return None;
                };
                let outer = self.place(name, right.span)?;
                Some((self.pool.arena.add(Node::Within(place?, outer)), Type::Bool))
            }
            BinaryOp::Has => {
                let (set, ty) = self.expr(left, None)?;
                let (Type::Codes(list), ExprKind::Name(name, None)) = (ty, &right.kind) else {
                    self.push(
                        Diagnostic::error(
                            "E0413",
                            span,
                            "has 用于多值事实，后接一个代码",
                            "`has` takes a fact with several codes and one code",
                        )
                        .hint("单值请用 = 或 in", "for a single code use `=` or `in`"),
                    );
                    return None;
                };
                let code = self.code(list, name, right.span)?;
                Some((self.pool.arena.add(Node::HasAny(set, 1 << (code % 64))), Type::Bool))
            }
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                self.comparison(op, left, right)
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => self.arithmetic(op, left, right, span),
        }
    }

    fn comparison(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Option<(NodeId, Type)> {
        let (a, a_type) = self.expr(left, None)?;
        let (b, b_type) = self.expr(right, Some(a_type))?;
        let (a, b, ty) = self.agree(a, a_type, b, b_type, right.span)?;
        self.compare(op, a, b, ty, right.span).map(|node| (node, Type::Bool))
    }

    /// A comparison of two values of one type.
    pub(super) fn compare(&mut self, op: BinaryOp, a: NodeId, b: NodeId, ty: Type, span: Span) -> Option<NodeId> {
        if !ordered(ty) && !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            let name = self.type_name(ty);
            self.error("E0414", span, format!("{}没有大小之分", name.zh), format!("{} has no order", name.en));
            return None;
        }
        let arena = &mut self.pool.arena;
        Some(match (op, ty) {
            (BinaryOp::Eq | BinaryOp::Ne, Type::Bool) => {
                // the usual case is a comparison with a written yes or no
                let same = match *arena.get(b) {
                    Node::Const(Val::Truth(crate::value::Truth::True)) => a,
                    Node::Const(Val::Truth(crate::value::Truth::False)) => self.not(a),
                    _ => {
                        let (not_a, not_b) = (self.not(a), self.not(b));
                        let both = self.pool.arena.add(Node::And(Box::new([a, b])));
                        let neither = self.pool.arena.add(Node::And(Box::new([not_a, not_b])));
                        self.pool.arena.add(Node::Or(Box::new([both, neither])))
                    }
                };
                if op == BinaryOp::Ne { self.not(same) } else { same }
            }
            (BinaryOp::Eq | BinaryOp::Ne, ty) if !ordered(ty) => {
                if matches!(ty, Type::Codes(_)) {
                    self.error("E0413", span, "多值事实请用 has", "for a fact with several codes use `has`");
                    return None;
                }
                let same = arena.add(Node::Same(a, b));
                if op == BinaryOp::Ne { self.not(same) } else { same }
            }
            (BinaryOp::Eq, _) => arena.add(Node::Compare(Order::Eq, a, b)),
            (BinaryOp::Ne, _) => {
                let same = arena.add(Node::Compare(Order::Eq, a, b));
                self.not(same)
            }
            (BinaryOp::Lt, _) => arena.add(Node::Compare(Order::Lt, a, b)),
            (BinaryOp::Le, _) => arena.add(Node::Compare(Order::Le, a, b)),
            (BinaryOp::Gt, _) => arena.add(Node::Compare(Order::Lt, b, a)),
            _ => arena.add(Node::Compare(Order::Le, b, a)),
        })
    }

    pub(super) fn membership(&mut self, subject: &Expr, set: &[Expr], negated: bool) -> Option<(NodeId, Type)> {
        let (node, ty) = self.expr(subject, None)?;
        let mut nodes = Vec::new();
        let mut bad = false;
        for item in set {
            match self.expr(item, Some(ty)) {
                Some((value, item_type)) => match self.agree(node, ty, value, item_type, item.span) {
                    Some((_, value, _)) => nodes.push((value, item.span)),
                    None => bad = true,
                },
                None => bad = true,
            }
        }
        if bad {
            return None;
        }
        let symbols: Option<Vec<u32>> = nodes
            .iter()
            .map(
                |(value, _)| {
                    if let Node::Const(Val::Symbol(symbol)) = self.pool.arena.get(*value) { *symbol } else { None }
                },
            )
            .collect();
        let found = match symbols {
            Some(mut symbols) if !matches!(ty, Type::Codes(_)) => {
                symbols.sort_unstable();
                symbols.dedup();
                self.pool.arena.add(Node::OneOf(node, symbols.into_boxed_slice()))
            }
            _ => {
                let mut tests = Vec::new();
                for (value, span) in nodes {
                    tests.push(self.compare(BinaryOp::Eq, node, value, ty, span)?);
                }
                self.pool.arena.add(Node::Or(tests.into_boxed_slice()))
            }
        };
        Some((if negated { self.not(found) } else { found }, Type::Bool))
    }

    fn arithmetic(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Option<(NodeId, Type)> {
        let (a_result, b_result) = (self.expr(left, None), self.expr(right, None));
        let ((a, a_type), (b, b_type)) = (a_result?, b_result?);
        let found = match op {
            BinaryOp::Add | BinaryOp::Sub => self.sum(op == BinaryOp::Sub, (a, a_type), (b, b_type)),
            BinaryOp::Mul => self.product((a, a_type), (b, b_type)).or_else(|| self.product((b, b_type), (a, a_type))),
            _ => self.quotient((a, a_type), (b, b_type)),
        };
        if found.is_none() {
            let (x, y) = (self.type_name(a_type), self.type_name(b_type));
            let (zh, en) = match op {
                BinaryOp::Add => ("相加", "added"),
                BinaryOp::Sub => ("相减", "subtracted"),
                BinaryOp::Mul => ("相乘", "multiplied"),
                _ => ("相除", "divided"),
            };
            self.error(
                "E0415",
                span,
                format!("{}与{}不能{zh}", x.zh, y.zh),
                format!("{} and {} cannot be {en}", x.en, y.en),
            );
        }
        found
    }

    fn sum(&mut self, minus: bool, (a, a_type): (NodeId, Type), (b, b_type): (NodeId, Type)) -> Option<(NodeId, Type)> {
        let (a, b, ty) = match (a_type, b_type) {
            (Type::Date, Type::Months) => {
                let months = if minus {
                    let zero = self.pool.arena.number(0);
                    self.pool.arena.add(Node::Sub(zero, b))
                } else {
                    b
                };
                return Some((self.pool.arena.add(Node::AddMonths(a, months)), Type::Date));
            }
            (Type::Date, Type::Days) => (a, b, Type::Date),
            (Type::Date, Type::Date) if minus => (a, b, Type::Days),
            (Type::Count, Type::Rate) => (self.promote(a), b, Type::Rate),
            (Type::Rate, Type::Count) => (a, self.promote(b), Type::Rate),
            (x, y) if x == y && ordered(x) && x != Type::Date => (a, b, x),
            _ => return None,
        };
        let node = if minus { Node::Sub(a, b) } else { Node::Add(a, b) };
        Some((self.pool.arena.add(node), ty))
    }

    fn product(&mut self, (a, a_type): (NodeId, Type), (b, b_type): (NodeId, Type)) -> Option<(NodeId, Type)> {
        let (divisor, ty) = match (a_type, b_type) {
            (Type::Rate, Type::Rate) => return Some((self.pool.arena.add(Node::MulRate(a, b)), Type::Rate)),
            (ty @ (Type::Money | Type::Quantity(_) | Type::MoneyPer(_)), Type::Rate) => (WHOLE, ty),
            (
                ty @ (Type::Money | Type::Quantity(_) | Type::Months | Type::Days | Type::Count | Type::Rate),
                Type::Count,
            ) => (1, ty),
            (Type::MoneyPer(unit), Type::Quantity(other)) if unit == other => (1000, Type::Money),
            (Type::MoneyPer(Unit::Person), Type::Count)
            | (Type::MoneyPer(Unit::Month), Type::Months)
            | (Type::MoneyPer(Unit::Day), Type::Days) => (1, Type::Money),
            _ => return None,
        };
        Some((self.pool.arena.add(Node::Mul(a, b, divisor)), ty))
    }

    fn quotient(&mut self, (a, a_type): (NodeId, Type), (b, b_type): (NodeId, Type)) -> Option<(NodeId, Type)> {
        let node = match (a_type, b_type) {
            (Type::Rate, Type::Count) => {
                let b = self.promote(b);
                Node::Ratio(a, b)
            }
            (Type::Count, Type::Rate) => {
                let a = self.promote(a);
                Node::Ratio(a, b)
            }
            (Type::Money | Type::Quantity(_), Type::Count) => {
                let one = self.pool.arena.number(1);
                return Some((self.pool.arena.add(Node::MulDiv(a, one, b)), a_type));
            }
            (x, y) if x == y && ordered(x) && x != Type::Date => Node::Ratio(a, b),
            _ => return None,
        };
        Some((self.pool.arena.add(node), Type::Rate))
    }
}
