//! Functions: comparisons of several values, aggregates over records, dates, discretion, other measures.

use super::Lower;
use crate::diag::{Diagnostic, Span};
use crate::formula::{BinaryOp, Expr, ExprKind, Index, Literal};
use crate::ir::{Aggregate, Node, NodeId};
use crate::value::{Truth, Val};
use crate::vocabulary::Type;

/// Every function, for hints.
const FUNCTIONS: [&str; 17] = [
    "min",
    "max",
    "sum",
    "count",
    "any",
    "all",
    "months_between",
    "days_between",
    "years_between",
    "year_of",
    "between",
    "amount_of",
    "received",
    "scale",
    "if",
    "up to",
    "at least",
];

impl Lower<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        args: &[Expr],
        filter: Option<&Expr>,
        span: Span,
        want: Option<Type>,
    ) -> Option<(NodeId, Type)> {
        if filter.is_some() && !matches!(name, "min" | "max" | "sum" | "count" | "any" | "all") {
            self.error("E0420", span, format!("`{name}` 不能带 where"), format!("`{name}` takes no `where`"));
            return None;
        }
        match name {
            "count" | "any" | "all" => self.records_that(name, args, filter, span),
            "sum" | "min" | "max" if args.len() == 1 => self.aggregate(name, args, filter, span, want),
            "min" | "max" if args.len() > 1 => self.extreme(name, args, want),
            "months_between" | "days_between" | "years_between" => {
                let [from, to] = self.arguments(name, args, span)?;
                let (from, to) = (self.typed(from, Type::Date), self.typed(to, Type::Date));
                let (from, to) = (from?, to?);
                Some(match name {
                    "months_between" => (self.pool.arena.add(Node::MonthsBetween(from, to)), Type::Months),
                    "days_between" => (self.pool.arena.add(Node::Sub(to, from)), Type::Days),
                    _ => {
                        let months = self.pool.arena.add(Node::MonthsBetween(from, to));
                        let twelve = self.pool.arena.number(12);
                        (self.pool.arena.add(Node::FloorDiv(months, twelve)), Type::Count)
                    }
                })
            }
            "year_of" => {
                let [date] = self.arguments(name, args, span)?;
                let date = self.typed(date, Type::Date)?;
                Some((self.pool.arena.add(Node::YearOf(date)), Type::Count))
            }
            "between" => {
                let [low, high] = self.arguments(name, args, span)?;
                let (low_result, high_result) = (self.expr(low, want), self.expr(high, want));
                let ((low_node, low_type), (high_node, high_type)) = (low_result?, high_result?);
                let (low_node, high_node, ty) = self.agree(low_node, low_type, high_node, high_type, high.span)?;
                Some((self.pool.arena.add(Node::Discretion(low_node, high_node)), ty))
            }
            "scale" => {
                let [a, b, c] = self.arguments(name, args, span)?;
                let (a_result, b_result, c_result) = (self.expr(a, want), self.expr(b, None), self.expr(c, None));
                let ((a, a_type), (b, b_type), (c_node, c_type)) = (a_result?, b_result?, c_result?);
                let (b, c_node, _) = self.agree(b, b_type, c_node, c_type, c.span)?;
                Some((self.pool.arena.add(Node::MulDiv(a, b, c_node)), a_type))
            }
            "amount_of" => {
                let [measure] = self.arguments(name, args, span)?;
                let index = self.measure(measure)?;
                self.uses.push(index);
                Some((self.pool.arena.add(Node::AmountOf(index)), Type::Money))
            }
            "received" => self.received(args, span),
            _ => {
                let near = domain::text::nearest(name, FUNCTIONS.into_iter()).map(str::to_owned);
                let list = FUNCTIONS.join(", ");
                let finding = Diagnostic::error(
                    "E0421",
                    span,
                    format!("没有函数 `{name}`"),
                    format!("there is no function `{name}`"),
                );
                self.push(match near {
                    Some(near) if near != name => finding.nearest(Some(&near)),
                    _ => finding.hint(format!("可用：{list}"), format!("known: {list}")),
                });
                None
            }
        }
    }

    fn arguments<'e, const N: usize>(&mut self, name: &str, args: &'e [Expr], span: Span) -> Option<[&'e Expr; N]> {
        let found: Option<[&Expr; N]> = args.iter().collect::<Vec<_>>().try_into().ok();
        if found.is_none() {
            self.error(
                "E0422",
                span,
                format!("`{name}` 需要 {N} 个参数，却有 {} 个", args.len()),
                format!("`{name}` takes {N} arguments, not {}", args.len()),
            );
        }
        found
    }

    fn measure(&mut self, expr: &Expr) -> Option<u32> {
        let ExprKind::Literal(Literal::Text(id)) = &expr.kind else {
            self.push(Diagnostic::error(
                "E0423",
                expr.span,
                "此处应为加引号的措施编号",
                "the id of a measure is expected, in quotes",
            ));
            return None;
        };
        self.measure_id(id, expr.span)
    }

    /// The index of a measure.
    pub(crate) fn measure_id(&mut self, id: &str, span: Span) -> Option<u32> {
        let found = self.measures.get(id).copied();
        if found.is_none() {
            let near = domain::text::nearest(id, self.measures.keys().map(String::as_str)).map(str::to_owned);
            self.push(
                Diagnostic::error("E0424", span, format!("没有措施 `{id}`"), format!("there is no measure `{id}`"))
                    .nearest(near.as_deref()),
            );
        }
        found
    }

    fn extreme(&mut self, name: &str, args: &[Expr], want: Option<Type>) -> Option<(NodeId, Type)> {
        let mut values: Vec<(NodeId, Type, Span)> = Vec::new();
        for arg in args {
            let (node, ty) = self.expr(arg, want)?;
            values.push((node, ty, arg.span));
        }
        let rate = values.iter().any(|(_, ty, _)| *ty == Type::Rate);
        let (_, first, _) = *values.first()?;
        let ty = if rate { Type::Rate } else { first };
        let mut nodes = Vec::new();
        for (node, own, span) in values {
            let node = if rate && own == Type::Count { self.promote(node) } else { node };
            let own = if rate && own == Type::Count { Type::Rate } else { own };
            let (_, node, _) = self.agree(node, ty, node, own, span)?;
            nodes.push(node);
        }
        if matches!(ty, Type::Bool | Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text) {
            let text = self.type_name(ty);
            let span = args.first().map_or(Span::default(), |arg| arg.span);
            self.error("E0414", span, format!("{}没有大小之分", text.zh), format!("{} has no order", text.en));
            return None;
        }
        let nodes = nodes.into_boxed_slice();
        Some((self.pool.arena.add(if name == "min" { Node::Min(nodes) } else { Node::Max(nodes) }), ty))
    }

    /// The record whose fields an expression reads first.
    fn record_of(&self, expr: &Expr) -> Option<usize> {
        let mut found = None;
        expr.walk(&mut |part| {
            if let ExprKind::Name(name, None) = &part.kind
                && found.is_none()
                && let Some((record, _)) = name.split_once('.')
                && self.vocabulary.fact(name).is_none()
            {
                found = self.vocabulary.record(record);
            }
        });
        found
    }

    fn within_record<T>(&mut self, record: usize, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.records.push(record);
        let result = inner(self);
        self.records.pop();
        result
    }

    fn filter(&mut self, filter: Option<&Expr>) -> Option<NodeId> {
        match filter {
            Some(filter) => self.typed(filter, Type::Bool),
            None => Some(self.pool.arena.constant(Val::Truth(Truth::True))),
        }
    }

    fn aggregate(
        &mut self,
        name: &str,
        args: &[Expr],
        filter: Option<&Expr>,
        span: Span,
        want: Option<Type>,
    ) -> Option<(NodeId, Type)> {
        let arg = args.first()?;
        if let ExprKind::Name(fact, Some(Index { from, to: Some(to) })) = &arg.kind {
            let fact = self.vocabulary.fact(fact);
            let Some(fact) = fact else {
                return self.expr(arg, want);
            };
            let ty = self.vocabulary.facts.get(fact)?.ty;
            let nodes = self.years(fact, *from, *to, arg.span)?;
            let node = match name {
                "min" => Node::Min(nodes.into_boxed_slice()),
                "max" => Node::Max(nodes.into_boxed_slice()),
                _ => {
                    let sum = nodes.into_iter().reduce(|a, b| self.pool.arena.add(Node::Add(a, b)))?;
                    return Some((sum, ty));
                }
            };
            return Some((self.pool.arena.add(node), ty));
        }
        let Some(record) = self.record_of(arg) else {
            self.push(
                Diagnostic::error(
                    "E0425",
                    span,
                    format!("`{name}` 的参数里没有记录的字段"),
                    format!("`{name}` needs a field of a record"),
                )
                .hint(
                    "例如 sum(contract.amount) 或 sum(org.rd[year-3..year-1])",
                    "for example sum(contract.amount) or sum(org.rd[year-3..year-1])",
                ),
            );
            return None;
        };
        let (value, filter) = self.within_record(record, |lower| (lower.expr(arg, want), lower.filter(filter)));
        let (value, ty) = value?;
        let kind = match name {
            "sum" => Aggregate::Sum,
            "min" => Aggregate::Min,
            _ => Aggregate::Max,
        };
        if matches!(ty, Type::Bool | Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text)
            || (kind == Aggregate::Sum && ty == Type::Date)
        {
            let text = self.type_name(ty);
            self.error(
                "E0426",
                arg.span,
                format!("`{name}` 不能用于{}", text.zh),
                format!("`{name}` cannot be used on {}", text.en),
            );
            return None;
        }
        let record = u16::try_from(record).ok()?;
        Some((self.pool.arena.add(Node::Aggregate { kind, record, value, filter: filter? }), ty))
    }

    fn records_that(&mut self, name: &str, args: &[Expr], filter: Option<&Expr>, span: Span) -> Option<(NodeId, Type)> {
        let [arg] = self.arguments(name, args, span)?;
        let ExprKind::Name(record_name, None) = &arg.kind else {
            self.push(Diagnostic::error("E0427", arg.span, "此处应为记录名", "the name of a record is expected").hint(
                "例如 count(contract where contract.amount > 0 CNY)",
                "for example count(contract where contract.amount > 0 CNY)",
            ));
            return None;
        };
        let Some(record) = self.vocabulary.record(record_name) else {
            let near = domain::text::nearest(record_name, self.vocabulary.records.iter().map(|r| r.name.as_str()))
                .map(str::to_owned);
            self.push(
                Diagnostic::error(
                    "E0427",
                    arg.span,
                    format!("没有记录 `{record_name}`"),
                    format!("there is no record `{record_name}`"),
                )
                .nearest(near.as_deref()),
            );
            return None;
        };
        let mut filter = self.within_record(record, |lower| lower.filter(filter))?;
        let record = u16::try_from(record).ok()?;
        if name == "count" {
            let value = self.pool.arena.number(1);
            return Some((
                self.pool.arena.add(Node::Aggregate { kind: Aggregate::Sum, record, value, filter }),
                Type::Count,
            ));
        }
        if name == "all" {
            filter = self.not(filter);
        }
        let any = self.pool.arena.add(Node::Aggregate { kind: Aggregate::Any, record, value: filter, filter });
        Some((if name == "all" { self.not(any) } else { any }, Type::Bool))
    }

    fn received(&mut self, args: &[Expr], span: Span) -> Option<(NodeId, Type)> {
        let measure = args.first().and_then(|arg| {
            if let ExprKind::Literal(Literal::Text(id)) = &arg.kind { Some((id.clone(), arg.span)) } else { None }
        });
        let Some((id, at)) = measure else {
            self.error("E0423", span, "此处应为加引号的措施编号", "the id of a measure is expected, in quotes");
            return None;
        };
        self.measure_id(&id, at)?;
        let this_year = match args.get(1).map(|arg| &arg.kind) {
            None => false,
            Some(ExprKind::Name(name, None)) if name == "year" => true,
            Some(_) => {
                self.error(
                    "E0428",
                    span,
                    "received 的第二个参数只能是 year",
                    "the second argument of `received` can only be `year`",
                );
                return None;
            }
        };
        self.prior_awards(&id, this_year).map(|node| (node, Type::Money))
    }

    /// The sum of the party's `awards` records under a measure.
    pub(crate) fn prior_awards(&mut self, measure: &str, this_year: bool) -> Option<NodeId> {
        let record = self.vocabulary.record("award")?;
        let definition = self.vocabulary.records.get(record)?;
        let (of, amount, year) = (definition.field("measure")?, definition.field("amount")?, definition.field("year")?);
        let record = u16::try_from(record).ok()?;
        let mut field =
            |index: usize| u16::try_from(index).ok().map(|field| self.pool.arena.add(Node::Field { record, field }));
        let (of, amount, year) = (field(of)?, field(amount)?, field(year)?);
        let symbol = self.pool.text(measure);
        let text = self.pool.arena.constant(Val::Symbol(Some(symbol)));
        let mut filter = self.pool.arena.add(Node::Same(of, text));
        if this_year {
            let on = self.pool.arena.add(Node::On);
            let now = self.pool.arena.add(Node::YearOf(on));
            let same = self.compare(BinaryOp::Eq, year, now, Type::Count, Span::default())?;
            filter = self.pool.arena.add(Node::And(Box::new([filter, same])));
        }
        Some(self.pool.arena.add(Node::Aggregate { kind: Aggregate::Sum, record, value: amount, filter }))
    }
}
