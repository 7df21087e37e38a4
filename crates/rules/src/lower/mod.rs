//! From formulas to the typed graph: names, units and types are resolved here, once, before anything runs.

mod call;
mod literal;
mod operator;
mod table;

use std::collections::BTreeMap;

use crate::ast::LetBody;
use crate::diag::{Diagnostic, Span, Text};
use crate::formula::{Expr, ExprKind, Index, YearRef};
use crate::ir::{Arena, Node, NodeId, Review, Slot};
use crate::value::{Truth, UNBOUNDED, Val};
use crate::vocabulary::{FactDef, Type, Vocabulary};

pub(crate) use table::check_tables;

/// How deep a computation may be nested.
const MAX_DEPTH: u32 = 200;

/// What is built up over the whole catalogue.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    pub(crate) arena: Arena,
    pub(crate) slots: Vec<Slot>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) texts: Vec<String>,
    /// Tables to be checked for gaps and overlaps once every node exists.
    pub(crate) tables: Vec<table::Pending>,
}

impl Pool {
    pub(crate) fn slot(&mut self, slot: Slot) -> NodeId {
        let index = self.slots.iter().position(|known| *known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        self.arena.add(Node::Slot(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    pub(crate) fn text(&mut self, text: &str) -> u32 {
        let index = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    pub(crate) fn review(&mut self, review: Review) -> NodeId {
        let index = self.reviews.iter().position(|known| known.key == review.key).unwrap_or_else(|| {
            self.reviews.push(review);
            self.reviews.len() - 1
        });
        self.arena.add(Node::Review(u32::try_from(index).unwrap_or(u32::MAX)))
    }
}

/// The value of a fact or field while nothing is known of it.
pub(crate) fn unknown(fact: &FactDef, codes: usize) -> Val {
    match fact.ty {
        Type::Bool => Val::Truth(Truth::Unknown),
        Type::Code(_) | Type::Place | Type::Text => Val::Symbol(None),
        Type::Codes(_) => Val::Set { sure: 0, maybe: if codes >= 64 { u64::MAX } else { (1 << codes) - 1 } },
        _ => Val::Range(fact.range),
    }
}

/// Resolves the formulas of one version of one measure.
pub(crate) struct Lower<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) pool: &'a mut Pool,
    pub(crate) findings: &'a mut Vec<Diagnostic>,
    pub(crate) measures: &'a BTreeMap<String, u32>,
    pub(crate) file: &'a str,
    lets: BTreeMap<&'a str, (&'a LetBody, Span)>,
    done: BTreeMap<&'a str, Option<(NodeId, Type)>>,
    open: Vec<&'a str>,
    /// Facts that are computed: those done, and those under way.
    derived: BTreeMap<usize, Option<(NodeId, Type)>>,
    deriving: Vec<usize>,
    /// Records that formulas may name the fields of.
    pub(crate) records: Vec<usize>,
    /// Other measures that are read.
    pub(crate) uses: Vec<u32>,
    /// `award` means the amount after limits.
    pub(crate) award: bool,
    depth: u32,
}

impl<'a> Lower<'a> {
    pub(crate) fn new(
        vocabulary: &'a Vocabulary,
        pool: &'a mut Pool,
        findings: &'a mut Vec<Diagnostic>,
        measures: &'a BTreeMap<String, u32>,
        file: &'a str,
        lets: &'a [(String, Span, LetBody)],
    ) -> Self {
        let lets = lets.iter().map(|(name, span, body)| (name.as_str(), (body, *span))).collect();
        Self {
            vocabulary,
            pool,
            findings,
            measures,
            file,
            lets,
            done: BTreeMap::new(),
            open: Vec::new(),
            derived: BTreeMap::new(),
            deriving: Vec::new(),
            records: Vec::new(),
            uses: Vec::new(),
            award: false,
            depth: 0,
        }
    }

    pub(crate) fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding.in_file(self.file));
    }

    pub(crate) fn error(&mut self, code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.push(Diagnostic::error(code, span, zh, en));
    }

    /// What readers call a type.
    pub(crate) fn type_name(&self, ty: Type) -> Text {
        let list =
            |index: u16| self.vocabulary.codes.get(index as usize).map(|list| list.name.clone()).unwrap_or_default();
        match ty {
            Type::Bool => Text::new("是/否", "yes or no"),
            Type::Money => Text::new("金额", "money"),
            Type::MoneyPer(unit) => Text::new(format!("每{}金额", unit.zh()), format!("money per {}", unit.code())),
            Type::Rate => Text::new("比例", "a rate"),
            Type::Count => Text::new("数目", "a count"),
            Type::Quantity(unit) => Text::new(format!("数量({})", unit.zh()), format!("a quantity in {}", unit.code())),
            Type::Date => Text::new("日期", "a date"),
            Type::Months => Text::new("月数", "months"),
            Type::Days => Text::new("天数", "days"),
            Type::Code(index) => Text::new(format!("代码({})", list(index)), format!("a code of `{}`", list(index))),
            Type::Codes(index) => {
                Text::new(format!("多个代码({})", list(index)), format!("codes of `{}`", list(index)))
            }
            Type::Place => Text::new("地点", "a place"),
            Type::Text => Text::new("文字", "a text"),
        }
    }

    /// Resolves a formula that must have a certain type.
    pub(crate) fn typed(&mut self, expr: &Expr, want: Type) -> Option<NodeId> {
        let (node, ty) = self.expr(expr, Some(want))?;
        if ty == want {
            return Some(node);
        }
        if ty == Type::Count && want == Type::Rate {
            return Some(self.promote(node));
        }
        if ty == Type::Months && want == Type::Quantity(domain::Unit::Month)
            || ty == Type::Days && want == Type::Quantity(domain::Unit::Day)
        {
            return Some(node);
        }
        let (want_name, ty_name) = (self.type_name(want), self.type_name(ty));
        let finding = Diagnostic::error(
            "E0401",
            expr.span,
            format!("此处应为{}，却是{}", want_name.zh, ty_name.zh),
            format!("expected {}, found {}", want_name.en, ty_name.en),
        );
        let finding = match (want, ty) {
            (Type::Money, Type::Count) => {
                finding.hint("请加上单位，例如 500000 CNY 或 50万元", "add the unit, for example 500000 CNY")
            }
            _ => finding,
        };
        self.push(finding);
        None
    }

    /// A count as a rate: 2 is 200 %.
    pub(crate) fn promote(&mut self, node: NodeId) -> NodeId {
        if let Node::Const(Val::Range(range)) = *self.pool.arena.get(node)
            && range.is_point()
        {
            return self.pool.arena.number(range.lo.saturating_mul(crate::value::WHOLE).clamp(-UNBOUNDED, UNBOUNDED));
        }
        let whole = self.pool.arena.number(crate::value::WHOLE);
        self.pool.arena.add(Node::Mul(node, whole, 1))
    }

    /// Resolves a formula; `want` helps to read codes and places.
    pub(crate) fn expr(&mut self, expr: &Expr, want: Option<Type>) -> Option<(NodeId, Type)> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.error("E0204", expr.span, "公式嵌套过深", "the formula is nested too deep");
            self.depth -= 1;
            return None;
        }
        let result = match &expr.kind {
            ExprKind::Literal(literal) => Some(self.literal(literal)),
            ExprKind::Name(name, index) => self.name(name, *index, expr.span, want),
            ExprKind::Neg(inner) => self.negative(inner),
            ExprKind::Not(inner) => {
                let inner = self.typed(inner, Type::Bool);
                inner.map(|inner| (self.not(inner), Type::Bool))
            }
            ExprKind::UpTo(inner) => self.expr(inner, want).map(|(high, ty)| {
                let low = self.pool.arena.number(0);
                (self.pool.arena.add(Node::Discretion(low, high)), ty)
            }),
            ExprKind::AtLeast(inner) => self.expr(inner, want).map(|(low, ty)| {
                let high = self.pool.arena.number(UNBOUNDED);
                (self.pool.arena.add(Node::Discretion(low, high)), ty)
            }),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, expr.span),
            ExprKind::In(subject, set, negated) => self.membership(subject, set, *negated),
            ExprKind::If(condition, yes, no) => self.branch(condition, yes, no, want),
            ExprKind::Call(name, args, filter) => self.call(name, args, filter.as_deref(), expr.span, want),
        };
        self.depth -= 1;
        // names under `let` may build on each other without end, each of them short
        if result.is_some_and(|(node, _)| self.pool.arena.depth(node) > MAX_DEPTH) {
            self.error("E0204", expr.span, "公式嵌套过深", "the formula is nested too deep");
            return None;
        }
        result
    }

    pub(crate) fn not(&mut self, node: NodeId) -> NodeId {
        if let Node::Not(inner) = self.pool.arena.get(node) {
            return *inner;
        }
        self.pool.arena.add(Node::Not(node))
    }

    fn branch(&mut self, condition: &Expr, yes: &Expr, no: &Expr, want: Option<Type>) -> Option<(NodeId, Type)> {
        let condition = self.typed(condition, Type::Bool);
        let yes_result = self.expr(yes, want);
        let no_result = self.expr(no, want.or(yes_result.map(|(_, ty)| ty)));
        let ((yes_node, yes_type), (no_node, no_type)) = (yes_result?, no_result?);
        let (a, b, ty) = self.agree(yes_node, yes_type, no_node, no_type, no.span)?;
        Some((self.pool.arena.add(Node::If(condition?, a, b)), ty))
    }

    /// Brings two values to one type, or says why not.
    pub(crate) fn agree(
        &mut self,
        a: NodeId,
        a_type: Type,
        b: NodeId,
        b_type: Type,
        span: Span,
    ) -> Option<(NodeId, NodeId, Type)> {
        match (a_type, b_type) {
            (x, y) if x == y => Some((a, b, x)),
            (Type::Count, Type::Rate) => Some((self.promote(a), b, Type::Rate)),
            (Type::Rate, Type::Count) => Some((a, self.promote(b), Type::Rate)),
            _ => {
                let (left, right) = (self.type_name(a_type), self.type_name(b_type));
                let finding = Diagnostic::error(
                    "E0402",
                    span,
                    format!("类型不一致：{}与{}", left.zh, right.zh),
                    format!("{} and {} do not go together", left.en, right.en),
                );
                let finding = if matches!((a_type, b_type), (Type::Money, Type::Count) | (Type::Count, Type::Money)) {
                    finding
                        .hint("金额请带单位，例如 500000 CNY 或 50万元", "money needs its unit, for example 500000 CNY")
                } else {
                    finding
                };
                self.push(finding);
                None
            }
        }
    }

    fn name(&mut self, name: &str, index: Option<Index>, span: Span, want: Option<Type>) -> Option<(NodeId, Type)> {
        if name == "on" {
            return Some((self.pool.arena.add(Node::On), Type::Date));
        }
        if name == "award" && self.award {
            return Some((self.pool.arena.add(Node::Award), Type::Money));
        }
        // where a code is expected a code is meant, even if a part of the rule has the same name
        let is_code =
            |list: u16| self.vocabulary.codes.get(list as usize).is_some_and(|codes| codes.index(name).is_some());
        let code = matches!(want, Some(Type::Code(list) | Type::Codes(list)) if is_code(list));
        if let Some((&key, &(body, at))) = self.lets.get_key_value(name).filter(|_| !code) {
            return self.named(key, body, at, want);
        }
        if let Some(fact) = self.vocabulary.fact(name) {
            return self.fact(fact, index, span);
        }
        if let Some((record, field)) = name.split_once('.')
            && let Some(record) = self.vocabulary.record(record)
        {
            return self.field(record, field, span);
        }
        match want {
            Some(Type::Code(list) | Type::Codes(list)) if !name.contains('.') => self
                .code(list, name, span)
                .map(|code| (self.pool.arena.constant(Val::Symbol(Some(code))), Type::Code(list))),
            Some(Type::Place) if !name.contains('.') => {
                self.place(name, span).map(|place| (self.pool.arena.constant(Val::Symbol(Some(place))), Type::Place))
            }
            _ => {
                let lets: Vec<&str> = self.lets.keys().copied().collect();
                let near =
                    domain::text::nearest(name, self.vocabulary.names().chain(lets.iter().copied())).map(str::to_owned);
                let finding =
                    Diagnostic::error("E0403", span, format!("未知名称 `{name}`"), format!("unknown name `{name}`"));
                self.push(match near {
                    Some(near) => finding.nearest(Some(&near)),
                    None => finding.hint(
                        "事实须在 vocabulary 中声明，中间结果须在 let 中命名",
                        "facts are declared in the vocabulary, parts of a rule are named under `let`",
                    ),
                });
                None
            }
        }
    }

    fn named(&mut self, name: &'a str, body: &'a LetBody, at: Span, want: Option<Type>) -> Option<(NodeId, Type)> {
        if let Some(done) = self.done.get(name) {
            return *done;
        }
        if self.open.contains(&name) {
            self.error("E0404", at, format!("`{name}` 循环引用自身"), format!("`{name}` is defined by itself"));
            return None;
        }
        self.open.push(name);
        let result = match body {
            LetBody::Formula(expr) => self.expr(expr, want),
            LetBody::Table(table) => self.table(table, want),
        };
        self.open.pop();
        self.done.insert(name, result);
        result
    }

    fn fact(&mut self, fact: usize, index: Option<Index>, span: Span) -> Option<(NodeId, Type)> {
        let definition = self.vocabulary.facts.get(fact)?;
        if let Some((text, at)) = &definition.derive {
            let (text, at, want, file) = (text.clone(), *at, definition.ty, definition.file.clone());
            if let Some(done) = self.derived.get(&fact) {
                return *done;
            }
            if self.deriving.contains(&fact) {
                let name = &definition.name;
                self.findings.push(
                    Diagnostic::error(
                        "E0404",
                        at,
                        format!("`{name}` 循环引用自身"),
                        format!("`{name}` is defined by itself"),
                    )
                    .in_file(&file),
                );
                return None;
            }
            self.deriving.push(fact);
            let result = match crate::formula::parse(&text, at) {
                Ok(expr) => self.typed(&expr, want).map(|node| (node, want)),
                Err(finding) => {
                    self.findings.push(finding.in_file(&file));
                    None
                }
            };
            self.deriving.pop();
            self.derived.insert(fact, result);
            return result;
        }
        let (ty, name) = (definition.ty, definition.name.clone());
        match (definition.yearly, index) {
            (false, None) => Some((self.pool.slot(Slot { fact, year: None }), ty)),
            (true, Some(Index { from, to: None })) => Some((self.pool.slot(Slot { fact, year: Some(from) }), ty)),
            (true, Some(Index { to: Some(_), .. })) => {
                self.push(
                    Diagnostic::error(
                        "E0405",
                        span,
                        "多个年度只能放在 sum、min 或 max 中",
                        "several years can only stand in `sum`, `min` or `max`",
                    )
                    .hint(
                        format!("例如 sum({name}[year-3..year-1])"),
                        format!("for example sum({name}[year-3..year-1])"),
                    ),
                );
                None
            }
            (true, None) => {
                self.push(
                    Diagnostic::error(
                        "E0406",
                        span,
                        format!("`{name}` 按年度保存，请写明年度"),
                        format!("`{name}` is kept by year: say which"),
                    )
                    .hint(
                        format!("例如 {name}[year-1](上一年度)"),
                        format!("for example {name}[year-1], the year before"),
                    ),
                );
                None
            }
            (false, Some(_)) => {
                self.error("E0407", span, format!("`{name}` 不按年度保存"), format!("`{name}` is not kept by year"));
                None
            }
        }
    }

    /// The slots of a fact over a span of years.
    pub(crate) fn years(&mut self, fact: usize, from: YearRef, to: YearRef, span: Span) -> Option<Vec<NodeId>> {
        let years: Vec<YearRef> = match (from, to) {
            (YearRef::Relative(a), YearRef::Relative(b)) if a <= b && b - a < 20 => {
                (a..=b).map(YearRef::Relative).collect()
            }
            (YearRef::Fixed(a), YearRef::Fixed(b)) if a <= b && b - a < 20 => (a..=b).map(YearRef::Fixed).collect(),
            _ => {
                self.error("E0408", span, "年度区间有误", "this is not a span of years, first to last");
                return None;
            }
        };
        Some(years.into_iter().map(|year| self.pool.slot(Slot { fact, year: Some(year) })).collect())
    }

    fn field(&mut self, record: usize, field: &str, span: Span) -> Option<(NodeId, Type)> {
        let definition = self.vocabulary.records.get(record)?;
        let name = definition.name.clone();
        let Some(index) = definition.field(field) else {
            let near = domain::text::nearest(field, definition.fields.iter().filter_map(|f| f.name.rsplit('.').next()))
                .map(|near| format!("{name}.{near}"));
            self.push(
                Diagnostic::error(
                    "E0403",
                    span,
                    format!("记录 `{name}` 没有 `{field}`"),
                    format!("the record `{name}` has no `{field}`"),
                )
                .nearest(near.as_deref()),
            );
            return None;
        };
        if !self.records.contains(&record) {
            self.push(
                Diagnostic::error(
                    "E0409",
                    span,
                    format!("此处没有当前的 `{name}`"),
                    format!("there is no current `{name}` here"),
                )
                .hint(
                    format!("请用 sum、count、any、all，或 each: {{ record: {name} }}"),
                    format!("use sum, count, any, all, or `each: {{ record: {name} }}`"),
                ),
            );
            return None;
        }
        let ty = definition.fields.get(index)?.ty;
        let node = Node::Field { record: u16::try_from(record).ok()?, field: u16::try_from(index).ok()? };
        Some((self.pool.arena.add(node), ty))
    }

    pub(crate) fn code(&mut self, list: u16, code: &str, span: Span) -> Option<u32> {
        let codes = self.vocabulary.codes.get(list as usize)?;
        let found = codes.index(code);
        if found.is_none() {
            let near = domain::text::nearest(code, codes.values.iter().map(|(c, _)| c.as_str())).map(str::to_owned);
            let list: Vec<&str> = codes.values.iter().take(12).map(|(c, _)| c.as_str()).collect();
            let list = list.join(", ");
            let finding = Diagnostic::error(
                "E0410",
                span,
                format!("代码表 `{}` 中没有 `{code}`", codes.name),
                format!("the code list `{}` has no `{code}`", codes.name),
            );
            self.push(match near {
                Some(near) => finding.nearest(Some(&near)),
                None => finding.hint(format!("可用：{list}"), format!("one of: {list}")),
            });
        }
        found
    }

    pub(crate) fn place(&mut self, name: &str, span: Span) -> Option<u32> {
        let tree = domain::PlaceTree::china();
        let found = tree.get(name);
        if found.is_none() {
            let near = tree.nearest(name).map(str::to_owned);
            self.push(
                Diagnostic::error(
                    "E0303",
                    span,
                    format!("没有 `{name}` 这个地方"),
                    format!("there is no place `{name}`"),
                )
                .nearest(near.as_deref()),
            );
        }
        found.map(|place| u32::from(place.index()))
    }
}
