//! The demo city: a registry of made-up companies in the proportions of a real one, the same on every machine.
//!
//! The proportions and where they are from stand in `data/city/proportions.csv`, what the registers know in `facts.csv`, and
//! the words of names in `words.csv`. Every company is made up, and its name says so ([`MARK`]).

mod columns;
mod company;
mod draw;
mod name;
mod party;
mod tables;
#[cfg(test)]
mod tests;

use domain::{Date, FactKey, Party};
use rules::vocabulary::Vocabulary;

pub use columns::{Amounts, Columns, NO_CODES, Rows, SEPARATOR};
pub use company::{Company, STATUSES, YEARS, Year};
pub use name::{MARK, MAX_ROWS};
pub use party::RIGHTS;
pub use tables::TableError;

use company::{KINDS, Proportions};
use name::Words;
use party::{List, Registers};
use tables::{Shares, Tables};

/// The seed of the demo registry.
pub const SEED: u64 = 2026;

/// How many companies the demo registry has: as many AI firms as the real city had at the end of 2024 (China Newsweek,
/// April 2025).
pub const ROWS: u32 = 2_600;

/// The tables that companies are drawn from.
pub struct City {
    proportions: Proportions,
    words: Words,
    registers: Registers,
    right_kinds: Vec<String>,
    right_kind: Shares<usize>,
}

impl City {
    /// Reads the tables that are compiled in.
    ///
    /// # Errors
    /// When they have a mistake. What is compiled in has none.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, TableError> {
        let tables = Tables::built_in()?;
        let proportions = Proportions::new(&tables, Registers::snapshot(&tables.known)?)?;
        let right_kinds = tables.values("right_kind");
        Ok(Self {
            words: Words::new(&tables, &proportions.industries)?,
            registers: Registers::new(&tables.known, vocabulary)?,
            right_kind: tables.shares("right_kind", tables::index(&right_kinds))?,
            right_kinds,
            proportions,
        })
    }

    /// The day as of which the registers are read.
    #[must_use]
    pub fn snapshot(&self) -> Date {
        self.proportions.snapshot
    }

    /// The company of a row. Rows do not rest on each other, so that they can be made in any order and by many threads;
    /// from [`MAX_ROWS`] on they begin to share codes.
    #[must_use]
    pub fn company(&self, seed: u64, row: u32) -> Company {
        self.proportions.company(seed, row)
    }

    /// What the registers know of a company.
    #[must_use]
    pub fn party(&self, company: &Company) -> Party {
        self.registers.party(self, company)
    }

    /// The facts that apply to a company and that no register knows of it.
    #[must_use]
    pub fn unknown(&self, company: &Company, party: &Party) -> Vec<FactKey> {
        self.registers.unknown(self, company, party)
    }

    /// The companies of the first rows, as the registers know them.
    pub fn companies(&self, seed: u64, rows: u32) -> impl Iterator<Item = Party> + '_ {
        (0..rows).map(move |row| self.party(&self.company(seed, row)))
    }

    /// A company's name.
    #[must_use]
    pub fn name(&self, company: &Company) -> String {
        self.words.name(company)
    }

    /// A company's social credit code.
    #[must_use]
    pub fn uscc(&self, company: &Company) -> String {
        name::uscc(company.seed, company.row)
    }

    /// The code of a company's industry.
    #[must_use]
    pub fn industry(&self, company: &Company) -> &str {
        self.proportions.industries.get(company.industry).map_or("other", String::as_str)
    }

    /// The codes of a company's roles.
    #[must_use]
    pub fn roles(&self, company: &Company) -> Vec<String> {
        self.codes_of(List::Role, self.role_bits(company)).map(str::to_owned).collect()
    }

    /// The role as a bit; none for the role that is called so.
    fn role_bits(&self, company: &Company) -> u32 {
        let role = self.proportions.roles.get(company.role).filter(|role| *role != "none");
        role.map_or(0, |_| 1 << company.role)
    }

    /// How many codes a list has.
    fn codes_in(&self, list: List) -> usize {
        match list {
            List::Kind => KINDS.len(),
            List::Industry => self.proportions.industries.len(),
            List::Role => self.proportions.roles.len(),
            List::Status => STATUSES.len(),
        }
    }

    /// A code of a list.
    fn code_at(&self, list: List, index: usize) -> &str {
        match list {
            List::Kind => KINDS.get(index).copied().unwrap_or_default(),
            List::Industry => self.proportions.industries.get(index).map_or("other", String::as_str),
            List::Role => self.proportions.roles.get(index).map(String::as_str).unwrap_or_default(),
            List::Status => STATUSES.get(index).copied().unwrap_or_default(),
        }
    }

    /// The codes of a list that have their bits set.
    fn codes_of(&self, list: List, bits: u32) -> impl Iterator<Item = &str> {
        (0..self.codes_in(list)).filter(move |index| bits >> index & 1 == 1).map(move |index| self.code_at(list, index))
    }

    fn code_of_right(&self, kind: usize) -> &str {
        self.right_kinds.get(kind).map_or("software", String::as_str)
    }
}

/// The vocabulary of this repository.
#[cfg(test)]
pub(crate) fn vocabulary() -> Vocabulary {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vocabulary");
    let mut sources = rules::source::Sources::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        sources.vocabulary.insert(path.display().to_string(), std::fs::read(&path).unwrap());
    }
    sources.load().program.vocabulary
}
