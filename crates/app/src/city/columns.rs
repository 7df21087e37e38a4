//! Made-up companies as the columns of a registry: what the registers know, from the same table of facts as party files.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int8Array, Int16Array, Int32Array,
    Int64Array, RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Int8Type, Int16Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use domain::{PlaceId, PlaceTree};

use super::City;
use super::company::{Company, YEARS, money};
use super::draw::Draw;
use super::party::{Column, From, List, RIGHT_CLASSES, RIGHTS, Right, STAFF, USCC, right_class, right_id};

/// What stands between the codes of a set.
pub const SEPARATOR: char = '|';

/// How a set says that it is known and has no codes in it, which an empty cell could not say.
pub const NO_CODES: &str = "none";

/// How amounts of money stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amounts {
    /// Whole numbers of fen.
    Fen,
    /// Decimals of yuan.
    Yuan,
}

impl Amounts {
    fn data_type(self) -> DataType {
        match self {
            Self::Fen => DataType::Int64,
            Self::Yuan => DataType::Decimal64(18, 2),
        }
    }
}

/// The columns of a registry of made-up companies. The first two are `uscc` and `name`; the others are named as party
/// files name the facts, with the year behind facts that are kept by year. The list of intellectual property rights is a
/// table of its own, a row a right; of how many a company has, and whether that is known, says the column `patents`.
pub struct Columns<'a> {
    city: &'a City,
    amounts: Amounts,
    columns: Vec<Column<'a>>,
    companies: SchemaRef,
    rights: SchemaRef,
    places: ArrayRef,
    right_kinds: ArrayRef,
}

/// Companies and their rights.
pub struct Rows {
    /// One row a company.
    pub companies: RecordBatch,
    /// One row a right, in the order of the companies.
    pub rights: RecordBatch,
}

impl<'a> Columns<'a> {
    /// The columns of a city.
    #[must_use]
    pub fn new(city: &'a City, amounts: Amounts) -> Self {
        let told = city.registers.columns().filter(|column| column.register.told && column.register.name != USCC);
        let columns: Vec<Column<'a>> = told.collect();
        let facts = columns.iter().map(|column| Field::new(name(city, column), data_type(column.from, amounts), true));
        let ids = ["uscc", "name"].map(|name| Field::new(name, DataType::Utf8, false));
        let rights = city.registers.rights.told.then(|| Field::new(RIGHTS, DataType::Int32, true));
        let codes = |name| Field::new(name, codes_type(), false);
        Self {
            companies: Arc::new(Schema::new(ids.into_iter().chain(facts).chain(rights).collect::<Vec<_>>())),
            rights: Arc::new(Schema::new(vec![
                Field::new("uscc", DataType::Utf8, false),
                Field::new("patent.id", DataType::Utf8, false),
                codes("patent.kind"),
                codes("patent.class"),
                Field::new("patent.granted_on", DataType::Date32, false),
            ])),
            places: texts(PlaceTree::china().iter().map(|place| PlaceTree::china().id(place))),
            right_kinds: texts((0..city.right_kinds.len()).map(|kind| city.code_of_right(kind))),
            city,
            amounts,
            columns,
        }
    }

    /// The columns of the companies.
    #[must_use]
    pub fn companies(&self) -> &SchemaRef {
        &self.companies
    }

    /// The columns of the intellectual property rights.
    #[must_use]
    pub fn rights(&self) -> &SchemaRef {
        &self.rights
    }

    /// Some companies, with what the registers know of them. What is unknown or disputed is null.
    ///
    /// # Errors
    /// None that a city could cause.
    pub fn rows(&self, seed: u64, rows: Range<u32>) -> Result<Rows, ArrowError> {
        let registers = &self.city.registers;
        let companies: Vec<Company> = rows.map(|row| self.city.company(seed, row)).collect();
        let mut known = Vec::with_capacity(companies.len());
        let mut rights = Rights::default();
        let mut codes = StringBuilder::with_capacity(companies.len(), companies.len() * 18);
        let mut names = StringBuilder::with_capacity(companies.len(), companies.len() * 64);
        let mut name = String::new();
        for company in &companies {
            let mut draw = Draw::knowledge(seed, company.row);
            known.push(registers.known(company, &mut draw));
            let code = self.city.uscc(company);
            rights.add(self.city, company, &code, &mut draw);
            codes.append_value(&code);
            name.clear();
            name.extend(self.city.words.parts(company));
            names.append_value(&name);
        }
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(codes.finish()), Arc::new(names.finish())];
        for column in &self.columns {
            let rows =
                companies.iter().zip(&known).map(|(company, known)| (known & column.bit != 0).then_some(company));
            arrays.push(self.array(column, rows)?);
        }
        if registers.rights.told {
            arrays.push(Arc::new(Int32Array::from(std::mem::take(&mut rights.counts))));
        }
        Ok(Rows {
            companies: RecordBatch::try_new(self.companies.clone(), arrays)?,
            rights: RecordBatch::try_new(self.rights.clone(), rights.arrays(&self.right_kinds)?)?,
        })
    }

    /// A column, from the companies of which it is known.
    fn array<'c>(
        &self,
        column: &Column,
        rows: impl Iterator<Item = Option<&'c Company>>,
    ) -> Result<ArrayRef, ArrowError> {
        let city = self.city;
        let slot = column.year.unwrap_or_default();
        let of_year = |company: Option<&'c Company>| company?.years.get(slot)?.as_ref();
        Ok(match column.from {
            From::Yes(value) => Arc::new(rows.map(|company| value(city, company?)).collect::<BooleanArray>()),
            From::Count(value) => {
                let disputed = column.register.name == STAFF;
                let settled = |company: &&Company| !disputed || company.staff_disputed.is_none();
                Arc::new(rows.map(|row| i32::try_from(value(row.filter(settled)?)).ok()).collect::<Int32Array>())
            }
            From::Day(value) => Arc::new(rows.map(|company| Some(value(company?)?.days())).collect::<Date32Array>()),
            From::Place(value) => {
                let index = |place: PlaceId| i16::try_from(place.index()).ok();
                let keys = rows.map(|company| index(value(company?))).collect::<Int16Array>();
                Arc::new(DictionaryArray::<Int16Type>::try_new(keys, self.places.clone())?)
            }
            From::Code(list, value) => {
                let keys = rows.map(|company| i8::try_from(value(company?)).ok()).collect::<Int8Array>();
                let codes = texts((0..city.codes_in(list)).map(|index| city.code_at(list, index)));
                Arc::new(DictionaryArray::<Int8Type>::try_new(keys, codes)?)
            }
            From::Codes(list, value) => Arc::new(self.sets(list, rows.map(|company| Some(value(city, company?))))),
            From::YesOfYear(value) => Arc::new(rows.map(|row| value(of_year(row)?)).collect::<BooleanArray>()),
            From::YuanOfYear(value) => {
                let fen = rows.map(|row| Some(money(value(of_year(row)?)).fen()));
                match self.amounts {
                    Amounts::Fen => Arc::new(fen.collect::<Int64Array>()),
                    Amounts::Yuan => Arc::new(fen.collect::<Decimal64Array>().with_precision_and_scale(18, 2)?),
                }
            }
            From::Uscc => Arc::new(rows.map(|company| Some(city.uscc(company?))).collect::<StringArray>()),
        })
    }

    fn sets(&self, list: List, rows: impl Iterator<Item = Option<u32>>) -> StringArray {
        let mut sets = StringBuilder::new();
        let mut text = String::new();
        for bits in rows {
            text.clear();
            for code in self.city.codes_of(list, bits.unwrap_or_default()) {
                if !text.is_empty() {
                    text.push(SEPARATOR);
                }
                text.push_str(code);
            }
            match bits {
                None => sets.append_null(),
                Some(_) if text.is_empty() => sets.append_value(NO_CODES),
                Some(_) => sets.append_value(&text),
            }
        }
        sets.finish()
    }
}

/// The name of a column: that of the fact in party files.
fn name(city: &City, column: &Column) -> String {
    let name = &column.register.name;
    let back = |slot: usize| i32::try_from(YEARS - slot).unwrap_or_default();
    column.year.map_or_else(|| name.clone(), |slot| format!("{name}.{}", city.snapshot().year() - back(slot)))
}

fn data_type(from: From, amounts: Amounts) -> DataType {
    match from {
        From::Yes(_) | From::YesOfYear(_) => DataType::Boolean,
        From::Count(_) => DataType::Int32,
        From::Day(_) => DataType::Date32,
        From::Place(_) => DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8)),
        From::Code(..) => codes_type(),
        From::Codes(..) | From::Uscc => DataType::Utf8,
        From::YuanOfYear(_) => amounts.data_type(),
    }
}

fn codes_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8))
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

/// The rights of some companies, column by column.
#[derive(Default)]
struct Rights {
    /// For each company, where it is known.
    counts: Vec<Option<i32>>,
    owners: StringBuilder,
    ids: StringBuilder,
    kinds: Vec<i8>,
    classes: Vec<i8>,
    days: Vec<i32>,
}

impl Rights {
    fn add(&mut self, city: &City, company: &Company, code: &str, draw: &mut Draw) {
        if !city.registers.rights.knows(draw) {
            self.counts.push(None);
            return;
        }
        self.counts.push(i32::try_from(company.rights).ok());
        for number in 1..=company.rights {
            let right = Right::draw(city, company, draw);
            self.owners.append_value(code);
            self.ids.append_value(right_id(number));
            self.kinds.push(i8::try_from(right.kind).unwrap_or_default());
            self.classes.push(i8::try_from(right_class(city.code_of_right(right.kind))).unwrap_or_default());
            self.days.push(right.granted_on.days());
        }
    }

    fn arrays(mut self, kinds: &ArrayRef) -> Result<Vec<ArrayRef>, ArrowError> {
        let coded = |keys: Vec<i8>, codes: ArrayRef| DictionaryArray::<Int8Type>::try_new(Int8Array::from(keys), codes);
        Ok(vec![
            Arc::new(self.owners.finish()),
            Arc::new(self.ids.finish()),
            Arc::new(coded(self.kinds, kinds.clone())?),
            Arc::new(coded(self.classes, texts(RIGHT_CLASSES.into_iter()))?),
            Arc::new(Date32Array::from(self.days)),
        ])
    }
}
