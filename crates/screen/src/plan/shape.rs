//! What is proven of a number before anything runs: its unit, and between which ends it lies.

use rules::value::{Range, UNBOUNDED};

/// Narrow numbers stay below this, so that two of them can be added.
pub(crate) const LIMIT: i128 = 1 << 60;

/// Bounds of a number's ends: every end is within them, or infinite where that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) lo: i128,
    pub(crate) hi: i128,
    /// An end may be minus infinity.
    pub(crate) below: bool,
    /// An end may be plus infinity.
    pub(crate) above: bool,
}

impl Bounds {
    pub(crate) fn of(range: Range) -> Self {
        let mut bounds = Self { lo: i128::MAX, hi: i128::MIN, below: false, above: false };
        for end in [range.lo, range.hi] {
            match end {
                UNBOUNDED => bounds.above = true,
                end if end == -UNBOUNDED => bounds.below = true,
                end => (bounds.lo, bounds.hi) = (bounds.lo.min(end), bounds.hi.max(end)),
            }
        }
        bounds.tidy()
    }

    /// Between two finite ends.
    pub(crate) fn finite(lo: i128, hi: i128) -> Self {
        Self { lo, hi, below: false, above: false }
    }

    fn tidy(self) -> Self {
        if self.lo > self.hi { Self { lo: 0, hi: 0, ..self } } else { self }
    }

    pub(crate) fn ends(self) -> bool {
        self.below || self.above
    }

    /// The greatest distance from zero.
    pub(crate) fn size(self) -> i128 {
        self.lo.saturating_abs().max(self.hi.saturating_abs())
    }

    pub(crate) fn not_negative(self) -> bool {
        self.lo >= 0 && !self.below
    }

    pub(crate) fn join(self, other: Self) -> Self {
        Self {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
            below: self.below || other.below,
            above: self.above || other.above,
        }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        Self {
            lo: self.lo.saturating_add(other.lo),
            hi: self.hi.saturating_add(other.hi),
            below: self.below || other.below,
            above: self.above || other.above,
        }
    }

    pub(crate) fn neg(self) -> Self {
        Self { lo: self.hi.saturating_neg(), hi: self.lo.saturating_neg(), below: self.above, above: self.below }
    }

    pub(crate) fn min(self, other: Self) -> Self {
        let hi = match (self.above, other.above) {
            (false, false) => self.hi.min(other.hi),
            (true, false) => other.hi,
            (false, true) => self.hi,
            (true, true) => self.hi.max(other.hi),
        };
        let lo = self.lo.min(other.lo);
        Self { lo, hi: hi.max(lo), below: self.below || other.below, above: self.above && other.above }
    }

    pub(crate) fn max(self, other: Self) -> Self {
        self.neg().min(other.neg()).neg()
    }

    /// What a function of two that is monotone in each makes of the finite ends; infinite ends are the caller's.
    pub(crate) fn corners(self, other: Self, f: impl Fn(i128, i128) -> i128) -> Self {
        let all = [f(self.lo, other.lo), f(self.lo, other.hi), f(self.hi, other.lo), f(self.hi, other.hi)];
        let (mut lo, mut hi) = (i128::MAX, i128::MIN);
        for value in all {
            (lo, hi) = (lo.min(value), hi.max(value));
        }
        let ends = self.ends() || other.ends();
        let below = ends && !(self.not_negative() && other.not_negative());
        Self { lo: lo.min(0), hi: hi.max(0), below, above: ends }
    }
}

/// What is proven of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Every value is a multiple of it, and a narrow register holds the multiple.
    pub(crate) unit: i128,
    /// Bounds in the unit of [`rules::value`].
    pub(crate) bounds: Bounds,
    pub(crate) wide: bool,
}

/// The greatest common divisor; of 0 and x it is x.
pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.saturating_abs(), b.saturating_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A number while it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Num {
    /// The same for every row.
    Const(Range),
    /// A register.
    Reg(u32, Shape),
}

impl Num {
    pub(crate) fn bounds(self) -> Bounds {
        match self {
            Self::Const(range) => Bounds::of(range),
            Self::Reg(_, shape) => shape.bounds,
        }
    }

    /// What all its values are multiples of; 0 where that does not matter.
    pub(crate) fn unit(self) -> i128 {
        let finite = |end: i128| if end.abs() >= UNBOUNDED { 0 } else { end };
        match self {
            Self::Const(range) => gcd(finite(range.lo), finite(range.hi)),
            Self::Reg(_, shape) => shape.unit,
        }
    }

    pub(crate) fn is_wide(self) -> bool {
        matches!(self, Self::Reg(_, Shape { wide: true, .. }))
    }
}
