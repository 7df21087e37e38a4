//! Numbers as reports write them: decimals, amounts with their unit and words.

use std::fmt::Write as _;

use domain::Date;

use super::Amount;
use crate::assess::Assessed;
use crate::ast::{AwardKind, Outcome, Version};
use crate::diag::Text;
use crate::value::{FEN, Range, UNBOUNDED};
use crate::vocabulary::Type;

/// An amount of a type, in numbers and words.
#[must_use]
pub fn amount(range: Range, ty: Type) -> Amount {
    let unit = match ty {
        Type::Money | Type::MoneyPer(_) => "CNY",
        Type::Months => "months",
        Type::Days => "days",
        Type::Quantity(unit) => unit.code(),
        Type::Rate => "share",
        _ => "count",
    };
    let text = crate::words::range(range, ty);
    Amount {
        unit: unit.to_owned(),
        low: decimal(range.lo, ty).unwrap_or_else(|| "0".to_owned()),
        high: decimal(range.hi, ty),
        text,
    }
}

/// A scaled number as a decimal; `None` when it has no end.
#[must_use]
pub fn decimal(value: i128, ty: Type) -> Option<String> {
    if value.abs() >= UNBOUNDED / 1000 {
        return None;
    }
    let (digits, value) = match ty {
        Type::Money | Type::MoneyPer(_) => (2, value.div_euclid(FEN)),
        Type::Rate => (6, value.div_euclid(2)),
        Type::Quantity(_) => (3, value),
        _ => (0, value),
    };
    let mut out = String::with_capacity(24);
    if value < 0 {
        out.push('-');
    }
    let (magnitude, mut place) = (value.unsigned_abs(), 10_u64.pow(digits));
    // nearly every number fits into 64 bits, where dividing and writing are cheap; writing to a String cannot fail
    let mut rest = if let Ok(magnitude) = u64::try_from(magnitude) {
        let _ = write!(out, "{}", magnitude / place);
        magnitude % place
    } else {
        let _ = write!(out, "{}", magnitude / u128::from(place));
        u64::try_from(magnitude % u128::from(place)).unwrap_or(0)
    };
    if rest > 0 {
        out.push('.');
    }
    while rest > 0 && place > 1 {
        place /= 10;
        out.extend(u32::try_from(rest / place).ok().and_then(|digit| char::from_digit(digit, 10)));
        rest %= place;
    }
    Some(out)
}

/// The amount; for a status the words say what is given.
pub(super) fn shown(assessed: &Assessed, range: Range, ty: Type, written: Option<&Version>) -> Amount {
    let mut shown = amount(range, ty);
    let Some(written) = written else { return shown };
    if written.award.kind == AwardKind::Status {
        let given = if assessed.would_be == Outcome::NotEligible { ("—", "—") } else { ("资质", "status") };
        shown.text = Text::new(given.0, given.1);
    }
    if written.award.kind == AwardKind::TaxBase && range.hi > 0 {
        shown.text = Text::new(format!("税前扣除{}", shown.text.zh), format!("{} off the tax base", shown.text.en));
    }
    shown
}

/// Whether a range has an upper end.
pub(super) const fn bounded(value: i128) -> bool {
    value < UNBOUNDED / 1000
}

pub(crate) fn iso(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_no_more_digits_than_they_need() {
        let cases = [
            (0, Type::Money, Some("0")),
            (720_000_000 * FEN, Type::Money, Some("7200000")),
            (123_450 * FEN, Type::Money, Some("1234.5")),
            (5 * FEN, Type::Money, Some("0.05")),
            (-5 * FEN, Type::Money, Some("-0.05")),
            (-1, Type::Money, Some("-0.01")),
            (10_i128.pow(26), Type::Money, Some("1000000000000000000")),
            (10_i128.pow(20) * FEN + 7 * FEN, Type::Money, Some("1000000000000000000.07")),
            (1_200_000, Type::Rate, Some("0.6")),
            (1_500, Type::Count, Some("1500")),
            (1_500, Type::Quantity(domain::Unit::SquareMetre), Some("1.5")),
            (UNBOUNDED, Type::Money, None),
        ];
        for (value, ty, expected) in cases {
            assert_eq!(decimal(value, ty).as_deref(), expected, "{value} {ty:?}");
        }
    }
}
