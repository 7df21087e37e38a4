//! Numbers in registers: 64 bits in a unit of their own, or 128 in the unit of [`rules::value`]. Both keep an end that is
//! infinite.

use rules::value::UNBOUNDED;

/// Infinite, in a narrow register. Finite numbers stay below [`crate::plan`]'s limit, a quarter of it.
const NARROW_END: i64 = 1 << 62;

pub(crate) trait Lane: Copy + Ord + Default {
    const END: Self;
    fn of(end: i128) -> Self;
    fn neg(self) -> Self;
    fn plain_add(self, other: Self) -> Self;
    /// In the unit of [`rules::value`].
    fn scaled(self, unit: i128) -> i128;

    /// Sum of two most values.
    #[inline(always)]
    fn add_most(self, other: Self) -> Self {
        if (self >= Self::END) | (other >= Self::END) {
            Self::END
        } else if (self <= Self::END.neg()) | (other <= Self::END.neg()) {
            Self::END.neg()
        } else {
            self.plain_add(other)
        }
    }

    /// Sum of two least values.
    #[inline(always)]
    fn add_least(self, other: Self) -> Self {
        if (self <= Self::END.neg()) | (other <= Self::END.neg()) {
            Self::END.neg()
        } else if (self >= Self::END) | (other >= Self::END) {
            Self::END
        } else {
            self.plain_add(other)
        }
    }
}

impl Lane for i64 {
    const END: Self = NARROW_END;

    #[inline(always)]
    fn of(end: i128) -> Self {
        narrow(end)
    }

    #[inline(always)]
    fn neg(self) -> Self {
        self.wrapping_neg()
    }

    #[inline(always)]
    fn plain_add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn scaled(self, unit: i128) -> i128 {
        if self >= NARROW_END {
            UNBOUNDED
        } else if self <= -NARROW_END {
            -UNBOUNDED
        } else {
            i128::from(self) * unit
        }
    }
}

impl Lane for i128 {
    const END: Self = UNBOUNDED;

    #[inline(always)]
    fn of(end: i128) -> Self {
        end
    }

    #[inline(always)]
    fn neg(self) -> Self {
        -self
    }

    #[inline(always)]
    fn plain_add(self, other: Self) -> Self {
        self.saturating_add(other).clamp(-UNBOUNDED, UNBOUNDED)
    }

    #[inline(always)]
    fn scaled(self, unit: i128) -> i128 {
        if self.abs() >= UNBOUNDED { self } else { self * unit }
    }
}

/// A number for a narrow register; infinite ends as that stores them. Sets of codes pass as they are.
#[inline(always)]
pub(crate) fn narrow(end: i128) -> i64 {
    if end >= UNBOUNDED {
        NARROW_END
    } else if end <= -UNBOUNDED {
        -NARROW_END
    } else {
        end as i64
    }
}
