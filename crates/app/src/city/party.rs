//! A made-up company as the registers know it: its facts with source, evidence and date, and what nobody has told them.

use domain::{Date, Evidence, Fact, FactKey, Knowledge, Party, PartyKind, Record, Value};
use rules::vocabulary::Vocabulary;

use super::City;
use super::company::{Company, KINDS, STATUSES, Year, money};
use super::draw::Draw;
use super::name::uscc;
use super::tables::{Known, Result, no_row};

/// How the value of a fact comes from a company; nothing where the fact does not apply to it.
#[derive(Clone, Copy)]
enum From {
    Company(fn(&City, &Company) -> Option<Value>),
    Year(fn(&City, &Company, &Year) -> Option<Value>),
}

const FACTS: [(&str, From); 36] = [
    ("org.above_scale", From::Company(|_, c| yes(c.above_scale()))),
    ("org.abnormal_operation", From::Company(|_, c| yes(c.abnormal_operation))),
    (
        "org.clean_years",
        From::Company(|_, c| count(if c.serious_dishonesty { 0 } else { i64::from(c.age / 12).min(3) })),
    ),
    ("org.credit_punishment", From::Company(|_, c| yes(c.credit_punishment))),
    ("org.founded_on", From::Company(|_, c| Some(Value::Date(c.founded_on)))),
    ("org.hnte_first", From::Company(|_, c| yes(c.hnte?.1))),
    ("org.hnte_issued_on", From::Company(|_, c| Some(Value::Date(c.hnte?.0)))),
    ("org.in_hightech_zone", From::Company(|_, c| yes(c.in_hightech_zone))),
    ("org.in_rd_statistics", From::Year(|_, _, year| yes(year.in_rd_statistics))),
    ("org.industrial", From::Company(|_, c| yes(c.manufacturing))),
    ("org.industry", From::Company(|city, c| code(city.industry(c)))),
    ("org.kind", From::Company(|_, c| code(KINDS.get(c.kind).copied().unwrap_or_default()))),
    ("org.legal_person", From::Company(|_, c| yes(c.kind != 1))),
    ("org.major_accident", From::Year(|_, _, year| yes(year.major_accident))),
    ("org.manufacturing", From::Company(|_, c| yes(c.manufacturing))),
    ("org.operating_place", From::Company(|_, c| Some(Value::Place(c.operating_place)))),
    ("org.place", From::Company(|_, c| Some(Value::Place(c.place)))),
    ("org.rd", From::Year(|_, _, year| yuan(year.rd))),
    ("org.rd_outsourced", From::Year(|_, _, year| yuan(year.rd_outsourced))),
    ("org.rd_staff", From::Company(|_, c| count(c.rd_staff))),
    ("org.rd_super_deduction", From::Year(|_, _, year| yes(year.rd_super_deduction))),
    ("org.research_dishonesty", From::Company(|_, c| yes(c.research_dishonesty))),
    ("org.resident_enterprise", From::Company(|_, c| yes(c.is_enterprise()))),
    ("org.revenue", From::Year(|_, _, year| yuan(year.revenue))),
    ("org.roles", From::Company(|city, c| Some(Value::Codes(city.roles(c))))),
    ("org.serious_dishonesty", From::Company(|_, c| yes(c.serious_dishonesty))),
    ("org.sme", From::Company(|_, c| yes(c.is_enterprise() && c.is_sme()))),
    ("org.software_it", From::Company(|city, c| yes(matches!(city.industry(c), "ai" | "software")))),
    ("org.staff", From::Company(|_, c| count(c.staff))),
    ("org.statistics_place", From::Company(|_, c| Some(Value::Place(c.statistics_place)))),
    ("org.status", From::Company(|_, c| Some(Value::Codes(statuses(c))))),
    ("org.strategic_industry", From::Company(|_, c| yes(c.strategic_industry))),
    ("org.tax_place", From::Company(|_, c| Some(Value::Place(c.place)))),
    ("org.torch_statistics", From::Year(|_, _, year| yes(year.torch_statistics?))),
    ("org.total_assets", From::Year(|_, _, year| yuan(year.assets))),
    ("org.uscc", From::Company(|_, c| Some(Value::Text(uscc(c.seed, c.row))))),
];

/// The list of intellectual property rights, which has a row in `facts.csv` as the facts have.
const RIGHTS: &str = "patents";

fn yes(yes: bool) -> Option<Value> {
    Some(Value::Bool(yes))
}

fn count(number: i64) -> Option<Value> {
    Some(Value::Count(number))
}

fn yuan(yuan: i64) -> Option<Value> {
    Some(Value::Money(money(yuan)))
}

fn code(code: &str) -> Option<Value> {
    Some(Value::Code(code.to_owned()))
}

fn statuses(company: &Company) -> Vec<String> {
    let held = STATUSES.iter().zip(company.statuses).filter(|(_, held)| *held);
    held.map(|(status, _)| (*status).to_owned()).collect()
}

/// What a register knows of a fact.
struct Register {
    name: String,
    source: String,
    evidence: Evidence,
    as_of: Option<Date>,
    /// Of how many companies in a thousand it does not know it.
    unknown: u32,
    /// Whether the vocabulary has the fact: other vocabularies than the one that is compiled in may lack it.
    told: bool,
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

    fn knows(&self, draw: &mut Draw) -> bool {
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
    facts: Vec<(Register, From)>,
    rights: Register,
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
            let told = definition.is_some_and(|definition| definition.yearly == matches!(from, From::Year(_)));
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

    pub(super) fn party(&self, city: &City, company: &Company) -> Party {
        let mut draw = Draw::knowledge(company.seed, company.row);
        let mut party = Party::new(PartyKind::Organisation);
        party.name = Some(city.name(company));
        let mut facts = Vec::with_capacity(self.facts.len() * 2);
        for (register, from) in &self.facts {
            match from {
                From::Company(value) => {
                    let knows = register.knows(&mut draw);
                    if knows && let Some(value) = value(city, company) {
                        facts.push((FactKey::new(register.name.clone()), register.fact(Knowledge::Known(value), None)));
                    }
                }
                From::Year(value) => {
                    for year in company.years.iter().flatten() {
                        let knows = register.knows(&mut draw);
                        if knows && let Some(value) = value(city, company, year) {
                            let key = FactKey::of_year(register.name.clone(), year.year);
                            facts.push((key, register.fact(Knowledge::Known(value), Date::new(year.year, 12, 31))));
                        }
                    }
                }
            }
        }
        party.facts = facts.into_iter().collect();
        if let (Some(other), Some(fact)) = (company.staff_disputed, party.facts.get_mut(&FactKey::new("org.staff"))) {
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
        let mut unknown = Vec::new();
        for (register, from) in self.facts.iter().filter(|(register, _)| register.told) {
            match from {
                From::Company(value) if value(city, company).is_some() => {
                    unknown.push(FactKey::new(register.name.clone()));
                }
                From::Company(_) => {}
                From::Year(value) => {
                    let years = company.years.iter().flatten().filter(|year| value(city, company, year).is_some());
                    unknown.extend(years.map(|year| FactKey::of_year(register.name.clone(), year.year)));
                }
            }
        }
        unknown.retain(|key| !party.facts.contains_key(key));
        unknown
    }

    fn right(&self, city: &City, company: &Company, number: u32, draw: &mut Draw) -> Record {
        let kind = city.right_kind.draw(draw);
        let kind = city.right_kinds.get(kind).map_or("software", String::as_str);
        let days = company.founded_on.days_until(city.proportions.snapshot);
        let day = i32::try_from(draw.between(0, i64::from(days))).unwrap_or_default();
        let granted_on = company.founded_on.checked_add_days(day).unwrap_or(company.founded_on);
        let class = if matches!(kind, "invention" | "layout" | "plant") { "class1" } else { "class2" };
        let values = [
            ("class", Value::Code(class.to_owned())),
            ("granted_on", Value::Date(granted_on)),
            ("kind", Value::Code(kind.to_owned())),
        ];
        let facts = values.map(|(name, value)| (name.to_owned(), self.rights.fact(Knowledge::Known(value), None)));
        Record { id: format!("i{number}"), facts: facts.into() }
    }
}
