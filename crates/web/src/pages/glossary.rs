//! `/glossary`: the words of the program, from `docs/glossary.md`, which is the one place where they are explained.

use std::sync::LazyLock;

use askama::Template;
use axum::response::Response;
use rules::diag::Text;

use crate::error::WebError;
use crate::pages::html;
use crate::visitor::Visitor;

static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| parse(include_str!("../../../../docs/glossary.md")));

/// Words that belong together.
#[derive(Debug, PartialEq, Eq)]
struct Section {
    title: Text,
    terms: Vec<Term>,
}

/// A word.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    /// For links to it: `missing-fact`.
    id: String,
    word: Text,
    meaning: Text,
}

#[derive(Template)]
#[template(path = "glossary.html")]
struct Glossary {
    v: Visitor,
    sections: &'static [Section],
}

impl Glossary {
    /// A text in the visitor's language, its code set apart.
    fn pieces<'t>(&self, text: &'t Text) -> Vec<Piece<'t>> {
        pieces(self.v.l.text(text))
    }

    /// The same in the other language.
    fn other<'t>(&self, text: &'t Text) -> Vec<Piece<'t>> {
        pieces(if self.v.l.zh() { &text.en } else { &text.zh })
    }
}

/// A part of a text.
struct Piece<'t> {
    text: &'t str,
    code: bool,
}

/// `GET /glossary`
pub async fn get(visitor: Visitor) -> Result<Response, WebError> {
    html(&Glossary { v: visitor, sections: &SECTIONS })
}

/// What a word means, by its English form.
pub fn meaning(word: &str) -> Option<&'static Text> {
    let id = id(word);
    SECTIONS.iter().flat_map(|section| &section.terms).find(|term| term.id == id).map(|term| &term.meaning)
}

/// Reads the tables: under a heading `English · 中文`, rows of `word | 中文 | meaning | 含义`.
fn parse(markdown: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (en, zh) = heading.split_once(" · ").unwrap_or((heading, heading));
            sections.push(Section { title: Text::new(zh, en), terms: Vec::new() });
        } else if let Some(term) = term(line)
            && let Some(section) = sections.last_mut()
        {
            section.terms.push(term);
        }
    }
    sections
}

/// A row of a table; `None` for its head, the line below it, and everything else.
fn term(line: &str) -> Option<Term> {
    let mut cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim);
    let (en, zh, meaning, zh_meaning) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let words = !en.starts_with("---") && en != "word";
    words.then(|| Term { id: id(en), word: Text::new(zh, en), meaning: Text::new(zh_meaning, meaning) })
}

/// Letters and digits in lower case, with hyphens between words.
fn id(word: &str) -> String {
    let words = word.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// What stands between backticks is code.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let parts = text.split('`').enumerate();
    parts.map(|(at, text)| Piece { text, code: at % 2 == 1 }).filter(|piece| !piece.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::Site;

    #[test]
    fn every_row_of_the_document_is_a_word_with_an_id_of_its_own() {
        let document = include_str!("../../../../docs/glossary.md");
        let rows = document.lines().filter(|line| line.starts_with('|')).count();
        // each section's table has a head of two lines
        let words: usize = SECTIONS.iter().map(|section| section.terms.len()).sum();
        assert_eq!(words, rows - 2 * SECTIONS.len());
        assert!(SECTIONS.iter().all(|section| !section.terms.is_empty()));
        let ids: BTreeSet<_> = SECTIONS.iter().flat_map(|section| &section.terms).map(|term| &term.id).collect();
        assert_eq!(ids.len(), words);
    }

    #[tokio::test]
    async fn a_word_stands_in_both_languages_with_its_meaning_in_the_visitors() {
        let site = Site::new();
        for (lang, word, meaning) in [
            ("zh", "待补充 undetermined", "缺少可能影响结论的事实"),
            ("en", "undetermined 待补充", "a fact is missing that could matter"),
        ] {
            let page = site.get(&format!("/glossary?lang={lang}")).await;
            assert_eq!(page.texts("dt#undetermined"), [word]);
            assert_eq!(page.texts("dt#undetermined + dd"), [meaning]);
            assert!(!page.body.contains('`'), "code is set apart");
        }
    }
}
