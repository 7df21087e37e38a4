//! Arithmetic with ranges: what every evaluator of the graph makes of a node, given its operands. Scaled as
//! [`crate::value`] says; what has no result is [`Range::ANY`].

use domain::{Date, PlaceTree};

use crate::ir::Order;
use crate::value::{self, Range, Truth, UNBOUNDED, WHOLE};

/// `a × b / divisor`, rounded half away from zero. `divisor` must be positive.
#[must_use]
pub fn mul(a: Range, b: Range, divisor: i128) -> Range {
    a.corners(b, |a, b| value::mul_div(a, b, divisor))
}

/// `a × b` of two rates as a rate.
#[must_use]
pub fn mul_rate(a: Range, b: Range) -> Range {
    a.corners(b, |a, b| value::rate_div(a, b, WHOLE))
}

/// `a / b` as a rate; none where `b` may not be positive.
#[must_use]
pub fn ratio(a: Range, b: Range) -> Range {
    if b.lo <= 0 { Range::ANY } else { a.corners(b, |a, b| value::rate_div(a, WHOLE, b)) }
}

/// `a × b / c`, rounded once; none where `c` may not be positive.
#[must_use]
pub fn mul_div(a: Range, b: Range, c: Range) -> Range {
    if c.lo <= 0 {
        return Range::ANY;
    }
    let low = mul(a, b, c.lo);
    if c.is_point() { low } else { low.join(mul(a, b, c.hi)) }
}

/// `a / b` rounded down; none where `b` may not be positive.
#[must_use]
pub fn floor_div(a: Range, b: Range) -> Range {
    if b.lo <= 0 { Range::ANY } else { a.corners(b, value::floor_div) }
}

/// A date and calendar months.
#[must_use]
pub fn add_months(date: Range, months: Range) -> Range {
    date.corners(months, months_after)
}

/// Full calendar months between two dates.
#[must_use]
pub fn months_between(from: Range, to: Range) -> Range {
    Range::new(months_until(from.hi, to.lo), months_until(from.lo, to.hi))
}

/// The calendar year of a date.
#[must_use]
pub fn year_of(date: Range) -> Range {
    Range::new(year(date.lo), year(date.hi))
}

/// What a person sets from one to the other.
#[must_use]
pub fn discretion(low: Range, high: Range) -> Range {
    // where the lower bound exceeds the upper one it is the only value
    Range { lo: low.lo, hi: high.hi.max(low.hi) }
}

/// The sum of any number of values, none included.
#[must_use]
pub fn any_number_of(each: Range) -> Range {
    Range { lo: if each.lo >= 0 { 0 } else { -UNBOUNDED }, hi: if each.hi <= 0 { 0 } else { UNBOUNDED } }
}

/// Kleene comparison of two ranges.
#[must_use]
pub fn compare(order: Order, a: Range, b: Range) -> Truth {
    match order {
        Order::Lt => {
            if a.hi < b.lo {
                Truth::True
            } else if a.lo >= b.hi {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        Order::Le => {
            if a.hi <= b.lo {
                Truth::True
            } else if a.lo > b.hi {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        Order::Eq => {
            if a.is_point() && a == b {
                Truth::True
            } else if a.hi < b.lo || b.hi < a.lo {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
    }
}

/// Whether a place, by its index, lies in another.
#[must_use]
pub fn within(place: u32, outer: u32) -> Truth {
    let tree = PlaceTree::china();
    let get = |index: u32| u16::try_from(index).ok().and_then(|index| tree.at(index));
    match (get(place), get(outer)) {
        // a fact may name a wider place than the rule: a city does not say in which district
        (Some(place), Some(outer)) if tree.within(place, outer) => Truth::True,
        (Some(place), Some(outer)) if tree.within(outer, place) => Truth::Unknown,
        (Some(_), Some(_)) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn date_of(days: i128) -> Option<Date> {
    i32::try_from(days).ok().and_then(Date::from_days)
}

fn months_after(date: i128, months: i128) -> i128 {
    match (date_of(date), i32::try_from(months)) {
        (Some(date), Ok(months)) => match date.checked_add_months(months) {
            Some(date) => i128::from(date.days()),
            None => {
                if months < 0 {
                    -UNBOUNDED
                } else {
                    UNBOUNDED
                }
            }
        },
        _ if date >= UNBOUNDED || (date > 0 && date_of(date).is_none()) => UNBOUNDED,
        (None, _) => -UNBOUNDED,
        (_, Err(_)) => {
            if months < 0 {
                -UNBOUNDED
            } else {
                UNBOUNDED
            }
        }
    }
}

fn months_until(from: i128, to: i128) -> i128 {
    match (date_of(from), date_of(to)) {
        (Some(from), Some(to)) => i128::from(from.months_until(to)),
        _ => {
            if from <= to {
                UNBOUNDED
            } else {
                -UNBOUNDED
            }
        }
    }
}

fn year(date: i128) -> i128 {
    date_of(date).map_or(if date < 0 { -UNBOUNDED } else { UNBOUNDED }, |date| i128::from(date.year()))
}
