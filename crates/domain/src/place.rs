//! Places of China that policies name, as a tree from the country down to districts and zones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::text::{half_width, nearest};

/// A place, as an index into [`PlaceTree::china`]. Valid within one build: store the place's id instead.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u16);

impl PlaceId {
    /// The index in [`PlaceTree::iter`], for tables and bit sets.
    #[must_use]
    pub const fn index(self) -> u16 {
        self.0
    }
}

/// The level of a place.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The country.
    Country,
    /// A province, autonomous region, municipality under the central government or special administrative region.
    Province,
    /// A city of prefecture or sub-provincial rank.
    City,
    /// A district or county.
    District,
    /// A development or cooperation zone or functional district, without a code of its own.
    Zone,
}

impl Level {
    /// Every level, the widest first.
    pub const ALL: [Self; 5] = [Self::Country, Self::Province, Self::City, Self::District, Self::Zone];

    /// The code: `country`, `province`, `city`, `district`, `zone`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Province => "province",
            Self::City => "city",
            Self::District => "district",
            Self::Zone => "zone",
        }
    }

    /// The level with this code; `None` if there is none.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// One line of the table.
#[derive(Clone, Debug)]
struct Place {
    id: &'static str,
    code: &'static str,
    parent: Option<PlaceId>,
    level: Level,
    zh: &'static str,
    en: &'static str,
    note: &'static str,
}

/// The places, each after the place that it lies in.
#[derive(Clone, Debug, Default)]
pub struct PlaceTree {
    places: Vec<Place>,
    /// Every name that a place is found by, in lower case.
    names: BTreeMap<String, PlaceId>,
}

/// A line of the place table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the place table: {problem}")]
pub struct PlaceTableError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// Endings that everyday speech leaves out: 深圳 for 深圳市. Longer ones come first.
const ENDINGS: [&str; 7] = ["特别行政区", "特别合作区", "新区", "省", "市", "区", "县"];

const COLUMNS: &str = "id,code,parent,level,zh,en,aliases,note";

static CHINA: LazyLock<PlaceTree> = LazyLock::new(|| {
    // The compiled-in table is read whole in the tests. Were it ever broken, no place would be found.
    PlaceTree::from_csv(include_str!("../data/places-cn.csv")).unwrap_or_default()
});

impl PlaceTree {
    /// The compiled-in tree of China, with the codes of GB/T 2260.
    pub fn china() -> &'static Self {
        &CHINA
    }

    fn from_csv(table: &'static str) -> Result<Self, PlaceTableError> {
        let mut tree = Self::default();
        for (i, row) in table.lines().enumerate() {
            let error = |problem: String| PlaceTableError { line: i + 1, problem };
            let cells: Vec<&'static str> = row.trim_end().split(',').collect();
            let &[id, code, parent, level, zh, en, aliases, note] = cells.as_slice() else {
                return Err(error(format!("{} cells instead of {COLUMNS}", cells.len())));
            };
            if i == 0 {
                if row.trim_end() != COLUMNS {
                    return Err(error(format!("the columns are `{row}` instead of `{COLUMNS}`")));
                }
                continue;
            }
            // Looking the parent up in what has been read so far rules cycles out.
            let parent = match (parent, tree.names.get(parent)) {
                ("", _) => None,
                (_, Some(parent)) => Some(*parent),
                _ => {
                    return Err(error(format!("the parent `{parent}` is not in a line above")));
                }
            };
            let level = Level::from_code(level).ok_or_else(|| error(format!("there is no level `{level}`")))?;
            let place =
                u16::try_from(tree.places.len()).map(PlaceId).map_err(|_| error("too many places".to_owned()))?;
            tree.places.push(Place { id, code, parent, level, zh, en, note });
            for name in tree.names_of(place, aliases) {
                if tree.names.insert(name.clone(), place).is_some_and(|other| other != place) {
                    return Err(error(format!("`{name}` already names another place")));
                }
            }
        }
        Ok(tree)
    }

    /// Every name of a place: id, dotted path, code, Chinese and English name, aliases, and the Chinese name behind
    /// those of the places that it lies in, as addresses have it (深圳市南山区).
    fn names_of(&self, place: PlaceId, aliases: &str) -> Vec<String> {
        let mut names = vec![self.id(place).to_owned(), self.path(place), self.en(place).to_lowercase()];
        names.extend(Some(self.code(place)).filter(|code| !code.is_empty()).map(str::to_owned));
        names.extend(aliases.split('|').filter(|alias| !alias.is_empty()).map(str::to_lowercase));
        let zh = self.zh(place);
        names.push(zh.to_owned());
        names.extend(ENDINGS.iter().find_map(|ending| zh.strip_suffix(ending)).map(str::to_owned));
        let mut address = zh.to_owned();
        let mut outer = self.parent(place);
        while let Some(id) = outer
            && self.level(id) != Level::Country
        {
            address.insert_str(0, self.zh(id));
            names.push(address.clone());
            outer = self.parent(id);
        }
        names
    }

    /// The place of that id, code, dotted path, Chinese name with or without its ending, or English name: `nanshan`,
    /// `440305`, `cn.guangdong.shenzhen.nanshan`, `南山区`, `深圳`, `广东省深圳市南山区`. `None` if none is meant.
    pub fn get(&self, name: &str) -> Option<PlaceId> {
        self.names.get(half_width(name).to_lowercase().as_str()).copied()
    }

    /// The known name nearest to this one, for a hint.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(&half_width(name), self.names.keys().map(String::as_str))
    }

    /// Whether one place lies in another; every place lies in itself.
    pub fn within(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.ancestors(inner).any(|place| place == outer)
    }

    /// The place and those that it lies in, from the inside out.
    pub fn ancestors(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        std::iter::successors(Some(place), |place| self.parent(*place))
    }

    /// The place that this one lies in; `None` for the country.
    pub fn parent(&self, place: PlaceId) -> Option<PlaceId> {
        self.place(place).and_then(|place| place.parent)
    }

    /// The short id: `nanshan`.
    pub fn id(&self, place: PlaceId) -> &'static str {
        self.place(place).map_or("", |place| place.id)
    }

    /// The ids from the country down, with dots: `cn.guangdong.shenzhen.nanshan`.
    pub fn path(&self, place: PlaceId) -> String {
        let mut ids: Vec<&str> = self.ancestors(place).map(|place| self.id(place)).collect();
        ids.reverse();
        ids.join(".")
    }

    /// The six-digit code of GB/T 2260; empty for the country and for zones, which have none.
    pub fn code(&self, place: PlaceId) -> &'static str {
        self.place(place).map_or("", |place| place.code)
    }

    /// The Chinese name: `南山区`.
    pub fn zh(&self, place: PlaceId) -> &'static str {
        self.place(place).map_or("", |place| place.zh)
    }

    /// The English name: `Nanshan District`.
    pub fn en(&self, place: PlaceId) -> &'static str {
        self.place(place).map_or("", |place| place.en)
    }

    /// What is special about the place in the table, such as a missing code; empty for most.
    pub fn note(&self, place: PlaceId) -> &'static str {
        self.place(place).map_or("", |place| place.note)
    }

    /// The level.
    pub fn level(&self, place: PlaceId) -> Level {
        self.place(place).map_or(Level::Zone, |place| place.level)
    }

    /// The place with an index; `None` past the end.
    #[must_use]
    pub fn at(&self, index: u16) -> Option<PlaceId> {
        (usize::from(index) < self.places.len()).then_some(PlaceId(index))
    }

    /// Every place, each after the place that it lies in.
    pub fn iter(&self) -> impl Iterator<Item = PlaceId> + '_ {
        // As many as there are places, which from_csv keeps within u16.
        self.places.iter().zip(0_u16..).map(|(_, index)| PlaceId(index))
    }

    /// `None` cannot occur: ids come only from the one tree. The accessors stay total without a panic.
    fn place(&self, place: PlaceId) -> Option<&Place> {
        self.places.get(usize::from(place.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn china() -> &'static PlaceTree {
        PlaceTree::china()
    }

    fn place(name: &str) -> PlaceId {
        china().get(name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn the_compiled_in_table_is_sound() {
        let tree = PlaceTree::from_csv(include_str!("../data/places-cn.csv")).unwrap();
        assert_eq!(tree.iter().count(), china().iter().count());
        for place in tree.iter() {
            let (id, code) = (tree.id(place), tree.code(place));
            assert!(id.bytes().all(|b| b.is_ascii_lowercase()) && !id.is_empty(), "{id}");
            assert_eq!(tree.get(id), Some(place));
            assert_eq!(tree.get(&tree.path(place)), Some(place));
            assert!(!tree.zh(place).is_empty() && !tree.en(place).is_empty(), "{id}");
            match tree.level(place) {
                Level::Country => assert_eq!((code, tree.parent(place)), ("", None)),
                Level::Province => assert!(code.len() == 6 && code.ends_with("0000"), "{id}"),
                Level::City => assert!(code.len() == 6 && code.ends_with("00"), "{id}"),
                Level::District => assert!(code.len() == 6 && !code.ends_with("00"), "{id}"),
                Level::Zone => assert!(code.is_empty() && !tree.note(place).is_empty(), "{id}"),
            }
        }
    }

    #[test]
    fn codes_begin_like_those_of_the_place_around() {
        let tree = china();
        for place in tree.iter() {
            let Some(parent) = tree.parent(place) else {
                continue;
            };
            assert!(tree.level(place) > tree.level(parent), "{}", tree.id(place));
            let stem = tree.code(parent).trim_end_matches("00");
            assert!(tree.code(place).is_empty() || tree.code(place).starts_with(stem), "{}", tree.id(place));
        }
    }

    #[test]
    fn a_place_is_found_by_any_of_its_names() {
        for name in [
            "nanshan",
            "Nanshan",
            "440305",
            "４４０３０５",
            "南山区",
            "南山",
            "深圳市南山区",
            "广东省深圳市南山区",
            "cn.guangdong.shenzhen.nanshan",
            "Nanshan District",
        ] {
            assert_eq!(china().get(name).map(|place| china().id(place)), Some("nanshan"), "{name}");
        }
        for (name, id) in [
            ("深圳市", "shenzhen"),
            ("深圳", "shenzhen"),
            ("广西", "guangxi"),
            ("香港", "hongkong"),
            ("大鹏", "dapeng"),
            ("深汕", "shenshan"),
            ("前海", "qianhai"),
            ("河套", "hetao"),
            ("亦庄", "yizhuang"),
            ("浦东新区", "pudong"),
            ("中国", "cn"),
        ] {
            assert_eq!(china().id(place(name)), id);
        }
    }

    #[test]
    fn a_wrong_path_names_no_place() {
        assert_eq!(china().get("cn.beijing.nanshan"), None);
        assert_eq!(china().get(""), None);
        assert_eq!(china().get("440399"), None);
    }

    #[test]
    fn a_place_lies_in_itself_and_in_all_around_it() {
        let within = |inner, outer| china().within(place(inner), place(outer));
        assert!(within("nanshan", "nanshan"));
        assert!(within("nanshan", "shenzhen") && within("nanshan", "guangdong") && within("nanshan", "cn"));
        assert!(within("hetao", "futian") && within("qianhai", "nanshan") && within("dapeng", "shenzhen"));
        assert!(!within("shenzhen", "nanshan") && !within("haizhu", "shenzhen"));
    }

    #[test]
    fn a_misspelt_place_gets_a_hint() {
        assert_eq!(china().nearest("shenzehn"), Some("shenzhen"));
        assert_eq!(china().nearest("南山县"), Some("南山"));
        assert_eq!(china().nearest("Atlantis by the sea"), None);
    }

    #[test]
    fn a_broken_table_names_the_line() {
        let line = |table| PlaceTree::from_csv(table).unwrap_err().line;
        const HEAD: &str = "id,code,parent,level,zh,en,aliases,note\n";
        assert_eq!(line("id,code\n"), 1);
        assert_eq!(line("id,code,parent,level,zh,en,aliases,remark\n"), 1);
        let broken = |row: &str| line(Box::leak(format!("{HEAD}cn,,,country,中国,China,,\n{row}").into_boxed_str()));
        assert_eq!(broken("a,,nowhere,city,甲市,A,,"), 3);
        assert_eq!(broken("a,,cn,village,甲村,A,,"), 3);
        assert_eq!(broken("a,,cn,city,中国,A,,"), 3);
        assert_eq!(broken("a,,cn,city"), 3);
    }
}
