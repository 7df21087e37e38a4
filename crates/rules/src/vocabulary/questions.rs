//! The questionnaire of the vocabulary: which facts and lists of records are asked together, and in which words.

use std::collections::BTreeMap;

use super::Vocabulary;
use crate::diag::{Diagnostic, Span, Text};
use crate::reader::{Reader, check_keys};
use crate::yaml::Node;

/// Something that a party can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// A fact, by its index.
    Fact(usize),
    /// A list of records, by the index of its kind.
    Records(usize),
}

/// Facts and lists of records that are asked together.
#[derive(Clone, Debug)]
pub struct QuestionDef {
    /// Its name.
    pub name: String,
    /// What readers call it.
    pub label: Text,
    /// The question in words.
    pub ask: Text,
    /// What is asked, in the order in which it is shown.
    pub facts: Vec<Asked>,
}

impl Vocabulary {
    /// The question that asks for a fact or a list of records; `None` where the vocabulary has none for it.
    #[must_use]
    pub fn question_of(&self, asked: Asked) -> Option<usize> {
        self.questions.iter().position(|question| question.facts.contains(&asked))
    }

    /// A question by its name.
    #[must_use]
    pub fn question(&self, name: &str) -> Option<&QuestionDef> {
        self.questions.iter().find(|question| question.name == name)
    }

    /// Everything that a party can be asked for: facts that are neither computed nor decided by a reviewer, and lists of
    /// records.
    pub fn askable(&self) -> impl Iterator<Item = Asked> {
        let facts = self.facts.iter().enumerate().filter(|(_, fact)| fact.derive.is_none() && fact.by.is_none());
        facts.map(|(index, _)| Asked::Fact(index)).chain((0..self.records.len()).map(Asked::Records))
    }

    /// The name of a fact, or the key of a list of records in party files.
    #[must_use]
    pub fn asked_name(&self, asked: Asked) -> &str {
        match asked {
            Asked::Fact(index) => self.facts.get(index).map_or("", |fact| fact.name.as_str()),
            Asked::Records(index) => self.records.get(index).map_or("", |record| record.list.as_str()),
        }
    }

    /// Reads the questions of one file. `taken` has what earlier questions ask for, with their names.
    pub(super) fn read_questions(&mut self, reader: &mut Reader, root: &Node, taken: &mut BTreeMap<Asked, String>) {
        for (key, body) in root.get("questions").and_then(Node::map).unwrap_or_default() {
            let name = key.text().unwrap_or_default().to_owned();
            if self.question(&name).is_some() {
                reader.error(
                    "E0110",
                    key.span,
                    format!("问题 `{name}` 重复"),
                    format!("the question `{name}` is declared twice"),
                );
                continue;
            }
            let word =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if !word || self.record(&name).is_some() || self.record_by_list(&name).is_some() {
                reader.push(
                    Diagnostic::error(
                        "E0133",
                        key.span,
                        format!("问题不能叫 `{name}`"),
                        format!("a question cannot be called `{name}`"),
                    )
                    .hint(
                        "用小写字母、数字和 _，且不与记录同名",
                        "small letters, digits and _, and no name of a record",
                    ),
                );
            }
            check_keys(reader, body, &["label", "ask", "facts"]);
            let (label, ask) = (reader.text(body, "label"), reader.text(body, "ask"));
            let words = reader.words(body, "facts");
            if words.is_empty() {
                reader.error(
                    "E0129",
                    key.span,
                    format!("问题 `{name}` 没有列出事实"),
                    format!("the question `{name}` lists no facts"),
                );
            }
            let mut facts = Vec::new();
            for (word, span) in words {
                match self.asked(&word, span) {
                    Ok(asked) => match taken.get(&asked) {
                        Some(other) => reader.push(
                            Diagnostic::error(
                                "E0130",
                                span,
                                format!("`{word}` 已在问题 `{other}` 中"),
                                format!("`{word}` is in the question `{other}` already"),
                            )
                            .hint("每项事实只问一次", "a fact is asked once"),
                        ),
                        None => {
                            taken.insert(asked, name.clone());
                            facts.push(asked);
                        }
                    },
                    Err(finding) => reader.push(finding),
                }
            }
            self.questions.push(QuestionDef { name, label, ask, facts });
        }
    }

    /// What a word of a question asks for.
    fn asked(&self, word: &str, span: Span) -> Result<Asked, Diagnostic> {
        if let Some(records) = self.record_by_list(word) {
            return Ok(Asked::Records(records));
        }
        let Some(index) = self.fact(word) else {
            let known = self.askable().map(|asked| self.asked_name(asked));
            return Err(Diagnostic::error(
                "E0131",
                span,
                format!("没有 `{word}` 这项事实或记录列表"),
                format!("there is no fact or list of records `{word}`"),
            )
            .nearest(domain::text::nearest(word, known)));
        };
        let fact = self.facts.get(index);
        if fact.is_some_and(|fact| fact.derive.is_some()) {
            return Err(Diagnostic::error(
                "E0132",
                span,
                format!("`{word}` 是算出来的，不能询问"),
                format!("`{word}` is computed and cannot be asked for"),
            ));
        }
        if fact.is_some_and(|fact| fact.by.is_some()) {
            return Err(Diagnostic::error(
                "E0132",
                span,
                format!("`{word}` 由审查人员认定，不能询问主体"),
                format!("`{word}` is decided by a reviewer and cannot be asked of the party"),
            ));
        }
        Ok(Asked::Fact(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    const FACTS: &str = "
facts:
  org.a: { type: bool, label: { zh: 甲, en: A } }
  org.age: { type: months, derive: org.b, label: { zh: 年, en: Age } }
  review.score: { type: count, by: panel, label: { zh: 分, en: Score } }
records:
  loan: { label: { zh: 贷款, en: Loan } }
";

    fn read(questions: &str) -> (Vocabulary, Vec<(&'static str, u32)>) {
        let files: Vec<(String, Node)> = [("a.yaml", questions), ("b.yaml", FACTS)]
            .map(|(file, text)| (file.to_owned(), yaml::parse(text.as_bytes(), yaml::MAX_POLICY_BYTES).unwrap()))
            .into();
        let (vocabulary, findings) = Vocabulary::read(&files);
        (vocabulary, findings.iter().map(|finding| (finding.code, finding.line)).collect())
    }

    fn question(name: &str, facts: &str) -> String {
        format!("  {name}: {{ label: {{ zh: 问, en: Q }}, ask: {{ zh: 问, en: Q }}, facts: [{facts}] }}\n")
    }

    #[test]
    fn a_question_names_facts_and_lists_of_any_file() {
        let (vocabulary, findings) = read(&format!("questions:\n{}", question("q", "loans, org.a")));
        assert_eq!(findings, []);
        let asked = &vocabulary.question("q").unwrap().facts;
        assert_eq!(asked.iter().map(|asked| vocabulary.asked_name(*asked)).collect::<Vec<_>>(), ["loans", "org.a"]);
        assert_eq!(vocabulary.question_of(asked[1]), Some(0));
        assert!(
            vocabulary.askable().eq([Asked::Fact(0), Asked::Records(0)]),
            "computed and decided facts are not asked"
        );
    }

    #[test]
    fn what_cannot_be_asked_or_is_asked_twice_is_found() {
        let text = [
            "questions:\n".to_owned(),
            question("first", "org.a, org.a"),
            question("second", "org.a, org.aa"),
            question("third", "org.age, review.score, loan"),
            question("fourth", ""),
            question("loan", "loans"),
        ]
        .concat();
        let (_, findings) = read(&text);
        let expected = [
            ("E0130", 2),
            ("E0130", 3),
            ("E0131", 3),
            ("E0132", 4),
            ("E0132", 4),
            ("E0131", 4),
            ("E0129", 5),
            ("E0133", 6),
        ];
        assert_eq!(findings, expected);
    }

    #[test]
    fn everything_that_a_party_can_be_asked_for_is_in_one_question() {
        let vocabulary = crate::repository::shipped().load().program.vocabulary;
        let missing: Vec<&str> = vocabulary
            .askable()
            .filter(|asked| vocabulary.question_of(*asked).is_none())
            .map(|asked| vocabulary.asked_name(asked))
            .collect();
        assert!(missing.is_empty(), "add these to vocabulary/questions.yaml: {missing:?}");
    }
}
