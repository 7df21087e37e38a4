//! Values while a rule is evaluated: Kleene truth, ranges of scaled integers, symbols and sets of codes.
//!
//! One scale for each type, so that arithmetic is integer arithmetic:
//! money in millionths of a fen; rates in half parts per million (an odd number means “strictly between two
//! parts per million”, so that comparisons of a quotient with a written rate are exact); quantities in thousandths;
//! dates in days since 1970-01-01; counts, months and days as they are.

use std::ops::Not;

/// Millionths of a fen in a fen.
pub const FEN: i128 = 1_000_000;
/// Rate units in the whole (100 %).
pub const WHOLE: i128 = 2_000_000;
/// Beyond every real value: no end. Arithmetic keeps it: a share of something without an end has no end either.
pub const UNBOUNDED: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// Kleene's three truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Surely false.
    False,
    /// Not known.
    Unknown,
    /// Surely true.
    True,
}

impl Truth {
    /// Kleene's “and”.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// Kleene's “or”.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }

    /// Whether a concrete answer `known` is one of the answers this one leaves open.
    #[must_use]
    pub fn allows(self, known: Self) -> bool {
        self == Self::Unknown || self == known
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// Everything from `lo` to `hi`, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// The least it can be.
    pub lo: i128,
    /// The most it can be.
    pub hi: i128,
}

impl Range {
    /// Nothing known.
    pub const ANY: Self = Self { lo: -UNBOUNDED, hi: UNBOUNDED };
    /// Zero.
    pub const ZERO: Self = Self { lo: 0, hi: 0 };

    /// One value.
    #[must_use]
    pub const fn point(value: i128) -> Self {
        Self { lo: value, hi: value }
    }

    /// A range, with its ends kept within what is representable.
    #[must_use]
    pub fn new(lo: i128, hi: i128) -> Self {
        Self { lo: lo.clamp(-UNBOUNDED, UNBOUNDED), hi: hi.clamp(-UNBOUNDED, UNBOUNDED) }
    }

    /// Whether it is one value.
    #[must_use]
    pub const fn is_point(self) -> bool {
        self.lo == self.hi
    }

    /// The least range that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// Whether `inner` lies within.
    #[must_use]
    pub const fn contains(self, inner: Self) -> bool {
        self.lo <= inner.lo && inner.hi <= self.hi
    }

    /// The lesser of two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The greater of two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi) }
    }

    /// Sum.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it saturates, which an operator would hide")]
    pub fn add(self, other: Self) -> Self {
        Self { lo: -plus(-self.lo, -other.lo), hi: plus(self.hi, other.hi) }
    }

    /// Difference.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it saturates, which an operator would hide")]
    pub fn sub(self, other: Self) -> Self {
        self.add(other.neg())
    }

    /// The negative.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it saturates, which an operator would hide")]
    pub fn neg(self) -> Self {
        Self { lo: -self.hi, hi: -self.lo }
    }

    /// Applies a function that is monotone in both arguments' corners: the result spans the four corner values.
    #[must_use]
    pub fn corners(self, other: Self, f: impl Fn(i128, i128) -> i128) -> Self {
        if self.is_point() && other.is_point() {
            let value = f(self.lo, other.lo).clamp(-UNBOUNDED, UNBOUNDED);
            return Self::point(value);
        }
        let all = [f(self.lo, other.lo), f(self.lo, other.hi), f(self.hi, other.lo), f(self.hi, other.hi)];
        let (mut lo, mut hi) = (UNBOUNDED, -UNBOUNDED);
        for value in all {
            lo = lo.min(value);
            hi = hi.max(value);
        }
        Self::new(lo, hi)
    }
}

/// The upper end of a sum: without an end if either has none.
fn plus(a: i128, b: i128) -> i128 {
    let endless = if a == UNBOUNDED || b == UNBOUNDED { Some(UNBOUNDED) } else { None };
    let endless = endless.or((a == -UNBOUNDED || b == -UNBOUNDED).then_some(-UNBOUNDED));
    endless.unwrap_or_else(|| a.saturating_add(b).clamp(-UNBOUNDED, UNBOUNDED))
}

/// The product of two factors of which one has no end; 0 if the other is 0. `None` if both have an end.
fn endless(a: i128, b: i128) -> Option<i128> {
    let without_end = a.abs() >= UNBOUNDED || b.abs() >= UNBOUNDED;
    without_end.then(|| if a == 0 || b == 0 { 0 } else { saturated(a, b) })
}

/// `a × b / divisor`, rounded half away from zero; saturates. `divisor` must be positive.
#[must_use]
pub fn mul_div(a: i128, b: i128, divisor: i128) -> i128 {
    if let Some(product) = endless(a, b) {
        return product;
    }
    if divisor >= UNBOUNDED {
        return 0;
    }
    let Some(product) = a.checked_mul(b) else { return saturated(a, b) };
    if divisor == 1 {
        return product.clamp(-UNBOUNDED, UNBOUNDED);
    }
    // most amounts of daily life fit 64 bits, where division is several times faster
    if let (Ok(product), Ok(divisor)) = (i64::try_from(product), i64::try_from(divisor)) {
        let (quotient, remainder) = (product / divisor, product % divisor);
        let up = i128::from(remainder).abs() * 2 >= i128::from(divisor).abs();
        return i128::from(quotient) + if up { if (product < 0) == (divisor < 0) { 1 } else { -1 } } else { 0 };
    }
    let (quotient, remainder) = (product / divisor, product % divisor);
    let up = remainder.abs() >= divisor.abs() - remainder.abs();
    let rounded = quotient + if up { if (product < 0) == (divisor < 0) { 1 } else { -1 } } else { 0 };
    rounded.clamp(-UNBOUNDED, UNBOUNDED)
}

/// `a × b / divisor` as a rate in half parts per million: exact ones are even, others the odd number between. Saturates.
/// `divisor` must be positive.
#[must_use]
pub fn rate_div(a: i128, b: i128, divisor: i128) -> i128 {
    if let Some(product) = endless(a, b) {
        return product;
    }
    if divisor >= UNBOUNDED {
        // next to nothing, on the side of the sign
        return a.signum() * b.signum();
    }
    let Some(product) = a.checked_mul(b) else { return saturated(a, b) };
    // `b` carries a factor two for the half parts, so the quotient in whole parts is taken first
    let whole = product.div_euclid(divisor.saturating_mul(2));
    let rest = product.rem_euclid(divisor.saturating_mul(2));
    let value = whole.saturating_mul(2) + i128::from(rest != 0);
    value.clamp(-UNBOUNDED, UNBOUNDED)
}

/// `a / b` rounded down, for whole numbers. `b` must be positive.
#[must_use]
pub fn floor_div(a: i128, b: i128) -> i128 {
    match (a.abs() >= UNBOUNDED, b >= UNBOUNDED) {
        (true, _) => saturated(a, b),
        (false, true) => i128::from(a < 0).wrapping_neg(),
        (false, false) => a.div_euclid(b),
    }
}

fn saturated(a: i128, b: i128) -> i128 {
    if (a < 0) == (b < 0) { UNBOUNDED } else { -UNBOUNDED }
}

/// A value of any type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Val {
    /// A truth value.
    Truth(Truth),
    /// A number, amount, date or duration, scaled as the module says.
    Range(Range),
    /// A code, place or text; `None` when not known.
    Symbol(Option<u32>),
    /// A set of codes as bits: those surely in it, and those perhaps in it.
    Set {
        /// Surely members.
        sure: u64,
        /// Surely or perhaps members.
        maybe: u64,
    },
}

impl Val {
    /// The truth value; a value of another type is unknown.
    #[must_use]
    pub fn truth(self) -> Truth {
        match self {
            Self::Truth(truth) => truth,
            _ => Truth::Unknown,
        }
    }

    /// The range; a value of another type is unknown.
    #[must_use]
    pub fn range(self) -> Range {
        match self {
            Self::Range(range) => range,
            _ => Range::ANY,
        }
    }

    /// The symbol, if it is one and known.
    #[must_use]
    pub fn symbol(self) -> Option<u32> {
        match self {
            Self::Symbol(symbol) => symbol,
            _ => None,
        }
    }

    /// Whether nothing is left open.
    #[must_use]
    pub fn is_known(self) -> bool {
        match self {
            Self::Truth(truth) => truth != Truth::Unknown,
            Self::Range(range) => range.is_point(),
            Self::Symbol(symbol) => symbol.is_some(),
            Self::Set { sure, maybe } => sure == maybe,
        }
    }

    /// The least value that leaves open whatever either leaves open.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Truth(a), Self::Truth(b)) => Self::Truth(if a == b { a } else { Truth::Unknown }),
            (Self::Range(a), Self::Range(b)) => Self::Range(a.join(b)),
            (Self::Symbol(a), Self::Symbol(b)) => Self::Symbol(if a == b { a } else { None }),
            (Self::Set { sure, maybe }, Self::Set { sure: s, maybe: m }) => {
                Self::Set { sure: sure & s, maybe: maybe | m }
            }
            (a, _) => a,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_compares_exactly_with_a_written_rate() {
        // 49,999,999 / 1,000,000,000 is below 5 %, and 50,000,001 / 1,000,000,000 is above
        let rate = |a: i128, b: i128| rate_div(a, WHOLE, b);
        let five_percent = 100_000;
        assert!(rate(49_999_999, 1_000_000_000) < five_percent);
        assert_eq!(rate(50_000_000, 1_000_000_000), five_percent);
        assert!(rate(50_000_001, 1_000_000_000) > five_percent);
    }

    #[test]
    fn rounding_is_half_away_from_zero_in_both_widths() {
        assert_eq!(mul_div(5, 1, 2), 3);
        assert_eq!(mul_div(-5, 1, 2), -3);
        assert_eq!(mul_div(10_i128.pow(20) + 5, 1, 10), 10_i128.pow(19) + 1);
        assert_eq!(mul_div(i128::MAX, i128::MAX, 7), UNBOUNDED);
    }

    #[test]
    fn what_has_no_end_keeps_none() {
        let open = Range { lo: 5, hi: UNBOUNDED };
        assert_eq!(open.sub(Range::point(7)), Range { lo: -2, hi: UNBOUNDED });
        assert_eq!(open.sub(open), Range { lo: -UNBOUNDED, hi: UNBOUNDED });
        assert_eq!(open.neg().add(Range::point(7)), Range { lo: -UNBOUNDED, hi: 2 });
        assert_eq!((mul_div(UNBOUNDED, 1, 2), mul_div(-UNBOUNDED, 1, 2)), (UNBOUNDED, -UNBOUNDED));
        assert_eq!((mul_div(UNBOUNDED, 0, 2), mul_div(1_000, 1_000, UNBOUNDED)), (0, 0));
        assert_eq!(
            (rate_div(UNBOUNDED, WHOLE, 3), rate_div(3, WHOLE, UNBOUNDED), rate_div(0, WHOLE, UNBOUNDED)),
            (UNBOUNDED, 1, 0)
        );
        assert_eq!((floor_div(UNBOUNDED, 3), floor_div(7, UNBOUNDED), floor_div(-7, UNBOUNDED)), (UNBOUNDED, 0, -1));
        assert_eq!((floor_div(7, 2), floor_div(-7, 2)), (3, -4));
    }

    #[test]
    fn kleene() {
        use Truth::{False, True, Unknown};
        assert_eq!(False.and(Unknown), False);
        assert_eq!(True.or(Unknown), True);
        assert_eq!(True.and(Unknown), Unknown);
        assert_eq!(!Unknown, Unknown);
    }
}
