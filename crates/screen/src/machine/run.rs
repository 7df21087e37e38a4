//! Running instructions over one chunk of rows.

use rules::ir::{Order, Program};
use rules::number;
use rules::value::{Range, Truth};

use super::isa::Isa;
use super::kernel::{self, Source, bits, not, zip};
use super::lane::Lane;
use super::load::{load, load_truth};
use super::state::{ALL, Bank, NONE, Numbers, State, Truths, Window, Words};
use super::table::{first, highest, listed};
use crate::frame::CHUNK;
use crate::plan::op::{Arg, Exact, Op, Operand, Pair};
use crate::plan::{Code, Emit, NO_SYMBOL, Place};

/// What the instructions of a chunk see beside their registers.
#[derive(Clone, Copy)]
pub(crate) struct Context<'x> {
    pub(crate) program: &'x Program,
    pub(crate) tables: &'x [Box<[u8]>],
    pub(crate) emits: &'x [Emit],
    pub(crate) window: Window<'x>,
    /// For each table of records, the rows whose records are known.
    pub(crate) known_records: &'x [Words],
    /// Of records: the registers of the parties, their window, and whose record each row is.
    pub(crate) party: Option<(&'x State, &'x Window<'x>, &'x [u16; CHUNK])>,
    /// What bodies have left for the parties.
    pub(crate) results: &'x [Vec<Made>],
}

/// What is made of the records of each party.
#[derive(Debug)]
pub(crate) enum Made {
    Truth(Truths),
    Mask(Words),
    Number(Box<[Range; CHUNK]>),
    /// The least or the greatest: of what surely counts, and of what may.
    Extreme {
        sure: Box<[Option<Range>; CHUNK]>,
        maybe: Box<[Option<Range>; CHUNK]>,
        least: bool,
        made: Box<[Range; CHUNK]>,
    },
}

/// Why the instructions stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// All are done.
    End,
    /// Records are to be computed, by a body.
    Body(u32),
    /// A measure is ready to be told, by the number of its emission; the sums stand in [`Sums`].
    Emit(u32),
}

/// Sums over the rows of a measure's amounts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) lo: i128,
    pub(crate) hi: i128,
    /// Rows of which the most has no end.
    pub(crate) endless: u32,
}

/// Runs instructions from one on until something is to be done outside.
pub(crate) fn run(
    isa: Isa,
    code: &Code,
    from: usize,
    state: &mut State,
    context: &Context<'_>,
    sums: &mut Sums,
) -> (usize, Stop) {
    isa.dispatch(
        #[inline(always)]
        || steps(code, from, state, context, sums),
    )
}

#[inline(always)]
fn steps(code: &Code, from: usize, state: &mut State, context: &Context<'_>, sums: &mut Sums) -> (usize, Stop) {
    let mut at = from;
    while let Some((op, to)) = code.ops.get(at) {
        at += 1;
        match op {
            Op::Body { body, .. } => return (at, Stop::Body(*body)),
            Op::Emit { emit, reads } => {
                if let Some(spec) = context.emits.get(*emit as usize) {
                    *sums = sums_of(spec, reads, state, &context.window);
                }
                return (at, Stop::Emit(*emit));
            }
            op => step(op, *to, state, context),
        }
    }
    (at, Stop::End)
}

#[inline(always)]
fn sums_of(spec: &Emit, reads: &[u32], state: &State, window: &Window<'_>) -> Sums {
    let rows = window.rows();
    match spec.amount {
        Place::Read { at, unit, wide: false } => {
            let Some(id) = reads.get(at) else { return Sums::default() };
            let (lo, _) = kernel::sum(Bank::<i64>::lo(state, *id, window), &rows);
            let points = Bank::<i64>::get(state, *id).points;
            let (hi, endless) = if points { (lo, 0) } else { kernel::sum(Bank::<i64>::hi(state, *id, window), &rows) };
            Sums { lo: lo * unit, hi: hi * unit, endless }
        }
        Place::Read { at, .. } => {
            let Some(id) = reads.get(at) else { return Sums::default() };
            let (lo, hi) = (Bank::<i128>::lo(state, *id, window), Bank::<i128>::hi(state, *id, window));
            let mut sums = Sums::default();
            for row in 0..window.len {
                sums.lo += lo[row];
                if hi[row] >= i128::END { sums.endless += 1 } else { sums.hi += hi[row] }
            }
            sums
        }
        Place::Const(range) => {
            let count = i128::try_from(window.len).unwrap_or_default();
            let endless = range.hi >= i128::END;
            let hi = if endless { 0 } else { range.hi * count };
            Sums { lo: range.lo * count, hi, endless: if endless { window.len as u32 } else { 0 } }
        }
    }
}

/// The truth of a row by its bit.
#[inline(always)]
pub(crate) fn bit(words: &Words, row: usize) -> bool {
    words[row / 64] >> (row % 64) & 1 == 1
}

#[inline(always)]
fn step(op: &Op, to: u32, state: &mut State, context: &Context<'_>) {
    let window = &context.window;
    macro_rules! truth {
        ($id:expr) => {
            state.truths[*$id as usize]
        };
    }
    macro_rules! mask {
        ($id:expr) => {
            state.masks[*$id as usize]
        };
    }
    match op {
        Op::Truth(truth) => {
            state.truths[to as usize] = match truth {
                Truth::True => Truths { yes: ALL, no: NONE },
                Truth::False => Truths { yes: NONE, no: ALL },
                Truth::Unknown => Truths::UNKNOWN,
            };
        }
        Op::LoadTruth(column) => state.truths[to as usize] = load_truth(*column, window),
        Op::GatherTruth(id) => {
            if let Some((party, _, of)) = context.party {
                let truths = &party.truths[*id as usize];
                let yes = bits(move |row| bit(&truths.yes, of[row] as usize));
                let no = bits(move |row| bit(&truths.no, of[row] as usize));
                state.truths[to as usize] = Truths { yes, no };
            }
        }
        Op::And(items) => {
            let mut all = Truths { yes: ALL, no: NONE };
            for item in items {
                let truths = &truth!(item);
                all.yes = zip(&all.yes, &truths.yes, move |a, b| a & b);
                all.no = zip(&all.no, &truths.no, move |a, b| a | b);
            }
            state.truths[to as usize] = all;
        }
        Op::Or(items) => {
            let mut any = Truths { yes: NONE, no: ALL };
            for item in items {
                let truths = &truth!(item);
                any.yes = zip(&any.yes, &truths.yes, move |a, b| a | b);
                any.no = zip(&any.no, &truths.no, move |a, b| a & b);
            }
            state.truths[to as usize] = any;
        }
        Op::Not(a) => {
            let Truths { yes, no } = truth!(a);
            state.truths[to as usize] = Truths { yes: no, no: yes };
        }
        Op::OfMasks(yes, no) => state.truths[to as usize] = Truths { yes: mask!(yes), no: mask!(no) },
        Op::Compare { order, a, b, wide } => {
            state.truths[to as usize] = if *wide {
                compare::<i128>(*order, *a, *b, state, window)
            } else {
                compare::<i64>(*order, *a, *b, state, window)
            };
        }
        Op::CompareConst { order, flipped, a, lo, hi, wide } => {
            state.truths[to as usize] = if *wide {
                compare_const::<i128>(*order, *flipped, *a, (*lo, *hi), state, window)
            } else {
                compare_const::<i64>(*order, *flipped, *a, (*lo, *hi), state, window)
            };
        }
        Op::Quotient { strict, a, b, ka, kb } => {
            let points = Bank::<i64>::get(state, *a).points && Bank::<i64>::get(state, *b).points;
            let (alo, ahi) = ends::<i64>(state, *a, window);
            let (blo, bhi) = ends::<i64>(state, *b, window);
            state.truths[to as usize] = kernel::quotient(*strict, points, (alo, ahi, *ka), (blo, bhi, *kb));
        }
        Op::Same(a, b) => {
            let (a, b) = (source::<i64>(*a, state, window), source::<i64>(*b, state, window));
            let known = zip(&known_of(a), &known_of(b), move |a, b| a & b);
            let same = match (a, b) {
                (Source::Rows(a, ..), Source::Rows(b, ..)) => bits(move |row| a[row] == b[row]),
                (Source::Rows(a, ..), Source::Const(k)) | (Source::Const(k), Source::Rows(a, ..)) => {
                    bits(move |row| a[row] == k)
                }
                (Source::Const(a), Source::Const(b)) => bits(move |_| a == b),
            };
            state.truths[to as usize] = of_known(&known, &same);
        }
        Op::OneOfBits(a, set) => {
            let (lo, _) = ends::<i64>(state, *a, window);
            let known = known_of(source::<i64>(Arg::Reg(*a), state, window));
            let set = *set;
            let is = bits(move |row| (lo[row] < 64) & ((set >> (lo[row] & 63)) & 1 == 1));
            state.truths[to as usize] = of_known(&known, &is);
        }
        Op::OneOf(a, set) => {
            let (lo, _) = ends::<i64>(state, *a, window);
            let known = known_of(source::<i64>(Arg::Reg(*a), state, window));
            let is = bits(move |row| u32::try_from(lo[row]).is_ok_and(|symbol| set.binary_search(&symbol).is_ok()));
            state.truths[to as usize] = of_known(&known, &is);
        }
        Op::Lookup(a, table) => {
            let (lo, _) = ends::<i64>(state, *a, window);
            let known = known_of(source::<i64>(Arg::Reg(*a), state, window));
            let table: &[u8] = context.tables.get(*table as usize).map_or(&[], |table| table);
            let mut codes = [0_u8; CHUNK];
            for (code, symbol) in codes.iter_mut().zip(lo) {
                *code = usize::try_from(*symbol).ok().and_then(|at| table.get(at)).copied().unwrap_or(0);
            }
            let codes = &codes;
            let yes = zip(&known, &bits(move |row| codes[row] == 1), move |a, b| a & b);
            let no = zip(&known, &bits(move |row| codes[row] == 2), move |a, b| a & b);
            state.truths[to as usize] = Truths { yes, no };
        }
        Op::HasAny(a, set) => {
            let (lo, hi) = ends::<i64>(state, *a, window);
            let set = set.cast_signed();
            let yes = bits(move |row| lo[row] & set != 0);
            let no = bits(move |row| hi[row] & set == 0);
            state.truths[to as usize] = Truths { yes, no };
        }
        Op::Listed(list, args) => state.truths[to as usize] = listed(*list, args, state, context),
        Op::BodyTruth { body, out, .. } => {
            if let Some(Made::Truth(truths)) = made(context, *body, *out) {
                state.truths[to as usize] = *truths;
            }
        }
        Op::Mask(every) => state.masks[to as usize] = if *every { ALL } else { NONE },
        Op::GatherMask(id) => {
            if let Some((party, _, of)) = context.party {
                let mask = &party.masks[*id as usize];
                state.masks[to as usize] = bits(move |row| bit(mask, of[row] as usize));
            }
        }
        Op::IfTrue(a) => state.masks[to as usize] = truth!(a).yes,
        Op::IfFalse(a) => state.masks[to as usize] = truth!(a).no,
        Op::AllOf(items) => {
            let mut all = ALL;
            for item in items {
                all = zip(&all, &mask!(item), move |a, b| a & b);
            }
            state.masks[to as usize] = all;
        }
        Op::AnyOf(items) => {
            let mut any = NONE;
            for item in items {
                any = zip(&any, &mask!(item), move |a, b| a | b);
            }
            state.masks[to as usize] = any;
        }
        Op::Unless(a) => state.masks[to as usize] = not(&mask!(a)),
        Op::Known(a, wide) => {
            state.masks[to as usize] = if *wide {
                known_of(source::<i128>(Arg::Reg(*a), state, window))
            } else {
                known_of(source::<i64>(Arg::Reg(*a), state, window))
            };
        }
        Op::Idle { least, item, result } => {
            let (item, result) = (*item, *result);
            let state_ref = &*state;
            let mask = bits(move |row| {
                let (item, result) = (range(item, row, state_ref, window), range(result, row, state_ref, window));
                if *least { item.lo >= result.hi } else { item.hi <= result.lo }
            });
            state.masks[to as usize] = mask;
        }
        Op::KnownRecords(table) => {
            state.masks[to as usize] = context.known_records.get(*table as usize).copied().unwrap_or(ALL);
        }
        Op::BodyMask { body, out, .. } => {
            if let Some(Made::Mask(mask)) = made(context, *body, *out) {
                state.masks[to as usize] = *mask;
            }
        }
        op if op.bank() == crate::plan::op::Bank::Wide => wide_step(op, to, state, context),
        op => narrow_step(op, to, state, context),
    }
}

#[inline(always)]
fn narrow_step(op: &Op, to: u32, state: &mut State, context: &Context<'_>) {
    let window = &context.window;
    let mut d = Bank::<i64>::take(state, to);
    match op {
        Op::Load(column, unknown) => load(&mut d, *column, unknown.lo, unknown.hi, window),
        Op::Scale { a, k, ends: endless } => {
            let k = *k;
            let points = Bank::<i64>::get(state, *a).points;
            kernel::monotone(&mut d, *endless, points, ends::<i64>(state, *a, window), move |x| x.wrapping_mul(k));
        }
        Op::Mul { a, b, ends: endless } => {
            let points = Bank::<i64>::get(state, *a).points && Bank::<i64>::get(state, *b).points;
            let ((alo, ahi), (blo, bhi)) = (ends::<i64>(state, *a, window), ends::<i64>(state, *b, window));
            d.points = points;
            if *endless && !points {
                let times = |a: i64, b: i64| {
                    if (a == 0) | (b == 0) {
                        0
                    } else if (a >= i64::END) | (b >= i64::END) {
                        i64::END
                    } else {
                        a.wrapping_mul(b)
                    }
                };
                kernel::fill(&mut d.lo, move |row| times(alo[row], blo[row]));
                kernel::fill(&mut d.hi, move |row| times(ahi[row], bhi[row]));
            } else {
                kernel::fill(&mut d.lo, move |row| alo[row].wrapping_mul(blo[row]));
                if !points {
                    kernel::fill(&mut d.hi, move |row| ahi[row].wrapping_mul(bhi[row]));
                }
            }
        }
        Op::Round { mode, a, k, ends: endless } => {
            let points = Bank::<i64>::get(state, *a).points;
            kernel::round(&mut d, *mode, *k, *endless, points, ends::<i64>(state, *a, window));
        }
        Op::Narrow { a, unit } => {
            let points = Bank::<i128>::get(state, *a).points;
            let (lo, hi) = ends::<i128>(state, *a, window);
            let to = |end: i128| if end.abs() >= i128::END { i64::of(end) } else { (end / unit) as i64 };
            d.points = points;
            kernel::fill(&mut d.lo, move |row| to(lo[row]));
            if !points {
                kernel::fill(&mut d.hi, move |row| to(hi[row]));
            }
        }
        Op::CodeText(a, texts) => {
            let (lo, hi) = ends::<i64>(state, *a, window);
            d.points = false;
            for row in 0..CHUNK {
                let text =
                    usize::try_from(lo[row]).ok().filter(move |_| lo[row] == hi[row]).and_then(|code| texts.get(code));
                (d.lo[row], d.hi[row]) = text.map_or((0, NO_SYMBOL), |text| (i64::from(*text), i64::from(*text)));
            }
        }
        op => number_step::<i64>(op, &mut d, state, context),
    }
    Bank::<i64>::put(state, to, d);
}

#[inline(always)]
fn wide_step(op: &Op, to: u32, state: &mut State, context: &Context<'_>) {
    let window = &context.window;
    let mut d = Bank::<i128>::take(state, to);
    match op {
        Op::Widen { a, unit } => {
            let points = Bank::<i64>::get(state, *a).points;
            let (lo, hi) = ends::<i64>(state, *a, window);
            d.points = points;
            kernel::fill(&mut d.lo, move |row| lo[row].scaled(*unit));
            if !points {
                kernel::fill(&mut d.hi, move |row| hi[row].scaled(*unit));
            }
        }
        Op::RoundWide { mode, a, k } => {
            let points = Bank::<i128>::get(state, *a).points;
            let (lo, hi) = ends::<i128>(state, *a, window);
            let round = |x: i128| {
                if x.abs() >= i128::END {
                    return x;
                }
                let (quotient, rest) = (x.div_euclid(*k), x.rem_euclid(*k));
                let up = match mode {
                    crate::plan::op::Rounded::Down => false,
                    crate::plan::op::Rounded::Up => rest != 0,
                    crate::plan::op::Rounded::Nearest => rest * 2 >= *k,
                };
                (quotient + i128::from(up)) * k
            };
            d.points = points;
            for row in 0..CHUNK {
                d.lo[row] = round(lo[row]);
                d.hi[row] = if points { d.lo[row] } else { round(hi[row]) };
            }
        }
        op => number_step::<i128>(op, &mut d, state, context),
    }
    Bank::<i128>::put(state, to, d);
}

/// What narrow and wide registers have in common.
#[inline(always)]
fn number_step<T: Lane + kernel::BitsOf>(op: &Op, d: &mut Numbers<T>, state: &State, context: &Context<'_>)
where
    State: Bank<T>,
{
    let window = &context.window;
    match op {
        Op::Const { lo, hi, .. } => {
            d.points = lo == hi;
            d.lo.fill(T::of(*lo));
            d.hi.fill(T::of(*hi));
        }
        Op::GatherNumber { id, .. } => {
            if let Some((party, party_window, of)) = context.party {
                let (lo, hi) = ends::<T>(party, *id, party_window);
                d.points = Bank::<T>::get(party, *id).points;
                kernel::fill(&mut d.lo, move |row| lo[of[row] as usize]);
                kernel::fill(&mut d.hi, move |row| hi[of[row] as usize]);
            }
        }
        Op::Pair { pair, a, b, ends: endless, .. } => {
            let points = Bank::<T>::get(state, *a).points && Bank::<T>::get(state, *b).points;
            let (blo, bhi) = ends::<T>(state, *b, window);
            kernel::pair(
                d,
                *pair,
                *endless,
                points,
                ends::<T>(state, *a, window),
                (move |row| blo[row], move |row| bhi[row]),
            );
        }
        Op::PairConst { pair, a, k, ends: endless, .. } => {
            let points = Bank::<T>::get(state, *a).points;
            let k = T::of(*k);
            let endless = *endless && !(*pair != Pair::Add);
            kernel::pair(d, *pair, endless, points, ends::<T>(state, *a, window), (move |_| k, move |_| k));
        }
        Op::Sub { a, b, ends: endless, .. } => {
            let points = Bank::<T>::get(state, *a).points && Bank::<T>::get(state, *b).points;
            let (alo, ahi) = ends::<T>(state, *a, window);
            kernel::sub(d, *endless, points, (move |row| alo[row], move |row| ahi[row]), ends::<T>(state, *b, window));
        }
        Op::SubFrom { k, a, ends: endless, .. } => {
            let points = Bank::<T>::get(state, *a).points;
            let k = T::of(*k);
            kernel::sub(d, *endless, points, (move |_| k, move |_| k), ends::<T>(state, *a, window));
        }
        Op::If { c, a, b, hull, .. } => {
            let c = &state.truths[*c as usize];
            let (a, b) = (source::<T>(*a, state, window), source::<T>(*b, state, window));
            let points = a.points() && b.points();
            match (a, b) {
                (Source::Rows(al, ah, _), Source::Rows(bl, bh, _)) => {
                    kernel::choose(
                        d,
                        c,
                        *hull,
                        points,
                        (move |r| al[r], move |r| ah[r]),
                        (move |r| bl[r], move |r| bh[r]),
                    );
                }
                (Source::Rows(al, ah, _), Source::Const(k)) => {
                    kernel::choose(d, c, *hull, points, (move |r| al[r], move |r| ah[r]), (move |_| k, move |_| k));
                }
                (Source::Const(k), Source::Rows(bl, bh, _)) => {
                    kernel::choose(d, c, *hull, points, (move |_| k, move |_| k), (move |r| bl[r], move |r| bh[r]));
                }
                (Source::Const(k), Source::Const(l)) => {
                    kernel::choose(d, c, *hull, points, (move |_| k, move |_| k), (move |_| l, move |_| l));
                }
            }
        }
        Op::First { rows, hull, .. } => first(d, rows, *hull, state, window),
        Op::Highest { rows, .. } => highest(d, rows, state, window),
        Op::Exact { f, args, unit, .. } => exact(d, *f, args, *unit, state, window),
        Op::BodyNumber { body, out, unit, .. } => {
            let to = |end: i128| T::of(if end.abs() >= i128::END { end } else { end / unit });
            if let Some(Made::Number(ranges) | Made::Extreme { made: ranges, .. }) = made(context, *body, *out) {
                d.points = false;
                for row in 0..CHUNK {
                    (d.lo[row], d.hi[row]) = (to(ranges[row].lo), to(ranges[row].hi));
                }
            }
        }
        _ => {}
    }
}

#[inline(always)]
fn ends<'x, T>(state: &'x State, id: u32, window: &Window<'x>) -> (&'x [T; CHUNK], &'x [T; CHUNK])
where
    State: Bank<T>,
{
    (state.lo(id, window), state.hi(id, window))
}

#[inline(always)]
pub(crate) fn source<'x, T: Lane>(arg: Arg, state: &'x State, window: &Window<'x>) -> Source<'x, T>
where
    State: Bank<T>,
{
    match arg {
        Arg::Const(k) => Source::Const(T::of(k)),
        Arg::Reg(id) => {
            let (lo, hi) = ends::<T>(state, id, window);
            Source::Rows(lo, hi, Bank::<T>::get(state, id).points)
        }
    }
}

/// Rows that are one value.
#[inline(always)]
fn known_of<T: Lane>(source: Source<'_, T>) -> Words {
    match source {
        Source::Rows(lo, hi, false) => bits(move |row| lo[row] == hi[row]),
        _ => ALL,
    }
}

#[inline(always)]
pub(crate) fn of_known(known: &Words, is: &Words) -> Truths {
    Truths { yes: zip(known, is, move |known, is| known & is), no: zip(known, is, move |known, is| known & !is) }
}

#[inline(always)]
fn compare<T: Lane>(order: Order, a: u32, b: u32, state: &State, window: &Window<'_>) -> Truths
where
    State: Bank<T>,
{
    let points = Bank::<T>::get(state, a).points && Bank::<T>::get(state, b).points;
    let (blo, bhi) = ends::<T>(state, b, window);
    kernel::compare(order, points, ends::<T>(state, a, window), (move |row| blo[row], move |row| bhi[row]))
}

#[inline(always)]
fn compare_const<T: Lane>(
    order: Order,
    flipped: bool,
    a: u32,
    (lo, hi): (i128, i128),
    state: &State,
    window: &Window<'_>,
) -> Truths
where
    State: Bank<T>,
{
    let points = Bank::<T>::get(state, a).points && lo == hi;
    let (lo, hi) = (T::of(lo), T::of(hi));
    if flipped {
        kernel::compare_flipped(order, points, (lo, hi), ends::<T>(state, a, window))
    } else {
        kernel::compare(order, points, ends::<T>(state, a, window), (move |_| lo, move |_| hi))
    }
}

/// A number of one row in the unit of [`rules::value`].
#[inline(always)]
pub(crate) fn range(operand: Operand, row: usize, state: &State, window: &Window<'_>) -> Range {
    match operand {
        Operand::Const(lo, hi) => Range { lo, hi },
        Operand::Reg { id, wide: true, .. } => {
            let (lo, hi) = ends::<i128>(state, id, window);
            Range { lo: lo[row], hi: hi[row] }
        }
        Operand::Reg { id, unit, .. } => {
            let (lo, hi) = ends::<i64>(state, id, window);
            Range { lo: lo[row].scaled(unit), hi: hi[row].scaled(unit) }
        }
    }
}

#[inline(always)]
fn exact<T: Lane>(d: &mut Numbers<T>, f: Exact, args: &[Operand], unit: i128, state: &State, window: &Window<'_>) {
    let arg = |at: usize, row: usize| args.get(at).map_or(Range::ANY, |operand| range(*operand, row, state, window));
    d.points = false;
    for row in 0..window.len {
        let value = match f {
            Exact::Mul(divisor) => number::mul(arg(0, row), arg(1, row), divisor),
            Exact::MulRate => number::mul_rate(arg(0, row), arg(1, row)),
            Exact::Ratio => number::ratio(arg(0, row), arg(1, row)),
            Exact::MulDiv => number::mul_div(arg(0, row), arg(1, row), arg(2, row)),
            Exact::FloorDiv => number::floor_div(arg(0, row), arg(1, row)),
            Exact::AddMonths => number::add_months(arg(0, row), arg(1, row)),
            Exact::MonthsBetween => number::months_between(arg(0, row), arg(1, row)),
            Exact::YearOf => number::year_of(arg(0, row)),
            Exact::Discretion => number::discretion(arg(0, row), arg(1, row)),
            Exact::AnyNumberOf => number::any_number_of(arg(0, row)),
        };
        let end = |end: i128| T::of(if unit == 1 || end.abs() >= i128::END { end } else { end / unit });
        (d.lo[row], d.hi[row]) = (end(value.lo), end(value.hi));
    }
    for row in window.len..CHUNK {
        (d.lo[row], d.hi[row]) = (T::default(), T::default());
    }
    let (lo, hi) = (&d.lo, &d.hi);
    d.points = bits(move |row| lo[row] == hi[row]).iter().all(|word| *word == u64::MAX);
}

fn made<'x>(context: &Context<'x>, body: u32, out: u32) -> Option<&'x Made> {
    context.results.get(body as usize)?.get(out as usize)
}

/// Fills the registers that are the same for every chunk.
pub(crate) fn constants(code: &Code, state: &mut State, context: &Context<'_>) {
    for (op, to) in &code.constants {
        step(op, *to, state, context);
    }
}
