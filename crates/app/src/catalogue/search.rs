//! Which measures answer which words, and how well.
//!
//! A term counts more the rarer it is and the more the field that it stands in says of what a measure is: name before
//! topic before text. A phrase that means something else than its words also finds what it means.

use std::collections::BTreeMap;

use super::words::{Intent, Language, terms};

/// Where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The measure's name.
    Name,
    /// Its topic.
    Topic,
    /// The place where it applies.
    Place,
    /// Title, number, issuer and clause of its document.
    Document,
    /// Its id.
    Id,
    /// The rule in plain words.
    Text,
}

impl Field {
    const fn weight(self) -> u32 {
        match self {
            Self::Name => 16,
            Self::Topic => 10,
            Self::Place => 9,
            Self::Document => 5,
            Self::Id => 4,
            Self::Text => 2,
        }
    }
}

/// What a measure's topic adds to a phrase that is about it.
const ABOUT: u32 = 8;
/// What is added for the whole name.
const NAMED: u32 = 40;
/// What a phrase says that means something else than its words: as much as a rare word.
const PHRASE: u32 = 6;

/// The terms of all measures.
#[derive(Debug, Default)]
pub struct Terms {
    /// For each term the measures that it stands in, in order, with its weight there.
    postings: BTreeMap<String, Vec<(usize, u32)>>,
    /// For each topic its measures.
    topics: BTreeMap<String, Vec<usize>>,
    /// For each measure the terms of its name in each language.
    names: Vec<Vec<Vec<String>>>,
}

/// A term of a query.
struct Asked {
    /// How much it says.
    says: u32,
    /// For each measure the weight of the term in it.
    found: Vec<u32>,
    /// Whether it belongs to a phrase that means something else than its words.
    phrase: bool,
    /// Whether each measure answers it by that phrase.
    meant: Vec<bool>,
}

impl Terms {
    /// Adds the next measure, by its index.
    pub fn add(&mut self, measure: usize, fields: &[(Field, String)], topic: &str) {
        let mut seen: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        for (field, text) in fields {
            for term in terms(text) {
                let fields = seen.entry(term).or_default();
                if !fields.contains(field) {
                    fields.push(*field);
                }
            }
        }
        for (term, fields) in seen {
            // the field that says most counts; that others say it too is worth a little
            let most = fields.iter().map(|field| field.weight()).max().unwrap_or(0);
            let all: u32 = fields.iter().map(|field| field.weight()).sum();
            let weight = most + (all - most) / 4;
            self.postings.entry(term).or_default().push((measure, weight));
        }
        self.topics.entry(topic.to_owned()).or_default().push(measure);
        let names = fields.iter().filter(|(field, _)| *field == Field::Name).map(|(_, name)| terms(name));
        self.names.push(names.collect());
    }

    /// How well each measure answers the words, 0 where it does not; `None` where the words say nothing.
    pub fn scores(&self, words: &str, language: &Language) -> Option<Vec<u32>> {
        let terms = language.query(words);
        if terms.is_empty() {
            return None;
        }
        let mut asked: Vec<Asked> = terms.iter().map(|term| self.asked(term)).collect();
        let mut scores = vec![0_u32; self.names.len()];
        for intent in &language.intents {
            let said: Vec<_> = intent.said.iter().flat_map(|phrase| places(&terms, phrase)).collect();
            if said.is_empty() {
                continue;
            }
            let found = self.meant(intent);
            for place in said {
                for asked in asked.get_mut(place).unwrap_or_default() {
                    asked.phrase = true;
                    asked.meant.iter_mut().zip(&found).for_each(|(meant, found)| *meant |= *found > 0);
                }
            }
            scores.iter_mut().zip(&found).for_each(|(score, found)| *score += PHRASE * found);
        }
        let plain: Vec<&str> =
            terms.iter().zip(&asked).filter(|(_, asked)| !asked.phrase).map(|(term, _)| term.as_str()).collect();
        let whole: u32 = asked.iter().map(|asked| asked.says).sum();
        for (measure, score) in scores.iter_mut().enumerate() {
            let mut answered = 0;
            for asked in &asked {
                let found = asked.found.get(measure).copied().unwrap_or(0);
                *score += if asked.phrase { asked.says * found / 4 } else { asked.says * found };
                if found > 0 || asked.meant.get(measure).copied().unwrap_or(false) {
                    answered += asked.says;
                }
            }
            // who answers less than half of what is asked does not answer it
            *score = if answered * 2 >= whole { *score * answered / whole.max(1) } else { 0 };
            *score += if *score > 0 { self.named(measure, &plain) } else { 0 };
        }
        Some(scores)
    }

    /// What is added because the words are a great part of a measure's name.
    fn named(&self, measure: usize, asked: &[&str]) -> u32 {
        let share = |name: &Vec<String>| {
            let said = name.iter().filter(|term| asked.contains(&term.as_str())).count();
            (said * NAMED as usize).checked_div(name.len()).unwrap_or(0)
        };
        let best = self.names.get(measure).into_iter().flatten().map(share).max();
        best.and_then(|best| u32::try_from(best).ok()).unwrap_or(0)
    }

    /// For each measure the weight of a term in it; a word that nothing has stands for the longer ones that it begins.
    fn asked(&self, term: &str) -> Asked {
        let mut found = vec![0_u32; self.names.len()];
        let mut note = |postings: &[(usize, u32)], share: u32| {
            for (measure, weight) in postings {
                if let Some(found) = found.get_mut(*measure) {
                    *found = (*found).max(weight.div_ceil(share));
                }
            }
        };
        match self.postings.get(term) {
            Some(postings) => note(postings, 1),
            None if term.is_ascii() && term.len() > 2 => {
                let longer = self.postings.range(term.to_owned()..).take_while(|(longer, _)| longer.starts_with(term));
                longer.for_each(|(_, postings)| note(postings, 2));
            }
            None => {}
        }
        let known = found.iter().filter(|weight| **weight > 0).count();
        let says = match self.names.len().checked_div(known) {
            Some(rarity) => 1 + rarity.max(1).ilog2(),
            // two characters that meet by chance say little, a word that is not known says something
            None if term.is_ascii() => 4,
            None => 1,
        };
        Asked { says, found, phrase: false, meant: vec![false; self.names.len()] }
    }

    /// For each measure how well it answers what a phrase means.
    fn meant(&self, intent: &Intent) -> Vec<u32> {
        let mut found = vec![0_u32; self.names.len()];
        for (word, share) in intent.words.iter().zip((4..=8).rev().chain(std::iter::repeat(4))) {
            let terms: Vec<Vec<u32>> = word.iter().map(|term| self.asked(term).found).collect();
            for (measure, found) in found.iter_mut().enumerate() {
                let least = terms.iter().map(|weights| weights.get(measure).copied().unwrap_or(0)).min();
                // what is written first is meant most
                *found = (*found).max(least.unwrap_or(0) * share / 8);
            }
        }
        for measure in intent.topics.iter().filter_map(|topic| self.topics.get(topic)).flatten() {
            if let Some(found) = found.get_mut(*measure) {
                *found += ABOUT;
            }
        }
        found
    }
}

/// Where a phrase stands among terms.
fn places(terms: &[String], phrase: &[String]) -> Vec<std::ops::Range<usize>> {
    let starts = terms.windows(phrase.len().max(1)).enumerate().filter(|(_, window)| *window == phrase);
    starts.map(|(start, _)| start..start + phrase.len()).collect()
}
