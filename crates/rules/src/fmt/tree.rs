//! The tree to write: entries with their comments. The parser drops comments, so they are found in the source again.

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::yaml::{Kind, Node};

/// An entry of a mapping, an item of a list, or the root.
pub(super) struct Entry {
    /// The key, in a mapping.
    pub(super) key: Option<String>,
    /// What it holds.
    pub(super) value: Value,
    /// Comments on lines of their own before it.
    pub(super) lead: Vec<String>,
    /// Comments at the end of its line.
    pub(super) trail: Vec<String>,
    place: Extent,
}

/// What an entry holds.
pub(super) enum Value {
    /// A text.
    Scalar(String),
    /// A mapping or list.
    Many(Many),
}

/// A mapping or list.
pub(super) struct Many {
    /// A mapping, not a list.
    pub(super) map: bool,
    /// Its entries or items.
    pub(super) entries: Vec<Entry>,
    /// Comments behind the last of them.
    pub(super) tail: Vec<String>,
    /// Written in brackets, where indentation says nothing.
    flow: bool,
    column: usize,
}

/// Where an entry stands in the source: character offsets and lines, the first and the last.
#[derive(Clone, Copy)]
struct Extent {
    start: usize,
    end: usize,
    first_line: usize,
    last_line: usize,
}

/// A comment, with its place.
pub(super) struct Comment {
    text: String,
    start: usize,
    line: usize,
    column: usize,
    own_line: bool,
}

/// A source that was parsed without a finding, with the places that the parser's tree does not tell.
pub(super) struct Source {
    chars: Vec<char>,
    line_starts: Vec<usize>,
    /// Where each scalar, mapping and list ends, in the order of their ends.
    ends: Vec<usize>,
    /// Where the scalars stand that have a `#` in them.
    hashes: Vec<(usize, usize)>,
}

impl Source {
    /// Finds the places.
    pub(super) fn new(source: &str) -> Self {
        let chars: Vec<char> = source.chars().collect();
        let ends_line = |(at, c): (usize, &char)| {
            (*c == '\n' || (*c == '\r' && chars.get(at + 1) != Some(&'\n'))).then_some(at + 1)
        };
        let line_starts = chars.iter().enumerate().filter_map(ends_line).collect();
        let mut new = Self { chars, line_starts, ends: Vec::new(), hashes: Vec::new() };
        let mut parser = Parser::new_from_str(source);
        while let Some(Ok((event, span))) = parser.next_event() {
            let (start, end) = (span.start.index(), span.end.index());
            match event {
                Event::Scalar(text, style, ..) => {
                    let end = new.scalar_end(start, end, style);
                    new.ends.push(end);
                    // Others need not be looked at, and must not: the place of an empty block scalar includes the line
                    // of its `|`, which may end in a comment.
                    if text.contains('#') {
                        new.hashes.push((start, end));
                    }
                }
                Event::SequenceEnd | Event::MappingEnd => new.ends.push(start + 1),
                _ => {}
            }
        }
        new
    }

    /// The parser counts what follows a quoted text or a block on its line, comment and all, as part of it.
    fn scalar_end(&self, start: usize, end: usize, style: ScalarStyle) -> usize {
        let text = self.chars.get(start..end).unwrap_or_default();
        let mark = match style {
            ScalarStyle::SingleQuoted => '\'',
            ScalarStyle::DoubleQuoted => '"',
            _ => return start + text.iter().rposition(|c| !c.is_whitespace()).map_or(0, |last| last + 1),
        };
        let mut escaped = false;
        let mut rest = text.iter().enumerate().skip(1).peekable();
        while let Some((at, c)) = rest.next() {
            if escaped {
                escaped = false;
            } else if *c == '\\' && mark == '"' {
                escaped = true;
            } else if *c == mark && (mark == '"' || rest.next_if(|(_, next)| **next == mark).is_none()) {
                return start + at + 1;
            }
        }
        end
    }

    /// The comments: outside of scalars, nothing else has a `#`.
    pub(super) fn comments(&self) -> Vec<Comment> {
        let mut scalars = self.hashes.iter().peekable();
        let mut found: Vec<Comment> = Vec::new();
        let (mut line_start, mut own_line, mut open) = (0, true, false);
        for (at, c) in self.chars.iter().copied().enumerate() {
            if matches!(c, '\n' | '\r') {
                (line_start, own_line, open) = (at + 1, true, false);
            } else if open {
                if let Some(comment) = found.last_mut() {
                    comment.text.push(c);
                }
            } else {
                while scalars.next_if(|(_, end)| *end <= at).is_some() {}
                open = c == '#' && scalars.peek().is_none_or(|(start, _)| *start > at);
                if open {
                    found.push(Comment {
                        text: c.into(),
                        start: at,
                        line: self.line(at),
                        column: at - line_start,
                        own_line,
                    });
                }
                own_line = own_line && matches!(c, ' ' | '\t');
            }
        }
        for comment in &mut found {
            comment.text.truncate(comment.text.trim_end().len());
        }
        found
    }

    /// The tree of the source, still without its comments.
    pub(super) fn build(&self, root: Node) -> Entry {
        Builder { source: self, ends: self.ends.iter() }.entry(None, root, false)
    }

    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }
}

struct Builder<'a> {
    source: &'a Source,
    ends: std::slice::Iter<'a, usize>,
}

impl Builder<'_> {
    fn entry(&mut self, key: Option<Node>, value: Node, in_flow: bool) -> Entry {
        let start = key.as_ref().map_or(value.span.start, |key| key.span.start) as usize;
        let key_end = if key.is_some() { self.end(start) } else { start };
        let (value, end) = self.value(value, in_flow, key_end);
        let (first_line, last_line) = (self.source.line(start), self.source.line(end.saturating_sub(1).max(start)));
        let key = key.and_then(|key| key.text().map(str::to_owned));
        Entry { key, value, lead: Vec::new(), trail: Vec::new(), place: Extent { start, end, first_line, last_line } }
    }

    fn value(&mut self, node: Node, in_flow: bool, key_end: usize) -> (Value, usize) {
        let start = node.span.start as usize;
        let bracketed = matches!(self.source.chars.get(start), Some('[' | '{'));
        let flow = in_flow || bracketed;
        let column = node.span.column.saturating_sub(1) as usize;
        let (map, entries): (bool, Vec<Entry>) = match node.kind {
            Kind::Scalar { text, quoted } => {
                let end = self.end(start);
                // Where nothing is written, the parser names the place of what comes next.
                let end = if text.is_empty() && !quoted { key_end } else { end };
                return (Value::Scalar(text), end);
            }
            Kind::Seq(items) => (false, items.into_iter().map(|item| self.entry(None, item, flow)).collect()),
            Kind::Map(pairs) => {
                (true, pairs.into_iter().map(|(key, value)| self.entry(Some(key), value, flow)).collect())
            }
        };
        let end = self.end(start);
        // A block ends where the next token begins; what counts is its last entry.
        let end = if bracketed { end } else { entries.last().map_or(end, |last| last.place.end) };
        (Value::Many(Many { map, entries, tail: Vec::new(), flow, column }), end)
    }

    fn end(&mut self, start: usize) -> usize {
        self.ends.next().copied().unwrap_or(start)
    }
}

/// Gives every comment to the entry that it belongs to.
pub(super) fn attach(root: &mut Entry, comments: Vec<Comment>) {
    for comment in comments {
        let before = comment.start < root.place.start;
        match &mut root.value {
            Value::Many(many) if !many.entries.is_empty() => match many.follower(&comment) {
                0 => many.lead_of(0, comment),
                next => many.place(next, comment),
            },
            _ if before => root.lead.push(comment.text),
            _ => root.trail.push(comment.text),
        }
    }
}

impl Entry {
    /// Takes a comment that stands behind the entry's start and before its end.
    fn place(&mut self, comment: Comment) {
        let on_line = !comment.own_line && comment.line == self.place.first_line;
        match &mut self.value {
            Value::Many(many) if !many.entries.is_empty() => match many.follower(&comment) {
                0 if on_line => self.trail.push(comment.text),
                0 => many.lead_of(0, comment),
                next => many.place(next, comment),
            },
            _ if comment.own_line => self.lead.push(comment.text),
            _ => self.trail.push(comment.text),
        }
    }

    /// Takes a comment at the end of the entry's last line. Of nested entries that end there, it belongs to the
    /// outermost that begins on the line as well, or is closed by a bracket.
    fn place_behind(&mut self, comment: Comment) {
        let spread = self.place.first_line != comment.line;
        match &mut self.value {
            Value::Many(Many { flow: false, entries, .. }) if spread => match entries.last_mut() {
                Some(last) => last.place_behind(comment),
                None => self.trail.push(comment.text),
            },
            _ => self.trail.push(comment.text),
        }
    }
}

impl Many {
    /// The index of the first entry that begins behind the comment.
    fn follower(&self, comment: &Comment) -> usize {
        self.entries.partition_point(|entry| entry.place.start <= comment.start)
    }

    fn lead_of(&mut self, index: usize, comment: Comment) {
        match self.entries.get_mut(index) {
            Some(entry) => entry.lead.push(comment.text),
            None => self.tail.push(comment.text),
        }
    }

    /// Takes a comment that stands behind the start of the entry before `next`.
    fn place(&mut self, next: usize, comment: Comment) {
        let column = self.column;
        let flow = self.flow;
        match next.checked_sub(1).and_then(|last| self.entries.get_mut(last)) {
            Some(last) if comment.start < last.place.end => last.place(comment),
            Some(last) if !comment.own_line && comment.line == last.place.last_line => last.place_behind(comment),
            // Indented further than what follows, it belongs to the end of what came before.
            Some(Entry { value: Value::Many(many), .. })
                if comment.own_line && !flow && many.takes(&comment, column) =>
            {
                many.tail_or_deeper(comment)
            }
            _ => self.lead_of(next, comment),
        }
    }

    /// Whether this block stands further in than `outer` but not further than the comment.
    fn takes(&self, comment: &Comment, outer: usize) -> bool {
        !self.flow && self.column > outer && self.column <= comment.column
    }

    fn tail_or_deeper(&mut self, comment: Comment) {
        let column = self.column;
        match self.entries.last_mut() {
            Some(Entry { value: Value::Many(many), .. }) if many.takes(&comment, column) => {
                many.tail_or_deeper(comment)
            }
            _ => self.tail.push(comment.text),
        }
    }
}
