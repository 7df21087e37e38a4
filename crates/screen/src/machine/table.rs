//! Decision tables and dated lists, row by row where they need it.

use rules::ir::Order;
use rules::number;
use rules::value::{Range, Truth};

use super::kernel::{self, Source, zip};
use super::lane::Lane;
use super::run::{Context, bit, range, source};
use super::state::{ALL, Bank, NONE, Numbers, State, Truths, Window, Words};
use crate::frame::{CHUNK, WORDS};
use crate::plan::op::{Arg, Hull, Operand};

/// The first row of a table that holds.
#[inline(always)]
pub(crate) fn first<T: Lane + kernel::BitsOf>(
    d: &mut Numbers<T>,
    rows: &[(u32, Arg)],
    hull: Hull,
    state: &State,
    window: &Window<'_>,
) where
    State: Bank<T>,
{
    let mut reached = ALL;
    let mut found = NONE;
    let mut certain = true;
    for (when, then) in rows {
        let when = &state.truths[*when as usize];
        certain = certain
            && zip(&when.yes, &when.no, move |yes, no| yes | no).iter().all(|word| *word == u64::MAX)
            && source::<T>(*then, state, window).points();
    }
    d.points = certain;
    for (when, then) in rows {
        let when = &state.truths[*when as usize];
        let here = zip(&reached, &when.no, move |reached, no| reached & !no);
        let value = source::<T>(*then, state, window);
        let new = zip(&here, &found, move |here, found| here & !found);
        match value {
            Source::Rows(lo, hi, _) => keep(d, &new, &here, hull, certain, move |row| lo[row], move |row| hi[row]),
            Source::Const(k) => keep(d, &new, &here, hull, certain, move |_| k, move |_| k),
        }
        found = zip(&found, &here, move |found, here| found | here);
        reached = zip(&reached, &when.yes, move |reached, yes| reached & !yes);
    }
    if found.iter().any(|word| *word != u64::MAX) {
        if certain {
            d.points = false;
            d.hi = d.lo;
        }
        for row in 0..CHUNK {
            if !bit(&found, row) {
                (d.lo[row], d.hi[row]) = (T::END.neg(), T::END);
            }
        }
    }
}

/// Adds a value to what rows may be: the only one where nothing was found yet.
#[inline(always)]
fn keep<T: Lane + kernel::BitsOf>(
    d: &mut Numbers<T>,
    new: &Words,
    here: &Words,
    hull: Hull,
    certain: bool,
    lo: impl Fn(usize) -> T,
    hi: impl Fn(usize) -> T,
) {
    if certain {
        kernel::replace(&mut d.lo, here, lo);
        return;
    }
    for word in 0..WORDS {
        let (new, here) = (new[word], here[word]);
        for bit in 0..64 {
            let row = word * 64 + bit;
            let (l, h) = (lo(row), hi(row));
            let joined = match hull {
                Hull::Range => (d.lo[row].min(l), d.hi[row].max(h)),
                Hull::Set => (d.lo[row].both(l), d.hi[row].either(h)),
            };
            if new >> bit & 1 == 1 {
                (d.lo[row], d.hi[row]) = (l, h);
            } else if here >> bit & 1 == 1 {
                (d.lo[row], d.hi[row]) = joined;
            }
        }
    }
}

/// The greatest of the rows of a table that hold, as [`rules::eval`] has it.
#[inline(always)]
pub(crate) fn highest<T: Lane>(d: &mut Numbers<T>, rows: &[(u32, Arg)], state: &State, window: &Window<'_>)
where
    State: Bank<T>,
{
    d.points = false;
    for row in 0..CHUNK {
        let (mut sure, mut maybe, mut least) = (None::<(T, T)>, None::<(T, T)>, None::<T>);
        for (when, then) in rows {
            let when = &state.truths[*when as usize];
            if bit(&when.no, row) {
                continue;
            }
            let (lo, hi) = match source::<T>(*then, state, window) {
                Source::Rows(lo, hi, _) => (lo[row], hi[row]),
                Source::Const(k) => (k, k),
            };
            let place = if bit(&when.yes, row) { &mut sure } else { &mut maybe };
            *place = Some(place.map_or((lo, hi), |(l, h)| (l.max(lo), h.max(hi))));
            least = Some(least.map_or(lo, |least| least.min(lo)));
        }
        (d.lo[row], d.hi[row]) = match (sure, maybe, least) {
            (Some((lo, hi)), Some((_, most)), _) => (lo, hi.max(most)),
            (Some(sure), None, _) => sure,
            (None, Some((_, most)), Some(least)) => (least, most),
            _ => (T::END.neg(), T::END),
        };
    }
}

/// Membership in a dated list, as [`rules::eval`] has it.
pub(crate) fn listed(list: u32, args: &[Operand], state: &State, context: &Context<'_>) -> Truths {
    let window = &context.window;
    let mut truths = Truths::UNKNOWN;
    let Some(definition) = context.program.lists.get(list as usize) else { return truths };
    let arg = |at: usize, row: usize| args.get(at).map(|operand| range(*operand, row, state, window));
    for row in 0..CHUNK {
        let (Some(member), Some(on)) = (arg(0, row), arg(1, row)) else { continue };
        if !member.is_point() {
            continue;
        }
        let scope = arg(2, row);
        let mut found = Truth::False;
        for (name, of, period) in &definition.entries {
            if i128::from(*name) != member.lo {
                continue;
            }
            let end = |date: Option<domain::Date>, open: i128| date.map_or(open, |date| i128::from(date.days()));
            let from = Range::point(end(period.from(), -rules::value::UNBOUNDED));
            let to = Range::point(end(period.to(), rules::value::UNBOUNDED));
            let in_time = number::compare(Order::Le, from, on).and(number::compare(Order::Le, on, to));
            let in_scope = match (scope, of) {
                (None, _) | (_, None) => Truth::True,
                (Some(scope), Some(of)) if scope.is_point() => Truth::from(scope.lo == i128::from(*of)),
                _ => Truth::Unknown,
            };
            found = found.or(in_time.and(in_scope));
        }
        let word = row / 64;
        match found {
            Truth::True => truths.yes[word] |= 1 << (row % 64),
            Truth::False if definition.complete => truths.no[word] |= 1 << (row % 64),
            _ => {}
        }
    }
    truths
}
