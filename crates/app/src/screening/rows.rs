//! The result of each company, as rows of a table in the order of the registry.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Builder, RecordBatch, StringBuilder, StringDictionaryBuilder};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use rules::ast::Outcome;
use rules::report::amount;
use rules::value::{FEN, Range, UNBOUNDED};
use rules::vocabulary::Type;
use screen::output::{self, Encoder, PART_ROWS, PartWriter, Table, WriteError};
use screen::source::Batch;
use screen::{CHUNK, Plan, View};

use super::report::{EntitledReport, Sum};
use super::{Files, Screening};

/// Digits of an amount.
const DIGITS: u8 = 38;

/// Rows that are encoded at once.
const STEP: usize = 8 * CHUNK;

/// What the rows are made of.
#[derive(Clone)]
pub(super) struct Shape<'p> {
    /// Whether those that are not eligible have rows too.
    all: bool,
    /// For each measure its id and the type of its amounts.
    measures: Arc<[(&'p str, Type)]>,
    /// Digits behind the point.
    scale: i8,
}

impl<'p> Shape<'p> {
    pub(super) fn new(screening: &Screening<'p>, files: &Files) -> Self {
        let all = files.rows.as_ref().is_some_and(|(_, all)| *all);
        let ids = &screening.program.catalogue.measures;
        let measures = (0..).zip(&screening.measures).map(|(at, measure)| {
            let id = ids.get(*measure as usize).map_or("", |measure| measure.id.as_str());
            (id, screening.type_of(at))
        });
        Self { all, measures: measures.collect(), scale: scale(screening) }
    }
}

/// Digits of an amount of a type behind the point.
const fn places(ty: Type) -> i8 {
    match ty {
        Type::Money | Type::MoneyPer(_) => 2,
        Type::Rate => 6,
        Type::Quantity(_) => 3,
        _ => 0,
    }
}

fn scale(screening: &Screening<'_>) -> i8 {
    (0..screening.measures.len()).map(|at| places(screening.type_of(at))).max().unwrap_or(0).max(2)
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn notes(screening: &Screening<'_>, what: &str) -> Vec<(String, String)> {
    let dates = screening.request.dates;
    [
        ("kapok.table", what.to_owned()),
        ("kapok.on", dates.on.to_string()),
        ("kapok.known_on", dates.known_on.to_string()),
        ("kapok.rules", screening.request.rules.clone()),
        ("kapok.version", env!("CARGO_PKG_VERSION").to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

/// The columns of the results: the high end is none if there is no end; what fails is the first condition.
fn result_columns(scale: i8) -> Arc<Schema> {
    let decimal = DataType::Decimal128(DIGITS, scale);
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("measure", dictionary(), false),
        Field::new("outcome", dictionary(), false),
        Field::new("unit", dictionary(), false),
        Field::new("low", decimal.clone(), true),
        Field::new("high", decimal, true),
        Field::new("fails", dictionary(), true),
    ]))
}

/// The columns of the list of those entitled.
fn entitled_columns(scale: i8) -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("measure", dictionary(), false),
        Field::new("unit", dictionary(), false),
        Field::new("amount", DataType::Decimal128(DIGITS, scale), false),
    ]))
}

/// The table of results.
pub(super) fn table(screening: &Screening<'_>) -> Table {
    Table { notes: notes(screening, "results"), ..Table::new(result_columns(scale(screening))) }
}

/// The table of those entitled.
pub(super) fn entitled(screening: &Screening<'_>) -> Table {
    Table { notes: notes(screening, "entitled"), ..Table::new(entitled_columns(scale(screening))) }
}

/// An amount as a number of so many digits behind the point; none if it has no end.
fn number(value: i128, ty: Type, scale: i8) -> Option<i128> {
    if value.abs() >= UNBOUNDED / 1000 {
        return None;
    }
    let value = match ty {
        Type::Money | Type::MoneyPer(_) => value.div_euclid(FEN),
        Type::Rate => value.div_euclid(2),
        _ => value,
    };
    value.checked_mul(10_i128.checked_pow(u32::try_from(scale - places(ty)).ok()?)?)
}

/// Those entitled, counted.
#[derive(Clone, Copy, Default)]
pub(super) struct List {
    companies: u64,
    open: u64,
    sum: i128,
}

impl List {
    pub(super) fn add(&mut self, other: &Self) {
        self.companies += other.companies;
        self.open += other.open;
        self.sum += other.sum;
    }

    pub(super) fn report(&self, ty: Type) -> EntitledReport {
        EntitledReport {
            companies: self.companies,
            amount_open: self.open,
            amount: Sum::new(ty, self.sum, self.sum, 0),
        }
    }
}

/// A row that is waiting for the others of its chunk.
struct Line {
    row: usize,
    measure: usize,
    outcome: Outcome,
    amount: Range,
    fails: Option<usize>,
}

/// A table that is being encoded, in several parts if it grows.
struct Parts {
    encoder: Encoder,
    open: Option<PartWriter>,
    done: Vec<output::Part>,
}

impl Parts {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        let mut part = match self.open.take() {
            Some(part) => part,
            None => self.encoder.part()?,
        };
        part.write(batch)?;
        if part.rows() >= PART_ROWS {
            self.done.push(part.finish()?);
        } else {
            self.open = Some(part);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<output::Part>, WriteError> {
        if let Some(open) = self.open.take() {
            self.done.push(open.finish()?);
        }
        Ok(self.done)
    }
}

/// The rows of one part of a registry.
pub(super) struct Part<'p> {
    plan: &'p Plan<'p>,
    shape: Shape<'p>,
    rows: Option<Parts>,
    entitled: Option<Parts>,
    ids: Vec<Arc<str>>,
    /// The lines of the chunk at hand, and which it is.
    chunk: (usize, Vec<Line>),
    waiting: Vec<(Arc<str>, Line)>,
    waiting_entitled: Vec<(Arc<str>, i128)>,
    list: List,
    error: Option<WriteError>,
}

/// The same, encoded.
pub(super) struct Done {
    pub(super) rows: Vec<output::Part>,
    pub(super) entitled: Vec<output::Part>,
    pub(super) list: List,
}

impl<'p> Part<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, shape: Shape<'p>, rows: Option<Encoder>, entitled: Option<Encoder>) -> Self {
        let parts = |encoder: Encoder| Parts { encoder, open: None, done: Vec::new() };
        Self {
            plan,
            shape,
            rows: rows.map(parts),
            entitled: entitled.map(parts),
            ids: Vec::new(),
            chunk: (0, Vec::new()),
            waiting: Vec::new(),
            waiting_entitled: Vec::new(),
            list: List::default(),
            error: None,
        }
    }

    pub(super) fn batch(&mut self, batch: &Batch) {
        self.end_of_chunk();
        if self.rows.is_some() || self.entitled.is_some() {
            self.ids = batch.ids.clone().unwrap_or_default();
        }
    }

    pub(super) fn measure(&mut self, first: usize, view: &View<'_>) {
        if first != self.chunk.0 {
            self.end_of_chunk();
            self.chunk.0 = first;
        }
        if self.rows.is_some() {
            let mut fails = vec![None; if self.shape.all { view.rows } else { 0 }];
            if self.shape.all {
                view.fails(|number, rows, _| {
                    for (row, fails) in fails.iter_mut().enumerate() {
                        if rows.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1) {
                            *fails = Some(number);
                        }
                    }
                });
            }
            for row in 0..view.rows {
                let outcome = view.outcome(row);
                if outcome == Outcome::NotEligible && !self.shape.all {
                    continue;
                }
                let fails = fails.get(row).copied().flatten();
                self.chunk.1.push(Line { row, measure: view.index, outcome, amount: view.amount(row), fails });
            }
        }
        if self.entitled.is_some() {
            for row in (0..view.rows).filter(|row| view.outcome(*row) == Outcome::Eligible) {
                let amount = view.amount(row);
                if !amount.is_point() {
                    self.list.open += 1;
                    continue;
                }
                self.list.companies += 1;
                self.list.sum += amount.lo;
                let id = self.ids.get(first + row).cloned().unwrap_or_default();
                self.waiting_entitled.push((id, amount.lo));
            }
        }
    }

    /// What was found of a chunk measure by measure goes on company by company.
    fn end_of_chunk(&mut self) {
        let (first, lines) = (self.chunk.0, std::mem::take(&mut self.chunk.1));
        if !lines.is_empty() {
            let mut lines = lines;
            lines.sort_by_key(|line| (line.row, line.measure));
            let id = |line: &Line| self.ids.get(first + line.row).cloned().unwrap_or_default();
            let lines: Vec<(Arc<str>, Line)> = lines.into_iter().map(|line| (id(&line), line)).collect();
            self.waiting.extend(lines);
        }
        if self.waiting.len() >= STEP || self.waiting_entitled.len() >= STEP {
            self.encode();
        }
    }

    fn encode(&mut self) {
        if self.error.is_some() {
            return;
        }
        if let Err(error) = self.try_encode() {
            self.error = Some(error);
        }
    }

    fn try_encode(&mut self) -> Result<(), WriteError> {
        let fault =
            |error: &arrow::error::ArrowError| WriteError::content(std::path::Path::new("-"), &error.to_string());
        let waiting = std::mem::take(&mut self.waiting);
        for lines in waiting.chunks(STEP) {
            let batch = self.results(lines).map_err(|error| fault(&error))?;
            if let Some(parts) = &mut self.rows {
                parts.write(&batch)?;
            }
        }
        let waiting = std::mem::take(&mut self.waiting_entitled);
        for lines in waiting.chunks(STEP) {
            let batch = self.listed(lines).map_err(|error| fault(&error))?;
            if let Some(parts) = &mut self.entitled {
                parts.write(&batch)?;
            }
        }
        Ok(())
    }

    fn of(&self, measure: usize) -> (&'p str, Type) {
        self.shape.measures.get(measure).copied().unwrap_or(("", Type::Money))
    }

    fn results(&self, lines: &[(Arc<str>, Line)]) -> Result<RecordBatch, arrow::error::ArrowError> {
        let (mut ids, mut low, mut high) =
            (StringBuilder::new(), decimals(self.shape.scale)?, decimals(self.shape.scale)?);
        let texts = StringDictionaryBuilder::<Int32Type>::new;
        let (mut measures, mut outcomes, mut units, mut fails) = (texts(), texts(), texts(), texts());
        for (id, line) in lines {
            let (measure, ty) = self.of(line.measure);
            ids.append_value(id);
            measures.append_value(measure);
            outcomes.append_value(line.outcome.code());
            units.append_value(unit(ty));
            low.append_option(number(line.amount.lo, ty, self.shape.scale));
            high.append_option(number(line.amount.hi, ty, self.shape.scale));
            let screened = self.plan.measures.get(line.measure);
            let fail = line.fails.and_then(|at| screened?.fails.get(at));
            fails.append_option(fail.map(|fail| super::report::fail_key(self.plan.program(), fail)));
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(ids.finish()),
            Arc::new(measures.finish()),
            Arc::new(outcomes.finish()),
            Arc::new(units.finish()),
            Arc::new(low.finish()),
            Arc::new(high.finish()),
            Arc::new(fails.finish()),
        ];
        RecordBatch::try_new(result_columns(self.shape.scale), columns)
    }

    fn listed(&self, lines: &[(Arc<str>, i128)]) -> Result<RecordBatch, arrow::error::ArrowError> {
        let (mut ids, mut amounts) = (StringBuilder::new(), decimals(self.shape.scale)?);
        let texts = StringDictionaryBuilder::<Int32Type>::new;
        let (mut measures, mut units) = (texts(), texts());
        let (measure, ty) = self.of(0);
        for (id, amount) in lines {
            ids.append_value(id);
            measures.append_value(measure);
            units.append_value(unit(ty));
            amounts.append_value(number(*amount, ty, self.shape.scale).unwrap_or_default());
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(ids.finish()),
            Arc::new(measures.finish()),
            Arc::new(units.finish()),
            Arc::new(amounts.finish()),
        ];
        RecordBatch::try_new(entitled_columns(self.shape.scale), columns)
    }

    pub(super) fn finish(mut self) -> Result<Done, WriteError> {
        self.end_of_chunk();
        self.encode();
        if let Some(error) = self.error {
            return Err(error);
        }
        let finish = |parts: Option<Parts>| parts.map_or(Ok(Vec::new()), Parts::finish);
        Ok(Done { rows: finish(self.rows)?, entitled: finish(self.entitled)?, list: self.list })
    }
}

/// The unit that an amount of a type is in.
pub(super) fn unit(ty: Type) -> String {
    amount(Range::ZERO, ty).unit
}

fn decimals(scale: i8) -> Result<Decimal128Builder, arrow::error::ArrowError> {
    Decimal128Builder::new().with_precision_and_scale(DIGITS, scale)
}
