//! YAML text to a tree with places. No anchors, aliases or tags; bounded size and depth; duplicate keys are found.

mod zh;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::diag::{Diagnostic, Span};

/// The largest policy or vocabulary file, in bytes.
pub const MAX_POLICY_BYTES: usize = 1 << 20;
/// The largest party file, in bytes.
pub const MAX_PARTY_BYTES: usize = 8 << 20;
/// How deep a tree may be.
pub const MAX_DEPTH: usize = 32;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text as written; `quoted` when it stood in quotes or was a block, so that it is text for sure.
    Scalar {
        /// The text.
        text: String,
        /// Whether it stood in quotes or was a block.
        quoted: bool,
    },
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    #[must_use]
    pub fn map(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn seq(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v)
    }

    /// Where the text of a scalar begins: behind the quotation mark, if there is one.
    #[must_use]
    pub fn text_span(&self, source_is_quoted: bool) -> Span {
        if source_is_quoted { self.span.part(1, (self.span.end - self.span.start) as usize) } else { self.span }
    }

    /// Whether two trees say the same, wherever they stand and however they are quoted.
    #[must_use]
    pub fn same(&self, other: &Node) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Scalar { text: a, .. }, Kind::Scalar { text: b, .. }) => a == b,
            (Kind::Seq(a), Kind::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Kind::Map(a), Kind::Map(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, value)| {
                        key.text()
                            .and_then(|key| b.iter().find(|(k, _)| k.text() == Some(key)))
                            .is_some_and(|(_, v)| v.same(value))
                    })
            }
            _ => false,
        }
    }
}

/// Parses one YAML document.
///
/// # Errors
/// Every finding, with its place: not UTF-8, too large, not YAML, too deep, an anchor, alias or tag, a duplicate key,
/// more than one document.
pub fn parse(bytes: &[u8], max_bytes: usize) -> Result<Node, Vec<Diagnostic>> {
    if bytes.len() > max_bytes {
        return Err(vec![
            Diagnostic::error(
                "E0101",
                Span::default(),
                format!("文件过大：{} 字节", bytes.len()),
                format!("the file is too large: {} bytes", bytes.len()),
            )
            .hint(format!("最多 {max_bytes} 字节"), format!("at most {max_bytes} bytes")),
        ]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned();
            let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(0);
            let column = u32::try_from(before.rsplit('\n').next().unwrap_or("").chars().count() + 1).unwrap_or(0);
            return Err(vec![
                Diagnostic::error(
                    "E0102",
                    Span { start: 0, end: 0, line, column },
                    "文件不是 UTF-8 编码",
                    "the file is not UTF-8",
                )
                .hint("请用 UTF-8 另存", "save it as UTF-8"),
            ]);
        }
    };
    build(text)
}

enum Open {
    Seq(Span, Vec<Node>),
    Map(Span, Vec<(Node, Node)>, Option<Node>, BTreeMap<String, u32>),
}

fn build(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut documents = 0_u32;
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, place) = match next {
            Ok(next) => next,
            Err(error) => {
                let marker = error.marker();
                let span = Span {
                    start: to_u32(marker.index()),
                    end: to_u32(marker.index() + 1),
                    line: to_u32(marker.line()),
                    column: to_u32(marker.col() + 1),
                };
                findings.push(Diagnostic::error(
                    "E0103",
                    span,
                    format!("不是有效的 YAML：{}", zh::complaint(error.info())),
                    format!("not valid YAML: {}", error.info()),
                ));
                return Err(findings);
            }
        };
        let span = Span {
            start: to_u32(place.start.index()),
            end: to_u32(place.end.index()),
            line: to_u32(place.start.line()),
            column: to_u32(place.start.col() + 1),
        };
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        if anchor != 0 || tag || matches!(event, Event::Alias(_)) {
            findings.push(
                Diagnostic::error(
                    "E0104",
                    span,
                    "不允许使用锚点、别名或标签",
                    "anchors, aliases and tags are not allowed",
                )
                .hint("请把内容直接写出", "write the value out"),
            );
            return Err(findings);
        }
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    findings.push(Diagnostic::error(
                        "E0105",
                        span,
                        "一个文件只能有一个 YAML 文档",
                        "a file holds one YAML document",
                    ));
                    return Err(findings);
                }
            }
            Event::Scalar(value, style, ..) => {
                let quoted = style != ScalarStyle::Plain;
                let node = Node { span, kind: Kind::Scalar { text: value.into_owned(), quoted } };
                place_node(&mut stack, &mut root, node, &mut findings);
            }
            Event::SequenceStart(..) => stack.push(Open::Seq(span, Vec::new())),
            Event::MappingStart(..) => stack.push(Open::Map(span, Vec::new(), None, BTreeMap::new())),
            Event::SequenceEnd | Event::MappingEnd => {
                let node = match stack.pop() {
                    Some(Open::Seq(start, items)) => {
                        Node { span: Span { end: span.end, ..start }, kind: Kind::Seq(items) }
                    }
                    Some(Open::Map(start, entries, ..)) => {
                        Node { span: Span { end: span.end, ..start }, kind: Kind::Map(entries) }
                    }
                    None => continue,
                };
                place_node(&mut stack, &mut root, node, &mut findings);
            }
            _ => {}
        }
        if stack.len() > MAX_DEPTH {
            findings.push(Diagnostic::error(
                "E0106",
                span,
                format!("嵌套过深(最多 {MAX_DEPTH} 层)"),
                format!("nested too deep (at most {MAX_DEPTH} levels)"),
            ));
            return Err(findings);
        }
    }
    match root {
        Some(root) if findings.is_empty() => Ok(root),
        Some(_) => Err(findings),
        None => {
            findings.push(Diagnostic::error(
                "E0107",
                Span { line: 1, column: 1, ..Span::default() },
                "文件是空的",
                "the file is empty",
            ));
            Err(findings)
        }
    }
}

fn place_node(stack: &mut [Open], root: &mut Option<Node>, node: Node, findings: &mut Vec<Diagnostic>) {
    match stack.last_mut() {
        None => *root = Some(node),
        Some(Open::Seq(_, items)) => items.push(node),
        Some(Open::Map(_, _, key @ None, seen)) => {
            match node.text() {
                None => findings.push(Diagnostic::error("E0108", node.span, "键必须是文字", "a key must be text")),
                Some(text) => {
                    if let Some(first) = seen.insert(text.to_owned(), node.span.line) {
                        findings.push(
                            Diagnostic::error(
                                "E0109",
                                node.span,
                                format!("键 `{text}` 重复"),
                                format!("the key `{text}` is there twice"),
                            )
                            .hint(format!("第一次出现在第 {first} 行"), format!("it first stands in line {first}")),
                        );
                    }
                }
            }
            *key = Some(node);
        }
        Some(Open::Map(_, entries, key, _)) => {
            if let Some(key) = key.take() {
                entries.push((key, node));
            }
        }
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
