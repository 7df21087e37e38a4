//! The demo registry: made-up companies, found by their code or by parts of their names.

use std::collections::BTreeMap;

use domain::text::half_width;
use domain::{Party, PlaceId, PlaceTree, Uscc, UsccError};
use rules::diag::Text;
use rules::vocabulary::Vocabulary;

use crate::city::{City, Company, MARK};

/// How many companies a search lists at most; it counts all.
pub const MOST: usize = 20;

/// A registry of made-up companies. What the registers know of a company is made anew whenever it is asked for, which is
/// faster than it would be to read it from a disk, so that the registry itself only holds names and codes.
pub struct Registry {
    city: City,
    entries: Vec<Entry>,
    by_code: BTreeMap<String, usize>,
}

/// A company of the registry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its social credit code.
    pub uscc: String,
    /// Its name, with the mark that it is made up.
    pub name: String,
    /// What it is.
    pub company: Company,
    /// Its name as it is searched.
    key: String,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found<'a> {
    /// The best matches, at most [`MOST`].
    pub entries: Vec<&'a Entry>,
    /// How many there are in all.
    pub total: usize,
}

/// What a text in a search box means to the registry.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// The code of a company.
    Company(&'a Entry),
    /// A correct code that no company of the registry has.
    NoSuchCode(Uscc),
    /// A code with a mistake in it.
    WrongCode(UsccError),
    /// A name or a part of one.
    Name(Found<'a>),
}

impl Registry {
    /// The registry of the first rows of a city.
    #[must_use]
    pub fn new(city: City, seed: u64, rows: u32) -> Self {
        let entry = |row| {
            let company = city.company(seed, row);
            let name = city.name(&company);
            Entry { uscc: city.uscc(&company), key: key(&name), name, company }
        };
        let entries: Vec<Entry> = (0..rows).map(entry).collect();
        let by_code = entries.iter().enumerate().map(|(index, entry)| (entry.uscc.clone(), index)).collect();
        Self { city, entries, by_code }
    }

    /// How many companies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// All companies, in the order of the registry.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The place that all companies are in: the city. `None` where there are no companies.
    #[must_use]
    pub fn place(&self) -> Option<PlaceId> {
        let tree = PlaceTree::china();
        let mut places = self.entries.iter().map(|entry| entry.company.place);
        let first = places.next()?;
        // where a company is elsewhere, the place grows to the next that both are in
        places.try_fold(first, |shared, place| {
            std::iter::once(shared).chain(tree.ancestors(shared)).find(|outer| tree.within(place, *outer))
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The city that the companies are from.
    #[must_use]
    pub fn city(&self) -> &City {
        &self.city
    }

    /// The company with a code, written in any width and case and with any spaces or hyphens in it; `None` if there is
    /// none.
    ///
    /// # Errors
    /// What is wrong with the code, with the check character that would fit.
    pub fn find(&self, code: &str) -> Result<Option<&Entry>, UsccError> {
        let uscc = Uscc::parse(&compact(code))?;
        Ok(self.by_code.get(uscc.as_str()).and_then(|index| self.entries.get(*index)))
    }

    /// What the registers know of a company.
    #[must_use]
    pub fn party(&self, entry: &Entry) -> Party {
        self.city.party(&entry.company)
    }

    /// The companies whose names, or codes, have every word of a text in them. Those come first whose names have the
    /// words nearest to their beginning, the city left out; of these the shorter names, and then those first in the
    /// registry.
    #[must_use]
    pub fn search(&self, text: &str) -> Found<'_> {
        let text = key(text);
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            return Found::default();
        }
        let mut ranked: Vec<(usize, usize, usize)> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let place = |word: &&str| entry.place_of(word);
            if let Some(places) = words.iter().map(place).collect::<Option<Vec<_>>>() {
                ranked.push((places.iter().sum(), entry.key.len(), index));
            }
        }
        ranked.sort_unstable();
        let entries = ranked.iter().take(MOST).filter_map(|(.., index)| self.entries.get(*index)).collect();
        Found { entries, total: ranked.len() }
    }

    /// What a text in a search box means: a code if it looks like one, else a name.
    #[must_use]
    pub fn look_up(&self, text: &str) -> Lookup<'_> {
        if !looks_like_code(text) {
            return Lookup::Name(self.search(text));
        }
        match (self.find(text), Uscc::parse(&compact(text))) {
            (Ok(Some(entry)), _) => Lookup::Company(entry),
            (Err(error), _) | (_, Err(error)) => Lookup::WrongCode(error),
            (Ok(None), Ok(uscc)) => Lookup::NoSuchCode(uscc),
        }
    }
}

impl Entry {
    /// How far from the beginning a word is in the name, or in the code.
    fn place_of(&self, word: &str) -> Option<usize> {
        let in_code = || word.is_ascii().then(|| self.uscc.find(&word.to_ascii_uppercase())).flatten();
        self.key.find(word).or_else(in_code)
    }
}

/// The name of a register in both languages, where `source` is one of the vocabulary's; else the text as it is.
#[must_use]
pub fn source_text(vocabulary: &Vocabulary, source: &str) -> Text {
    let list = vocabulary.code_list("source").and_then(|list| vocabulary.codes.get(usize::from(list)));
    let found = list.and_then(|list| list.values.iter().find(|(_, label)| label.zh == source));
    found.map_or_else(|| Text::same(source), |(_, label)| label.clone())
}

/// A name as it is searched: half-width, in lower case, without the mark and without the city that most begin with.
fn key(name: &str) -> String {
    let name = half_width(&name.replace(MARK, "")).to_lowercase();
    let bare = name.strip_prefix("深圳市").or_else(|| name.strip_prefix("深圳"));
    bare.filter(|rest| !rest.trim().is_empty()).unwrap_or(&name).to_owned()
}

/// A code without what people put between its groups.
fn compact(code: &str) -> String {
    half_width(code).chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.')).collect()
}

/// Whether a text is meant as a code: nothing but letters and digits, about as many as a code has, and most of them
/// digits.
#[must_use]
pub fn looks_like_code(text: &str) -> bool {
    let code = compact(text);
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    (14..=22).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric()) && digits * 2 > code.len()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::city::{ROWS, SEED, vocabulary};

    static REGISTRY: LazyLock<Registry> =
        LazyLock::new(|| Registry::new(City::new(&vocabulary()).unwrap(), SEED, ROWS));

    fn some() -> &'static Entry {
        &REGISTRY.entries[1234]
    }

    #[test]
    fn a_code_is_found_however_it_is_written() {
        let code = &some().uscc;
        let wide: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        let spaced = format!(" {} {}-{} ", &code[..2], &code[2..8], &code[8..]);
        for written in [code.clone(), code.to_lowercase(), wide, spaced] {
            assert_eq!(REGISTRY.find(&written).unwrap().unwrap().name, some().name, "{written}");
            assert!(matches!(REGISTRY.look_up(&written), Lookup::Company(entry) if entry.name == some().name));
        }
    }

    #[test]
    fn the_city_is_the_smallest_place_that_all_companies_are_in() {
        let place = REGISTRY.place().unwrap();
        assert_eq!(PlaceTree::china().id(place), "shenzhen");
    }

    #[test]
    fn a_wrong_check_character_is_told_with_the_right_one() {
        let (body, right) = some().uscc.split_at(17);
        let wrong = if right == "0" { '1' } else { '0' };
        let Err(UsccError::Check { character, expected, .. }) = REGISTRY.find(&format!("{body}{wrong}")) else {
            panic!("the check character is wrong");
        };
        assert_eq!((character, expected.to_string().as_str()), (wrong, right));
        assert!(matches!(REGISTRY.look_up(&format!("{body}{wrong}")), Lookup::WrongCode(UsccError::Check { .. })));
        assert!(matches!(REGISTRY.look_up(body), Lookup::WrongCode(UsccError::Length { length: 17, .. })));
    }

    #[test]
    fn a_correct_code_of_nobody_finds_nobody() {
        assert!(REGISTRY.find("9144030071526726XG").unwrap().is_none());
        assert!(matches!(REGISTRY.look_up("9144030071526726XG"), Lookup::NoSuchCode(_)));
    }

    #[test]
    fn names_are_found_by_their_parts() {
        for part in [some().name.as_str(), some().name.strip_suffix(MARK).unwrap(), &some().key, &some().uscc[4..16]] {
            assert_eq!(REGISTRY.search(part).entries[0].name, some().name, "{part}");
        }
        let stem: String = some().key.chars().take(2).collect();
        let Lookup::Name(found) = REGISTRY.look_up(&stem) else { panic!("a name") };
        assert!(found.entries[0].key.starts_with(&stem));
        let all = REGISTRY.search("有限公司");
        assert!(all.total > 2000 && all.entries.len() == MOST, "{}", all.total);
        let both = REGISTRY.search("机器人 有限公司");
        assert!(both.total > 0 && both.entries.iter().all(|entry| entry.name.contains("机器人")));
        for nothing in ["", "  ", "没有这样的名字", "、"] {
            assert_eq!(REGISTRY.search(nothing).total, 0, "{nothing}");
        }
    }

    #[test]
    fn the_nearest_to_the_beginning_comes_first() {
        let found = REGISTRY.search("智能");
        let places: Vec<_> = found.entries.iter().map(|entry| entry.place_of("智能").unwrap()).collect();
        assert!(places.is_sorted() && !places.is_empty(), "{places:?}");
    }

    #[test]
    fn names_and_codes_of_the_demo_registry_are_all_different() {
        let names: std::collections::BTreeSet<_> = REGISTRY.entries.iter().map(|entry| &entry.name).collect();
        assert_eq!((names.len(), REGISTRY.by_code.len(), REGISTRY.len()), (2600, 2600, 2600));
        assert!(names.iter().all(|name| name.ends_with(MARK)));
    }

    #[test]
    fn registers_have_names_in_both_languages() {
        let vocabulary = vocabulary();
        assert_eq!(source_text(&vocabulary, "市场监管登记").en, "Market register");
        assert_eq!(source_text(&vocabulary, "审计报告"), Text::same("审计报告"));
    }

    #[test]
    fn what_people_search_for_is_not_taken_for_a_code() {
        for text in ["compute vouchers for training", "示例智能", "2026", "intelligentmanufacturing", "13800138000"]
        {
            assert!(!looks_like_code(text), "{text}");
        }
    }
}
