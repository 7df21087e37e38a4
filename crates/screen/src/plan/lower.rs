//! From the graph of expressions to instructions.

use std::collections::BTreeMap;

use domain::Date;
use rules::eval::Eval;
use rules::formula::YearRef;
use rules::ir::{Aggregate, Node, NodeId, Program, TableHit};
use rules::value::{FEN, Range, UNBOUNDED, Val, WHOLE};
use rules::vocabulary::Type;

use super::Body;
use super::award::Done;
use super::block::{Block, M, T, in_unit};
use super::op::{Exact, Hull, Op, Pair, Unknown};
use super::open::Sel;
use super::shape::{Bounds, Num, Shape};
use crate::frame::Layout;

/// No column of a frame holds a number beyond this, in the unit of the column.
pub(crate) const GREATEST: i128 = 1 << 50;
/// How a symbol that is not known ends: beyond every symbol.
pub(crate) const NO_SYMBOL: i64 = 1 << 32;
/// Records that one row may have, for the proof that sums fit.
pub(crate) const MOST_RECORDS: i128 = 1 << 24;

/// Whose rows an instruction is computed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// The parties.
    Party,
    /// The records that are being compiled.
    Record,
}

/// What a node's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Truth,
    Number,
    Set,
}

/// Instructions for one kind of record.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// The record's index in the vocabulary, and that of its table.
    pub(super) record: u16,
    pub(super) table: u32,
    pub(crate) block: Block,
    pub(super) truths: BTreeMap<NodeId, T>,
    pub(super) numbers: BTreeMap<NodeId, Num>,
    pub(super) open: BTreeMap<(NodeId, Sel), M>,
}

pub(crate) struct Compiler<'p, 'b> {
    pub(crate) program: &'p Program,
    pub(crate) layout: &'b Layout,
    /// Nothing known but the dates: what does not rest on a column is a constant.
    pub(crate) eval: Eval<'b>,
    pub(crate) block: Block,
    pub(crate) records: Option<Box<Records>>,
    pub(super) truths: BTreeMap<NodeId, T>,
    numbers: BTreeMap<NodeId, Num>,
    pub(crate) open: BTreeMap<(NodeId, Sel), M>,
    rests: Vec<Option<bool>>,
    pub(crate) done: BTreeMap<u32, Option<Done>>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) tables: Vec<Box<[u8]>>,
    pub(super) within: BTreeMap<u32, u32>,
    /// Something that the machine cannot compute was met.
    pub(crate) unsupported: bool,
}

impl<'p, 'b> Compiler<'p, 'b> {
    pub(crate) fn new(program: &'p Program, layout: &'b Layout, eval: Eval<'b>) -> Self {
        Self {
            program,
            layout,
            eval,
            block: Block::default(),
            records: None,
            truths: BTreeMap::new(),
            numbers: BTreeMap::new(),
            open: BTreeMap::new(),
            rests: vec![None; program.arena.len()],
            done: BTreeMap::new(),
            bodies: Vec::new(),
            tables: Vec::new(),
            within: BTreeMap::new(),
            unsupported: false,
        }
    }

    /// The instructions that are being written.
    pub(crate) fn at(&mut self, at: At) -> &mut Block {
        match (at, &mut self.records) {
            (At::Record, Some(records)) => &mut records.block,
            _ => &mut self.block,
        }
    }

    // ---- columns

    /// The column of a slot.
    pub(crate) fn column(&self, slot: u32) -> Option<u32> {
        let slot = self.program.slots.get(slot as usize)?;
        let now = self.eval.bound.dates.on.year();
        let year = slot.year.map(|year| match year {
            YearRef::Relative(offset) => now + offset,
            YearRef::Fixed(year) => year,
        });
        let found = self.layout.facts.iter().position(|column| column.fact == slot.fact && column.year == year)?;
        u32::try_from(found).ok()
    }

    /// The table of a kind of record.
    pub(crate) fn table(&self, record: u16) -> Option<u32> {
        let found = self.layout.children.iter().position(|table| table.record == record)?;
        u32::try_from(found).ok()
    }

    pub(super) fn field_column(&self, record: u16, field: u16) -> Option<u32> {
        let table = self.layout.children.iter().find(|table| table.record == record)?;
        u32::try_from(table.fields.iter().position(|known| *known == field)?).ok()
    }

    /// Whether a node's value differs from row to row.
    pub(crate) fn rests(&mut self, id: NodeId) -> bool {
        if let Some(Some(known)) = self.rests.get(id.index()) {
            return *known;
        }
        let program = self.program;
        let node = program.arena.get(id);
        let mut rests = match node {
            Node::Slot(slot) => self.column(*slot).is_some(),
            Node::Field { record, field } => self.field_column(*record, *field).is_some(),
            Node::Aggregate { record, .. } => self.table(*record).is_some(),
            Node::OutcomeOf(measure, _) | Node::AmountOf(measure) => self.measure_rests(*measure),
            Node::Award => true,
            _ => false,
        };
        node.children(&mut |child| rests = rests || self.rests(child));
        if let Some(place) = self.rests.get_mut(id.index()) {
            *place = Some(rests);
        }
        rests
    }

    fn kind(&self, id: NodeId) -> Kind {
        let of = |value: &Val| match value {
            Val::Truth(_) => Kind::Truth,
            Val::Set { .. } => Kind::Set,
            Val::Range(_) | Val::Symbol(_) => Kind::Number,
        };
        match self.program.arena.get(id) {
            Node::Const(value) => of(value),
            Node::Slot(slot) => self.program.slot_defaults.get(*slot as usize).map_or(Kind::Number, of),
            Node::Field { record, field } => {
                let fields = self.program.field_defaults.get(usize::from(*record));
                fields.and_then(|fields| fields.get(usize::from(*field))).map_or(Kind::Number, of)
            }
            Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::Compare(..)
            | Node::Same(..)
            | Node::OneOf(..)
            | Node::Within(..)
            | Node::HasAny(..)
            | Node::Review(_)
            | Node::Listed { .. }
            | Node::OutcomeOf(..)
            | Node::Aggregate { kind: Aggregate::Any, .. } => Kind::Truth,
            Node::If(_, yes, _) => self.kind(*yes),
            Node::Table(_, rows) => rows.first().map_or(Kind::Number, |(_, then)| self.kind(*then)),
            _ => Kind::Number,
        }
    }

    pub(crate) fn is_truth(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Truth
    }

    /// Whether a node is to be computed for the parties and gathered for the records.
    pub(super) fn of_party(&self, at: At, id: NodeId) -> bool {
        at == At::Record && self.program.arena.open(id) == 0
    }

    // ---- numbers

    pub(crate) fn number(&mut self, at: At, id: NodeId) -> Num {
        let memo = match (at, &self.records) {
            (At::Record, Some(records)) => &records.numbers,
            _ => &self.numbers,
        };
        if let Some(known) = memo.get(&id) {
            return *known;
        }
        let number = if !self.rests(id) {
            Num::Const(range_of(self.eval.val(id)))
        } else if self.of_party(at, id) {
            let number = self.number(At::Party, id);
            self.gather(number)
        } else {
            self.number_of(at, id)
        };
        match (at, &mut self.records) {
            (At::Record, Some(records)) => records.numbers.insert(id, number),
            _ => self.numbers.insert(id, number),
        };
        number
    }

    pub(crate) fn gather(&mut self, number: Num) -> Num {
        match number {
            Num::Const(_) => number,
            Num::Reg(id, shape) => Num::Reg(self.at(At::Record).add(Op::GatherNumber { id, wide: shape.wide }), shape),
        }
    }

    fn number_of(&mut self, at: At, id: NodeId) -> Num {
        let program = self.program;
        match program.arena.get(id) {
            Node::Slot(slot) => {
                let definition =
                    program.slots.get(*slot as usize).and_then(|slot| program.vocabulary.facts.get(slot.fact));
                let unknown = program.slot_defaults.get(*slot as usize);
                match (self.column(*slot), definition, unknown) {
                    (Some(column), Some(definition), Some(unknown)) => self.load(at, column, definition.ty, *unknown),
                    _ => Num::Const(Range::ANY),
                }
            }
            Node::Field { record, field } => {
                let definition = program.vocabulary.records.get(usize::from(*record));
                let definition = definition.and_then(|record| record.fields.get(usize::from(*field)));
                let unknown = program.field_defaults.get(usize::from(*record));
                let unknown = unknown.and_then(|fields| fields.get(usize::from(*field)));
                match (self.field_column(*record, *field), definition, unknown) {
                    (Some(column), Some(definition), Some(unknown)) if self.is_current(at, *record) => {
                        self.load(at, column, definition.ty, *unknown)
                    }
                    (_, _, Some(unknown)) => Num::Const(range_of(*unknown)),
                    _ => Num::Const(Range::ANY),
                }
            }
            Node::CodeText(code, texts) => match self.number(at, *code) {
                Num::Const(range) => {
                    let text = usize::try_from(range.lo).ok().and_then(|code| texts.get(code));
                    Num::Const(match text {
                        Some(text) if range.is_point() => Range::point(i128::from(*text)),
                        _ => no_symbol(),
                    })
                }
                Num::Reg(code, shape) => Num::Reg(self.at(at).add(Op::CodeText(code, texts.clone())), shape),
            },
            Node::Add(a, b) => self.two(at, *a, *b, |block, a, b| block.pair(Pair::Add, a, b)),
            Node::Sub(a, b) => self.two(at, *a, *b, Block::sub),
            Node::Mul(a, b, divisor) => self.two(at, *a, *b, |block, a, b| block.mul(a, b, *divisor)),
            Node::MulRate(a, b) => self.two(at, *a, *b, |block, a, b| {
                let bounds = a.bounds().corners(b.bounds(), |a, b| rules::value::rate_div(a, b, WHOLE));
                block.exact(Exact::MulRate, &[a, b], 1, bounds)
            }),
            Node::Ratio(a, b) => self.two(at, *a, *b, |block, a, b| {
                let most = a.bounds().size().saturating_mul(WHOLE) / b.unit().max(1);
                block.exact(Exact::Ratio, &[a, b], 1, anything_to(most))
            }),
            Node::MulDiv(a, b, c) => {
                let args = [self.number(at, *a), self.number(at, *b), self.number(at, *c)];
                let [a, b, c] = args;
                let most = a.bounds().size().saturating_mul(b.bounds().size()) / c.unit().max(1);
                self.at(at).exact(Exact::MulDiv, &args, 1, anything_to(most))
            }
            Node::FloorDiv(a, b) => self.two(at, *a, *b, |block, a, b| {
                let most = a.bounds().size();
                block.exact(Exact::FloorDiv, &[a, b], 1, anything_to(most))
            }),
            Node::AddMonths(a, b) => self.two(at, *a, *b, |block, a, b| {
                let (first, last) = (i128::from(Date::MIN.days()), i128::from(Date::MAX.days()));
                let bounds = Bounds { lo: first, hi: last, below: true, above: true };
                block.exact(Exact::AddMonths, &[a, b], 1, bounds)
            }),
            Node::MonthsBetween(a, b) => {
                self.two(at, *a, *b, |block, a, b| block.exact(Exact::MonthsBetween, &[a, b], 1, anything_to(3_600)))
            }
            Node::YearOf(date) => {
                let date = self.number(at, *date);
                self.at(at).exact(Exact::YearOf, &[date], 1, anything_to(2_199))
            }
            Node::Discretion(low, high) => self.two(at, *low, *high, |block, low, high| {
                let bounds = low.bounds().join(high.bounds());
                block.exact(Exact::Discretion, &[low, high], 1, bounds)
            }),
            Node::Min(items) => self.fold(at, items, Pair::Min),
            Node::Max(items) => self.fold(at, items, Pair::Max),
            Node::If(condition, yes, no) => {
                let hull = self.hull(*yes);
                let condition = self.truth(at, *condition);
                let (yes, no) = (self.number(at, *yes), self.number(at, *no));
                self.at(at).choose(condition, yes, no, hull)
            }
            Node::Table(hit, rows) => {
                let hull = rows.first().map_or(Hull::Range, |(_, then)| self.hull(*then));
                let rows: Vec<(T, Num)> =
                    rows.iter().map(|(when, then)| (self.truth(at, *when), self.number(at, *then))).collect();
                match hit {
                    TableHit::First => self.at(at).first(&rows, hull),
                    TableHit::Highest => self.at(at).highest(&rows),
                    TableHit::Sum => rows.iter().fold(Num::Const(Range::ZERO), |sum, (when, then)| {
                        let part = self.at(at).choose(*when, *then, Num::Const(Range::ZERO), Hull::Range);
                        self.at(at).pair(Pair::Add, sum, part)
                    }),
                }
            }
            Node::Marginal(x, bands) => {
                let x = self.number(at, *x);
                let (mut total, mut below) = (Num::Const(Range::ZERO), Num::Const(Range::ZERO));
                for (limit, rate) in bands {
                    let (limit, rate) = (self.number(at, *limit), self.number(at, *rate));
                    let block = self.at(at);
                    let slice = block.pair(Pair::Min, x, limit);
                    let slice = block.sub(slice, below);
                    let slice = block.pair(Pair::Max, slice, Num::Const(Range::ZERO));
                    let part = block.mul(slice, rate, WHOLE);
                    total = block.pair(Pair::Add, total, part);
                    below = block.pair(Pair::Max, below, limit);
                }
                total
            }
            Node::Aggregate { kind, record, value, filter } => self.aggregate(at, *kind, *record, *value, *filter),
            Node::AmountOf(measure) => match self.measure(*measure).map(|done| done.amount) {
                Some(amount) if at == At::Record => self.gather(amount),
                Some(amount) => amount,
                None => {
                    self.unsupported = true;
                    Num::Const(Range::ANY)
                }
            },
            _ => {
                self.unsupported = true;
                Num::Const(Range::ANY)
            }
        }
    }

    fn two(&mut self, at: At, a: NodeId, b: NodeId, f: impl FnOnce(&mut Block, Num, Num) -> Num) -> Num {
        let (a, b) = (self.number(at, a), self.number(at, b));
        f(self.at(at), a, b)
    }

    fn fold(&mut self, at: At, items: &[NodeId], pair: Pair) -> Num {
        let numbers: Vec<Num> = items.iter().map(|item| self.number(at, *item)).collect();
        let block = self.at(at);
        numbers.into_iter().reduce(|a, b| block.pair(pair, a, b)).unwrap_or(Num::Const(Range::ANY))
    }

    fn hull(&self, id: NodeId) -> Hull {
        if self.kind(id) == Kind::Set { Hull::Set } else { Hull::Range }
    }

    fn load(&mut self, at: At, column: u32, ty: Type, unknown: Val) -> Num {
        let unit = match ty {
            Type::Money | Type::MoneyPer(_) => FEN,
            Type::Rate => 2,
            _ => 1,
        };
        let (unknown, bounds) = match unknown {
            Val::Range(range) => {
                let (least, most) = (-GREATEST * unit, GREATEST * unit);
                let (lo, hi) = (range.lo.clamp(least, most), range.hi.clamp(least, most));
                let bounds = Bounds { lo, hi, below: range.lo == -UNBOUNDED, above: range.hi == UNBOUNDED };
                (Unknown { lo: narrow(in_unit(range.lo, unit)), hi: narrow(in_unit(range.hi, unit)) }, bounds)
            }
            Val::Set { sure, maybe } => {
                (Unknown { lo: sure.cast_signed(), hi: maybe.cast_signed() }, Bounds::finite(0, 0))
            }
            _ => (Unknown { lo: 0, hi: NO_SYMBOL }, Bounds::finite(0, i128::from(NO_SYMBOL))),
        };
        let id = self.at(at).add(Op::Load(column, unknown));
        Num::Reg(id, Shape { unit, bounds, wide: false })
    }

    pub(crate) fn open_memo(&mut self, at: At) -> &mut BTreeMap<(NodeId, Sel), M> {
        match (at, &mut self.records) {
            (At::Record, Some(records)) => &mut records.open,
            _ => &mut self.open,
        }
    }
}

/// A value as a range: symbols by their number, sets by their bits.
pub(crate) fn range_of(value: Val) -> Range {
    match value {
        Val::Range(range) => range,
        Val::Symbol(Some(symbol)) => Range::point(i128::from(symbol)),
        Val::Symbol(None) => no_symbol(),
        Val::Set { sure, maybe } => Range { lo: i128::from(sure.cast_signed()), hi: i128::from(maybe.cast_signed()) },
        Val::Truth(_) => Range::ANY,
    }
}

fn no_symbol() -> Range {
    Range { lo: 0, hi: i128::from(NO_SYMBOL) }
}

/// Nothing, or anything as far from zero as `most`.
pub(crate) fn anything_to(most: i128) -> Bounds {
    Bounds { lo: -most, hi: most, below: true, above: true }
}

fn narrow(end: i128) -> i64 {
    crate::machine::lane::narrow(end)
}
