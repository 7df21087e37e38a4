//! The tables that the city is drawn from: proportions, what the registers know, and words for names.

use domain::{Date, Evidence};
use serde::Deserialize;

use super::draw::Draw;

/// What the parts of a table add up to.
const WHOLE: u16 = 1000;

/// What is wrong with a table of the city.
#[derive(Debug, thiserror::Error)]
#[error("{file}, `{at}`: {problem}")]
pub struct TableError {
    file: &'static str,
    at: String,
    problem: String,
}

pub(super) type Result<T> = std::result::Result<T, TableError>;

/// A row of `proportions.csv`: of a thousand companies for which `given` holds, so many `parts` have `value`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Proportion {
    pub(super) table: String,
    pub(super) given: String,
    pub(super) value: String,
    pub(super) parts: u16,
    /// Where the proportion is from; for those who read the table.
    #[serde(rename = "basis")]
    pub(super) _basis: String,
}

/// A row of `facts.csv`: which register knows a fact, how well, as of when, and of how many in a thousand it does not.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Known {
    pub(super) fact: String,
    pub(super) source: String,
    pub(super) evidence: String,
    pub(super) as_of: String,
    pub(super) unknown: u16,
    #[serde(rename = "basis")]
    pub(super) _basis: String,
}

#[derive(Debug, Deserialize)]
struct Word {
    list: String,
    given: String,
    word: String,
}

/// Numbers from one to another, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) low: i64,
    pub(super) high: i64,
}

/// Values with their shares of the whole.
#[derive(Clone, Debug)]
pub(super) struct Shares<V> {
    first: V,
    others: Vec<V>,
    /// Which value each part of the whole has: 0 for the first.
    of_part: Vec<u8>,
}

impl<V: Copy> Shares<V> {
    /// A value.
    pub(super) fn draw(&self, draw: &mut Draw) -> V {
        let part = usize::try_from(draw.below(u32::from(WHOLE))).unwrap_or_default();
        let index = self.of_part.get(part).and_then(|index| usize::from(*index).checked_sub(1));
        index.and_then(|index| self.others.get(index)).copied().unwrap_or(self.first)
    }
}

/// Shares that differ from one class of companies to the next.
#[derive(Clone, Debug)]
pub(super) struct Given<V> {
    first: Shares<V>,
    others: Vec<Shares<V>>,
}

impl<V: Copy> Given<V> {
    /// A value for a company of that class, which is one of those that the table was read for.
    pub(super) fn draw(&self, class: usize, draw: &mut Draw) -> V {
        class.checked_sub(1).and_then(|index| self.others.get(index)).unwrap_or(&self.first).draw(draw)
    }
}

/// The tables as text, read whole.
pub(super) struct Tables {
    proportions: Vec<Proportion>,
    words: Vec<Word>,
    pub(super) known: Vec<Known>,
}

const PROPORTIONS: &str = "proportions.csv";
const FACTS: &str = "facts.csv";
const WORDS: &str = "words.csv";

fn error(file: &'static str, at: &str, problem: impl Into<String>) -> TableError {
    TableError { file, at: at.to_owned(), problem: problem.into() }
}

fn rows<R: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<Vec<R>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<std::result::Result<_, _>>().map_err(|found| error(file, "", found.to_string()))
}

impl Tables {
    /// The tables that are compiled in.
    pub(super) fn built_in() -> Result<Self> {
        Ok(Self {
            proportions: rows(PROPORTIONS, include_str!("../../data/city/proportions.csv"))?,
            known: rows(FACTS, include_str!("../../data/city/facts.csv"))?,
            words: rows(WORDS, include_str!("../../data/city/words.csv"))?,
        })
    }

    #[cfg(test)]
    pub(super) fn proportions(&self) -> &[Proportion] {
        &self.proportions
    }

    /// A table without classes.
    pub(super) fn shares<V>(&self, table: &str, read: impl Fn(&str) -> Option<V>) -> Result<Shares<V>> {
        self.one(table, "", read)
    }

    /// A table of yes and no without classes.
    pub(super) fn chance(&self, table: &str) -> Result<Shares<bool>> {
        self.shares(table, yes_no)
    }

    /// A table with classes. The rows of a class are those that name it, else those of a band that it lies in, else
    /// those that name none.
    pub(super) fn given<V>(
        &self,
        table: &str,
        classes: &[String],
        read: impl Fn(&str) -> Option<V> + Copy,
    ) -> Result<Given<V>> {
        let givens = || self.proportions.iter().filter(|row| row.table == table).map(|row| row.given.as_str());
        let of_class = |class: &String| {
            let around = |given: &&str| {
                let (Some(outer), Some(inner)) = (band(given), band(class)) else { return false };
                outer.low <= inner.low && inner.high <= outer.high
            };
            let given = givens().find(|given| given == class).or_else(|| givens().find(around)).unwrap_or_default();
            self.one(table, given, read)
        };
        let (first, others) =
            classes.split_first().ok_or_else(|| error(PROPORTIONS, table, "there are no classes to draw for"))?;
        Ok(Given { first: of_class(first)?, others: others.iter().map(of_class).collect::<Result<_>>()? })
    }

    fn one<V>(&self, table: &str, given: &str, read: impl Fn(&str) -> Option<V>) -> Result<Shares<V>> {
        let (mut values, mut of_part) = (Vec::new(), Vec::new());
        for row in self.proportions.iter().filter(|row| row.table == table && row.given == given) {
            let wrong = || error(PROPORTIONS, table, format!("there is no `{}`, or it is one too many", row.value));
            let index = u8::try_from(values.len()).map_err(|_| wrong())?;
            values.push(read(&row.value).ok_or_else(wrong)?);
            of_part.extend(std::iter::repeat_n(index, usize::from(row.parts)));
        }
        if of_part.len() != usize::from(WHOLE) || values.is_empty() {
            let found = of_part.len();
            return Err(error(
                PROPORTIONS,
                table,
                format!("the parts of `{given}` add up to {found} instead of {WHOLE}"),
            ));
        }
        Ok(Shares { first: values.remove(0), others: values, of_part })
    }

    /// The values of a table in their order.
    pub(super) fn values(&self, table: &str) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for row in self.proportions.iter().filter(|row| row.table == table) {
            if !values.contains(&row.value) {
                values.push(row.value.clone());
            }
        }
        values
    }

    /// The words of a list, at least `least` of them.
    pub(super) fn words(&self, list: &str, given: &str, least: usize) -> Result<Vec<String>> {
        let of_list = self.words.iter().filter(|row| row.list == list && row.given == given);
        let words: Vec<String> = of_list.map(|row| row.word.clone()).collect();
        if words.len() >= least.max(1) {
            return Ok(words);
        }
        Err(error(WORDS, list, format!("`{given}` has {} words and needs {}", words.len(), least.max(1))))
    }
}

impl Known {
    pub(super) fn evidence(&self) -> Result<Evidence> {
        Evidence::from_code(&self.evidence).ok_or_else(|| self.wrong(&self.evidence))
    }

    /// The day that the fact held on; `None` where it is the last day of its year.
    pub(super) fn as_of(&self) -> Result<Option<Date>> {
        match self.as_of.as_str() {
            "year end" => Ok(None),
            day => Date::parse(day).map(Some).map_err(|found| error(FACTS, &self.fact, found.to_string())),
        }
    }

    /// An error for a cell of this row that names nothing.
    pub(super) fn wrong(&self, cell: &str) -> TableError {
        error(FACTS, &self.fact, format!("there is no `{cell}` here"))
    }
}

/// An error for a fact that has no row.
pub(super) fn no_row(fact: &str) -> TableError {
    error(FACTS, fact, "the row is missing")
}

/// Reads `-40..-11`.
pub(super) fn band(text: &str) -> Option<Band> {
    let (low, high) = text.split_once("..")?;
    let band = Band { low: low.parse().ok()?, high: high.parse().ok()? };
    (band.low <= band.high).then_some(band)
}

/// Reads `yes` or `no`.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Reads one of a list of values as its index.
pub(super) fn index(values: &[String]) -> impl Fn(&str) -> Option<usize> + Copy {
    |text| values.iter().position(|value| value == text)
}

/// Reads one of a list of bands as its index and itself.
pub(super) fn class(values: &[String]) -> impl Fn(&str) -> Option<(usize, Band)> + Copy {
    |text| Some((index(values)(text)?, band(text)?))
}
