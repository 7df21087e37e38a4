//! Exact decimal numbers as they stand in front of a unit: `-1,000.50 …`. Shared by money, rates and quantities.

use std::fmt::Write as _;

/// A decimal number: `digits` × 10^-`scale`. Trailing zeros of the fraction are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    scale: u32,
}

/// Why the start of a text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecimalError {
    /// There is no number, or it is malformed, such as `1,00` or `1.`.
    Malformed,
    /// More digits than any amount needs (more than 30).
    TooLong,
}

/// How a decimal number fails to be a whole number of the smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScaleError {
    /// Digits remain below the smallest unit.
    TooPrecise,
    /// Does not fit into 64 bits.
    TooLarge,
}

impl Decimal {
    /// Reads an optional sign, digits with optional thousands commas and an optional fraction from the start of
    /// half-width text; returns the number and the text after it.
    pub(crate) fn take(text: &str) -> Result<(Self, &str), DecimalError> {
        let (negative, unsigned) = take_sign(text);
        let is_number = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
        let end = unsigned.find(|c| !is_number(c)).unwrap_or(unsigned.len());
        let (number, rest) = unsigned.split_at_checked(end).ok_or(DecimalError::Malformed)?;
        let (whole, fraction) = match number.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Malformed),
            Some((whole, fraction)) => (whole, fraction),
            None => (number, ""),
        };
        if !well_grouped(whole) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(DecimalError::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
        if digits.len() > 30 {
            return Err(DecimalError::TooLong);
        }
        let digits: i128 = digits.parse().map_err(|_| DecimalError::Malformed)?;
        let scale = u32::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?;
        let digits = if negative { -digits } else { digits };
        Ok((Self { digits, scale }, rest))
    }

    /// The number times `factor`, which must come out whole.
    pub(crate) fn times(self, factor: i64) -> Result<i64, ScaleError> {
        // At most 30 digits each way and 19 in the factor: may exceed i128, hence checked.
        let product = self.digits.checked_mul(i128::from(factor)).ok_or(ScaleError::TooLarge)?;
        let divisor = 10_i128.checked_pow(self.scale).ok_or(ScaleError::TooPrecise)?;
        if product % divisor != 0 {
            return Err(ScaleError::TooPrecise);
        }
        i64::try_from(product / divisor).map_err(|_| ScaleError::TooLarge)
    }
}

/// Splits a leading `-` or `+` off; returns whether the number is negative.
pub(crate) fn take_sign(text: &str) -> (bool, &str) {
    if let Some(rest) = text.strip_prefix('-') {
        (true, rest.trim_start())
    } else {
        (false, text.strip_prefix('+').unwrap_or(text).trim_start())
    }
}

/// Digits without commas, or in groups of three: `1,00` may be a decimal comma and is therefore refused.
fn well_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let grouped = whole.len() > first.len();
    is_digits(first) && (!grouped || first.len() <= 3) && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// `value` × 10^-`places` as a plain decimal, with thousands commas if `commas` and at least `least` decimals.
pub(crate) fn print(value: i64, places: u32, least: usize, commas: bool) -> String {
    let mut out = String::with_capacity(32);
    write(&mut out, value, places, least, commas);
    out
}

/// Appends what [`print`] gives.
pub(crate) fn write(out: &mut String, value: i64, places: u32, least: usize, commas: bool) {
    let unit = 10_u64.checked_pow(places).unwrap_or(u64::MAX);
    let magnitude = value.unsigned_abs();
    if value < 0 {
        out.push('-');
    }
    if commas {
        grouped(out, magnitude / unit);
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", magnitude / unit);
    }
    let mut rest = magnitude % unit;
    if rest == 0 {
        return;
    }
    out.push('.');
    let (mut place, mut written) = (unit / 10, 0);
    while rest > 0 && place > 0 {
        out.push(digit(rest / place));
        (rest, place, written) = (rest % place, place / 10, written + 1);
    }
    out.extend(std::iter::repeat_n('0', least.saturating_sub(written)));
}

/// Appends a whole number with a comma before every third digit from the right.
fn grouped(out: &mut String, number: u64) {
    if number < 1_000 {
        let _ = write!(out, "{number}");
        return;
    }
    grouped(out, number / 1_000);
    let group = number % 1_000;
    out.extend([',', digit(group / 100), digit(group / 10 % 10), digit(group % 10)]);
}

/// The character of a number below ten.
fn digit(number: u64) -> char {
    u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_number_and_leaves_the_rest() {
        let (number, rest) = Decimal::take("-1,234.50 CNY").unwrap();
        assert_eq!((number.times(100), rest), (Ok(-123_450), " CNY"));
    }

    #[test]
    fn refuses_malformed_numbers() {
        for text in ["", "-", "x", ".5", "1.", "1,00", "1000,000", ",100", "1,,000", "1.5.2", "1.000,5"] {
            assert_eq!(Decimal::take(text), Err(DecimalError::Malformed), "{text}");
        }
        assert_eq!(Decimal::take(&"9".repeat(40)), Err(DecimalError::TooLong));
    }

    #[test]
    fn scaling_is_exact_or_refused() {
        let (number, _) = Decimal::take("0.001").unwrap();
        assert_eq!(number.times(1_000), Ok(1));
        assert_eq!(number.times(100), Err(ScaleError::TooPrecise));
        let (number, _) = Decimal::take(&"9".repeat(25)).unwrap();
        assert_eq!(number.times(100), Err(ScaleError::TooLarge));
    }

    #[test]
    fn prints_only_the_decimals_needed() {
        assert_eq!(print(1_234_500, 3, 0, true), "1,234.5");
        assert_eq!(print(1_234_500, 3, 2, false), "1234.50");
        assert_eq!(print(-1_000, 3, 2, false), "-1");
        assert_eq!(print(5, 0, 0, true), "5");
        assert_eq!(print(i64::MIN, 0, 0, true), "-9,223,372,036,854,775,808");
    }

    proptest! {
        #[test]
        fn printing_and_reading_agree(value: i64, places in 0_u32..6, least in 0_usize..3, commas: bool) {
            let text = print(value, places, least, commas);
            let (number, rest) = Decimal::take(&text).unwrap();
            prop_assert_eq!(rest, "");
            prop_assert_eq!(number.times(10_i64.pow(places)), Ok(value));
        }
    }
}
