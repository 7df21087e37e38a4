//! Reading typed pieces out of a YAML tree, collecting every finding.

use domain::{Date, Money, Period, Quantity, Rate, Unit};

use crate::diag::{Diagnostic, Span, Text};
use crate::formula::{self, Expr};
use crate::value::{FEN, Range, UNBOUNDED};
use crate::vocabulary::Type;
use crate::yaml::{Kind, Node};

/// Reads one file.
#[derive(Debug)]
pub struct Reader {
    pub(crate) file: String,
    /// What was found wrong so far.
    pub findings: Vec<Diagnostic>,
}

impl Reader {
    /// A reader of the file that is called so.
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), findings: Vec::new() }
    }

    /// Notes a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding.in_file(&self.file));
    }

    /// Notes an error at a place.
    pub fn error(&mut self, code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.push(Diagnostic::error(code, span, zh, en));
    }

    /// Where the text of a scalar begins.
    pub(crate) fn inner(&self, node: &Node) -> Span {
        match &node.kind {
            Kind::Scalar { quoted, .. } => node.text_span(*quoted),
            _ => node.span,
        }
    }

    /// A required pair of texts.
    pub(crate) fn text(&mut self, body: &Node, key: &str) -> Text {
        match body.get(key) {
            Some(node) => self.text_of(node),
            None => {
                self.error("E0120", body.span, format!("缺少 `{key}`"), format!("`{key}` is missing"));
                Text::default()
            }
        }
    }

    /// An optional pair of texts.
    pub(crate) fn text_opt(&mut self, body: &Node, key: &str) -> Option<Text> {
        body.get(key).map(|node| self.text_of(node))
    }

    /// `{ zh: …, en: … }`.
    pub(crate) fn text_of(&mut self, node: &Node) -> Text {
        let get = |key: &str| node.get(key).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty());
        match (get("zh"), get("en")) {
            (Some(zh), Some(en)) => {
                check_keys(self, node, &["zh", "en"]);
                Text::new(zh, en)
            }
            _ => {
                self.push(
                    Diagnostic::error(
                        "E0121",
                        node.span,
                        "此处应有中英文两种文字",
                        "a text is needed in both languages",
                    )
                    .hint("请写作 { zh: …, en: … }", "write `{ zh: …, en: … }`"),
                );
                Text::default()
            }
        }
    }

    /// The scalar under a key.
    pub(crate) fn word(&mut self, body: &Node, key: &str) -> Option<String> {
        let node = body.get(key)?;
        match node.text() {
            Some(text) => Some(text.to_owned()),
            None => {
                self.error(
                    "E0122",
                    node.span,
                    format!("`{key}` 应是一个词"),
                    format!("`{key}` must be a single value"),
                );
                None
            }
        }
    }

    /// A required scalar.
    pub(crate) fn required(&mut self, body: &Node, key: &str) -> String {
        match self.word(body, key) {
            Some(word) => word,
            None => {
                if body.get(key).is_none() {
                    self.error("E0120", body.span, format!("缺少 `{key}`"), format!("`{key}` is missing"));
                }
                String::new()
            }
        }
    }

    /// One of several words.
    pub fn choice<T: Copy>(&mut self, body: &Node, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let node = body.get(key)?;
        let word = node.text().unwrap_or_default();
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let list = names.join(", ");
            self.push(
                Diagnostic::error(
                    "E0123",
                    node.span,
                    format!("`{key}` 不能是 `{word}`"),
                    format!("`{key}` cannot be `{word}`"),
                )
                .hint(format!("可用：{list}"), format!("one of: {list}")),
            );
        }
        found
    }

    /// `yes` or `no`.
    pub(crate) fn flag(&mut self, body: &Node, key: &str) -> Option<bool> {
        self.choice(body, key, &[("yes", true), ("no", false), ("true", true), ("false", false)])
    }

    /// A date under a key.
    pub fn date(&mut self, body: &Node, key: &str) -> Option<Date> {
        let node = body.get(key)?;
        self.date_of(node)
    }

    /// A date.
    pub(crate) fn date_of(&mut self, node: &Node) -> Option<Date> {
        match Date::parse(node.text().unwrap_or_default()) {
            Ok(date) => Some(date),
            Err(error) => {
                self.push(
                    Diagnostic::error("E0124", node.span, error.zh(), error.to_string())
                        .hint("请写作 2026-05-06", "write it as 2026-05-06"),
                );
                None
            }
        }
    }

    /// `{ from: …, to: … }`, each end optional.
    pub(crate) fn period(&mut self, node: &Node) -> Period {
        check_keys(self, node, &["from", "to"]);
        if node.map().is_none() {
            self.error(
                "E0125",
                node.span,
                "期间应写作 { from: 日期, to: 日期 }",
                "a period is written `{ from: DATE, to: DATE }`",
            );
            return Period::ALWAYS;
        }
        let (from, to) = (self.date(node, "from"), self.date(node, "to"));
        Period::new(from, to).unwrap_or_else(|_| {
            self.error("E0126", node.span, "期间的结束早于开始", "the period ends before it begins");
            Period::ALWAYS
        })
    }

    /// A formula.
    pub(crate) fn formula(&mut self, node: &Node) -> Option<Expr> {
        let Some(text) = node.text() else {
            self.error("E0122", node.span, "此处应是一个公式", "a formula is expected here");
            return None;
        };
        match formula::parse(text, self.inner(node)) {
            Ok(expr) => Some(expr),
            Err(finding) => {
                self.push(finding);
                None
            }
        }
    }

    /// The formula under a key.
    pub(crate) fn formula_at(&mut self, body: &Node, key: &str) -> Option<Expr> {
        let node = body.get(key)?;
        self.formula(node)
    }

    /// The words of a list; a single word counts as a list of one.
    pub(crate) fn words(&mut self, body: &Node, key: &str) -> Vec<(String, Span)> {
        let Some(node) = body.get(key) else { return Vec::new() };
        let items: Vec<&Node> = match &node.kind {
            Kind::Seq(items) => items.iter().collect(),
            _ => vec![node],
        };
        let mut words = Vec::new();
        for item in items {
            match item.text() {
                Some(text) => words.push((text.to_owned(), item.span)),
                None => self.error(
                    "E0122",
                    item.span,
                    format!("`{key}` 应是词的列表"),
                    format!("`{key}` must be a list of words"),
                ),
            }
        }
        words
    }

    /// `[least]` or `[least, greatest]` of a type.
    pub(crate) fn range(&mut self, node: &Node, ty: Type) -> Range {
        let ends = node.seq().unwrap_or_default();
        let mut values = [-UNBOUNDED, UNBOUNDED];
        if ends.is_empty() || ends.len() > 2 {
            self.error(
                "E0117",
                node.span,
                "range 应写作 [最小, 最大] 或 [最小]",
                "`range` is written `[least, greatest]` or `[least]`",
            );
            return Range::ANY;
        }
        for (value, end) in values.iter_mut().zip(ends) {
            match scalar(end.text().unwrap_or_default(), ty) {
                Ok(number) => *value = number,
                Err(error) => self.push(Diagnostic::error("E0117", end.span, error.zh, error.en)),
            }
        }
        Range::new(values[0], values[1])
    }
}

/// Refuses keys that mean nothing, with the nearest that does.
pub fn check_keys(reader: &mut Reader, body: &Node, known: &[&str]) {
    for (key, _) in body.map().unwrap_or_default() {
        let text = key.text().unwrap_or_default();
        if !known.contains(&text) {
            let near = domain::text::nearest(text, known.iter().copied()).map(str::to_owned);
            let list = known.join(", ");
            let finding = Diagnostic::error(
                "E0127",
                key.span,
                format!("此处没有 `{text}` 这个键"),
                format!("there is no key `{text}` here"),
            );
            reader.push(match near {
                Some(near) => finding.nearest(Some(&near)),
                None => finding.hint(format!("可用：{list}"), format!("known here: {list}")),
            });
        }
    }
}

/// Reads a plain value of an ordered type as its scaled integer.
pub(crate) fn scalar(text: &str, ty: Type) -> Result<i128, Text> {
    let quantity = |unit: Unit| quantity(text, unit);
    match ty {
        Type::Money => {
            Money::parse(text).map(|m| i128::from(m.fen()) * FEN).map_err(|e| Text::new(e.zh(), e.to_string()))
        }
        Type::Rate => Rate::parse(text).map(|r| i128::from(r.ppm()) * 2).map_err(|e| Text::new(e.zh(), e.to_string())),
        Type::Count => {
            let digits = text.replace([',', '，', '_'], "");
            let number = digits.trim_end_matches(['人', '家', '项', '个', '件']).trim().parse::<i64>();
            number.map(i128::from).map_err(|_| {
                Text::new(
                    format!("`{text}` 不是整数：例如 20"),
                    format!("`{text}` is not a whole number: write for example 20"),
                )
            })
        }
        Type::Date => Date::parse(text).map(|d| i128::from(d.days())).map_err(|e| Text::new(e.zh(), e.to_string())),
        Type::Quantity(unit) => quantity(unit),
        Type::Months => quantity(Unit::Month).map(|milli| milli / 1000),
        Type::Days => quantity(Unit::Day).map(|milli| milli / 1000),
        _ => Err(Text::new("此类型没有大小", "this type has no order")),
    }
}

fn quantity(text: &str, unit: Unit) -> Result<i128, Text> {
    let quantity = Quantity::parse(text).map_err(|e| Text::new(e.zh(), e.to_string()))?;
    if quantity.unit == unit {
        return Ok(i128::from(quantity.milli));
    }
    Err(Text::new(
        format!("`{text}` 的单位应为{}({})", unit.zh(), unit.code()),
        format!("`{text}` is in {}, not in {}", quantity.unit.code(), unit.code()),
    ))
}
