//! From the graph of expressions to instructions.

use std::collections::BTreeMap;

use domain::{Date, PlaceTree};
use rules::ast::Outcome;
use rules::eval::Eval;
use rules::formula::YearRef;
use rules::ir::{Aggregate, Node, NodeId, Order, Program, TableHit};
use rules::number;
use rules::value::{FEN, Range, Truth, UNBOUNDED, Val, WHOLE};
use rules::vocabulary::Type;

use super::award::Done;
use super::block::{Block, M, T, in_unit, operand};
use super::op::{Arg, Exact, Hull, Op, Pair, Unknown};
use super::open::Sel;
use super::shape::{Bounds, LIMIT, Num, Shape};
use super::{Body, Output};
use crate::frame::Layout;

/// No column of a frame holds a number beyond this, in the unit of the column.
pub(crate) const GREATEST: i128 = 1 << 50;
/// How a symbol that is not known ends: beyond every symbol.
pub(crate) const NO_SYMBOL: i64 = 1 << 32;
/// Records that one row may have, for the proof that sums fit.
const MOST_RECORDS: i128 = 1 << 24;

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
    record: u16,
    table: u32,
    pub(crate) block: Block,
    truths: BTreeMap<NodeId, T>,
    numbers: BTreeMap<NodeId, Num>,
    open: BTreeMap<(NodeId, Sel), M>,
}

pub(crate) struct Compiler<'p, 'b> {
    pub(crate) program: &'p Program,
    pub(crate) layout: &'b Layout,
    /// Nothing known but the dates: what does not rest on a column is a constant.
    pub(crate) eval: Eval<'b>,
    pub(crate) block: Block,
    pub(crate) records: Option<Box<Records>>,
    truths: BTreeMap<NodeId, T>,
    numbers: BTreeMap<NodeId, Num>,
    pub(crate) open: BTreeMap<(NodeId, Sel), M>,
    rests: Vec<Option<bool>>,
    pub(crate) done: BTreeMap<u32, Option<Done>>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) tables: Vec<Box<[u8]>>,
    within: BTreeMap<u32, u32>,
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

    fn field_column(&self, record: u16, field: u16) -> Option<u32> {
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
    fn of_party(&self, at: At, id: NodeId) -> bool {
        at == At::Record && self.program.arena.open(id) == 0
    }

    // ---- truths

    pub(crate) fn truth(&mut self, at: At, id: NodeId) -> T {
        let memo = match (at, &self.records) {
            (At::Record, Some(records)) => &records.truths,
            _ => &self.truths,
        };
        if let Some(known) = memo.get(&id) {
            return *known;
        }
        let truth = if !self.rests(id) {
            let truth = self.eval.truth(id);
            self.at(at).truth(truth)
        } else if self.of_party(at, id) {
            let truth = self.truth(At::Party, id);
            self.gather_truth(truth)
        } else {
            self.truth_of(at, id)
        };
        match (at, &mut self.records) {
            (At::Record, Some(records)) => records.truths.insert(id, truth),
            _ => self.truths.insert(id, truth),
        };
        truth
    }

    pub(crate) fn gather_truth(&mut self, truth: T) -> T {
        match self.block.fixed(truth) {
            Some(known) => self.at(At::Record).truth(known),
            None => T(self.at(At::Record).add(Op::GatherTruth(truth.0))),
        }
    }

    fn truth_of(&mut self, at: At, id: NodeId) -> T {
        let program = self.program;
        match program.arena.get(id) {
            Node::Slot(slot) => match self.column(*slot) {
                Some(column) => T(self.at(at).add(Op::LoadTruth(column))),
                None => self.at(at).truth(Truth::Unknown),
            },
            Node::Field { record, field } => match self.field_column(*record, *field) {
                Some(column) if self.is_current(at, *record) => T(self.at(at).add(Op::LoadTruth(column))),
                _ => self.at(at).truth(Truth::Unknown),
            },
            Node::And(items) => {
                let items: Vec<T> = items.iter().map(|item| self.truth(at, *item)).collect();
                self.at(at).all(items)
            }
            Node::Or(items) => {
                let items: Vec<T> = items.iter().map(|item| self.truth(at, *item)).collect();
                self.at(at).any(items)
            }
            Node::Not(inner) => {
                let inner = self.truth(at, *inner);
                self.at(at).not(inner)
            }
            Node::Compare(order, a, b) => self.compare(at, *order, *a, *b),
            Node::Same(a, b) => {
                let (a, b) = (self.number(at, *a), self.number(at, *b));
                let arg = |number: Num| match number {
                    Num::Const(range) if range.is_point() => Some(Arg::Const(range.lo)),
                    Num::Const(_) => None,
                    Num::Reg(id, _) => Some(Arg::Reg(id)),
                };
                match (arg(a), arg(b)) {
                    (Some(a), Some(b)) => T(self.at(at).add(Op::Same(a, b))),
                    _ => self.at(at).truth(Truth::Unknown),
                }
            }
            Node::OneOf(a, set) => match self.number(at, *a) {
                Num::Const(_) => self.constant(at, id),
                Num::Reg(a, _) if set.iter().all(|symbol| *symbol < 64) => {
                    let bits = set.iter().fold(0, |bits, symbol| bits | 1 << symbol);
                    T(self.at(at).add(Op::OneOfBits(a, bits)))
                }
                Num::Reg(a, _) => T(self.at(at).add(Op::OneOf(a, set.clone()))),
            },
            Node::Within(place, outer) => match self.number(at, *place) {
                Num::Const(_) => self.constant(at, id),
                Num::Reg(place, _) => {
                    let table = self.within(*outer);
                    T(self.at(at).add(Op::Lookup(place, table)))
                }
            },
            Node::HasAny(set, bits) => match self.number(at, *set) {
                Num::Const(_) => self.constant(at, id),
                Num::Reg(set, _) => T(self.at(at).add(Op::HasAny(set, *bits))),
            },
            Node::If(condition, yes, no) => {
                let rows = [(*condition, *yes)];
                let condition = self.truth(at, *condition);
                let no = self.truth(at, *no);
                let yes = self.truth(at, rows[0].1);
                let always = self.at(at).truth(Truth::True);
                self.first_truth(at, &[(condition, yes), (always, no)])
            }
            Node::Table(TableHit::First, rows) => {
                let rows: Vec<(T, T)> =
                    rows.iter().map(|(when, then)| (self.truth(at, *when), self.truth(at, *then))).collect();
                self.first_truth(at, &rows)
            }
            Node::Aggregate { kind: Aggregate::Any, record, filter, .. } => {
                // without a list of records there may be one, unless none is possible
                let possible = self.without_row(at, *record, |all, at| all.truth(at, *filter));
                let block = self.at(at);
                let (none, never) = (block.mask(false), block.if_false(possible));
                let absent = block.of_masks(none, never);
                let Some(table) = self.table(*record) else { return absent };
                if at == At::Record {
                    self.unsupported = true;
                    return absent;
                }
                let body = self.body(*record, table, |all| {
                    let filter = all.truth(At::Record, *filter);
                    vec![Output::Any { filter: filter.0 }]
                });
                let done = self.run_body(body);
                let present = T(self.block.add(Op::BodyTruth { body, out: 0, done }));
                self.where_known(table, present, absent)
            }
            Node::Listed { list, member, on, scope } => {
                let mut args = vec![self.number(at, *member), self.number(at, *on)];
                args.extend(scope.map(|scope| self.number(at, scope)));
                let args = args.into_iter().map(operand).collect();
                T(self.at(at).add(Op::Listed(*list, args)))
            }
            Node::OutcomeOf(measure, outcome) => {
                let truth = self.measure(*measure).map(|done| done.truth);
                let Some(truth) = truth else {
                    self.unsupported = true;
                    return self.at(at).truth(Truth::Unknown);
                };
                let (yes, no) = (self.block.if_true(truth), self.block.if_false(truth));
                let never = self.block.mask(false);
                let settled = self.block.some([yes, no]);
                let truth = match outcome {
                    Outcome::Eligible => truth,
                    Outcome::NotEligible => self.block.not(truth),
                    Outcome::Undetermined | Outcome::NeedsPerson => self.block.of_masks(never, settled),
                };
                if at == At::Record { self.gather_truth(truth) } else { truth }
            }
            _ => {
                self.unsupported = true;
                self.at(at).truth(Truth::Unknown)
            }
        }
    }

    fn constant(&mut self, at: At, id: NodeId) -> T {
        // its operands are constants although a column feeds them: of a record that has no current row
        let truth = self.eval.truth(id);
        self.at(at).truth(truth)
    }

    /// The first row that holds, where values are truths.
    fn first_truth(&mut self, at: At, rows: &[(T, T)]) -> T {
        let block = self.at(at);
        let mut reached = block.mask(true);
        let (mut some, mut not_true, mut not_false) = (Vec::new(), Vec::new(), Vec::new());
        for (when, then) in rows {
            let never = block.if_false(*when);
            let possible = block.unless(never);
            let here = block.every([reached, possible]);
            let (yes, no) = (block.if_true(*then), block.if_false(*then));
            let (yes, no) = (block.unless(yes), block.unless(no));
            some.push(here);
            not_true.push(block.every([here, yes]));
            not_false.push(block.every([here, no]));
            let sure = block.if_true(*when);
            let unsure = block.unless(sure);
            reached = block.every([reached, unsure]);
        }
        let some = block.some(some);
        let (not_true, not_false) = (block.some(not_true), block.some(not_false));
        let (all_true, all_false) = (block.unless(not_true), block.unless(not_false));
        let (yes, no) = (block.every([some, all_true]), block.every([some, all_false]));
        block.of_masks(yes, no)
    }

    fn compare(&mut self, at: At, order: Order, a: NodeId, b: NodeId) -> T {
        if let Some(truth) = self.quotient(at, order, a, b) {
            return truth;
        }
        let (a, b) = (self.number(at, a), self.number(at, b));
        self.compare_numbers(at, order, a, b)
    }

    pub(crate) fn compare_numbers(&mut self, at: At, order: Order, a: Num, b: Num) -> T {
        let (flipped, reg, constant) = match (a, b) {
            (Num::Const(a), Num::Const(b)) => {
                let truth = number::compare(order, a, b);
                return self.at(at).truth(truth);
            }
            (Num::Reg(..), Num::Const(k)) if order != Order::Eq => (false, a, k),
            (Num::Const(k), Num::Reg(..)) if order != Order::Eq => (true, b, k),
            _ => {
                let (a, b, wide) = self.at(at).level(a, b);
                return T(self.at(at).add(Op::Compare { order, a, b, wide }));
            }
        };
        let Num::Reg(a, shape) = reg else { return self.at(at).truth(Truth::Unknown) };
        // a multiple of a unit is below k exactly if it is below k rounded up to the unit; the others likewise
        let up = matches!((order, flipped), (Order::Lt, false) | (Order::Le, true));
        let end = |end: i128| {
            if end.abs() >= UNBOUNDED || shape.wide {
                return end;
            }
            let down = end.div_euclid(shape.unit);
            let rounded = if up && end.rem_euclid(shape.unit) != 0 { down + 1 } else { down };
            // beyond every finite number, and still below what has no end
            rounded.clamp(-2 * LIMIT, 2 * LIMIT)
        };
        T(self.at(at).add(Op::CompareConst {
            order,
            flipped,
            a,
            lo: end(constant.lo),
            hi: end(constant.hi),
            wide: shape.wide,
        }))
    }

    /// A quotient compared with a written rate, by multiplying out. `None` where that does not apply.
    fn quotient(&mut self, at: At, order: Order, a: NodeId, b: NodeId) -> Option<T> {
        let program = self.program;
        let point = |id: NodeId| match program.arena.get(id) {
            Node::Const(Val::Range(range)) if range.is_point() => Some(range.lo),
            _ => None,
        };
        // quotient + offset against k
        let split = |id: NodeId| match program.arena.get(id) {
            Node::Ratio(a, b) => Some((*a, *b, 0)),
            Node::Sub(inner, offset) => match program.arena.get(*inner) {
                Node::Ratio(a, b) => Some((*a, *b, -point(*offset)?)),
                _ => None,
            },
            _ => None,
        };
        let (over, under, offset, k, flipped) = match (split(a), point(b), point(a), split(b)) {
            (Some((over, under, offset)), Some(k), ..) => (over, under, offset, k, false),
            (_, _, Some(k), Some((over, under, offset))) => (over, under, offset, k, true),
            _ => return None,
        };
        let k = k - offset;
        if order == Order::Eq || k <= 0 || k % 2 != 0 || k >= UNBOUNDED {
            return None;
        }
        let (over, under) = (self.number(at, over), self.number(at, under));
        let (Num::Reg(a, left), Num::Reg(b, right)) = (over, under) else { return None };
        if left.wide || right.wide || !left.bounds.not_negative() {
            return None;
        }
        let (ka, kb) = (left.unit.checked_mul(WHOLE)?, right.unit.checked_mul(k)?);
        let shared = super::shape::gcd(ka, kb);
        let (ka, kb) = (ka / shared, kb / shared);
        let fits = |shape: Shape, k: i128| (shape.bounds.size() / shape.unit).checked_mul(k).is_some_and(|p| p < LIMIT);
        if !fits(left, ka) || !fits(right, kb) {
            return None;
        }
        let (ka, kb) = (i64::try_from(ka).ok()?, i64::try_from(kb).ok()?);
        // k <= q, or q < k, which is its contrary; and so for k < q
        let strict = matches!((order, flipped), (Order::Lt, true) | (Order::Le, false));
        let truth = T(self.at(at).add(Op::Quotient { strict, a, b, ka, kb }));
        Some(if flipped { truth } else { self.at(at).not(truth) })
    }

    fn within(&mut self, outer: u32) -> u32 {
        if let Some(table) = self.within.get(&outer) {
            return *table;
        }
        let places = (0..u16::MAX).take_while(|place| PlaceTree::china().at(*place).is_some());
        let codes = places.map(|place| match number::within(u32::from(place), outer) {
            Truth::True => 1,
            Truth::False => 2,
            Truth::Unknown => 0,
        });
        let table = u32::try_from(self.tables.len()).unwrap_or(u32::MAX);
        self.tables.push(codes.collect());
        self.within.insert(outer, table);
        table
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

    fn aggregate(&mut self, at: At, kind: Aggregate, record: u16, value: NodeId, filter: NodeId) -> Num {
        // without a list of records any number of them may be there
        let absent = self.without_row(at, record, |all, at| {
            let possible = all.truth(at, filter);
            let (each, never) = match kind {
                Aggregate::Sum => {
                    let each = match all.number(at, value) {
                        Num::Const(range) => Num::Const(number::any_number_of(range)),
                        each => all.at(at).exact(Exact::AnyNumberOf, &[each], 1, anything_to(0)),
                    };
                    (each, Num::Const(Range::ZERO))
                }
                _ => (Num::Const(Range::ANY), Num::Const(Range::ANY)),
            };
            let block = all.at(at);
            let no = block.if_false(possible);
            let yes = block.unless(no);
            let possible = block.of_masks(yes, no);
            block.choose(possible, each, never, Hull::Range)
        });
        let Some(table) = self.table(record) else { return absent };
        if at == At::Record {
            self.unsupported = true;
            return absent;
        }
        let body = self.body(record, table, |all| {
            let filter = all.truth(At::Record, filter);
            let number = all.number(At::Record, value);
            vec![Output::number(kind, filter, number)]
        });
        let done = self.run_body(body);
        let present = self.body_number(body, 0, done);
        self.number_where_known(table, present, absent)
    }

    // ---- records

    /// Compiles what is asked of records.
    pub(crate) fn body(&mut self, record: u16, table: u32, f: impl FnOnce(&mut Self) -> Vec<Output>) -> u32 {
        let new = Records { record, table, ..Records::default() };
        let before = self.records.replace(Box::new(new));
        let outputs = f(self);
        let records = std::mem::replace(&mut self.records, before);
        if let Some(records) = records {
            self.bodies.push(Body::new(records.table, records.block, outputs));
        }
        u32::try_from(self.bodies.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    pub(crate) fn run_body(&mut self, body: u32) -> u32 {
        let inputs = self.bodies.get(body as usize).map(|body| body.inputs.clone()).unwrap_or_default();
        self.block.add(Op::Body { body, inputs })
    }

    /// A number that a body leaves for each party, by what is proven of one record's.
    pub(crate) fn body_number(&mut self, body: u32, out: u32, done: u32) -> Num {
        let output = self.bodies.get_mut(body as usize).and_then(|body| body.outputs.get_mut(out as usize));
        let Some(Output::Number { kind, each, unit, wide, .. }) = output else { return Num::Const(Range::ANY) };
        let many = |end: i128| end.saturating_mul(MOST_RECORDS);
        let bounds = match kind {
            Aggregate::Sum => Bounds { lo: many(each.lo.min(0)), hi: many(each.hi.max(0)), ..*each },
            _ => Bounds { below: true, above: true, ..*each },
        };
        *wide = bounds.size() / *unit >= LIMIT;
        if *wide {
            *unit = 1;
        }
        let (unit, wide) = (*unit, *wide);
        let id = self.block.add(Op::BodyNumber { body, out, done, unit, wide });
        Num::Reg(id, Shape { unit, bounds, wide })
    }

    fn is_current(&self, at: At, record: u16) -> bool {
        at == At::Record && self.records.as_ref().is_some_and(|records| records.record == record)
    }

    /// What holds of a record of which nothing is known. In the records of its own kind that is not what is meant.
    fn without_row<R>(&mut self, at: At, record: u16, f: impl FnOnce(&mut Self, At) -> R) -> R {
        if self.is_current(at, record) {
            self.unsupported = true;
        }
        f(self, at)
    }

    pub(crate) fn known_records(&mut self, table: u32) -> M {
        M(self.block.add(Op::KnownRecords(table)))
    }

    pub(crate) fn where_known(&mut self, table: u32, present: T, absent: T) -> T {
        let known = self.known_records(table);
        let unknown = self.block.unless(known);
        let always = self.block.truth(Truth::True);
        let known = self.block.of_masks(known, unknown);
        self.first_truth(At::Party, &[(known, present), (always, absent)])
    }

    pub(crate) fn number_where_known(&mut self, table: u32, present: Num, absent: Num) -> Num {
        let known = self.known_records(table);
        let unknown = self.block.unless(known);
        let known = self.block.of_masks(known, unknown);
        self.block.choose(known, present, absent, Hull::Range)
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
fn anything_to(most: i128) -> Bounds {
    Bounds { lo: -most, hi: most, below: true, above: true }
}

fn narrow(end: i128) -> i64 {
    crate::machine::lane::narrow(end)
}
