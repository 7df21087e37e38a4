//! Scalars: plain where YAML allows it, else in double quotes; and how wide a text is on a screen.

use std::fmt::Write as _;

/// The text as a scalar; `flow` inside of `[ ]` or `{ }`, where fewer texts can stand plain.
pub(super) fn scalar(text: &str, flow: bool) -> String {
    if is_plain(text, flow) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let good_start = match chars.next() {
        None => false,
        // A dash opens a list item when a blank follows.
        Some('-') => chars.next().is_some_and(|next| next != ' ') && !text.starts_with("---"),
        Some(first) => !first.is_whitespace() && !"?:,[]{}#&*!|>'\"%@`".contains(first) && !text.starts_with("..."),
    };
    good_start
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| c == '\t' || is_escaped(c))
        && !(flow && (text.contains([',', '[', ']', '{', '}']) || text.ends_with(" -")))
}

/// The text in double quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_escaped(c) => {
                let code = u32::from(c);
                // Writing to a string cannot fail.
                let _ = if code <= 0xff {
                    write!(out, "\\x{code:02x}")
                } else if code <= 0xffff {
                    write!(out, "\\u{code:04x}")
                } else {
                    write!(out, "\\U{code:08x}")
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that cannot be read, or that change how their neighbours are: controls, other line ends, zero-width and
/// direction marks. They are written as escapes, so that a reader sees that they are there.
fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// How many columns a text takes: East Asian characters and emoji take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}' // Hangul letters
        | '\u{2e80}'..='\u{303e}' // radicals, punctuation
        | '\u{3041}'..='\u{a4cf}' // kana, ideographs, Yi
        | '\u{ac00}'..='\u{d7a3}' // Hangul syllables
        | '\u{f900}'..='\u{faff}' // compatibility ideographs
        | '\u{fe30}'..='\u{fe6f}' // vertical and small forms
        | '\u{ff01}'..='\u{ff60}' // full-width forms
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}' // emoji
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' // more ideographs
    )
}
