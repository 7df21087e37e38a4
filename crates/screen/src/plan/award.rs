//! A measure as a whole: its version for the dates, conditions, awards, limits, and what keeps it open.

use domain::PartyKind;
use rules::assess::{choose, item_nodes};
use rules::ast::{AppliesTo, AwardKind, RoundMode, Rounding};
use rules::ir::{Aggregate, CondIr, CondShape, EachIr, Order, Read, StackingIr, VersionIr};
use rules::value::{FEN, Range, Truth, UNBOUNDED};

use super::Output;
use super::block::{M, T};
use super::lower::{At, Compiler};
use super::op::{Exact, Hull, Op, Pair, Rounded};
use super::open::Sel;
use super::shape::{Bounds, Num, Shape};

const ZERO: Num = Num::Const(Range::ZERO);

/// A measure that is compiled.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) truth: T,
    /// What is given: nothing where it is not eligible, from nothing where that is open.
    pub(crate) amount: Num,
    /// What is given if all that is open turns out well.
    pub(crate) potential: Num,
    /// Which condition of the first record that fails does, from 1.
    pub(crate) record_fails: Option<Num>,
    /// Whether the award is too small to be made.
    pub(crate) refused: Option<T>,
}

/// One award while it is compiled.
struct Item {
    truth: T,
    amount: Num,
    /// Whether it reaches the least award.
    enough: Option<T>,
}

impl<'p> Compiler<'p, '_> {
    /// The version that can pay; `None` if none can.
    pub(crate) fn version(&self, measure: u32) -> Option<&'p VersionIr> {
        let ir = self.program.measures.get(measure as usize)?;
        let dates = self.eval.bound.dates;
        let chosen = choose(&ir.versions, dates.on, dates.known_on);
        chosen.version.and_then(|index| ir.versions.get(index)).filter(|_| chosen.reason.is_none())
    }

    fn is_for_party(&self, measure: u32) -> bool {
        let ir = self.program.measures.get(measure as usize);
        let applies_to = match self.eval.bound.kind {
            Some(PartyKind::Person) => AppliesTo::Person,
            _ => AppliesTo::Organisation,
        };
        ir.is_some_and(|ir| ir.applies_to == applies_to)
    }

    /// Whether a measure's outcome or amount differs from row to row.
    pub(crate) fn measure_rests(&mut self, measure: u32) -> bool {
        let Some(version) = self.version(measure) else { return false };
        let mut roots = vec![version.gate];
        roots.extend(version.each.iter().map(|each| each.gate));
        roots.extend(item_nodes(version));
        roots.extend(version.refuse_below);
        roots.extend(version.limits.iter().flat_map(|limit| [Some(limit.at_most), limit.received]).flatten());
        version.each.as_ref().is_some_and(|each| self.table(each.record).is_some())
            || roots.into_iter().any(|root| self.rests(root))
    }

    /// A measure's outcome and amount.
    pub(crate) fn measure(&mut self, measure: u32) -> Option<Done> {
        if let Some(known) = self.done.get(&measure) {
            return known.clone();
        }
        // cycles are refused before anything runs
        self.done.insert(measure, None);
        let records = self.records.take();
        let done = match self.version(measure) {
            Some(version) if self.is_for_party(measure) => self.awarded(version),
            _ => Done {
                truth: self.block.truth(Truth::False),
                amount: ZERO,
                potential: ZERO,
                record_fails: None,
                refused: None,
            },
        };
        self.records = records;
        self.done.insert(measure, Some(done.clone()));
        Some(done)
    }

    fn awarded(&mut self, version: &'p VersionIr) -> Done {
        let gate = self.truth(At::Party, version.gate);
        let (mut total, made, record_fails, refused) = match &version.each {
            None => {
                let always = self.block.truth(Truth::True);
                let item = self.item(At::Party, version, always);
                let amount = self.may_be_nothing(At::Party, item.truth, item.amount);
                let refused = item.enough.map(|enough| self.block.not(enough));
                (amount, item.truth, None, refused)
            }
            Some(each) => {
                let (amount, made, fails) = self.items(version, each);
                (amount, made, fails, None)
            }
        };
        for limit in version.limits.iter().filter(|limit| !limit.per_record) {
            let at_most = self.number(At::Party, limit.at_most);
            let received = limit.received.map_or(ZERO, |received| self.number(At::Party, received));
            let room = self.block.sub(at_most, received);
            let room = self.block.pair(Pair::Max, room, ZERO);
            total = self.block.pair(Pair::Min, total, room);
        }
        let truth = self.block.all([gate, made]);
        let amount = self.block.choose(truth, total, ZERO, Hull::Range);
        Done { truth, amount, potential: total, record_fails, refused }
    }

    /// The amount, or nothing where it is open whether there is an award.
    fn may_be_nothing(&mut self, at: At, truth: T, amount: Num) -> Num {
        let block = self.at(at);
        let open = block.if_open(truth);
        let settled = block.unless(open);
        let never = block.mask(false);
        let settled = block.of_masks(settled, never);
        block.choose(settled, amount, ZERO, Hull::Range)
    }

    /// The awards of all records: their sum, whether there is one, and what the first one lacks.
    fn items(&mut self, version: &'p VersionIr, each: &'p EachIr) -> (Num, T, Option<Num>) {
        let unknown = self.block.truth(Truth::Unknown);
        let one = self.item(At::Party, version, unknown).amount;
        let absent = match one {
            Num::Const(range) => Num::Const(Range { lo: 0, hi: if range.hi > 0 { UNBOUNDED } else { 0 } }),
            one => {
                // any number of records may be there
                let bounds = Bounds { lo: 0, hi: 0, below: true, above: true };
                let sum = self.block.exact(Exact::AnyNumberOf, &[one], 1, bounds);
                self.block.pair(Pair::Max, sum, ZERO)
            }
        };
        let Some(table) = self.table(each.record) else { return (absent, unknown, None) };
        let body = self.body(each.record, table, |all| {
            let gate = all.truth(At::Record, each.gate);
            let item = all.item(At::Record, version, gate);
            let conds = flat(&each.conditions).iter().map(|cond| all.truth(At::Record, cond.node).0).collect();
            vec![
                Output::number(Aggregate::Sum, item.truth, item.amount),
                Output::Any { filter: item.truth.0 },
                Output::Fails { conds, refused: item.enough.map(|_| item.truth.0) },
            ]
        });
        let done = self.run_body(body);
        let sum = self.body_number(body, 0, done);
        let made = T(self.block.add(Op::BodyTruth { body, out: 1, done }));
        let fails = self.block.add(Op::BodyNumber { body, out: 2, done, unit: 1, wide: false });
        let shape = Shape { unit: 1, bounds: Bounds::finite(0, 1 << 16), wide: false };
        let sum = self.number_where_known(table, sum, absent);
        let made = self.where_known(table, made, unknown);
        (sum, made, Some(Num::Reg(fails, shape)))
    }

    /// One award; `truth` is that of the conditions on its record.
    fn item(&mut self, at: At, version: &'p VersionIr, truth: T) -> Item {
        let Some(formula) = version.amount else { return Item { truth, amount: ZERO, enough: None } };
        let mut amount = self.number(at, formula);
        if version.kind != AwardKind::RentFactor {
            // an award is never negative
            amount = self.at(at).pair(Pair::Max, amount, ZERO);
        }
        if let Some(floor) = version.at_least {
            let floor = self.number(at, floor);
            amount = self.at(at).pair(Pair::Max, amount, floor);
        }
        for limit in version.limits.iter().filter(|limit| limit.per_record) {
            let cap = self.number(at, limit.at_most);
            let cap = self.at(at).pair(Pair::Max, cap, ZERO);
            amount = self.at(at).pair(Pair::Min, amount, cap);
        }
        for rule in &version.stacking {
            amount = self.stacked(at, rule, amount);
        }
        let enough = version.refuse_below.map(|least| {
            let least = self.number(at, least);
            self.compare_numbers(at, Order::Le, least, amount)
        });
        let mut truth = truth;
        if let Some(enough) = enough {
            let block = self.at(at);
            truth = block.all([truth, enough]);
            let refused = block.if_false(enough);
            let made = block.unless(refused);
            let made = block.of_masks(made, refused);
            amount = block.choose(made, amount, ZERO, Hull::Range);
        }
        if matches!(version.kind, AwardKind::Money | AwardKind::TaxBase) {
            amount = self.rounded(at, amount, version.round);
        }
        Item { truth, amount, enough }
    }

    fn stacked(&mut self, at: At, rule: &StackingIr, amount: Num) -> Num {
        match rule {
            StackingIr::Ceiling(ceiling) => {
                let at_most = self.number(at, ceiling.at_most);
                let received = ceiling.received.map_or(ZERO, |received| self.number(at, received));
                let block = self.at(at);
                let room = block.sub(at_most, received);
                let room = block.pair(Pair::Max, room, ZERO);
                let bound = block.pair(Pair::Min, amount, room);
                if ceiling.own_counts {
                    return bound;
                }
                // the source does not say that it binds by itself: it does where there is other support
                let supported = self.compare_numbers(at, Order::Lt, ZERO, received);
                self.at(at).choose(supported, bound, amount, Hull::Range)
            }
            StackingIr::Ladder { received: Some(received), .. } => {
                let received = self.number(at, *received);
                let block = self.at(at);
                let rest = block.sub(amount, received);
                block.pair(Pair::Max, rest, ZERO)
            }
            _ => amount,
        }
    }

    fn rounded(&mut self, at: At, amount: Num, rule: Rounding) -> Num {
        let Num::Reg(a, shape) = amount else {
            let Num::Const(range) = amount else { return amount };
            return Num::Const(Range {
                lo: rules::assess::round(range.lo, rule),
                hi: rules::assess::round(range.hi, rule),
            });
        };
        let whole = i128::from(rule.unit.fen()).max(1) * FEN;
        if shape.unit % whole == 0 {
            return amount;
        }
        let mode = match rule.mode {
            RoundMode::Down => Rounded::Down,
            RoundMode::Up => Rounded::Up,
            RoundMode::Nearest => Rounded::Nearest,
        };
        let bounds = Bounds {
            lo: rules::assess::round(shape.bounds.lo, rule),
            hi: rules::assess::round(shape.bounds.hi, rule),
            ..shape.bounds
        };
        let ends = bounds.ends();
        if shape.wide {
            let id = self.at(at).add(Op::RoundWide { mode, a, k: whole });
            return Num::Reg(id, Shape { unit: 1, bounds, wide: true });
        }
        // both are multiples of what they share
        let shared = super::shape::gcd(shape.unit, whole);
        let (k, scale) = (whole / shared, shape.unit / shared);
        let (Ok(k), Ok(scale)) = (i64::try_from(k), i64::try_from(scale)) else {
            return self.rounded_wide(at, amount, mode, whole, bounds);
        };
        let fits = shape.bounds.size() / shape.unit * i128::from(scale) < super::shape::LIMIT;
        if !fits {
            return self.rounded_wide(at, amount, mode, whole, bounds);
        }
        let block = self.at(at);
        let a = if scale > 1 { block.add(Op::Scale { a, k: scale, ends }) } else { a };
        let id = block.add(Op::Round { mode, a, k, ends });
        Num::Reg(id, Shape { unit: whole, bounds, wide: false })
    }

    fn rounded_wide(&mut self, at: At, amount: Num, mode: Rounded, whole: i128, bounds: Bounds) -> Num {
        let Num::Reg(a, shape) = amount else { return amount };
        let block = self.at(at);
        let a = block.add(Op::Widen { a, unit: shape.unit });
        let id = block.add(Op::RoundWide { mode, a, k: whole });
        Num::Reg(id, Shape { unit: 1, bounds, wide: true })
    }

    // ---- what keeps it open

    /// Rows in which a fact that is looked for keeps the conditions open.
    pub(crate) fn gate_open(&mut self, version: &'p VersionIr, sel: Sel) -> M {
        let mut masks: Vec<M> = version.eligible.iter().map(|cond| self.open(At::Party, cond.node, sel)).collect();
        match &version.each {
            None => masks.push(self.refusal_open(At::Party, version, sel)),
            Some(each) => {
                let absent = self.leaf(At::Party, Read::Records(each.record), sel);
                masks.push(self.of_records(each, absent, |all| {
                    let gate = all.truth(At::Record, each.gate);
                    let conds: Vec<M> =
                        each.conditions.iter().map(|cond| all.open(At::Record, cond.node, sel)).collect();
                    let refusal = all.refusal_open(At::Record, version, sel);
                    let block = all.at(At::Record);
                    let conds = block.some(conds);
                    let unsure = block.if_open(gate);
                    let never = block.if_false(gate);
                    let possible = block.unless(never);
                    let conds = block.every([unsure, conds]);
                    let refusal = block.every([possible, refusal]);
                    block.some([conds, refusal])
                }));
            }
        }
        self.block.some(masks)
    }

    /// What is asked of each record, where there is a table of them, and `absent` where a row's records are not known.
    fn of_records(&mut self, each: &'p EachIr, absent: M, f: impl FnOnce(&mut Self) -> M) -> M {
        let Some(table) = self.table(each.record) else { return absent };
        let body = self.body(each.record, table, |all| {
            let mask = f(all);
            vec![Output::Mask { mask: mask.0 }]
        });
        let present = self.body_mask(body, 0);
        self.mask_where_known(table, present, absent)
    }

    /// What keeps open whether an award is too small to be made.
    fn refusal_open(&mut self, at: At, version: &'p VersionIr, sel: Sel) -> M {
        let Some(refuse) = version.refuse_below else { return self.at(at).mask(false) };
        let always = self.at(at).truth(Truth::True);
        let item = self.item(at, version, always);
        let masks: Vec<M> =
            item_nodes(version).into_iter().chain([refuse]).map(|node| self.open(at, node, sel)).collect();
        let block = self.at(at);
        let below = block.some(masks);
        let open = block.if_open(item.truth);
        block.every([open, below])
    }

    /// Rows in which a fact that is looked for keeps the amount open.
    pub(crate) fn amount_open(&mut self, version: &'p VersionIr, sel: Sel) -> M {
        let mut masks = Vec::new();
        match &version.each {
            None => masks.extend(item_nodes(version).into_iter().map(|node| self.open(At::Party, node, sel))),
            Some(each) => {
                let absent = self.block.mask(false);
                masks.push(self.of_records(each, absent, |all| {
                    let gate = all.truth(At::Record, each.gate);
                    let nodes: Vec<M> =
                        item_nodes(version).into_iter().map(|node| all.open(At::Record, node, sel)).collect();
                    let block = all.at(At::Record);
                    let never = block.if_false(gate);
                    let possible = block.unless(never);
                    let nodes = block.some(nodes);
                    block.every([possible, nodes])
                }));
            }
        }
        for limit in version.limits.iter().filter(|limit| !limit.per_record) {
            masks.extend(
                [Some(limit.at_most), limit.received].into_iter().flatten().map(|node| self.open(At::Party, node, sel)),
            );
        }
        self.block.some(masks)
    }

    /// What keeps another measure open.
    pub(crate) fn open_measure_of_party(&mut self, measure: u32, amount: bool, sel: Sel) -> M {
        let Some(version) = self.version(measure) else { return self.block.mask(false) };
        let records = self.records.take();
        let gate = self.gate_open(version, sel);
        let amount = if amount { self.amount_open(version, sel) } else { self.block.mask(false) };
        self.records = records;
        self.block.some([gate, amount])
    }
}

/// Conditions one by one: of several that must all hold, each.
pub(crate) fn flat(conditions: &[CondIr]) -> Vec<&CondIr> {
    let mut found = Vec::new();
    for cond in conditions {
        if cond.shape == CondShape::All {
            found.extend(flat(&cond.children));
        } else {
            found.push(cond);
        }
    }
    found
}
