//! Words as people type them: folded to one form, cut into terms, and what they mean beyond themselves.

use std::sync::LazyLock;

use rules::yaml::{self, Node};

/// What people say and what they mean by it, as shipped.
const SHIPPED: &str = include_str!("../../data/search.yaml");

/// Words that say nothing of what is looked for, and phrases that mean something else than their words.
#[derive(Clone, Debug, Default)]
pub struct Language {
    /// Chinese phrases that are left out of what is looked for.
    stop_zh: Vec<String>,
    /// English words that are left out.
    stop_en: Vec<String>,
    /// What people say for what.
    pub intents: Vec<Intent>,
}

/// What people say, and where that is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What they say, as terms in a row.
    pub said: Vec<Vec<String>>,
    /// Words of the catalogue that mean it; each is found where all its terms are.
    pub words: Vec<Vec<String>>,
    /// Codes of topics that it is about.
    pub topics: Vec<String>,
}

impl Language {
    /// The one that is shipped.
    #[must_use]
    pub fn shipped() -> Self {
        // a test reads it whole; were it ever broken, words would only mean themselves
        static READ: LazyLock<Language> = LazyLock::new(|| Language::read(SHIPPED).unwrap_or_default());
        READ.clone()
    }

    /// Reads the file of intents; `None` where it has another form.
    pub fn read(text: &str) -> Option<Self> {
        let root = yaml::parse(text.as_bytes(), yaml::MAX_POLICY_BYTES).ok()?;
        let list = |node: Option<&Node>| -> Option<Vec<String>> {
            node?.seq()?.iter().map(|item| Some(fold(item.text()?))).collect()
        };
        let terms = |node: Option<&Node>| -> Vec<Vec<String>> {
            list(node).unwrap_or_default().iter().map(|text| cut(text)).collect()
        };
        let stop = root.get("stop")?;
        let intents = root.get("intents")?.seq()?.iter().map(|intent| {
            let topics = intent.get("topics").and_then(Node::seq).unwrap_or_default();
            Intent {
                said: [terms(intent.get("zh")), terms(intent.get("en"))].concat(),
                words: terms(intent.get("words")),
                topics: topics.iter().filter_map(Node::text).map(str::to_owned).collect(),
            }
        });
        Some(Self { stop_zh: list(stop.get("zh"))?, stop_en: list(stop.get("en"))?, intents: intents.collect() })
    }

    /// The terms of what somebody looks for, without the words that say nothing.
    pub fn query(&self, words: &str) -> Vec<String> {
        let mut text = fold(words);
        for phrase in &self.stop_zh {
            text = text.replace(phrase.as_str(), " ");
        }
        let mut terms = cut(&text);
        terms.retain(|term| !self.stop_en.contains(term));
        terms
    }
}

/// Half-width and lower case.
fn fold(text: &str) -> String {
    domain::text::half_width(text).to_lowercase()
}

/// Whether a character belongs to a script that is written without blanks.
const fn ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// The terms of a text: of Chinese every two neighbouring characters (one where it stands alone), of other scripts the
/// words in their singular.
pub fn terms(text: &str) -> Vec<String> {
    cut(&fold(text))
}

fn cut(folded: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let (mut run, mut word) = (Vec::new(), String::new());
    for c in folded.chars().chain([' ']) {
        if !ideograph(c) {
            pairs(&mut run, &mut terms);
        }
        if (ideograph(c) || !c.is_alphanumeric()) && !word.is_empty() {
            terms.push(singular(&std::mem::take(&mut word)));
        }
        if ideograph(c) {
            run.push(c);
        } else if c.is_alphanumeric() {
            word.push(c);
        }
    }
    terms
}

fn pairs(run: &mut Vec<char>, terms: &mut Vec<String>) {
    match run.as_slice() {
        [] => {}
        [one] => terms.push(one.to_string()),
        many => terms.extend(many.windows(2).map(|pair| pair.iter().collect::<String>())),
    }
    run.clear();
}

/// An English word without the endings of plurals: `companies`, `vouchers`.
fn singular(word: &str) -> String {
    if word.len() <= 3 || !word.is_ascii() {
        return word.to_owned();
    }
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(stem), _) if stem.len() > 1 => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_pairs_and_words() {
        assert_eq!(terms("算力券 Vouchers，ＡＩ 4卡"), ["算力", "力券", "voucher", "ai", "4", "卡"]);
        assert_eq!(terms("companies' status class basis"), ["company", "status", "class", "basis"]);
        assert_eq!(terms("，。!"), Vec::<String>::new());
    }

    #[test]
    fn the_shipped_file_is_read_whole() {
        let language = Language::read(SHIPPED).unwrap();
        assert!(language.intents.len() > 20);
        for intent in &language.intents {
            assert!(intent.said.iter().all(|terms| !terms.is_empty()), "{intent:?}");
            assert!(intent.said.len() > 1 && !(intent.words.is_empty() && intent.topics.is_empty()), "{intent:?}");
        }
    }

    #[test]
    fn words_that_say_nothing_are_left_out() {
        let language = Language::shipped();
        assert_eq!(language.query("我想租算力"), ["租算", "算力"]);
        assert_eq!(language.query("how do I get a compute voucher"), ["compute", "voucher"]);
        assert_eq!(language.query("怎么"), Vec::<String>::new());
    }
}
