//! Formulas: the tree, and the Pratt parser that builds it from tokens. Names, codes and types are resolved later.

use domain::{Date, Money, Quantity, Rate, Unit};

use crate::diag::{Diagnostic, Span};
use crate::lexer::{Token, TokenKind, lex};

/// How deep a formula may be nested.
const MAX_DEPTH: u32 = 48;

/// A formula with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// A value written in a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `yes`, `no`.
    Bool(bool),
    /// `500000 CNY`, `50万元`.
    Money(Money),
    /// `200 CNY/kwh`.
    MoneyPer(Money, Unit),
    /// `60%`, `1.5`.
    Rate(Rate),
    /// `20`.
    Count(i64),
    /// `3000 m2`.
    Quantity(Quantity),
    /// `12 months`, `1 year`.
    Months(i64),
    /// `30 days`.
    Days(i64),
    /// `2026-05-06`.
    Date(Date),
    /// `"text"`.
    Text(String),
}

/// The years of a fact that is kept by year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YearRef {
    /// Years after the law's year; `year-1` is −1.
    Relative(i32),
    /// A calendar year.
    Fixed(i32),
}

/// `[year-1]` or `[year-3..year-1]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Index {
    /// The first year.
    pub from: YearRef,
    /// The last year, when it is a span of years.
    pub to: Option<YearRef>,
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `within`
    Within,
    /// `has`
    Has,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

/// What a formula is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A value.
    Literal(Literal),
    /// A fact, field, `let` name, code or place, with the years if given.
    Name(String, Option<Index>),
    /// `-x`
    Neg(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `up to x`
    UpTo(Box<Expr>),
    /// `at least x`
    AtLeast(Box<Expr>),
    /// `a + b` and the like.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a in [b, c]`; true for `not in`.
    In(Box<Expr>, Vec<Expr>, bool),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `f(a, b)` and `f(x where c)`.
    Call(String, Vec<Expr>, Option<Box<Expr>>),
}

impl Expr {
    /// Visits the expression and all its parts, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Name(..) => {}
            ExprKind::Neg(a) | ExprKind::Not(a) | ExprKind::UpTo(a) | ExprKind::AtLeast(a) => a.walk(visit),
            ExprKind::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            ExprKind::In(a, set, _) => {
                a.walk(visit);
                set.iter().for_each(|item| item.walk(visit));
            }
            ExprKind::If(a, b, c) => {
                a.walk(visit);
                b.walk(visit);
                c.walk(visit);
            }
            ExprKind::Call(_, args, filter) => {
                args.iter().for_each(|arg| arg.walk(visit));
                if let Some(filter) = filter {
                    filter.walk(visit);
                }
            }
        }
    }

    /// The first name in reading order that has a dot: a fact or a field.
    #[must_use]
    pub fn first_fact(&self) -> Option<&str> {
        let mut found = None;
        self.walk(&mut |part| {
            if let ExprKind::Name(name, _) = &part.kind
                && found.is_none()
                && name.contains('.')
            {
                found = Some(name.as_str());
            }
        });
        found
    }
}

/// Parses one formula. `span` is where its text begins.
///
/// # Errors
/// The first mistake, with its place and what was expected.
pub fn parse(text: &str, span: Span) -> Result<Expr, Diagnostic> {
    let tokens = lex(text, span)?;
    let mut parser = FormulaParser {
        tokens: &tokens,
        next: 0,
        end: span.part(text.chars().count(), text.chars().count() + 1),
        depth: 0,
    };
    let expr = parser.expression(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(Diagnostic::error(
            "E0202",
            token.span,
            format!("多余的 `{}`", token.text),
            format!("unexpected `{}`", token.text),
        )
        .hint("公式应在此之前结束，或缺少运算符", "the formula should end before it, or an operator is missing")),
    }
}

/// A formula parser over tokens; also used by table cells.
pub(crate) struct FormulaParser<'t> {
    pub(crate) tokens: &'t [Token],
    pub(crate) next: usize,
    pub(crate) end: Span,
    pub(crate) depth: u32,
}

impl FormulaParser<'_> {
    pub(crate) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.is(text))
    }

    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.next += 1;
        }
        found
    }

    pub(crate) fn expect(&mut self, text: &str) -> Result<Span, Diagnostic> {
        match self.peek() {
            Some(token) if token.is(text) => {
                let span = token.span;
                self.next += 1;
                Ok(span)
            }
            Some(token) => Err(Diagnostic::error(
                "E0203",
                token.span,
                format!("此处应为 `{text}`，却是 `{}`", token.text),
                format!("expected `{text}`, found `{}`", token.text),
            )),
            None => Err(Diagnostic::error(
                "E0203",
                self.end,
                format!("此处应为 `{text}`，公式却结束了"),
                format!("expected `{text}`, but the formula ends"),
            )),
        }
    }

    pub(crate) fn expression(&mut self, min: u8) -> Result<Expr, Diagnostic> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Diagnostic::error(
                "E0204",
                self.peek().map_or(self.end, |t| t.span),
                "公式嵌套过深",
                "the formula is nested too deep",
            )
            .hint("请用 let 给中间结果命名", "give parts of it a name under `let`"));
        }
        let mut left = self.prefix()?;
        while let Some((op, power)) = self.operator() {
            if power < min {
                break;
            }
            left = self.infix(left, op, power)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let token = self.peek()?;
        let table: [(&'static str, u8); 15] = [
            ("or", 1),
            ("and", 3),
            ("=", 7),
            ("!=", 7),
            ("<", 7),
            ("<=", 7),
            (">", 7),
            (">=", 7),
            ("in", 7),
            ("not", 7),
            ("within", 7),
            ("has", 7),
            ("+", 9),
            ("-", 9),
            ("*", 11),
        ];
        if token.is("/") {
            return Some(("/", 11));
        }
        table.into_iter().find(|(op, _)| token.is(op))
    }

    fn infix(&mut self, left: Expr, op: &'static str, power: u8) -> Result<Expr, Diagnostic> {
        let at = self.peek().map_or(self.end, |t| t.span);
        self.next += 1;
        if power == 7
            && matches!(
                left.kind,
                ExprKind::Binary(
                    BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge,
                    ..
                )
            )
        {
            return Err(Diagnostic::error("E0205", at, "比较不能连写", "comparisons cannot be chained")
                .hint("请用 and 连接", "join them with `and`"));
        }
        let negated = op == "not";
        if negated {
            self.expect("in")?;
        }
        if negated || op == "in" {
            self.expect("[")?;
            let mut set = Vec::new();
            loop {
                set.push(self.expression(8)?);
                if !self.eat(",") {
                    break;
                }
            }
            let end = self.expect("]")?;
            let span = join(left.span, end);
            return Ok(Expr { span, kind: ExprKind::In(Box::new(left), set, negated) });
        }
        let right = self.expression(power + 1)?;
        let kind = match op {
            "or" => BinaryOp::Or,
            "and" => BinaryOp::And,
            "=" => BinaryOp::Eq,
            "!=" => BinaryOp::Ne,
            "<" => BinaryOp::Lt,
            "<=" => BinaryOp::Le,
            ">" => BinaryOp::Gt,
            ">=" => BinaryOp::Ge,
            "within" => BinaryOp::Within,
            "has" => BinaryOp::Has,
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Sub,
            "*" => BinaryOp::Mul,
            _ => BinaryOp::Div,
        };
        Ok(Expr { span: join(left.span, right.span), kind: ExprKind::Binary(kind, Box::new(left), Box::new(right)) })
    }

    fn prefix(&mut self) -> Result<Expr, Diagnostic> {
        let Some(token) = self.peek().cloned() else {
            return Err(Diagnostic::error("E0206", self.end, "此处缺少一个值", "a value is missing here"));
        };
        self.next += 1;
        let span = token.span;
        match token.kind {
            TokenKind::Literal(literal) => Ok(Expr { span, kind: ExprKind::Literal(literal) }),
            TokenKind::Word => match token.text.as_str() {
                "not" => self.unary(span, 5, ExprKind::Not),
                "up" if self.eat("to") => self.unary(span, 12, ExprKind::UpTo),
                "at" if self.eat("least") => self.unary(span, 12, ExprKind::AtLeast),
                "if" => {
                    let condition = self.expression(0)?;
                    self.expect("then")?;
                    let yes = self.expression(0)?;
                    self.expect("else")?;
                    let no = self.expression(0)?;
                    Ok(Expr {
                        span: join(span, no.span),
                        kind: ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no)),
                    })
                }
                "yes" => Ok(Expr { span, kind: ExprKind::Literal(Literal::Bool(true)) }),
                "no" => Ok(Expr { span, kind: ExprKind::Literal(Literal::Bool(false)) }),
                "and" | "or" | "in" | "within" | "has" | "then" | "else" | "where" => Err(Diagnostic::error(
                    "E0206",
                    span,
                    format!("`{}` 前缺少一个值", token.text),
                    format!("a value is missing before `{}`", token.text),
                )),
                _ if self.is("(") => self.call(token.text, span),
                _ => self.name(token.text, span),
            },
            TokenKind::Symbol => match token.text.as_str() {
                "(" => {
                    let inner = self.expression(0)?;
                    self.expect(")")?;
                    Ok(inner)
                }
                "-" => self.unary(span, 12, ExprKind::Neg),
                _ => Err(Diagnostic::error(
                    "E0206",
                    span,
                    format!("此处应为一个值，却是 `{}`", token.text),
                    format!("expected a value, found `{}`", token.text),
                )),
            },
        }
    }

    fn unary(&mut self, span: Span, power: u8, make: fn(Box<Expr>) -> ExprKind) -> Result<Expr, Diagnostic> {
        let inner = self.expression(power)?;
        Ok(Expr { span: join(span, inner.span), kind: make(Box::new(inner)) })
    }

    fn call(&mut self, name: String, span: Span) -> Result<Expr, Diagnostic> {
        self.expect("(")?;
        let mut args = Vec::new();
        let mut filter = None;
        if !self.is(")") {
            loop {
                args.push(self.expression(0)?);
                if self.eat("where") {
                    filter = Some(Box::new(self.expression(0)?));
                }
                if filter.is_some() || !self.eat(",") {
                    break;
                }
            }
        }
        let end = self.expect(")")?;
        Ok(Expr { span: join(span, end), kind: ExprKind::Call(name, args, filter) })
    }

    fn name(&mut self, name: String, span: Span) -> Result<Expr, Diagnostic> {
        if !(name.contains('.') && self.is("[")) {
            return Ok(Expr { span, kind: ExprKind::Name(name, None) });
        }
        self.expect("[")?;
        let from = self.year()?;
        let to = if self.eat("..") { Some(self.year()?) } else { None };
        let end = self.expect("]")?;
        Ok(Expr { span: join(span, end), kind: ExprKind::Name(name, Some(Index { from, to })) })
    }

    fn year(&mut self) -> Result<YearRef, Diagnostic> {
        let Some(token) = self.peek().cloned() else {
            return Err(Diagnostic::error("E0207", self.end, "此处应为年度", "expected a year"));
        };
        self.next += 1;
        match &token.kind {
            TokenKind::Literal(Literal::Count(year)) if (1900..=2199).contains(year) => {
                Ok(YearRef::Fixed(i32::try_from(*year).unwrap_or(0)))
            }
            TokenKind::Word if token.text == "year" => {
                let sign = if self.eat("-") {
                    -1
                } else if self.eat("+") {
                    1
                } else {
                    return Ok(YearRef::Relative(0));
                };
                match self.peek().map(|t| t.kind.clone()) {
                    Some(TokenKind::Literal(Literal::Count(n))) if (0..=50).contains(&n) => {
                        self.next += 1;
                        Ok(YearRef::Relative(sign * i32::try_from(n).unwrap_or(0)))
                    }
                    _ => Err(Diagnostic::error("E0207", token.span, "年度应写作 year-1", "a year is written `year-1`")),
                }
            }
            _ => Err(Diagnostic::error(
                "E0207",
                token.span,
                format!("`{}` 不是年度", token.text),
                format!("`{}` is not a year", token.text),
            )
            .hint("请写 year、year-1 或 2024", "write `year`, `year-1` or `2024`")),
        }
    }
}

pub(crate) fn join(a: Span, b: Span) -> Span {
    Span { end: b.end.max(a.end), ..a }
}
