//! What is asked of the records of each party: sums, least, greatest, and whether there is one.

use rules::ir::{Aggregate, NodeId};
use rules::number;
use rules::value::{Range, Truth};

use super::block::{M, T};
use super::lower::{At, Compiler, MOST_RECORDS, Records, anything_to};
use super::op::{Exact, Hull, Op};
use super::shape::{Bounds, LIMIT, Num, Shape};
use super::{Body, Output};

impl<'p> Compiler<'p, '_> {
    pub(crate) fn aggregate(&mut self, at: At, kind: Aggregate, record: u16, value: NodeId, filter: NodeId) -> Num {
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

    pub(super) fn is_current(&self, at: At, record: u16) -> bool {
        at == At::Record && self.records.as_ref().is_some_and(|records| records.record == record)
    }

    /// What holds of a record of which nothing is known. In the records of its own kind that is not what is meant.
    pub(super) fn without_row<R>(&mut self, at: At, record: u16, f: impl FnOnce(&mut Self, At) -> R) -> R {
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
}
