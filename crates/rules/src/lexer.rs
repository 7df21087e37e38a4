//! Formula text to tokens. Numbers take their unit with them: `1000万元`, `60%`, `12 months`, `2026-05-06`.

use domain::{Date, Money, Quantity, Rate, Unit};

use crate::diag::{Diagnostic, Span, Text};
use crate::formula::Literal;

/// How long a formula may be: keeps its tree flat enough for whatever walks it.
const MAX_TOKENS: usize = 1000;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub text: String,
    /// What it is.
    pub kind: TokenKind,
}

impl Token {
    /// Whether it is this word or symbol.
    #[must_use]
    pub(crate) fn is(&self, text: &str) -> bool {
        !matches!(self.kind, TokenKind::Literal(_)) && self.text == text
    }
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A value with its unit.
    Literal(Literal),
    /// A keyword or name.
    Word,
    /// A sign.
    Symbol,
}

/// Splits a formula into tokens.
///
/// # Errors
/// A character that means nothing here, a text without its closing quote, a number with a wrong unit.
pub(crate) fn lex(text: &str, span: Span) -> Result<Vec<Token>, Diagnostic> {
    let chars: Vec<char> = text.chars().map(half_width).collect();
    let mut lexer = Lexer { chars: &chars, at: 0, span };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        if tokens.len() == MAX_TOKENS {
            return Err(Diagnostic::error(
                "E0210",
                token.span,
                format!("公式过长(最多 {MAX_TOKENS} 个词和符号)"),
                format!("the formula is too long (at most {MAX_TOKENS} words and signs)"),
            )
            .hint("请用 let 给中间结果命名", "give parts of it a name under `let`"));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// Full-width signs as typed with a Chinese keyboard stand for their ASCII twins.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '≥' | '≤' | '≠' => c,
        '\u{3000}' => ' ',
        '×' => '*',
        '÷' => '/',
        '“' | '”' => '"',
        other => other,
    }
}

struct Lexer<'c> {
    chars: &'c [char],
    at: usize,
    span: Span,
}

impl Lexer<'_> {
    fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn string(&self, from: usize, to: usize) -> String {
        self.chars.get(from..to).unwrap_or_default().iter().collect()
    }

    fn scan(&self, mut at: usize, accept: impl Fn(char) -> bool) -> usize {
        while self.get(at).is_some_and(&accept) {
            at += 1;
        }
        at
    }

    fn finish(&mut self, from: usize, to: usize, kind: TokenKind) -> Token {
        self.at = to;
        Token { span: self.span.part(from, to), text: self.string(from, to), kind }
    }

    fn token(&mut self) -> Result<Option<Token>, Diagnostic> {
        self.at = self.scan(self.at, char::is_whitespace);
        let from = self.at;
        let Some(c) = self.get(from) else { return Ok(None) };
        if c.is_ascii_digit() {
            return self.number(from).map(Some);
        }
        if is_name_start(c) {
            let mut to = from;
            // a dot belongs to a name only between two words; `..` is the sign of a span of years
            while self.get(to).is_some_and(|c| is_name(c) && (c != '.' || self.get(to + 1).is_some_and(is_name_start)))
            {
                to += 1;
            }
            return Ok(Some(self.finish(from, to, TokenKind::Word)));
        }
        if c == '"' {
            let to = self.scan(from + 1, |c| c != '"');
            if self.get(to).is_none() {
                return Err(Diagnostic::error(
                    "E0201",
                    self.span.part(from, to),
                    "引号没有结束",
                    "a quotation mark is not closed",
                ));
            }
            let text = self.string(from + 1, to);
            return Ok(Some(self.finish(from, to + 1, TokenKind::Literal(Literal::Text(text)))));
        }
        let pair = self.string(from, from + 2);
        let width = if matches!(pair.as_str(), "<=" | ">=" | "!=" | "..") { 2 } else { 1 };
        let mut token = self.finish(from, from + width, TokenKind::Symbol);
        match c {
            '≥' => token.text = ">=".into(),
            '≤' => token.text = "<=".into(),
            '≠' => token.text = "!=".into(),
            '<' | '>' | '=' | '!' | '.' | '+' | '-' | '*' | '/' | '(' | ')' | '[' | ']' | ','
                if token.text != "!" && token.text != "." => {}
            other => {
                return Err(Diagnostic::error(
                    "E0201",
                    token.span,
                    format!("公式中不能有 `{other}`"),
                    format!("`{other}` means nothing in a formula"),
                ));
            }
        }
        Ok(Some(token))
    }

    fn number(&mut self, from: usize) -> Result<Token, Diagnostic> {
        let mut to = self.scan(from, |c| c.is_ascii_digit());
        if to - from == 4
            && self.get(to) == Some('-')
            && self.get(to + 1).is_some_and(|c| c.is_ascii_digit())
            && self.get(to + 2).is_some_and(|c| c.is_ascii_digit() || c == '-')
        {
            let end = self.scan(to, |c| c.is_ascii_digit() || c == '-');
            let text = self.string(from, end);
            return match Date::parse(&text) {
                Ok(date) => Ok(self.finish(from, end, TokenKind::Literal(Literal::Date(date)))),
                Err(error) => Err(Diagnostic::error("E0208", self.span.part(from, end), error.zh(), error.to_string())
                    .hint("请写作 2026-05-06", "write it as 2026-05-06")),
            };
        }
        if self.get(to) == Some('.') && self.get(to + 1).is_some_and(|c| c.is_ascii_digit()) {
            to = self.scan(to + 1, |c| c.is_ascii_digit());
        }
        let digits = self.string(from, to);
        let unit_from = self.scan(to, |c| c == ' ');
        let unit_to = match self.get(unit_from) {
            Some('%' | '‰') => unit_from + 1,
            Some(c) if is_name_start(c) || c == '²' => self.scan(unit_from, |c| is_name(c) || c == '²'),
            _ => unit_from,
        };
        let mut unit = self.string(unit_from, unit_to);
        while unit.ends_with('.') {
            unit.pop();
        }
        let unit_to = unit_from + unit.chars().count();
        let span = self.span.part(from, unit_to);
        let literal = match unit.as_str() {
            "" | "and" | "or" | "then" | "else" | "in" | "not" | "within" | "where" | "has" => {
                return match plain_number(&digits) {
                    Some(literal) => Ok(self.finish(from, to, TokenKind::Literal(literal))),
                    None => Err(Diagnostic::error(
                        "E0209",
                        self.span.part(from, to),
                        format!("数字 `{digits}` 过大或小数位过多"),
                        format!("the number `{digits}` is too large or too fine"),
                    )),
                };
            }
            "%" | "‰" => {
                Rate::parse(&format!("{digits}{unit}")).map(Literal::Rate).map_err(|e| Text::new(e.zh(), e.to_string()))
            }
            "CNY" | "元" | "万元" | "亿元" | "万" | "亿" | "千万元" | "百万元" | "十万元" => {
                let money = Money::parse(&format!("{digits}{}{unit}", if unit == "CNY" { " " } else { "" }))
                    .map_err(|e| Text::new(e.zh(), e.to_string()));
                match money {
                    Ok(money) if self.get(unit_to) == Some('/') => {
                        let per_to = self.scan(unit_to + 1, |c| is_name(c) || c == '²');
                        if let Some(per) = Unit::from_code(&self.string(unit_to + 1, per_to)) {
                            return Ok(self.finish(from, per_to, TokenKind::Literal(Literal::MoneyPer(money, per))));
                        }
                        Ok(Literal::Money(money))
                    }
                    other => other.map(Literal::Money),
                }
            }
            _ => match Quantity::parse(&format!("{digits} {unit}")) {
                Ok(quantity) if quantity.milli % 1000 == 0 && quantity.unit == Unit::Month => {
                    Ok(Literal::Months(quantity.milli / 1000))
                }
                Ok(quantity) if quantity.milli % 1000 == 0 && quantity.unit == Unit::Day => {
                    Ok(Literal::Days(quantity.milli / 1000))
                }
                Ok(quantity) if quantity.milli % 1000 == 0 && quantity.unit == Unit::Person => {
                    Ok(Literal::Count(quantity.milli / 1000))
                }
                Ok(quantity) => Ok(Literal::Quantity(quantity)),
                Err(error) => match Money::parse(&format!("{digits} {unit}")) {
                    Err(money) if !unit.is_ascii() || unit.len() == 3 => Err(Text::new(money.zh(), money.to_string())),
                    _ => Err(Text::new(error.zh(), error.to_string())),
                },
            },
        };
        match literal {
            Ok(literal) => Ok(self.finish(from, unit_to, TokenKind::Literal(literal))),
            Err(error) => Err(Diagnostic::error("E0209", span, error.zh, error.en).hint(
                "例如 500000 CNY、50万元、60%、12 months、3000 m2",
                "for example 500000 CNY, 60%, 12 months, 3000 m2",
            )),
        }
    }
}

fn plain_number(digits: &str) -> Option<Literal> {
    if digits.contains('.') {
        return Rate::parse(digits).ok().map(Literal::Rate);
    }
    let count: i64 = digits.parse().ok()?;
    (count <= 1_000_000_000_000).then_some(Literal::Count(count))
}

pub(crate) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(crate) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}
