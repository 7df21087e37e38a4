//! What all commands share in how they print.

use std::io::IsTerminal;

use clap::ValueEnum;

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
