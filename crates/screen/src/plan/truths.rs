//! Conditions to instructions.

use domain::PlaceTree;
use rules::ast::Outcome;
use rules::ir::{Aggregate, Node, NodeId, Order, TableHit};
use rules::number;
use rules::value::{Truth, UNBOUNDED, Val, WHOLE};

use super::Output;
use super::block::{T, operand};
use super::lower::{At, Compiler};
use super::op::{Arg, Op};
use super::shape::{LIMIT, Num, Shape};

impl<'p> Compiler<'p, '_> {
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

    pub(super) fn constant(&mut self, at: At, id: NodeId) -> T {
        // its operands are constants although a column feeds them: of a record that has no current row
        let truth = self.eval.truth(id);
        self.at(at).truth(truth)
    }

    /// The first row that holds, where values are truths.
    pub(super) fn first_truth(&mut self, at: At, rows: &[(T, T)]) -> T {
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

    pub(super) fn within(&mut self, outer: u32) -> u32 {
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
}
