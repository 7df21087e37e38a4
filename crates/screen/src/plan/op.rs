//! The instructions of the vector machine. Each computes one register for 1,024 rows at once.
//!
//! There are three kinds of registers: *truths* (two bitmaps: surely true, surely false), *masks* (one bitmap), and
//! *numbers* (the least and the most that each row can be). Numbers also carry symbols (least and most differ where a
//! symbol is unknown) and sets of codes (bits surely and perhaps in it). A number is *narrow* (64 bits, in a unit of its
//! own) where its bounds are proven to fit, and *wide* (128 bits, in the unit of [`rules::value`]) where not.

use rules::ir::Order;
use rules::value::Truth;

/// What a number is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Arg {
    /// A register.
    Reg(u32),
    /// A constant, in the unit of the other operands.
    Const(i128),
}

/// Two numbers to one, least with least and most with most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pair {
    Add,
    Min,
    Max,
}

/// What a sum, choice or table makes of several values that may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Hull {
    /// From the least to the most.
    Range,
    /// Codes surely in all, and perhaps in one.
    Set,
}

/// An operand of [`Op::Exact`]: a register, its unit and width, or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operand {
    Reg { id: u32, unit: i128, wide: bool },
    Const(i128, i128),
}

/// Functions that are computed row by row, with the very code of the explaining evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Exact {
    Mul(i128),
    MulRate,
    Ratio,
    MulDiv,
    FloorDiv,
    AddMonths,
    MonthsBetween,
    YearOf,
    Discretion,
    AnyNumberOf,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    // truths
    Truth(Truth),
    LoadTruth(u32),
    GatherTruth(u32),
    And(Box<[u32]>),
    Or(Box<[u32]>),
    Not(u32),
    /// Surely true where the first mask is set, surely false where the second is.
    OfMasks(u32, u32),
    Compare {
        order: Order,
        a: u32,
        b: u32,
        wide: bool,
    },
    /// `a order k`, or `k order a` if flipped.
    CompareConst {
        order: Order,
        flipped: bool,
        a: u32,
        lo: i128,
        hi: i128,
        wide: bool,
    },
    /// `k <= a / b` (or `<` if strict) as `a × ka` against `b × kb`, for `a` that is not negative; unknown where `b` may not
    /// be positive.
    Quotient {
        strict: bool,
        a: u32,
        b: u32,
        ka: i64,
        kb: i64,
    },
    /// Both are known and the same symbol.
    Same(Arg, Arg),
    /// A symbol below 64 is one of the bits.
    OneOfBits(u32, u64),
    /// A symbol is one of a sorted list.
    OneOf(u32, Box<[u32]>),
    /// A symbol's truth by a table: 1 true, 2 false, 0 and beyond its end unknown.
    Lookup(u32, u32),
    HasAny(u32, u64),
    /// Membership in a dated list, by its place in the plan.
    Listed(u32, Box<[Operand]>),
    BodyTruth {
        body: u32,
        out: u32,
        done: u32,
    },
    // masks
    Mask(bool),
    GatherMask(u32),
    IfTrue(u32),
    IfFalse(u32),
    AllOf(Box<[u32]>),
    AnyOf(Box<[u32]>),
    Unless(u32),
    /// The number is one value.
    Known(u32, bool),
    /// Whether an operand of a least (or greatest) cannot decide the result.
    Idle {
        least: bool,
        item: Operand,
        result: Operand,
    },
    /// Rows whose records are known.
    KnownRecords(u32),
    BodyMask {
        body: u32,
        out: u32,
        done: u32,
    },
    // numbers
    Const {
        lo: i128,
        hi: i128,
        wide: bool,
    },
    Load(u32, Unknown),
    GatherNumber {
        id: u32,
        wide: bool,
    },
    Pair {
        pair: Pair,
        a: u32,
        b: u32,
        wide: bool,
        ends: bool,
    },
    PairConst {
        pair: Pair,
        a: u32,
        k: i128,
        wide: bool,
        ends: bool,
    },
    Sub {
        a: u32,
        b: u32,
        wide: bool,
        ends: bool,
    },
    /// `k - a`
    SubFrom {
        k: i128,
        a: u32,
        wide: bool,
        ends: bool,
    },
    Scale {
        a: u32,
        k: i64,
        ends: bool,
    },
    /// The product of two that are not negative.
    Mul {
        a: u32,
        b: u32,
        ends: bool,
    },
    If {
        c: u32,
        a: Arg,
        b: Arg,
        hull: Hull,
        wide: bool,
    },
    First {
        rows: Box<[(u32, Arg)]>,
        hull: Hull,
        wide: bool,
    },
    Highest {
        rows: Box<[(u32, Arg)]>,
        wide: bool,
    },
    /// To whole multiples of `k`: down, up, or to the nearest, half up; the result counts the multiples.
    Round {
        mode: Rounded,
        a: u32,
        k: i64,
        ends: bool,
    },
    /// The same for wide numbers: to multiples of `k`, in the same unit.
    RoundWide {
        mode: Rounded,
        a: u32,
        k: i128,
    },
    Widen {
        a: u32,
        unit: i128,
    },
    Narrow {
        a: u32,
        unit: i128,
    },
    Exact {
        f: Exact,
        args: Box<[Operand]>,
        unit: i128,
        wide: bool,
    },
    /// A code's text by a table.
    CodeText(u32, Box<[u32]>),
    BodyNumber {
        body: u32,
        out: u32,
        done: u32,
        unit: i128,
        wide: bool,
    },
    // what has an effect
    Body {
        body: u32,
        inputs: Box<[u32]>,
    },
    Emit {
        emit: u32,
        reads: Box<[u32]>,
    },
}

/// What a column's value is while it is unknown, and how its numbers are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Unknown {
    pub(crate) lo: i64,
    pub(crate) hi: i64,
}

/// How an amount is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rounded {
    Down,
    Up,
    Nearest,
}

/// Where an instruction's result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bank {
    Truth,
    Mask,
    Narrow,
    Wide,
    None,
}

impl Op {
    pub(crate) fn bank(&self) -> Bank {
        use Op::*;
        let number = |wide: &bool| if *wide { Bank::Wide } else { Bank::Narrow };
        match self {
            Truth(_)
            | LoadTruth(_)
            | GatherTruth(_)
            | And(_)
            | Or(_)
            | Not(_)
            | OfMasks(..)
            | Compare { .. }
            | CompareConst { .. }
            | Quotient { .. }
            | Same(..)
            | OneOfBits(..)
            | OneOf(..)
            | Lookup(..)
            | HasAny(..)
            | Listed(..)
            | BodyTruth { .. } => Bank::Truth,
            Mask(_)
            | GatherMask(_)
            | IfTrue(_)
            | IfFalse(_)
            | AllOf(_)
            | AnyOf(_)
            | Unless(_)
            | Known(..)
            | Idle { .. }
            | KnownRecords(_)
            | BodyMask { .. } => Bank::Mask,
            Const { wide, .. }
            | GatherNumber { wide, .. }
            | Pair { wide, .. }
            | PairConst { wide, .. }
            | Sub { wide, .. }
            | SubFrom { wide, .. }
            | If { wide, .. }
            | First { wide, .. }
            | Highest { wide, .. }
            | Exact { wide, .. }
            | BodyNumber { wide, .. } => number(wide),
            Load(..) | Scale { .. } | Mul { .. } | Round { .. } | Narrow { .. } | CodeText(..) => Bank::Narrow,
            Widen { .. } | RoundWide { .. } => Bank::Wide,
            Body { .. } | Emit { .. } => Bank::None,
        }
    }

    /// Visits the instructions that this one reads, in the same block.
    pub(crate) fn operands(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        use Op::*;
        let arg = |arg: &mut Arg, visit: &mut dyn FnMut(&mut u32)| {
            if let Arg::Reg(id) = arg {
                visit(id);
            }
        };
        let operand = |operand: &mut Operand, visit: &mut dyn FnMut(&mut u32)| {
            if let Operand::Reg { id, .. } = operand {
                visit(id);
            }
        };
        match self {
            // what is gathered stands in another block
            Truth(_)
            | LoadTruth(_)
            | GatherTruth(_)
            | Mask(_)
            | GatherMask(_)
            | KnownRecords(_)
            | Const { .. }
            | Load(..)
            | GatherNumber { .. } => {}
            And(items) | Or(items) | AllOf(items) | AnyOf(items) => items.iter_mut().for_each(visit),
            Not(a)
            | OneOfBits(a, _)
            | OneOf(a, _)
            | Lookup(a, _)
            | HasAny(a, _)
            | IfTrue(a)
            | IfFalse(a)
            | Unless(a)
            | Known(a, _)
            | CodeText(a, _) => visit(a),
            CompareConst { a, .. }
            | PairConst { a, .. }
            | SubFrom { a, .. }
            | Scale { a, .. }
            | Round { a, .. }
            | RoundWide { a, .. }
            | Widen { a, .. }
            | Narrow { a, .. } => visit(a),
            OfMasks(a, b) => {
                visit(a);
                visit(b);
            }
            Compare { a, b, .. } | Quotient { a, b, .. } | Pair { a, b, .. } | Sub { a, b, .. } | Mul { a, b, .. } => {
                visit(a);
                visit(b);
            }
            Same(a, b) => {
                arg(a, visit);
                arg(b, visit);
            }
            Listed(_, args) | Exact { args, .. } => args.iter_mut().for_each(|one| operand(one, visit)),
            Idle { item, result, .. } => {
                operand(item, visit);
                operand(result, visit);
            }
            If { c, a, b, .. } => {
                visit(c);
                arg(a, visit);
                arg(b, visit);
            }
            First { rows, .. } | Highest { rows, .. } => rows.iter_mut().for_each(|(when, then)| {
                visit(when);
                arg(then, visit);
            }),
            BodyTruth { done, .. } | BodyMask { done, .. } | BodyNumber { done, .. } => visit(done),
            Body { inputs, .. } => inputs.iter_mut().for_each(visit),
            Emit { reads, .. } => reads.iter_mut().for_each(visit),
        }
    }
}
