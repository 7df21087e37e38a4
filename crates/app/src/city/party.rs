//! A made-up company as the registers know it: its facts with source, evidence and date, and what nobody has told them.

use domain::{Date, Evidence, Fact, FactKey, Knowledge, Party, PartyKind, PlaceId, Record, Value};
use rules::vocabulary::Vocabulary;

use super::City;
use super::company::{Company, YEARS, Year, money};
use super::draw::Draw;
use super::tables::{Known, Result, no_row};

/// How the value of a fact comes from a company, by its type; nothing where the fact does not apply to it. Party files and
/// the columns of a registry are made from the same table.
#[derive(Clone, Copy)]
pub(super) enum From {
    Yes(fn(&City, &Company) -> Option<bool>),
    Count(fn(&Company) -> i64),
    Day(fn(&Company) -> Option<Date>),
    Place(fn(&Company) -> PlaceId),
    /// An index in a list of codes.
    Code(List, fn(&Company) -> usize),
    /// Bit *i* for code *i* of a list.
    Codes(List, fn(&City, &Company) -> u32),
    Uscc,
    YesOfYear(fn(&Year) -> Option<bool>),
    YuanOfYear(fn(&Year) -> i64),
}

/// A list of codes that companies have some of.
#[derive(Clone, Copy)]
pub(super) enum List {
    Kind,
    Industry,
    Role,
    Status,
}

const FACTS: [(&str, From); 36] = [
    ("org.above_scale", From::Yes(|_, c| Some(c.above_scale()))),
    ("org.abnormal_operation", From::Yes(|_, c| Some(c.abnormal_operation))),
    ("org.clean_years", From::Count(|c| if c.serious_dishonesty { 0 } else { i64::from(c.age / 12).min(3) })),
    ("org.credit_punishment", From::Yes(|_, c| Some(c.credit_punishment))),
    ("org.founded_on", From::Day(|c| Some(c.founded_on))),
    ("org.hnte_first", From::Yes(|_, c| Some(c.hnte?.1))),
    ("org.hnte_issued_on", From::Day(|c| Some(c.hnte?.0))),
    ("org.in_hightech_zone", From::Yes(|_, c| Some(c.in_hightech_zone))),
    ("org.in_rd_statistics", From::YesOfYear(|year| Some(year.in_rd_statistics))),
    ("org.industrial", From::Yes(|_, c| Some(c.manufacturing))),
    ("org.industry", From::Code(List::Industry, |c| c.industry)),
    ("org.kind", From::Code(List::Kind, |c| c.kind)),
    ("org.legal_person", From::Yes(|_, c| Some(c.kind != 1))),
    ("org.major_accident", From::YesOfYear(|year| Some(year.major_accident))),
    ("org.manufacturing", From::Yes(|_, c| Some(c.manufacturing))),
    ("org.operating_place", From::Place(|c| c.operating_place)),
    ("org.place", From::Place(|c| c.place)),
    ("org.rd", From::YuanOfYear(|year| year.rd)),
    ("org.rd_outsourced", From::YuanOfYear(|year| year.rd_outsourced)),
    ("org.rd_staff", From::Count(|c| c.rd_staff)),
    ("org.rd_super_deduction", From::YesOfYear(|year| Some(year.rd_super_deduction))),
    ("org.research_dishonesty", From::Yes(|_, c| Some(c.research_dishonesty))),
    ("org.resident_enterprise", From::Yes(|_, c| Some(c.is_enterprise()))),
    ("org.revenue", From::YuanOfYear(|year| year.revenue)),
    ("org.roles", From::Codes(List::Role, City::role_bits)),
    ("org.serious_dishonesty", From::Yes(|_, c| Some(c.serious_dishonesty))),
    ("org.sme", From::Yes(|_, c| Some(c.is_enterprise() && c.is_sme()))),
    ("org.software_it", From::Yes(|city, c| Some(matches!(city.industry(c), "ai" | "software")))),
    ("org.staff", From::Count(|c| c.staff)),
    ("org.statistics_place", From::Place(|c| c.statistics_place)),
    ("org.status", From::Codes(List::Status, |_, c| status_bits(c))),
    ("org.strategic_industry", From::Yes(|_, c| Some(c.strategic_industry))),
    ("org.tax_place", From::Place(|c| c.place)),
    ("org.torch_statistics", From::YesOfYear(|year| year.torch_statistics)),
    ("org.total_assets", From::YuanOfYear(|year| year.assets)),
    (USCC, From::Uscc),
];

/// The fact that identifies a company.
pub(super) const USCC: &str = "org.uscc";

/// The facts of which registers know disputed values.
pub(super) const STAFF: &str = "org.staff";

/// The list of intellectual property rights, which has a row in `facts.csv` as the facts have.
pub const RIGHTS: &str = "patents";

fn status_bits(company: &Company) -> u32 {
    company.statuses.iter().rev().fold(0, |bits, held| bits << 1 | u32::from(*held))
}

impl From {
    pub(super) const fn yearly(self) -> bool {
        matches!(self, Self::YesOfYear(_) | Self::YuanOfYear(_))
    }

    /// How many columns it makes: one, or one for each year.
    const fn columns(self) -> usize {
        if self.yearly() { YEARS } else { 1 }
    }

    /// The value of a company, or of one of its years, where the fact applies to it.
    fn value(self, city: &City, company: &Company, year: Option<&Year>) -> Option<Value> {
        Some(match self {
            Self::Yes(value) => Value::Bool(value(city, company)?),
            Self::Count(value) => Value::Count(value(company)),
            Self::Day(value) => Value::Date(value(company)?),
            Self::Place(value) => Value::Place(value(company)),
            Self::Code(list, value) => Value::Code(city.code_at(list, value(company)).to_owned()),
            Self::Codes(list, value) => {
                Value::Codes(city.codes_of(list, value(city, company)).map(str::to_owned).collect())
            }
            Self::Uscc => Value::Text(city.uscc(company)),
            Self::YesOfYear(value) => Value::Bool(value(year?)?),
            Self::YuanOfYear(value) => Value::Money(money(value(year?))),
        })
    }
}

/// How many facts and facts of a year there are: what is known of them is a bit each.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
const COLUMNS: usize = {
    let (mut columns, mut index) = (0, 0);
    while index < FACTS.len() {
        columns += FACTS[index].1.columns();
        index += 1;
    }
    columns
};
const _: () = assert!(COLUMNS <= 64);

/// What a register knows of a fact.
pub(super) struct Register {
    pub(super) name: String,
    source: String,
    evidence: Evidence,
    as_of: Option<Date>,
    /// Of how many companies in a thousand it does not know it.
    unknown: u32,
    /// Whether the vocabulary has the fact: other vocabularies than the one that is compiled in may lack it.
    pub(super) told: bool,
}

impl Register {
    fn new(known: &Known, vocabulary: &Vocabulary, told: bool) -> Result<Self> {
        Ok(Self {
            name: known.fact.clone(),
            source: vocabulary.code_label("source", &known.source).zh,
            told,
            evidence: known.evidence()?,
            as_of: known.as_of()?,
            unknown: u32::from(known.unknown),
        })
    }

    pub(super) fn knows(&self, draw: &mut Draw) -> bool {
        // drawn in any case, so that what is known of one fact does not rest on the others
        let known = draw.below(1000) >= self.unknown;
        known && self.told
    }

    fn fact(&self, value: Knowledge<Value>, year_end: Option<Date>) -> Fact {
        Fact { value, source: Some(self.source.clone()), evidence: Some(self.evidence), as_of: self.as_of.or(year_end) }
    }
}

/// What the registers know of a company.
pub(super) struct Registers {
    pub(super) facts: Vec<(Register, From)>,
    pub(super) rights: Register,
}

impl Registers {
    pub(super) fn new(known: &[Known], vocabulary: &Vocabulary) -> Result<Self> {
        let register = |name: &str, told: bool| {
            let row = known.iter().find(|row| row.fact == name).ok_or_else(|| no_row(name))?;
            Register::new(row, vocabulary, told)
        };
        if let Some(row) =
            known.iter().find(|row| row.fact != RIGHTS && FACTS.iter().all(|(name, _)| *name != row.fact))
        {
            return Err(row.wrong(&row.fact));
        }
        let facts = FACTS.iter().map(|(name, from)| {
            let definition = vocabulary.fact(name).and_then(|index| vocabulary.facts.get(index));
            let told = definition.is_some_and(|definition| definition.yearly == from.yearly());
            Ok((register(name, told)?, *from))
        });
        let rights = register(RIGHTS, vocabulary.record_by_list(RIGHTS).is_some())?;
        Ok(Self { facts: facts.collect::<Result<_>>()?, rights })
    }

    /// The latest day of any fact: the day as of which the registers are read.
    pub(super) fn snapshot(known: &[Known]) -> Result<Date> {
        let days = known.iter().map(Known::as_of).collect::<Result<Vec<_>>>()?;
        days.into_iter().flatten().max().ok_or_else(|| no_row("as_of"))
    }

    /// Which facts the registers know of a company, of those that may apply to it: a bit for each, in the order of the
    /// facts and, within a fact, of the years.
    pub(super) fn known(&self, company: &Company, draw: &mut Draw) -> u64 {
        let (mut known, mut bit) = (0, 1);
        for (register, from) in &self.facts {
            if from.yearly() {
                for year in &company.years {
                    known |= if year.is_some() && register.knows(draw) { bit } else { 0 };
                    bit <<= 1;
                }
            } else {
                known |= if register.knows(draw) { bit } else { 0 };
                bit <<= 1;
            }
        }
        known
    }

    /// Each fact, and each year of a yearly one, with its bit in what [`Self::known`] says.
    pub(super) fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        let columns = self.facts.iter().flat_map(|(register, from)| {
            let years = if from.yearly() { (0..YEARS).map(Some).collect() } else { vec![None] };
            years.into_iter().map(move |year| (register, *from, year))
        });
        columns.enumerate().map(|(bit, (register, from, year))| Column { register, from, year, bit: 1 << bit })
    }

    pub(super) fn party(&self, city: &City, company: &Company) -> Party {
        let mut draw = Draw::knowledge(company.seed, company.row);
        let known = self.known(company, &mut draw);
        let mut party = Party::new(PartyKind::Organisation);
        party.name = Some(city.name(company));
        let known = self.columns().filter(|column| known & column.bit != 0);
        let facts = known.filter_map(|column| {
            let value = Knowledge::Known(column.value(city, company)?);
            Some((column.key(company), column.register.fact(value, column.year_end(company))))
        });
        party.facts = facts.collect();
        if let (Some(other), Some(fact)) = (company.staff_disputed, party.facts.get_mut(&FactKey::new(STAFF))) {
            fact.value = Knowledge::Disputed(vec![Value::Count(company.staff), Value::Count(other)]);
        }
        if self.rights.knows(&mut draw) {
            let rights = (1..=company.rights).map(|number| self.right(city, company, number, &mut draw)).collect();
            party.records.insert("patent".to_owned(), rights);
        }
        party
    }

    /// The facts that apply to a company and that no register knows of `party`, which is what they know of it.
    pub(super) fn unknown(&self, city: &City, company: &Company, party: &Party) -> Vec<FactKey> {
        let told = self.columns().filter(|column| column.register.told);
        let apply = told.filter(|column| column.value(city, company).is_some());
        apply.map(|column| column.key(company)).filter(|key| !party.facts.contains_key(key)).collect()
    }

    fn right(&self, city: &City, company: &Company, number: u32, draw: &mut Draw) -> Record {
        let right = Right::draw(city, company, draw);
        let kind = city.code_of_right(right.kind);
        let values = [
            ("class", Value::Code(RIGHT_CLASSES.get(right_class(kind)).copied().unwrap_or_default().to_owned())),
            ("granted_on", Value::Date(right.granted_on)),
            ("kind", Value::Code(kind.to_owned())),
        ];
        let facts = values.map(|(name, value)| (name.to_owned(), self.rights.fact(Knowledge::Known(value), None)));
        Record { id: right_id(number), facts: facts.into() }
    }
}

/// A fact, or a fact of a year, with its bit in what is known of a company.
pub(super) struct Column<'a> {
    pub(super) register: &'a Register,
    pub(super) from: From,
    /// The index of the year.
    pub(super) year: Option<usize>,
    pub(super) bit: u64,
}

impl Column<'_> {
    fn of_year<'c>(&self, company: &'c Company) -> Option<&'c Year> {
        company.years.get(self.year?)?.as_ref()
    }

    fn value(&self, city: &City, company: &Company) -> Option<Value> {
        self.from.value(city, company, self.of_year(company))
    }

    fn key(&self, company: &Company) -> FactKey {
        let name = self.register.name.clone();
        self.of_year(company)
            .map_or_else(|| FactKey::new(name.clone()), |year| FactKey::of_year(name.clone(), year.year))
    }

    fn year_end(&self, company: &Company) -> Option<Date> {
        Date::new(self.of_year(company)?.year, 12, 31)
    }
}

/// The classes of intellectual property rights, by the codes of the vocabulary.
pub(super) const RIGHT_CLASSES: [&str; 2] = ["class1", "class2"];

/// The class of a kind of right, as an index in [`RIGHT_CLASSES`].
pub(super) fn right_class(kind: &str) -> usize {
    usize::from(!matches!(kind, "invention" | "layout" | "plant"))
}

/// What a company calls its rights, from 1.
pub(super) fn right_id(number: u32) -> String {
    format!("i{number}")
}

/// An intellectual property right.
pub(super) struct Right {
    /// An index in the kinds of rights.
    pub(super) kind: usize,
    pub(super) granted_on: Date,
}

impl Right {
    pub(super) fn draw(city: &City, company: &Company, draw: &mut Draw) -> Self {
        let kind = city.right_kind.draw(draw);
        let days = company.founded_on.days_until(city.proportions.snapshot);
        let day = i32::try_from(draw.between(0, i64::from(days))).unwrap_or_default();
        Self { kind, granted_on: company.founded_on.checked_add_days(day).unwrap_or(company.founded_on) }
    }
}
