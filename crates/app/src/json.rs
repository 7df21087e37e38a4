//! JSON to the tree that files are read from: numbers stay as they are written, and every value knows its place, so that
//! a mistake can be shown where it stands. Strict: what RFC 8259 does not allow is refused, and a key that is there twice too.

use std::collections::{BTreeMap, BTreeSet};

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use rules::diag::{Diagnostic, Span, Text};
use rules::yaml::{Kind, MAX_DEPTH, Node};

/// The tree of a JSON text.
///
/// # Errors
/// The place at which the text stops being JSON, a key that is there twice, or nesting deeper than [`MAX_DEPTH`].
pub fn parse(bytes: &[u8]) -> Result<Node, Vec<Diagnostic>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        let mut place = Place::default();
        vec![Diagnostic::error("E0102", place.at(&before, before.len()), "不是 UTF-8 文字", "this is not UTF-8 text")]
    })?;
    let mut parser = Parser { text, json: Jiter::new(bytes), place: Place::default(), twice: Vec::new() };
    let root = parser.document().map_err(|stop| vec![parser.told(stop)])?;
    if parser.twice.is_empty() { Ok(root) } else { Err(parser.twice) }
}

/// For each place in a tree (line and column) the JSON pointer (RFC 6901) of the value there; a key has that of its value.
#[must_use]
pub fn pointers(root: &Node) -> BTreeMap<(u32, u32), String> {
    let mut found = BTreeMap::new();
    let mut open = vec![(root, String::new())];
    while let Some((node, pointer)) = open.pop() {
        match &node.kind {
            Kind::Scalar { .. } => {}
            Kind::Seq(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (item, format!("{pointer}/{index}"))));
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    let pointer = format!("{pointer}/{}", escaped(key.text().unwrap_or_default()));
                    found.insert((key.span.line, key.span.column), pointer.clone());
                    open.push((value, pointer));
                }
            }
        }
        found.insert((node.span.line, node.span.column), pointer);
    }
    found
}

/// A key as a part of a JSON pointer.
#[must_use]
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// How far a text has been looked through: lines and columns are counted once.
#[derive(Debug)]
struct Place {
    byte: usize,
    chars: u32,
    line: u32,
    column: u32,
}

impl Default for Place {
    fn default() -> Self {
        Self { byte: 0, chars: 0, line: 1, column: 1 }
    }
}

impl Place {
    /// The place of a byte that is not before the last one asked for.
    fn at(&mut self, text: &str, byte: usize) -> Span {
        // inside a character the place is that of the character
        let end = (0..=byte.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        for c in text.get(self.byte..end).unwrap_or_default().chars() {
            self.chars = self.chars.saturating_add(1);
            self.column = self.column.saturating_add(1);
            if c == '\n' {
                (self.line, self.column) = (self.line.saturating_add(1), 1);
            }
        }
        self.byte = self.byte.max(end);
        Span { start: self.chars, end: self.chars.saturating_add(1), line: self.line, column: self.column }
    }
}

enum Stop {
    Json(JiterError),
    Deep,
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Self::Json(error)
    }
}

struct Parser<'j> {
    text: &'j str,
    json: Jiter<'j>,
    place: Place,
    twice: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Node, Stop> {
        let first = self.json.peek()?;
        let root = self.value(first, 0)?;
        self.json.finish()?;
        Ok(root)
    }

    fn here(&mut self) -> Span {
        self.place.at(self.text, self.json.current_index())
    }

    /// A value; the parser stands at its first byte.
    fn value(&mut self, first: Peek, depth: usize) -> Result<Node, Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::Deep);
        }
        let start = self.here();
        let scalar = |text: String, quoted: bool| Kind::Scalar { text, quoted };
        let kind = match first {
            Peek::Null => {
                self.json.known_null()?;
                scalar("null".to_owned(), false)
            }
            Peek::True | Peek::False => scalar(self.json.known_bool(first)?.to_string(), false),
            Peek::String => scalar(self.json.known_str()?.to_owned(), true),
            Peek::Array => Kind::Seq(self.items(depth)?),
            Peek::Object => Kind::Map(self.entries(depth)?),
            number => {
                let text = String::from_utf8_lossy(self.json.known_number_bytes(number)?).into_owned();
                scalar(text, false)
            }
        };
        let end = self.here().start;
        Ok(Node { span: Span { end, ..start }, kind })
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, Stop> {
        let mut items = Vec::new();
        let mut next = self.json.known_array()?;
        while let Some(first) = next {
            items.push(self.value(first, depth + 1)?);
            next = self.json.array_step()?;
        }
        Ok(items)
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, Stop> {
        let mut entries = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut before = self.json.current_index();
        let mut next = self.json.known_object()?.map(str::to_owned);
        while let Some(key) = next {
            // between a value and the next key there are only blanks and a comma
            let quote = self.text.as_bytes().iter().skip(before).position(|byte| *byte == b'"').unwrap_or(0);
            let start = self.place.at(self.text, before + quote);
            let end = self.here().start;
            let span = Span { end, ..start };
            if !seen.insert(key.clone()) {
                self.twice.push(Diagnostic::error(
                    "E0109",
                    span,
                    format!("键 `{key}` 重复"),
                    format!("the key `{key}` is there twice"),
                ));
            }
            let first = self.json.peek()?;
            let value = self.value(first, depth + 1)?;
            entries.push((Node { span, kind: Kind::Scalar { text: key, quoted: true } }, value));
            before = self.json.current_index();
            next = self.json.next_key()?.map(str::to_owned);
        }
        Ok(entries)
    }

    fn told(&mut self, stop: Stop) -> Diagnostic {
        match stop {
            Stop::Deep => Diagnostic::error(
                "E0106",
                self.here(),
                format!("嵌套过深(最多 {MAX_DEPTH} 层)"),
                format!("nested too deep (at most {MAX_DEPTH} levels)"),
            ),
            Stop::Json(error) => {
                let said = match &error.error_type {
                    JiterErrorType::JsonError(error) => complaint(error),
                    JiterErrorType::WrongType { .. } => {
                        Text::new("此处应是另一种值", "another kind of value is expected here")
                    }
                };
                let span = Place::default().at(self.text, error.index);
                Diagnostic::error(
                    "E0701",
                    span,
                    format!("不是有效的 JSON：{}", said.zh),
                    format!("not valid JSON: {}", said.en),
                )
            }
        }
    }
}

/// What is wrong with a JSON text.
fn complaint(error: &JsonErrorType) -> Text {
    use JsonErrorType as E;
    let (zh, en) = match error {
        E::EofWhileParsingList => ("列表没有结束，缺少 `]`", "a list does not end: `]` is missing"),
        E::EofWhileParsingObject => ("对象没有结束，缺少 `}`", "an object does not end: `}` is missing"),
        E::EofWhileParsingString => ("文字没有结束，缺少引号", "a text does not end: a quotation mark is missing"),
        E::EofWhileParsingValue => ("内容在此中断，缺少一个值", "the text ends where a value is expected"),
        E::ExpectedColon => ("键之后应是冒号", "a colon must follow the key"),
        E::ExpectedListCommaOrEnd => ("此处应是逗号或 `]`", "a comma or `]` is expected"),
        E::ExpectedObjectCommaOrEnd => ("此处应是逗号或 `}`", "a comma or `}` is expected"),
        E::ExpectedSomeIdent => ("此处应是 true、false 或 null", "`true`, `false` or `null` is expected"),
        E::ExpectedSomeValue => ("此处应是一个值", "a value is expected"),
        E::InvalidEscape | E::UnexpectedEndOfHexEscape => {
            ("反斜杠之后的写法不对", "what follows the backslash is not an escape")
        }
        E::InvalidNumber | E::NumberOutOfRange => ("数字的写法不对", "this is not a number"),
        E::InvalidUnicodeCodePoint | E::LoneLeadingSurrogateInHexEscape => {
            ("没有这个字符", "there is no such character")
        }
        E::ControlCharacterWhileParsingString => (
            "文字里不能直接换行或有控制字符，请写作 \\n 等",
            "a text cannot hold line breaks or control characters: write \\n",
        ),
        E::KeyMustBeAString => ("键必须写在双引号里", "a key must stand in double quotation marks"),
        E::TrailingComma => ("最后一项之后不能有逗号", "no comma may follow the last item"),
        E::TrailingCharacters => ("内容之后还有多余的文字", "there is more text behind the value"),
        _ => ("无法读取", "it cannot be read"),
    };
    Text::new(zh, en)
}

#[cfg(test)]
mod tests;
