//! Diagnostics: what is wrong in a policy or party text, where, and what would be right, in both languages.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Lang;

/// A place in a text: character offsets from its start, and the line and column (from 1) of the first character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first character.
    pub start: u32,
    /// Offset behind the last character.
    pub end: u32,
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character, from 1, in characters.
    pub column: u32,
}

impl Span {
    /// The part of a one-line span from character `from` to character `to`, counted from its start.
    #[must_use]
    pub fn part(self, from: usize, to: usize) -> Self {
        let (from, to) = (u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0));
        Self { start: self.start + from, end: self.start + to.max(from), line: self.line, column: self.column + from }
    }
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used, and should be mended.
    Warning,
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same words in both languages, for names and codes.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One finding of the parser or checker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code, for example `E0301`: the first two digits name the stage.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// File name as given by the caller.
    pub file: String,
    /// Line from 1; 0 when the finding is about the file as a whole.
    pub line: u32,
    /// Column from 1.
    pub column: u32,
    #[serde(skip)]
    span: Span,
    /// What is wrong.
    pub message: Text,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            file: String::new(),
            line: span.line,
            column: span.column,
            span,
            message: Text::new(zh, en),
            hint: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, zh, en) }
    }

    /// Adds what would be right.
    #[must_use]
    pub fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some(Text::new(zh, en));
        self
    }

    /// Adds “did you mean” when there is a near name.
    #[must_use]
    pub fn nearest(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.hint(format!("是否想写 `{near}`?"), format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Names the file.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
        self
    }

    /// The finding as a terminal shows it: with the line of the source, marked. `source` is the text of the file.
    #[must_use]
    pub fn render(&self, source: Option<&str>, lang: Lang, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = self.message.get(lang).to_owned();
        let title = level.primary_title(message).id(self.code);
        let group = match source {
            Some(source) if self.line > 0 => {
                let (line_start, text) = line_of(source, self.span.line);
                let from = line_start + byte_of_column(text, self.span.column);
                let rest = line_start + text.len();
                let width = self.span.end.saturating_sub(self.span.start).max(1) as usize;
                let to = source
                    .get(from..)
                    .map_or(from, |tail| from + tail.chars().take(width).map(char::len_utf8).sum::<usize>())
                    .min(rest.max(from));
                title.element(
                    Snippet::source(source.to_owned())
                        .path(self.file.clone())
                        .annotation(AnnotationKind::Primary.span(from..to)),
                )
            }
            _ => {
                let mut plain = format!(
                    "{}[{}]: {}",
                    if self.severity == Severity::Error { "error" } else { "warning" },
                    self.code,
                    self.message.get(lang)
                );
                if !self.file.is_empty() {
                    let _ = write!(plain, "\n  --> {}", self.file);
                    if self.line > 0 {
                        let _ = write!(plain, ":{}:{}", self.line, self.column);
                    }
                }
                if let Some(hint) = &self.hint {
                    let _ = write!(plain, "\n  = {}", hint.get(lang));
                }
                return plain;
            }
        };
        let group = match &self.hint {
            Some(hint) => group.element(Level::HELP.message(hint.get(lang).to_owned())),
            None => group,
        };
        renderer.render(&[group])
    }
}

fn line_of(source: &str, line: u32) -> (usize, &str) {
    let mut start = 0;
    for (number, text) in source.split_inclusive('\n').enumerate() {
        if number + 1 == line as usize {
            return (start, text.trim_end_matches(['\n', '\r']));
        }
        start += text.len();
    }
    (source.len(), "")
}

fn byte_of_column(text: &str, column: u32) -> usize {
    text.chars().take(column.saturating_sub(1) as usize).map(char::len_utf8).sum()
}
