//! A list of instructions in which equal ones are one, and what follows from constants is a constant.

#[expect(clippy::disallowed_types, reason = "its hasher is fixed, and it is only looked up")]
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use rules::number;
use rules::value::{Range, Truth, UNBOUNDED};

use super::op::{Arg, Exact, Hull, Op, Operand, Pair};
use super::shape::{Bounds, LIMIT, Num, Shape, gcd};

/// A truth register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct T(pub(crate) u32);

/// A mask register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct M(pub(crate) u32);

#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) ops: Vec<Op>,
    #[expect(clippy::disallowed_types, reason = "see above")]
    index: HashMap<Op, u32, BuildHasherDefault<DefaultHasher>>,
}

impl Block {
    pub(crate) fn add(&mut self, op: Op) -> u32 {
        if let Some(id) = self.index.get(&op) {
            return *id;
        }
        let id = u32::try_from(self.ops.len()).unwrap_or(u32::MAX);
        self.ops.push(op.clone());
        self.index.insert(op, id);
        id
    }

    fn op(&self, id: u32) -> Option<&Op> {
        self.ops.get(id as usize)
    }

    // ---- truths

    pub(crate) fn truth(&mut self, truth: Truth) -> T {
        T(self.add(Op::Truth(truth)))
    }

    /// The truth, if it is the same for every row.
    pub(crate) fn fixed(&self, truth: T) -> Option<Truth> {
        if let Some(Op::Truth(truth)) = self.op(truth.0) { Some(*truth) } else { None }
    }

    pub(crate) fn all(&mut self, items: impl IntoIterator<Item = T>) -> T {
        self.connect(items, Truth::True, Op::And)
    }

    pub(crate) fn any(&mut self, items: impl IntoIterator<Item = T>) -> T {
        self.connect(items, Truth::False, Op::Or)
    }

    /// `neutral` changes nothing, and its contrary settles it.
    fn connect(&mut self, items: impl IntoIterator<Item = T>, neutral: Truth, op: fn(Box<[u32]>) -> Op) -> T {
        let mut open: Vec<u32> = Vec::new();
        for item in items {
            match self.fixed(item) {
                Some(truth) if truth == neutral => {}
                Some(Truth::Unknown) | None => open.push(item.0),
                Some(truth) => return self.truth(truth),
            }
        }
        open.sort_unstable();
        open.dedup();
        match open.as_slice() {
            [] => self.truth(neutral),
            [one] => T(*one),
            _ => T(self.add(op(open.into_boxed_slice()))),
        }
    }

    pub(crate) fn not(&mut self, truth: T) -> T {
        match self.op(truth.0) {
            Some(Op::Truth(known)) => {
                let contrary = !*known;
                self.truth(contrary)
            }
            Some(Op::Not(inner)) => T(*inner),
            _ => T(self.add(Op::Not(truth.0))),
        }
    }

    pub(crate) fn of_masks(&mut self, yes: M, no: M) -> T {
        match (self.fixed_mask(yes), self.fixed_mask(no)) {
            (Some(true), Some(false)) => self.truth(Truth::True),
            (Some(false), Some(true)) => self.truth(Truth::False),
            (Some(false), Some(false)) => self.truth(Truth::Unknown),
            _ => T(self.add(Op::OfMasks(yes.0, no.0))),
        }
    }

    // ---- masks

    pub(crate) fn mask(&mut self, every: bool) -> M {
        M(self.add(Op::Mask(every)))
    }

    pub(crate) fn fixed_mask(&self, mask: M) -> Option<bool> {
        if let Some(Op::Mask(every)) = self.op(mask.0) { Some(*every) } else { None }
    }

    pub(crate) fn if_true(&mut self, truth: T) -> M {
        match self.op(truth.0) {
            Some(Op::Truth(known)) => {
                let every = *known == Truth::True;
                self.mask(every)
            }
            Some(Op::Not(inner)) => {
                let inner = *inner;
                M(self.add(Op::IfFalse(inner)))
            }
            _ => M(self.add(Op::IfTrue(truth.0))),
        }
    }

    pub(crate) fn if_false(&mut self, truth: T) -> M {
        let contrary = self.not(truth);
        self.if_true(contrary)
    }

    pub(crate) fn if_open(&mut self, truth: T) -> M {
        let (yes, no) = (self.if_true(truth), self.if_false(truth));
        let settled = self.some([yes, no]);
        self.unless(settled)
    }

    pub(crate) fn every(&mut self, items: impl IntoIterator<Item = M>) -> M {
        self.meet(items, true, Op::AllOf)
    }

    pub(crate) fn some(&mut self, items: impl IntoIterator<Item = M>) -> M {
        self.meet(items, false, Op::AnyOf)
    }

    fn meet(&mut self, items: impl IntoIterator<Item = M>, neutral: bool, op: fn(Box<[u32]>) -> Op) -> M {
        let mut open: Vec<u32> = Vec::new();
        for item in items {
            match self.fixed_mask(item) {
                Some(every) if every == neutral => {}
                Some(every) => return self.mask(every),
                None => open.push(item.0),
            }
        }
        open.sort_unstable();
        open.dedup();
        match open.as_slice() {
            [] => self.mask(neutral),
            [one] => M(*one),
            _ => M(self.add(op(open.into_boxed_slice()))),
        }
    }

    pub(crate) fn unless(&mut self, mask: M) -> M {
        match self.op(mask.0) {
            Some(Op::Mask(every)) => {
                let every = !*every;
                self.mask(every)
            }
            Some(Op::Unless(inner)) => M(*inner),
            _ => M(self.add(Op::Unless(mask.0))),
        }
    }

    pub(crate) fn known(&mut self, number: Num) -> M {
        match number {
            Num::Const(range) => self.mask(range.is_point()),
            Num::Reg(id, shape) => M(self.add(Op::Known(id, shape.wide))),
        }
    }

    // ---- numbers

    /// A unit that all share, and whether they need wide registers in it.
    fn shared(&self, items: &[Num]) -> (i128, bool) {
        let unit = items.iter().fold(0, |unit, item| gcd(unit, item.unit())).max(1);
        let wide = items.iter().any(|item| item.is_wide() || item.bounds().size() / unit >= LIMIT);
        if wide { (1, true) } else { (unit, false) }
    }

    /// A register in a unit and width.
    fn reg(&mut self, number: Num, unit: i128, wide: bool) -> u32 {
        match number {
            Num::Const(range) => {
                let (lo, hi) = (in_unit(range.lo, unit), in_unit(range.hi, unit));
                self.add(Op::Const { lo, hi, wide })
            }
            Num::Reg(id, shape) if wide && !shape.wide => self.add(Op::Widen { a: id, unit: shape.unit }),
            Num::Reg(id, shape) => {
                let k = shape.unit / unit;
                match i64::try_from(k) {
                    Ok(k) if k > 1 && !wide => self.add(Op::Scale { a: id, k, ends: shape.bounds.ends() }),
                    _ => id,
                }
            }
        }
    }

    /// Two numbers in registers of one unit and width.
    pub(crate) fn level(&mut self, a: Num, b: Num) -> (u32, u32, bool) {
        let (unit, wide) = self.shared(&[a, b]);
        (self.reg(a, unit, wide), self.reg(b, unit, wide), wide)
    }

    fn arg(&mut self, number: Num, unit: i128, wide: bool) -> Arg {
        match number {
            Num::Const(range) if range.is_point() => Arg::Const(in_unit(range.lo, unit)),
            _ => Arg::Reg(self.reg(number, unit, wide)),
        }
    }

    /// What was computed wide, in narrow registers if it fits by now.
    fn settle(&mut self, id: u32, unit: i128, wide: bool, bounds: Bounds) -> Num {
        if wide && bounds.size() < LIMIT {
            let id = self.add(Op::Narrow { a: id, unit: 1 });
            return Num::Reg(id, Shape { unit: 1, bounds, wide: false });
        }
        Num::Reg(id, Shape { unit, bounds, wide })
    }

    pub(crate) fn pair(&mut self, pair: Pair, a: Num, b: Num) -> Num {
        let fold = |a: Range, b: Range| match pair {
            Pair::Add => a.add(b),
            Pair::Min => a.min(b),
            Pair::Max => a.max(b),
        };
        let (a, b) = match (a, b) {
            (Num::Const(a), Num::Const(b)) => return Num::Const(fold(a, b)),
            (Num::Const(_), Num::Reg(..)) => (b, a),
            _ => (a, b),
        };
        if let (Num::Reg(..), Num::Const(k)) = (a, b) {
            let bounds = a.bounds();
            let idle = match pair {
                Pair::Add => k == Range::ZERO,
                Pair::Min => k.lo == UNBOUNDED || (k.is_point() && !bounds.above && k.lo >= bounds.hi),
                Pair::Max => k.hi == -UNBOUNDED || (k.is_point() && !bounds.below && k.lo <= bounds.lo),
            };
            if idle {
                return a;
            }
        }
        let bounds = match pair {
            Pair::Add => a.bounds().add(b.bounds()),
            Pair::Min => a.bounds().min(b.bounds()),
            Pair::Max => a.bounds().max(b.bounds()),
        };
        let (mut unit, mut wide) = self.shared(&[a, b]);
        if bounds.size() / unit >= LIMIT {
            (unit, wide) = (1, true);
        }
        let ends = a.bounds().ends() || b.bounds().ends();
        let left = self.reg(a, unit, wide);
        let id = match self.arg(b, unit, wide) {
            Arg::Const(k) => self.add(Op::PairConst { pair, a: left, k, wide, ends }),
            Arg::Reg(right) => {
                let (a, b) = (left.min(right), left.max(right));
                self.add(Op::Pair { pair, a, b, wide, ends })
            }
        };
        self.settle(id, unit, wide, bounds)
    }

    pub(crate) fn sub(&mut self, a: Num, b: Num) -> Num {
        match (a, b) {
            (Num::Const(a), Num::Const(b)) => return Num::Const(a.sub(b)),
            (_, Num::Const(k)) if k.is_point() => return self.pair(Pair::Add, a, Num::Const(k.neg())),
            _ => {}
        }
        let bounds = a.bounds().add(b.bounds().neg());
        let (mut unit, mut wide) = self.shared(&[a, b]);
        if bounds.size() / unit >= LIMIT {
            (unit, wide) = (1, true);
        }
        let ends = a.bounds().ends() || b.bounds().ends();
        let right = self.reg(b, unit, wide);
        let id = match self.arg(a, unit, wide) {
            Arg::Const(k) => self.add(Op::SubFrom { k, a: right, wide, ends }),
            Arg::Reg(left) => self.add(Op::Sub { a: left, b: right, wide, ends }),
        };
        self.settle(id, unit, wide, bounds)
    }

    /// `a × b / divisor`, rounded half away from zero.
    pub(crate) fn mul(&mut self, a: Num, b: Num, divisor: i128) -> Num {
        let (a, b) = match (a, b) {
            (Num::Const(a), Num::Const(b)) => return Num::Const(number::mul(a, b, divisor)),
            (Num::Const(_), Num::Reg(..)) => (b, a),
            _ => (a, b),
        };
        if let (Num::Reg(id, shape), Num::Const(k)) = (a, b)
            && k.is_point()
        {
            if k.lo == 0 {
                return Num::Const(Range::ZERO);
            }
            let unit = shape.unit.saturating_mul(k.lo);
            // a share that is a whole number in a unit of its own needs no arithmetic at all
            if k.lo > 0 && k.lo < UNBOUNDED && unit % divisor == 0 && !shape.wide {
                let scale = |end: i128| end / shape.unit * (unit / divisor);
                let bounds = Bounds { lo: scale(shape.bounds.lo), hi: scale(shape.bounds.hi), ..shape.bounds };
                return Num::Reg(id, Shape { unit: unit / divisor, bounds, wide: false });
            }
        }
        let (ab, bb) = (a.bounds(), b.bounds());
        let unit = a.unit().saturating_mul(b.unit());
        let bounds = ab.corners(bb, |a, b| rules::value::mul_div(a, b, divisor));
        if unit > 0
            && unit % divisor == 0
            && ab.not_negative()
            && bb.not_negative()
            && !a.is_wide()
            && !b.is_wide()
            && bounds.size() / (unit / divisor) < LIMIT
            && let (Num::Reg(left, _), Num::Reg(right, _)) = (a, b)
        {
            let bounds = Bounds { below: false, ..bounds };
            let id = self.add(Op::Mul { a: left.min(right), b: left.max(right), ends: ab.ends() || bb.ends() });
            return Num::Reg(id, Shape { unit: unit / divisor, bounds, wide: false });
        }
        self.exact(Exact::Mul(divisor), &[a, b], 1, bounds)
    }

    /// What is computed row by row; `unit` is one that every result is a multiple of.
    pub(crate) fn exact(&mut self, f: Exact, args: &[Num], unit: i128, bounds: Bounds) -> Num {
        let wide = bounds.size() / unit >= LIMIT;
        let unit = if wide { 1 } else { unit };
        let args = args.iter().map(|arg| operand(*arg)).collect();
        let id = self.add(Op::Exact { f, args, unit, wide });
        Num::Reg(id, Shape { unit, bounds, wide })
    }

    pub(crate) fn choose(&mut self, c: T, a: Num, b: Num, hull: Hull) -> Num {
        match self.fixed(c) {
            Some(Truth::True) => return a,
            Some(Truth::False) => return b,
            _ => {}
        }
        let joined = match (a, b) {
            (Num::Const(a), Num::Const(b)) if a == b && (hull == Hull::Range || a.is_point()) => {
                return Num::Const(a);
            }
            (Num::Reg(one, shape), Num::Reg(other, _)) if one == other && a == b => return Num::Reg(one, shape),
            _ => a.bounds().join(b.bounds()),
        };
        let (unit, wide) = if hull == Hull::Set { (1, false) } else { self.shared(&[a, b]) };
        let (a, b) = (self.arg(a, unit, wide), self.arg(b, unit, wide));
        let id = self.add(Op::If { c: c.0, a, b, hull, wide });
        self.settle(id, unit, wide, joined)
    }

    /// The first row that holds; whatever may hold before a sure one is possible.
    pub(crate) fn first(&mut self, rows: &[(T, Num)], hull: Hull) -> Num {
        let mut kept = Vec::new();
        let mut certain = false;
        for (when, then) in rows {
            match self.fixed(*when) {
                Some(Truth::False) => continue,
                Some(Truth::True) => {
                    kept.push((*when, *then));
                    certain = true;
                    break;
                }
                _ => kept.push((*when, *then)),
            }
        }
        match kept.as_slice() {
            [] => return Num::Const(Range::ANY),
            [(_, then)] if certain => return *then,
            _ => {}
        }
        let values: Vec<Num> = kept.iter().map(|(_, then)| *then).collect();
        let mut bounds = values.iter().map(|value| value.bounds()).reduce(Bounds::join).unwrap_or(Bounds::finite(0, 0));
        if !certain {
            (bounds.below, bounds.above) = (true, true);
        }
        let (unit, wide) = if hull == Hull::Set { (1, false) } else { self.shared(&values) };
        let rows = kept.iter().map(|(when, then)| (when.0, self.arg(*then, unit, wide))).collect();
        let id = self.add(Op::First { rows, hull, wide });
        self.settle(id, unit, wide, bounds)
    }

    /// The greatest of the rows that hold.
    pub(crate) fn highest(&mut self, rows: &[(T, Num)]) -> Num {
        let values: Vec<Num> = rows.iter().map(|(_, then)| *then).collect();
        let mut bounds = values.iter().map(|value| value.bounds()).reduce(Bounds::join).unwrap_or(Bounds::finite(0, 0));
        if !rows.iter().any(|(when, _)| self.fixed(*when) == Some(Truth::True)) {
            (bounds.below, bounds.above) = (true, true);
        }
        let (unit, wide) = self.shared(&values);
        let rows = rows.iter().map(|(when, then)| (when.0, self.arg(*then, unit, wide))).collect();
        let id = self.add(Op::Highest { rows, wide });
        self.settle(id, unit, wide, bounds)
    }
}

pub(crate) fn operand(number: Num) -> Operand {
    match number {
        Num::Const(range) => Operand::Const(range.lo, range.hi),
        Num::Reg(id, shape) => Operand::Reg { id, unit: shape.unit, wide: shape.wide },
    }
}

/// An end as a multiple of a unit; infinite ends stay what they are.
pub(crate) fn in_unit(end: i128, unit: i128) -> i128 {
    if end.abs() >= UNBOUNDED { end } else { end / unit }
}
