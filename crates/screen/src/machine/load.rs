//! From columns to registers.

use super::kernel::{self, not, select};
use super::run::of_known;
use super::state::{Numbers, Truths, Window, Words};
use crate::frame::{CHUNK, Values};

#[inline(always)]
pub(crate) fn load_truth(column: u32, window: &Window<'_>) -> Truths {
    let Some(column) = window.column(column) else { return Truths::UNKNOWN };
    let Values::Bits(values) = &column.values else { return Truths::UNKNOWN };
    let values = window.bits(values.words());
    match window.known(column) {
        None => Truths { yes: values, no: not(&values) },
        Some(known) => of_known(&known, &values),
    }
}

#[inline(always)]
pub(crate) fn load(d: &mut Numbers<i64>, id: u32, lo: i64, hi: i64, window: &Window<'_>) {
    let Some(column) = window.column(id) else { return };
    let known = window.known(column);
    match (&column.values, &known) {
        // in place
        (Values::I64(_), None) if window.whole(id).is_some() => {
            d.points = true;
            d.column = Some(id);
        }
        (Values::I64(values), _) => load_as(d, values, move |value| value, known.as_ref(), lo, hi, window),
        (Values::I32(values), _) => load_as(d, values, i64::from, known.as_ref(), lo, hi, window),
        (Values::U8(values), _) => load_as(d, values, i64::from, known.as_ref(), lo, hi, window),
        (Values::U16(values), _) => load_as(d, values, i64::from, known.as_ref(), lo, hi, window),
        (Values::U32(values), _) => load_as(d, values, i64::from, known.as_ref(), lo, hi, window),
        (Values::U64(values), _) => load_as(d, values, u64::cast_signed, known.as_ref(), lo, hi, window),
        (Values::Bits(_), _) => {}
    }
}

#[inline(always)]
fn load_as<S: Copy>(
    d: &mut Numbers<i64>,
    values: &[S],
    of: impl Fn(S) -> i64,
    known: Option<&Words>,
    lo: i64,
    hi: i64,
    window: &Window<'_>,
) {
    let rows = values.get(window.at..).unwrap_or_default();
    let rows = rows.get(..window.len).unwrap_or(rows);
    if let Ok(rows) = <&[S; CHUNK]>::try_from(rows) {
        kernel::fill(&mut d.lo, move |row| of(rows[row]));
    } else {
        d.lo.fill(0);
        for (value, row) in d.lo.iter_mut().zip(rows) {
            *value = of(*row);
        }
    }
    d.points = known.is_none();
    if let Some(known) = known {
        let values = &d.lo;
        select(&mut d.hi, known, move |row| values[row], move |_| hi);
        kernel::replace(&mut d.lo, &not(known), move |_| lo);
    }
}
