//! Companies in groups: by a code, by district, by the size of a number, by age.

use domain::{Date, PlaceTree};
use rules::diag::Text;
use rules::vocabulary::{Type, Vocabulary};

use crate::frame::{Frame, Layout};

/// How companies are put into groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// A short name: `industry`, `place`, `size`, `age`.
    pub name: &'static str,
    /// What readers call it.
    pub label: Text,
    /// The groups; the first is of those for whom it is not known.
    pub groups: Vec<Group>,
    column: usize,
    by: By,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its short name.
    pub key: String,
    /// What readers call it.
    pub label: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    Code,
    /// For each place its group.
    Place(Vec<u16>),
    /// The greatest value of each group but the last.
    Bands(Vec<i64>),
    /// The same in months before a day.
    Age(Date, Vec<i64>),
}

impl Dimension {
    /// The usual ones, as far as the registry has columns for them.
    #[must_use]
    pub fn usual(vocabulary: &Vocabulary, layout: &Layout, on: Date) -> Vec<Self> {
        let column = |name: &str| {
            let fact = vocabulary.fact(name)?;
            let column = layout.facts.iter().position(|column| column.fact == fact && column.year.is_none())?;
            Some((column, vocabulary.facts.get(fact)?.clone()))
        };
        let mut found = Vec::new();
        if let Some((column, fact)) = column("org.staff") {
            let ends = vec![9, 49, 299, 999];
            let groups = bands(&ends, |from, to| match to {
                Some(to) => (format!("{from}–{to}人"), format!("{from}–{to} employees")),
                None => (format!("{from}人及以上"), format!("{from} or more employees")),
            });
            found.push(Self { name: "size", label: fact.label, groups, column, by: By::Bands(ends) });
        }
        if let Some((column, _)) = column("org.founded_on") {
            let ends = vec![11, 35, 59, 119];
            let groups = bands(&ends, |from, to| match to {
                Some(to) => {
                    (format!("{}至{}年", from / 12, (to + 1) / 12), format!("{} to {} years", from / 12, (to + 1) / 12))
                }
                None => (format!("{}年以上", from / 12), format!("{} years or more", from / 12)),
            });
            let label = Text::new("成立时间", "Age");
            found.push(Self { name: "age", label, groups, column, by: By::Age(on, ends) });
        }
        if let Some((column, fact)) = column("org.place").or_else(|| column("org.city")) {
            let (groups, of) = places();
            found.push(Self { name: "place", label: fact.label, groups, column, by: By::Place(of) });
        }
        if let Some((column, fact)) = column("org.industry")
            && let Type::Code(list) = fact.ty
            && let Some(list) = vocabulary.codes.get(usize::from(list))
        {
            let mut groups = vec![not_known()];
            groups.extend(list.values.iter().map(|(key, label)| Group { key: key.clone(), label: label.clone() }));
            found.push(Self { name: "industry", label: fact.label, groups, column, by: By::Code });
        }
        found
    }

    /// The group of each row of a frame, by its place in [`Self::groups`].
    #[must_use]
    pub fn of(&self, frame: &Frame) -> Vec<u16> {
        let Some(column) = frame.columns.get(self.column) else { return vec![0; frame.len] };
        let place = |ends: &[i64], value: i64| u16::try_from(ends.partition_point(|end| *end < value) + 1).unwrap_or(0);
        (0..frame.len)
            .map(|row| {
                let Some(value) = column.get(row) else { return 0 };
                match &self.by {
                    By::Code => u16::try_from(value + 1).unwrap_or(0),
                    By::Place(of) => usize::try_from(value).ok().and_then(|at| of.get(at)).copied().unwrap_or(0),
                    By::Bands(ends) => place(ends, value),
                    By::Age(on, ends) => match i32::try_from(value).ok().and_then(Date::from_days) {
                        Some(founded) => place(ends, i64::from(founded.months_until(*on))),
                        None => 0,
                    },
                }
            })
            .map(|group: u16| if usize::from(group) < self.groups.len() { group } else { 0 })
            .collect()
    }
}

fn not_known() -> Group {
    Group { key: "unknown".to_owned(), label: Text::new("未知", "not known") }
}

fn bands(ends: &[i64], label: impl Fn(i64, Option<i64>) -> (String, String)) -> Vec<Group> {
    let mut groups = vec![not_known()];
    let mut from = 0;
    for end in ends.iter().map(|end| Some(*end)).chain([None]) {
        let (zh, en) = label(from, end);
        let key = end.map_or_else(|| format!("{from}+"), |end| format!("{from}-{end}"));
        groups.push(Group { key, label: Text::new(zh, en) });
        from = end.map_or(from, |end| end + 1);
    }
    groups
}

/// Every place as a group of its own.
fn places() -> (Vec<Group>, Vec<u16>) {
    let tree = PlaceTree::china();
    let mut groups = vec![not_known()];
    let mut of = Vec::new();
    for place in (0..u16::MAX).map_while(|index| tree.at(index)) {
        groups.push(Group { key: tree.id(place).to_owned(), label: Text::new(tree.zh(place), tree.en(place)) });
        of.push(u16::try_from(groups.len() - 1).unwrap_or(0));
    }
    (groups, of)
}
