//! What all commands share in how they print.

use std::fmt;
use std::io::IsTerminal;

use clap::ValueEnum;
use rules::diag::Text;

/// The language of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl From<Lang> for rules::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Zh,
            Lang::En => Self::En,
        }
    }
}

/// Whether standard output shows colour: a terminal that has not asked for none.
pub fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Text in one language or the other.
pub fn pick<'a>(lang: rules::Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        rules::Lang::Zh => zh,
        rules::Lang::En => en,
    }
}

/// Text with an ANSI style, where there is colour.
pub fn paint(text: &str, style: &str, colour: bool) -> String {
    if colour && !text.is_empty() { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A colon as each language sets it.
pub fn colon(lang: rules::Lang) -> &'static str {
    pick(lang, "：", ": ")
}

/// Why a command cannot go on, in both languages. What it rests on, such as a file that is not there, is its source.
#[derive(Debug)]
pub struct Said {
    text: Text,
    source: Option<std::io::Error>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text.en)
    }
}

impl std::error::Error for Said {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// An error in both languages.
pub fn said(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    Said { text: Text::new(zh, en), source: None }.into()
}

/// Says in both languages what was tried when a file or stream failed.
pub trait Tried<T> {
    /// `zh` and `en` name what could not be done.
    fn tried(self, text: impl FnOnce() -> (String, String)) -> anyhow::Result<T>;
}

impl<T> Tried<T> for std::io::Result<T> {
    fn tried(self, text: impl FnOnce() -> (String, String)) -> anyhow::Result<T> {
        self.map_err(|source| {
            let (zh, en) = text();
            Said { text: Text::new(zh, en), source: Some(source) }.into()
        })
    }
}

/// An error with all that it rests on, as one line. One that has only English is told in English throughout.
pub fn error_line(error: &anyhow::Error, lang: rules::Lang) -> String {
    let lang = if error.is::<Said>() { lang } else { rules::Lang::En };
    let parts: Vec<String> = error
        .chain()
        .map(|part| match (part.downcast_ref::<Said>(), part.downcast_ref::<std::io::Error>()) {
            (Some(said), _) => said.text.get(lang).to_owned(),
            (None, Some(error)) => io_error(error, lang),
            (None, None) => part.to_string(),
        })
        .collect();
    format!("{}{}", pick(lang, "错误：", "error: "), parts.join(colon(lang)))
}

/// What the system says, without its number.
fn io_error(error: &std::io::Error, lang: rules::Lang) -> String {
    use std::io::ErrorKind;
    let zh = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或文件夹",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::IsADirectory => "这是文件夹",
        ErrorKind::NotADirectory => "路径中有一段不是文件夹",
        ErrorKind::InvalidData => "不是 UTF-8 文字",
        ErrorKind::ReadOnlyFilesystem => "磁盘只读",
        ErrorKind::StorageFull => "磁盘已满",
        _ => "",
    };
    if lang == rules::Lang::Zh && !zh.is_empty() {
        return zh.to_owned();
    }
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_in_either_language_without_numbers_of_the_system() {
        let missing =
            std::fs::File::open("no/such/file").tried(|| ("无法读取 x".into(), "cannot read x".into())).unwrap_err();
        assert_eq!(error_line(&missing, rules::Lang::Zh), "错误：无法读取 x：没有这个文件或文件夹");
        assert_eq!(error_line(&missing, rules::Lang::En), "error: cannot read x: No such file or directory");
        assert_eq!(error_line(&said("没有", "none"), rules::Lang::Zh), "错误：没有");
        assert_eq!(error_line(&anyhow::anyhow!("plain").context("outer"), rules::Lang::Zh), "error: outer: plain");
    }
}
