//! A party's facts laid out for a program: every fact that a measure reads in its slot, at one pair of dates.

use domain::{Date, Fact, Knowledge, Party, PartyKind, Period, Value};

use crate::formula::YearRef;
use crate::ir::Program;
use crate::prepared::Prepared;
use crate::value::{FEN, Range, Truth, Val};
use crate::vocabulary::{FactDef, Type};

/// The two dates of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The date whose law applies.
    pub on: Date,
    /// What was published and recorded by then counts.
    pub known_on: Date,
}

/// A party's values for a program.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The dates.
    pub dates: Dates,
    /// Organisation or person; `None` when everything is unknown.
    pub kind: Option<PartyKind>,
    /// The facts.
    pub slots: Vec<Val>,
    /// For each record of the vocabulary its rows, or `None` when the list is not known.
    pub records: Vec<Option<Vec<Row>>>,
    /// The decisions of persons.
    pub reviews: Vec<Truth>,
    /// For each list the members that the party's file adds.
    pub members: Vec<Vec<(u32, Option<u32>, Period)>>,
    /// Texts beyond those of the program.
    pub texts: Vec<String>,
    pub(crate) on: Range,
}

/// A record of the party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its fields, in the order of the vocabulary.
    pub fields: Vec<Val>,
}

/// Lays out parties.
#[derive(Debug)]
pub struct Binder<'p> {
    program: &'p Program,
    prepared: &'p Prepared,
}

impl<'p> Binder<'p> {
    /// A binder for a program.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self { program, prepared: program.prepared() }
    }

    /// Lays out a party at two dates. Facts recorded after `known_on` are not known yet.
    #[must_use]
    pub fn bind(&self, party: &Party, dates: Dates) -> Bound {
        let program = self.program;
        let mut overlay = Overlay { binder: self, new: Vec::new() };
        let mut by_fact: Vec<Vec<(Option<i32>, Val)>> = vec![Vec::new(); program.vocabulary.facts.len()];
        for (key, fact) in &party.facts {
            if let Some(index) = self.prepared.fact(program, &key.name)
                && let (Some(list), Some(definition)) = (by_fact.get_mut(index), program.vocabulary.facts.get(index))
                && let Some(value) = overlay.value(fact, definition, dates)
            {
                list.push((key.year, value));
            }
        }
        let year_now = dates.on.year();
        let slots = program
            .slots
            .iter()
            .zip(&program.slot_defaults)
            .map(|(slot, default)| {
                let year = slot.year.map(|year| match year {
                    YearRef::Relative(offset) => year_now + offset,
                    YearRef::Fixed(year) => year,
                });
                let values = by_fact.get(slot.fact).map(Vec::as_slice).unwrap_or_default();
                values.iter().find(|(of, _)| *of == year).map_or(*default, |(_, value)| *value)
            })
            .collect();
        let records = program
            .vocabulary
            .records
            .iter()
            .zip(&program.field_defaults)
            .map(|(definition, defaults)| {
                party.records.get(&definition.name).map(|rows| {
                    rows.iter()
                        .map(|row| {
                            let mut fields = defaults.clone();
                            if let Some(id) = fields.first_mut() {
                                *id = Val::Symbol(Some(overlay.text(&row.id)));
                            }
                            for ((field, value), definition) in
                                fields.iter_mut().zip(&definition.fields).skip(1).map(|(value, definition)| {
                                    ((definition.name.rsplit('.').next().unwrap_or_default(), value), definition)
                                })
                            {
                                if let Some(fact) = row.facts.get(field)
                                    && let Some(known) = overlay.value(fact, definition, dates)
                                {
                                    *value = known;
                                }
                            }
                            Row { id: row.id.clone(), fields }
                        })
                        .collect()
                })
            })
            .collect();
        let reviews = program
            .reviews
            .iter()
            .map(|review| party.decisions.get(&review.key).map_or(Truth::Unknown, |decided| Truth::from(*decided)))
            .collect();
        let members = program
            .lists
            .iter()
            .map(|list| {
                let entries = party.lists.get(&list.id).map(Vec::as_slice).unwrap_or_default();
                entries
                    .iter()
                    .map(|entry| {
                        (
                            overlay.text(&entry.member),
                            entry.scope.as_ref().map(|scope| overlay.text(scope)),
                            entry.period,
                        )
                    })
                    .collect()
            })
            .collect();
        Bound {
            dates,
            kind: Some(party.kind),
            slots,
            records,
            reviews,
            members,
            texts: overlay.new,
            on: Range::point(i128::from(dates.on.days())),
        }
    }
}

impl Bound {
    /// Nothing known, not even the date.
    #[must_use]
    pub fn nothing(program: &Program) -> Self {
        let epoch = Date::MIN;
        Self {
            dates: Dates { on: epoch, known_on: epoch },
            kind: None,
            slots: program.slot_defaults.clone(),
            records: vec![None; program.vocabulary.records.len()],
            reviews: vec![Truth::Unknown; program.reviews.len()],
            members: vec![Vec::new(); program.lists.len()],
            texts: Vec::new(),
            on: Range { lo: -40_000, hi: 90_000 },
        }
    }

    /// Sets the dates, so that the law's is known.
    pub fn set_dates(&mut self, dates: Dates) {
        self.dates = dates;
        self.on = Range::point(i128::from(dates.on.days()));
    }

    /// The text of a symbol.
    #[must_use]
    pub fn text<'a>(&'a self, program: &'a Program, symbol: u32) -> &'a str {
        let index = symbol as usize;
        program
            .texts
            .get(index)
            .or_else(|| self.texts.get(index.wrapping_sub(program.texts.len())))
            .map(String::as_str)
            .unwrap_or_default()
    }
}

struct Overlay<'b, 'p> {
    binder: &'b Binder<'p>,
    new: Vec<String>,
}

impl Overlay<'_, '_> {
    fn text(&mut self, text: &str) -> u32 {
        let program = self.binder.program;
        if let Some(known) = self.binder.prepared.text(program, text) {
            return known;
        }
        let base = program.texts.len();
        let index = self.new.iter().position(|known| known == text).unwrap_or_else(|| {
            self.new.push(text.to_owned());
            self.new.len() - 1
        });
        u32::try_from(base + index).unwrap_or(u32::MAX)
    }

    /// The value of a fact; `None` when it is not known at the dates, or of another type than declared.
    fn value(&mut self, fact: &Fact, definition: &FactDef, dates: Dates) -> Option<Val> {
        if fact.as_of.is_some_and(|recorded| recorded > dates.known_on) {
            return None;
        }
        match &fact.value {
            Knowledge::Known(value) => self.convert(value, definition),
            Knowledge::Unknown => None,
            // every candidate stays possible
            Knowledge::Disputed(candidates) => candidates
                .iter()
                .map(|value| self.convert(value, definition))
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .reduce(Val::join),
        }
    }

    fn convert(&mut self, value: &Value, definition: &FactDef) -> Option<Val> {
        let point = |number: i128| Some(Val::Range(Range::point(number)));
        let codes = |list: u16| self.binder.program.vocabulary.codes.get(list as usize);
        match (value, definition.ty) {
            (Value::Bool(value), Type::Bool) => Some(Val::Truth(Truth::from(*value))),
            (Value::Money(money), Type::Money) => point(i128::from(money.fen()) * FEN),
            (Value::Rate(rate), Type::Rate) => point(i128::from(rate.ppm()) * 2),
            (Value::Count(count), Type::Count) => point(i128::from(*count)),
            (Value::Quantity(quantity), Type::Quantity(unit)) if quantity.unit == unit => {
                point(i128::from(quantity.milli))
            }
            (Value::Quantity(quantity), Type::Months) if quantity.unit == domain::Unit::Month => {
                point(i128::from(quantity.milli / 1000))
            }
            (Value::Quantity(quantity), Type::Days) if quantity.unit == domain::Unit::Day => {
                point(i128::from(quantity.milli / 1000))
            }
            (Value::Date(date), Type::Date) => point(i128::from(date.days())),
            (Value::Code(code), Type::Code(list)) => codes(list)?.index(code).map(|index| Val::Symbol(Some(index))),
            (Value::Codes(set), Type::Codes(list)) => {
                let list = codes(list)?;
                let bits =
                    set.iter().try_fold(0_u64, |bits, code| list.index(code).map(|index| bits | 1 << (index % 64)))?;
                Some(Val::Set { sure: bits, maybe: bits })
            }
            (Value::Place(place), Type::Place) => Some(Val::Symbol(Some(u32::from(place.index())))),
            (Value::Text(text), Type::Text) => Some(Val::Symbol(Some(self.text(text)))),
            _ => None,
        }
    }
}
