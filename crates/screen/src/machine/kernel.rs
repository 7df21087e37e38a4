//! Loops over the rows of registers. They are written so that a compiler makes vector instructions of them, and inlined
//! into one copy for each instruction set.

use super::lane::Lane;
use super::state::{NONE, Numbers, Truths, Words};
use crate::frame::{CHUNK, WORDS};
use crate::plan::op::{Hull, Pair, Rounded};
use rules::ir::Order;

/// A bit for each row for which something holds.
#[inline(always)]
pub(crate) fn bits(holds: impl Fn(usize) -> bool) -> Words {
    let mut words = NONE;
    for (word, at) in words.iter_mut().zip((0..).step_by(64)) {
        let mut bits = 0_u64;
        for row in 0..64 {
            bits |= u64::from(holds(at + row)) << row;
        }
        *word = bits;
    }
    words
}

#[inline(always)]
pub(crate) fn zip(a: &Words, b: &Words, f: impl Fn(u64, u64) -> u64) -> Words {
    let mut words = NONE;
    for at in 0..WORDS {
        words[at] = f(a[at], b[at]);
    }
    words
}

#[inline(always)]
pub(crate) fn not(a: &Words) -> Words {
    zip(a, a, move |a, _| !a)
}

#[inline(always)]
pub(crate) fn fill<T>(d: &mut [T; CHUNK], f: impl Fn(usize) -> T) {
    for (row, value) in d.iter_mut().enumerate() {
        *value = f(row);
    }
}

/// One value or the other, by a bit for each row.
#[inline(always)]
pub(crate) fn select<T: Copy>(
    d: &mut [T; CHUNK],
    mask: &Words,
    a: impl Fn(usize) -> T + Copy,
    b: impl Fn(usize) -> T + Copy,
) {
    for (word, bits) in mask.iter().enumerate() {
        for bit in 0..64 {
            let row = word * 64 + bit;
            d[row] = if bits & (1 << bit) != 0 { a(row) } else { b(row) };
        }
    }
}

/// Other values where a bit is set.
#[inline(always)]
pub(crate) fn replace<T: Copy>(d: &mut [T; CHUNK], mask: &Words, by: impl Fn(usize) -> T) {
    for (word, bits) in mask.iter().enumerate() {
        for bit in 0..64 {
            let row = word * 64 + bit;
            d[row] = if bits & (1 << bit) != 0 { by(row) } else { d[row] };
        }
    }
}

#[inline(always)]
pub(crate) fn compare<T: Lane>(
    order: Order,
    points: bool,
    a: (&[T; CHUNK], &[T; CHUNK]),
    b: (impl Fn(usize) -> T + Copy, impl Fn(usize) -> T + Copy),
) -> Truths {
    let ((alo, ahi), (blo, bhi)) = (a, b);
    let yes = match order {
        Order::Lt => bits(move |row| ahi[row] < blo(row)),
        Order::Le => bits(move |row| ahi[row] <= blo(row)),
        Order::Eq => bits(move |row| (alo[row] == ahi[row]) & (blo(row) == bhi(row)) & (alo[row] == blo(row))),
    };
    if points {
        let no = not(&yes);
        return Truths { yes, no };
    }
    let no = match order {
        Order::Lt => bits(move |row| alo[row] >= bhi(row)),
        Order::Le => bits(move |row| alo[row] > bhi(row)),
        Order::Eq => bits(move |row| (ahi[row] < blo(row)) | (bhi(row) < alo[row])),
    };
    Truths { yes, no }
}

/// A constant on the left.
#[inline(always)]
pub(crate) fn compare_flipped<T: Lane>(order: Order, points: bool, k: (T, T), a: (&[T; CHUNK], &[T; CHUNK])) -> Truths {
    let ((klo, khi), (lo, hi)) = (k, a);
    let yes = match order {
        Order::Lt => bits(move |row| khi < lo[row]),
        _ => bits(move |row| khi <= lo[row]),
    };
    if points && klo == khi {
        let no = not(&yes);
        return Truths { yes, no };
    }
    let no = match order {
        Order::Lt => bits(move |row| klo >= hi[row]),
        _ => bits(move |row| klo > hi[row]),
    };
    Truths { yes, no }
}

/// `k <= a / b`, or `k < a / b` if strict, as `a × ka` against `b × kb`.
#[inline(always)]
pub(crate) fn quotient(
    strict: bool,
    points: bool,
    a: (&[i64; CHUNK], &[i64; CHUNK], i64),
    b: (&[i64; CHUNK], &[i64; CHUNK], i64),
) -> Truths {
    let ((alo, ahi, ka), (blo, bhi, kb)) = (a, b);
    let end = i64::END;
    let times = i64::wrapping_mul;
    if points {
        let reached = if strict {
            bits(move |row| times(alo[row], ka) > times(blo[row], kb))
        } else {
            bits(move |row| times(alo[row], ka) >= times(blo[row], kb))
        };
        let valid = bits(move |row| blo[row] > 0);
        return Truths { yes: zip(&reached, &valid, move |a, b| a & b), no: zip(&reached, &valid, move |a, b| !a & b) };
    }
    let yes = bits(move |row| {
        let (a, b) = (times(alo[row], ka), times(bhi[row], kb));
        let reached = if strict { a > b } else { a >= b };
        (blo[row] > 0) & ((alo[row] >= end) | ((bhi[row] < end) & reached))
    });
    let no = bits(move |row| {
        let (a, b) = (times(ahi[row], ka), times(blo[row], kb));
        let below = if strict { a <= b } else { a < b };
        (blo[row] > 0) & (ahi[row] < end) & ((blo[row] >= end) | below)
    });
    Truths { yes, no }
}

/// Adds, or takes the lesser or the greater.
#[inline(always)]
pub(crate) fn pair<T: Lane>(
    d: &mut Numbers<T>,
    pair: Pair,
    ends: bool,
    points: bool,
    a: (&[T; CHUNK], &[T; CHUNK]),
    b: (impl Fn(usize) -> T + Copy, impl Fn(usize) -> T + Copy),
) {
    let ((alo, ahi), (blo, bhi)) = (a, b);
    d.points = points;
    match (pair, ends && !points) {
        (Pair::Add, false) => fill(&mut d.lo, move |row| alo[row].plain_add(blo(row))),
        (Pair::Add, true) => fill(&mut d.lo, move |row| alo[row].add_least(blo(row))),
        (Pair::Min, _) => fill(&mut d.lo, move |row| alo[row].min(blo(row))),
        (Pair::Max, _) => fill(&mut d.lo, move |row| alo[row].max(blo(row))),
    }
    if points {
        return;
    }
    match (pair, ends) {
        (Pair::Add, false) => fill(&mut d.hi, move |row| ahi[row].plain_add(bhi(row))),
        (Pair::Add, true) => fill(&mut d.hi, move |row| ahi[row].add_most(bhi(row))),
        (Pair::Min, _) => fill(&mut d.hi, move |row| ahi[row].min(bhi(row))),
        (Pair::Max, _) => fill(&mut d.hi, move |row| ahi[row].max(bhi(row))),
    }
}

/// `a - b`
#[inline(always)]
pub(crate) fn sub<T: Lane>(
    d: &mut Numbers<T>,
    ends: bool,
    points: bool,
    a: (impl Fn(usize) -> T + Copy, impl Fn(usize) -> T + Copy),
    b: (&[T; CHUNK], &[T; CHUNK]),
) {
    let ((alo, ahi), (blo, bhi)) = (a, b);
    d.points = points;
    if ends && !points {
        fill(&mut d.lo, move |row| alo(row).add_least(bhi[row].neg()));
        fill(&mut d.hi, move |row| ahi(row).add_most(blo[row].neg()));
        return;
    }
    fill(&mut d.lo, move |row| alo(row).plain_add(bhi[row].neg()));
    if !points {
        fill(&mut d.hi, move |row| ahi(row).plain_add(blo[row].neg()));
    }
}

/// A function that keeps the order, applied to both ends; infinite ends stay.
#[inline(always)]
pub(crate) fn monotone(
    d: &mut Numbers<i64>,
    ends: bool,
    points: bool,
    a: (&[i64; CHUNK], &[i64; CHUNK]),
    f: impl Fn(i64) -> i64 + Copy,
) {
    let (lo, hi) = a;
    d.points = points;
    let keep = |value: i64| if (value >= i64::END) | (value <= -i64::END) { value } else { f(value) };
    if points || !ends {
        fill(&mut d.lo, move |row| f(lo[row]));
        if !points {
            fill(&mut d.hi, move |row| f(hi[row]));
        }
    } else {
        fill(&mut d.lo, move |row| keep(lo[row]));
        fill(&mut d.hi, move |row| keep(hi[row]));
    }
}

/// Rounds to whole multiples of `k` and counts them. Divisors that amounts often need are constants, which divide faster.
#[inline(always)]
pub(crate) fn round(
    d: &mut Numbers<i64>,
    mode: Rounded,
    k: i64,
    ends: bool,
    points: bool,
    a: (&[i64; CHUNK], &[i64; CHUNK]),
) {
    // to the next multiple below, after a step towards it
    let step = match mode {
        Rounded::Down => 0,
        Rounded::Nearest => k / 2,
        Rounded::Up => k - 1,
    };
    match k {
        2 => monotone(d, ends, points, a, move |x| (x + step).div_euclid(2)),
        10 => monotone(d, ends, points, a, move |x| (x + step).div_euclid(10)),
        100 => monotone(d, ends, points, a, move |x| (x + step).div_euclid(100)),
        1_000_000 => monotone(d, ends, points, a, move |x| (x + step).div_euclid(1_000_000)),
        _ => monotone(d, ends, points, a, move |x| (x + step).div_euclid(k)),
    }
}

/// What one value or another is, by a truth for each row; both where it is unknown.
#[inline(always)]
pub(crate) fn choose<T: Lane + BitsOf>(
    d: &mut Numbers<T>,
    c: &Truths,
    hull: Hull,
    points: bool,
    a: (impl Fn(usize) -> T + Copy, impl Fn(usize) -> T + Copy),
    b: (impl Fn(usize) -> T + Copy, impl Fn(usize) -> T + Copy),
) {
    let ((alo, ahi), (blo, bhi)) = (a, b);
    let settled = zip(&c.yes, &c.no, move |yes, no| yes | no);
    let certain = settled.iter().all(|word| *word == u64::MAX);
    d.points = points && certain;
    if certain {
        select(&mut d.lo, &c.yes, alo, blo);
        if !points {
            select(&mut d.hi, &c.yes, ahi, bhi);
        }
        return;
    }
    // first both, then what is settled
    for word in 0..WORDS {
        let (yes, no) = (c.yes[word], c.no[word]);
        for bit in 0..64 {
            let row = word * 64 + bit;
            let (la, lb, ha, hb) = (alo(row), blo(row), ahi(row), bhi(row));
            let (lo, hi) = match hull {
                Hull::Range => (la.min(lb), ha.max(hb)),
                Hull::Set => (la.both(lb), ha.either(hb)),
            };
            let (is, isnt) = (yes & (1 << bit) != 0, no & (1 << bit) != 0);
            d.lo[row] = if is {
                la
            } else if isnt {
                lb
            } else {
                lo
            };
            d.hi[row] = if is {
                ha
            } else if isnt {
                hb
            } else {
                hi
            };
        }
    }
}

/// Sets of codes as the bits of a number.
pub(crate) trait BitsOf {
    fn both(self, other: Self) -> Self;
    fn either(self, other: Self) -> Self;
}

impl BitsOf for i64 {
    #[inline(always)]
    fn both(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn either(self, other: Self) -> Self {
        self | other
    }
}

impl BitsOf for i128 {
    #[inline(always)]
    fn both(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn either(self, other: Self) -> Self {
        self | other
    }
}

/// Sum of rows that are set, exact whatever the numbers: both halves of the words are summed apart. Infinite rows count
/// as nothing and are counted.
#[inline(always)]
pub(crate) fn sum(values: &[i64; CHUNK], rows: &Words) -> (i128, u32) {
    let (mut low, mut high, mut endless) = (0_u64, 0_i64, 0_u32);
    for word in 0..WORDS {
        let bits = rows[word];
        for bit in 0..64 {
            let value = values[word * 64 + bit];
            let counts = bits & (1 << bit) != 0;
            let infinite = value >= i64::END;
            let value = if counts & !infinite { value } else { 0 };
            endless += u32::from(counts & infinite);
            low += u64::from(value as u32);
            high += value >> 32;
        }
    }
    ((i128::from(high) << 32) + i128::from(low), endless)
}

/// An operand that is a register or a constant.
#[derive(Clone, Copy)]
pub(crate) enum Source<'x, T> {
    Rows(&'x [T; CHUNK], &'x [T; CHUNK], bool),
    Const(T),
}

impl<T: Lane> Source<'_, T> {
    #[inline(always)]
    pub(crate) fn points(&self) -> bool {
        if let Self::Rows(_, _, points) = self { *points } else { true }
    }
}
